// What was read, as it is kept and asked for.
#include <string.h>

#include "pb/pb.h"
#include "rules/reading.h"
#include "service/rows.h"

static struct lq_key key_of(int64_t at_ms, uint64_t record)
{
    return lq_key_then_number(lq_key_number((uint64_t)at_ms), record);
}

void lq_reading_recorded(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    Rules__Reading *row = lq_pb_project(lq_view_arena(tables), &rules__reading__descriptor, event);
    row->at_ms = what->recorded_ms;
    row->by = lq_unconst(what->actor);
    row->record = what->seq;
    lq_save(tables, &lq_readings, key_of(row->at_ms, row->record), &row->base);
}

static bool is_of(const Rules__Reading *row, const Rules__AskReadings *q)
{
    if (q->by[0] != '\0' && strcmp(q->by, row->by) != 0)
        return false;
    if (q->kind[0] == '\0' && q->number[0] == '\0')
        return true;
    for (size_t i = 0; i < row->n_of; i++)
        if ((q->kind[0] == '\0' || strcmp(q->kind, row->of[i]->kind) == 0) &&
            (q->number[0] == '\0' || strcmp(q->number, row->of[i]->number) == 0))
            return true;
    return false;
}

// A page ends, too, when so many rows were looked at: whoever asks for one person's among many
// years does not hold up the others.
void lq_ask_readings(struct lq_reading *r, const void *query, void *answer)
{
    enum { LOOKED_AT_MOST = 5000, ROWS_MOST = 100 }; // a row may be of hundreds of things
    const Rules__AskReadings *q = query;
    Rules__ReadingsAnswer *told = answer;
    struct lq_rows rows = lq_rows(r->arena, q->limit < ROWS_MOST ? q->limit : ROWS_MOST);
    const int64_t since_ms = q->since_ms > 0 ? q->since_ms : 0;
    struct lq_scan s = lq_scan_from(r->view, &lq_readings, lq_key_none(),
                                    key_of(since_ms, q->after), q->after > 0);
    for (unsigned looked_at = 0; !rows.more && lq_scan_next(&s); looked_at++) {
        const Rules__Reading *row = s.row;
        if (looked_at == LOOKED_AT_MOST)
            rows.more = true;
        else if (!is_of(row, q) || lq_rows_add(&rows, row)) {
            told->next_ms = row->at_ms;
            told->next_after = row->record;
        }
    }
    lq_rows_answer(&rows, answer);
    for (size_t i = 0; i < told->n_readings; i++)
        told->readings[i]->service = lq_unconst(r->service->name);
}
