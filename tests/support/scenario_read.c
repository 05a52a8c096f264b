// The reader of scenarios. Everything is checked here, the messages too, so that a scenario that
// runs can only fail for what the service does.
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "rules.pb-c.h"
#include "support/scenario.h"

struct reader {
    struct lq_arena *arena;
    const struct lq_service *service;
    const char *path;
    unsigned line;
    const char *start, *at; // the line, and how far it is read
    struct lq_scenario *first, **last;
    struct lq_scenario *scenario; // that the line belongs to
    struct lq_scenario_step **last_step;
    const char *error;
};

__attribute__((format(printf, 2, 3))) static bool wrong(struct reader *r, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *what = lq_arena_vformat(r->arena, format, arguments);
    va_end(arguments);
    r->error = lq_arena_format(r->arena, "%s:%u:%u: %s", r->path, r->line,
                               (unsigned)(r->at - r->start) + 1, what);
    return false;
}

static void skip_space(struct reader *r)
{
    while (*r->at == ' ' || *r->at == '\t')
        r->at++;
}

// Takes the word if it stands here.
static bool take(struct reader *r, const char *word)
{
    skip_space(r);
    const size_t size = strlen(word);
    if (strncmp(r->at, word, size) != 0)
        return false;
    const char after = r->at[size];
    if (isalnum((unsigned char)word[size - 1]) && (isalnum((unsigned char)after) || after == '_'))
        return false;
    r->at += size;
    return true;
}

// What goes up to one of the characters.
static const char *take_until(struct reader *r, const char *stops)
{
    skip_space(r);
    const size_t size = strcspn(r->at, stops);
    char *text = lq_arena_alloc(r->arena, size + 1);
    memcpy(text, r->at, size);
    r->at += size;
    return text;
}

static bool at_end(struct reader *r)
{
    skip_space(r);
    return *r->at == '\0' || *r->at == '#' || wrong(r, "nothing more is expected here");
}

// ---------------------------------------------------------------- parts of a step

static bool read_time(struct reader *r, int64_t *out)
{
    skip_space(r);
    // The colon after an instant is not a part of it.
    size_t size = strcspn(r->at, " \t");
    if (size > 0 && r->at[size - 1] == ':')
        size--;
    char *text = lq_arena_alloc(r->arena, size + 1);
    memcpy(text, r->at, size);
    if (!lq_parse_instant(text, out))
        return wrong(r, "\"%s\" is not an RFC 3339 instant", text);
    r->at += size;
    return true;
}

typedef const struct lq_pattern *parse_message(struct lq_arena *arena,
                                               const ProtobufCMessageDescriptor *type,
                                               const char **at, struct lq_pattern_error *error);

static bool read_by(struct reader *r, parse_message *parse, const ProtobufCMessageDescriptor *type,
                    const struct lq_pattern **out)
{
    struct lq_pattern_error error;
    const char *start = r->at;
    *out = parse(r->arena, type, &r->at, &error);
    if (*out != NULL)
        return at_end(r);
    r->at = start + error.column - 1;
    return wrong(r, "%s", error.text);
}

static bool read_message(struct reader *r, const ProtobufCMessageDescriptor *type,
                         const struct lq_pattern **out)
{
    return read_by(r, lq_pattern_parse_variant, type, out);
}

// A message that is no member of a oneof.
static bool read_plain(struct reader *r, const ProtobufCMessageDescriptor *type,
                       const struct lq_pattern **out)
{
    return read_by(r, lq_pattern_parse, type, out);
}

static bool read_role(struct reader *r, uint32_t *roles)
{
    const char *word = take_until(r, ",)");
    char upper[32] = "";
    for (size_t i = 0; i < strlen(word) && i + 1 < sizeof upper; i++)
        upper[i] = (char)toupper((unsigned char)word[i]);
    const ProtobufCEnumValue *role =
        protobuf_c_enum_descriptor_get_value_by_name(&lq__role__descriptor, upper);
    if (role == NULL || role->value == 0)
        return wrong(r, "\"%s\" is no role", word);
    *roles |= 1u << role->value;
    return true;
}

static bool read_quoted(struct reader *r, const char **out)
{
    if (!take(r, "\""))
        return wrong(r, "a text in quotes is expected here");
    *out = take_until(r, "\"");
    return take(r, "\"") || wrong(r, "the text has no closing quote");
}

