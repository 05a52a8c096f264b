// lq seizure: equipment that was taken out of use, its seals and their terms, and closed sites.
#include <string.h>

#include "base/clock.h"
#include "base/time.h"
#include "lq/show/list.h"
#include "lq/show/words.h"
#include "seizure.pb-c.h"

static int send(struct lq_cli *cli, const Seizure__Command *command)
{
    return lq_cli_command(cli, "seizure", &command->base);
}

// ---------------------------------------------------------------- list, show, closures

static const struct lq_column ITEM_COLUMNS[] = {
    {.key = "item", .title = "ITEM", .whole = true},
    {.key = "day", .title = "TAKEN", .whole = true},
    {.key = "kind", .title = "KIND"},
    {.key = "seal", .title = "SEAL", .whole = true},
    {.key = "state", .title = "STATE", .whole = true},
    {.key = "last_day", .title = "LAST DAY", .whole = true},
    {.key = "target", .title = "TARGET", .whole = true},
};

static void item_row(struct lq_output *output, const void *row)
{
    const Seizure__Item *item = row;
    lq_output_text(output, item->number);
    lq_output_day(output, lq_day_of(item->at_ms));
    lq_output_text(output, item->kind);
    lq_output_text(output, item->seal);
    lq_output_word(output, &seizure__state__descriptor, (int)item->state);
    lq_output_day(output, item->due_ms != 0 ? lq_day_of(item->due_ms - 1) : 0);
    lq_output_text(output, item->target);
}

