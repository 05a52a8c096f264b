#include "lq/cli/things.h"

#include <string.h>

#include "base/span.h"
#include "base/time.h"
#include "lq/cli/arguments.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/build.h"
#include "pb/reflect.h"
#include "pb/pb.h"
#include "pb/value.h"
#include "rules/papers.h"
#include "stats.pb-c.h"

#define BULLETIN "bulletin"

// ---------------------------------------------------------------- kinds and numbers

// As which members' numbers the parts of a thing's number are typed.
static const struct {
    const char *kind, *parts[LQ_THING_PARTS];
} NUMBERS[] = {
    {"order", {"order"}},
    {"assignment", {"order", "team"}},
    {"participant", {"order", "badge"}},
    {"call", {"call"}},
    {"item", {"item"}},
    {"closure", {"site"}},
    {LQ_TR_LATER("power"), {"power"}},
    {"notice", {"notice"}},
    {"penalty", {"penalty"}},
    {"detention", {"detention"}},
    {"case", {"case_number"}},
    {"suspect", {"suspect"}},
    {LQ_TR_LATER("suspect_step"), {"suspect"}},
    {"premises", {"premises"}},
    {"supervisor", {"premises"}},
    {"acceptance", {"acceptance"}},
    {LQ_TR_LATER("measure"), {"premises"}},
    {LQ_TR_LATER("limit"), {"limit_number"}},
    {LQ_TR_LATER("premises_step"), {"premises"}},
    {"person", {"badge"}},
    {"shift", {"shift"}},
    {"absence", {"absence"}},
    {"swap", {"swap"}},
    {"roll", {"shift"}},
    {"handover", {"shift"}},
    {"tip", {"tip"}},
    {"volunteer", {"volunteer"}},
    {"meeting", {"meeting"}},
    {"interview", {"interview"}},
    {"issue", {"issue"}},
    {LQ_TR_LATER("budget"), {"budget"}},
    {LQ_TR_LATER("grant"), {"grant"}},
    {LQ_TR_LATER("task"), {"task"}},
    {LQ_TR_LATER("plan"), {"plan"}},
    {LQ_TR_LATER("paper"), {"paper"}},
    {"channel", {"channel"}},
};

const char *lq_thing_word(const char *kind)
{
    return lq_tr_word(lq_language(), kind);
}

// The rota has no official number, and is called by a word: it is the whole force's.
#define ROTA "rota"
#define FORCE LQ_TR_LATER("force")

static const char *word_typed(const char *kind, const char *typed)
{
    return strcmp(kind, ROTA) == 0 && strcmp(typed, lq_tr_in(LQ_CHINESE, FORCE)) == 0 ? FORCE
                                                                                      : typed;
}

void lq_output_thing(struct lq_output *output, const char *kind, const char *number)
{
    struct lq_arena arena = {0};
    const char *shown = strcmp(kind, ROTA) == 0 ? lq_tr_word(lq_language(), number) : number;
    lq_output_text(output, lq_arena_format(&arena, "%s %s", lq_thing_word(kind), shown));
    lq_arena_free(&arena);
}

const char *lq_number_member(const char *kind, unsigned part)
{
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++)
        if (strcmp(NUMBERS[i].kind, kind) == 0 && NUMBERS[i].parts[part] != NULL)
            return NUMBERS[i].parts[part];
    return "";
}

static const char *number_typed(struct lq_cli *cli, const struct lq_named_thing *of,
                                const char *typed)
{
    const unsigned parts = of->thing->parts == 0 ? 1 : of->thing->parts;
    const char *number = "";
    for (unsigned i = 0; i < parts; i++) {
        const char *slash = i + 1 < parts ? strchr(typed, '/') : NULL;
        const size_t size = slash != NULL ? (size_t)(slash - typed) : strlen(typed);
        const char *part = lq_arena_format(&cli->arena, "%.*s", (int)size, typed);
        part = lq_number_typed(cli, of->service->name, lq_number_member(of->thing->kind, i), part);
        number = lq_arena_format(&cli->arena, "%s%s%s", number, i > 0 ? "/" : "", part);
        typed += size + (slash != NULL);
    }
    return number;
}

