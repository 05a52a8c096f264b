#include "lq/outbox/snapshot.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/time.h"
#include "lq/outbox/state.h"
#include "pb/pb.h"
#include "terminal.pb-c.h"

enum {
    QUESTION_SIZE = 16,
    KEPT_MOST = 300,               // snapshots
    KEPT_BYTES_MOST = 1024 * 1024, // and their answers; the oldest go
    MINUTE_MS = 60 * 1000,
    HOUR_MS = 60 * MINUTE_MS,
};

static const char NAME[] = "snapshots";

struct lq_snapshots {
    Terminal__Snapshots *all;  // NULL: not read yet
    Terminal__Snapshot *shown; // in place of the bus's answers
    size_t page;
    Terminal__Snapshot *noted; // of the question under way
    bool changed;
};

// ---------------------------------------------------------------- finding

static struct lq_snapshots *snapshots_of(struct lq_cli *cli)
{
    if (cli->snapshots != NULL)
        return cli->snapshots;
    cli->snapshots = LQ_NEW(&cli->arena, struct lq_snapshots);
    cli->snapshots->all =
        (Terminal__Snapshots *)lq_state_get(cli, NAME, &terminal__snapshots__descriptor);
    if (cli->snapshots->all == NULL) {
        cli->snapshots->all = LQ_NEW(&cli->arena, Terminal__Snapshots);
        terminal__snapshots__init(cli->snapshots->all);
    }
    return cli->snapshots;
}

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
}

static ProtobufCBinaryData question_of(struct lq_cli *cli, const char *service,
                                       const ProtobufCMessage *query)
{
    uint8_t *hash = lq_arena_alloc(&cli->arena, QUESTION_SIZE);
    const struct lq_span bytes = lq_pb_encode(&cli->arena, query);
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, QUESTION_SIZE);
    crypto_generichash_update(&state, (const uint8_t *)service, strlen(service) + 1);
    crypto_generichash_update(&state, bytes.data, bytes.size);
    crypto_generichash_final(&state, hash, QUESTION_SIZE);
    return (ProtobufCBinaryData){.len = QUESTION_SIZE, .data = hash};
}

static Terminal__Snapshot *find(const struct lq_snapshots *s, ProtobufCBinaryData question)
{
    for (size_t i = 0; i < s->all->n_snapshots; i++) {
        Terminal__Snapshot *one = s->all->snapshots[i];
        if (one->question.len == question.len &&
            memcmp(one->question.data, question.data, question.len) == 0)
            return one;
    }
    return NULL;
}

static ProtobufCMessage *decode(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                                ProtobufCBinaryData bytes)
{
    const char *why = NULL;
    ProtobufCMessage *answer =
        lq_pb_decode_within(&LQ_PB_REPLY, &cli->arena, type, lq_span(bytes.data, bytes.len), &why);
    return answer != NULL && lq_pb_variant(answer) != 0 ? answer : NULL;
}

ProtobufCMessage *lq_snapshot_get(struct lq_cli *cli, const char *service,
                                  const ProtobufCMessage *query,
                                  const ProtobufCMessageDescriptor *answer_type)
{
    const Terminal__Snapshot *one = find(snapshots_of(cli), question_of(cli, service, query));
    return one != NULL && one->n_answers == 1 ? decode(cli, answer_type, one->answers[0]) : NULL;
}

// ---------------------------------------------------------------- showing

static void tell_age(const struct lq_cli *cli, int64_t taken_at_ms)
{
    char text[LQ_TIME_TEXT], line[160];
    const long long age = lq_wall_ms() - taken_at_ms;
    lq_format_local(taken_at_ms, text);
    if (age < MINUTE_MS)
        snprintf(line, sizeof line,
                 lq_tr("as of %s, less than a minute ago; the bus was not reached"), text);
    else if (age < 2 * HOUR_MS)
        snprintf(line, sizeof line, lq_tr("as of %s, %lld minutes ago; the bus was not reached"),
                 text, age / MINUTE_MS);
    else if (age < 2 * LQ_DAY_MS)
        snprintf(line, sizeof line, lq_tr("as of %s, %lld hours ago; the bus was not reached"),
                 text, age / HOUR_MS);
    else
        snprintf(line, sizeof line, lq_tr("as of %s, %lld days ago; the bus was not reached"), text,
                 age / LQ_DAY_MS);
    if (cli->format == LQ_FORMAT_TABLE)
        printf("%s\n", line);
    else
        lq_cli_say("%s", line); // the output is for programs
}

