// Who does what, and how often: the table of acts, and the words that they share.
#include <stdio.h>

#include "base/assert.h"
#include "pb/pb.h"
#include "sim/work.h"

// ---------------------------------------------------------------- who and what

bool work_chance(struct sim *s, unsigned percent)
{
    return sim_chance(&s->work_dice, percent * 10);
}

unsigned work_pick(struct sim *s, unsigned count)
{
    return (unsigned)sim_throw(&s->work_dice, count);
}

struct sim_terminal *work_person(struct sim *s, const char *badge)
{
    for (unsigned i = 0; i < s->terminal_count; i++)
        if (strcmp(s->terminals[i].badge, badge) == 0)
            return &s->terminals[i];
    lq_panic(__FILE__, __LINE__, "nobody has badge %s", badge);
}

struct sim_terminal *work_anybody(struct sim *s)
{
    return &s->terminals[work_pick(s, s->terminal_count)];
}

struct sim_terminal *work_hand(struct sim *s, struct sim_terminal *own, unsigned clerk,
                               unsigned anybody, struct work_manner *manner)
{
    const unsigned kind = work_pick(s, 100);
    if (kind < clerk) {
        manner->behalf = own->badge;
        manner->reason = "电话";
        return work_person(s, "CLERK");
    }
    return kind < clerk + anybody ? work_anybody(s) : own;
}

const char *work_team(unsigned team)
{
    static const char *const teams[] = {"T01", "T02", "T03", "T04", "T99"};
    return teams[team < WORK_TEAMS ? team : WORK_TEAMS];
}

struct sim_terminal *work_lead(struct sim *s, unsigned team)
{
    static const char *const leads[] = {"L1", "L2", "L3", "L4"};
    return work_person(s, leads[team % WORK_TEAMS]);
}

char *work_number(struct sim *s, const char *stem)
{
    return lq_arena_format(&s->arena, "%s%llu", stem, (unsigned long long)++s->work->serial);
}

const char *work_premises(struct sim *s, unsigned premises)
{
    return lq_arena_format(&s->scratch, "%s%03u", work_is_site(premises) ? "U" : "E", premises);
}

const char *work_township(unsigned premises)
{
    static const char *const townships[] = {"垒头", "商林", "淮镇", "城关"};
    return townships[premises % 4];
}

bool work_is_site(unsigned premises)
{
    return premises % 3 == 2;
}

int64_t work_when(struct sim *s)
{
    const unsigned kind = work_pick(s, 100);
    const int64_t back_ms = sim_between(&s->work_dice, 1, 600) * 60000;
    const int64_t days_ms = sim_between(&s->work_dice, 1, 9) * LQ_DAY_MS;
    if (kind < 70)
        return 0;
    if (kind < 86)
        return s->now_ms - back_ms / 20;
    if (kind < 93)
        return s->now_ms - back_ms;
    if (kind < 98)
        return s->now_ms - days_ms;
    return s->now_ms + back_ms / 10;
}

// ---------------------------------------------------------------- again, and otherwise

static void ask_again(struct sim *s, struct sim_terminal *t, unsigned node, struct lq_span command)
{
    const struct sim_request request = {.node = node, .kind = SIM_COMMAND, .body = command};
    sim_terminal_ask(s, t, &request);
}

static const struct work_sent *some_sent(struct sim *s)
{
    const struct sim_work *w = s->work;
    const unsigned kept = w->sent_count < WORK_SENT ? (unsigned)w->sent_count : WORK_SENT;
    return kept == 0 ? NULL : &w->sent[work_pick(s, kept)];
}

// The same command again, long after it was answered.
static void send_again(struct sim *s)
{
    const struct work_sent *sent = some_sent(s);
    if (sent != NULL)
        ask_again(s, &s->terminals[sent->terminal], sent->node, sent->command);
}

