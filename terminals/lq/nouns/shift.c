// lq shift: who is on duty, the rota, and the people of the force.
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "lq/show/list.h"
#include "lq/nouns/rota.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "shift.pb-c.h"

// ---------------------------------------------------------------- now

static const struct lq_column LEAD_COLUMNS[] = {
    {.key = "team", .title = "TEAM", .whole = true},
    {.key = "lead", .title = "LEAD", .whole = true},
    {.key = "name", .title = "NAME"},
    {.key = "unit", .title = "UNIT"},
    {.key = "phone", .title = "PHONE", .whole = true},
};

static void print_shift(const char *when, const Shift__Shift *shift)
{
    char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    if (shift == NULL)
        printf("%-8s  nobody\n", when);
    else
        printf("%-8s  group %s, %s, %.16s to %.16s\n", when, shift->group, shift->name,
               lq_format_local(shift->starts_at_ms, from), lq_format_local(shift->ends_at_ms, to));
}

static int print_on_duty(struct lq_cli *cli, const Shift__OnDutyAnswer *on)
{
    char at[LQ_TIME_TEXT];
    printf("%-8s  %s\n", "at", lq_format_local(on->at_ms, at));
    print_shift("on duty", on->current);
    print_shift("next", on->next);
    printf("%-8s  %u\n", "people", on->people);
    if (on->n_leads == 0)
        return LQ_EXIT_DONE;
    struct lq_output *output =
        lq_output_new(LEAD_COLUMNS, sizeof LEAD_COLUMNS / sizeof *LEAD_COLUMNS);
    for (size_t i = 0; i < on->n_leads; i++) {
        const Shift__Person *lead = on->leads[i];
        lq_output_text(output, lead->team);
        lq_output_text(output, lead->badge);
        lq_output_text(output, lead->name);
        lq_output_text(output, lead->unit);
        lq_output_text(output, lead->phone);
    }
    putchar('\n');
    return lq_cli_print(cli, output);
}

