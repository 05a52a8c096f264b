// Numbers for completion: one question to the service that gives them. Nobody waits for it longer
// than a moment, and nobody is told where it fails.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "client/pages.h"
#include "dispatch.pb-c.h"
#include "lq/complete/complete.h"
#include "lq/outbox/outbox.h"
#include "lq/outbox/snapshot.h"
#include "lq/show/words.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "service/service.h"

// Which question lists what a member refers to; what its rows are called by, and what says more.
// `set` is a flag of the question.
static const struct source {
    const char *service, *member; // service NULL: in every service
    const char *owner, *query, *number, *more, *set;
} SOURCES[] = {
    {"dispatch", "number", "dispatch", "list", "number", "target_name", "open"},
    {NULL, "order", "dispatch", "list", "number", "target_name", "open"},
    {"seizure", "number", "seizure", "list", "number", "kind", NULL},
    {"seizure", "item", "seizure", "list", "number", "kind", NULL},
    {"ledger", "number", "ledger", "list", "number", "name", NULL},
    {NULL, "target", "ledger", "list", "number", "name", NULL},
    {NULL, "premises", "ledger", "list", "number", "name", NULL},
    {NULL, "site", "ledger", "list", "number", "kind", NULL},
    {NULL, "power", "seizure", "power_cuts", "number", "target", "open"},
    {NULL, "budget", "fund", "budgets", "number", "line", NULL},
    {NULL, "limit_number", "ledger", "limits", "number", "premises", "open"},
    {NULL, "grant", "fund", "grants", "number", "payee", "open"},
    {NULL, "township", "ledger", "list", "township", NULL, NULL},
    {"casefile", "number", "casefile", "cases", "number", "offence", NULL},
    {NULL, "case_number", "casefile", "cases", "number", "offence", NULL},
    {"tips", "number", "tips", "tips", "number", "content", NULL},
    {NULL, "tip", "tips", "tips", "number", "content", NULL},
    {NULL, "meeting", "oversight", "meetings", "number", NULL, NULL},
    {"oversight", "parent", "oversight", "meetings", "number", NULL, NULL},
    {"oversight", "number", "oversight", "tasks", "number", "subject", NULL},
    {NULL, "plan", "oversight", "plans", "number", "title", NULL},
    {NULL, "task", "oversight", "tasks", "number", "subject", NULL},
    {"oversight", "owner", "shift", "people", "badge", "name", NULL},
    {NULL, "penalty", "casefile", "penalties", "number", "violation", NULL},
    {NULL, "officers", "shift", "people", "badge", "name", NULL},
    {NULL, "handler", "shift", "people", "badge", "name", NULL},
    {NULL, "notice", "casefile", "notices", "number", "finding", NULL},
    {NULL, "team", "shift", "people", "team", NULL, NULL},
    {NULL, "teams", "shift", "people", "team", NULL, NULL},
    {NULL, "group", "shift", "people", "group", NULL, NULL},
    {NULL, "badge", "shift", "people", "badge", "name", NULL},
    {NULL, "officer_1", "shift", "people", "badge", "name", NULL},
    {NULL, "officer_2", "shift", "people", "badge", "name", NULL},
};

static const struct source *source_of(const char *service, const char *member)
{
    for (size_t i = 0; i < sizeof SOURCES / sizeof *SOURCES; i++)
        if (strcmp(SOURCES[i].member, member) == 0 &&
            (SOURCES[i].service == NULL || strcmp(SOURCES[i].service, service) == 0))
            return &SOURCES[i];
    return NULL;
}

// ---------------------------------------------------------------- the bus

// Completion makes no key for anybody, as signing on does where it may.
static bool connect_briefly(struct lq_cli *cli)
{
    const char *key = cli->key != NULL
                          ? cli->key
                          : lq_arena_format(&cli->arena, "%s/keys/%s.key", cli->data, cli->as);
    return cli->client != NULL ||
           (access(key, R_OK) == 0 &&
            lq_cli_open(cli, true, LQ_LIVE_MS, &cli->client) == LQ_EXIT_DONE);
}

