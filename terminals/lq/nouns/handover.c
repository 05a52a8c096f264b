// lq handover, and lq shift handover: the outgoing desk chief freezes the list of what is open, the
// incoming one reads it and signs for it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/time.h"
#include "client/client.h"
#include "dispatch.pb-c.h"
#include "lq/cli/things.h"
#include "lq/nouns/due.h"
#include "lq/nouns/handover.h"
#include "lq/nouns/nouns.h"
#include "lq/nouns/order.h"
#include "lq/show/list.h"
#include "lq/show/next.h"
#include "lq/show/paragraph.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "rules/clocks.h"

// ---------------------------------------------------------------- asking

int lq_handover_ask(struct lq_cli *cli, const char *number, const Dispatch__HandoverFile **file)
{
    Dispatch__ShowHandover show = DISPATCH__SHOW_HANDOVER__INIT;
    Dispatch__Query query = DISPATCH__QUERY__INIT;
    show.number = lq_unconst(number != NULL ? number : "");
    query.body_case = DISPATCH__QUERY__BODY_HANDOVER;
    query.handover = &show;
    ProtobufCMessage *answer;
    int code = lq_cli_connect(cli);
    if (code == LQ_EXIT_DONE)
        code = lq_cli_query(cli, "dispatch", &query.base, &dispatch__answer__descriptor, &answer);
    if (code == LQ_EXIT_DONE)
        *file = ((const Dispatch__Answer *)answer)->handover;
    return code;
}

// ---------------------------------------------------------------- showing a list

static void add_teams(struct lq_output *output, const void *row)
{
    const Dispatch__HandoverOrder *order = row;
    char text[2048] = "";
    size_t used = 0;
    bool alert = false;
    for (size_t i = 0; i < order->n_teams && used < sizeof text - 1; i++) {
        const Dispatch__HandoverTeam *team = order->teams[i];
        const bool silent = team->at_work && team->step == DISPATCH__STEP__STEP_UNSPECIFIED;
        const char *mark = team->at_work || team->step == DISPATCH__STEP__FINISHED
                               ? lq_order_mark(team->step)
                               : " ✗";
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s", used > 0 ? " " : "",
                                 team->team, mark);
        alert = alert || silent;
    }
    lq_output_text(output, text);
    lq_output_mark(output, alert ? LQ_ALERT : LQ_PLAIN);
}

static const struct lq_column ORDERS[] = {
    LQ_COLUMN("ORDER", "指令", "number", .whole = true),
    LQ_COLUMN("PRIO", "等级", "priority", .whole = true),
    LQ_COLUMN("TARGET", "目标", "target_name", .tail = true),
    LQ_COLUMN("TEAMS", "各组", NULL, .cell = add_teams, .whole = true),
    {0},
};

// Who of a team that is out took part, as far as it was recorded when the list was frozen.
static void add_people(struct lq_output *output, const void *row)
{
    const Dispatch__HandoverPart *part = row;
    struct lq_arena arena = {0};
    const char *text = "";
    for (size_t i = 0; i < part->n_people; i++)
        text = lq_arena_format(&arena, "%s%s%s", text, i > 0 ? " " : "", part->people[i]);
    lq_output_text(output, text);
    lq_arena_free(&arena);
}

static const struct lq_column OUT[] = {
    LQ_COLUMN("ORDER", "指令", "order", .whole = true),
    LQ_COLUMN("TEAM", "组", "team", .whole = true),
    LQ_COLUMN("STEP", "进展", "step", .whole = true),
    LQ_COLUMN("PEOPLE", "人员", NULL, .cell = add_people),
    {0},
};

static const struct lq_column CALLS[] = {
    LQ_COLUMN("CALL", "呼叫", "number", .whole = true),
    LQ_COLUMN("PRIO", "等级", "priority", .whole = true),
    LQ_COLUMN("WHAT", "事由", "what"),
    {0},
};

static void add_thing(struct lq_output *output, const void *row)
{
    const Dispatch__HandoverTerm *term = row;
    lq_output_thing(output, term->kind, term->number);
}

// What ends at midnight ends with the day before.
static void add_end(struct lq_output *output, const void *row)
{
    const int64_t due_ms = ((const Dispatch__HandoverTerm *)row)->due_ms;
    const int32_t last_day = lq_day_of(due_ms - 1);
    if (lq_day_start_ms(last_day + 1) == due_ms)
        lq_output_day(output, last_day);
    else
        lq_output_minute(output, due_ms);
}

static const struct lq_column TERMS[] = {
    LQ_COLUMN("ENDS", "期满", NULL, .cell = add_end, .whole = true),
    LQ_COLUMN("OF", "事项", NULL, .cell = add_thing, .whole = true),
    LQ_COLUMN("RULE", "规定", "rule", .whole = true),
    {0},
};

