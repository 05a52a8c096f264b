// What services there are, and which row tells what an event of theirs means. A kind of event that
// no row names ends the run before it has begun.
#include <stdlib.h>

#include "sim/audit_parts.h"

#define KIND(service)                                                                              \
    .name = #service, .command = &service##__command__descriptor,                                  \
    .event = &service##__event__descriptor, .query = &service##__query__descriptor,                \
    .answer = &service##__answer__descriptor, .events = audit_##service##_events

const struct audit_kind audit_kinds[] = {
    {KIND(shift)},
    {KIND(monitor), .terms = audit_monitor_terms},
    {KIND(ledger), .answered = audit_ledger_answer, .terms = audit_limit_terms,
     .terms_of = "limit"},
    {KIND(dispatch), .answered = audit_dispatch_answer, .terms = audit_dispatch_terms},
    {KIND(seizure), .answered = audit_seizure_answer, .terms = audit_seizure_terms},
    {KIND(casefile)},
    {KIND(tips), .terms = audit_tips_terms},
    {KIND(fund)},
    {KIND(oversight), .terms = audit_oversight_terms},
    {KIND(evidence), .answered = audit_evidence_answer},
    {KIND(stats), .answered = audit_figures},
    {0},
};

// ---------------------------------------------------------------- rows

static const struct audit_event_row *row_of(const struct audit_kind *kind, uint32_t variant)
{
    const struct audit_event_row *row = kind->events;
    while (row->kind != 0 && row->kind != variant)
        row++;
    return row->kind != 0 ? row : NULL;
}

const void *audit_event_body(const ProtobufCMessage *event, uint32_t *kind)
{
    const ProtobufCMessageDescriptor *type = event->descriptor;
    const char *bytes = (const void *)event;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
            continue;
        *kind = *(const uint32_t *)(const void *)(bytes + field->quantifier_offset);
        if (*kind == field->id)
            return *(const void *const *)(const void *)(bytes + field->offset);
    }
    *kind = 0;
    return NULL;
}

void audit_happened(struct audit *a, const struct audit_fact *fact)
{
    uint32_t kind;
    const void *body = audit_event_body(fact->record->event, &kind);
    const struct audit_event_row *row = row_of(fact->stream->kind, kind);
    AUDIT(row != NULL, "journal", "record %llu of %s is of no kind that is known",
          (unsigned long long)fact->r->seq, fact->stream->name);
    if (row->happened != NULL)
        row->happened(a, fact, body);
}

void audit_never(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)a, (void)body;
    sim_fail(fact->stream->name, "record %llu of %s is of a kind that nobody makes",
             (unsigned long long)fact->r->seq, fact->stream->name);
}

static void check_rows(const struct audit_kind *kind)
{
    for (unsigned i = 0; i < kind->event->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &kind->event->fields[i];
        AUDIT((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 || row_of(kind, field->id) != NULL,
              "auditor", "the event %s of %s has no row in audit_%s_events: add one", field->name,
              kind->name, kind->name);
    }
}

// ---------------------------------------------------------------- opening

struct audit *audit_open(const struct audit_policy *policy)
{
    struct audit *a = calloc(1, sizeof *a);
    AUDIT(a != NULL, "memory", "the auditor is out of memory");
    a->policy = *policy;
    return a;
}

struct audit_stream *audit_stream_named(struct audit *a, const char *name)
{
    for (unsigned i = 0; i < a->stream_count; i++)
        if (strcmp(a->streams[i].name, name) == 0)
            return &a->streams[i];
    return NULL;
}

void audit_service(struct audit *a, unsigned node, const char *name)
{
    AUDIT(node == a->stream_count && node < AUDIT_STREAMS, "memory", "too many services");
    struct audit_stream *stream = &a->streams[a->stream_count++];
    stream->name = name;
    stream->node = node;
    for (const struct audit_kind *kind = audit_kinds; kind->name != NULL; kind++)
        if (strcmp(kind->name, name) == 0)
            stream->kind = kind;
    if (stream->kind != NULL)
        check_rows(stream->kind);
    audit_follow_open(a, stream);
}
