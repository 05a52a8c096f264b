// lq log KIND NUMBER: what was recorded of one thing, by whom, for whom and why; lq file NUMBER:
// all that any service recorded of one premises (一企一档), in the order in which it happened. The
// services know which records made and changed a thing, and what there is at which premises; only
// those records are read, as whoever asks may see them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "lq/cli/arguments.h"
#include "lq/cli/things.h"
#include "lq/complete/complete.h"
#include "lq/evidence/files.h"
#include "lq/nouns/nouns.h"
#include "lq/nouns/record.h"
#include "lq/show/list.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "rules/trail.h"
#include "service/steps.h"
#include "service/service.h"

struct entry {
    const struct lq_service *service;
    const Lq__Event *event;
    const ProtobufCMessage *body;
};

struct search {
    struct lq_cli *cli;
    const char *number;
    struct entry *entries;
    size_t count, room;
};

// ---------------------------------------------------------------- reading

static void keep(struct search *search, struct entry entry)
{
    if (search->count == search->room) {
        search->room = search->room * 2 + 64;
        search->entries = realloc(search->entries, search->room * sizeof *search->entries);
        LQ_ASSERT(search->entries != NULL);
    }
    search->entries[search->count++] = entry;
}

// What a service keeps of another's stream is told where it was first recorded.
static bool is_copy(const struct lq_service *service, const char *event)
{
    const struct lq_replica *const *replica = service->replicas;
    for (; replica != NULL && *replica != NULL; replica++)
        if (strcmp((*replica)->event, event) == 0)
            return true;
    return false;
}

static void take(struct search *search, const struct lq_service *service, const Lq__Event *event)
{
    const char *why = NULL;
    struct lq_arena *arena = &search->cli->arena;
    const ProtobufCMessage *body = lq_pb_decode_within(
        &LQ_PB_REPLY, arena, service->event_type, lq_span(event->body.data, event->body.len), &why);
    if (body == NULL || lq_pb_variant_message(body) == NULL ||
        is_copy(service, lq_pb_variant_name(body)))
        return;
    const struct lq_span bytes = lq_pb_encode(arena, &event->base); // the reply will be gone
    const Lq__Event *copy =
        (const void *)lq_pb_decode_within(&LQ_PB_REPLY, arena, &lq__event__descriptor, bytes, &why);
    LQ_ASSERT(copy != NULL);
    keep(search, (struct entry){service, copy, body});
}

// What is not there, or not for him who asks, is passed over by the service.
static int read_records(struct search *search, const struct lq_service *service,
                        const Rules__Trail *trail)
{
    Lq__Fetch asked = LQ__FETCH__INIT;
    asked.records = trail->records;
    asked.n_records = trail->n_records;
    for (bool more = trail->n_records > 0; more;) {
        const Lq__Reply *reply;
        const enum lq_status status =
            lq_client_call_message(search->cli->client, service->name, &asked.base, &reply);
        if (status != LQ_OK)
            return lq_cli_fault(status);
        if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
            return lq_cli_refused(reply->refusal);
        LQ_ASSERT(reply->kind_case == LQ__REPLY__KIND_EVENTS);
        const Lq__Events *events = reply->events;
        for (size_t i = 0; i < events->n_events; i++)
            take(search, service, events->events[i]);
        more = events->next_after > asked.after &&
               events->next_after < trail->records[trail->n_records - 1];
        asked.after = events->next_after;
    }
    return LQ_EXIT_DONE;
}

// Reads what made and changed a thing, or all things at premises.
static int read_trail(struct search *search, const struct lq_service *service,
                      Rules__ShowTrail asked)
{
    struct lq_cli *cli = search->cli;
    for (bool more = true; more;) {
        ProtobufCMessage *answer;
        int code = lq_cli_ask(
            cli, service->name,
            lq_pb_variant_of(&cli->arena, service->query_type, LQ_BODY_TRAIL, &asked.base),
            service->answer_type, &answer);
        if (code != LQ_EXIT_DONE)
            return code;
        const Rules__Trail *trail = (const void *)lq_pb_variant_message(answer);
        code = read_records(search, service, trail);
        if (code != LQ_EXIT_DONE)
            return code;
        more = trail->more && trail->n_records > 0;
        if (more)
            asked.after = trail->records[trail->n_records - 1];
    }
    return LQ_EXIT_DONE;
}

static int read_thing(struct search *search, const struct lq_service *service, const char *kind)
{
    Rules__ShowTrail asked = RULES__SHOW_TRAIL__INIT;
    asked.kind = lq_unconst(kind);
    asked.number = lq_unconst(search->number);
    return read_trail(search, service, asked);
}

// ---------------------------------------------------------------- printing

static int by_time(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->event->occurred_at_ms != b->event->occurred_at_ms)
        return a->event->occurred_at_ms < b->event->occurred_at_ms ? -1 : 1;
    if (a->event->recorded_at_ms != b->event->recorded_at_ms)
        return a->event->recorded_at_ms < b->event->recorded_at_ms ? -1 : 1;
    return (a->event->seq > b->event->seq) - (a->event->seq < b->event->seq);
}

