// Reading is ruled, too: who suspects are is told to commanders, the liaison, the inspector and to
// whoever entered them, by answers and by events; what somebody is told of suspects and of tips is
// in the journal, as read by him, before it leaves the service. No record says that somebody has
// read what nobody told him.
#include "sim/audit_parts.h"

typedef unsigned long long number;

// Of which nobody has been told yet.
struct audit_reading {
    struct audit_reading *next;
    const Lq__Record *record;
    const Rules__ReadingRecorded *says;
};

enum { READING = 51 };

const Rules__ReadingRecorded *audit_reading_of(const ProtobufCMessage *event)
{
    if (event->descriptor == &casefile__event__descriptor) {
        const Casefile__Event *e = (const void *)event;
        return e->body_case == CASEFILE__EVENT__BODY_READING_RECORDED ? e->reading_recorded : NULL;
    }
    if (event->descriptor == &tips__event__descriptor) {
        const Tips__Event *e = (const void *)event;
        return e->body_case == TIPS__EVENT__BODY_READING_RECORDED ? e->reading_recorded : NULL;
    }
    if (event->descriptor == &evidence__event__descriptor) {
        const Evidence__Event *e = (const void *)event;
        return e->body_case == EVIDENCE__EVENT__BODY_READING_RECORDED ? e->reading_recorded : NULL;
    }
    return NULL;
}

void audit_read(struct audit *a, struct audit_stream *stream, const struct audit_record *record,
                int64_t clock_ms)
{
    const Lq__Record *r = record->record;
    struct audit_reading *reading = audit_alloc(a, sizeof *reading);
    *reading = (struct audit_reading){
        .next = stream->readings, .record = r, .says = audit_reading_of(record->event)};
    stream->readings = reading;
    AUDIT(r->actor[0] != '@' && r->outcome.len == 0 && r->on_behalf_of[0] == '\0' &&
              r->recorded_at_ms == clock_ms && r->occurred_at_ms == clock_ms,
          "reading", "record %llu of %s is of no reading", (number)r->seq, stream->name);
    AUDIT(reading->says->n_of > 0, "reading", "record %llu of %s says that %s has read nothing",
          (number)r->seq, stream->name, r->actor);
}

// ---------------------------------------------------------------- what is told

static void tell(struct audit_told *told, const char *kind, const char *thing)
{
    for (unsigned i = 0; i < told->count; i++)
        if (strcmp(told->of[i].kind, kind) == 0 && strcmp(told->of[i].number, thing) == 0)
            return;
    AUDIT(told->count < AUDIT_TOLD, "memory", "too much is told at once");
    told->of[told->count].kind = kind;
    told->of[told->count++].number = thing;
}

static bool may_read(const struct audit_suspect *s, const struct audit_asked *asked)
{
    const uint32_t readers = ROLE_BIT(COMMANDER) | ROLE_BIT(LIAISON) | ROLE_BIT(INSPECTOR);
    return (asked->roles & readers) != 0 || strcmp(s->actor, asked->actor) == 0;
}

static void check_name(struct audit *a, const struct audit_asked *asked, const char *suspect,
                       const char *name, char **withheld, size_t n_withheld,
                       struct audit_told *told)
{
    const struct audit_suspect *s = audit_find_text(&a->suspects, suspect);
    AUDIT(s != NULL, "reading", "%s is told of a suspect %s that there is not", asked->actor,
          suspect);
    if (name[0] != '\0') {
        AUDIT(may_read(s, asked), "reading", "%s is told who suspect %s is", asked->actor, suspect);
        AUDIT(strcmp(name, s->name) == 0, "reading", "suspect %s is not called \"%s\"", suspect,
              name);
        AUDIT(n_withheld == 0, "reading", "the name of suspect %s is told and withheld", suspect);
        tell(told, "suspect", suspect);
        return;
    }
    AUDIT(s->name[0] == '\0' || !may_read(s, asked), "reading",
          "the name of suspect %s is kept from %s, who may read it", suspect, asked->actor);
    AUDIT(
        s->name[0] == '\0' ? n_withheld == 0 : n_withheld == 1 && strcmp(withheld[0], "name") == 0,
        "reading", "%s is not told that the name of suspect %s is withheld", asked->actor, suspect);
}

static void check_suspect(struct audit *a, const struct audit_asked *asked,
                          const Casefile__Suspect *s, struct audit_told *told)
{
    check_name(a, asked, s->number, s->name, s->withheld, s->n_withheld, told);
}

static bool is_the_same(const struct audit_reading *reading, const struct audit_asked *asked,
                        const char *what, const struct audit_told *told)
{
    const Rules__ReadingRecorded *says = reading->says;
    if (strcmp(reading->record->actor, asked->actor) != 0 || strcmp(says->what, what) != 0 ||
        says->first != told->first || says->last != told->last || says->n_of != told->count)
        return false;
    for (unsigned i = 0; i < told->count; i++)
        if (strcmp(says->of[i]->kind, told->of[i].kind) != 0 ||
            strcmp(says->of[i]->number, told->of[i].number) != 0)
            return false;
    return true;
}

