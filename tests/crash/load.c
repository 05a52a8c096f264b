#include "crash/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <zmq.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/time.h"
#include "pb/pb.h"
#include "service/service.h"
#include "support/message.h"

enum { SILENCE_MS = 500, DEADLINE_MS = 600000, REPEATS_AT_ONCE = LQ_CLIENT_WINDOW };

static const uint32_t roles[LOAD_PEOPLE] = {
    LQ_ROLE(COMMANDER), LQ_ROLE(DESK),    LQ_ROLE(LIAISON),   LQ_ROLE(CLERK), LQ_ROLE(LEAD),
    LQ_ROLE(LEAD),      LQ_ROLE(OFFICER), LQ_ROLE(INSPECTOR), LQ_ROLE(ADMIN),
};

struct line {
    const char *service;
    unsigned person; // P1 is 0
    const char *command;
};

// %s: a day before and a day after now.
static const struct line prelude[] = {
    {"shift", 8, "register_person {badge=\"P1\" name=\"一\" role=COMMANDER}"},
    {"shift", 8, "register_person {badge=\"P2\" name=\"二\" role=DESK}"},
    {"shift", 8, "register_person {badge=\"P3\" name=\"三\" role=LIAISON}"},
    {"shift", 8, "register_person {badge=\"P4\" name=\"四\" role=CLERK}"},
    {"shift", 8, "register_person {badge=\"P5\" name=\"五\" role=LEAD team=\"T01\" group=\"A\"}"},
    {"shift", 8, "register_person {badge=\"P6\" name=\"六\" role=LEAD team=\"T02\" group=\"A\"}"},
    {"shift", 8,
     "register_person {badge=\"P7\" name=\"七\" role=OFFICER team=\"T01\" group=\"A\"}"},
    {"ledger", 3,
     "register_premises {number=\"E1\" name=\"厂\" township=\"乡1\" owner=\"主\" "
     "lat_e7=383654800 lon_e7=1165402400 kind=\"foundry\" standing=ENTERPRISE}"},
    {"ledger", 3,
     "register_premises {number=\"E2\" township=\"乡2\" kind=\"charcoal_workshop\" "
     "standing=UNLICENSED_SITE}"},
};

// What a raid leaves behind; %u is the raid's number.
static const struct line raid[] = {
    {"dispatch", 0,
     "issue_order {number=\"R%u\" kind=\"raid\" target=\"E1\" priority=URGENT vehicles=2 "
     "machines=1 teams=[\"T01\" \"T02\"] override=true}"},
    {"dispatch", 4, "report_step {order=\"R%u\" team=\"T01\" step=ACKNOWLEDGED}"},
    {"dispatch", 5, "decline_order {order=\"R%u\" team=\"T02\" why=\"no vehicle\"}"},
    {"dispatch", 4, "report_step {order=\"R%u\" team=\"T01\" step=DEPARTED}"},
    {"dispatch", 4, "record_participant {order=\"R%u\" team=\"T01\" badge=\"P7\"}"},
    {"dispatch", 4, "report_step {order=\"R%u\" team=\"T01\" step=ON_SCENE}"},
    {"seizure", 4,
     "take_item {number=\"A%u\" order=\"R%u\" target=\"E1\" kind=\"cupola\" action=DISMANTLED "
     "officer_1=\"P5\" officer_2=\"P7\"}"},
    {"seizure", 4,
     "take_item {number=\"B%u\" order=\"R%u\" target=\"E1\" kind=\"transformer\" action=SEALED "
     "seal=\"S%u\" officer_1=\"P5\" officer_2=\"P7\"}"},
    {"oversight", 3, "record_meeting {number=\"Z%u\" issues_raised=3 issues_resolved=2}"},
    {"oversight", 3, "record_interview {kind=\"enterprise\"}"},
    {"casefile", 2,
     "open_case {number=\"C%u\" order=\"R%u\" target=\"E1\" offence=\"environmental\"}"},
    {"casefile", 2, "file_case {number=\"C%u\"}"},
    {"casefile", 2, "identify_suspect {number=\"X%u\" case_number=\"C%u\" name=\"嫌\"}"},
    {"casefile", 2, "record_suspect_step {suspect=\"X%u\" case_number=\"C%u\" step=DETAINED}"},
    {"casefile", 2, "solve_case {number=\"C%u\"}"},
    {"dispatch", 4, "report_step {order=\"R%u\" team=\"T01\" step=FINISHED}"},
};
enum { RAID_LINES = sizeof raid / sizeof raid[0], CANCEL_LINE = 3, PRELUDE_LINES = 9 };

