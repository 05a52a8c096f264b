// Carries rows through the bus, several in a request and a window of requests at a time. Each
// request names the command before it (Request.after), so that the service decides the rows in the
// order in which they were sent, whatever is lost on the way. When a service is down or has not
// caught up, what is outstanding is heard out, and sending goes on from the first row that is
// undecided. When a journal is full, waiting would not help.
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "lq/import/import.h"
#include "pb/pb.h"
#include "service/tables.h"

enum {
    PATIENCE_MS = 60000,
    PAUSE_MS = 50,
    PAUSE_MOST_MS = 1000,
    ROWS_AT_ONCE = 16,         // in one request
    BYTES_AT_ONCE = 16 * 1024, // of the rows before the last in one request
};

// The rows of one service, on their way.
struct sending {
    struct lq_import *import;
    size_t first, end;        // its rows
    size_t next;              // to be looked at next
    size_t decided;           // rows of the whole import that are decided
    bool held_up;             // something must be sent again: hear the rest out first
    int64_t pause_ms;         // before sending again
    int64_t answered_ms;      // when anything was last decided (steady)
    const char *refusal;      // the last one that says "try again", for people; NULL: none
    const char *refused_with; // the same as it came
    bool full;                // the service's journal is; what is outstanding is heard out
    void (*progress)(const struct lq_import *import, size_t done, const char *service);
};

static const char *service_of(const struct sending *s)
{
    return s->import->rows[s->first].ledger->service;
}

// The row that the service must have decided before this one.
static const struct lq_import_row *row_before(const struct sending *s, size_t i)
{
    while (i > s->first) {
        const struct lq_import_row *row = &s->import->rows[--i];
        if (!row->turned_away)
            return row;
    }
    return NULL;
}

struct lq_span lq_import_command(struct lq_arena *arena, const struct lq_import_row *row,
                                 struct lq_id id, bool earlier)
{
    const bool other = earlier && row->earlier != NULL;
    const char *on_behalf_of = other ? row->earlier->on_behalf_of : row->on_behalf_of;
    const struct lq_span body = other ? row->earlier->body : row->body;
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = (ProtobufCBinaryData){.len = LQ_ID_SIZE, .data = id.bytes};
    command.on_behalf_of = lq_arena_text(arena, on_behalf_of);
    if (on_behalf_of[0] != '\0')
        command.reason = lq_arena_format(arena, "paper record (%s)", row->ledger->file);
    command.occurred_at_ms = row->occurred_ms;
    command.body = (ProtobufCBinaryData){.len = body.size, .data = lq_unconst(body.data)};
    return lq_pb_encode(arena, &command.base);
}

// Sends the rows that wait, from this one on, as many as go into a request. Gives where they end.
static enum lq_status send_rows(struct sending *s, size_t first, size_t *end)
{
    struct lq_arena arena = {0};
    ProtobufCBinaryData commands[ROWS_AT_ONCE];
    Lq__Commands message = LQ__COMMANDS__INIT;
    message.commands = commands;
    size_t bytes = 0;
    for (*end = first; *end < s->end && s->import->rows[*end].state == LQ_ROW_WAITING &&
                       message.n_commands < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE;
         ++*end) {
        const struct lq_import_row *row = &s->import->rows[*end];
        const struct lq_span command = lq_import_command(&arena, row, row->id, false);
        commands[message.n_commands++] =
            (ProtobufCBinaryData){.len = command.size, .data = lq_unconst(command.data)};
        bytes += command.size;
    }
    const struct lq_import_row *before = row_before(s, first);
    const struct lq_span after =
        before != NULL ? lq_span(before->id.bytes, LQ_ID_SIZE) : lq_span(NULL, 0);
    uint64_t correlation;
    const enum lq_status status = lq_client_submit_commands(
        s->import->sender, service_of(s), lq_pb_encode(&arena, &message.base), after, &correlation);
    for (size_t i = first; status == LQ_OK && i < *end; i++) {
        s->import->rows[i].state = LQ_ROW_SENT;
        s->import->rows[i].correlation = correlation;
    }
    lq_arena_free(&arena);
    return status;
}

// ---------------------------------------------------------------- answers