static const char *text_of(const ProtobufCMessage *row, const char *member)
{
    for (unsigned i = 0; member != NULL && i < row->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &row->descriptor->fields[i];
        if (lq_pb_count(row, field) == 0 || field->label == PROTOBUF_C_LABEL_REPEATED)
            continue;
        const void *value = lq_pb_value(row, field, 0);
        if (field->type == PROTOBUF_C_TYPE_STRING && strcmp(field->name, member) == 0)
            return lq_kind_shown(lq_kind_member(row->descriptor, member), lq_pb_text_at(value));
        const char *within = field->type == PROTOBUF_C_TYPE_MESSAGE
                                 ? text_of(lq_pb_message_at(value), member)
                                 : NULL;
        if (within != NULL)
            return within;
    }
    return NULL;
}

// Each is told once, though many have the same team.
static bool is_new(const char *number)
{
    enum { SEEN_MOST = 256, SEEN_TEXT = 64 };
    static char seen[SEEN_MOST][SEEN_TEXT];
    static size_t count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(seen[i], number) == 0)
            return false;
    if (count < SEEN_MOST)
        snprintf(seen[count++], SEEN_TEXT, "%s", number);
    return true;
}

static const ProtobufCMessage *add_page(const struct source *source, const ProtobufCMessage *page)
{
    const ProtobufCFieldDescriptor *rows = lq_page_rows(page);
    const ProtobufCMessage *row = NULL;
    for (size_t i = 0; i < lq_pb_count(page, rows); i++) {
        row = lq_pb_message_at(lq_pb_value(page, rows, i));
        const char *number = text_of(row, source->number), *more = text_of(row, source->more);
        if (number != NULL && *number != '\0' && is_new(number))
            lq_candidate(number, more != NULL ? more : "");
    }
    return row;
}

// As far as it comes in that time.
static bool ask(struct lq_cli *cli, const struct source *source, ProtobufCMessage *query)
{
    const struct lq_service *owner = lq_service_named(source->owner);
    const int64_t until = lq_steady_ms() + LQ_LIVE_MS;
    ProtobufCMessage *asked = (ProtobufCMessage *)(uintptr_t)lq_pb_variant_message(query);
    bool more = connect_briefly(cli), any = false;
    while (more && lq_steady_ms() < until) {
        ProtobufCMessage *answer;
        if (lq_cli_query(cli, source->owner, query, owner->answer_type, &answer) != LQ_EXIT_DONE)
            break;
        any = true;
        const ProtobufCMessage *page = lq_pb_variant_message(answer);
        more = lq_page_turn(asked, page, add_page(source, page));
    }
    return any;
}

// ---------------------------------------------------------------- what was seen last

static void add_remembered(struct lq_cli *cli, const struct source *source,
                           const ProtobufCMessage *query)
{
    const struct lq_service *owner = lq_service_named(source->owner);
    const ProtobufCMessage *answer = lq_snapshot_get(cli, source->owner, query, owner->answer_type);
    if (answer != NULL)
        add_page(source, lq_pb_variant_message(answer));
}

void lq_candidates_live(struct lq_cli *cli, const char *service, const char *member)
{
    static const struct lq_verb ASKING = {.noun = "outbox", .verb = ""}; // tells of no outbox
    const struct source *source = source_of(service, member);
    if (source == NULL)
        return;
    const ProtobufCMessageDescriptor *type = lq_service_named(source->owner)->query_type;
    const ProtobufCMessageDescriptor *list =
        protobuf_c_message_descriptor_get_field_by_name(type, source->query)->descriptor;
    ProtobufCMessage *asked = lq_pb_new(&cli->arena, list);
    if (source->set != NULL)
        lq_pb_set_integer(asked, protobuf_c_message_descriptor_get_field_by_name(list, source->set),
                          1);
    lq_page_limit(asked, LQ_PAGE_ROWS);
    ProtobufCMessage *query = lq_pb_wrap(&cli->arena, type, source->query, asked);
    cli->verb = &ASKING;
    if (!ask(cli, source, query))
        add_remembered(cli, source, query);
}
