// Values by the names of their fields: what is called `order` anywhere is a number that the desk
// may have given, and so on.
#include "support/generate.h"

#include "pb/reflect.h"

#include <string.h>

#include "base/assert.h"
#include "base/span.h"
#include "base/time.h"
#include "service/service.h"
#include "service/trail.h"

static const int64_t HOUR_MS = 3600 * 1000LL;

// ---------------------------------------------------------------- dice

// splitmix64 (Steele, Lea, Flood): any seed will do.
static uint64_t next(struct lq_dice *dice)
{
    uint64_t z = dice->state += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

struct lq_dice lq_dice(uint64_t seed)
{
    return (struct lq_dice){.state = seed, .era = 0};
}

uint64_t lq_throw(struct lq_dice *dice, uint64_t sides)
{
    LQ_ASSERT(sides > 0);
    return next(dice) % sides;
}

bool lq_chance(struct lq_dice *dice, unsigned percent)
{
    return lq_throw(dice, 100) < percent;
}

// ---------------------------------------------------------------- texts

// A number is a stem and one of `count` digits; those of a series that moves begin with the era.
struct series {
    const char *name; // of the field, or of the message that a field `number` stands in
    const char *stem;
    unsigned count;
    bool moves;
};

static const struct series SERIES[] = {
    {"source_number", "I", 4, true}, {"related", "O", 3, true},
    {"relieves", "T0", 2, false},    {"badge", "P", 9, false},
    {"officer_1", "P", 9, false},    {"officer_2", "P", 9, false},
    {"by", "P", 9, false},           {"desk", "P", 9, false},
    {"team", "T0", 2, false},        {"teams", "T0", 2, false},
    {"order", "O", 3, true},         {"target", "E", 3, false},
    {"premises", "E", 3, false},     {"site", "E", 3, false},
    {"item", "I", 4, true},          {"seal", "F", 4, true},
    {"case_number", "C", 3, true},   {"suspect", "X", 4, true},
    {"meeting", "M", 9, true},       {"penalty", "A", 4, true},
    {"handler", "P", 9, false},      {"officers", "P", 9, false},
    {"phone", "1380000", 9, false},  {"unit", "单位", 3, false},
    {"township", "乡", 3, false},    {"specification", "规格", 3, false},
    {"partner", "P", 9, false},      {"shift", "S", 1, false},
    {"penalty", "A", 4, true},       {"handler", "P", 9, false},
    {"officers", "P", 9, false},
};

static const struct series NUMBERS[] = {
    {"IssueOrder", "O", 3, true},      {"Premises", "E", 9, true},
    {"TakeItem", "I", 4, true},        {"ItemNumber", "I", 4, true},
    {"OpenCall", "Q", 9, true},        {"OpenCase", "C", 3, true},
    {"CaseNumber", "C", 3, true},      {"IdentifySuspect", "X", 4, true},
    {"IssueNotice", "N", 9, true},     {"ProposeItem", "I", 4, true},
    {"ReportCase", "C", 3, true},      {"OpenPenalty", "A", 4, true},
    {"DecideDetention", "D", 9, true}, {"RecordTip", "Y", 9, true},
    {"Volunteer", "V", 9, true},       {"RecordMeeting", "M", 9, true},
    {"OrderNote", "O", 3, true},       {"Issue", "W", 9, true},
    {"RecordPlan", "FA00", 9, true},   {"AssignTask", "D", 9, true},
    {"VerifyTip", "Y", 9, true},       {"PremisesNote", "E", 3, false},
    {"AbsenceAsked", "A000", 9, true}, {"SwapAsked", "W000", 9, true},
    {"ShiftPlanned", "S", 9, true},    {"Shift", "S", 9, true},
};

static const char *const GROUPS[] = {"A", "B"};
static const char *const KINDS[] = {"raid", "cupola", "enterprise"};

// Things that take steps, and how the numbers begin that their services give them.
static const struct series STEPS[] = {
    {"absence", "A000", 5, false},
    {"swap", "W000", 5, false},
    {"shift", "S", 9, true},
    {"item", "I", 4, true},
};
static const char *const ODD[] = {
    "", " ", "P 1", "献环罚〔2015〕3号",
    "a text of more than sixty-four bytes, which no key may hold, as the README of each tells"};

#define PICK(dice, pool) (pool)[lq_throw((dice), sizeof(pool) / sizeof(pool)[0])]

static char *from_series(struct lq_dice *dice, struct lq_arena *arena, const struct series *s)
{
    const unsigned from = s->moves ? dice->era : 0;
    return lq_arena_format(arena, "%s%u", s->stem, 1 + from + (unsigned)lq_throw(dice, s->count));
}

static char *make_text(struct lq_dice *dice, struct lq_arena *arena,
                       const ProtobufCMessageDescriptor *type,
                       const ProtobufCFieldDescriptor *field)
{
    if (lq_chance(dice, 4))
        return lq_arena_text(arena, PICK(dice, ODD));
    if (strcmp(type->short_name, "TakeStep") == 0 && strcmp(field->name, "kind") == 0)
        return lq_arena_text(arena, PICK(dice, STEPS).name);
    if (strcmp(type->short_name, "TakeStep") == 0 && strcmp(field->name, "number") == 0)
        return from_series(dice, arena, &PICK(dice, STEPS));
    // Mostly for oneself, and for all of a shift; or it says so.
    if (strcmp(field->name, "person") == 0 || strcmp(field->name, "partner_shift") == 0)
        return lq_arena_text(arena, lq_chance(dice, 80) ? "" : "P7");
    // Who is registered or amended is none of those who act, or no team would keep its lead.
    if ((strcmp(type->short_name, "Person") == 0 || strcmp(type->short_name, "LeavePerson") == 0) &&
        strcmp(field->name, "badge") == 0)
        return lq_arena_format(arena, "P%u", 11 + (unsigned)lq_throw(dice, 9));
    if (strcmp(field->name, "number") == 0) {
        for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++)
            if (strcmp(type->short_name, NUMBERS[i].name) == 0)
                return from_series(dice, arena, &NUMBERS[i]);
        return from_series(dice, arena, &NUMBERS[0]);
    }
    for (size_t i = 0; i < sizeof SERIES / sizeof SERIES[0]; i++)
        if (strcmp(field->name, SERIES[i].name) == 0)
            return from_series(dice, arena, &SERIES[i]);
    if (strcmp(field->name, "group") == 0)
        return lq_arena_text(arena, PICK(dice, GROUPS));
    return lq_arena_text(arena, PICK(dice, KINDS));
}