static bool wrong(struct load *load, const struct score *score, const char *what)
{
    char id[LQ_ID_TEXT];
    snprintf(load->wrong, sizeof load->wrong, "command %s to %s (position %llu): %s",
             lq_id_format(score->id, id), score->service, (unsigned long long)score->position,
             what);
    return false;
}

// ---------------------------------------------------------------- scores

static size_t place_of(const struct load *load, struct lq_id id)
{
    uint64_t hash;
    memcpy(&hash, id.bytes + 8, sizeof hash);
    size_t place = (size_t)hash % load->index_room;
    while (load->index[place] != 0 &&
           memcmp(load->scores[load->index[place] - 1].id.bytes, id.bytes, LQ_ID_SIZE) != 0)
        place = (place + 1) % load->index_room;
    return place;
}

struct score *load_find(struct load *load, struct lq_id id)
{
    const size_t number = load->index_room > 0 ? load->index[place_of(load, id)] : 0;
    return number > 0 ? &load->scores[number - 1] : NULL;
}

static void grow(struct load *load)
{
    load->room = load->room == 0 ? 1024 : 2 * load->room;
    load->scores = realloc(load->scores, load->room * sizeof *load->scores);
    free(load->index);
    load->index_room = 2 * load->room + 1;
    load->index = calloc(load->index_room, sizeof *load->index);
    LQ_ASSERT(load->scores != NULL && load->index != NULL);
    for (size_t i = 0; i < load->count; i++)
        load->index[place_of(load, load->scores[i].id)] = i + 1;
}

static struct score *new_score(struct load *load, const struct lq_service *service,
                               unsigned terminal, const ProtobufCMessage *body)
{
    if (load->count == load->room)
        grow(load);
    struct lq_arena scratch = {0};
    struct score *score = &load->scores[load->count++];
    *score = (struct score){.service = service->name, .terminal = terminal};
    Lq__Command command = lq_client_command(&score->id, lq_pb_encode(&scratch, body));
    command.reason = lq_arena_text(&scratch, "as planned");
    score->command = lq_arena_copy(&load->arena, lq_pb_encode(&scratch, &command.base));
    load->index[place_of(load, score->id)] = load->count;
    lq_arena_free(&scratch);
    return score;
}

// Takes a reply to the command apart; false if it is one that must not be.
static bool take_reply(struct load *load, struct score *score, const Lq__Reply *reply)
{
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL) {
        const Lq__Refusal *refusal = reply->refusal;
        const bool may_be = refusal->why == LQ__REFUSAL__WHY__MALFORMED ||
                            refusal->why == LQ__REFUSAL__WHY__NOT_PERMITTED;
        load->refused++;
        score->refused = true;
        return (may_be && score->outcome.data == NULL) || wrong(load, score, refusal->text);
    }
    if (reply->kind_case != LQ__REPLY__KIND_OUTCOME)
        return wrong(load, score, "answered, but not with an outcome");
    const struct lq_span bytes = lq_span(reply->outcome.data, reply->outcome.len);
    if (score->outcome.data != NULL) {
        if (!reply->repeated_outcome)
            return wrong(load, score, "acknowledged, and now decided a second time");
        return lq_span_equal(bytes, score->outcome) ||
               wrong(load, score, "acknowledged, and now has another outcome");
    }
    Lq__Outcome *outcome = lq__outcome__unpack(NULL, bytes.size, bytes.data);
    if (outcome == NULL)
        return wrong(load, score, "its outcome does not decode");
    const bool accepted = outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED;
    score->position =
        accepted ? outcome->accepted->position->seq : outcome->rejected->position->seq;
    score->outcome = lq_arena_copy(&load->arena, bytes);
    load->acknowledged++;
    load->accepted += accepted;
    lq__outcome__free_unpacked(outcome, NULL);
    return true;
}

// ---------------------------------------------------------------- what is said

// One of so many terminals: any that has room. One that lost its bus may take five seconds to come
// back to it, and in that time everybody could come to wait for it.
static unsigned pick_terminal(struct load *load, unsigned first, unsigned count)
{
    unsigned pick = (unsigned)lq_throw(&load->dice, count);
    for (unsigned tried = 0; tried < count; tried++, pick = (pick + 1) % count)
        if (lq_client_outstanding(load->terminals[first + pick]) < LQ_CLIENT_WINDOW)
            return first + pick;
    LQ_UNREACHABLE(); // there are fewer workers than a person's terminals have room for
}

