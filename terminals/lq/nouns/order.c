// lq order: orders to teams, their answers and how far they are.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/time.h"
#include "dispatch.pb-c.h"
#include "lq/show/list.h"
#include "lq/show/show.h"
#include "lq/show/words.h"

enum { MOST_TEAMS = 64 };

static int send(struct lq_cli *cli, const Dispatch__Command *command)
{
    return lq_cli_command(cli, "dispatch", &command->base);
}

// ---------------------------------------------------------------- issuing

static size_t take_teams(int *argc, char **argv, char *teams[MOST_TEAMS])
{
    size_t count = 0;
    for (char *team; count < MOST_TEAMS && *(team = lq_cli_text(argc, argv, "--team")) != '\0';)
        teams[count++] = team;
    return count;
}

static int issue(struct lq_cli *cli, int argc, char **argv)
{
    char *teams[MOST_TEAMS];
    int priority = DISPATCH__PRIORITY__ROUTINE;
    Dispatch__IssueOrder order = DISPATCH__ISSUE_ORDER__INIT;
    order.number = lq_cli_text(&argc, argv, "--number");
    order.kind = lq_cli_text(&argc, argv, "--kind");
    order.target = lq_cli_text(&argc, argv, "--target");
    order.instructions = lq_cli_text(&argc, argv, "--instructions");
    order.override = lq_cli_flag(&argc, argv, "--override");
    order.n_teams = take_teams(&argc, argv, teams);
    order.teams = teams;
    if (!lq_cli_enum_option(cli->command, &argc, argv, "--priority",
                            &dispatch__priority__descriptor, &priority) ||
        !lq_cli_number_option(cli->command, &argc, argv, "--vehicles", &order.vehicles) ||
        !lq_cli_number_option(cli->command, &argc, argv, "--machines", &order.machines) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    if (*order.kind == '\0' || *order.target == '\0' || order.n_teams == 0)
        return lq_cli_usage(cli->command,
                            "an order needs --kind, --target and at least one --team");
    order.priority = (Dispatch__Priority)priority;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_ISSUE_ORDER;
    command.issue_order = &order;
    return send(cli, &command);
}

// ---------------------------------------------------------------- teams on an order

// The team that was named, else that of the person who reports. NULL: told, and *code says what.
static char *team_of(struct lq_cli *cli, int argc, char **argv, int *code)
{
    *code = LQ_EXIT_DONE;
    if (argc > 1)
        return argv[1];
    const char *badge = cli->for_badge != NULL ? cli->for_badge : cli->as;
    Shift__People people = SHIFT__PEOPLE__INIT;
    people.badge = lq_arena_text(&cli->arena, badge);
    Shift__Query query = SHIFT__QUERY__INIT;
    query.body_case = SHIFT__QUERY__BODY_PEOPLE;
    query.people = &people;
    ProtobufCMessage *message;
    *code = lq_cli_query(cli, "shift", &query.base, &shift__answer__descriptor, &message);
    if (*code != LQ_EXIT_DONE)
        return NULL;
    const Shift__Answer *answer = (const void *)message;
    if (answer->body_case == SHIFT__ANSWER__BODY_PEOPLE && answer->people->n_people == 1 &&
        *answer->people->people[0]->team != '\0')
        return answer->people->people[0]->team;
    *code = lq_cli_usage(cli->command, "which team? %s is in none", badge);
    return NULL;
}

static int report(struct lq_cli *cli, int argc, char **argv, Dispatch__Step step)
{
    int code;
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 2))
        return LQ_EXIT_USAGE;
    Dispatch__ReportStep body = DISPATCH__REPORT_STEP__INIT;
    body.order = argv[0];
    body.team = team_of(cli, argc, argv, &code);
    body.step = step;
    if (body.team == NULL)
        return code;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_REPORT_STEP;
    command.report_step = &body;
    return send(cli, &command);
}

static int acknowledge(struct lq_cli *cli, int argc, char **argv)
{
    return report(cli, argc, argv, DISPATCH__STEP__ACKNOWLEDGED);
}

static int depart(struct lq_cli *cli, int argc, char **argv)
{
    return report(cli, argc, argv, DISPATCH__STEP__DEPARTED);
}

static int arrive(struct lq_cli *cli, int argc, char **argv)
{
    return report(cli, argc, argv, DISPATCH__STEP__ON_SCENE);
}

