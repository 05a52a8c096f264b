// Photographs come in, in pieces: in order and out of it, again, altered, cut and never finished;
// and are attached to orders.
#include "base/sha256.h"
#include "evidence.pb-c.h"
#include "pb/pb.h"
#include "sim/work.h"

enum { PIECE = 4096, PIECES = 3, LAST = 100, BYTES = (PIECES - 1) * PIECE + LAST, KNOWN = 3 };

// The photograph of that number, of which the last of KNOWN are spoken of.
static struct lq_span photograph(struct sim *s, unsigned number)
{
    uint8_t *bytes = lq_arena_alloc(&s->scratch, BYTES);
    for (unsigned i = 0; i < BYTES; i++)
        bytes[i] = (uint8_t)(i * 31 + i / 251 + number * 17);
    memcpy(bytes, "\xff\xd8\xff", 3);
    memcpy(bytes + 16, &number, sizeof number);
    return lq_span(bytes, BYTES);
}

static char *hash_of(struct sim *s, struct lq_span bytes)
{
    return lq_unconst(lq_sha256_hex(
        &s->scratch, lq_sha256_add(&s->scratch, lq_span(NULL, 0), 0, bytes), bytes.size));
}

static void send(struct sim *s, Evidence__Command__BodyCase which, void *body)
{
    Evidence__Command command = EVIDENCE__COMMAND__INIT;
    command.body_case = which;
    command.open_file = body; // the oneof's members lie in one place
    work_send(s, work_anybody(s), "evidence", &command.base, NULL);
}

static void open_file(struct sim *s, char *sha256, struct lq_span bytes)
{
    Evidence__OpenFile c = EVIDENCE__OPEN_FILE__INIT;
    c.sha256 = sha256;
    c.bytes = work_chance(s, 97) ? BYTES : BYTES + 1;
    c.restricted = work_chance(s, 15);
    c.head = (ProtobufCBinaryData){.len = 16, .data = lq_unconst(bytes.data)};
    if (work_chance(s, 5))
        c.head.data = lq_unconst("<!doctype html>");
    send(s, EVIDENCE__COMMAND__BODY_OPEN_FILE, &c);
}

// Some of a piece's bytes are altered on the way; some pieces come before those that they follow.
static void keep_chunk(struct sim *s, char *sha256, struct lq_span bytes, unsigned piece)
{
    Evidence__KeepChunk c = EVIDENCE__KEEP_CHUNK__INIT;
    c.sha256 = sha256;
    c.offset = piece * PIECE;
    c.content.data = lq_unconst(bytes.data + c.offset);
    c.content.len = piece == PIECES - 1 ? LAST : PIECE;
    if (work_chance(s, 6))
        c.content.data[c.content.len - 1] ^= 1; // of this call's own copy
    send(s, EVIDENCE__COMMAND__BODY_KEEP_CHUNK, &c);
}

void work_upload(struct sim *s)
{
    struct sim_work *w = s->work;
    if (w->photographs == 0 || work_chance(s, 12))
        w->photographs++;
    const unsigned known = w->photographs < KNOWN ? w->photographs : KNOWN;
    const struct lq_span bytes = photograph(s, w->photographs - work_pick(s, known));
    char *sha256 = hash_of(s, bytes);
    const unsigned kind = work_pick(s, 100);
    if (kind < 25) {
        open_file(s, sha256, bytes);
    } else if (kind < 91) {
        keep_chunk(s, sha256, bytes, work_pick(s, PIECES));
    } else {
        Evidence__DropUpload c = EVIDENCE__DROP_UPLOAD__INIT;
        c.sha256 = sha256;
        send(s, EVIDENCE__COMMAND__BODY_DROP_UPLOAD, &c);
    }
}

// All of it, one piece behind the other.
void work_upload_whole(struct sim *s)
{
    const struct lq_span bytes = photograph(s, ++s->work->photographs);
    char *sha256 = hash_of(s, bytes);
    open_file(s, sha256, bytes);
    for (unsigned piece = 0; piece < PIECES; piece++)
        keep_chunk(s, sha256, bytes, piece);
}

void work_ask_upload(struct sim *s)
{
    Evidence__AskUpload question = EVIDENCE__ASK_UPLOAD__INIT;
    Evidence__Query q = EVIDENCE__QUERY__INIT;
    q.body_case = EVIDENCE__QUERY__BODY_UPLOAD;
    q.upload = &question;
    const unsigned known = s->work->photographs < KNOWN ? s->work->photographs : KNOWN;
    if (known == 0)
        return;
    question.sha256 = hash_of(s, photograph(s, s->work->photographs - work_pick(s, known)));
    work_ask(s, work_anybody(s), "evidence", &q.base);
}

void work_attach(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    if (order == NULL)
        return;
    Rules__Attach c = RULES__ATTACH__INIT;
    c.kind = lq_unconst("order");
    c.number = lq_unconst(order->number);
    c.sha256 = hash_of(s, photograph(s, s->work->photographs + work_pick(s, KNOWN)));
    c.bytes = work_chance(s, 95) ? BYTES : 0;
    c.type = RULES__FILE_TYPE__JPEG;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_ATTACH;
    command.attach = &c;
    work_send(s, work_anybody(s), "dispatch", &command.base, NULL);
}