// BADGE(role,…) [for BADGE] [because "reason"], or @self.
static bool read_who(struct reader *r, struct lq_scenario_step *step)
{
    if (take(r, "@self")) {
        step->actor = lq_arena_format(r->arena, "@%s", r->service->name);
        step->roles = LQ_ROLE(SERVICE);
        return true;
    }
    step->actor = take_until(r, "( \t");
    if (step->actor[0] == '\0' || !take(r, "("))
        return wrong(r, "who did it? BADGE(role) or @self is expected here");
    do {
        if (!read_role(r, &step->roles))
            return false;
    } while (take(r, ","));
    if (!take(r, ")"))
        return wrong(r, "')' is expected here");
    if (take(r, "for"))
        step->on_behalf_of = take_until(r, " \t");
    return !take(r, "because") || read_quoted(r, &step->reason);
}

// ---------------------------------------------------------------- steps

static bool read_event_of(struct reader *r, struct lq_scenario_step *step)
{
    step->kind = LQ_STEP_EVENT;
    step->stream = take_until(r, ": \t");
    struct lq_stream streams[LQ_STREAMS_MAX];
    const unsigned count = lq_service_streams(r->service, streams);
    unsigned i = 0;
    while (i < count && strcmp(streams[i].name, step->stream) != 0)
        i++;
    if (i == count)
        return wrong(r, "%s does not follow \"%s\"", r->service->name, step->stream);
    if (take(r, "at") && !read_time(r, &step->at_ms))
        return false;
    if (!take(r, ":"))
        return wrong(r, "':' is expected here");
    return read_message(r, streams[i].event_type, &step->message);
}

static bool read_command(struct reader *r, struct lq_scenario_step *step)
{
    const char *start = r->at;
    const size_t size = strcspn(start, "( \t{");
    const bool by_somebody = start[size] == '(' || start[0] == '@';
    if (!by_somebody && step->given) {
        step->actor = lq_arena_format(r->arena, "@%s", r->service->name);
        step->roles = LQ_ROLE(SERVICE);
        return read_message(r, r->service->command_type, &step->message);
    }
    if (!read_who(r, step))
        return false;
    if (take(r, "at") && !read_time(r, &step->at_ms))
        return false;
    if (!take(r, ":"))
        return wrong(r, "':' is expected here");
    skip_space(r);
    if (take(r, "ask")) {
        step->kind = LQ_STEP_ASK;
        skip_space(r);
        return read_message(r, r->service->query_type, &step->message);
    }
    return read_message(r, r->service->command_type, &step->message);
}

static bool read_minimum(struct reader *r, struct lq_scenario_step *step)
{
    step->kind = LQ_STEP_MINIMUM;
    step->text = take_until(r, "=");
    char *end = NULL;
    step->count = *r->at == '=' ? strtol(r->at + 1, &end, 10) : 0;
    if (end == NULL || step->count <= 0)
        return wrong(r, "NAME=COUNT is expected here");
    r->at = end;
    return at_end(r);
}

static bool read_video(struct reader *r, struct lq_scenario_step *step)
{
    char *end = NULL;
    step->kind = LQ_STEP_VIDEO;
    step->count = strtol(r->at, &end, 10);
    if (end == r->at || step->count < 0)
        return wrong(r, "a number of hours is expected here");
    r->at = end;
    return at_end(r);
}

static bool read_cause(struct reader *r, struct lq_scenario_step *step)
{
    step->kind = LQ_STEP_COMMAND;
    skip_space(r);
    if (take(r, "timer at")) {
        step->kind = LQ_STEP_TIMER;
        return read_time(r, &step->at_ms) && at_end(r);
    }
    if (take(r, "event of"))
        return read_event_of(r, step);
    if (take(r, "video_hours"))
        return read_video(r, step);
    if (take(r, "minimum"))
        return read_minimum(r, step);
    return read_command(r, step);
}

static bool read_code(struct reader *r, struct lq_scenario_step *step)
{
    step->kind = LQ_THEN_CODE;
    const char *code = take_until(r, " \t#");
    const ProtobufCEnumValue *own =
        protobuf_c_enum_descriptor_get_value_by_name(r->service->reject_codes, code);
    const ProtobufCEnumValue *runtime =
        protobuf_c_enum_descriptor_get_value_by_name(&lq__reject__descriptor, code);
    if ((own == NULL || own->value == 0) && runtime == NULL)
        return wrong(r, "\"%s\" is no rejection of %s", code, r->service->name);
    step->code = code;
    skip_space(r);
    if (*r->at == '"' && !read_quoted(r, &step->text))
        return false;
    return at_end(r);
}