static int now(struct lq_cli *cli, int argc, char **argv)
{
    if (!lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    Shift__OnDuty asked = SHIFT__ON_DUTY__INIT;
    asked.at_ms = cli->at_ms;
    Shift__Query query = SHIFT__QUERY__INIT;
    query.body_case = SHIFT__QUERY__BODY_ON_DUTY;
    query.on_duty = &asked;
    ProtobufCMessage *message;
    const int code = lq_cli_query(cli, "shift", &query.base, &shift__answer__descriptor, &message);
    if (code != LQ_EXIT_DONE)
        return code;
    const Shift__OnDutyAnswer *on = ((const Shift__Answer *)message)->on_duty;
    return cli->format == LQ_FORMAT_TABLE ? print_on_duty(cli, on) : lq_cli_show(cli, &on->base);
}

// ---------------------------------------------------------------- rota

static const struct lq_column ROTA_COLUMNS[] = {
    {.key = "day", .title = "DAY", .whole = true},
    {.key = "shift", .title = "SHIFT", .whole = true},
    {.key = "group", .title = "GROUP", .whole = true},
    {.key = "starts_at", .title = "STARTS", .whole = true},
    {.key = "ends_at", .title = "ENDS", .whole = true},
};

static void rota_row(struct lq_output *output, const void *row)
{
    const Shift__Shift *shift = row;
    lq_output_day(output, shift->date_day);
    lq_output_text(output, shift->name);
    lq_output_text(output, shift->group);
    lq_output_minute(output, shift->starts_at_ms);
    lq_output_minute(output, shift->ends_at_ms);
}

static int rota(struct lq_cli *cli, int argc, char **argv)
{
    int32_t from = 0, to = 0;
    if (!lq_cli_day_option(cli->command, &argc, argv, "--from", &from) ||
        !lq_cli_day_option(cli->command, &argc, argv, "--to", &to) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    struct lq_list_rows rows = {0};
    const int code = lq_rota_read(cli, from, to, &rows);
    const struct lq_list list = {.columns = ROTA_COLUMNS,
                                 .column_count = sizeof ROTA_COLUMNS / sizeof *ROTA_COLUMNS,
                                 .row = rota_row};
    return code == LQ_EXIT_DONE ? lq_list_print(cli, &list, &rows) : code;
}

// ---------------------------------------------------------------- people

static const struct lq_column PEOPLE_COLUMNS[] = {
    {.key = "badge", .title = "BADGE", .whole = true},
    {.key = "name", .title = "NAME"},
    {.key = "unit", .title = "UNIT"},
    {.key = "role", .title = "ROLE", .whole = true},
    {.key = "team", .title = "TEAM", .whole = true},
    {.key = "group", .title = "GROUP", .whole = true},
    {.key = "phone", .title = "PHONE", .whole = true},
};

static void person_row(struct lq_output *output, const void *row)
{
    const Shift__Person *person = row;
    lq_output_text(output, person->badge);
    lq_output_text(output, person->name);
    lq_output_text(output, person->unit);
    lq_output_word(output, &lq__role__descriptor, (int)person->role);
    lq_output_text(output, person->team);
    lq_output_text(output, person->group);
    lq_output_text(output, person->phone);
}

static int people(struct lq_cli *cli, int argc, char **argv)
{
    Shift__People asked = SHIFT__PEOPLE__INIT;
    Shift__Query query = SHIFT__QUERY__INIT;
    query.body_case = SHIFT__QUERY__BODY_PEOPLE;
    query.people = &asked;
    struct lq_list list = {.service = "shift",
                           .query = &query.base,
                           .answer = &shift__answer__descriptor,
                           .columns = PEOPLE_COLUMNS,
                           .column_count = sizeof PEOPLE_COLUMNS / sizeof *PEOPLE_COLUMNS,
                           .row = person_row};
    int role = 0;
    asked.team = lq_cli_text(&argc, argv, "--team");
    asked.group = lq_cli_text(&argc, argv, "--group");
    if (!lq_cli_enum_option(cli->command, &argc, argv, "--role", &lq__role__descriptor, &role) ||
        !lq_cli_number_option(cli->command, &argc, argv, "--limit", &list.limit) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 1))
        return LQ_EXIT_USAGE;
    if (argc > 0)
        asked.badge = argv[0];
    asked.role = (Lq__Role)role;
    return lq_cli_list(cli, &list);
}

// ---------------------------------------------------------------- register, amend

// Puts what was typed over what the person is.
static bool take_person(struct lq_cli *cli, int *argc, char **argv, Shift__Person *person)
{
    const struct {
        const char *option;
        char **field;
    } texts[] = {{"--name", &person->name},
                 {"--unit", &person->unit},
                 {"--team", &person->team},
                 {"--group", &person->group},
                 {"--phone", &person->phone}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = lq_cli_option(argc, argv, texts[i].option);
        if (text != NULL)
            *texts[i].field = lq_arena_text(&cli->arena, text);
    }
    int role = (int)person->role;
    if (!lq_cli_enum_option(cli->command, argc, argv, "--role", &lq__role__descriptor, &role))
        return false;
    person->role = (Lq__Role)role;
    return lq_cli_arguments(cli->command, *argc, argv, 1, 1);
}

static int register_person(struct lq_cli *cli, int argc, char **argv)
{
    Shift__Person person = SHIFT__PERSON__INIT;
    if (!take_person(cli, &argc, argv, &person))
        return LQ_EXIT_USAGE;
    person.badge = argv[0];
    Shift__Command command = SHIFT__COMMAND__INIT;
    command.body_case = SHIFT__COMMAND__BODY_REGISTER_PERSON;
    command.register_person = &person;
    return lq_cli_command(cli, "shift", &command.base);
}

// What is not given stays as it is: the person is asked for first.
static int amend(struct lq_cli *cli, int argc, char **argv)
{
    Shift__Person typed = SHIFT__PERSON__INIT;
    char *kept[32];
    const int kept_count = argc < 32 ? argc : 32;
    memcpy(kept, argv, (size_t)kept_count * sizeof *kept);
    if (!take_person(cli, &argc, argv, &typed))
        return LQ_EXIT_USAGE;
    Shift__People asked = SHIFT__PEOPLE__INIT;
    asked.badge = argv[0];
    Shift__Query query = SHIFT__QUERY__INIT;
    query.body_case = SHIFT__QUERY__BODY_PEOPLE;
    query.people = &asked;
    ProtobufCMessage *message;
    const int code = lq_cli_query(cli, "shift", &query.base, &shift__answer__descriptor, &message);
    if (code != LQ_EXIT_DONE)
        return code;
    const Shift__PeopleAnswer *found = ((const Shift__Answer *)message)->people;
    if (found->n_people == 0) {
        lq_cli_say("nobody with the badge %s is registered", argv[0]);
        return LQ_EXIT_REFUSED;
    }
    Shift__Person person = *found->people[0];
    int count = kept_count;
    if (!take_person(cli, &count, kept, &person))
        return LQ_EXIT_USAGE;
    Shift__Command command = SHIFT__COMMAND__INIT;
    command.body_case = SHIFT__COMMAND__BODY_AMEND_PERSON;
    command.amend_person = &person;
    return lq_cli_command(cli, "shift", &command.base);
}

// ---------------------------------------------------------------- the commands

static const char PERSON_HELP[] =
    "  --name NAME, --unit UNIT, --phone NUMBER\n"
    "  --role ROLE          commander, desk, liaison, clerk, inspector, admin, lead, officer\n"
    "  --team TEAM          for leads and officers\n"
    "  --group GROUP        the half of the force that shares its shifts\n";

static const char PLAN_HELP[] =
    "  --from DATE          the first day (default: the one behind the last that is planned)\n"
    "  --to DATE            the last day\n"
    "  --first GROUP        which group has the first day, where nothing is planned yet\n"
    "  Groups A and B; day 08:00 to 20:00, night 20:00 to 08:00; they swap every Monday 08:00,\n"
    "  counted on from the last shift that is planned before. Days that are planned stay.\n";

const struct lq_cli_command lq_shift_commands[] = {
    {"shift", "now", "[--at TIME]", "who is on duty, and who is next", NULL, now},
    {"shift", "rota", "[--from DATE] [--to DATE]", "the shifts",
     "  --from DATE, --to DATE   between these days\n", rota},
    {"shift", "people", "[BADGE] [--team TEAM] [--group GROUP] [--role ROLE]",
     "the people of the force",
     "  --team TEAM, --group GROUP, --role ROLE   only these\n"
     "  --limit N            at most so many (default: all)\n",
     people},
    {"shift", "plan", "--to DATE [--from DATE]", "continue the rota", PLAN_HELP, lq_rota_plan},
    {"shift", "register", "BADGE --name NAME --role ROLE ...", "enter somebody", PERSON_HELP,
     register_person},
    {"shift", "amend", "BADGE ...", "change what is entered; the rest stays", PERSON_HELP, amend},
    {0},
};
