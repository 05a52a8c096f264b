// Reads fields of a row, strictly: a field that is not what its column should hold makes the whole
// row wrong, with words that say what was found and what would be accepted.
#include <string.h>

#include "base/assert.h"
#include "base/time.h"
#include "lq/import/ledgers.h"
#include "lq/show/words.h"
#include "pb/build.h"

static void wrong(struct ledger_row *row, int i, const char *accepted)
{
    if (row->why == NULL)
        row->why = lq_arena_format(row->arena, "%s is \"%.60s\": %s", row->columns[i].heading,
                                   row->fields[i], accepted);
}

const char *import_field_text(struct ledger_row *row, int i)
{
    if (row->fields[i][0] == '\0' && row->why == NULL)
        row->why = lq_arena_format(row->arena, "%s is empty", row->columns[i].heading);
    return row->fields[i];
}

int64_t import_field_instant(struct ledger_row *row, int i)
{
    int64_t at_ms = 0;
    if (!lq_parse_instant(row->fields[i], &at_ms))
        wrong(row, i, "a time is written 2015-03-06T13:14:38+08:00");
    return at_ms;
}

static int32_t field_day(struct ledger_row *row, int i)
{
    int32_t day = 0;
    if (!lq_parse_day(row->fields[i], &day))
        wrong(row, i, "a day is written 2015-03-06");
    return day;
}

static uint32_t field_count(struct ledger_row *row, int i)
{
    const char *text = row->fields[i];
    uint32_t count = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < '0' || *c > '9' || c - text > 8) {
            wrong(row, i, "a whole number from 0 to 999999999 is wanted");
            return 0;
        }
        count = count * 10 + (uint32_t)(*c - '0');
    }
    if (*text == '\0')
        wrong(row, i, "a whole number is wanted");
    return count;
}

static int32_t field_degrees_e7(struct ledger_row *row, int i)
{
    const char *c = row->fields[i];
    const bool negative = *c == '-';
    c += negative;
    int64_t value = 0;
    int digits = 0, decimals = -1;
    for (; (*c >= '0' && *c <= '9') || (*c == '.' && decimals < 0); c++) {
        if (*c == '.') {
            decimals = 0;
            continue;
        }
        digits++;
        if (decimals == 7)
            continue; // finer than a centimetre
        value = value * 10 + (*c - '0');
        decimals += decimals >= 0;
        if (value > 3600000000LL)
            break;
    }
    for (decimals = decimals < 0 ? 0 : decimals; decimals < 7 && value <= 3600000000LL; decimals++)
        value *= 10;
    if (*c != '\0' || digits == 0 || value > 1800000000LL)
        wrong(row, i, "degrees are written 38.36548");
    return (int32_t)(negative ? -value : value);
}

// Which of these words it is; the first if it is none.
static int find_word(struct ledger_row *row, int i, const char *const *words, size_t count)
{
    for (size_t w = 0; w < count; w++)
        if (strcmp(row->fields[i], words[w]) == 0)
            return (int)w;
    const char *accepted = words[0];
    for (size_t w = 1; w < count; w++)
        accepted = lq_arena_format(row->arena, "%s, %s", accepted, words[w]);
    wrong(row, i, lq_arena_format(row->arena, "one of %s is wanted", accepted));
    return 0;
}

static int field_yes(struct ledger_row *row, int i)
{
    static const char *const WORDS[] = {"no", "yes"};
    return find_word(row, i, WORDS, 2);
}

static int field_word(struct ledger_row *row, int i, const ProtobufCEnumDescriptor *type)
{
    enum { WORDS_MOST = 16 };
    const struct ledger_column *column = &row->columns[i];
    char texts[WORDS_MOST][LQ_WORD_TEXT];
    const char *words[WORDS_MOST];
    const size_t count = (size_t)(column->last - column->first) + 1;
    LQ_ASSERT(count <= WORDS_MOST);
    for (size_t w = 0; w < count; w++)
        words[w] = lq_word(type, column->first + (int)w, texts[w]);
    return column->first + find_word(row, i, words, count);
}

static const char *field_variant(struct ledger_row *row, int i)
{
    enum { CHOICES_MOST = 4 };
    const struct ledger_choice *choices = row->columns[i].choices;
    const char *words[CHOICES_MOST];
    size_t count = 0;
    for (; choices[count].word != NULL; count++) {
        LQ_ASSERT(count < CHOICES_MOST);
        words[count] = choices[count].word;
    }
    return choices[find_word(row, i, words, count)].variant;
}

static void fill_list(struct ledger_row *row, int i, ProtobufCMessage *message,
                      const ProtobufCFieldDescriptor *field)
{
    char *text = lq_arena_text(row->arena, import_field_text(row, i)), *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        lq_pb_add_text(row->arena, message, field, word);
}

static int64_t number_of(struct ledger_row *row, int i, const ProtobufCFieldDescriptor *field)
{
    switch (row->columns[i].kind) {
    case FIELD_COUNT_OR_NONE:
        return row->fields[i][0] == '\0' ? 0 : field_count(row, i);
    case FIELD_COUNT:
        return field_count(row, i);
    case FIELD_DEGREES:
        return field_degrees_e7(row, i);
    case FIELD_YES:
        return field_yes(row, i);
    case FIELD_DAY:
        return field_day(row, i);
    case FIELD_INSTANT:
        return import_field_instant(row, i);
    default:
        LQ_ASSERT(row->columns[i].kind == FIELD_WORD);
        return field_word(row, i, field->descriptor);
    }
}

static const ProtobufCFieldDescriptor *member_of(const ProtobufCMessageDescriptor *type,
                                                 const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(type, name);
    LQ_ASSERT(field != NULL);
    return field;
}

static void fill_member(struct ledger_row *row, int i, ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *field = member_of(message->descriptor, row->columns[i].member);
    const enum field_kind kind = row->columns[i].kind;
    if (kind == FIELD_TEXT)
        lq_pb_set_text(message, field, import_field_text(row, i));
    else if (kind == FIELD_OPTIONAL)
        lq_pb_set_text(message, field, row->fields[i]);
    else if (kind == FIELD_LIST)
        fill_list(row, i, message, field);
    else
        lq_pb_set_integer(message, field, number_of(row, i, field));
}

int import_marked_column(const struct ledger *ledger, enum field_mark mark)
{
    for (int i = 0; ledger->columns[i].heading != NULL; i++)
        if (ledger->columns[i].mark == mark)
            return i;
    return -1;
}

const ProtobufCMessage *import_make_command(const struct ledger *ledger, struct ledger_row *row,
                                            struct ledger_act *act)
{
    const char *variant = ledger->variant;
    ProtobufCMessage *message =
        lq_pb_new(row->arena, member_of(ledger->command, variant)->descriptor);
    if (ledger->preset.member != NULL)
        lq_pb_set_integer(message, member_of(message->descriptor, ledger->preset.member),
                          ledger->preset.value);
    for (int i = 0; row->columns[i].heading != NULL; i++) {
        const enum field_kind kind = row->columns[i].kind;
        if (kind == FIELD_WHEN)
            act->occurred_ms = import_field_instant(row, i);
        else if (kind == FIELD_BEHALF)
            act->on_behalf_of = import_field_text(row, i);
        else if (kind == FIELD_VARIANT)
            variant = field_variant(row, i);
        else
            fill_member(row, i, message);
    }
    if (ledger->complete != NULL)
        ledger->complete(row, act);
    return lq_pb_wrap(row->arena, ledger->command, variant, message);
}
