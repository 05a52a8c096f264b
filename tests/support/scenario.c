// Runs a scenario on a bed. A cause (given, when) leaves what came of it; the `then` lines behind
// it look at that one after another.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>

#include "base/time.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "rules.pb-c.h"
#include "service/reading_tables.h"
#include "support/bed.h"
#include "support/scenario.h"

struct run {
    const struct lq_scenario *scenario;
    struct lq_seen *seen;
    struct lq_bed bed;
    const struct lq_scenario_step *step;

    // What came of the last cause.
    const struct lq_scenario_step *cause;
    struct lq_bed_outcome outcome;
    const ProtobufCMessage *events[LQ_EVENTS_PER_COMMAND];
    unsigned event_count, events_looked_at;
    const ProtobufCMessage *answer;
    const Lq__Answer *told; // what came with it
    size_t next_looked_at;
    bool looked_at;
    uint64_t kept_to; // the record up to which events were kept
};

__attribute__((format(printf, 2, 3), noreturn)) static void fail_at(struct run *run,
                                                                    const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *what = lq_arena_vformat(&run->bed.arena, format, arguments);
    va_end(arguments);
    fail_msg("%s:%u: %s", run->scenario->path, run->step->line, what);
    __builtin_unreachable();
}

// ---------------------------------------------------------------- causes

static void clock_to(struct run *run, int64_t at_ms)
{
    if (at_ms > run->bed.now_ms)
        run->bed.now_ms = at_ms;
}

// Keeps the events after the record: those of the command, or all where `id` is NULL.
static void keep_events(struct run *run, uint64_t after, const struct lq_id *id)
{
    const uint64_t tip = lq_bed_tip(&run->bed);
    run->event_count = run->events_looked_at = 0;
    run->next_looked_at = 0;
    run->kept_to = id != NULL ? after : tip;
    for (uint64_t seq = after + 1; seq <= tip; seq++) {
        const Lq__Record *record = lq_bed_record(&run->bed, seq);
        const struct lq_span of = lq_span(record->command_id.data, record->command_id.len);
        if (id != NULL && !lq_span_equal(of, lq_span(id->bytes, LQ_ID_SIZE)))
            continue;
        run->kept_to = seq;
        const ProtobufCMessage *event = lq_bed_event(&run->bed, record);
        if (event == NULL)
            continue;
        if (run->event_count == LQ_EVENTS_PER_COMMAND)
            fail_at(run, "more events than a scenario can look at");
        run->events[run->event_count++] = event;
    }
}

static void run_command(struct run *run, const struct lq_scenario_step *step)
{
    struct lq_bed *bed = &run->bed;
    clock_to(run, step->at_ms);
    const struct lq_bed_command command = {
        .actor = step->actor,
        .roles = step->roles,
        .on_behalf_of = step->on_behalf_of,
        .reason = step->reason,
        .occurred_ms = step->at_ms,
        .body = lq_pattern_message(&bed->arena, step->message),
    };
    const uint64_t before = lq_bed_tip(bed);
    const struct lq_bed_sent sent = lq_bed_send(bed, &command);
    lq_bed_settle(bed);
    run->outcome = lq_bed_outcome(bed, sent.correlation);
    if (run->outcome.refusal != NULL)
        fail_at(run, "it was not decided: %s", run->outcome.refusal->text);
    keep_events(run, before, &sent.id);
}

// Of what was recorded, that somebody was told something; a timer may have fired meanwhile.
static void keep_readings(struct run *run, uint64_t after)
{
    unsigned kept = 0;
    keep_events(run, after, NULL);
    for (unsigned i = 0; i < run->event_count; i++)
        if (lq_pb_variant(run->events[i]) == LQ_BODY_READING)
            run->events[kept++] = run->events[i];
    run->event_count = kept;
}

static void run_ask(struct run *run, const struct lq_scenario_step *step)
{
    struct lq_bed *bed = &run->bed;
    clock_to(run, step->at_ms);
    const uint64_t before = lq_bed_tip(bed);
    const uint64_t correlation =
        lq_bed_query(bed, step->actor, step->roles, lq_pattern_message(&bed->arena, step->message));
    lq_bed_settle(bed);
    const Lq__Reply *reply = lq_bed_find(bed, correlation)->reply;
    if (reply->kind_case != LQ__REPLY__KIND_ANSWER)
        fail_at(run, "it was not answered: %s", reply->refusal->text);
    const char *why = NULL;
    run->told = reply->answer;
    run->answer =
        lq_pb_decode_within(&LQ_PB_REPLY, &bed->arena, bed->service->answer_type,
                            lq_span(reply->answer->body.data, reply->answer->body.len), &why);
    assert_non_null(run->answer);
    run->outcome.accepted = true;
    keep_readings(run, before);
}

static void run_event(struct run *run, const struct lq_scenario_step *step)
{
    struct lq_bed *bed = &run->bed;
    clock_to(run, step->at_ms);
    const uint64_t before = lq_bed_tip(bed);
    lq_bed_feed(bed, step->stream, step->at_ms != 0 ? step->at_ms : bed->now_ms,
                lq_pattern_message(&bed->arena, step->message));
    lq_bed_pump(bed);
    run->outcome.accepted = true;
    keep_events(run, before, NULL);
}

