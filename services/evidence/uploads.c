// Uploads: a file comes in pieces that follow each other, each a record of its own. What was said
// twice changes nothing, so that whoever is cut off asks how far it is and goes on from there. The
// hash goes along from piece to piece; with the last one it must be the one that was said.
#include "evidence.h"

const struct lq_table evidence_uploads = {"uploads", &evidence__upload__descriptor};
const struct lq_table evidence_chunks = {"chunks", &evidence__chunk__descriptor};

static const int64_t DAY_MS = 24 * 3600 * 1000LL;

static struct lq_key chunk_key(const char *sha256, uint32_t offset)
{
    return lq_key_then_number(lq_key_text(sha256), offset);
}

static struct lq_verdict need_hash(struct lq_decision *d, const char *sha256)
{
    if (lq_sha256_is_hex(sha256))
        return LQ_ACCEPT;
    return lq_reject(d, EVIDENCE__REJECT__HASH_UNFIT,
                     "sha256 must be the hash of the whole file: 64 hexadecimal digits in lower "
                     "case");
}

static struct lq_verdict need_size(struct lq_decision *d, uint32_t bytes)
{
    if (bytes == 0)
        return lq_reject(d, EVIDENCE__REJECT__FILE_EMPTY, "the file is empty");
    if (bytes > EVIDENCE_FILE_MOST)
        return lq_reject(d, EVIDENCE__REJECT__FILE_TOO_LARGE,
                         "the file has %u bytes; the most is %d (20 MiB)", bytes,
                         EVIDENCE_FILE_MOST);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- it begins

struct lq_verdict evidence_open_file(struct lq_decision *d, const void *command)
{
    const Evidence__OpenFile *c = command;
    LQ_TRY(need_hash(d, c->sha256));
    LQ_TRY(need_size(d, c->bytes));
    Rules__FileType type;
    LQ_TRY(evidence_need_type(d, lq_span(c->head.data, c->head.len), c->type, &type));
    lq_number(d, c->sha256);
    const struct lq_key key = lq_key_text(c->sha256);
    if (lq_exists(d->view, &evidence_files, key))
        return LQ_ACCEPT;
    const Evidence__Upload *upload = lq_find(d->view, &evidence_uploads, key);
    if (upload != NULL && upload->bytes != c->bytes)
        return lq_reject(d, EVIDENCE__REJECT__OTHER_SIZE,
                         "an upload of this hash is under way with %u bytes, not %u", upload->bytes,
                         c->bytes);
    if (upload != NULL)
        return LQ_ACCEPT;
    Evidence__FileOpened opened = EVIDENCE__FILE_OPENED__INIT;
    opened.sha256 = c->sha256;
    opened.bytes = c->bytes;
    opened.type = type;
    opened.name = c->name;
    opened.restricted = c->restricted;
    lq_emit(d, EVIDENCE__EVENT__BODY_FILE_OPENED, &opened.base);
    return LQ_ACCEPT;
}

static void set_timer(struct lq_view *tables, const char *sha256, int64_t touched_ms)
{
    lq_timer_set(tables, lq_arena_format(lq_view_arena(tables), EVIDENCE_UPLOAD_TIMER "%s", sha256),
                 touched_ms + DAY_MS);
}

static void end_upload(struct lq_view *tables, const char *sha256)
{
    lq_erase(tables, &evidence_uploads, lq_key_text(sha256));
    lq_timer_clear(tables,
                   lq_arena_format(lq_view_arena(tables), EVIDENCE_UPLOAD_TIMER "%s", sha256));
}

void evidence_file_opened(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    const Evidence__FileOpened *opened = event;
    Evidence__Upload *upload =
        lq_pb_project(lq_view_arena(tables), &evidence__upload__descriptor, opened);
    upload->touched_at_ms = what->recorded_ms;
    lq_save(tables, &evidence_uploads, lq_key_text(opened->sha256), &upload->base);
    set_timer(tables, opened->sha256, what->recorded_ms);
}

// ---------------------------------------------------------------- it goes on

static bool is_kept_already(struct lq_decision *d, const Evidence__KeepChunk *c)
{
    const Evidence__Chunk *chunk =
        lq_find(d->view, &evidence_chunks, chunk_key(c->sha256, c->offset));
    return chunk != NULL && lq_span_equal(lq_span(chunk->content.data, chunk->content.len),
                                          lq_span(c->content.data, c->content.len));
}

static struct lq_verdict need_fit(struct lq_decision *d, const Evidence__Upload *upload,
                                  const Evidence__KeepChunk *c)
{
    const size_t size = c->content.len;
    const uint32_t left = upload->bytes - c->offset;
    if (c->offset != upload->received)
        return lq_reject(d, EVIDENCE__REJECT__OFFSET_EXPECTED,
                         "the next piece begins at byte %u, not at %u", upload->received,
                         c->offset);
    if (size > left || size > EVIDENCE_CHUNK_MOST)
        return lq_reject(d, EVIDENCE__REJECT__CHUNK_UNFIT,
                         "a piece of %u bytes is too large: the most is %d, and %u are missing",
                         (unsigned)size, EVIDENCE_CHUNK_MOST, left);
    if (size < left && size < EVIDENCE_CHUNK_LEAST)
        return lq_reject(d, EVIDENCE__REJECT__CHUNK_UNFIT,
                         "a piece of %u bytes is too small: only the last has less than %d",
                         (unsigned)size, EVIDENCE_CHUNK_LEAST);
    return LQ_ACCEPT;
}

static struct lq_verdict need_same_hash(struct lq_decision *d, const Evidence__Upload *upload,
                                        struct lq_span state)
{
    const char *found = lq_sha256_hex(d->arena, state, upload->bytes);
    if (strcmp(found, upload->sha256) == 0)
        return LQ_ACCEPT;
    return lq_reject(d, EVIDENCE__REJECT__FILE_ALTERED,
                     "the bytes that came have the hash %s, not %s: the file was cut or altered on "
                     "the way, and is not kept",
                     found, upload->sha256);
}

static void emit_kept(struct lq_decision *d, const Evidence__Upload *upload)
{
    const Evidence__FileKept *kept =
        lq_pb_project(d->arena, &evidence__file_kept__descriptor, upload);
    lq_emit(d, EVIDENCE__EVENT__BODY_FILE_KEPT, &kept->base);
}

struct lq_verdict evidence_keep_chunk(struct lq_decision *d, const void *command)
{
    const Evidence__KeepChunk *c = command;
    const struct lq_span content = lq_span(c->content.data, c->content.len);
    LQ_TRY(need_hash(d, c->sha256));
    lq_number(d, c->sha256);
    if (is_kept_already(d, c))
        return LQ_ACCEPT;
    const struct lq_key key = lq_key_text(c->sha256);
    if (lq_exists(d->view, &evidence_files, key))
        return lq_reject(d, EVIDENCE__REJECT__FILE_WHOLE,
                         "the file is kept, and nothing is missing");
    const Evidence__Upload *upload = lq_find(d->view, &evidence_uploads, key);
    if (upload == NULL)
        return lq_reject(d, EVIDENCE__REJECT__UPLOAD_UNKNOWN,
                         "no upload of %s is under way: it begins with open_file", c->sha256);
    LQ_TRY(need_fit(d, upload, c));
    Rules__FileType type;
    if (c->offset == 0)
        LQ_TRY(evidence_need_type(d, content, upload->type, &type));
    const struct lq_span before = lq_span(upload->hash_state.data, upload->hash_state.len);
    const struct lq_span state = lq_sha256_add(d->arena, before, upload->received, content);
    const bool is_last = c->offset + content.size == upload->bytes;
    if (is_last)
        LQ_TRY(need_same_hash(d, upload, state));