// A terminal that was out of reach sends all that it is not sure of in one request.
static void send_together(struct sim *s)
{
    const struct work_sent *first = some_sent(s);
    struct lq_span commands[WORK_TOGETHER];
    unsigned count = 0;
    for (unsigned i = 0; first != NULL && count < WORK_TOGETHER && i < 4 * WORK_TOGETHER; i++) {
        const struct work_sent *sent = i == 0 ? first : some_sent(s);
        if (sent->terminal == first->terminal && sent->node == first->node)
            commands[count++] = sent->command;
    }
    if (count > 0)
        work_send_commands(s, &s->terminals[first->terminal], first->node, commands, count, NULL);
}

// Somebody else sends what he has overheard.
static void replay_by_other(struct sim *s)
{
    const struct work_sent *sent = some_sent(s);
    struct sim_terminal *other = work_anybody(s);
    if (sent != NULL && sent->answered && other->index != sent->terminal &&
        (other->roles & ~s->terminals[sent->terminal].roles) == 0)
        ask_again(s, other, sent->node, sent->command);
}

// The same id with other bytes.
static void reuse_id(struct sim *s)
{
    const struct work_sent *sent = some_sent(s);
    const char *why = NULL;
    if (sent == NULL || !sent->answered)
        return;
    Lq__Command *command =
        (void *)lq_pb_decode(&s->scratch, &lq__command__descriptor, sent->command, &why);
    LQ_ASSERT(command != NULL);
    command->occurred_at_ms = s->now_ms - 60000;
    ask_again(s, &s->terminals[sent->terminal], sent->node,
              lq_pb_encode(&s->scratch, &command->base));
}

static void send_nonsense(struct sim *s)
{
    Lq__Command command = LQ__COMMAND__INIT;
    uint8_t id[LQ_ID_SIZE] = {1, 2, 3};
    command.id.data = id;
    command.id.len = sizeof id;
    struct sim_terminal *t = work_anybody(s);
    ask_again(s, t, work_pick(s, s->node_count), lq_pb_encode(&s->scratch, &command.base));
}

// ---------------------------------------------------------------- questions

static void ask_board(struct sim *s)
{
    Dispatch__ListOrders list = DISPATCH__LIST_ORDERS__INIT;
    Dispatch__Query q = DISPATCH__QUERY__INIT;
    q.body_case = DISPATCH__QUERY__BODY_LIST;
    q.list = &list;
    list.open = true;
    work_ask(s, work_anybody(s), "dispatch", &q.base);
}

static void ask_figures(struct sim *s)
{
    Stats__Figures figures = STATS__FIGURES__INIT;
    Stats__Query q = STATS__QUERY__INIT;
    q.body_case = STATS__QUERY__BODY_FIGURES;
    q.figures = &figures;
    figures.by = (Stats__By)work_pick(s, 4);
    if (work_chance(s, 50))
        figures.from_day = lq_day_of(s->now_ms) - (int32_t)work_pick(s, 12);
    if (work_chance(s, 50))
        figures.to_day = lq_day_of(s->now_ms) - (int32_t)work_pick(s, 6);
    if (figures.to_day != 0) // thrown already: the same seed goes on as it did
        figures.as_of_ms = s->now_ms - LQ_DAY_MS / 4;
    work_ask(s, work_anybody(s), "stats", &q.base);
}

static void ask_ledger(struct sim *s)
{
    Ledger__CountByStatus count = LEDGER__COUNT_BY_STATUS__INIT;
    Ledger__Query q = LEDGER__QUERY__INIT;
    q.body_case = LEDGER__QUERY__BODY_COUNT;
    q.count = &count;
    if (work_chance(s, 50))
        count.township = lq_unconst(work_township(work_pick(s, 4)));
    work_ask(s, work_anybody(s), "ledger", &q.base);
}

static void ask_lapsed(struct sim *s)
{
    Seizure__ListItems list = SEIZURE__LIST_ITEMS__INIT;
    Seizure__Query q = SEIZURE__QUERY__INIT;
    q.body_case = SEIZURE__QUERY__BODY_LIST;
    q.list = &list;
    list.state = SEIZURE__STATE__LAPSED;
    list.limit = 500;
    work_ask(s, work_anybody(s), "seizure", &q.base);
}

static void ask_tips(struct sim *s)
{
    Tips__ListTips list = TIPS__LIST_TIPS__INIT;
    Tips__Query q = TIPS__QUERY__INIT;
    q.body_case = TIPS__QUERY__BODY_TIPS;
    q.tips = &list;
    work_ask(s, work_anybody(s), "tips", &q.base);
}

