// lq paper: papers (文书) of whatever has them: issued, shown, printed, served, listed. A paper is
// kept with what it is about, so that more than one service may have it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/time.h"
#include "lq/cli/things.h"
#include "lq/nouns/nouns.h"
#include "lq/nouns/paper.h"
#include "lq/show/entered.h"
#include "lq/show/list.h"
#include "lq/show/page.h"
#include "lq/show/paragraph.h"
#include "lq/show/show.h"
#include "lq/show/text.h"
#include "lq/show/words.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "rules/papers.h"

enum { FIELDS_MOST = 64, DRAFT_BYTES = 4000 };

// ---------------------------------------------------------------- asking

static int ask(struct lq_cli *cli, const struct lq_service *service, const char *what,
               ProtobufCMessage *query, const void **told)
{
    ProtobufCMessage *answer;
    const int code =
        lq_cli_query(cli, service->name, lq_pb_wrap(&cli->arena, service->query_type, what, query),
                     service->answer_type, &answer);
    *told = code == LQ_EXIT_DONE ? lq_pb_variant_message(answer) : NULL;
    return code;
}

// The paper of that number with its page; what is not there or void is told.
static int ask_paper(struct lq_cli *cli, struct lq_named_thing *of, const Rules__PaperFile **file)
{
    char at[LQ_TIME_TEXT];
    const void *told;
    if (!lq_thing_typed(cli, LQ_PAPER_KIND, lq_given_text(cli, "NUMBER"), of))
        return LQ_EXIT_USAGE;
    Rules__ShowPaper asked = RULES__SHOW_PAPER__INIT;
    asked.number = lq_unconst(of->number);
    const int code = ask(cli, of->service, "paper", &asked.base, &told);
    if (code != LQ_EXIT_DONE)
        return code;
    *file = told;
    if ((*file)->paper != NULL)
        return LQ_EXIT_DONE;
    if ((*file)->voided != NULL)
        lq_cli_say("paper %s was voided by %s at %s: %s", of->number, (*file)->voided->by,
                   lq_format_local((*file)->voided->at_ms, at), (*file)->voided->reason);
    else
        lq_cli_say("there is no paper %s (lq paper list lists them)", of->number);
    return LQ_EXIT_REFUSED;
}

// ---------------------------------------------------------------- issue

static int read_fields(struct lq_cli *cli, Rules__IssuePaper *issue)
{
    size_t count;
    const char *const *typed = lq_given_all(cli, "FIELD=VALUE", &count);
    if (count > FIELDS_MOST)
        return lq_cli_usage(cli, "a paper has at most %d fields", FIELDS_MOST);
    issue->fields = LQ_NEW_ARRAY(&cli->arena, Rules__PaperField *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(typed[i], '=');
        if (equals == NULL)
            return lq_cli_usage(cli, "\"%s\" is not FIELD=VALUE", typed[i]);
        Rules__PaperField *field = LQ_NEW(&cli->arena, Rules__PaperField);
        rules__paper_field__init(field);
        field->id = lq_arena_format(&cli->arena, "%.*s", (int)(equals - typed[i]), typed[i]);
        field->value = lq_unconst(equals + 1);
        issue->fields[issue->n_fields++] = field;
    }
    return LQ_EXIT_DONE;
}

// Somebody at a terminal reads it; a file or a program gets the page itself.
static int write_page(struct lq_cli *cli, const ProtobufCBinaryData *html)
{
    const char *path = lq_given_text(cli, "--to");
    const struct lq_output_style style = lq_output_style(LQ_FORMAT_TABLE, false, stdout);
    if (path == NULL && style.terminal) {
        lq_page_text(lq_span(html->data, html->len), style.width, stdout);
        return LQ_EXIT_DONE;
    }
    if (path == NULL) {
        fwrite(html->data, 1, html->len, stdout);
        return LQ_EXIT_DONE;
    }
    const enum lq_status status = lq_file_replace(path, lq_span(html->data, html->len), 0644);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (!cli->quiet)
        lq_cli_say("written to %s: print it from a browser, on A4, without headers and margins of "
                   "its own",
                   path);
    return LQ_EXIT_DONE;
}

