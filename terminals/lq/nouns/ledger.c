// lq ledger: the premises, their supervisors and how far their rectification has come.
#include <string.h>

#include "ledger.pb-c.h"
#include "lq/show/list.h"
#include "lq/show/show.h"
#include "lq/show/words.h"

static int send(struct lq_cli *cli, const Ledger__Command *command)
{
    return lq_cli_command(cli, "ledger", &command->base);
}

// ---------------------------------------------------------------- list, show, counts

static const struct lq_column COLUMNS[] = {
    {.key = "premises", .title = "NUMBER", .whole = true},
    {.key = "name", .title = "NAME"},
    {.key = "township", .title = "TOWNSHIP"},
    {.key = "owner", .title = "OWNER"},
    {.key = "status", .title = "STATUS", .whole = true},
    {.key = "deadline_day", .title = "DEADLINE", .whole = true},
};

static void row(struct lq_output *output, const void *of)
{
    const Ledger__Entry *entry = of;
    lq_output_text(output, entry->premises->number);
    lq_output_text(output,
                   *entry->premises->name != '\0' ? entry->premises->name : entry->premises->kind);
    lq_output_text(output, entry->premises->township);
    lq_output_text(output, entry->premises->owner);
    if (entry->premises->standing == LEDGER__STANDING__UNLICENSED_SITE)
        lq_output_text(output, "unlicensed_site");
    else
        lq_output_word(output, &ledger__status__descriptor, (int)entry->status);
    lq_output_day(output, entry->premises->deadline_day);
}