// 献环查[2015]1号 and 献环查(2015)1号 are 献环查〔2015〕1号.
const char *lq_paper_number(struct lq_cli *cli, const char *typed)
{
    static const char *const BRACKETS[][2] = {
        {"[", "〔"}, {"(", "〔"},  {"【", "〔"}, {"（", "〔"}, {"［", "〔"}, {"]", "〕"},
        {")", "〕"}, {"】", "〕"}, {"）", "〕"}, {"］", "〕"}, {" ", ""}};
    const char *number = "";
    while (*typed != '\0') {
        const char *from = NULL, *to = NULL;
        for (size_t i = 0; i < sizeof BRACKETS / sizeof *BRACKETS && from == NULL; i++)
            if (strncmp(typed, BRACKETS[i][0], strlen(BRACKETS[i][0])) == 0) {
                from = BRACKETS[i][0];
                to = BRACKETS[i][1];
            }
        number = from != NULL ? lq_arena_format(&cli->arena, "%s%s", number, to)
                              : lq_arena_format(&cli->arena, "%s%c", number, *typed);
        typed += from != NULL ? strlen(from) : 1;
    }
    return number;
}

// Papers are kept with what they are about, so that several services have some: the one that has
// that number, void or not, else the first.
static bool has_it(struct lq_cli *cli, const struct lq_named_thing *of)
{
    Rules__ShowThing asked = RULES__SHOW_THING__INIT;
    asked.kind = lq_unconst(of->thing->kind);
    asked.number = lq_unconst(of->number);
    ProtobufCMessage *answer;
    const struct lq_service *s = of->service;
    if (lq_cli_ask(cli, s->name, lq_pb_wrap(&cli->arena, s->query_type, "thing", &asked.base),
                   s->answer_type, &answer) != LQ_EXIT_DONE)
        return false;
    const Rules__Thing *told = (const void *)lq_pb_variant_message(answer);
    return told != NULL && (told->thing.len > 0 || told->voided != NULL);
}

static void find_keeper(struct lq_cli *cli, struct lq_named_thing *out)
{
    struct lq_named_thing of = *out;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        of.service = *s;
        of.thing = lq_thing_named(*s, LQ_PAPER_KIND);
        if (of.thing == NULL || !has_it(cli, &of))
            continue;
        *out = of;
        return;
    }
}

// A bulletin may be named by its week: its latest.
static const char *bulletin_number(struct lq_cli *cli, const char *typed)
{
    Stats__ShowBulletin show = STATS__SHOW_BULLETIN__INIT;
    Stats__Query query = STATS__QUERY__INIT;
    show.week = lq_unconst(typed);
    query.body_case = STATS__QUERY__BODY_BULLETIN;
    query.bulletin = &show;
    ProtobufCMessage *answer;
    if (strlen(typed) != sizeof "2015-W20" - 1 || cli->later ||
        lq_cli_ask(cli, "stats", &query.base, &stats__answer__descriptor, &answer) != LQ_EXIT_DONE)
        return lq_paper_number(cli, typed);
    const Stats__Answer *told = (const void *)answer;
    return told->bulletin->bulletin != NULL ? told->bulletin->bulletin->number : typed;
}

static bool is_kind(const char *kind, const char *typed)
{
    return strcasecmp(kind, typed) == 0 || strcmp(lq_tr_word(LQ_CHINESE, kind), typed) == 0;
}

static const char *add_kind(struct lq_cli *cli, const char *kinds, const char *kind)
{
    return lq_arena_format(&cli->arena, "%s%s%s", kinds, *kinds != '\0' ? lq_tr(", ") : "",
                           lq_thing_word(kind));
}

static void tell_kinds(struct lq_cli *cli, const char *typed, bool also_of_terms)
{
    const char *kinds = "";
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        for (const struct lq_thing *t = (*s)->things; t != NULL && t->kind != NULL; t++)
            if (strcmp(t->kind, LQ_PAPER_KIND) != 0 ||
                strstr(kinds, lq_thing_word(t->kind)) == NULL)
                kinds = add_kind(cli, kinds, t->kind);
        for (const char *const *k = (*s)->clock_kinds; also_of_terms && k != NULL && *k != NULL;
             k++)
            kinds = add_kind(cli, kinds, *k);
    }
    lq_cli_usage(cli, "\"%s\" is no kind of thing that is recorded; there are: %s", typed, kinds);
}

