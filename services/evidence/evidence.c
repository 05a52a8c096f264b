// The contract of the service: who may send and read what, what decides it, its tables.
//
// Pieces of files are read by the question `chunk` and not fetched with the stream: who watches it
// is spared twenty megabytes. Of restricted files nothing is fetched at all: who reads of one asks,
// and that is recorded (rules/reading.h).
#include "evidence.h"

static const struct lq_command_row commands[] = {
    {EVIDENCE__COMMAND__BODY_OPEN_FILE, LQ_ANY_PERSON, 0, evidence_open_file},
    {EVIDENCE__COMMAND__BODY_KEEP_CHUNK, LQ_ANY_PERSON, 0, evidence_keep_chunk},
    {EVIDENCE__COMMAND__BODY_DROP_UPLOAD, LQ_ANYONE, 0, evidence_drop_upload},
    {0},
};

static const struct lq_event_row events[] = {
    {EVIDENCE__EVENT__BODY_FILE_OPENED, evidence_file_opened},
    {EVIDENCE__EVENT__BODY_CHUNK_KEPT, evidence_chunk_kept},
    {EVIDENCE__EVENT__BODY_FILE_KEPT, evidence_file_kept},
    {EVIDENCE__EVENT__BODY_UPLOAD_DROPPED, evidence_upload_dropped},
    {EVIDENCE__EVENT__BODY_READING_RECORDED, lq_reading_recorded},
    {0},
};

static const struct lq_query_row queries[] = {
    {EVIDENCE__QUERY__BODY_FILES, LQ_ANYONE, evidence_list_files},
    {EVIDENCE__QUERY__BODY_UPLOAD, LQ_ANYONE, evidence_ask_upload},
    {EVIDENCE__QUERY__BODY_CHUNK, LQ_ANYONE, evidence_ask_chunk},
    {EVIDENCE__QUERY__BODY_READINGS, LQ_READING_READERS, lq_ask_readings},
    {0},
};

static const struct lq_timer_row timers[] = {
    {EVIDENCE_UPLOAD_TIMER, evidence_upload_due},
    {0},
};

static const struct lq_table *const tables[] = {
    &evidence_files,
    &evidence_uploads,
    &evidence_chunks,
    NULL,
};

static bool may_see(struct lq_view *view, const void *event, const char *actor, uint32_t roles)
{
    (void)view, (void)actor;
    const Evidence__Event *heard = event;
    switch (heard->body_case) {
    case EVIDENCE__EVENT__BODY_FILE_OPENED:
        return !heard->file_opened->restricted || (roles & LQ_ROLE(SERVICE)) != 0;
    case EVIDENCE__EVENT__BODY_FILE_KEPT:
        return !heard->file_kept->restricted || (roles & LQ_ROLE(SERVICE)) != 0;
    case EVIDENCE__EVENT__BODY_CHUNK_KEPT:
        return (roles & LQ_ROLE(SERVICE)) != 0;
    case EVIDENCE__EVENT__BODY_UPLOAD_DROPPED:
    case EVIDENCE__EVENT__BODY_READING_RECORDED: // the runtime's to say
    case EVIDENCE__EVENT__BODY__NOT_SET:
    case _EVIDENCE__EVENT__BODY__CASE_IS_INT_SIZE:
        return true;
    }
    LQ_UNREACHABLE();
}

const struct lq_service lq_service_evidence = {
    LQ_SERVICE(evidence), .timers = timers,        .tables = tables,
    .visible = may_see,   .check = evidence_check,
};
