// lq notice: correction notices to premises.
#include <string.h>

#include "casefile.pb-c.h"
#include "lq/show/list.h"
#include "lq/show/words.h"

static const struct lq_column COLUMNS[] = {
    {.key = "notice", .title = "NOTICE", .whole = true},
    {.key = "issued_at", .title = "ISSUED", .whole = true},
    {.key = "premises", .title = "PREMISES", .whole = true},
    {.key = "township", .title = "TOWNSHIP"},
    {.key = "due_day", .title = "DUE", .whole = true},
    {.key = "by", .title = "BY"},
    {.key = "finding", .title = "FINDING"},
};

static void row(struct lq_output *output, const void *of)
{
    const Casefile__Notice *notice = of;
    lq_output_text(output, notice->number);
    lq_output_minute(output, notice->issued_at_ms);
    lq_output_text(output, notice->premises);
    lq_output_text(output, notice->township);
    lq_output_day(output, notice->due_day);
    lq_output_text(output, notice->by);
    lq_output_text(output, notice->finding);
}

static int list(struct lq_cli *cli, int argc, char **argv)
{
    Casefile__ListNotices asked = CASEFILE__LIST_NOTICES__INIT;
    Casefile__Query query = CASEFILE__QUERY__INIT;
    query.body_case = CASEFILE__QUERY__BODY_NOTICES;
    query.notices = &asked;
    struct lq_list list = {.service = "casefile",
                           .query = &query.base,
                           .answer = &casefile__answer__descriptor,
                           .columns = COLUMNS,
                           .column_count = sizeof COLUMNS / sizeof *COLUMNS,
                           .row = row};
    asked.premises = lq_cli_text(&argc, argv, "--premises");
    if (!lq_cli_day_option(cli->command, &argc, argv, "--due-before", &asked.due_before_day) ||
        !lq_cli_number_option(cli->command, &argc, argv, "--limit", &list.limit) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    return lq_cli_list(cli, &list);
}

static int issue(struct lq_cli *cli, int argc, char **argv)
{
    Casefile__IssueNotice body = CASEFILE__ISSUE_NOTICE__INIT;
    body.finding = lq_cli_text(&argc, argv, "--finding");
    if (!lq_cli_day_option(cli->command, &argc, argv, "--due", &body.due_day) ||
        !lq_cli_arguments(cli->command, argc, argv, 2, 2))
        return LQ_EXIT_USAGE;
    if (body.due_day == 0 || *body.finding == '\0')
        return lq_cli_usage(cli->command, "a notice needs --due DATE and --finding TEXT");
    body.number = argv[0];
    body.premises = argv[1];
    Casefile__Command command = CASEFILE__COMMAND__INIT;
    command.body_case = CASEFILE__COMMAND__BODY_ISSUE_NOTICE;
    command.issue_notice = &body;
    return lq_cli_command(cli, "casefile", &command.base);
}

const struct lq_cli_command lq_notice_commands[] = {
    {"notice", "list", "[--premises NUMBER] [--due-before DATE]", "correction notices",
     "  --premises NUMBER    to these premises\n"
     "  --due-before DATE    due before this day\n"
     "  --limit N            at most so many (default: all)\n",
     list},
    {"notice", "issue", "NOTICE PREMISES --due DATE --finding TEXT",
     "issue a correction notice (整改通知单)",
     "  --due DATE           by when it must be put right\n"
     "  --finding TEXT       what was found\n",
     issue},
    {0},
};