static struct score *say(struct load *load, const struct line *line, unsigned number)
{
    char text[512];
    size_t size = 0;
    struct lq_arena scratch = {0};
    for (const char *c = line->command; *c != '\0' && size < sizeof text - 16; c++) {
        if (c[0] == '%' && c[1] == 'u') {
            size += (size_t)snprintf(text + size, 16, "%u", number);
            c++;
        } else {
            text[size++] = *c;
        }
    }
    text[size] = '\0';
    const struct lq_service *service = lq_service_named(line->service);
    const unsigned terminal = pick_terminal(load, line->person * LOAD_EACH, LOAD_EACH);
    struct score *score =
        new_score(load, service, terminal, lq_message_of(&scratch, service->command_type, text));
    lq_arena_free(&scratch);
    return score;
}

static struct score *say_anything(struct load *load)
{
    struct lq_arena scratch = {0};
    unsigned count = 0;
    while (lq_services[count] != NULL)
        count++;
    const struct lq_service *service = lq_services[lq_throw(&load->dice, count)];
    const ProtobufCMessageDescriptor *type = service->command_type;
    load->dice.era = (unsigned)(load->count / 500);
    const ProtobufCMessage *body = lq_generate_variant(
        &load->dice, &scratch, type, (unsigned)lq_throw(&load->dice, type->n_fields), lq_wall_ms());
    struct score *score = new_score(load, service, pick_terminal(load, 0, LOAD_TERMINALS), body);
    lq_arena_free(&scratch);
    return score;
}

static struct score *next_of_raid(struct load *load, struct load_worker *worker)
{
    static const struct line cancel = {"dispatch", 0, "cancel_order {order=\"R%u\" why=\"rain\"}"};
    if (worker->line == RAID_LINES || worker->raid == 0) {
        worker->raid = ++load->raids;
        worker->line = 0;
    }
    if (worker->line == CANCEL_LINE && lq_chance(&load->dice, 10)) {
        worker->line = RAID_LINES;
        return say(load, &cancel, worker->raid);
    }
    return say(load, &raid[worker->line++], worker->raid);
}

static void send(struct load *load, struct load_worker *worker, struct score *score)
{
    struct lq_client *client = load->terminals[score->terminal];
    if (worker->saw_stream != NULL)
        lq_client_saw(client, worker->saw_stream, worker->saw);
    worker->terminal = score->terminal;
    worker->score = (size_t)(score - load->scores);
    if (lq_client_submit(client, score->service, LQ_ASK_COMMAND, score->command,
                         &worker->correlation) != LQ_OK)
        lq_panic(__FILE__, __LINE__, "%s", lq_fault_text());
    worker->waits = true;
}

static bool hear(struct load *load, unsigned terminal, const Lq__Reply *reply)
{
    for (unsigned i = 0; i < LOAD_WORKERS; i++) {
        struct load_worker *worker = &load->workers[i];
        if (!worker->waits || worker->terminal != terminal ||
            worker->correlation != reply->correlation)
            continue;
        struct score *score = &load->scores[worker->score];
        worker->waits = false;
        worker->saw_stream = score->service;
        if (!take_reply(load, score, reply))
            return false;
        worker->saw = score->position;
        return true;
    }
    LQ_UNREACHABLE();
}

// ---------------------------------------------------------------- the loop

static void wait_for_any(struct load *load, int64_t most_ms)
{
    zmq_pollitem_t items[LOAD_TERMINALS];
    for (unsigned i = 0; i < LOAD_TERMINALS; i++)
        items[i] =
            (zmq_pollitem_t){.socket = lq_client_socket(load->terminals[i]), .events = ZMQ_POLLIN};
    zmq_poll(items, LOAD_TERMINALS, most_ms < 0 ? 0 : most_ms > 5 ? 5 : most_ms);
}

static bool hear_all(struct load *load)
{
    const Lq__Reply *reply;
    for (unsigned i = 0; i < LOAD_TERMINALS; i++)
        while (lq_client_outstanding(load->terminals[i]) > 0 &&
               lq_client_next(load->terminals[i], 0, &reply))
            if (!hear(load, i, reply))
                return false;
    return true;
}

static unsigned send_all(struct load *load)
{
    unsigned waiting = 0;
    for (unsigned i = 0; i < LOAD_WORKERS; i++) {
        struct load_worker *worker = &load->workers[i];
        if (!worker->waits && !load->stops)
            send(load, worker, i < LOAD_RAIDS ? next_of_raid(load, worker) : say_anything(load));
        waiting += worker->waits;
    }
    return waiting;
}

bool load_run(struct load *load, int64_t milliseconds)
{
    const int64_t until = lq_steady_ms() + milliseconds;
    load->stops = false;
    while (lq_steady_ms() < until) {
        send_all(load);
        wait_for_any(load, until - lq_steady_ms());
        if (!hear_all(load))
            return false;
    }
    return true;
}