static int finish(struct lq_cli *cli, int argc, char **argv)
{
    return report(cli, argc, argv, DISPATCH__STEP__FINISHED);
}

// Why it is declined or cancelled: --why; a --reason says it too, unless that is why one person
// acts for another.
static char *take_why(struct lq_cli *cli, int *argc, char **argv)
{
    char *why = lq_cli_text(argc, argv, "--why");
    if (*why != '\0' || cli->reason == NULL || cli->for_badge != NULL)
        return why;
    return lq_arena_text(&cli->arena, cli->reason);
}

static int decline(struct lq_cli *cli, int argc, char **argv)
{
    int code;
    Dispatch__DeclineOrder body = DISPATCH__DECLINE_ORDER__INIT;
    body.why = take_why(cli, &argc, argv);
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 2))
        return LQ_EXIT_USAGE;
    if (*body.why == '\0')
        return lq_cli_usage(cli->command, "a team that declines says why: --why TEXT");
    body.order = argv[0];
    body.team = team_of(cli, argc, argv, &code);
    if (body.team == NULL)
        return code;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_DECLINE_ORDER;
    command.decline_order = &body;
    return send(cli, &command);
}

static int cancel(struct lq_cli *cli, int argc, char **argv)
{
    Dispatch__CancelOrder body = DISPATCH__CANCEL_ORDER__INIT;
    body.why = take_why(cli, &argc, argv);
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    if (*body.why == '\0')
        return lq_cli_usage(cli->command, "an order is cancelled with a reason: --why TEXT");
    body.order = argv[0];
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_CANCEL_ORDER;
    command.cancel_order = &body;
    return send(cli, &command);
}

static int join(struct lq_cli *cli, int argc, char **argv)
{
    Dispatch__RecordParticipant body = DISPATCH__RECORD_PARTICIPANT__INIT;
    if (!lq_cli_arguments(cli->command, argc, argv, 3, 3))
        return LQ_EXIT_USAGE;
    body.order = argv[0];
    body.team = argv[1];
    body.badge = argv[2];
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_RECORD_PARTICIPANT;
    command.record_participant = &body;
    return send(cli, &command);
}

// ---------------------------------------------------------------- list

// How far a team is; what has not been answered stands out, what is done does not.
static const char *mark(const Dispatch__Order *order, const Dispatch__Assignment *a)
{
    if (a->declined_at_ms != 0)
        return " ✗declined";
    switch (a->step) {
    case DISPATCH__STEP__ACKNOWLEDGED:
        return " ✓ack";
    case DISPATCH__STEP__DEPARTED:
        return " →moving";
    case DISPATCH__STEP__ON_SCENE:
        return " ●scene";
    case DISPATCH__STEP__FINISHED:
        return "■";
    case DISPATCH__STEP__STEP_UNSPECIFIED:
    case _DISPATCH__STEP_IS_INT_SIZE:
        break;
    }
    return order->cancelled_at_ms != 0 ? " -" : " ?";
}