static int draft(struct lq_cli *cli, const struct lq_named_thing *of, Rules__IssuePaper *issue)
{
    const void *answer;
    const struct lq_span bytes = lq_pb_encode(&cli->arena, &issue->base);
    Rules__DraftPaper asked = RULES__DRAFT_PAPER__INIT;
    asked.paper = (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
    asked.at_ms = cli->at_ms;
    if (bytes.size > DRAFT_BYTES)
        return lq_cli_usage(cli,
                            "a draft is asked for with at most %d bytes of fields, and these "
                            "are %zu",
                            DRAFT_BYTES, bytes.size);
    const int code = ask(cli, of->service, "draft_paper", &asked.base, &answer);
    if (code != LQ_EXIT_DONE)
        return code;
    const Rules__PaperDraft *told = answer;
    if (told->html.len == 0) {
        lq_cli_say("%s", lq_cli_sentence(told->why, told->sentence, told->n_sentence));
        return LQ_EXIT_REFUSED;
    }
    const char *missing = "";
    for (size_t i = 0; i < told->n_missing; i++)
        missing = lq_arena_format(&cli->arena, "%s%s%s", missing, i > 0 ? lq_tr(", ") : "",
                                  told->missing[i]);
    if (told->n_missing > 0 && !cli->quiet)
        lq_cli_say("a draft, nothing was recorded; missing: %s", missing);
    return write_page(cli, &told->html);
}

static int run_issue(struct lq_cli *cli)
{
    struct lq_named_thing of;
    Rules__IssuePaper issue = RULES__ISSUE_PAPER__INIT;
    if (!lq_thing_typed(cli, lq_given_text(cli, "THING"), lq_given_text(cli, "NUMBER"), &of))
        return LQ_EXIT_USAGE;
    if (!lq_has_papers(of.service)) {
        lq_cli_say("there are no papers about a %s", lq_thing_word(of.thing->kind));
        return LQ_EXIT_REFUSED;
    }
    issue.kind = lq_unconst(lq_given_text(cli, "KIND"));
    issue.of_kind = lq_unconst(of.thing->kind);
    issue.of_number = lq_unconst(of.number);
    if (lq_given(cli, "--number"))
        issue.number = lq_unconst(lq_paper_number(cli, lq_given_text(cli, "--number")));
    if (lq_given(cli, "--supersedes"))
        issue.supersedes = lq_unconst(lq_paper_number(cli, lq_given_text(cli, "--supersedes")));
    const int code = read_fields(cli, &issue);
    if (code != LQ_EXIT_DONE)
        return code;
    return lq_given(cli, "--draft") ? draft(cli, &of, &issue)
                                    : lq_thing_command(cli, &of, "issue_paper", &issue.base);
}

// ---------------------------------------------------------------- show, print, serve

// What may be long breaks into lines.
static void show_line(const char *what, const char *value)
{
    lq_paragraph(lq_tr("%s: %s"), what, value);
}

static const char *served_text(struct lq_cli *cli, const Rules__Paper *paper)
{
    char at[LQ_TIME_TEXT], word[LQ_WORD_TEXT];
    const char *by = "";
    if (paper->served_at_ms == 0)
        return lq_tr("not yet");
    for (size_t i = 0; i < paper->n_officers; i++)
        by = lq_arena_format(&cli->arena, "%s%s%s", by, i > 0 ? lq_tr(", ") : " ",
                             paper->officers[i]);
    return lq_arena_format(&cli->arena, "%s %s%s%s%s%s%s", lq_format_local(paper->served_at_ms, at),
                           lq_word_shown(&rules__served_how__descriptor, (int)paper->how, word), by,
                           *paper->receipt != '\0' ? lq_tr("; receipt: ") : "", paper->receipt,
                           *paper->witness != '\0' ? lq_tr("; witness: ") : "", paper->witness);
}

static void show_paper(struct lq_cli *cli, const Rules__Paper *paper)
{
    char at[LQ_TIME_TEXT];
    const char *about =
        lq_arena_format(&cli->arena, "%s %s", lq_thing_word(paper->of_kind), paper->of_number);
    const char *issued = lq_arena_format(
        &cli->arena, "%s %s", lq_format_local(paper->issued_at_ms, at), paper->issued_by);
    show_line(lq_tr("paper"), lq_arena_format(&cli->arena, "%s %s", paper->number, paper->title));
    show_line(lq_tr("about"), about);
    show_line(lq_tr("issued"), issued);
    if (paper->entered != NULL)
        show_line(lq_tr("entered"),
                  lq_arena_format(&cli->arena, "%s %s#%llu", lq_entered_by(cli, paper->entered),
                                  paper->service, (unsigned long long)paper->entered->record));
    show_line(lq_tr("served"), served_text(cli, paper));
    if (paper->supersedes[0] != '\0')
        show_line(lq_tr("supersedes"), paper->supersedes);
    if (paper->superseded_by[0] != '\0')
        show_line(lq_tr("superseded by"), paper->superseded_by);
    show_line("SHA-256", paper->hash);
    for (size_t i = 0; i < paper->n_fields; i++)
        show_line(paper->fields[i]->word, paper->fields[i]->value);
    if (paper->n_withheld > 0)
        show_line(lq_tr("what it says"), lq_tr("(withheld)"));
}

static int run_show(struct lq_cli *cli)
{
    struct lq_named_thing of;
    const Rules__PaperFile *file;
    const int code = ask_paper(cli, &of, &file);
    if (code != LQ_EXIT_DONE)
        return code;
    if (cli->format != LQ_FORMAT_TABLE)
        return lq_cli_show(cli, &file->paper->base);
    show_paper(cli, file->paper);
    return LQ_EXIT_DONE;
}

static int run_print(struct lq_cli *cli)
{
    struct lq_named_thing of;
    const Rules__PaperFile *file;
    const int code = ask_paper(cli, &of, &file);
    if (code != LQ_EXIT_DONE)
        return code;
    if (file->n_withheld > 0) {
        lq_cli_say("paper %s names somebody, and is not for you", of.number);
        return LQ_EXIT_REFUSED;
    }
    if (file->paper->superseded_by[0] != '\0' && !cli->quiet)
        lq_cli_say("paper %s was superseded by %s", of.number, file->paper->superseded_by);
    return write_page(cli, &file->html);
}

static int run_serve(struct lq_cli *cli)
{
    struct lq_named_thing of;
    Rules__ServePaper serve = RULES__SERVE_PAPER__INIT;
    if (!lq_thing_typed(cli, LQ_PAPER_KIND, lq_given_text(cli, "NUMBER"), &of))
        return LQ_EXIT_USAGE;
    size_t count;
    const char *const *by = lq_given_all(cli, "--by", &count);
    serve.number = lq_unconst(of.number);
    serve.how = (Rules__ServedHow)lq_given_number(cli, "--how");
    serve.officers = LQ_NEW_ARRAY(&cli->arena, char *, count + 1);
    for (; serve.n_officers < count; serve.n_officers++)
        serve.officers[serve.n_officers] = lq_unconst(by[serve.n_officers]);
    if (lq_given(cli, "--receipt"))
        serve.receipt = lq_unconst(lq_given_text(cli, "--receipt"));
    if (lq_given(cli, "--witness"))
        serve.witness = lq_unconst(lq_given_text(cli, "--witness"));
    return lq_thing_command(cli, &of, "serve_paper", &serve.base);
}

// ---------------------------------------------------------------- the verbs

static const struct lq_arg ISSUE[] = {
    LQ_POSITION("KIND", NULL, LQ_MUST),
    LQ_POSITION("THING", NULL, LQ_MUST),
    LQ_POSITION("NUMBER", NULL, LQ_MUST),
    LQ_POSITION("FIELD=VALUE", NULL, LQ_SHOWN, .kind = LQ_REST),
    LQ_OPTION("--draft", NULL, NULL, LQ_SHOWN,
              "the paper as it would be, without number; nothing is recorded",
              "只看草稿，不编文号，不登记", .kind = LQ_FLAG),
    LQ_OPTION("--to", "FILE", NULL, LQ_MAY, "with --draft: where the page is written",
              "与 --draft 同用：页面写入的文件", .kind = LQ_TEXT),
    LQ_OPTION("--supersedes", "PAPER", NULL, LQ_MAY, "in the place of that one", "替代哪一份文书",
              .kind = LQ_TEXT),
    LQ_OPTION("--number", "PAPER", NULL, LQ_MAY, "that it has on paper already (entered later)",
              "纸质文书已有的文号（补录）", .kind = LQ_TEXT),
    {0},
};

static const struct lq_arg SHOW[] = {LQ_POSITION("NUMBER", NULL, LQ_MUST), {0}};

static const struct lq_arg PRINT[] = {
    LQ_POSITION("NUMBER", NULL, LQ_MUST),
    LQ_OPTION("--to", "FILE", NULL, LQ_SHOWN,
              "where the page is written, for a browser (default: its text on the terminal)",
              "页面写入的文件，供浏览器打印（默认在终端显示文字）", .kind = LQ_TEXT),
    {0},
};

static const struct lq_arg SERVE[] = {
    LQ_POSITION("NUMBER", NULL, LQ_MUST),
    LQ_OPTION("--how", "HOW", "how", LQ_ASKED, "in_person, left, posted or published",
              "in_person 直接送达，left 留置送达，posted 邮寄送达，published 公告送达"),
    LQ_OPTION("--by", "BADGE", "officers", LQ_SHOWN, "twice: who brought it", "两次：送达人"),
    LQ_OPTION("--receipt", "TEXT", "receipt", LQ_MAY,
              "who signed for it, the number of the post's receipt, the newspaper",
              "签收人、邮寄回执号或者公告载体"),
    LQ_OPTION("--witness", "NAME", "witness", LQ_MAY, "where it was left", "留置送达的见证人"),
    {0},
};

static const struct lq_arg LIST[] = {
    LQ_OPTION("--of", "KIND", NULL, LQ_SHOWN, "of one thing: --of item I0126",
              "某一对象的：--of 设备 I0126", .kind = LQ_TEXT),
    LQ_POSITION("NUMBER", NULL, LQ_SHOWN),
    LQ_OPTION("--kind", "KIND", NULL, LQ_MAY, "of one kind: seizure_decision, …",
              "某一种：查封（扣押）决定书……", .kind = LQ_TEXT),
    LQ_OPTION("--unserved", NULL, NULL, LQ_SHOWN, "that are not served", "未送达的",
              .kind = LQ_FLAG),
    LQ_LIMIT_OPTION,
    {0},
};

#define FORMS_NOTE                                                                                       \
    {                                                                                                    \
        "  KIND and FIELD are words of forms.yaml, in either language:\n"                                \
        "  lq paper issue seizure_decision item I0126 licence=… 法定代表人=…\n"                 \
        "  What the records know need not be said; all that is missing is named.\n",                     \
            "  KIND 和 FIELD 是 forms.yaml 中的词，中英文均可：\n"                           \
            "  lq paper issue 查封（扣押）决定书 设备 I0126 地址=… 法定代表人=…\n" \
            "  系统已有的内容不必再填；缺少的项目一次列全。\n"                     \
    }

const struct lq_verb lq_paper_verbs[] = {
    LQ_VERB("paper", "issue", "issue a paper about something, under the next number",
            "制作文书，编定文号", ISSUE, .notes = FORMS_NOTE, .run = run_issue),
    LQ_VERB("paper", "show", "what a paper says, who issued it, when it was served",
            "文书的内容、制作和送达", SHOW, .run = run_show),
    LQ_VERB("paper", "print", "its page, for a browser to print", "文书的打印页面", PRINT,
            .run = run_print),
    LQ_VERB("paper", "serve", "record that it was served, how, and by whom", "登记文书的送达",
            SERVE, LQ_SENDS("seizure", "serve_paper"), .run = run_serve),
    LQ_VERB("paper", "list", "papers that were issued", "文书目录", LIST, .run = lq_paper_list),
    {0},
};