bool load_finish(struct load *load)
{
    load->stops = true;
    while (send_all(load) > 0) {
        wait_for_any(load, 5);
        if (!hear_all(load))
            return false;
    }
    return true;
}

// ---------------------------------------------------------------- once more

// What one terminal says again at once.
struct repeats {
    unsigned count;
    size_t scores[REPEATS_AT_ONCE];
    uint64_t correlations[REPEATS_AT_ONCE];
};

static bool hear_repeats(struct load *load, unsigned terminal, const struct repeats *said)
{
    for (unsigned left = said->count; left > 0; left--) {
        const Lq__Reply *reply;
        LQ_ASSERT(lq_client_next(load->terminals[terminal], -1, &reply));
        unsigned k = 0;
        while (k < said->count && said->correlations[k] != reply->correlation)
            k++;
        LQ_ASSERT(k < said->count);
        if (!take_reply(load, &load->scores[said->scores[k]], reply))
            return false;
    }
    return true;
}

// One at a time would take long: each terminal says as many at once as it may.
bool load_repeat(struct load *load, size_t first)
{
    while (first < load->count) {
        struct repeats repeats[LOAD_TERMINALS] = {0};
        for (; first < load->count; first++) {
            const struct score *score = &load->scores[first];
            struct repeats *said = &repeats[score->terminal];
            if (score->outcome.data == NULL)
                continue;
            if (said->count == REPEATS_AT_ONCE)
                break;
            LQ_ASSERT(lq_client_submit(load->terminals[score->terminal], score->service,
                                       LQ_ASK_COMMAND, score->command,
                                       &said->correlations[said->count]) == LQ_OK);
            said->scores[said->count++] = first;
        }
        for (unsigned i = 0; i < LOAD_TERMINALS; i++)
            if (!hear_repeats(load, i, &repeats[i]))
                return false;
    }
    return true;
}

// ---------------------------------------------------------------- beginning and end

static void connect_terminal(struct load *load, unsigned i)
{
    char badge[8];
    struct lq_client_config config = {
        .endpoint = load->system->endpoint,
        .bus_public_key = load->system->bus_public,
        .context = load->context,
        .silence_ms = SILENCE_MS,
        .deadline_ms = DEADLINE_MS,
    };
    snprintf(badge, sizeof badge, "P%u", 1 + i / LOAD_EACH);
    const char *path = lq_arena_format(&load->arena, "%s/%s.key", load->system->paths.keys, badge);
    if (i % LOAD_EACH == 0)
        LQ_ASSERT(lq_system_issue_key(&load->arena, &load->system->paths, badge,
                                      roles[i / LOAD_EACH]) == LQ_OK);
    LQ_ASSERT(lq_keys_load(path, &config.keys) == LQ_OK);
    LQ_ASSERT(lq_client_open(&config, &load->terminals[i]) == LQ_OK);
}

void load_open(struct load *load, struct crash_system *system, uint64_t seed)
{
    *load = (struct load){.system = system, .dice = lq_dice(seed), .context = zmq_ctx_new()};
    LQ_ASSERT(load->context != NULL);
    for (unsigned i = 0; i < LOAD_TERMINALS; i++)
        connect_terminal(load, i);
}

void load_close(struct load *load)
{
    for (unsigned i = 0; i < LOAD_TERMINALS; i++)
        lq_client_close(load->terminals[i]);
    zmq_ctx_term(load->context);
    free(load->scores);
    free(load->index);
    lq_arena_free(&load->arena);
}

static bool say_and_wait(struct load *load, struct score *score)
{
    const Lq__Reply *reply;
    const uint64_t accepted = load->accepted;
    if (lq_client_call(load->terminals[score->terminal], score->service, LQ_ASK_COMMAND,
                       score->command, &reply) != LQ_OK)
        return wrong(load, score, lq_fault_text());
    return take_reply(load, score, reply) &&
           (load->accepted > accepted || wrong(load, score, "the prelude was not accepted"));
}

bool load_begin(struct load *load)
{
    char text[256], from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    enum { HOUR_MS = 3600 * 1000 };
    for (unsigned i = 0; i < PRELUDE_LINES; i++)
        if (!say_and_wait(load, say(load, &prelude[i], 0)))
            return false;
    snprintf(text, sizeof text,
             "plan_shift {name=\"day\" group=\"A\" starts_at_ms=%s ends_at_ms=%s}",
             lq_format_instant(lq_wall_ms() - HOUR_MS, from),
             lq_format_instant(lq_wall_ms() + 20 * (int64_t)HOUR_MS, to));
    return say_and_wait(load, say(load, &(struct line){"shift", 1, text}, 0));
}
