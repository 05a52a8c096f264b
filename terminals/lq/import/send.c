// Carries rows through the bus, several in a request and a window of requests at a time. Each
// request names the command before it (Request.after), so that the service decides the rows in the
// order in which they were sent, whatever is lost on the way. When a service is down or has not
// caught up, what is outstanding is heard out, and sending goes on from the first row that is
// undecided.
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
    struct import *import;
    size_t first, end;   // its rows
    size_t next;         // to be looked at next
    size_t decided;      // rows of the whole import that are decided
    bool held_up;        // something must be sent again: hear the rest out first
    int64_t pause_ms;    // before sending again
    int64_t answered_ms; // when anything was last decided (steady)
    void (*progress)(const struct import *import, size_t done, const char *service);
};

static const char *service_of(const struct sending *s)
{
    return s->import->rows[s->first].ledger->service;
}

// The row that the service must have decided before this one.
static const struct import_row *row_before(const struct sending *s, size_t i)
{
    while (i > s->first) {
        const struct import_row *row = &s->import->rows[--i];
        if (!row->turned_away)
            return row;
    }
    return NULL;
}

static struct lq_span command_of(struct lq_arena *arena, const struct import_row *row)
{
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = (ProtobufCBinaryData){.len = LQ_ID_SIZE, .data = lq_unconst(row->id.bytes)};
    command.on_behalf_of = lq_arena_text(arena, row->on_behalf_of);
    if (row->on_behalf_of[0] != '\0')
        command.reason = lq_arena_format(arena, "paper record (%s)", row->ledger->file);
    command.occurred_at_ms = row->occurred_ms;
    command.body = (ProtobufCBinaryData){.len = row->body.size, .data = lq_unconst(row->body.data)};
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
    for (*end = first; *end < s->end && s->import->rows[*end].state == ROW_WAITING &&
                       message.n_commands < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE;
         ++*end) {
        const struct lq_span command = command_of(&arena, &s->import->rows[*end]);
        commands[message.n_commands++] =
            (ProtobufCBinaryData){.len = command.size, .data = lq_unconst(command.data)};
        bytes += command.size;
    }
    const struct import_row *before = row_before(s, first);
    const struct lq_span after =
        before != NULL ? lq_span(before->id.bytes, LQ_ID_SIZE) : lq_span(NULL, 0);
    uint64_t correlation;
    const enum lq_status status = lq_client_submit_commands(
        s->import->sender, service_of(s), lq_pb_encode(&arena, &message.base), after, &correlation);
    for (size_t i = first; status == LQ_OK && i < *end; i++) {
        s->import->rows[i].state = ROW_SENT;
        s->import->rows[i].correlation = correlation;
    }
    lq_arena_free(&arena);
    return status;
}

// ---------------------------------------------------------------- answers

static const char *text_of_rejection(struct sending *s, const Lq__Rejected *rejected)
{
    return lq_arena_format(&s->import->cli->arena, "%s (%s)", rejected->text, rejected->code);
}

// What was recorded before this import began is not new, however often the answer came.
static bool is_new(const struct sending *s, const struct import_row *row,
                   const Lq__Position *position)
{
    return position != NULL && position->seq > s->import->tips[row->ledger - import_ledgers];
}

static void take_outcome(struct sending *s, struct import_row *row, ProtobufCBinaryData bytes)
{
    const char *why = NULL;
    const Lq__Outcome *outcome = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &s->import->cli->arena, &lq__outcome__descriptor,
        lq_span(bytes.data, bytes.len), &why);
    if (outcome != NULL && outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED) {
        row->state = is_new(s, row, outcome->accepted->position) ? ROW_NEW : ROW_KNOWN;
    } else if (outcome != NULL && outcome->result_case == LQ__OUTCOME__RESULT_REJECTED) {
        row->state = is_new(s, row, outcome->rejected->position) ? ROW_REFUSED : ROW_REFUSED_BEFORE;
        row->why = text_of_rejection(s, outcome->rejected);
    } else {
        row->state = ROW_REFUSED;
        row->why = why != NULL ? why : "the service's answer is not understood";
    }
}

// What is not decided can be nothing's predecessor.
static void turn_away(struct sending *s, struct import_row *row, const char *why)
{
    row->state = ROW_REFUSED;
    row->turned_away = true;
    row->why = lq_arena_text(&s->import->cli->arena, why);
}

static void note_decided(struct sending *s)
{
    s->decided++;
    s->answered_ms = lq_steady_ms();
    s->pause_ms = PAUSE_MS;
}

static void take_command_outcome(struct sending *s, struct import_row *row,
                                 const Lq__CommandOutcome *outcome)
{
    if (outcome->kind_case == LQ__COMMAND_OUTCOME__KIND_OUTCOME)
        take_outcome(s, row, outcome->outcome);
    else if (outcome->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL && !outcome->refusal->retry)
        turn_away(s, row, outcome->refusal->text);
    else
        return; // stays as it is: to be sent again
    note_decided(s);
}

// The rows of one request stand together, in the order of its commands.
static void take_reply(struct sending *s, size_t row, const Lq__Reply *reply)
{
    struct import_row *rows = s->import->rows;
    const bool told = reply->kind_case == LQ__REPLY__KIND_OUTCOMES;
    const bool final = reply->kind_case == LQ__REPLY__KIND_REFUSAL && !reply->refusal->retry;
    for (size_t i = 0; row < s->end && rows[row].correlation == reply->correlation; row++, i++) {
        if (rows[row].state != ROW_SENT)
            continue;
        if (told && i < reply->outcomes->n_outcomes)
            take_command_outcome(s, &rows[row], reply->outcomes->outcomes[i]);
        if (final) {
            turn_away(s, &rows[row], reply->refusal->text);
            note_decided(s);
        }
        if (rows[row].state == ROW_SENT) {
            rows[row].state = ROW_WAITING;
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
        if (s->import->rows[s->next].state == ROW_WAITING)
            return;
}

static enum lq_status fill_window(struct sending *s)
{
    while (s->next < s->end && !s->held_up) {
        if (s->import->rows[s->next].state != ROW_WAITING) {
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
        if (s->held_up && lq_client_outstanding(client) == 0)
            rewind_to_undecided(s);
        if (lq_steady_ms() - s->answered_ms > PATIENCE_MS)
            return lq_fault(LQ_E_UNREACHABLE,
                            "%s has answered nothing for a minute; the import goes on where it "
                            "stopped if you run it again",
                            service_of(s));
    }
    return LQ_OK;
}

// Connecting has asked every service for its tip.
static void note_tips(struct import *import)
{
    for (const struct ledger *ledger = import_ledgers; ledger->file != NULL; ledger++) {
        LQ_ASSERT(ledger - import_ledgers < LEDGERS_MAX);
        const uint64_t tip = lq_client_position(import->cli->client, ledger->service);
        import->tips[ledger - import_ledgers] = tip;
        lq_client_saw(import->sender, ledger->service, tip);
    }
    import->tips_noted = true;
}

enum lq_status import_send(struct import *import,
                           void (*progress)(const struct import *, size_t, const char *))
{
    struct sending s = {.import = import, .progress = progress};
    if (!import->tips_noted)
        note_tips(import);
    for (size_t i = 0; i < import->count; i++)
        s.decided += import->rows[i].state != ROW_WAITING;
    while (s.end < import->count) {
        s.first = s.next = s.end;
        while (s.end < import->count &&
               strcmp(import->rows[s.end].ledger->service, service_of(&s)) == 0)
            s.end++;
        const enum lq_status status = send_service(&s);
        if (status != LQ_OK)
            return status;
    }
    return LQ_OK;
}
