// lq watch: what happens, as it happens. One fetch for each stream is always out; it comes back
// with the events behind the position that was reached, or empty after a while, and goes out again
// from there. So nothing is missed or told twice, however often the bus or a service is restarted
// in between; and with --resume not even over restarts of lq itself.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/time.h"
#include "lq/cli/arguments.h"
#include "dispatch.pb-c.h"
#include "lq/nouns/nouns.h"
#include "lq/nouns/order.h"
#include "lq/show/mention.h"
#include "lq/show/paragraph.h"
#include "lq/show/show.h"
#include "lq/show/text.h"
#include "lq/watch/watch.h"
#include "lq/show/words.h"
#include "pb/json.h"
#include "pb/pb.h"

enum {
    FETCH_WAIT_MS = 3000, // a bus that was restarted knows nothing of the fetch: not for longer
    PATIENCE_MS = 5000,   // behind that; so that a fetch that is sent again can come back
    LOOK_MS = 200,        // how soon a Ctrl-C is seen
    RETRY_MS = 500,
    DELIVERED_WITHIN_MS = 24 * 3600 * 1000,
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

// ---------------------------------------------------------------- asking

static void submit(struct lq_watch *watch, struct lq_watched *of)
{
    const Lq__Query query = LQ__QUERY__INIT;
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = of->after;
    fetch.wait_ms = FETCH_WAIT_MS;
    // A page that ends with the last event that is wanted tells the hash of that one.
    if (watch->wanted > 0 && watch->wanted - watch->printed < UINT32_MAX)
        fetch.max = (uint32_t)(watch->wanted - watch->printed);
    if (of->has_hash)
        fetch.after_hash = (ProtobufCBinaryData){.len = sizeof of->hash, .data = of->hash};
    lq_arena_reset(&watch->scratch);
    const struct lq_span body =
        lq_pb_encode(&watch->scratch, of->is_placed ? &fetch.base : &query.base);
    const enum lq_ask kind = of->is_placed ? LQ_ASK_FETCH : LQ_ASK_QUERY;
    if (lq_client_submit(watch->client, of->service->name, kind, body, &of->correlation) == LQ_OK)
        of->is_out = true;
}

// What is not out goes out, unless it was refused a moment ago.
static void submit_due(struct lq_watch *watch)
{
    const int64_t now_ms = lq_steady_ms();
    for (unsigned i = 0; i < watch->count; i++)
        if (!watch->streams[i].is_out && watch->streams[i].not_before_ms <= now_ms)
            submit(watch, &watch->streams[i]);
}

static struct lq_watched *find(struct lq_watch *watch, uint64_t correlation)
{
    for (unsigned i = 0; i < watch->count; i++)
        if (watch->streams[i].is_out && watch->streams[i].correlation == correlation)
            return &watch->streams[i];
    return NULL;
}

// ---------------------------------------------------------------- printing

static void print_line(struct lq_watch *watch, const struct lq_watched *of, const Lq__Event *event,
                       const ProtobufCMessage *body)
{
    char at[LQ_TIME_TEXT];
    struct lq_cli cli = *watch->cli; // so that what is made for this line goes with it
    cli.arena = watch->scratch;
    const char *line = lq_arena_format(
        &cli.arena, lq_tr("%s %s#%llu %s by %s: %s"), lq_format_local(event->occurred_at_ms, at),
        of->service->name, (unsigned long long)event->seq, lq_show_variant(body),
        lq_show_actor(&cli, event->actor, event->on_behalf_of, event->reason),
        lq_show_brief(&cli, lq_pb_variant_message(body)));
    lq_paragraph("%s", line);
    watch->scratch = cli.arena;
}

static json_t *time_json(int64_t at_ms)
{
    char at[LQ_TIME_TEXT];
    return json_string(lq_format_instant(at_ms, at));
}

static void print_json(const struct lq_watched *of, const Lq__Event *event,
                       const ProtobufCMessage *body)
{
    json_t *line = json_object();
    LQ_ASSERT(line != NULL);
    json_object_set_new(line, "stream", json_string(of->service->name));
    json_object_set_new(line, "seq", json_integer((json_int_t)event->seq));
    json_object_set_new(line, "recorded_at", time_json(event->recorded_at_ms));
    json_object_set_new(line, "occurred_at", time_json(event->occurred_at_ms));
    json_object_set_new(line, "actor", json_string(event->actor));
    json_object_set_new(line, "on_behalf_of", json_string(event->on_behalf_of));
    json_object_set_new(line, "reason", json_string(event->reason));
    json_object_set_new(line, "event", json_string(lq_pb_variant_name(body)));
    json_object_set_new(line, "body", lq_pb_json(lq_pb_variant_message(body)));
    lq_print_json(line, true, stdout);
}

static const struct {
    const char *option, *member;
} FILTERS[] = {{"--team", "team"}, {"--order", "order"}, {"--premises", "premises"}};

// Whoever waits for what there is not would wait for ever.
static int check_filters(struct lq_cli *cli)
{
    for (size_t i = 0; i < sizeof FILTERS / sizeof *FILTERS; i++) {
        const char *typed = lq_given_text(cli, FILTERS[i].option), *noun;
        if (typed == NULL)
            continue;
        const char *number = lq_number_typed(cli, "", FILTERS[i].member, typed);
        if (lq_number_is_unknown(cli, "", FILTERS[i].member, number, &noun)) {
            lq_cli_say("there is no %s %s", lq_tr(noun), number);
            return LQ_EXIT_REFUSED;
        }
    }
    return LQ_EXIT_DONE;
}

// What is asked for with --team, --order and --premises must all be named.
static bool is_wanted(struct lq_watch *watch, const ProtobufCMessage *event)
{
    for (size_t i = 0; i < sizeof FILTERS / sizeof *FILTERS; i++) {
        const char *typed = lq_given_text(watch->cli, FILTERS[i].option);
        if (typed != NULL &&
            !lq_mentions(event, lq_number_typed(watch->cli, "", FILTERS[i].member, typed)))
            return false;
    }
    return true;
}

// An order that comes to the terminal of who answers for the team is delivered with it. What is
// told again, of days ago, is not.
static void tell_delivered(struct lq_watch *watch, const Lq__Event *event, const Dispatch__Event *e)
{
    struct lq_cli *cli = watch->cli;
    Dispatch__Assignment **parts = NULL;
    const char *order = "";
    size_t count = 0;
    if (lq_wall_ms() - event->recorded_at_ms > DELIVERED_WITHIN_MS)
        return;
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_ISSUED) {
        order = e->order_issued->number;
        parts = e->order_issued->assignments;
        count = e->order_issued->n_assignments;
    } else if (e->body_case == DISPATCH__EVENT__BODY_ORDER_REOPENED) {
        order = e->order_reopened->order;
        parts = e->order_reopened->assignments;
        count = e->order_reopened->n_assignments;
    } else if (e->body_case == DISPATCH__EVENT__BODY_TEAM_ADDED) {
        Dispatch__Assignment added = DISPATCH__ASSIGNMENT__INIT;
        added.team = e->team_added->team;
        added.to = e->team_added->to;
        lq_order_tell_seen(cli, e->team_added->order, &added, false);
    }
    for (size_t i = 0; i < count; i++)
        lq_order_tell_seen(cli, order, parts[i], false);
}