static bool find_thing(struct lq_cli *cli, const char *kind, const char *number,
                       struct lq_named_thing *out)
{
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        for (const struct lq_thing *t = (*s)->things; t != NULL && t->kind != NULL; t++) {
            if (!is_kind(t->kind, kind))
                continue;
            *out = (struct lq_named_thing){.service = *s, .thing = t};
            out->number = number_typed(cli, out, number);
            if (strcmp(t->kind, LQ_PAPER_KIND) == 0) {
                out->number = lq_paper_number(cli, number);
                find_keeper(cli, out);
            }
            if (strcmp(t->kind, BULLETIN) == 0)
                out->number = bulletin_number(cli, number);
            return true;
        }
    return false;
}

bool lq_thing_typed(struct lq_cli *cli, const char *kind, const char *number,
                    struct lq_named_thing *out)
{
    const bool found = find_thing(cli, kind, number, out);
    if (!found)
        tell_kinds(cli, kind, false);
    return found;
}

bool lq_term_typed(struct lq_cli *cli, const char *kind, const char *number,
                   struct lq_named_term *out)
{
    struct lq_named_thing thing;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        for (const char *const *k = (*s)->clock_kinds; k != NULL && *k != NULL; k++)
            if (is_kind(*k, kind)) {
                *out = (struct lq_named_term){*s, *k, word_typed(*k, number)};
                return true;
            }
    if (!find_thing(cli, kind, number, &thing)) {
        tell_kinds(cli, kind, true);
        return false;
    }
    *out = (struct lq_named_term){thing.service, thing.thing->kind, thing.number};
    return true;
}

// ---------------------------------------------------------------- values

static bool read_flag(const char *typed, int64_t *out)
{
    static const char *const WORDS[][2] = {{"no", "yes"}, {"false", "true"}, {"否", "是"}};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        for (*out = 0; *out < 2; (*out)++)
            if (strcasecmp(typed, WORDS[i][*out]) == 0)
                return true;
    return false;
}

static bool read_integer(const ProtobufCFieldDescriptor *field, const char *typed, int64_t *out)
{
    int32_t number = 0;
    int word = 0;
    bool is_one;
    if (field->type == PROTOBUF_C_TYPE_BOOL)
        return read_flag(typed, out);
    if (field->type == PROTOBUF_C_TYPE_INT64)
        return lq_cli_instant(typed, out);
    if (field->type == PROTOBUF_C_TYPE_ENUM) {
        is_one = lq_word_parse(field->descriptor, typed, &word);
        number = word;
    } else if (lq_ends_with(field->name, "_day")) {
        is_one = lq_cli_day(typed, &number);
    } else if (lq_ends_with(field->name, "_e7")) {
        is_one = lq_degrees_parse(typed, &number);
    } else {
        return lq_arg_number(typed, out);
    }
    *out = number;
    return is_one;
}

const char *lq_value_typed(struct lq_cli *cli, const struct lq_named_thing *of,
                           const ProtobufCFieldDescriptor *field, const char *typed)
{
    int64_t number;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return lq_number_typed(
            cli, of->service->name, field->name,
            lq_kind_typed(lq_kind_member(lq_thing_type(of->thing), field->name), typed));
    if (field->type != PROTOBUF_C_TYPE_ENUM && *typed == '\0')
        number = 0; // nothing was recorded
    else if (!read_integer(field, typed, &number))
        return NULL;
    ProtobufCMessage *message = lq_pb_new(&cli->arena, lq_thing_type(of->thing));
    lq_pb_set_integer(message, field, number);
    return lq_pb_value_text(&cli->arena, message, field);
}

const char *lq_value_shown(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                           const char *name, const char *value)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(type, name);
    ProtobufCMessage *message = lq_pb_new(&cli->arena, type);
    if (field == NULL || !lq_pb_has_text(field) || !lq_pb_set_value(message, field, value))
        return value;
    const bool is_empty = field->type != PROTOBUF_C_TYPE_UINT32 &&
                          lq_pb_is_zero(field, lq_pb_value(message, field, 0));
    return is_empty && field->type != PROTOBUF_C_TYPE_BOOL && field->type != PROTOBUF_C_TYPE_ENUM
               ? lq_tr("nothing")
               : lq_show_value(cli, type, field, lq_pb_value(message, field, 0));
}

// ---------------------------------------------------------------- sending

int lq_thing_command(struct lq_cli *cli, const struct lq_named_thing *of, const char *command,
                     ProtobufCMessage *body)
{
    return lq_cli_command(cli, of->service->name,
                          lq_pb_wrap(&cli->arena, of->service->command_type, command, body));
}