static int print_rows(struct lq_cli *cli, const char *title, const struct lq_column *columns,
                      void *rows, size_t count)
{
    struct lq_list_rows list = {.rows = rows, .count = count};
    printf("\n%s\n", title);
    return lq_list_print(cli, &(struct lq_list){.columns = columns}, &list);
}

static int print_who_is_out(struct lq_cli *cli, const Dispatch__HandoverList *list)
{
    struct lq_list_rows rows = {0};
    for (size_t i = 0; i < list->n_orders; i++)
        for (size_t j = 0; j < list->orders[i]->n_teams; j++) {
            const Dispatch__HandoverTeam *team = list->orders[i]->teams[j];
            if (team->n_people == 0)
                continue;
            Dispatch__HandoverPart *part = LQ_NEW(&cli->arena, Dispatch__HandoverPart);
            dispatch__handover_part__init(part);
            part->order = list->orders[i]->number;
            part->team = team->team;
            part->step = team->step;
            part->people = team->people;
            part->n_people = team->n_people;
            lq_list_add(cli, &rows, &part->base);
        }
    return rows.count > 0
               ? print_rows(cli, lq_tr("people who are out:"), OUT, rows.rows, rows.count)
               : LQ_EXIT_DONE;
}

static int print_list(struct lq_cli *cli, const Dispatch__HandoverList *list)
{
    int code = print_rows(cli, lq_tr("open orders:"), ORDERS, list->orders, list->n_orders);
    if (code == LQ_EXIT_DONE)
        code = print_who_is_out(cli, list);
    if (code == LQ_EXIT_DONE && list->n_calls > 0)
        code = print_rows(cli, lq_tr("calls that wait:"), CALLS, list->calls, list->n_calls);
    if (code == LQ_EXIT_DONE && list->n_terms > 0)
        code = print_rows(cli, lq_tr("terms that are over or end in the coming shift:"), TERMS,
                          list->terms, list->n_terms);
    if (list->notes[0] != '\0')
        lq_paragraph("\n%s %s\n", lq_tr("notes:"), list->notes);
    return code;
}

// What is open now stands below, where it is not what was frozen.
static int show(struct lq_cli *cli, const ProtobufCMessage *answer)
{
    const Dispatch__HandoverFile *file = (const void *)answer;
    if (cli->format != LQ_FORMAT_TABLE)
        return lq_cli_show(cli, answer);
    Dispatch__Handover head = *file->handover;
    head.list = NULL;
    lq_show_fields(cli, &head.base);
    if (file->in_charge[0] != '\0')
        printf("%s %s\n", lq_tr("the desk is with"), file->in_charge);
    int code = LQ_EXIT_DONE;
    if (file->handover->list != NULL)
        code = print_list(cli, file->handover->list);
    if (code == LQ_EXIT_DONE && file->stale) {
        lq_paragraph("\n%s\n", lq_tr("The list is out of date. What is open now:"));
        code = print_list(cli, file->now);
    } else if (code == LQ_EXIT_DONE && file->handover->list == NULL) {
        if (file->handover->on_paper)
            printf("%s\n",
                   lq_tr("It was signed on paper: what was open then is not recorded here."));
        else
            code = print_list(cli, file->now);
    }
    if (code == LQ_EXIT_DONE)
        lq_next_show(cli);
    return code;
}

// ---------------------------------------------------------------- freezing

enum { TERMS_MOST = 200, SHIFT_HOURS = 13, SERVICES_MOST = 16 };

struct gathered {
    Dispatch__FreezeHandover *freeze;
    int64_t until_ms;
};

// Those that end in the coming shift, and those that are over; what they say of the desk's own
// orders, the list of orders says.
static void add_terms(struct lq_cli *cli, struct gathered *to, const struct lq_service *service,
                      const struct lq_list_rows *rows)
{
    for (size_t i = 0; i < rows->count && to->freeze->n_terms < TERMS_MOST; i++) {
        const Rules__Clock *clock = (const void *)rows->rows[i];
        if (clock->due_ms == 0 || clock->due_ms > to->until_ms ||
            strcmp(service->name, "dispatch") == 0)
            continue;
        Dispatch__HandoverTerm *term = LQ_NEW(&cli->arena, Dispatch__HandoverTerm);
        dispatch__handover_term__init(term);
        term->service = lq_unconst(service->name);
        term->kind = clock->kind;
        term->number = clock->number;
        term->rule = clock->rule;
        term->due_ms = clock->due_ms;
        to->freeze->terms[to->freeze->n_terms++] = term;
    }
}