// Once more from the beginning, as a terminal does that was switched off.
static void fetch_anew(struct sim *s)
{
    struct sim_terminal *t = work_anybody(s);
    const unsigned node = work_pick(s, s->node_count);
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.max = work_pick(s, 20);
    fetch.after = sim_throw(&s->work_dice, t->seen[node] + 1);
    const struct sim_request request = {
        .node = node, .kind = SIM_FETCH, .body = lq_pb_encode(&s->scratch, &fetch.base)};
    sim_terminal_ask(s, t, &request);
}

// ---------------------------------------------------------------- the table

static void register_some_premises(struct sim *s)
{
    if (work_chance(s, 15))
        work_register_premises(s, work_pick(s, s->work->premises_count)); // known
    else if (s->work->premises_count < WORK_PREMISES)
        work_register_premises(s, s->work->premises_count++);
}

static const struct {
    unsigned weight;
    void (*act)(struct sim *s);
} acts[] = {
    {9, work_issue_order},
    {2, work_issue_old_order},
    {22, work_report_step},
    {4, work_seen},
    {2, work_decline},
    {3, work_cancel},
    {9, work_participant},
    {3, work_take_order},
    {3, work_freeze},
    {3, work_sign},
    {2, work_sign_on_paper},
    {2, work_refuse_list},
    {2, work_amend},
    {1, work_help},
    {2, work_crew},
    {1, work_recount_orders},
    {10, work_take_item},
    {2, work_old_papers},
    {3, work_extend},
    {4, work_release},
    {3, work_pause},
    {14, work_step},
    {8, work_issue_paper},
    {8, work_serve_paper},
    {8, work_issue_sheet},
    {4, work_bulletin},
    {2, work_take_seal},
    {1, work_recount_seals},
    {3, work_close_site},
    {2, work_cut_power},
    {2, work_restore_power},
    {1, work_set_budget},
    {5, work_propose_grant},
    {10, work_grant_step},
    {4, work_notice},
    {3, work_open_case},
    {4, work_case_step},
    {3, work_identify},
    {4, work_read},
    {1, work_ask_readings},
    {8, work_suspect_step},
    {5, work_ledger_step},
    {4, work_supervisor},
    {3, work_replace_supervisor},
    {4, work_stand_in},
    {5, work_post},
    {3, work_ask_some_acceptance},
    {4, work_decide_limit},
    {9, work_limit_step},
    {4, work_acceptance_step},
    {3, work_channel},
    {6, work_retire_channel},
    {5, work_void_channel},
    {12, work_alive},
    {3, register_some_premises},
    {2, work_register_officer},
    {2, work_amend_officer},
    {2, work_leave},
    {1, work_wrong_lead},
    {1, work_wrong_shift},
    {2, work_plan_rota},
    {3, work_tip},
    {6, work_tip_step},
    {2, work_volunteer},
    {2, work_meeting},
    {4, work_issue},
    {3, work_assign_task},
    {9, work_task_step},
    {2, work_interview},
    {2, work_interviews_in_order},
    {3, work_correct_notice},
    {5, work_notice_step},
    {2, work_void_notice},
    {10, work_upload},
    {3, work_upload_whole},
    {1, work_ask_upload},
    {3, work_attach},
    {5, send_again},
    {4, send_together},
    {2, replay_by_other},
    {2, reuse_id},
    {1, send_nonsense},
    {3, ask_board},
    {4, ask_figures},
    {2, ask_ledger},
    {2, ask_lapsed},
    {3, work_ask_clocks},
    {1, ask_tips},
    {3, fetch_anew},
};
enum { ACTS = sizeof acts / sizeof acts[0] };

void work_act(struct sim *s)
{
    unsigned total = 0;
    for (unsigned i = 0; i < ACTS; i++)
        total += acts[i].weight;
    unsigned drawn = work_pick(s, total), i = 0;
    while (drawn >= acts[i].weight)
        drawn -= acts[i++].weight;
    acts[i].act(s);
}