    Evidence__ChunkKept kept = EVIDENCE__CHUNK_KEPT__INIT;
    kept.sha256 = c->sha256;
    kept.offset = c->offset;
    kept.content = c->content;
    kept.hash_state = (ProtobufCBinaryData){.len = state.size, .data = lq_unconst(state.data)};
    lq_emit(d, EVIDENCE__EVENT__BODY_CHUNK_KEPT, &kept.base);
    if (is_last)
        emit_kept(d, upload);
    return LQ_ACCEPT;
}

void evidence_chunk_kept(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Evidence__ChunkKept *kept = event;
    const struct lq_key key = lq_key_text(kept->sha256);
    const Evidence__Chunk *chunk =
        lq_pb_project(lq_view_arena(tables), &evidence__chunk__descriptor, kept);
    lq_save(tables, &evidence_chunks, chunk_key(kept->sha256, kept->offset), &chunk->base);
    const Evidence__Upload *before = lq_find(tables, &evidence_uploads, key);
    LQ_ASSERT(before != NULL);
    Evidence__Upload upload = *before;
    upload.received = kept->offset + (uint32_t)kept->content.len;
    upload.hash_state = kept->hash_state;
    upload.touched_at_ms = what->recorded_ms;
    lq_save(tables, &evidence_uploads, key, &upload.base);
    set_timer(tables, kept->sha256, what->recorded_ms);
}

void evidence_file_kept(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Evidence__FileKept *kept = event;
    Evidence__File *file = lq_pb_project(lq_view_arena(tables), &evidence__file__descriptor, kept);
    file->kept_at_ms = what->recorded_ms;
    lq_save(tables, &evidence_files, lq_key_text(kept->sha256), &file->base);
    end_upload(tables, kept->sha256);
}

// ---------------------------------------------------------------- it is given up

struct lq_verdict evidence_drop_upload(struct lq_decision *d, const void *command)
{
    const Evidence__DropUpload *c = command;
    LQ_TRY(need_hash(d, c->sha256));
    const struct lq_key key = lq_key_text(c->sha256);
    if (lq_exists(d->view, &evidence_files, key))
        return lq_reject(d, EVIDENCE__REJECT__FILE_WHOLE,
                         "the file is kept: what is evidence is not dropped");
    const Evidence__Upload *upload = lq_find(d->view, &evidence_uploads, key);
    if (upload == NULL)
        return lq_reject(d, EVIDENCE__REJECT__UPLOAD_UNKNOWN, "no upload of %s is under way",
                         c->sha256);
    if ((d->facts->roles & LQ_ANY_PERSON) == 0 && d->facts->now_ms < upload->touched_at_ms + DAY_MS)
        return lq_reject(d, LQ_COMMON(NOT_DUE), "the upload of %s still has time", c->sha256);
    Evidence__UploadDropped dropped = EVIDENCE__UPLOAD_DROPPED__INIT;
    dropped.sha256 = c->sha256;
    dropped.received = upload->received;
    lq_emit(d, EVIDENCE__EVENT__BODY_UPLOAD_DROPPED, &dropped.base);
    lq_number(d, c->sha256);
    return LQ_ACCEPT;
}

void evidence_upload_dropped(struct lq_view *tables, const struct lq_occurrence *what,
                             const void *event)
{
    const Evidence__UploadDropped *dropped = event;
    struct lq_scan s = lq_scan(tables, &evidence_chunks, lq_key_text(dropped->sha256));
    s.keys_only = true;
    while (lq_scan_next(&s))
        lq_erase(tables, &evidence_chunks, s.key);
    end_upload(tables, dropped->sha256);
}

void evidence_upload_due(struct lq_follow_up *f, int64_t due_ms, const char *name)
{
    Evidence__DropUpload drop = EVIDENCE__DROP_UPLOAD__INIT;
    drop.sha256 = lq_arena_text(f->arena, name);
    lq_command_self(f, due_ms, EVIDENCE__COMMAND__BODY_DROP_UPLOAD, &drop.base);
}