static bool read_then(struct reader *r, struct lq_scenario_step *step)
{
    skip_space(r);
    if (take(r, "nothing")) {
        step->kind = LQ_THEN_NOTHING;
        return at_end(r);
    }
    const bool not_due = take(r, "not due");
    if (not_due || take(r, "due")) {
        step->kind = not_due ? LQ_THEN_NOT_DUE : LQ_THEN_DUE;
        return read_time(r, &step->at_ms) && at_end(r);
    }
    if (take(r, "no term")) {
        step->kind = LQ_THEN_NO_TERM;
        return at_end(r);
    }
    if (take(r, "term")) {
        step->kind = LQ_THEN_TERM;
        skip_space(r);
        return read_plain(r, &rules__clock__descriptor, &step->message);
    }
    if (take(r, "answer")) {
        step->kind = LQ_THEN_ANSWER;
        skip_space(r);
        return read_message(r, r->service->answer_type, &step->message);
    }
    if (take(r, "next")) {
        step->kind = LQ_THEN_NEXT;
        step->text = take(r, "nothing") ? "" : take_until(r, "#");
        return at_end(r);
    }
    if (isupper((unsigned char)*r->at))
        return read_code(r, step);
    step->kind = LQ_THEN_EVENT;
    return read_message(r, r->service->event_type, &step->message);
}

static bool read_step(struct reader *r)
{
    struct lq_scenario_step *step = LQ_NEW(r->arena, struct lq_scenario_step);
    step->line = r->line;
    bool ok;
    if (r->scenario == NULL)
        return wrong(r, "a step outside of a scenario");
    if (take(r, "then")) {
        ok = read_then(r, step);
    } else {
        step->given = take(r, "given");
        if (!step->given && !take(r, "when"))
            return wrong(r, "scenario:, given, when or then is expected here");
        ok = read_cause(r, step);
    }
    *r->last_step = step;
    r->last_step = &step->next;
    return ok;
}

// ---------------------------------------------------------------- scenarios

// A scenario says something only if its last cause has a consequence.
static bool finish_scenario(struct reader *r)
{
    struct lq_scenario *s = r->scenario;
    if (s == NULL)
        return true;
    bool says = false;
    s->starts_ms = INT64_MAX;
    for (const struct lq_scenario_step *step = s->steps; step != NULL; step = step->next) {
        says = step->kind >= LQ_THEN_CODE;
        if (step->at_ms != 0 && step->kind < LQ_THEN_CODE && step->at_ms < s->starts_ms)
            s->starts_ms = step->at_ms;
    }
    if (s->starts_ms == INT64_MAX)
        lq_parse_instant("2015-03-06T08:00:00+08:00", &s->starts_ms);
    return says || wrong(r, "the scenario of line %u ends without a `then`", s->line);
}

static bool begin_scenario(struct reader *r)
{
    if (!finish_scenario(r))
        return false;
    skip_space(r);
    if (*r->at == '\0')
        return wrong(r, "the scenario needs a title");
    struct lq_scenario *s = r->scenario = LQ_NEW(r->arena, struct lq_scenario);
    *s = (struct lq_scenario){
        .service = r->service,
        .path = r->path,
        .line = r->line,
        .title = lq_arena_format(r->arena, "%s: %s", r->service->name, r->at),
    };
    r->last_step = &s->steps;
    *r->last = s;
    r->last = &s->next;
    return true;
}

static bool read_line(struct reader *r, char *text)
{
    text[strcspn(text, "\r\n")] = '\0';
    r->start = r->at = lq_arena_text(r->arena, text);
    skip_space(r);
    if (*r->at == '\0' || *r->at == '#')
        return true;
    return take(r, "scenario:") ? begin_scenario(r) : read_step(r);
}

struct lq_scenario *lq_scenario_read(struct lq_arena *arena, const struct lq_service *service,
                                     const char *path, const char **error)
{
    struct reader r = {.arena = arena, .service = service, .path = lq_arena_text(arena, path)};
    r.last = &r.first;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        *error = lq_arena_format(arena, "%s: cannot be opened", path);
        return NULL;
    }
    char *text = NULL;
    size_t room = 0;
    bool ok = true;
    while (ok && getline(&text, &room, file) >= 0) {
        r.line++;
        ok = read_line(&r, text);
    }
    ok = ok && finish_scenario(&r);
    if (ok && r.first == NULL)
        ok = wrong(&r, "there is no scenario in it");
    free(text);
    fclose(file);
    *error = r.error;
    return ok ? r.first : NULL;
}
