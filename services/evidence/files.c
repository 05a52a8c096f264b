// Files that are whole: who may read them, a piece at a time; and what always holds of what is
// kept.
#include "evidence.h"

const struct lq_table evidence_files = {"files", &evidence__file__descriptor};

// A file is found by who has its hash, and that is who has its bytes, or a thing that names it.
static bool may_read(const struct lq_reading *r, const Evidence__File *file)
{
    return !file->restricted || (r->roles & EVIDENCE_READERS) != 0;
}

static void tell(struct lq_reading *r, const Evidence__File *file)
{
    if (file->restricted && (r->roles & LQ_ROLE(SERVICE)) == 0)
        lq_tell_of(r->told, "file", file->sha256);
}

void evidence_list_files(struct lq_reading *r, const void *query, void *answer)
{
    const Evidence__ListFiles *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &evidence_files, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Evidence__File *file = s.row;
        const bool is_asked =
            q->type == RULES__FILE_TYPE__FILE_TYPE_UNSPECIFIED || q->type == file->type;
        if (!is_asked || !may_read(r, file))
            continue;
        if (!lq_rows_add(&rows, file))
            break;
        tell(r, file);
    }
    lq_rows_answer(&rows, answer);
}

// Whoever sends what is kept already needs not to know more of it than that.
static const Evidence__File *as_told(struct lq_reading *r, const Evidence__File *file)
{
    if (!file->restricted)
        return file;
    Evidence__File *told = LQ_NEW(r->arena, Evidence__File);
    evidence__file__init(told);
    told->sha256 = file->sha256;
    told->bytes = file->bytes;
    told->type = file->type;
    told->restricted = true;
    return told;
}

void evidence_ask_upload(struct lq_reading *r, const void *query, void *answer)
{
    const Evidence__AskUpload *q = query;
    Evidence__UploadAnswer *told = answer;
    const Evidence__File *file = lq_find(r->view, &evidence_files, lq_key_text(q->sha256));
    const Evidence__Upload *upload = lq_find(r->view, &evidence_uploads, lq_key_text(q->sha256));
    if (file != NULL)
        told->file = lq_unconst(as_told(r, file));
    if (upload == NULL)
        return;
    told->under_way = true;
    told->bytes = upload->bytes;
    told->received = upload->received;
}

void evidence_ask_chunk(struct lq_reading *r, const void *query, void *answer)
{
    const Evidence__AskChunk *q = query;
    Evidence__ChunkAnswer *told = answer;
    const struct lq_key key = lq_key_text(q->sha256);
    const Evidence__File *file = lq_find(r->view, &evidence_files, key);
    if (file == NULL || !may_read(r, file))
        return;
    tell(r, file);
    told->file = lq_unconst(file);
    told->offset = q->offset;
    const Evidence__Chunk *chunk =
        lq_find(r->view, &evidence_chunks, lq_key_then_number(key, q->offset));
    if (chunk != NULL)
        told->content = chunk->content;
}

// ---------------------------------------------------------------- what always holds

// The pieces follow each other, end at `bytes`, and have that hash state then.
static struct lq_span check_chunks(struct lq_view *view, const char *sha256, uint32_t bytes)
{
    struct lq_span state = lq_span(NULL, 0);
    uint32_t at = 0;
    for (struct lq_scan s = lq_scan(view, &evidence_chunks, lq_key_text(sha256));
         lq_scan_next(&s);) {
        const Evidence__Chunk *chunk = s.row;
        LQ_ASSERT(chunk->offset == at);
        state = lq_sha256_add(lq_view_arena(view), state, at,
                              lq_span(chunk->content.data, chunk->content.len));
        at += (uint32_t)chunk->content.len;
    }
    LQ_ASSERT(at == bytes);
    return state;
}

static void check_file(struct lq_view *view, const Evidence__File *file)
{
    const struct lq_span state = check_chunks(view, file->sha256, file->bytes);
    LQ_ASSERT(strcmp(lq_sha256_hex(lq_view_arena(view), state, file->bytes), file->sha256) == 0);
    LQ_ASSERT(!lq_exists(view, &evidence_uploads, lq_key_text(file->sha256)));
}

void evidence_check(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &evidence_files, lq_key_none()); lq_scan_next(&s);)
        check_file(view, s.row);
    for (struct lq_scan s = lq_scan(view, &evidence_uploads, lq_key_none()); lq_scan_next(&s);) {
        const Evidence__Upload *upload = s.row;
        const struct lq_span state = check_chunks(view, upload->sha256, upload->received);
        LQ_ASSERT(upload->received < upload->bytes);
        LQ_ASSERT(lq_span_equal(state, lq_span(upload->hash_state.data, upload->hash_state.len)));
    }
}
