// Each piece names the command before it (Request.after), so that they are decided in order though
// several are under way; a flush of the journal holds all that have come meanwhile. When one is
// refused, the others are heard out, and the service is asked how far it is: so too where it has
// gone and come back. (A client that repeats each by itself would go on at the pace of its
// patience: each piece would be refused until the one before, which waits, is decided.)
#include "lq/evidence/upload.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "client/ask.h"
#include "pb/build.h"
#include "pb/pb.h"

enum {
    PIECE = 48 * 1024,
    UNDER_WAY = 8,       // pieces at a time; the client has room for LQ_CLIENT_WINDOW
    PATIENCE_MS = 30000, // that nothing comes of it
    PAUSE_MS = 50,       // before it is asked anew
    PAUSE_MOST_MS = 1000,
};

static const char SERVICE[] = "evidence";

struct upload {
    struct lq_cli *cli;
    struct lq_client *sender; // of pieces; it is told of refusals at once
    const struct lq_local *local;
    struct lq_arena arena; // of one piece, or one answer
    uint32_t sent, kept;   // bytes
    struct {
        uint64_t correlation; // 0: free
        uint32_t end;
    } pieces[UNDER_WAY];
    struct lq_id before; // the last piece
    bool has_before, held_up;
    bool is_altered;            // the hash is not right
    const char *refusal;        // the last that says "try again", for people; NULL: none
    int64_t moved_ms, pause_ms; // when it last got on (steady); before it is asked anew
    int code;                   // what was said, if anything was
};

// ---------------------------------------------------------------- questions

int lq_evidence_ask(struct lq_cli *cli, struct lq_arena *arena, const char *variant,
                    const ProtobufCMessage *question, const ProtobufCMessage **answer)
{
    const struct lq_hearing heard = lq_client_ask(
        cli->client, arena, SERVICE,
        lq_pb_wrap(arena, &evidence__query__descriptor, variant, lq_unconst(question)),
        &evidence__answer__descriptor);
    if (heard.what == LQ_HEARD) {
        *answer = lq_pb_variant_message(heard.answer);
        return LQ_EXIT_DONE;
    }
    if (heard.what == LQ_HEARD_REFUSAL)
        return lq_cli_refused(heard.refusal);
    if (heard.what == LQ_HEARD_NOTHING)
        return lq_cli_fault(heard.status);
    lq_cli_fail("the reply of %s cannot be read", SERVICE);
    return LQ_EXIT_REFUSED;
}

static int ask_progress(struct upload *u, const Evidence__UploadAnswer **out)
{
    Evidence__AskUpload question = EVIDENCE__ASK_UPLOAD__INIT;
    question.sha256 = lq_unconst(u->local->sha256);
    lq_arena_reset(&u->arena);
    const ProtobufCMessage *answer = NULL;
    const int code = lq_evidence_ask(u->cli, &u->arena, "upload", &question.base, &answer);
    *out = (const void *)answer;
    return code;
}

// ---------------------------------------------------------------- commands

static Lq__Command command_of(struct upload *u, const char *variant, const ProtobufCMessage *body,
                              struct lq_id *id)
{
    const ProtobufCMessage *whole =
        lq_pb_wrap(&u->arena, &evidence__command__descriptor, variant, lq_unconst(body));
    return lq_client_command(id, lq_pb_encode(&u->arena, whole));
}

static int say_rejected(const Lq__Rejected *rejected)
{
    lq_cli_fail("%s (%s)", lq_cli_rejected_text(rejected), rejected->code);
    return LQ_EXIT_REFUSED;
}

static int decide(struct upload *u, const char *variant, const ProtobufCMessage *body)
{
    struct lq_id id;
    const Lq__Command command = command_of(u, variant, body, &id);
    const struct lq_hearing heard = lq_client_decide(u->cli->client, &u->arena, SERVICE, &command);
    if (heard.what == LQ_HEARD_REFUSAL)
        return lq_cli_refused(heard.refusal);
    if (heard.what != LQ_HEARD)
        return lq_cli_fault(heard.status);
    return heard.outcome->result_case == LQ__OUTCOME__RESULT_REJECTED
               ? say_rejected(heard.outcome->rejected)
               : LQ_EXIT_DONE;
}

static int open_file(struct upload *u, bool restricted)
{
    Evidence__OpenFile open = EVIDENCE__OPEN_FILE__INIT;
    open.sha256 = lq_unconst(u->local->sha256);
    open.bytes = u->local->bytes;
    open.name = lq_unconst(u->local->name);
    open.restricted = restricted;
    open.head =
        (ProtobufCBinaryData){.len = u->local->head_size, .data = lq_unconst(u->local->head)};
    return decide(u, "open_file", &open.base);
}