static const char *text_of_rejection(struct sending *s, const Lq__Rejected *rejected)
{
    struct lq_cli *cli = s->import->cli;
    return lq_arena_format(&cli->arena, "%s (%s)", lq_cli_rejected_text(rejected), rejected->code);
}

// What was recorded before this import began is not new, however often the answer came.
static bool is_new(const struct sending *s, const struct lq_import_row *row,
                   const Lq__Position *position)
{
    return position != NULL && position->seq > s->import->tips[row->ledger - lq_ledgers];
}

static void take_outcome(struct sending *s, struct lq_import_row *row, ProtobufCBinaryData bytes)
{
    const char *why = NULL;
    const Lq__Outcome *outcome = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &s->import->cli->arena, &lq__outcome__descriptor,
        lq_span(bytes.data, bytes.len), &why);
    if (outcome != NULL && outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED) {
        row->state = is_new(s, row, outcome->accepted->position) ? LQ_ROW_NEW : LQ_ROW_KNOWN;
    } else if (outcome != NULL && outcome->result_case == LQ__OUTCOME__RESULT_REJECTED) {
        row->state =
            is_new(s, row, outcome->rejected->position) ? LQ_ROW_REFUSED : LQ_ROW_REFUSED_BEFORE;
        row->code = lq_arena_text(&s->import->cli->arena, outcome->rejected->code);
        row->why = text_of_rejection(s, outcome->rejected);
    } else {
        row->state = LQ_ROW_REFUSED;
        row->why = why != NULL ? why : lq_tr("the service's answer is not understood");
    }
}

static const char *words_of(const Lq__Refusal *refusal)
{
    return lq_cli_refusal_text(refusal);
}

// What is not decided can be nothing's predecessor.
static void turn_away(struct lq_import_row *row, const Lq__Refusal *refusal)
{
    row->state = LQ_ROW_REFUSED;
    row->turned_away = true;
    row->why = words_of(refusal);
}

// A full journal says so by each row; its words change only with how full it is.
static void note_refusal(struct sending *s, const Lq__Refusal *refusal)
{
    if (s->full) // what stands behind is refused for another reason
        return;
    if (s->refusal == NULL || strcmp(s->refused_with, refusal->text) != 0) {
        s->refused_with = lq_arena_text(&s->import->cli->arena, refusal->text);
        s->refusal = words_of(refusal);
    }
    s->full = refusal->why == LQ__REFUSAL__WHY__JOURNAL_FULL;
}

static void note_decided(struct sending *s)
{
    s->decided++;
    s->refusal = NULL;
    s->answered_ms = lq_steady_ms();
    s->pause_ms = PAUSE_MS;
}

static void take_command_outcome(struct sending *s, struct lq_import_row *row,
                                 const Lq__CommandOutcome *outcome)
{
    if (outcome->kind_case == LQ__COMMAND_OUTCOME__KIND_OUTCOME)
        take_outcome(s, row, outcome->outcome);
    else if (outcome->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL && !outcome->refusal->retry)
        turn_away(row, outcome->refusal);
    else if (outcome->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL) {
        note_refusal(s, outcome->refusal);
        return; // stays as it is: to be sent again
    } else {
        return;
    }
    note_decided(s);
}

// The rows of one request stand together, in the order of its commands.
static void take_reply(struct sending *s, size_t row, const Lq__Reply *reply)
{
    struct lq_import_row *rows = s->import->rows;
    const bool told = reply->kind_case == LQ__REPLY__KIND_OUTCOMES;
    const bool refused = reply->kind_case == LQ__REPLY__KIND_REFUSAL;
    const bool final = refused && !reply->refusal->retry;
    if (refused && !final)
        note_refusal(s, reply->refusal);
    for (size_t i = 0; row < s->end && rows[row].correlation == reply->correlation; row++, i++) {
        if (rows[row].state != LQ_ROW_SENT)
            continue;
        if (told && i < reply->outcomes->n_outcomes)
            take_command_outcome(s, &rows[row], reply->outcomes->outcomes[i]);
        if (final) {
            turn_away(&rows[row], reply->refusal);
            note_decided(s);
        }
        if (rows[row].state == LQ_ROW_SENT) {
            rows[row].state = LQ_ROW_WAITING;
            s->held_up = true;
        }
    }
}

