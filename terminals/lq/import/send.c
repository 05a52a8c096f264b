// Carries rows through the bus, a window of them at a time. Each command names the one before it
// (Request.after), so that the service decides them in the order in which they were sent, whatever
// is lost on the way. When a service is down or has not caught up, what is outstanding is heard
// out, and sending goes on from the first row that is undecided.
#include <stdio.h>
#include <unistd.h>

#include "base/time.h"
#include "lq/import/import.h"
#include "pb/pb.h"
#include "service/tables.h"

enum { PATIENCE_MS = 60000, PAUSE_MS = 50, PAUSE_MOST_MS = 1000 };

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
        if (row->id.bytes[0] != 0 || row->id.bytes[6] != 0) // malformed rows were never given an id
            return row;
    }
    return NULL;
}

static enum lq_status send_row(struct sending *s, size_t i)
{
    struct import_row *row = &s->import->rows[i];
    struct lq_arena arena = {0};
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = (ProtobufCBinaryData){.len = LQ_ID_SIZE, .data = row->id.bytes};
    command.on_behalf_of = lq_arena_text(&arena, row->on_behalf_of);
    if (row->on_behalf_of[0] != '\0')
        command.reason = lq_arena_format(&arena, "paper record (%s)", row->ledger->file);
    command.occurred_at_ms = row->occurred_ms;
    const struct lq_span body = lq_arena_copy(&arena, row->body);
    command.body = (ProtobufCBinaryData){.len = body.size, .data = lq_row(body.data)};

    const struct import_row *before = row_before(s, i);
    const struct lq_span after =
        before != NULL ? lq_span(before->id.bytes, LQ_ID_SIZE) : lq_span(NULL, 0);
    const enum lq_status status =
        lq_client_submit_after(s->import->sender, row->ledger->service,
                               lq_pb_encode(&arena, &command.base), after, &row->correlation);
    if (status == LQ_OK)
        row->state = ROW_SENT;
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
    return position != NULL && position->seq > s->import->tips[row->ledger - lq_ledgers];
}

static void take_outcome(struct sending *s, struct import_row *row, const Lq__Reply *reply)
{
    const char *why = NULL;
    const Lq__Outcome *outcome = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &s->import->cli->arena, &lq__outcome__descriptor,
        lq_span(reply->outcome.data, reply->outcome.len), &why);
    if (outcome != NULL && outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED) {
        row->state = is_new(s, row, outcome->accepted->position) ? ROW_NEW : ROW_KNOWN;
    } else if (outcome != NULL && outcome->result_case == LQ__OUTCOME__RESULT_REJECTED) {
        row->state = is_new(s, row, outcome->rejected->position) ? ROW_REFUSED : ROW_REFUSED_BEFORE;
        row->why = text_of_rejection(s, outcome->rejected);
    } else {
        row->state = ROW_REFUSED;
        row->why = why != NULL ? why : "the service's answer is not understood";
    }
    s->decided++;
}

static void take_reply(struct sending *s, struct import_row *row, const Lq__Reply *reply)
{
    if (reply->kind_case == LQ__REPLY__KIND_OUTCOME) {
        take_outcome(s, row, reply);
    } else if (reply->kind_case == LQ__REPLY__KIND_REFUSAL && !reply->refusal->retry) {
        row->state = ROW_REFUSED;
        row->why = lq_arena_text(&s->import->cli->arena, reply->refusal->text);
        s->decided++;
    } else {
        row->state = ROW_WAITING;
        s->held_up = true;
        return;
    }
    s->answered_ms = lq_steady_ms();
    s->pause_ms = PAUSE_MS;
}

static struct import_row *row_of(struct sending *s, uint64_t correlation)
{
    for (size_t i = s->next; i-- > s->first;)
        if (s->import->rows[i].correlation == correlation)
            return &s->import->rows[i];
    return NULL;
}

static void hear(struct sending *s, int timeout_ms)
{
    const Lq__Reply *reply;
    while (lq_client_next(s->import->sender, timeout_ms, &reply)) {
        struct import_row *row = row_of(s, reply->correlation);
        if (row != NULL && row->state == ROW_SENT)
            take_reply(s, row, reply);
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
    for (; s->next < s->end && !s->held_up; s->next++) {
        if (s->import->rows[s->next].state != ROW_WAITING)
            continue;
        const enum lq_status status = send_row(s, s->next);
        if (status == LQ_E_BUSY)
            return LQ_OK; // the window is full
        if (status != LQ_OK)
            return status;
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
    for (const struct ledger *ledger = lq_ledgers; ledger->file != NULL; ledger++) {
        LQ_ASSERT(ledger - lq_ledgers < LEDGERS_MAX);
        const uint64_t tip = lq_client_seen(import->cli->client, ledger->service);
        import->tips[ledger - lq_ledgers] = tip;
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
