// Versions before canonical cells made the id of a row from its cells as they were spelled. What
// they have recorded must not be recorded again under the id of today, so each row that had another
// id is asked after: its command of then is sent behind one that nobody has sent. A service gives
// the outcome that it has stored, or says that the other one is undecided, and records nothing.
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "lq/import/import.h"
#include "pb/pb.h"

enum { PATIENCE_MS = 60000, PAUSE_MS = 50, ATTEMPTS_MOST = 1000 };

struct asked {
    struct lq_import_row *row;
    unsigned attempt;
    uint64_t correlation; // 0: not under way
    bool done;
};

struct asking {
    struct lq_import *import;
    struct asked *asked;
    size_t count, first; // all before the first are done
    struct lq_id nobodys;
    int64_t answered_ms; // steady
    bool held_up;
};

static void collect(struct asking *a)
{
    a->asked = calloc(a->import->count + 1, sizeof *a->asked);
    LQ_ASSERT(a->asked != NULL);
    for (size_t i = 0; i < a->import->count; i++) {
        struct lq_import_row *row = &a->import->rows[i];
        if (row->state != LQ_ROW_WAITING ||
            (row->earlier == NULL && row->earlier_repeat == row->repeat))
            continue;
        const struct lq_id id = lq_import_earlier_id(row, 0);
        if (memcmp(id.bytes, row->id.bytes, LQ_ID_SIZE) != 0)
            a->asked[a->count++].row = row;
    }
}

static enum lq_status ask(struct asking *a, struct asked *asked)
{
    struct lq_arena arena = {0};
    const struct lq_id id = lq_import_earlier_id(asked->row, asked->attempt);
    const struct lq_span command = lq_import_command(&arena, asked->row, id, true);
    ProtobufCBinaryData one = {.len = command.size, .data = lq_unconst(command.data)};
    Lq__Commands commands = LQ__COMMANDS__INIT;
    commands.n_commands = 1;
    commands.commands = &one;
    const enum lq_status status = lq_client_submit_commands(
        a->import->sender, asked->row->ledger->service, lq_pb_encode(&arena, &commands.base),
        lq_span(a->nobodys.bytes, LQ_ID_SIZE), &asked->correlation);
    if (status != LQ_OK)
        asked->correlation = 0;
    lq_arena_free(&arena);
    return status;
}

// Accepted then: it is known. Rejected then: it may have been asked once more.
static void take_outcome(struct asked *asked, ProtobufCBinaryData bytes)
{
    struct lq_arena arena = {0};
    const char *why = NULL;
    const Lq__Outcome *outcome = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &arena, &lq__outcome__descriptor, lq_span(bytes.data, bytes.len), &why);
    asked->done = true;
    if (outcome != NULL && outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED) {
        asked->row->state = LQ_ROW_KNOWN;
        asked->row->id = lq_import_earlier_id(asked->row, asked->attempt);
    } else if (outcome != NULL && asked->attempt < ATTEMPTS_MOST) {
        asked->attempt++;
        asked->done = false;
    }
    lq_arena_free(&arena);
}

static void take_refusal(struct asking *a, struct asked *asked, const Lq__Refusal *refusal)
{
    const bool unknown = refusal->why == LQ__REFUSAL__WHY__PREDECESSOR_UNDECIDED;
    asked->done = unknown || !refusal->retry;
    a->held_up = a->held_up || !asked->done;
}

static void take_reply(struct asking *a, const Lq__Reply *reply)
{
    size_t i = a->first;
    while (i < a->count && a->asked[i].correlation != reply->correlation)
        i++;
    if (i == a->count)
        return;
    struct asked *asked = &a->asked[i];
    asked->correlation = 0;
    a->answered_ms = lq_steady_ms();
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL) {
        take_refusal(a, asked, reply->refusal);
        return;
    }
    const Lq__CommandOutcome *outcome =
        reply->kind_case == LQ__REPLY__KIND_OUTCOMES && reply->outcomes->n_outcomes == 1
            ? reply->outcomes->outcomes[0]
            : NULL;
    if (outcome != NULL && outcome->kind_case == LQ__COMMAND_OUTCOME__KIND_OUTCOME)
        take_outcome(asked, outcome->outcome);
    else if (outcome != NULL && outcome->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL)
        take_refusal(a, asked, outcome->refusal);
    else
        asked->done = true;
}

static enum lq_status fill_window(struct asking *a)
{
    while (a->first < a->count && a->asked[a->first].done)
        a->first++;
    for (size_t i = a->first; i < a->count && !a->held_up; i++) {
        if (a->asked[i].done || a->asked[i].correlation != 0)
            continue;
        const enum lq_status status = ask(a, &a->asked[i]);
        if (status == LQ_E_BUSY)
            return LQ_OK; // the window is full
        if (status != LQ_OK)
            return status;
    }
    return LQ_OK;
}

static enum lq_status ask_all(struct asking *a)
{
    struct lq_client *client = a->import->sender;
    enum lq_status status;
    while ((status = fill_window(a)) == LQ_OK && a->first < a->count) {
        const Lq__Reply *reply;
        for (int timeout_ms = 100; lq_client_next(client, timeout_ms, &reply); timeout_ms = 0)
            take_reply(a, reply);
        if (a->held_up && lq_client_outstanding(client) == 0) {
            usleep(PAUSE_MS * 1000);
            a->held_up = false;
        }
        if (lq_steady_ms() - a->answered_ms > PATIENCE_MS)
            return lq_fault(LQ_E_UNREACHABLE, "the services have answered nothing for a minute");
    }
    return status;
}

enum lq_status lq_import_find_earlier(struct lq_import *import)
{
    struct asking a = {
        .import = import, .nobodys = lq_id_new(lq_wall_ms()), .answered_ms = lq_steady_ms()};
    lq_import_note_tips(import);
    collect(&a);
    const enum lq_status status = ask_all(&a);
    free(a.asked);
    return status;
}