// Of the rows that were sent with that request, the first.
static size_t row_of(const struct sending *s, uint64_t correlation)
{
    size_t row = s->next;
    while (row > s->first && s->import->rows[row - 1].correlation != correlation)
        row--;
    while (row > s->first && s->import->rows[row - 1].correlation == correlation)
        row--;
    return row;
}

static void hear(struct sending *s, int timeout_ms)
{
    const Lq__Reply *reply;
    while (lq_client_next(s->import->sender, timeout_ms, &reply)) {
        take_reply(s, row_of(s, reply->correlation), reply);
        timeout_ms = 0;
    }
}

// ---------------------------------------------------------------- a service's rows

static void rewind_to_undecided(struct sending *s)
{
    usleep((useconds_t)s->pause_ms * 1000);
    s->pause_ms = s->pause_ms * 2 > PAUSE_MOST_MS ? PAUSE_MOST_MS : s->pause_ms * 2;
    s->held_up = false;
    for (s->next = s->first; s->next < s->end; s->next++)
        if (s->import->rows[s->next].state == LQ_ROW_WAITING)
            return;
}

static enum lq_status fill_window(struct sending *s)
{
    while (s->next < s->end && !s->held_up && !s->full) {
        if (s->import->rows[s->next].state != LQ_ROW_WAITING) {
            s->next++;
            continue;
        }
        size_t end;
        const enum lq_status status = send_rows(s, s->next, &end);
        if (status == LQ_E_BUSY)
            return LQ_OK; // the window is full
        if (status != LQ_OK)
            return status;
        s->next = end;
    }
    return LQ_OK;
}

// Whoever was refused gets to know why, and whoever got no answer, that there was none.
static enum lq_status give_up(const struct sending *s)
{
    if (s->full)
        return lq_fault(LQ_E_FULL, "%s", s->refusal);
    if (s->refusal != NULL)
        return lq_fault(LQ_E_UNREACHABLE, "%s has decided nothing for a minute: %s", service_of(s),
                        s->refusal);
    return lq_fault(LQ_E_UNREACHABLE, "%s has answered nothing for a minute", service_of(s));
}

static enum lq_status send_service(struct sending *s)
{
    struct lq_client *client = s->import->sender;
    s->answered_ms = lq_steady_ms();
    s->pause_ms = PAUSE_MS;
    while (s->next < s->end || lq_client_outstanding(client) > 0) {
        const enum lq_status status = fill_window(s);
        if (status != LQ_OK)
            return status;
        hear(s, 100);
        s->progress(s->import, s->decided, service_of(s));
        const bool heard_out = lq_client_outstanding(client) == 0;
        if (s->full && heard_out)
            return give_up(s);
        if (s->held_up && heard_out)
            rewind_to_undecided(s);
        if (lq_steady_ms() - s->answered_ms > PATIENCE_MS)
            return give_up(s);
    }
    return LQ_OK;
}

// Connecting has asked every service for its tip.
void lq_import_note_tips(struct lq_import *import)
{
    if (import->tips_noted)
        return;
    for (const struct lq_ledger *ledger = lq_ledgers; ledger->file != NULL; ledger++) {
        LQ_ASSERT(ledger - lq_ledgers < LQ_LEDGERS_MAX);
        const uint64_t tip = lq_client_position(import->cli->client, ledger->service);
        import->tips[ledger - lq_ledgers] = tip;
        lq_client_saw(import->sender, ledger->service, tip);
    }
    import->tips_noted = true;
}

enum lq_status lq_import_send(struct lq_import *import,
                              void (*progress)(const struct lq_import *, size_t, const char *))
{
    struct sending s = {.import = import, .progress = progress};
    lq_import_note_tips(import);
    for (size_t i = 0; i < import->count; i++)
        s.decided += import->rows[i].state != LQ_ROW_WAITING;
    while (s.end < import->count) {
        s.first = s.next = s.end;
        s.refusal = NULL;
        while (s.end < import->count &&
               strcmp(import->rows[s.end].ledger->service, service_of(&s)) == 0)
            s.end++;
        const enum lq_status status = send_service(&s);
        if (status != LQ_OK)
            return status;
    }
    return LQ_OK;
}