// At the instant of the command before, what fired then with it is told here.
static void run_timer(struct run *run, const struct lq_scenario_step *step)
{
    const bool goes_on = step->at_ms > run->bed.now_ms;
    const uint64_t before = goes_on ? lq_bed_tip(&run->bed) : run->kept_to;
    clock_to(run, step->at_ms);
    lq_bed_settle(&run->bed);
    run->outcome.accepted = true;
    keep_events(run, before, NULL);
}

// What the cause before did must have been looked at to the end.
static void finish_cause(struct run *run)
{
    if (run->cause == NULL)
        return;
    run->step = run->cause;
    if (run->cause->given && !run->looked_at) {
        if (!run->outcome.accepted)
            fail_at(run, "given, but rejected: %s: %s", run->outcome.code, run->outcome.text);
        return;
    }
    if (!run->looked_at)
        fail_at(run, "nothing is said of what comes of it");
    if (run->next_looked_at > 0 && run->next_looked_at < run->told->n_next)
        fail_at(run, "it tells of a next step more than expected: %s %s",
                run->told->next[run->next_looked_at]->command,
                run->told->next[run->next_looked_at]->step);
    if (run->events_looked_at > 0 && run->events_looked_at < run->event_count)
        fail_at(run, "it made an event more than expected: %s",
                lq_pb_text(&run->bed.arena, run->events[run->events_looked_at]));
}

// The host has the policy that it was made with: what it points to may change.
static void set_minimum(struct run *run, const struct lq_scenario_step *step)
{
    struct lq_minimum *minimum = LQ_NEW(&run->bed.policy_arena, struct lq_minimum);
    *minimum = (struct lq_minimum){.of = lq_arena_text(&run->bed.policy_arena, step->text),
                                   .count = step->count};
    run->bed.policy.minimum = minimum;
    run->bed.policy.minimum_count = 1;
    run->outcome.accepted = true;
}

static void set_video_hours(struct run *run, const struct lq_scenario_step *step)
{
    run->bed.policy.acceptance.video_hours = step->count;
    run->outcome.accepted = true;
}

static void run_cause(struct run *run, const struct lq_scenario_step *step)
{
    finish_cause(run);
    run->step = run->cause = step;
    run->outcome = (struct lq_bed_outcome){0};
    run->answer = NULL;
    run->event_count = run->events_looked_at = 0;
    run->next_looked_at = 0;
    run->looked_at = false;
    if (step->kind == LQ_STEP_COMMAND)
        run_command(run, step);
    else if (step->kind == LQ_STEP_ASK)
        run_ask(run, step);
    else if (step->kind == LQ_STEP_EVENT)
        run_event(run, step);
    else if (step->kind == LQ_STEP_MINIMUM)
        set_minimum(run, step);
    else if (step->kind == LQ_STEP_VIDEO)
        set_video_hours(run, step);
    else
        run_timer(run, step);
}

// ---------------------------------------------------------------- consequences

static void want_accepted(struct run *run)
{
    if (!run->outcome.accepted)
        fail_at(run, "it was rejected: %s: %s", run->outcome.code, run->outcome.text);
}

static void then_code(struct run *run, const struct lq_scenario_step *step)
{
    if (run->outcome.accepted)
        fail_at(run, "it was accepted");
    if (strcmp(run->outcome.code, step->code) != 0)
        fail_at(run, "it was rejected as %s: %s", run->outcome.code, run->outcome.text);
    if (step->text != NULL && strstr(run->outcome.text, step->text) == NULL)
        fail_at(run, "it was told: %s", run->outcome.text);
    // Where somebody was acted for, the runtime may have said it, by the same name.
    if (run->cause->on_behalf_of != NULL &&
        protobuf_c_enum_descriptor_get_value_by_name(&lq__reject__descriptor, step->code) != NULL)
        return;
    const ProtobufCEnumDescriptor *codes = run->scenario->service->reject_codes;
    for (unsigned i = 0; i < codes->n_values; i++)
        if (strcmp(codes->values[i].name, step->code) == 0)
            run->seen->codes[i] = true;
}

static void then_event(struct run *run, const struct lq_scenario_step *step)
{
    want_accepted(run);
    if (run->events_looked_at == run->event_count)
        fail_at(run, "there is no such event, only %u", run->event_count);
    const ProtobufCMessage *event = run->events[run->events_looked_at++];
    const char *how = lq_pattern_differs(&run->bed.arena, step->message, event);
    if (how != NULL)
        fail_at(run, "%s; the event is %s", how, lq_pb_text(&run->bed.arena, event));
    const ProtobufCMessageDescriptor *type = event->descriptor;
    for (unsigned i = 0; i < type->n_fields; i++)
        if (type->fields[i].id == lq_pb_variant(event))
            run->seen->events[i] = true;
}