// ---------------------------------------------------------------- numbers

// Shifts begin and end on a grid of twelve hours, so that some of them fit together.
static int64_t make_instant(struct lq_dice *dice, const char *name, int64_t now_ms)
{
    const int64_t grid_ms = now_ms - now_ms % (12 * HOUR_MS);
    if (strcmp(name, "starts_at_ms") == 0)
        return grid_ms + ((int64_t)lq_throw(dice, 3) - 1) * 12 * HOUR_MS;
    if (strcmp(name, "ends_at_ms") == 0)
        return grid_ms + (int64_t)lq_throw(dice, 3) * 12 * HOUR_MS;
    return now_ms + ((int64_t)lq_throw(dice, 96) - 48) * HOUR_MS / 2;
}

static int64_t make_integer(struct lq_dice *dice, const char *name, int64_t now_ms)
{
    if (lq_chance(dice, 3))
        return (int64_t)(next(dice) >> lq_throw(dice, 64));
    if (lq_ends_with(name, "_ms"))
        return make_instant(dice, name, now_ms);
    if (lq_ends_with(name, "_day"))
        return lq_day_of(now_ms) + (int64_t)lq_throw(dice, 14) - 3;
    return (int64_t)lq_throw(dice, 4);
}

static int32_t make_enum(struct lq_dice *dice, const ProtobufCEnumDescriptor *type)
{
    return type->values[lq_throw(dice, type->n_values)].value;
}

// ---------------------------------------------------------------- messages

static void make_value(struct lq_dice *dice, struct lq_arena *arena,
                       const ProtobufCMessageDescriptor *type,
                       const ProtobufCFieldDescriptor *field, int64_t now_ms, void *place)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)place = make_text(dice, arena, type, field);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        *(ProtobufCBinaryData *)place =
            (ProtobufCBinaryData){.len = 4, .data = lq_arena_alloc(arena, 4)};
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)place = lq_generate(dice, arena, field->descriptor, now_ms);
        return;
    case PROTOBUF_C_TYPE_ENUM:
        *(int32_t *)place = make_enum(dice, field->descriptor);
        return;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)place = lq_chance(dice, 20);
        return;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_UINT64:
        *(int64_t *)place = make_integer(dice, field->name, now_ms);
        return;
    default:
        *(int32_t *)place = (int32_t)make_integer(dice, field->name, now_ms);
    }
}

static void make_repeated(struct lq_dice *dice, struct lq_arena *arena,
                          const ProtobufCMessageDescriptor *type,
                          const ProtobufCFieldDescriptor *field, int64_t now_ms,
                          ProtobufCMessage *message)
{
    // Elements of numbers are of other sizes; no command of ours has any.
    LQ_ASSERT(field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE ||
              field->type == PROTOBUF_C_TYPE_ENUM);
    const size_t count = lq_throw(dice, 3);
    char *array = lq_arena_alloc(arena, 3 * lq_pb_value_size(field->type));
    for (size_t i = 0; i < count; i++)
        make_value(dice, arena, type, field, now_ms, array + i * lq_pb_value_size(field->type));
    *(char **)(void *)((char *)message + field->offset) = array;
    *(size_t *)(void *)((char *)message + field->quantifier_offset) = count;
}

ProtobufCMessage *lq_generate(struct lq_dice *dice, struct lq_arena *arena,
                              const ProtobufCMessageDescriptor *type, int64_t now_ms)
{
    ProtobufCMessage *message = lq_arena_alloc(arena, type->sizeof_message);
    protobuf_c_message_init(type, message);
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (field->id == LQ_ENTERED) // a command's is passed over, and the dice are kept for others
            continue;
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) || lq_chance(dice, 3))
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            make_repeated(dice, arena, type, field, now_ms, message);
        else
            make_value(dice, arena, type, field, now_ms, (char *)message + field->offset);
    }
    return message;
}

ProtobufCMessage *lq_generate_variant(struct lq_dice *dice, struct lq_arena *arena,
                                      const ProtobufCMessageDescriptor *type, unsigned member,
                                      int64_t now_ms)
{
    const ProtobufCFieldDescriptor *field = &type->fields[member];
    ProtobufCMessage *message = lq_arena_alloc(arena, type->sizeof_message);
    protobuf_c_message_init(type, message);
    *(uint32_t *)(void *)((char *)message + field->quantifier_offset) = field->id;
    *(ProtobufCMessage **)(void *)((char *)message + field->offset) =
        lq_generate(dice, arena, field->descriptor, now_ms);
    return message;
}

bool lq_event_of_before(const ProtobufCFieldDescriptor *member)
{
    return member->id == LQ_EVENT_CLOCKS || strcmp(member->name, "seal_lapsed") == 0;
}
