// Evidence: pieces follow each other, and what is kept has the hash by which it is called, found
// here from all of its bytes at once; what is not whole is dropped a day after its last piece, and
// nothing else is.
#include <sodium.h>

#include "sim/audit_parts.h"

typedef unsigned long long number;

static const int64_t DAY_MS = 24 * 3600 * 1000LL;
enum { FILE_MOST = 20 * 1024 * 1024 };

struct upload {
    bool under_way, kept;
    uint32_t bytes, received;
    int64_t touched_ms;
    uint8_t *content; // as far as it has come
};

static struct upload *upload_of(struct audit *a, const char *sha256)
{
    return audit_put_text(a, &a->uploads, sizeof(struct upload), sha256);
}

static void opened(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Evidence__FileOpened *e = body;
    struct upload *u = upload_of(a, e->sha256);
    AUDIT(!u->under_way && !u->kept, "evidence", "%s is opened twice", e->sha256);
    AUDIT(e->bytes > 0 && e->bytes <= FILE_MOST, "evidence", "%s has %u bytes", e->sha256,
          e->bytes);
    *u = (struct upload){.under_way = true,
                         .bytes = e->bytes,
                         .touched_ms = fact->r->recorded_at_ms,
                         .content = audit_alloc(a, e->bytes)};
}

static void chunk_kept(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Evidence__ChunkKept *e = body;
    struct upload *u = upload_of(a, e->sha256);
    AUDIT(u->under_way, "evidence", "a piece of %s comes, which is not under way", e->sha256);
    AUDIT(e->offset == u->received, "evidence",
          "a piece of %s is kept at byte %u, where the next one begins at %u", e->sha256, e->offset,
          u->received);
    AUDIT(e->content.len > 0 && e->content.len <= u->bytes - u->received, "evidence",
          "a piece of %s has %zu bytes", e->sha256, e->content.len);
    AUDIT(e->offset > 0 || memcmp(e->content.data, "\xff\xd8\xff", 3) == 0, "evidence",
          "%s is no photograph", e->sha256);
    memcpy(u->content + u->received, e->content.data, e->content.len);
    u->received += (uint32_t)e->content.len;
    u->touched_ms = fact->r->recorded_at_ms;
}

static void file_kept(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)fact;
    const Evidence__FileKept *e = body;
    uint8_t hash[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof hash + 1];
    struct upload *u = upload_of(a, e->sha256);
    AUDIT(u->under_way && u->received == u->bytes && e->bytes == u->bytes, "evidence",
          "%s is kept, of which %u of %u bytes came", e->sha256, u->received, u->bytes);
    crypto_hash_sha256(hash, u->content, u->bytes);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    AUDIT(strcmp(hex, e->sha256) == 0, "evidence", "%s is kept, whose bytes have the hash %s",
          e->sha256, hex);
    u->under_way = false;
    u->kept = true;
}

static void dropped(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Evidence__UploadDropped *e = body;
    struct upload *u = upload_of(a, e->sha256);
    AUDIT(u->under_way && e->received == u->received, "evidence",
          "%s is dropped with %u bytes, which has %u", e->sha256, e->received, u->received);
    AUDIT(fact->r->timer[0] == '\0' || fact->r->recorded_at_ms >= u->touched_ms + DAY_MS, "timer",
          "%s is dropped before its time", e->sha256);
    *u = (struct upload){0};
}

const struct audit_event_row audit_evidence_events[] = {
    {EVIDENCE__EVENT__BODY_FILE_OPENED, opened},
    {EVIDENCE__EVENT__BODY_CHUNK_KEPT, chunk_kept},
    {EVIDENCE__EVENT__BODY_FILE_KEPT, file_kept},
    {EVIDENCE__EVENT__BODY_UPLOAD_DROPPED, dropped},
    {EVIDENCE__EVENT__BODY_READING_RECORDED, NULL}, // of no command
    {0},
};

void audit_evidence_answer(struct audit *a, struct audit_stream *stream, const void *query,
                           const void *answer, int64_t clock_ms)
{
    (void)stream, (void)clock_ms;
    const Evidence__Query *q = query;
    if (q->body_case != EVIDENCE__QUERY__BODY_UPLOAD)
        return;
    const Evidence__UploadAnswer *told = ((const Evidence__Answer *)answer)->upload;
    const struct upload *u = upload_of(a, q->upload->sha256);
    AUDIT(told->under_way == u->under_way && (told->file != NULL) == u->kept &&
              told->received == (u->under_way ? u->received : 0),
          "answer", "evidence tells of %s that %u bytes came; by its records it is %u",
          q->upload->sha256, told->received, u->received);
}

// What of a stream is fetched by whom.
enum audit_audience audit_evidence_audience(const void *event)
{
    const Evidence__Event *e = event;
    if (e->body_case == EVIDENCE__EVENT__BODY_CHUNK_KEPT)
        return AUDIT_FOR_SERVICES;
    const bool restricted =
        (e->body_case == EVIDENCE__EVENT__BODY_FILE_OPENED && e->file_opened->restricted) ||
        (e->body_case == EVIDENCE__EVENT__BODY_FILE_KEPT && e->file_kept->restricted);
    return restricted ? AUDIT_FOR_SERVICES : AUDIT_FOR_ALL;
}

// ---------------------------------------------------------------- rejections

bool audit_offset_differs(struct audit *a, const void *command)
{
    const Evidence__KeepChunk *c = ((const Evidence__Command *)command)->keep_chunk;
    const struct upload *u = upload_of(a, c->sha256);
    return u->under_way && c->offset != u->received;
}

static const char *hash_in(const void *command)
{
    const Evidence__Command *c = command;
    return c->body_case == EVIDENCE__COMMAND__BODY_KEEP_CHUNK ? c->keep_chunk->sha256
                                                              : c->drop_upload->sha256;
}

bool audit_upload_unknown(struct audit *a, const void *command)
{
    const struct upload *u = upload_of(a, hash_in(command));
    return !u->under_way && !u->kept;
}

bool audit_file_whole(struct audit *a, const void *command)
{
    return upload_of(a, hash_in(command))->kept;
}

// ---------------------------------------------------------------- what belongs to an order

void audit_attached(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__Attached *e = body;
    AUDIT(strcmp(e->kind, "order") == 0 && audit_find_text(&a->orders, e->number) != NULL,
          "evidence", "record %llu of dispatch attaches to %s %s, which is not there",
          (number)fact->r->seq, e->kind, e->number);
    const struct lq_span key = audit_pair(a, e->number, e->sha256);
    AUDIT(audit_find(&a->attached, key) == NULL, "evidence", "%s is attached to order %s twice",
          e->sha256, e->number);
    AUDIT(e->bytes > 0, "evidence", "an empty file is attached to order %s", e->number);
    audit_put(a, &a->attached, 0, key);
}
