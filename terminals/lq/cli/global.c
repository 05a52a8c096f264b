// The options that every command has.
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "config/settings.h"
#include "lq/cli/cli.h"
#include "lq/show/words.h"

const struct lq_arg lq_global_options[] = {
    LQ_OPTION("--data", "DIR", NULL, LQ_MAY, "which system (default: LQ_DATA, else ./var)",
              "哪个系统（默认 LQ_DATA，否则 ./var）"),
    LQ_OPTION("--as", "BADGE", NULL, LQ_MAY,
              "whose key signs on (default: LQ_AS, whose terminal it is, clerk)",
              "以谁的密钥登录（默认 LQ_AS、本终端所属人、clerk）"),
    LQ_OPTION("--for", "BADGE", NULL, LQ_MAY, "act on behalf of somebody, with --reason",
              "代他人办理，须加 --reason"),
    LQ_OPTION("--reason", "TEXT", NULL, LQ_MAY, "why: on behalf of somebody, or against a rule",
              "事由：代他人办理，或突破规定"),
    LQ_OPTION("--at", "TIME", NULL, LQ_MAY,
              "when it happened: 13:14, \"2015-03-06 13:14\", RFC 3339 (default: now)",
              "何时发生：13:14、\"2015-03-06 13:14\"、RFC 3339（默认现在）"),
    LQ_OPTION("--id", "ID", NULL, LQ_MAY,
              "the same command again that nobody had answered: it is carried out once",
              "重发无人答复的同一命令，只执行一次"),
    LQ_OPTION("--later", NULL, NULL, LQ_MAY, "keep it for when there is a signal: lq outbox send",
              "先存下，有信号时再发：lq outbox send"),
    LQ_OPTION("--format", "FORMAT", NULL, LQ_MAY, "table, json or csv; --json and --csv for short",
              "table、json 或 csv；可简写为 --json、--csv"),
    LQ_OPTION("--xlsx", "FILE", NULL, LQ_MAY,
              "write the table into a book for spreadsheets: flat rows, numbers, dates",
              "把表写成电子表格文件：逐行、数字、日期"),
    LQ_OPTION("--bom", NULL, NULL, LQ_MAY,
              "csv that begins with a byte order mark, for spreadsheets",
              "csv 以字节顺序标记开头，便于电子表格"),
    LQ_OPTION("--quiet", NULL, NULL, LQ_MAY, "of what was done, only the number; no remarks",
              "只显示编号，不作说明"),
    LQ_OPTION("--bus", "ENDPOINT", NULL, LQ_MAY,
              "where the bus is (default: LQ_BUS, else what DIR/run says)",
              "总线在何处（默认 LQ_BUS，否则见 DIR/run）"),
    LQ_OPTION("--key", "FILE", NULL, LQ_MAY, "the key to sign on with, where it is not in DIR/keys",
              "登录用的密钥文件，若不在 DIR/keys"),
    LQ_OPTION("--lang", "LANG", NULL, LQ_MAY,
              "zh or en (default: language in lianqin.yaml, else LC_ALL, LANG)",
              "zh 中文或 en 英文（默认 lianqin.yaml 的 language，否则 LC_ALL、LANG）"),
    LQ_OPTION("--words", "LANG", NULL, LQ_MAY,
              "values of json and csv as words of zh or en (default: en)",
              "json 和 csv 中的取值用中文（zh）或英文（en，默认）"),
    LQ_OPTION("--color", "WHEN", NULL, LQ_MAY,
              "auto (a terminal, and NO_COLOR is not set), always, never",
              "auto 自动（终端且未设 NO_COLOR），always 总是，never 从不"),
    LQ_OPTION("--help", NULL, NULL, LQ_MAY, NULL, NULL),
    LQ_OPTION("--version", NULL, NULL, LQ_MAY, "", ""),
    LQ_OPTION("--json", NULL, NULL, LQ_MAY, NULL, NULL),
    // told of with --format
    LQ_OPTION("--csv", NULL, NULL, LQ_MAY, NULL, NULL),
    {0},
};

static bool take_text(int *argc, char **argv, const char *name, const char **out)
{
    const char *value = lq_cli_option(argc, argv, name);
    if (value != NULL)
        *out = value;
    for (int i = 0; i < *argc; i++)
        if (strcmp(argv[i], name) == 0) {
            if (value != NULL)
                lq_cli_say("%s is given twice", name);
            else
                lq_cli_say("%s needs a value behind it", name);
            return false;
        }
    return true;
}

static bool take_texts(struct lq_cli *cli, int *argc, char **argv)
{
    const struct {
        const char *name, **out;
    } texts[] = {{"--as", &cli->as},
                 {"--bus", &cli->bus},
                 {"--key", &cli->key},
                 {"--for", &cli->for_badge},
                 {"--reason", &cli->reason}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!take_text(argc, argv, texts[i].name, texts[i].out))
            return false;
    return true;
}

