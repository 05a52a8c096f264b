// lq case: police cases and their suspects.
#include <string.h>

#include "casefile.pb-c.h"
#include "lq/show/list.h"
#include "lq/show/words.h"

static int send(struct lq_cli *cli, const Casefile__Command *command)
{
    return lq_cli_command(cli, "casefile", &command->base);
}

// ---------------------------------------------------------------- list, show

static const struct lq_column CASE_COLUMNS[] = {
    {.key = "case", .title = "CASE", .whole = true},
    {.key = "step", .title = "STEP", .whole = true},
    {.key = "offence", .title = "OFFENCE"},
    {.key = "target", .title = "TARGET"},
    {.key = "filed_at", .title = "FILED", .whole = true},
    {.key = "solved_at", .title = "SOLVED", .whole = true},
};

static void case_row(struct lq_output *output, const void *row)
{
    const Casefile__Case *c = row;
    lq_output_text(output, c->number);
    lq_output_word(output, &casefile__case_step__descriptor, (int)c->step);
    lq_output_text(output, c->offence);
    lq_output_text(output, c->target);
    lq_output_minute(output, c->filed_at_ms);
    lq_output_minute(output, c->solved_at_ms);
}

static int list(struct lq_cli *cli, int argc, char **argv)
{
    Casefile__ListCases asked = CASEFILE__LIST_CASES__INIT;
    Casefile__Query query = CASEFILE__QUERY__INIT;
    query.body_case = CASEFILE__QUERY__BODY_CASES;
    query.cases = &asked;
    struct lq_list list = {.service = "casefile",
                           .query = &query.base,
                           .answer = &casefile__answer__descriptor,
                           .columns = CASE_COLUMNS,
                           .column_count = sizeof CASE_COLUMNS / sizeof *CASE_COLUMNS,
                           .row = case_row};
    asked.offence = lq_cli_text(&argc, argv, "--offence");
    asked.unsolved = lq_cli_flag(&argc, argv, "--unsolved");
    if (!lq_cli_number_option(cli->command, &argc, argv, "--limit", &list.limit) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    return lq_cli_list(cli, &list);
}

static int show(struct lq_cli *cli, int argc, char **argv)
{
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    Casefile__ShowCase asked = CASEFILE__SHOW_CASE__INIT;
    asked.number = argv[0];
    Casefile__Query query = CASEFILE__QUERY__INIT;
    query.body_case = CASEFILE__QUERY__BODY_SHOW;
    query.show = &asked;
    ProtobufCMessage *message;
    const int code =
        lq_cli_query(cli, "casefile", &query.base, &casefile__answer__descriptor, &message);
    if (code != LQ_EXIT_DONE)
        return code;
    const Casefile__CaseFile *file = ((const Casefile__Answer *)message)->file;
    if (file->case_row != NULL)
        return lq_cli_show(cli, &file->base);
    lq_cli_say("there is no case %s (lq case list lists them)", argv[0]);
    return LQ_EXIT_REFUSED;
}

// ---------------------------------------------------------------- steps of a case

static int open_case(struct lq_cli *cli, int argc, char **argv)
{
    Casefile__OpenCase body = CASEFILE__OPEN_CASE__INIT;
    body.order = lq_cli_text(&argc, argv, "--order");
    body.target = lq_cli_text(&argc, argv, "--target");
    body.offence = lq_cli_text(&argc, argv, "--offence");
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    if (*body.order == '\0' || *body.target == '\0' || *body.offence == '\0')
        return lq_cli_usage(cli->command, "a case needs --order, --target and --offence");
    body.number = argv[0];
    Casefile__Command command = CASEFILE__COMMAND__INIT;
    command.body_case = CASEFILE__COMMAND__BODY_OPEN_CASE;
    command.open_case = &body;
    return send(cli, &command);
}

static int send_number(struct lq_cli *cli, int argc, char **argv, Casefile__Command__BodyCase what)
{
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    Casefile__CaseNumber body = CASEFILE__CASE_NUMBER__INIT;
    body.number = argv[0];
    Casefile__Command command = CASEFILE__COMMAND__INIT;
    command.body_case = what;
    command.file_case = &body; // both members are of this type and share their place
    return send(cli, &command);
}

static int file_case(struct lq_cli *cli, int argc, char **argv)
{
    return send_number(cli, argc, argv, CASEFILE__COMMAND__BODY_FILE_CASE);
}

static int solve(struct lq_cli *cli, int argc, char **argv)
{
    return send_number(cli, argc, argv, CASEFILE__COMMAND__BODY_SOLVE_CASE);
}

// ---------------------------------------------------------------- suspects

static int identify(struct lq_cli *cli, int argc, char **argv)
{
    if (!lq_cli_arguments(cli->command, argc, argv, 3, 3))
        return LQ_EXIT_USAGE;
    Casefile__IdentifySuspect body = CASEFILE__IDENTIFY_SUSPECT__INIT;
    body.case_number = argv[0];
    body.number = argv[1];
    body.name = argv[2];
    Casefile__Command command = CASEFILE__COMMAND__INIT;
    command.body_case = CASEFILE__COMMAND__BODY_IDENTIFY_SUSPECT;
    command.identify_suspect = &body;
    return send(cli, &command);
}

static int suspect(struct lq_cli *cli, int argc, char **argv)
{
    int step;
    char words[LQ_WORDS_TEXT];
    if (!lq_cli_arguments(cli->command, argc, argv, 3, 3))
        return LQ_EXIT_USAGE;
    if (!lq_word_parse(&casefile__suspect_step__descriptor, argv[2], &step))
        return lq_cli_usage(cli->command, "STEP is one of %s, not \"%s\"",
                            lq_words(&casefile__suspect_step__descriptor, words), argv[2]);
    Casefile__RecordSuspectStep body = CASEFILE__RECORD_SUSPECT_STEP__INIT;
    body.case_number = argv[0];
    body.suspect = argv[1];
    body.step = (Casefile__SuspectStep)step;
    Casefile__Command command = CASEFILE__COMMAND__INIT;
    command.body_case = CASEFILE__COMMAND__BODY_RECORD_SUSPECT_STEP;
    command.record_suspect_step = &body;
    return send(cli, &command);
}

// ---------------------------------------------------------------- the commands

static const char LIST_HELP[] = "  --offence TEXT       only of this offence (罪名)\n"
                                "  --unsolved           only those that are not solved\n"
                                "  --limit N            at most so many (default: all)\n";

static const char OPEN_HELP[] = "  --order ORDER        on which order it was found\n"
                                "  --target NUMBER      at which premises\n"
                                "  --offence TEXT       the offence (罪名)\n";

static const char SUSPECT_HELP[] =
    "  STEP: listed_wanted, captured, detained, arrest_requested, arrest_approved,\n"
    "  arrest_refused, discharged\n";

const struct lq_cli_command lq_case_commands[] = {
    {"case", "list", "[--offence TEXT] [--unsolved]", "police cases", LIST_HELP, list},
    {"case", "show", "CASE", "a case and its suspects", NULL, show},
    {"case", "open", "CASE --order ORDER --target NUMBER --offence TEXT",
     "hand a case to the police (移送)", OPEN_HELP, open_case},
    {"case", "file", "CASE", "the police filed it (立案)", NULL, file_case},
    {"case", "solve", "CASE", "the case is solved (破案)", NULL, solve},
    {"case", "identify", "CASE SUSPECT NAME", "name a suspect: a number and a name", NULL,
     identify},
    {"case", "suspect", "CASE SUSPECT STEP", "what happened to a suspect", SUSPECT_HELP, suspect},
    {0},
};