static int list(struct lq_cli *cli, int argc, char **argv)
{
    Ledger__ListPremises asked = LEDGER__LIST_PREMISES__INIT;
    Ledger__Query query = LEDGER__QUERY__INIT;
    query.body_case = LEDGER__QUERY__BODY_LIST;
    query.list = &asked;
    struct lq_list list = {.service = "ledger",
                           .query = &query.base,
                           .answer = &ledger__answer__descriptor,
                           .columns = COLUMNS,
                           .column_count = sizeof COLUMNS / sizeof *COLUMNS,
                           .row = row};
    int status = 0, standing = 0;
    asked.township = lq_cli_text(&argc, argv, "--township");
    asked.text = lq_cli_text(&argc, argv, "--text");
    asked.overdue = lq_cli_flag(&argc, argv, "--overdue");
    if (!lq_cli_enum_option(cli->command, &argc, argv, "--status", &ledger__status__descriptor,
                            &status) ||
        !lq_cli_enum_option(cli->command, &argc, argv, "--standing", &ledger__standing__descriptor,
                            &standing) ||
        !lq_cli_number_option(cli->command, &argc, argv, "--limit", &list.limit) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    asked.status = (Ledger__Status)status;
    asked.standing = (Ledger__Standing)standing;
    return lq_cli_list(cli, &list);
}

static int show(struct lq_cli *cli, int argc, char **argv)
{
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    Ledger__ShowPremises asked = LEDGER__SHOW_PREMISES__INIT;
    asked.number = argv[0];
    Ledger__Query query = LEDGER__QUERY__INIT;
    query.body_case = LEDGER__QUERY__BODY_SHOW;
    query.show = &asked;
    ProtobufCMessage *message;
    const int code =
        lq_cli_query(cli, "ledger", &query.base, &ledger__answer__descriptor, &message);
    if (code != LQ_EXIT_DONE)
        return code;
    const Ledger__PremisesFile *file = ((const Ledger__Answer *)message)->file;
    if (file->entry != NULL)
        return lq_cli_show(cli, &file->base);
    lq_cli_say("the ledger has no premises %s (lq ledger list --text NAME finds them)", argv[0]);
    return LQ_EXIT_REFUSED;
}

static const struct lq_column COUNT_COLUMNS[] = {
    {.key = "status", .title = "STATUS", .whole = true},
    {.key = "premises", .title = "PREMISES", .right = true},
};

static int print_counts(struct lq_cli *cli, const Ledger__StatusCounts *counts)
{
    struct lq_output *output = lq_output_new(COUNT_COLUMNS, 2);
    int64_t total = 0;
    for (size_t i = 0; i < counts->n_counts; i++) {
        lq_output_word(output, &ledger__status__descriptor, (int)counts->counts[i]->status);
        lq_output_number(output, counts->counts[i]->premises);
        total += counts->counts[i]->premises;
    }
    lq_output_text(output, "total");
    lq_output_number(output, total);
    return lq_cli_print(cli, output);
}

static int counts(struct lq_cli *cli, int argc, char **argv)
{
    Ledger__CountByStatus asked = LEDGER__COUNT_BY_STATUS__INIT;
    asked.township = lq_cli_text(&argc, argv, "--township");
    if (!lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    Ledger__Query query = LEDGER__QUERY__INIT;
    query.body_case = LEDGER__QUERY__BODY_COUNT;
    query.count = &asked;
    ProtobufCMessage *message;
    const int code =
        lq_cli_query(cli, "ledger", &query.base, &ledger__answer__descriptor, &message);
    return code == LQ_EXIT_DONE ? print_counts(cli, ((const Ledger__Answer *)message)->counts)
                                : code;
}

// ---------------------------------------------------------------- register, assign, step

static bool take_degrees(const struct lq_cli *cli, int *argc, char **argv, const char *name,
                         int32_t *out)
{
    const char *text = lq_cli_option(argc, argv, name);
    if (text == NULL || lq_degrees_parse(text, out))
        return true;
    lq_cli_usage(cli->command, "%s takes degrees (38.36568), not \"%s\"", name, text);
    return false;
}

static int register_premises(struct lq_cli *cli, int argc, char **argv)
{
    int standing = LEDGER__STANDING__ENTERPRISE;
    Ledger__Premises premises = LEDGER__PREMISES__INIT;
    premises.name = lq_cli_text(&argc, argv, "--name");
    premises.township = lq_cli_text(&argc, argv, "--township");
    premises.owner = lq_cli_text(&argc, argv, "--owner");
    premises.kind = lq_cli_text(&argc, argv, "--kind");
    premises.responsible_1 = lq_cli_text(&argc, argv, "--responsible");
    premises.responsible_2 = lq_cli_text(&argc, argv, "--responsible");
    premises.measures = lq_cli_text(&argc, argv, "--measures");
    if (!take_degrees(cli, &argc, argv, "--lat", &premises.lat_e7) ||
        !take_degrees(cli, &argc, argv, "--lon", &premises.lon_e7) ||
        !lq_cli_day_option(cli->command, &argc, argv, "--deadline", &premises.deadline_day) ||
        !lq_cli_enum_option(cli->command, &argc, argv, "--standing", &ledger__standing__descriptor,
                            &standing) ||
        !lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    premises.number = argv[0];
    premises.standing = (Ledger__Standing)standing;
    Ledger__Command command = LEDGER__COMMAND__INIT;
    command.body_case = LEDGER__COMMAND__BODY_REGISTER_PREMISES;
    command.register_premises = &premises;
    return send(cli, &command);
}

static int assign(struct lq_cli *cli, int argc, char **argv)
{
    Ledger__Supervisor supervisor = LEDGER__SUPERVISOR__INIT;
    supervisor.unit = lq_cli_text(&argc, argv, "--unit");
    if (!lq_cli_arguments(cli->command, argc, argv, 2, 2))
        return LQ_EXIT_USAGE;
    supervisor.premises = argv[0];
    supervisor.name = argv[1];
    Ledger__Command command = LEDGER__COMMAND__INIT;
    command.body_case = LEDGER__COMMAND__BODY_ASSIGN_SUPERVISOR;
    command.assign_supervisor = &supervisor;
    return send(cli, &command);
}

static int step(struct lq_cli *cli, int argc, char **argv)
{
    int status;
    char words[LQ_WORDS_TEXT];
    if (!lq_cli_arguments(cli->command, argc, argv, 2, 2))
        return LQ_EXIT_USAGE;
    if (!lq_word_parse(&ledger__status__descriptor, argv[1], &status) || status == 0)
        return lq_cli_usage(cli->command, "STEP is one of %s, not \"%s\"",
                            lq_words(&ledger__status__descriptor, words) + strlen("no_status, "),
                            argv[1]);
    Ledger__RecordStep body = LEDGER__RECORD_STEP__INIT;
    body.premises = argv[0];
    body.step = (Ledger__Status)status;
    Ledger__Command command = LEDGER__COMMAND__INIT;
    command.body_case = LEDGER__COMMAND__BODY_RECORD_STEP;
    command.record_step = &body;
    return send(cli, &command);
}

// ---------------------------------------------------------------- the commands

static const char LIST_HELP[] =
    "  --township NAME      in this township\n"
    "  --status STATUS      suspended, inspected, rectification_started, rectification_completed,\n"
    "                       accepted, closed\n"
    "  --standing STANDING  enterprise or unlicensed_site\n"
    "  --text TEXT          part of the name or of the owner's\n"
    "  --overdue            the deadline has passed, and it is neither completed nor closed\n"
    "  --limit N            at most so many (default: all)\n";

static const char REGISTER_HELP[] =
    "  --name NAME, --township NAME, --owner NAME, --kind KIND\n"
    "  --responsible NAME   once for each of the two responsible officers (包联责任人)\n"
    "  --measures TEXT      what must be done (整改措施)\n"
    "  --deadline DATE      by when\n"
    "  --lat DEGREES, --lon DEGREES\n"
    "  --standing STANDING  enterprise (default) or unlicensed_site\n";

static const char STEP_HELP[] =
    "  STEP: suspended, inspected, rectification_started, rectification_completed, accepted,\n"
    "  closed\n";

const struct lq_cli_command lq_ledger_commands[] = {
    {"ledger", "list", "[--township NAME] [--status STATUS] [--text TEXT]", "the premises",
     LIST_HELP, list},
    {"ledger", "show", "NUMBER", "one of them, its supervisors and its steps", NULL, show},
    {"ledger", "counts", "[--township NAME]", "how many enterprises have come how far",
     "  --township NAME      in this township\n", counts},
    {"ledger", "register", "NUMBER --name NAME --township NAME ...", "enter premises",
     REGISTER_HELP, register_premises},
    {"ledger", "assign", "NUMBER NAME --unit UNIT", "name one of its two supervisors (驻厂监管员)",
     "  --unit UNIT          the department that sends him\n", assign},
    {"ledger", "step", "NUMBER STEP", "record a step of its rectification", STEP_HELP, step},
    {0},
};