static void add_position(struct lq_cli *cli, struct gathered *to, const struct lq_service *service)
{
    if (to->freeze->n_positions == SERVICES_MOST)
        return;
    Dispatch__HandoverPosition *position = LQ_NEW(&cli->arena, Dispatch__HandoverPosition);
    dispatch__handover_position__init(position);
    position->service = lq_unconst(service->name);
    position->sequence = lq_client_position(cli->client, service->name);
    to->freeze->positions[to->freeze->n_positions++] = position;
}

static int by_end(const void *left, const void *right)
{
    const Dispatch__HandoverTerm *a = *(const Dispatch__HandoverTerm *const *)left,
                                 *b = *(const Dispatch__HandoverTerm *const *)right;
    return (a->due_ms > b->due_ms) - (a->due_ms < b->due_ms);
}

static int gather_terms(struct lq_cli *cli, struct gathered *to)
{
    Rules__AskClocks ending = RULES__ASK_CLOCKS__INIT, over = RULES__ASK_CLOCKS__INIT;
    struct lq_ask_all first, then;
    ending.limit = over.limit = TERMS_MOST;
    ending.within_day = lq_day_of(to->until_ms);
    over.overdue = true;
    int code = lq_due_ask_all(cli, &ending, TERMS_MOST, &first);
    for (size_t i = 0; i < first.count; i++)
        add_position(cli, to, first.all[i].service);
    if (code == LQ_EXIT_DONE)
        code = lq_due_ask_all(cli, &over, TERMS_MOST, &then);
    for (size_t i = 0; code == LQ_EXIT_DONE && i < first.count; i++) {
        add_terms(cli, to, first.all[i].service, &first.all[i].rows);
        add_terms(cli, to, then.all[i].service, &then.all[i].rows);
    }
    if (to->freeze->n_terms > 1)
        qsort(to->freeze->terms, to->freeze->n_terms, sizeof *to->freeze->terms, by_end);
    return code;
}

static int freeze(struct lq_cli *cli)
{
    const char *shift = lq_given_text(cli, "SHIFT"), *notes = lq_given_text(cli, "--notes");
    Dispatch__FreezeHandover command = DISPATCH__FREEZE_HANDOVER__INIT;
    struct gathered to = {.freeze = &command,
                          .until_ms = lq_wall_ms() + (int64_t)SHIFT_HOURS * 3600 * 1000};
    command.handover = lq_unconst(shift != NULL ? shift : "");
    command.notes = lq_unconst(notes != NULL ? notes : "");
    command.terms = LQ_NEW_ARRAY(&cli->arena, Dispatch__HandoverTerm *, TERMS_MOST);
    command.positions = LQ_NEW_ARRAY(&cli->arena, Dispatch__HandoverPosition *, SERVICES_MOST);
    const int code = gather_terms(cli, &to);
    return code == LQ_EXIT_DONE ? lq_verb_send(cli, &command.base) : code;
}

// ---------------------------------------------------------------- signing, or not

// Which list: the one that was typed, else the one that is read out here.
static int find_list(struct lq_cli *cli, const char **shift, uint32_t *list)
{
    const Dispatch__HandoverFile *file = NULL;
    const char *given = lq_given_text(cli, "SHIFT");
    *shift = given != NULL ? given : "";
    *list = (uint32_t)lq_given_number(cli, "--list");
    if (*list != 0)
        return LQ_EXIT_DONE;
    int code = lq_handover_ask(cli, given, &file);
    const bool is_frozen = code == LQ_EXIT_DONE && file->handover != NULL &&
                           file->handover->state == DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN;
    if (!is_frozen)
        return code; // the service says that there is none, or why not
    *shift = file->handover->number;
    *list = file->handover->lists;
    if (cli->format == LQ_FORMAT_TABLE && !cli->quiet && file->handover->list != NULL) {
        lq_paragraph(lq_tr("list %u of shift %s, frozen by %s:\n"), *list, *shift,
                     file->handover->frozen_by);
        code = print_list(cli, file->handover->list);
        printf("\n");
    }
    return code;
}

static int sign(struct lq_cli *cli)
{
    Dispatch__SignHandover command = DISPATCH__SIGN_HANDOVER__INIT;
    const char *shift = lq_given_text(cli, "SHIFT"), *outgoing = lq_given_text(cli, "--outgoing");
    const int code =
        outgoing == NULL ? find_list(cli, &shift, &command.list) : LQ_EXIT_DONE; // none was read
    command.handover = lq_unconst(shift != NULL ? shift : "");
    command.outgoing = lq_unconst(outgoing != NULL ? outgoing : "");
    return code == LQ_EXIT_DONE ? lq_verb_send(cli, &command.base) : code;
}

