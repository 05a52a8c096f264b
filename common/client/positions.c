// The highest position seen of each stream: the client's half of reading one's own writes.
#include <string.h>

#include "client/client_state.h"

static struct lq_seen *find(struct lq_positions *seen, const char *stream)
{
    for (unsigned i = 0; i < seen->count; i++)
        if (strcmp(seen->kept[i].stream, stream) == 0)
            return &seen->kept[i];
    return NULL;
}

void lq_positions_note(struct lq_positions *seen, const char *stream, uint64_t seq,
                       struct lq_span hash)
{
    if (seq == 0 || stream[0] == '\0' || strlen(stream) >= LQ_SERVICE_NAME)
        return;
    struct lq_seen *of = find(seen, stream);
    if (of == NULL && seen->count == LQ_STREAMS_KEPT)
        return; // more streams than there are services: not of this system
    if (of == NULL) {
        of = &seen->kept[seen->count++];
        *of = (struct lq_seen){0};
        strcpy(of->stream, stream);
    }
    if (seq < of->seq)
        return;
    if (seq > of->seq)
        of->has_hash = false;
    of->seq = seq;
    if (of->has_hash || hash.size != LQ_RECORD_HASH)
        return;
    memcpy(of->hash, hash.data, LQ_RECORD_HASH);
    of->has_hash = true;
}

const struct lq_seen *lq_positions_of(const struct lq_positions *seen, const char *stream)
{
    return find((struct lq_positions *)(uintptr_t)seen, stream);
}

size_t lq_positions_tell(struct lq_positions *seen, const char *service, Lq__Position *out,
                         Lq__Position **pointers)
{
    const struct lq_seen *own = lq_positions_of(seen, service);
    for (unsigned i = 0; i < seen->count; i++) {
        struct lq_seen *of = &seen->kept[i];
        lq__position__init(&out[i]);
        out[i].stream = of->stream;
        out[i].seq = of->seq;
        if (of->has_hash && own != NULL && own->has_hash)
            out[i].hash = (ProtobufCBinaryData){.len = LQ_RECORD_HASH, .data = of->hash};
        pointers[i] = &out[i];
    }
    return seen->count;
}

static struct lq_span bytes_of(ProtobufCBinaryData data)
{
    return lq_span(data.data, data.len);
}

static void note_outcome(struct lq_positions *seen, ProtobufCBinaryData bytes,
                         ProtobufCBinaryData hash, ProtobufCAllocator *allocator)
{
    const Lq__Outcome *outcome = lq__outcome__unpack(allocator, bytes.len, bytes.data);
    const Lq__Position *position = NULL;
    if (outcome != NULL && outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED)
        position = outcome->accepted->position;
    if (outcome != NULL && outcome->result_case == LQ__OUTCOME__RESULT_REJECTED)
        position = outcome->rejected->position;
    if (position != NULL)
        lq_positions_note(seen, position->stream, position->seq, bytes_of(hash));
}

void lq_positions_reply(struct lq_positions *seen, const char *service, const Lq__Reply *reply,
                        ProtobufCAllocator *allocator)
{
    if (reply->kind_case == LQ__REPLY__KIND_OUTCOME)
        note_outcome(seen, reply->outcome, reply->position_hash, allocator);
    if (reply->kind_case == LQ__REPLY__KIND_OUTCOMES)
        for (size_t i = 0; i < reply->outcomes->n_outcomes; i++) {
            const Lq__CommandOutcome *one = reply->outcomes->outcomes[i];
            if (one->kind_case == LQ__COMMAND_OUTCOME__KIND_OUTCOME)
                note_outcome(seen, one->outcome, one->position_hash, allocator);
        }
    if (reply->kind_case == LQ__REPLY__KIND_ANSWER && reply->answer->as_of != NULL)
        lq_positions_note(seen, reply->answer->as_of->stream, reply->answer->as_of->seq,
                          bytes_of(reply->answer->as_of->hash));
    if (reply->kind_case == LQ__REPLY__KIND_EVENTS) // events do not name their stream
        lq_positions_note(seen, service, reply->events->next_after, bytes_of(reply->position_hash));
}