static bool take_format(struct lq_cli *cli, int *argc, char **argv)
{
    const char *format = NULL;
    if (!take_text(argc, argv, "--format", &format))
        return false;
    if (format != NULL && !lq_format_parse(format, &cli->format)) {
        lq_cli_say("--format takes table, json or csv, not \"%s\"", format);
        return false;
    }
    if (lq_cli_flag(argc, argv, "--json"))
        cli->format = LQ_FORMAT_JSON;
    if (lq_cli_flag(argc, argv, "--csv"))
        cli->format = LQ_FORMAT_CSV;
    if (!take_text(argc, argv, "--xlsx", &cli->book))
        return false;
    if (cli->book != NULL && cli->format == LQ_FORMAT_JSON) {
        lq_cli_say("--xlsx and --json do not go together");
        return false;
    }
    if (cli->book != NULL)
        cli->format = LQ_FORMAT_CSV;
    cli->bom = lq_cli_flag(argc, argv, "--bom");
    cli->quiet = lq_cli_flag(argc, argv, "--quiet");
    return true;
}

static bool take_color(int *argc, char **argv)
{
    const char *text = NULL;
    enum lq_color color = LQ_COLOR_AUTO;
    if (!take_text(argc, argv, "--color", &text))
        return false;
    if (text != NULL && !lq_color_parse(text, &color)) {
        lq_cli_say("--color takes auto, always or never, not \"%s\"", text);
        return false;
    }
    lq_color_use(color);
    return true;
}

static bool take_language(int *argc, char **argv, const char *name, enum lq_language *out)
{
    const char *text = NULL;
    if (!take_text(argc, argv, name, &text))
        return false;
    if (text == NULL || lq_language_parse(text, out))
        return true;
    lq_cli_say("%s takes zh or en, not \"%s\"", name, text);
    return false;
}

// As lianqin.yaml says, with the county's own words, else as the environment has it. A file that
// cannot be read is told of by those who need it.
static enum lq_language of_installation(struct lq_cli *cli)
{
    const char *path = lq_arena_format(&cli->arena, "%s/config/lianqin.yaml", cli->data);
    enum lq_language language = lq_language_of_environment();
    struct lq_settings settings;
    if (access(path, R_OK) == 0 && lq_settings_load(path, &cli->arena, &settings) == LQ_OK) {
        lq_language_parse(settings.language, &language);
        lq_kinds_use(&settings.words);
    }
    return language;
}

// A language that is asked for is used at once: what is wrong with --data, or with --lang itself
// where it stands a second time, is said in it.
static void use_language_asked_for(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        const char *text = NULL;
        enum lq_language language;
        if (strncmp(argv[i], "--lang=", strlen("--lang=")) == 0)
            text = argv[i] + strlen("--lang=");
        else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            text = argv[i + 1];
        if (text != NULL && lq_language_parse(text, &language))
            lq_language_use(language);
    }
}

// Before all others, so that what is wrong with them is said in it.
static bool take_shown_language(struct lq_cli *cli, int *argc, char **argv)
{
    enum lq_language shown = of_installation(cli);
    lq_language_use(shown);
    use_language_asked_for(*argc, argv);
    if (!take_language(argc, argv, "--lang", &shown))
        return false;
    lq_language_use(shown);
    return true;
}

// What a person reads is in one language; what a program reads is in English, unless asked for.
static bool take_words(struct lq_cli *cli, int *argc, char **argv)
{
    enum lq_language words = cli->book != NULL ? lq_language() : LQ_ENGLISH;
    if (!take_language(argc, argv, "--words", &words))
        return false;
    lq_words_show(cli->format == LQ_FORMAT_TABLE ? lq_language() : words);
    return true;
}

static bool read_id(const char *text, struct lq_id *out)
{
    struct lq_id id;
    return lq_id_parse(text, &id) && lq_id_from_span(lq_span(id.bytes, LQ_ID_SIZE), out);
}

static bool use_id(struct lq_cli *cli, const char *id)
{
    cli->has_id = id != NULL;
    if (cli->has_id && cli->later)
        lq_cli_say("--later keeps a new command, --id repeats one that was sent: not both");
    else if (id != NULL && !read_id(id, &cli->id))
        lq_cli_say("--id takes the id that lq told when nobody had answered "
                   "(0190a5c4-1b2d-7e3f-8a4b-5c6d7e8f9a0b), not \"%s\"",
                   id);
    else
        return true;
    return false;
}

bool lq_take_global(struct lq_cli *cli, int *argc, char **argv)
{
    const char *at = NULL, *id = NULL;
    use_language_asked_for(*argc, argv);
    if (!take_text(argc, argv, "--data", &cli->data) || !take_shown_language(cli, argc, argv) ||
        !take_texts(cli, argc, argv) || !take_text(argc, argv, "--at", &at) ||
        !take_text(argc, argv, "--id", &id) || !take_color(argc, argv) ||
        !take_format(cli, argc, argv) || !take_words(cli, argc, argv))
        return false;
    cli->later = lq_cli_flag(argc, argv, "--later");
    if (!use_id(cli, id))
        return false;
    if (at != NULL && !lq_cli_instant(at, &cli->at_ms)) {
        lq_cli_say("--at takes a time (13:14, \"2015-03-06 13:14\", 2015-03-06T13:14:38+08:00), "
                   "not \"%s\"",
                   at);
        return false;
    }
    cli->at_left_out = at != NULL ? lq_cli_left_out(at) : LQ_NOTHING_LEFT_OUT;
    return true;
}