static int refuse(struct lq_cli *cli)
{
    Dispatch__RefuseHandover command = DISPATCH__REFUSE_HANDOVER__INIT;
    const char *shift, *why = lq_given_text(cli, "--why");
    const int code = find_list(cli, &shift, &command.list);
    command.handover = lq_unconst(shift);
    command.why = lq_unconst(why != NULL ? why : "");
    return code == LQ_EXIT_DONE ? lq_verb_send(cli, &command.base) : code;
}

// ---------------------------------------------------------------- the verbs

static const struct lq_column HANDOVERS[] = {
    LQ_COLUMN("SHIFT", "班次", "number", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("DUE", "交班时间", "due_ms", .whole = true),
    LQ_COLUMN("FROM", "交班人", "frozen_by", .whole = true),
    LQ_COLUMN("TO", "接班人", "signed_by", .whole = true),
    LQ_COLUMN("SIGNED", "签字时间", "signed_at_ms", .whole = true),
    {0},
};

#define SHIFT_POSITION LQ_POSITION("SHIFT", NULL, LQ_MAY, .kind = LQ_TEXT)
#define LIST_OPTION                                                                                \
    LQ_OPTION("--list", "N", NULL, LQ_MAY, "which list was read (default: the last)",              \
              "所阅清单的次数（默认最后一次）", .kind = LQ_NUMBER)

static const struct lq_arg FREEZE[] = {
    SHIFT_POSITION,
    LQ_OPTION("--notes", "TEXT", NULL, LQ_SHOWN, "what the next shift must know", "交班事项",
              .kind = LQ_TEXT),
    {0},
};
static const struct lq_arg SIGN[] = {
    SHIFT_POSITION,
    LIST_OPTION,
    LQ_OPTION("--outgoing", "BADGE", NULL, LQ_MAY,
              "of one that was signed on paper: who handed over (the office, --for and --at)",
              "补录纸质交接：交班人（由内勤办理，另填 --for、--at）", .kind = LQ_TEXT),
    {0},
};
static const struct lq_arg REFUSE[] = {
    SHIFT_POSITION,
    LIST_OPTION,
    LQ_OPTION("--why", "TEXT", NULL, LQ_MUST, "what is wrong with the list", "清单有何不符",
              .kind = LQ_TEXT, .otherwise = lq_order_find_why),
    {0},
};
static const struct lq_arg SHOW[] = {LQ_POSITION("SHIFT", "number", LQ_MAY), {0}};
static const struct lq_arg LIST[] = {LQ_LIMIT_OPTION, {0}};

const struct lq_verb lq_handover_verbs[] = {
    LQ_VERB("handover", "freeze", "freeze the list of what is open (the outgoing desk chief)",
            "锁定交班清单（交班值班长）", FREEZE, .word = "锁定",
            LQ_SENDS("dispatch", "freeze_handover"), .run = freeze),
    LQ_VERB("handover", "sign", "sign for the list (the incoming desk chief)",
            "接班签字（接班值班长）", SIGN, .word = "签字", LQ_SENDS("dispatch", "sign_handover"),
            .run = sign),
    LQ_VERB("handover", "refuse", "do not sign for the list, and say why", "拒签交班清单，说明原因",
            REFUSE, .word = "拒签", LQ_SENDS("dispatch", "refuse_handover"),
            .needs = {"why is it not signed for? --why", "为何拒签？--why"}, .run = refuse),
    LQ_VERB("handover", "show", "what goes over to the next shift", "交接班清单", SHOW,
            LQ_ASKS_FOR("dispatch", "handover"), .show = show, .offline = true,
            .absent = {"no shift is being handed over", "没有待交接的班次"}),
    LQ_VERB("handover", "list", "who handed over to whom", "历次交接班", LIST,
            LQ_ASKS_FOR("dispatch", "handovers"), .columns = HANDOVERS),
    {0},
};

// lq shift handover sign: the same verbs behind the shift's noun.
int lq_shift_handover(struct lq_cli *cli, int argc, char **argv)
{
    const char *named = argc > 0 ? argv[0] : "show";
    for (const struct lq_verb *verb = lq_handover_verbs; verb->noun != NULL; verb++)
        if (strcmp(verb->verb, named) == 0) {
            cli->verb = verb;
            const int taken = argc > 0;
            return lq_verb_run(cli, argc - taken, argv + taken);
        }
    return lq_cli_usage(cli,
                        "a handover is frozen, signed, refused, shown or listed: freeze, "
                        "sign, refuse, show, list; not \"%s\"",
                        named);
}
