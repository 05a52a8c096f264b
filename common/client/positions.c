// The highest position seen of each stream: the client's half of reading one's own writes.
#include <string.h>

#include "client/client_state.h"

void lq_positions_note(struct lq_positions *seen, const char *stream, uint64_t seq)
{
    if (seq == 0 || stream[0] == '\0' || strlen(stream) >= LQ_SERVICE_NAME)
        return;
    unsigned i = 0;
    while (i < seen->count && strcmp(seen->streams[i], stream) != 0)
        i++;
    if (i == LQ_STREAMS_KEPT)
        return; // more streams than there are services: not of this system
    if (i == seen->count)
        strcpy(seen->streams[seen->count++], stream);
    if (seen->seqs[i] < seq)
        seen->seqs[i] = seq;
}

uint64_t lq_positions_of(const struct lq_positions *seen, const char *stream)
{
    for (unsigned i = 0; i < seen->count; i++)
        if (strcmp(seen->streams[i], stream) == 0)
            return seen->seqs[i];
    return 0;
}

static void note(struct lq_positions *seen, const Lq__Position *position)
{
    if (position != NULL)
        lq_positions_note(seen, position->stream, position->seq);
}

static void note_outcome(struct lq_positions *seen, ProtobufCBinaryData bytes,
                         ProtobufCAllocator *allocator)
{
    const Lq__Outcome *outcome = lq__outcome__unpack(allocator, bytes.len, bytes.data);
    if (outcome == NULL)
        return;
    if (outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED)
        note(seen, outcome->accepted->position);
    if (outcome->result_case == LQ__OUTCOME__RESULT_REJECTED)
        note(seen, outcome->rejected->position);
}

void lq_positions_reply(struct lq_positions *seen, const char *service, const Lq__Reply *reply,
                        ProtobufCAllocator *allocator)
{
    if (reply->kind_case == LQ__REPLY__KIND_OUTCOME)
        note_outcome(seen, reply->outcome, allocator);
    if (reply->kind_case == LQ__REPLY__KIND_OUTCOMES)
        for (size_t i = 0; i < reply->outcomes->n_outcomes; i++)
            if (reply->outcomes->outcomes[i]->kind_case == LQ__COMMAND_OUTCOME__KIND_OUTCOME)
                note_outcome(seen, reply->outcomes->outcomes[i]->outcome, allocator);
    if (reply->kind_case == LQ__REPLY__KIND_ANSWER)
        note(seen, reply->answer->as_of);
    if (reply->kind_case == LQ__REPLY__KIND_EVENTS)
        lq_positions_note(seen, service,
                          reply->events->next_after); // events do not name their stream
}