static void drop(struct upload *u)
{
    Evidence__DropUpload drop = EVIDENCE__DROP_UPLOAD__INIT;
    drop.sha256 = lq_unconst(u->local->sha256);
    u->code = decide(u, "drop_upload", &drop.base);
}

// ---------------------------------------------------------------- pieces

static unsigned free_place(const struct upload *u)
{
    unsigned i = 0;
    while (i < UNDER_WAY && u->pieces[i].correlation != 0)
        i++;
    return i;
}

static void send_piece(struct upload *u, unsigned place)
{
    const uint32_t left = u->local->bytes - u->sent;
    const size_t size = left < PIECE ? left : PIECE;
    lq_arena_reset(&u->arena);
    uint8_t *bytes = lq_arena_alloc(&u->arena, size);
    if (!lq_local_read(u->local, u->sent, bytes, size)) {
        lq_cli_fail("%s has become shorter while it was sent", u->local->path);
        u->code = LQ_EXIT_REFUSED;
        u->held_up = true;
        return;
    }
    Evidence__KeepChunk chunk = EVIDENCE__KEEP_CHUNK__INIT;
    chunk.sha256 = lq_unconst(u->local->sha256);
    chunk.offset = u->sent;
    chunk.content = (ProtobufCBinaryData){.len = size, .data = bytes};
    struct lq_id id;
    const Lq__Command command = command_of(u, "keep_chunk", &chunk.base, &id);
    const struct lq_span one = lq_pb_encode(&u->arena, &command.base);
    ProtobufCBinaryData both = {.len = one.size, .data = lq_unconst(one.data)};
    Lq__Commands commands = LQ__COMMANDS__INIT;
    commands.n_commands = 1;
    commands.commands = &both;
    const enum lq_status status = lq_client_submit_commands(
        u->sender, SERVICE, lq_pb_encode(&u->arena, &commands.base),
        lq_span(u->before.bytes, u->has_before ? LQ_ID_SIZE : 0), &u->pieces[place].correlation);
    if (status != LQ_OK) {
        u->code = lq_cli_fault(status);
        u->held_up = true;
        return;
    }
    u->before = id;
    u->has_before = true;
    u->sent += (uint32_t)size;
    u->pieces[place].end = u->sent;
}

static void take_rejected(struct upload *u, const Lq__Rejected *rejected)
{
    const bool is_altered = strcmp(rejected->code, "FILE_ALTERED") == 0;
    const bool may_go_on = is_altered || strcmp(rejected->code, "OFFSET_EXPECTED") == 0 ||
                           strcmp(rejected->code, "UPLOAD_UNKNOWN") == 0 ||
                           strcmp(rejected->code, "FILE_WHOLE") == 0;
    u->is_altered = u->is_altered || is_altered;
    if (!u->held_up && !may_go_on)
        u->code = say_rejected(rejected);
    u->held_up = true;
}

static void take_outcome(struct upload *u, unsigned place, ProtobufCBinaryData bytes)
{
    const char *why;
    lq_arena_reset(&u->arena);
    const Lq__Outcome *outcome = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &u->arena, &lq__outcome__descriptor, lq_span(bytes.data, bytes.len), &why);
    if (outcome != NULL && outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED) {
        if (u->pieces[place].end > u->kept)
            u->kept = u->pieces[place].end;
    } else if (outcome != NULL && outcome->result_case == LQ__OUTCOME__RESULT_REJECTED) {
        take_rejected(u, outcome->rejected);
    } else {
        u->held_up = true;
    }
}

// What is behind a piece that was refused is refused for that.
static void take_refusal(struct upload *u, const Lq__Refusal *refusal)
{
    const bool is_soon_over = refusal->retry && refusal->why != LQ__REFUSAL__WHY__JOURNAL_FULL;
    if (!u->held_up && is_soon_over)
        u->refusal = lq_cli_refusal_text(refusal);
    else if (!u->held_up && u->code == LQ_EXIT_DONE)
        u->code = lq_cli_refused(refusal);
    u->held_up = true;
}

static void take_reply(struct upload *u, const Lq__Reply *reply)
{
    unsigned place = 0;
    while (place < UNDER_WAY && u->pieces[place].correlation != reply->correlation)
        place++;
    if (place == UNDER_WAY)
        return;
    u->pieces[place].correlation = 0;
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        take_refusal(u, reply->refusal);
    else if (reply->kind_case != LQ__REPLY__KIND_OUTCOMES || reply->outcomes->n_outcomes != 1)
        u->held_up = true;
    else if (reply->outcomes->outcomes[0]->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL)
        take_refusal(u, reply->outcomes->outcomes[0]->refusal);
    else
        take_outcome(u, place, reply->outcomes->outcomes[0]->outcome);
}