static int print_json(const struct search *search)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < search->count; i++) {
        const struct entry *e = &search->entries[i];
        json_array_append_new(rows, lq_record_json(e->service, e->event, e->body));
    }
    lq_print_json(rows, false, stdout);
    return LQ_EXIT_DONE;
}

// Of a step, which it was.
static const char *what(const ProtobufCMessage *body, char word[LQ_WORD_TEXT])
{
    const Rules__StepTaken *step =
        lq_pb_variant(body) == LQ_BODY_TAKE_STEP ? (const void *)lq_pb_variant_message(body) : NULL;
    return step != NULL ? lq_word_shown(&rules__verb__descriptor, (int)step->verb, word)
                        : lq_show_variant(body);
}

// With what each of them says, or only that it is there.
static int print_entries(const struct search *search, bool details)
{
    static const struct lq_column COLUMNS[] = {
        LQ_COLUMN("HAPPENED", "发生", NULL, .key = "happened", .whole = true),
        LQ_COLUMN("RECORD", "记录", NULL, .key = "record", .whole = true),
        LQ_COLUMN("WHAT", "事项", NULL, .key = "event", .whole = true),
        LQ_COLUMN("BY", "办理", NULL, .key = "by"),
        LQ_COLUMN("DETAILS", "内容", NULL, .key = "details"),
    };
    struct lq_cli *cli = search->cli;
    if (cli->format == LQ_FORMAT_JSON)
        return print_json(search);
    struct lq_output *output =
        lq_output_new(COLUMNS, sizeof COLUMNS / sizeof *COLUMNS - (details ? 0 : 1));
    for (size_t i = 0; i < search->count; i++) {
        const struct entry *e = &search->entries[i];
        char word[LQ_WORD_TEXT];
        lq_output_minute(output, e->event->occurred_at_ms);
        lq_output_text(output, lq_arena_format(&cli->arena, "%s#%llu", e->service->name,
                                               (unsigned long long)e->event->seq));
        lq_output_text(output, cli->format == LQ_FORMAT_TABLE ? what(e->body, word)
                                                              : lq_pb_variant_name(e->body));
        lq_output_text(
            output, lq_show_actor(cli, e->event->actor, e->event->on_behalf_of, e->event->reason));
        if (details)
            lq_output_text(output, lq_show_brief(cli, lq_pb_variant_message(e->body)));
    }
    return lq_cli_print(cli, output);
}

static int print_found(struct search *search)
{
    if (search->count == 0) {
        lq_cli_say("nothing is recorded of %s, or it is not for you", search->number);
        return LQ_EXIT_REFUSED;
    }
    qsort(search->entries, search->count, sizeof *search->entries, by_time);
    return print_entries(search, true);
}

// ---------------------------------------------------------------- the verbs

// The kinds of things, in both languages: whose stream tells of them, and as which member's numbers
// theirs are typed.
static const struct {
    const char *kind, *zh, *service, *member;
} KINDS[] = {
    {"order", "指令", "dispatch", "order"},
    {"item", "设备", "seizure", "item"},
    {"site", "场所", "seizure", "site"},
    {"power", "停电", "seizure", "power"},
    {"case", "案件", "casefile", "case_number"},
    {"suspect", "嫌疑人", "casefile", "suspect"},
    {"notice", "通知单", "casefile", "notice"},
    {"penalty", "处罚案件", "casefile", "penalty"},
    {"detention", "移送拘留", "casefile", "detention"},
    {"premises", "企业", "ledger", "premises"},
    {"limit", "限产停产", "ledger", "limit_number"},
    {"person", "人员", "shift", "badge"},
    {"tip", "举报", "tips", "tip"},
    {"volunteer", "志愿者", "tips", "volunteer"},
    {"budget", "预算", "fund", "budget"},
    {"grant", "资金", "fund", "grant"},
    {"meeting", "会议", "oversight", "meeting"},
    {"interview", "约谈", "oversight", "interview"},
    {"issue", "会议问题", "oversight", "issue"},
    {"channel", "视频通道", "monitor", "channel"},
    {"task", "督办任务", "oversight", "task"},
    {"plan", "工作方案", "oversight", "plan"},
};

// What a verb that shows one thing shows: its noun, or the first kind of its service.
static size_t kind_shown(const struct lq_verb *verb)
{
    size_t first = 0, i = 0;
    while (strcmp(KINDS[first].service, verb->service) != 0)
        first++;
    while (i < sizeof KINDS / sizeof *KINDS && strcmp(KINDS[i].kind, verb->noun) != 0)
        i++;
    return i < sizeof KINDS / sizeof *KINDS ? i : first;
}