static int list(struct lq_cli *cli, int argc, char **argv)
{
    Seizure__ListItems asked = SEIZURE__LIST_ITEMS__INIT;
    Seizure__Query query = SEIZURE__QUERY__INIT;
    query.body_case = SEIZURE__QUERY__BODY_LIST;
    query.list = &asked;
    struct lq_list list = {.service = "seizure",
                           .query = &query.base,
                           .answer = &seizure__answer__descriptor,
                           .columns = ITEM_COLUMNS,
                           .column_count = sizeof ITEM_COLUMNS / sizeof *ITEM_COLUMNS,
                           .row = item_row};
    int action = 0, state = 0;
    uint32_t days = 0;
    asked.kind = lq_cli_text(&argc, argv, "--kind");
    asked.target = lq_cli_text(&argc, argv, "--target");
    if (!lq_cli_enum_option(cli->command, &argc, argv, "--action", &seizure__action__descriptor,
                            &action) ||
        !lq_cli_enum_option(cli->command, &argc, argv, "--state", &seizure__state__descriptor,
                            &state) ||
        !lq_cli_instant_option(cli->command, &argc, argv, "--due-before", false,
                               &asked.due_before_ms) ||
        !lq_cli_number_option(cli->command, &argc, argv, "--due-in", &days) ||
        !lq_cli_number_option(cli->command, &argc, argv, "--limit", &list.limit) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    if (days > 0)
        asked.due_before_ms = lq_wall_ms() + days * LQ_DAY_MS;
    asked.action = (Seizure__Action)action;
    asked.state = (Seizure__State)state;
    return lq_cli_list(cli, &list);
}

static int show(struct lq_cli *cli, int argc, char **argv)
{
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    Seizure__ShowItem asked = SEIZURE__SHOW_ITEM__INIT;
    asked.number = argv[0];
    Seizure__Query query = SEIZURE__QUERY__INIT;
    query.body_case = SEIZURE__QUERY__BODY_SHOW;
    query.show = &asked;
    ProtobufCMessage *message;
    const int code =
        lq_cli_query(cli, "seizure", &query.base, &seizure__answer__descriptor, &message);
    if (code != LQ_EXIT_DONE)
        return code;
    const Seizure__Item *item = ((const Seizure__Answer *)message)->file->item;
    if (item != NULL)
        return lq_cli_show(cli, &item->base);
    lq_cli_say("there is no item %s (lq seizure list lists them)", argv[0]);
    return LQ_EXIT_REFUSED;
}

static const struct lq_column CLOSURE_COLUMNS[] = {
    {.key = "site", .title = "SITE", .whole = true},
    {.key = "at", .title = "CLOSED", .whole = true},
    {.key = "kind", .title = "KIND"},
    {.key = "township", .title = "TOWNSHIP"},
    {.key = "order", .title = "ORDER", .whole = true},
    {.key = "by", .title = "BY", .whole = true},
};

static void closure_row(struct lq_output *output, const void *row)
{
    const Seizure__Closure *closure = row;
    lq_output_text(output, closure->site);
    lq_output_minute(output, closure->at_ms);
    lq_output_text(output, closure->kind);
    lq_output_text(output, closure->township);
    lq_output_text(output, closure->order);
    lq_output_text(output, closure->by);
}

static int closures(struct lq_cli *cli, int argc, char **argv)
{
    Seizure__ListClosures asked = SEIZURE__LIST_CLOSURES__INIT;
    Seizure__Query query = SEIZURE__QUERY__INIT;
    query.body_case = SEIZURE__QUERY__BODY_CLOSURES;
    query.closures = &asked;
    struct lq_list list = {.service = "seizure",
                           .query = &query.base,
                           .answer = &seizure__answer__descriptor,
                           .columns = CLOSURE_COLUMNS,
                           .column_count = sizeof CLOSURE_COLUMNS / sizeof *CLOSURE_COLUMNS,
                           .row = closure_row};
    if (!lq_cli_number_option(cli->command, &argc, argv, "--limit", &list.limit) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    return lq_cli_list(cli, &list);
}

// ---------------------------------------------------------------- record, extend, release, close

static int record(struct lq_cli *cli, int argc, char **argv)
{
    Seizure__TakeItem item = SEIZURE__TAKE_ITEM__INIT;
    int action = 0;
    item.order = lq_cli_text(&argc, argv, "--order");
    item.target = lq_cli_text(&argc, argv, "--target");
    item.kind = lq_cli_text(&argc, argv, "--kind");
    item.specification = lq_cli_text(&argc, argv, "--specification");
    item.seal = lq_cli_text(&argc, argv, "--seal");
    item.officer_1 = lq_cli_text(&argc, argv, "--officer");
    item.officer_2 = lq_cli_text(&argc, argv, "--officer");
    if (!lq_cli_enum_option(cli->command, &argc, argv, "--action", &seizure__action__descriptor,
                            &action) ||
        !lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    if (*item.order == '\0' || *item.target == '\0' || *item.kind == '\0' || action == 0)
        return lq_cli_usage(cli->command, "an item needs --order, --target, --kind and --action");
    item.number = argv[0];
    item.action = (Seizure__Action)action;
    Seizure__Command command = SEIZURE__COMMAND__INIT;
    command.body_case = SEIZURE__COMMAND__BODY_TAKE_ITEM;
    command.take_item = &item;
    return send(cli, &command);
}

static int send_number(struct lq_cli *cli, int argc, char **argv, Seizure__Command__BodyCase what)
{
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    Seizure__ItemNumber item = SEIZURE__ITEM_NUMBER__INIT;
    item.number = argv[0];
    Seizure__Command command = SEIZURE__COMMAND__INIT;
    command.body_case = what;
    command.extend_seal = &item; // both members are of this type and share their place
    return send(cli, &command);
}

static int extend(struct lq_cli *cli, int argc, char **argv)
{
    return send_number(cli, argc, argv, SEIZURE__COMMAND__BODY_EXTEND_SEAL);
}

static int release(struct lq_cli *cli, int argc, char **argv)
{
    return send_number(cli, argc, argv, SEIZURE__COMMAND__BODY_RELEASE_SEAL);
}

static int close_site(struct lq_cli *cli, int argc, char **argv)
{
    Seizure__CloseSite site = SEIZURE__CLOSE_SITE__INIT;
    site.order = lq_cli_text(&argc, argv, "--order");
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    if (*site.order == '\0')
        return lq_cli_usage(cli->command, "a site is closed on an order: --order ORDER");
    site.site = argv[0];
    Seizure__Command command = SEIZURE__COMMAND__INIT;
    command.body_case = SEIZURE__COMMAND__BODY_CLOSE_SITE;
    command.close_site = &site;
    return send(cli, &command);
}

// ---------------------------------------------------------------- the commands

static const char LIST_HELP[] =
    "  --action ACTION      dismantled or sealed\n"
    "  --state STATE        out_of_use, in_force, extended, lapsed or released\n"
    "  --kind KIND          cupola, coal_boiler, transformer, …\n"
    "  --target NUMBER      of these premises\n"
    "  --due-before TIME    sealed, not released, and due before\n"
    "  --due-in DAYS        the same, within so many days from now\n"
    "  --limit N            at most so many (default: all)\n";

static const char RECORD_HELP[] =
    "  --order ORDER        on which order\n"
    "  --target NUMBER      at which premises\n"
    "  --kind KIND          cupola, coal_boiler, transformer, …\n"
    "  --specification TEXT 2t, 200kVA, …\n"
    "  --action ACTION      dismantled or sealed\n"
    "  --seal NUMBER        of the seal, if it was sealed\n"
    "  --officer BADGE      twice: two officers must act; one of them reports it\n";

const struct lq_cli_command lq_seizure_commands[] = {
    {"seizure", "list", "[--state STATE] [--due-in DAYS]", "items and the terms of their seals",
     LIST_HELP, list},
    {"seizure", "show", "ITEM", "one item", NULL, show},
    {"seizure", "record", "ITEM --order ORDER --target NUMBER --kind KIND --action ACTION ...",
     "record what was dismantled or sealed", RECORD_HELP, record},
    {"seizure", "extend", "ITEM", "extend a seal's term, once (a commander)", NULL, extend},
    {"seizure", "release", "ITEM", "release a seal (a commander)", NULL, release},
    {"seizure", "close", "SITE --order ORDER", "record that a site was closed (取缔)",
     "  --order ORDER        on which order\n", close_site},
    {"seizure", "closures", "", "the sites that were closed",
     "  --limit N            at most so many (default: all)\n", closures},
    {0},
};