// False if it is not one that is wanted.
static bool print_event(struct lq_watch *watch, const struct lq_watched *of, const Lq__Event *event)
{
    const char *why = NULL;
    lq_arena_reset(&watch->scratch);
    const ProtobufCMessage *body =
        lq_pb_decode_within(&LQ_PB_REPLY, &watch->scratch, of->service->event_type,
                            lq_span(event->body.data, event->body.len), &why);
    if (body == NULL || lq_pb_variant_message(body) == NULL)
        lq_cli_say("event %llu of %s is of a kind that this lq does not know",
                   (unsigned long long)event->seq, lq_service_shown(of->service->name));
    else if (!is_wanted(watch, lq_pb_variant_message(body)))
        return false;
    else if (watch->cli->format == LQ_FORMAT_JSON)
        print_json(of, event, body);
    else
        print_line(watch, of, event, body);
    if (body != NULL && body->descriptor == &dispatch__event__descriptor)
        tell_delivered(watch, event, (const void *)body);
    return true;
}

// ---------------------------------------------------------------- replies

static bool is_enough(const struct lq_watch *watch)
{
    return watch->wanted > 0 && watch->printed >= watch->wanted;
}

static void take_events(struct lq_watch *watch, struct lq_watched *of, const Lq__Reply *reply)
{
    const Lq__Events *events = reply->events;
    const uint64_t before = of->after;
    for (size_t i = 0; i < events->n_events && !is_enough(watch); i++) {
        watch->printed += print_event(watch, of, events->events[i]);
        lq_watch_place(of, events->events[i]->seq, lq_span(NULL, 0));
    }
    if (!is_enough(watch) || of->after == events->next_after)
        lq_watch_place(of, events->next_after,
                       lq_span(reply->position_hash.data, reply->position_hash.len));
    fflush(stdout);
    // Kept behind what was printed: after a crash in between an event is told again, never lost.
    if (of->after != before && lq_watch_save(watch) != LQ_OK)
        watch->code = LQ_EXIT_REFUSED;
}

// Waiting would be waiting for ever, or end with passing over what is recorded now.
static void tell_diverged(struct lq_watch *watch, const struct lq_watched *of,
                          const Lq__Refusal *refusal)
{
    const char *name = of->service->name;
    const unsigned long long after = of->after;
    watch->code = LQ_EXIT_REFUSED;
    lq_cli_say("%s cannot be watched on behind record %llu: %s", name, after,
               lq_cli_refusal_text(refusal));
    if (watch->resume != NULL)
        lq_cli_say("to go on, take the line of %s out of %s (or remove the file) and start again "
                   "with --from-start; what was made of its later records may not be so any more",
                   name, watch->resume);
    else
        lq_cli_say("to go on, start again with --from-start; what was made of its later records "
                   "may not be so any more");
}

