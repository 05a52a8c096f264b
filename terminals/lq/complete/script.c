// lq completion: the shell's part, which asks lq itself with every Tab (lq complete), so that it
// never tells of other verbs than the lq that is there.
#include <stdio.h>
#include <string.h>

#include "lq/nouns/nouns.h"

static const char BASH[] =
    "# Completion of lq for bash. To have it in this shell: source <(lq completion bash)\n"
    "_lq() {\n"
    "    local words=() word line candidate before=\n"
    "    local -i i\n"
    "    COMPREPLY=()\n"
    "    # Where bash has taken --name=value apart it is put together again.\n"
    "    for ((i = 1; i <= COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if ((${#words[@]} > 0)) && [[ $word == = || ${words[-1]} == --*= ]]; then\n"
    "            words[-1]+=$word\n"
    "        else\n"
    "            words+=(\"$word\")\n"
    "        fi\n"
    "    done\n"
    "    word=${words[-1]-}\n"
    "    [[ $word != --*=* || $COMP_WORDBREAKS != *=* ]] || before=${word%%=*}=\n"
    "    while IFS= read -r line; do\n"
    "        case $line in\n"
    "        :files | :folders)\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            word=${word#\"$before\"}\n"
    "            [[ $line == :files ]] && line=-f || line=-d\n"
    "            while IFS= read -r candidate; do\n"
    "                COMPREPLY+=(\"$candidate\")\n"
    "            done < <(compgen \"$line\" -- \"$word\")\n"
    "            ;;\n"
    "        *)\n"
    "            candidate=${line%%$'\\t'*}\n"
    "            COMPREPLY+=(\"${candidate#\"$before\"}\")\n"
    "            ;;\n"
    "        esac\n"
    "    done < <(\"${COMP_WORDS[0]}\" complete \"${words[@]}\" 2>/dev/null)\n"
    "}\n"
    "complete -F _lq lq\n";

static const char ZSH[] =
    "#compdef lq\n"
    "# Completion of lq for zsh. To have it in this shell: source <(lq completion zsh)\n"
    "_lq() {\n"
    "    local line word\n"
    "    local -a lines candidates\n"
    "    lines=(\"${(@f)$(\"${words[1]}\" complete \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\")\n"
    "    for line in \"${lines[@]}\"; do\n"
    "        case $line in\n"
    "        :files) _files ;;\n"
    "        :folders) _files -/ ;;\n"
    "        ?*)\n"
    "            word=${line%%$'\\t'*}\n"
    "            candidates+=(\"${word//:/\\\\:}:${line#*$'\\t'}\")\n"
    "            ;;\n"
    "        esac\n"
    "    done\n"
    "    ((${#candidates} == 0)) || _describe -V lq candidates\n"
    "}\n"
    "if [[ ${funcstack[1]} == _lq ]]; then\n"
    "    _lq \"$@\"\n"
    "else\n"
    "    compdef _lq lq\n"
    "fi\n";

static int print_script(struct lq_cli *cli)
{
    const char *shell = lq_given_text(cli, "SHELL");
    const bool is_bash = strcmp(shell, "bash") == 0;
    if (!is_bash && strcmp(shell, "zsh") != 0)
        return lq_cli_usage(cli, "SHELL is bash or zsh, not \"%s\"", shell);
    fputs(is_bash ? BASH : ZSH, stdout);
    return LQ_EXIT_DONE;
}

static const struct lq_arg SHELL[] = {LQ_POSITION("SHELL", NULL, LQ_MUST), {0}};

const struct lq_verb lq_completion_verbs[] = {
    LQ_VERB(
        "completion", "", "for the shell: what Tab completes, in bash or zsh",
        "按 Tab 键补全命令（bash 或 zsh）", SHELL,
        .notes = {"  SHELL: bash, zsh. In the shell that is open: source <(lq completion bash)\n"
                  "  An installation by cmake has put it where both find it.\n",
                  "  SHELL：bash、zsh。在已打开的终端中：source <(lq completion bash)\n"
                  "  安装到系统后，两者会自动读取。\n"},
        .run = print_script),
    {0},
};
