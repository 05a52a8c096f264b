// evidence: photographs, scans and recordings, under the hash of their bytes. What the parts of the
// service share; only this folder includes it. The tour: evidence.c (the contract), uploads.c (how
// a file comes in), files.c (how it is read), types.c (what it may be).
#pragma once

#include "base/sha256.h"
#include "evidence.pb-c.h"
#include "pb/pb.h"
#include "rules/reading.h"
#include "service/need.h"
#include "service/rows.h"
#include "service/service.h"

// (docs/decisions/0032) A chunk with its envelope fits into one request (LQ_PB_REQUEST); small ones
// would fill the journal with records.
enum {
    EVIDENCE_FILE_MOST = 20 * 1024 * 1024,
    EVIDENCE_CHUNK_MOST = 48 * 1024,
    EVIDENCE_CHUNK_LEAST = 4096, // but the last
    EVIDENCE_HEAD_MOST = 64,
};

// Who reads what is restricted.
#define EVIDENCE_READERS                                                                           \
    (LQ_ROLE(COMMANDER) | LQ_ROLE(DESK) | LQ_ROLE(LIAISON) | LQ_ROLE(CLERK) | LQ_ROLE(INSPECTOR) | \
     LQ_ROLE(SERVICE))

#define EVIDENCE_UPLOAD_TIMER "upload/"

extern const struct lq_table evidence_files;   // sha256 -> File
extern const struct lq_table evidence_uploads; // sha256 -> Upload
extern const struct lq_table evidence_chunks;  // sha256, offset -> Chunk

lq_decide_fn evidence_open_file, evidence_keep_chunk, evidence_drop_upload;
lq_apply_fn evidence_file_opened, evidence_chunk_kept, evidence_file_kept, evidence_upload_dropped;
lq_timer_fn evidence_upload_due;
lq_query_fn evidence_list_files, evidence_ask_upload, evidence_ask_chunk;

// The type of a file with these first bytes, which must be `said` if that is set.
struct lq_verdict evidence_need_type(struct lq_decision *d, struct lq_span head,
                                     Rules__FileType said, Rules__FileType *type);

void evidence_check(struct lq_view *view);