static void take_refusal(struct lq_watch *watch, struct lq_watched *of, const Lq__Refusal *refusal)
{
    if (refusal->why == LQ__REFUSAL__WHY__DIVERGED) {
        tell_diverged(watch, of, refusal);
        return;
    }
    if (!refusal->retry && refusal->why != LQ__REFUSAL__WHY__UNAVAILABLE) {
        watch->code = lq_cli_refused(refusal);
        return;
    }
    if (!of->is_lost && !watch->cli->quiet)
        lq_cli_say("%s does not answer (%s); waiting for it", lq_service_shown(of->service->name),
                   lq_cli_refusal_text(refusal));
    of->is_lost = true;
    of->not_before_ms = lq_steady_ms() + RETRY_MS;
}

static void take_answered(struct lq_watch *watch, struct lq_watched *of)
{
    if (of->is_lost && !watch->cli->quiet)
        lq_cli_say("%s answers again; going on behind record %llu",
                   lq_service_shown(of->service->name), (unsigned long long)of->after);
    of->is_lost = false;
}

static void take(struct lq_watch *watch, const Lq__Reply *reply)
{
    struct lq_watched *of = find(watch, reply->correlation);
    if (of == NULL)
        return;
    of->is_out = false;
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL) {
        take_refusal(watch, of, reply->refusal);
        return;
    }
    if (reply->kind_case == LQ__REPLY__KIND_ANSWER) { // where the stream is now
        const Lq__Position *at = reply->answer->as_of;
        lq_watch_place(of, at != NULL ? at->seq : 0,
                       at != NULL ? lq_span(at->hash.data, at->hash.len) : lq_span(NULL, 0));
        if (lq_watch_save(watch) != LQ_OK)
            watch->code = LQ_EXIT_REFUSED;
    }
    take_answered(watch, of);
    if (reply->kind_case == LQ__REPLY__KIND_EVENTS)
        take_events(watch, of, reply);
}

// ---------------------------------------------------------------- running

static void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void run(struct lq_watch *watch)
{
    const Lq__Reply *reply;
    while (!interrupted && watch->code == LQ_EXIT_DONE && !is_enough(watch)) {
        submit_due(watch);
        if (lq_client_next(watch->client, LOOK_MS, &reply))
            take(watch, reply);
        if (ferror(stdout))
            watch->code = LQ_EXIT_REFUSED;
    }
}

// The key must open the door before waiting makes sense.
static int sign_on(struct lq_watch *watch)
{
    int code = lq_cli_connect(watch->cli);
    if (code == LQ_EXIT_DONE)
        code = check_filters(watch->cli);
    if (code == LQ_EXIT_DONE)
        code = lq_cli_open(watch->cli, true, PATIENCE_MS, &watch->client);
    return code;
}

static int watch_command(struct lq_cli *cli)
{
    static struct lq_watch watch;
    watch.cli = cli;
    int code = lq_watch_options(&watch);
    if (code != LQ_EXIT_DONE)
        return code;
    code = sign_on(&watch);
    if (code == LQ_EXIT_DONE) {
        catch_interrupts();
        run(&watch);
        code = watch.code;
    }
    lq_client_close(watch.client);
    lq_arena_free(&watch.scratch);
    return code;
}

static const struct lq_arg WATCH[] = {
    LQ_OPTION(NULL, "SERVICE", NULL, LQ_MAY, "only these (default: all)",
              "只看这些服务（默认全部）", .kind = LQ_REST),
    LQ_OPTION("--from-start", NULL, NULL, LQ_MAY,
              "everything that ever happened first (default: from now on)",
              "从头看起（默认从现在起）"),
    LQ_OPTION("--after", "STREAM=N", NULL, LQ_MAY,
              "from behind record N of this stream; once for each stream",
              "从此流第 N 条记录之后；每流一次", .kind = LQ_MANY),
    LQ_OPTION("--resume", "FILE", NULL, LQ_SHOWN,
              "keep in FILE how far it came, and go on from there next time",
              "把进度存入 FILE，下次接着看"),
    LQ_OPTION("--team", "TEAM", NULL, LQ_SHOWN, NULL, NULL),
    LQ_OPTION("--order", "ORDER", NULL, LQ_SHOWN, NULL, NULL),
    LQ_OPTION("--premises", "NUMBER", NULL, LQ_SHOWN, "only what names them", "只看提到它们的"),
    LQ_OPTION("--count", "N", NULL, LQ_MAY, "end after so many events", "看过若干事件后结束",
              .kind = LQ_NUMBER),
    LQ_OPTION("--json", NULL, NULL, LQ_MAY, "an object a line", "每行一个对象", .kind = LQ_GLOBAL),
    {0},
};

const struct lq_verb lq_watch_verbs[] = {
    LQ_VERB("watch", "", "what happens, as it happens (Ctrl-C ends it)",
            "实时显示所发生的（Ctrl-C 结束）", WATCH,
            .notes = {"  lq watch dispatch seizure --resume desk.positions\n",
                      "  lq watch dispatch seizure --resume desk.positions\n"},
            .run = watch_command),
    {0},
};