static void then_answer(struct run *run, const struct lq_scenario_step *step)
{
    if (run->answer == NULL)
        fail_at(run, "nothing was asked");
    const char *how = lq_pattern_differs(&run->bed.arena, step->message, run->answer);
    if (how != NULL)
        fail_at(run, "%s; the answer is %s", how, lq_pb_text(&run->bed.arena, run->answer));
}

static const char *roles_text(struct run *run, const Lq__Role *roles, size_t count)
{
    char word[64];
    const char *text = "";
    for (size_t i = 0; i < count; i++) {
        const char *name =
            protobuf_c_enum_descriptor_get_value(&lq__role__descriptor, roles[i])->name;
        size_t size = 0;
        for (; name[size] != '\0'; size++)
            word[size] = (char)tolower((unsigned char)name[size]);
        word[size] = '\0';
        text = lq_arena_format(&run->bed.arena, "%s%s%s", text, i > 0 ? "," : "", word);
    }
    return text;
}

static void then_next(struct run *run, const struct lq_scenario_step *step)
{
    if (run->answer == NULL)
        fail_at(run, "nothing was asked");
    const char *told = "";
    if (run->next_looked_at < run->told->n_next) {
        const Lq__NextStep *next = run->told->next[run->next_looked_at++];
        const char *what = *next->verb != '\0' ? next->verb : next->command;
        told = lq_arena_format(&run->bed.arena, "%s: %s%s%s (%s)", next->of, what,
                               *next->step != '\0' ? " " : "", next->step,
                               roles_text(run, next->who, next->n_who));
        if (next->n_behalf > 0)
            told = lq_arena_format(&run->bed.arena, "%s for (%s)", told,
                                   roles_text(run, next->behalf, next->n_behalf));
    }
    if (strcmp(told, step->text) != 0)
        fail_at(run, "what it tells is \"%s\"", told);
}

static void then_due(struct run *run, const struct lq_scenario_step *step)
{
    int64_t first_ms;
    char text[LQ_TIME_TEXT];
    if (lq_bed_has_timer(&run->bed, step->at_ms) == (step->kind == LQ_THEN_DUE))
        return;
    if (step->kind == LQ_THEN_NOT_DUE)
        fail_at(run, "a timer is set for it");
    if (!lq_bed_first_timer(&run->bed, &first_ms))
        fail_at(run, "no timer is set");
    fail_at(run, "no timer is set for it; the first is due %s", lq_format_instant(first_ms, text));
}

// The terms that an event of the last cause carries.
static size_t terms_of(const ProtobufCMessage *event, const Rules__Clock *const **terms)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(event->descriptor, LQ_EVENT_CLOCKS);
    if (field == NULL)
        return 0;
    memcpy(terms, (const char *)event + field->offset, sizeof *terms);
    return lq_pb_count(event, field);
}

static void then_term(struct run *run, const struct lq_scenario_step *step)
{
    const char *texts = "";
    want_accepted(run);
    for (unsigned i = 0; i < run->event_count; i++) {
        const Rules__Clock *const *terms = NULL;
        const size_t count = terms_of(run->events[i], &terms);
        for (size_t j = 0; j < count; j++) {
            if (step->kind == LQ_THEN_TERM &&
                lq_pattern_differs(&run->bed.arena, step->message, &terms[j]->base) == NULL)
                return;
            texts = lq_arena_format(&run->bed.arena, "%s\n  %s", texts,
                                    lq_pb_text(&run->bed.arena, &terms[j]->base));
        }
    }
    if (step->kind == LQ_THEN_TERM || texts[0] != '\0')
        fail_at(run, "the terms that came with it are%s", texts[0] != '\0' ? texts : " none");
}

static void run_then(struct run *run, const struct lq_scenario_step *step)
{
    run->step = step;
    if (run->cause == NULL)
        fail_at(run, "nothing has happened yet");
    run->looked_at = true;
    if (step->kind == LQ_THEN_CODE)
        then_code(run, step);
    else if (step->kind == LQ_THEN_EVENT)
        then_event(run, step);
    else if (step->kind == LQ_THEN_ANSWER)
        then_answer(run, step);
    else if (step->kind == LQ_THEN_NEXT)
        then_next(run, step);
    else if (step->kind == LQ_THEN_TERM || step->kind == LQ_THEN_NO_TERM)
        then_term(run, step);
    else if (step->kind != LQ_THEN_NOTHING)
        then_due(run, step);
    else if (want_accepted(run), run->event_count > 0)
        fail_at(run, "it made an event: %s", lq_pb_text(&run->bed.arena, run->events[0]));
}

void lq_scenario_run(const struct lq_scenario *scenario, struct lq_seen *seen)
{
    struct run run = {.scenario = scenario, .seen = seen};
    lq_bed_open(&run.bed, scenario->service, scenario->starts_ms);
    for (const struct lq_scenario_step *step = scenario->steps; step != NULL; step = step->next) {
        if (step->kind < LQ_THEN_CODE)
            run_cause(&run, step);
        else
            run_then(&run, step);
    }
    finish_cause(&run);
    lq_bed_close(&run.bed);
}
