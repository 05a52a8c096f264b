// lq tips: leads from the public, and the village volunteers.
#include <string.h>

#include "lq/show/list.h"
#include "lq/show/words.h"
#include "tips.pb-c.h"

// ---------------------------------------------------------------- tips

static const struct lq_column TIP_COLUMNS[] = {
    {.key = "tip", .title = "TIP", .whole = true},
    {.key = "received_at", .title = "RECEIVED", .whole = true},
    {.key = "channel", .title = "CHANNEL"},
    {.key = "premises", .title = "PREMISES", .whole = true},
    {.key = "township", .title = "TOWNSHIP"},
    {.key = "verified", .title = "VERIFIED"},
    {.key = "reward_yuan", .title = "YUAN", .right = true},
    {.key = "content", .title = "CONTENT"},
};

static void tip_row(struct lq_output *output, const void *row)
{
    const Tips__Tip *tip = row;
    lq_output_text(output, tip->number);
    lq_output_minute(output, tip->received_at_ms);
    lq_output_text(output, tip->channel);
    lq_output_text(output, tip->premises);
    lq_output_text(output, tip->township);
    lq_output_flag(output, tip->verified);
    lq_output_number(output, tip->reward_yuan);
    lq_output_text(output, tip->content);
}

static int list(struct lq_cli *cli, int argc, char **argv)
{
    Tips__ListTips asked = TIPS__LIST_TIPS__INIT;
    Tips__Query query = TIPS__QUERY__INIT;
    query.body_case = TIPS__QUERY__BODY_TIPS;
    query.tips = &asked;
    struct lq_list list = {.service = "tips",
                           .query = &query.base,
                           .answer = &tips__answer__descriptor,
                           .columns = TIP_COLUMNS,
                           .column_count = sizeof TIP_COLUMNS / sizeof *TIP_COLUMNS,
                           .row = tip_row};
    asked.premises = lq_cli_text(&argc, argv, "--premises");
    if (!lq_cli_number_option(cli->command, &argc, argv, "--limit", &list.limit) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    return lq_cli_list(cli, &list);
}

static int record(struct lq_cli *cli, int argc, char **argv)
{
    Tips__RecordTip tip = TIPS__RECORD_TIP__INIT;
    tip.channel = lq_cli_text(&argc, argv, "--channel");
    tip.premises = lq_cli_text(&argc, argv, "--premises");
    tip.content = lq_cli_text(&argc, argv, "--content");
    tip.verified = lq_cli_flag(&argc, argv, "--verified");
    if (!lq_cli_number_option(cli->command, &argc, argv, "--reward", &tip.reward_yuan) ||
        !lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    tip.number = argv[0];
    Tips__Command command = TIPS__COMMAND__INIT;
    command.body_case = TIPS__COMMAND__BODY_RECORD_TIP;
    command.record_tip = &tip;
    return lq_cli_command(cli, "tips", &command.base);
}

// ---------------------------------------------------------------- volunteers

static const struct lq_column VOLUNTEER_COLUMNS[] = {
    {.key = "volunteer", .title = "VOLUNTEER", .whole = true},
    {.key = "name", .title = "NAME"},
    {.key = "village", .title = "VILLAGE"},
};

static void volunteer_row(struct lq_output *output, const void *row)
{
    const Tips__Volunteer *volunteer = row;
    lq_output_text(output, volunteer->number);
    lq_output_text(output, volunteer->name);
    lq_output_text(output, volunteer->village);
}

static int volunteers(struct lq_cli *cli, int argc, char **argv)
{
    Tips__ListVolunteers asked = TIPS__LIST_VOLUNTEERS__INIT;
    Tips__Query query = TIPS__QUERY__INIT;
    query.body_case = TIPS__QUERY__BODY_VOLUNTEERS;
    query.volunteers = &asked;
    struct lq_list list = {.service = "tips",
                           .query = &query.base,
                           .answer = &tips__answer__descriptor,
                           .columns = VOLUNTEER_COLUMNS,
                           .column_count = sizeof VOLUNTEER_COLUMNS / sizeof *VOLUNTEER_COLUMNS,
                           .row = volunteer_row};
    if (!lq_cli_number_option(cli->command, &argc, argv, "--limit", &list.limit) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    return lq_cli_list(cli, &list);
}

static int volunteer(struct lq_cli *cli, int argc, char **argv)
{
    Tips__Volunteer body = TIPS__VOLUNTEER__INIT;
    body.village = lq_cli_text(&argc, argv, "--village");
    if (!lq_cli_arguments(cli->command, argc, argv, 2, 2))
        return LQ_EXIT_USAGE;
    body.number = argv[0];
    body.name = argv[1];
    Tips__Command command = TIPS__COMMAND__INIT;
    command.body_case = TIPS__COMMAND__BODY_REGISTER_VOLUNTEER;
    command.register_volunteer = &body;
    return lq_cli_command(cli, "tips", &command.base);
}

// ---------------------------------------------------------------- the commands

static const char LIMIT_HELP[] = "  --limit N            at most so many (default: all)\n";

const struct lq_cli_command lq_tips_commands[] = {
    {"tips", "list", "[--premises NUMBER]", "leads from the public",
     "  --premises NUMBER    about these premises\n"
     "  --limit N            at most so many (default: all)\n",
     list},
    {"tips", "record", "TIP --channel CHANNEL --premises NUMBER --content TEXT ...",
     "record a tip; never who gave it",
     "  --channel CHANNEL    hotline_12369, letter, volunteer, …\n"
     "  --premises NUMBER    about which premises\n"
     "  --content TEXT       what was said\n"
     "  --verified           it proved true (属实)\n"
     "  --reward YUAN        what was paid for it\n",
     record},
    {"tips", "volunteers", "", "the village volunteers (村级监督员)", LIMIT_HELP, volunteers},
    {"tips", "volunteer", "NUMBER NAME --village VILLAGE", "register a volunteer",
     "  --village VILLAGE    where he watches\n", volunteer},
    {0},
};