int lq_log_after(struct lq_cli *cli, const ProtobufCMessage *asked, const ProtobufCMessage *answer)
{
    (void)answer;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(asked->descriptor, "number");
    LQ_ASSERT(field != NULL);
    const size_t i = kind_shown(cli->verb);
    if (cli->client == NULL || cli->quiet)
        return LQ_EXIT_DONE;
    struct search search = {.cli = cli, .number = lq_pb_text_at(lq_pb_value(asked, field, 0))};
    int code = read_thing(&search, lq_service_named(KINDS[i].service), KINDS[i].kind);
    if (code == LQ_EXIT_DONE && search.count > 0) {
        qsort(search.entries, search.count, sizeof *search.entries, by_time);
        printf("\n%s\n", lq_tr("records:"));
        code = print_entries(&search, false);
    }
    if (code == LQ_EXIT_DONE)
        code = lq_files_show(cli, lq_service_named(KINDS[i].service), KINDS[i].kind, search.number);
    free(search.entries);
    return code;
}

static bool suggest_log(struct lq_cli *cli, const struct lq_arg *arg, char **words)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(arg->takes, "KIND") == 0)
            lq_candidate_either(KINDS[i].kind, KINDS[i].zh);
        else if (strcmp(words[0], KINDS[i].kind) == 0 || strcmp(words[0], KINDS[i].zh) == 0)
            lq_candidates_live(cli, KINDS[i].service, KINDS[i].member);
    }
    return true;
}

static bool suggest_file(struct lq_cli *cli, const struct lq_arg *arg, char **words)
{
    (void)arg;
    (void)words;
    lq_candidates_live(cli, "", "premises");
    return true;
}

// As lq correct knows it, whose words for some of them are others. (A site is what is closed: its
// closure is what is recorded of it.)
static const char *kind_of(const char *typed)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (strcmp(typed, KINDS[i].kind) == 0 || strcmp(typed, KINDS[i].zh) == 0)
            return strcmp(KINDS[i].kind, "site") == 0 ? "closure" : KINDS[i].kind;
    return typed;
}

static int run_log(struct lq_cli *cli)
{
    struct lq_named_thing of;
    if (!lq_thing_typed(cli, kind_of(lq_given_text(cli, "KIND")), lq_given_text(cli, "NUMBER"),
                        &of))
        return LQ_EXIT_USAGE;
    struct search search = {.cli = cli, .number = of.number};
    int code = lq_cli_connect(cli);
    if (code == LQ_EXIT_DONE)
        code = read_thing(&search, of.service, of.thing->kind);
    if (code == LQ_EXIT_DONE)
        code = print_found(&search);
    if (code == LQ_EXIT_DONE)
        code = lq_files_show(cli, of.service, of.thing->kind, of.number);
    free(search.entries);
    return code;
}

static int run_file(struct lq_cli *cli)
{
    Rules__ShowTrail asked = RULES__SHOW_TRAIL__INIT;
    asked.premises = lq_unconst(lq_number_typed(cli, "", "premises", lq_given_text(cli, "NUMBER")));
    struct search search = {.cli = cli, .number = asked.premises};
    int code = lq_cli_connect(cli);
    for (size_t i = 0; code == LQ_EXIT_DONE && lq_services[i] != NULL; i++)
        if (lq_services[i]->at_premises != NULL)
            code = read_trail(&search, lq_services[i], asked);
    if (code == LQ_EXIT_DONE)
        code = print_found(&search);
    free(search.entries);
    return code;
}

static const struct lq_arg LOG[] = {
    LQ_POSITION("KIND", NULL, LQ_MUST),
    LQ_POSITION("NUMBER", NULL, LQ_MUST),
    {0},
};

static const struct lq_arg PREMISES[] = {LQ_POSITION("NUMBER", NULL, LQ_MUST), {0}};

const struct lq_verb lq_log_verbs[] = {
    LQ_VERB(
        "log", "", "what was recorded of one thing: who, when, for whom, why",
        "一件事物的全部记录：谁、何时、代谁、为何", LOG,
        .notes =
            {"  KIND: order, item, site, case, suspect, notice, penalty, detention, premises,\n"
             "  limit, person, tip, volunteer, channel, budget, grant, meeting, interview, issue;\n"
             "  and each other of lq correct: assignment O0263/T02\n",
             "  KIND：指令、设备、场所、案件、嫌疑人、通知单、处罚案件、移送拘留、企业、人员、\n"
             "  举报、志愿者、通道、预算、资金、限产停产、会议、约谈、会议问题；\n"
             "  lq correct 的其他种类也可：任务 O0263/T02\n"},
        .run = run_log, .suggest = suggest_log),
    {0},
};

const struct lq_verb lq_file_verbs[] = {
    LQ_VERB("file", "", "all that any service recorded of one premises, in time order (一企一档)",
            "一企一档：各服务对一个场所的全部记录，按时间排列", PREMISES, .run = run_file,
            .suggest = suggest_file),
    {0},
};