bool lq_snapshot_answer(struct lq_cli *cli, const char *service, const ProtobufCMessage *query,
                        const ProtobufCMessageDescriptor *answer_type, ProtobufCMessage **answer)
{
    if (!cli->verb->offline)
        return false;
    struct lq_snapshots *s = snapshots_of(cli);
    const bool first = s->shown == NULL;
    if (first)
        s->shown = find(s, question_of(cli, service, query));
    if (s->shown == NULL || s->page >= s->shown->n_answers)
        return false;
    ProtobufCMessage *found = decode(cli, answer_type, s->shown->answers[s->page++]);
    if (found == NULL)
        return false;
    if (first)
        tell_age(cli, s->shown->taken_at_ms);
    *answer = found;
    return true;
}

// ---------------------------------------------------------------- remembering

static Terminal__Snapshot *begin(struct lq_cli *cli, ProtobufCBinaryData question)
{
    Terminal__Snapshot *one = LQ_NEW(&cli->arena, Terminal__Snapshot);
    terminal__snapshot__init(one);
    one->question = question;
    one->taken_at_ms = lq_wall_ms();
    return one;
}

static void add_answer(struct lq_cli *cli, Terminal__Snapshot *one, const ProtobufCMessage *answer)
{
    ProtobufCBinaryData *before = one->answers;
    one->answers = LQ_NEW_ARRAY(&cli->arena, ProtobufCBinaryData, one->n_answers + 1);
    if (one->n_answers > 0)
        memcpy(one->answers, before, one->n_answers * sizeof *before);
    one->answers[one->n_answers++] = binary(lq_pb_encode(&cli->arena, answer));
}

// As the last one, in place of an earlier one to the same question.
static void put(struct lq_cli *cli, Terminal__Snapshot *one)
{
    struct lq_snapshots *s = snapshots_of(cli);
    const Terminal__Snapshot *earlier = find(s, one->question);
    Terminal__Snapshot **kept =
        LQ_NEW_ARRAY(&cli->arena, Terminal__Snapshot *, s->all->n_snapshots + 1);
    size_t count = 0;
    for (size_t i = s->all->n_snapshots >= KEPT_MOST; i < s->all->n_snapshots; i++)
        if (s->all->snapshots[i] != earlier)
            kept[count++] = s->all->snapshots[i];
    kept[count++] = one;
    s->all->snapshots = kept;
    s->all->n_snapshots = count;
    s->changed = true;
}

void lq_snapshot_set(struct lq_cli *cli, const char *service, const ProtobufCMessage *query,
                     const ProtobufCMessage *answer)
{
    Terminal__Snapshot *one = begin(cli, question_of(cli, service, query));
    add_answer(cli, one, answer);
    put(cli, one);
}

void lq_snapshot_note(struct lq_cli *cli, const char *service, const ProtobufCMessage *query,
                      const ProtobufCMessage *answer)
{
    struct lq_snapshots *s;
    if (!cli->verb->offline)
        return;
    s = snapshots_of(cli);
    if (s->noted == NULL)
        s->noted = begin(cli, question_of(cli, service, query));
    add_answer(cli, s->noted, answer);
    if (cli->verb->remember != NULL && s->noted->n_answers == 1)
        cli->verb->remember(cli, answer);
}

static void drop_oldest(Terminal__Snapshots *all)
{
    size_t bytes = 0, first = all->n_snapshots;
    for (; first > 0 && all->n_snapshots - first < KEPT_MOST; first--) {
        const Terminal__Snapshot *one = all->snapshots[first - 1];
        for (size_t i = 0; i < one->n_answers; i++)
            bytes += one->answers[i].len;
        if (bytes > KEPT_BYTES_MOST)
            break;
    }
    all->snapshots += first;
    all->n_snapshots -= first;
}

int lq_snapshot_finish(struct lq_cli *cli, int code)
{
    struct lq_snapshots *s = cli->snapshots;
    if (s == NULL || code != LQ_EXIT_DONE)
        return code;
    if (s->shown != NULL)
        return LQ_EXIT_UNREACHABLE;
    if (s->noted != NULL)
        put(cli, s->noted);
    if (s->changed) {
        drop_oldest(s->all);
        lq_state_put(cli, NAME, &s->all->base);
    }
    return code;
}