void audit_told(struct audit_stream *stream, const struct audit_asked *asked, const char *what,
                const struct audit_told *told)
{
    struct audit_reading **link = &stream->readings;
    if (told->count == 0)
        return;
    while (*link != NULL && !is_the_same(*link, asked, what, told))
        link = &(*link)->next;
    AUDIT(*link != NULL, "reading",
          "%s tells %s of %s %s by %s, and no record says that he has read it", stream->name,
          asked->actor, told->of[0].kind, told->of[0].number, what);
    *link = (*link)->next;
}

// ---------------------------------------------------------------- answers

static void check_readings(const struct audit_stream *stream, const Rules__ReadingsAnswer *answer)
{
    for (size_t i = 0; i < answer->n_readings; i++) {
        const Rules__Reading *one = answer->readings[i];
        const struct audit_record *record = one->record > 0 && one->record <= stream->count
                                                ? &stream->records[one->record - 1]
                                                : NULL;
        const Rules__ReadingRecorded *says =
            record != NULL && record->event != NULL ? audit_reading_of(record->event) : NULL;
        AUDIT(says != NULL && strcmp(record->record->actor, one->by) == 0 &&
                  record->record->recorded_at_ms == one->at_ms && says->n_of == one->n_of,
              "reading", "%s tells of a reading of %s that is no record", stream->name, one->by);
    }
}

void audit_answer_told(struct audit *a, struct audit_stream *stream,
                       const struct audit_asked *asked, const void *answer)
{
    struct audit_told told = {0};
    const char *what = "";
    const ProtobufCMessage *message = answer;
    if ((asked->roles & ROLE_BIT(SERVICE)) != 0)
        return;
    if (message->descriptor == &casefile__answer__descriptor) {
        const Casefile__Answer *of = answer;
        if (of->body_case == CASEFILE__ANSWER__BODY_FILE) {
            what = "show";
            for (size_t i = 0; i < of->file->n_suspects; i++)
                check_suspect(a, asked, of->file->suspects[i], &told);
        } else if (of->body_case == CASEFILE__ANSWER__BODY_THING &&
                   strcmp(of->thing->kind, "suspect") == 0 && of->thing->thing.len > 0) {
            what = "thing";
            check_suspect(
                a, asked,
                audit_decode(a, &casefile__suspect__descriptor, audit_bytes(of->thing->thing)),
                &told);
        } else if (of->body_case == CASEFILE__ANSWER__BODY_READINGS) {
            check_readings(stream, of->readings);
        }
    } else if (message->descriptor == &tips__answer__descriptor) {
        const Tips__Answer *of = answer;
        what = "tips";
        for (size_t i = 0; of->body_case == TIPS__ANSWER__BODY_TIPS && i < of->tips->n_tips; i++)
            tell(&told, "tip", of->tips->tips[i]->number);
        if (of->body_case == TIPS__ANSWER__BODY_READINGS)
            check_readings(stream, of->readings);
    }
    audit_told(stream, asked, what, &told);
}

// ---------------------------------------------------------------- events

static void told_by(struct audit_told *told, uint64_t seq)
{
    told->first = told->first == 0 ? seq : told->first;
    told->last = seq;
}

// The event without the name is the event in all else.
static bool is_but_for_the_name(struct audit *a, const Casefile__Event *told, const char *name,
                                struct lq_span bytes)
{
    Casefile__SuspectIdentified whole = *told->suspect_identified;
    Casefile__Event event = *told;
    whole.name = (char *)(uintptr_t)name;
    whole.n_withheld = 0;
    event.suspect_identified = &whole;
    if (protobuf_c_message_get_packed_size(&event.base) != bytes.size)
        return false;
    uint8_t *packed = audit_alloc(a, bytes.size);
    protobuf_c_message_pack(&event.base, packed);
    return memcmp(packed, bytes.data, bytes.size) == 0;
}

bool audit_event_told(struct audit *a, const struct audit_asked *asked,
                      const struct audit_record *record, const Lq__Event *event,
                      struct audit_told *told)
{
    const struct lq_span was = audit_bytes(record->record->event), is = audit_bytes(event->body);
    const bool is_same = lq_span_equal(was, is);
    if ((asked->roles & ROLE_BIT(SERVICE)) != 0 || record->event == NULL)
        return is_same;
    if (record->event->descriptor == &tips__event__descriptor) {
        const Tips__Event *e = (const void *)record->event;
        if (e->body_case == TIPS__EVENT__BODY_TIP_RECORDED) {
            tell(told, "tip", e->tip_recorded->number);
            told_by(told, event->seq);
        }
        return is_same;
    }
    const Casefile__Event *e = (const void *)record->event;
    if (record->event->descriptor != &casefile__event__descriptor ||
        e->body_case != CASEFILE__EVENT__BODY_SUSPECT_IDENTIFIED)
        return is_same;
    const Casefile__Event *body = audit_decode(a, &casefile__event__descriptor, is);
    AUDIT(body != NULL && body->body_case == e->body_case, "fetch",
          "event %llu of casefile does not decode", (number)event->seq);
    const Casefile__SuspectIdentified *s = body->suspect_identified;
    const unsigned before = told->count;
    check_name(a, asked, e->suspect_identified->number, s->name, s->withheld, s->n_withheld, told);
    if (told->count > before)
        told_by(told, event->seq);
    return is_but_for_the_name(a, body, e->suspect_identified->name, was);
}