// ---------------------------------------------------------------- progress

static void draw(const struct upload *u)
{
    if (!u->cli->quiet && isatty(STDERR_FILENO))
        fprintf(stderr, "\r%s  %u / %u KiB ", u->local->name, u->kept / 1024,
                (u->local->bytes + 1023) / 1024);
}

static void end_drawing(const struct upload *u)
{
    if (!u->cli->quiet && isatty(STDERR_FILENO))
        fprintf(stderr, "\r%*s\r", 79, "");
}

// Sends what is missing; until all of it is kept or something stands in the way.
static void send_rest(struct upload *u)
{
    u->held_up = false;
    u->has_before = false;
    while (lq_client_outstanding(u->sender) > 0 || (!u->held_up && u->sent < u->local->bytes)) {
        unsigned place;
        while (!u->held_up && u->sent < u->local->bytes && (place = free_place(u)) < UNDER_WAY)
            send_piece(u, place);
        const Lq__Reply *reply;
        if (lq_client_next(u->sender, -1, &reply))
            take_reply(u, reply);
        draw(u);
    }
}

// ---------------------------------------------------------------- the whole

// What was cut is no failure of the file: the same command goes on.
static int say_cut(struct upload *u)
{
    lq_cli_say("%u of %u bytes of %s were sent and are kept there; run the same command again, and "
               "it goes on from there",
               u->kept, u->local->bytes, u->local->path);
    return u->code;
}

// One round: asks how far it is, and sends the rest. `is_kept`: it is whole.
static void go_on(struct upload *u, bool restricted, bool *is_kept, Rules__FileType *type)
{
    const Evidence__UploadAnswer *answer;
    u->code = ask_progress(u, &answer);
    if (u->code != LQ_EXIT_DONE)
        return;
    *is_kept = answer->file != NULL;
    if (*is_kept) {
        *type = answer->file->type;
        return;
    }
    u->kept = u->sent = answer->received;
    if (!answer->under_way)
        u->code = open_file(u, restricted);
    if (u->code == LQ_EXIT_DONE)
        send_rest(u);
    if (u->code == LQ_EXIT_DONE && u->is_altered)
        drop(u);
}

// Has anything come of it within the time that one waits? If not, that is said.
static bool gets_on(struct upload *u, uint32_t before)
{
    const int64_t now_ms = lq_steady_ms();
    if (u->kept > before) {
        u->moved_ms = now_ms;
        u->pause_ms = PAUSE_MS;
        return true;
    }
    usleep((useconds_t)u->pause_ms * 1000);
    u->pause_ms = u->pause_ms * 2 > PAUSE_MOST_MS ? PAUSE_MOST_MS : u->pause_ms * 2;
    if (now_ms - u->moved_ms < PATIENCE_MS)
        return true;
    if (u->refusal != NULL)
        lq_cli_fail("%s", u->refusal);
    u->code = LQ_EXIT_UNREACHABLE;
    return false;
}

// Rounds, until it is whole or something stands in the way. Other bytes that somebody has begun
// with are dropped once.
static bool send_all(struct upload *u, bool restricted, Rules__FileType *type)
{
    bool is_kept = false, was_altered = false;
    u->moved_ms = lq_steady_ms();
    u->pause_ms = PAUSE_MS;
    for (;;) {
        const uint32_t before = u->kept;
        u->is_altered = false;
        go_on(u, restricted, &is_kept, type);
        if (is_kept || u->code != LQ_EXIT_DONE || (u->is_altered && was_altered) ||
            !gets_on(u, before))
            return is_kept;
        was_altered = was_altered || u->is_altered;
    }
}

int lq_upload(struct lq_cli *cli, const struct lq_local *local, bool restricted,
              Rules__FileType *type)
{
    struct upload u = {.cli = cli, .local = local};
    u.code = lq_cli_open(cli, true, 0, &u.sender);
    if (u.code != LQ_EXIT_DONE)
        return u.code;
    const bool is_kept = send_all(&u, restricted, type);
    end_drawing(&u);
    if (!is_kept && u.code == LQ_EXIT_DONE) {
        lq_cli_fail("%s changed while it was sent, or somebody else sends it: it is not kept",
                    local->path);
        u.code = LQ_EXIT_REFUSED;
    } else if (!is_kept && u.kept > 0 && u.kept < local->bytes) {
        say_cut(&u);
    }
    lq_client_close(u.sender);
    lq_arena_free(&u.arena);
    return is_kept ? LQ_EXIT_DONE : u.code;
}