static void add_teams(struct lq_output *output, const Dispatch__Order *order)
{
    char text[2048];
    size_t used = 0;
    *text = '\0';
    if (order->cancelled_at_ms != 0)
        used = (size_t)snprintf(text, sizeof text, "(cancelled)");
    for (size_t i = 0; i < order->n_assignments && used < sizeof text - 1; i++) {
        const Dispatch__Assignment *a = order->assignments[i];
        const int wrote = snprintf(text + used, sizeof text - used, "%s%s%s", used > 0 ? " " : "",
                                   a->team, mark(order, a));
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    lq_output_text(output, text);
}

// The line is short and the marks matter most: this year goes without saying.
static void add_issued(struct lq_output *output, int64_t at_ms)
{
    enum { YEAR = 5, DAY_AND_MINUTE = 16 }; // characters of "2015-" and "2015-03-06 13:14"
    char text[LQ_TIME_TEXT], now[LQ_TIME_TEXT];
    lq_format_local(at_ms, text);
    lq_format_local(lq_wall_ms(), now);
    text[DAY_AND_MINUTE] = '\0';
    lq_output_text(output, strncmp(text, now, YEAR) == 0 ? text + YEAR : text);
}

static const struct lq_column ORDER_COLUMNS[] = {
    {.key = "order", .title = "ORDER", .whole = true},
    {.key = "issued_at", .title = "ISSUED", .whole = true},
    {.key = "priority", .title = "PRIO", .whole = true},
    {.key = "kind", .title = "KIND"},
    {.key = "target_name", .title = "TARGET"},
    {.key = "township", .title = "TOWNSHIP"},
    {.key = "teams", .title = "TEAMS", .whole = true},
};

static void order_row(struct lq_output *output, const void *row)
{
    const Dispatch__Order *order = row;
    lq_output_text(output, order->number);
    add_issued(output, order->issued_at_ms);
    lq_output_word(output, &dispatch__priority__descriptor, (int)order->priority);
    lq_output_text(output, order->kind);
    lq_output_text(output, *order->target_name != '\0' ? order->target_name : order->target);
    lq_output_text(output, order->township);
    add_teams(output, order);
}

static int list(struct lq_cli *cli, int argc, char **argv)
{
    Dispatch__ListOrders asked = DISPATCH__LIST_ORDERS__INIT;
    Dispatch__Query query = DISPATCH__QUERY__INIT;
    query.body_case = DISPATCH__QUERY__BODY_LIST;
    query.list = &asked;
    struct lq_list list = {.service = "dispatch",
                           .query = &query.base,
                           .answer = &dispatch__answer__descriptor,
                           .columns = ORDER_COLUMNS,
                           .column_count = sizeof ORDER_COLUMNS / sizeof *ORDER_COLUMNS,
                           .row = order_row};
    const bool all = lq_cli_flag(&argc, argv, "--all");
    const bool open = lq_cli_flag(&argc, argv, "--open");
    asked.team = lq_cli_text(&argc, argv, "--team");
    asked.unanswered = lq_cli_flag(&argc, argv, "--unanswered");
    if (!lq_cli_instant_option(cli->command, &argc, argv, "--from", false, &asked.from_ms) ||
        !lq_cli_instant_option(cli->command, &argc, argv, "--to", true, &asked.to_ms) ||
        !lq_cli_number_option(cli->command, &argc, argv, "--limit", &list.limit) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    asked.open = open || (!all && asked.from_ms == 0 && asked.to_ms == 0);
    return lq_cli_list(cli, &list);
}

// ---------------------------------------------------------------- show

static const char *state(const Dispatch__Order *order, const Dispatch__Assignment *a)
{
    const char *text = mark(order, a);
    return a->step == DISPATCH__STEP__FINISHED ? "■done" : text + (*text == ' ');
}

// A team's times are on the order's day, or nearly: the date is told where it is another.
static void add_time(struct lq_output *output, int64_t at_ms, int64_t issued_at_ms)
{
    enum { YEAR = 5, DATE = 11 }; // characters of "2015-" and "2015-03-06 "
    char text[LQ_TIME_TEXT];
    if (at_ms == 0) {
        lq_output_none(output);
        return;
    }
    lq_format_local(at_ms, text);
    const bool same_day = lq_day_of(at_ms) == lq_day_of(issued_at_ms);
    lq_output_text(output, text + (same_day ? DATE : YEAR));
}

static int show_teams(struct lq_cli *cli, const Dispatch__Order *order)
{
    static const struct lq_column COLUMNS[] = {
        {.key = "team", .title = "TEAM", .whole = true},
        {.key = "state", .title = "STATE", .whole = true},
        {.key = "acknowledged_at", .title = "ACK", .whole = true},
        {.key = "departed_at", .title = "DEPARTED", .whole = true},
        {.key = "on_scene_at", .title = "ON SCENE", .whole = true},
        {.key = "finished_at", .title = "FINISHED", .whole = true},
        {.key = "declined_at", .title = "DECLINED", .whole = true},
        {.key = "decline_reason", .title = "WHY"},
        {.key = "last_by", .title = "BY", .whole = true},
    };
    struct lq_output *output = lq_output_new(COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (size_t i = 0; i < order->n_assignments; i++) {
        const Dispatch__Assignment *a = order->assignments[i];
        lq_output_text(output, a->team);
        lq_output_text(output, state(order, a));
        add_time(output, a->acknowledged_at_ms, order->issued_at_ms);
        add_time(output, a->departed_at_ms, order->issued_at_ms);
        add_time(output, a->on_scene_at_ms, order->issued_at_ms);
        add_time(output, a->finished_at_ms, order->issued_at_ms);
        add_time(output, a->declined_at_ms, order->issued_at_ms);
        lq_output_text(output, a->decline_reason);
        lq_output_text(output, a->last_by);
    }
    puts("\nteams:");
    return lq_cli_print(cli, output);
}

static int show(struct lq_cli *cli, int argc, char **argv)
{
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    Dispatch__ShowOrder asked = DISPATCH__SHOW_ORDER__INIT;
    asked.number = argv[0];
    Dispatch__Query query = DISPATCH__QUERY__INIT;
    query.body_case = DISPATCH__QUERY__BODY_SHOW;
    query.show = &asked;
    ProtobufCMessage *message;
    int code = lq_cli_query(cli, "dispatch", &query.base, &dispatch__answer__descriptor, &message);
    if (code != LQ_EXIT_DONE)
        return code;
    Dispatch__OrderFile *file = ((Dispatch__Answer *)message)->file;
    if (file->order == NULL) {
        lq_cli_say("there is no order %s (lq order list --all lists them)", argv[0]);
        return LQ_EXIT_REFUSED;
    }
    if (cli->format != LQ_FORMAT_TABLE)
        return lq_cli_show(cli, &file->base);
    lq_show_fields(cli, &file->base);
    code = show_teams(cli, file->order);
    file->order = NULL; // what is left are the participants
    return code == LQ_EXIT_DONE ? lq_show_tables(cli, &file->base) : code;
}

// ---------------------------------------------------------------- the commands

static const char ISSUE_HELP[] =
    "  --kind KIND            raid, patrol, demolition, …\n"
    "  --target NUMBER        the premises, as the ledger numbers it\n"
    "  --team TEAM            once for each team\n"
    "  --priority PRIORITY    flash, urgent or routine (default: routine)\n"
    "  --vehicles N, --machines N\n"
    "  --instructions TEXT\n"
    "  --number NUMBER        the order's own number (default: the next)\n"
    "  --override             a commander sends a team that is off duty or engaged; with --reason\n"
    "  lq order issue --as P1005 --kind raid --target E0001 --priority urgent --team T01 --team "
    "T02\n";

static const char LIST_HELP[] =
    "  --all                  finished and cancelled ones too (default: only open ones)\n"
    "  --open                 only open ones, also with --from or --to\n"
    "  --team TEAM            addressed to this team\n"
    "  --unanswered           at least one team has not answered\n"
    "  --from TIME, --to TIME issued in this time, open or not; a day is meant to its end\n"
    "  --limit N              at most so many (default: all)\n"
    "  Teams: ? not answered, ✓ acknowledged, → moving, ● on scene, ■ done, ✗ declined\n";

static const char REPORT_HELP[] =
    "  TEAM is that of the person who signs on, or of --for BADGE, if it is not given.\n"
    "  A desk answers for a lead: --for P1023 --reason \"by radio\"\n";

static const char DECLINE_HELP[] =
    "  --why TEXT             why the team cannot go\n"
    "  TEAM is that of the person who signs on, or of --for BADGE, if it is not given.\n";

static const char CANCEL_HELP[] = "  --why TEXT             why it is cancelled\n";

const struct lq_cli_command lq_order_commands[] = {
    {"order", "issue", "--kind KIND --target NUMBER --team TEAM...", "issue an order to teams",
     ISSUE_HELP, issue},
    {"order", "list", "[--all] [--team TEAM] [--unanswered]", "orders, the latest first", LIST_HELP,
     list},
    {"order", "show", "ORDER", "an order, its teams' answers, who took part", NULL, show},
    {"order", "ack", "ORDER [TEAM]", "acknowledge an order (签收)", REPORT_HELP, acknowledge},
    {"order", "depart", "ORDER [TEAM]", "the team is on its way (出发)", REPORT_HELP, depart},
    {"order", "arrive", "ORDER [TEAM]", "the team is on scene (到场)", REPORT_HELP, arrive},
    {"order", "finish", "ORDER [TEAM]", "the team has finished (完成)", REPORT_HELP, finish},
    {"order", "decline", "ORDER [TEAM] --why TEXT", "the team cannot go", DECLINE_HELP, decline},
    {"order", "cancel", "ORDER --why TEXT", "cancel an order", CANCEL_HELP, cancel},
    {"order", "join", "ORDER TEAM BADGE", "record that somebody took part (人次)", NULL, join},
    {0},
};
