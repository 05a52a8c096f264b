// Reads fields of a row, strictly: a field that is not what its column should hold makes the whole
// row wrong, with words that say what was found and what would be accepted.
#include <string.h>

#include "base/assert.h"
#include "base/time.h"
#include "language/language.h"
#include "lq/import/ledgers.h"
#include "lq/show/words.h"
#include "pb/build.h"
#include "pb/utf8.h"

// Where column i stands: "phone (G2)".
static const char *place_of(const struct lq_ledger_row *row, int i)
{
    const struct lq_ledger_column *column = &row->columns[i];
    const char *heading =
        lq_language() == LQ_CHINESE && column->zh != NULL
            ? lq_arena_format(row->arena, "%.*s", (int)strcspn(column->zh, "/"), column->zh)
            : column->heading;
    return row->places == NULL
               ? heading
               : lq_arena_format(row->arena, "%s (%s%u)", heading, row->places[i], row->line);
}

// As much of a text as is shown of it, and no half of a character.
static int shown_bytes(const char *text)
{
    enum { SHOWN_MOST = 60 };
    size_t size = 0;
    uint32_t character;
    for (size_t next; text[size] != '\0' && size<SHOWN_MOST; size += next> 0 ? next : 1)
        next = lq_utf8_next(lq_span_text(text + size), &character);
    return (int)size;
}

void lq_ledger_wrong(struct lq_ledger_row *row, int i, const char *accepted)
{
    const char *text = row->fields[i];
    if (row->why == NULL)
        row->why = lq_arena_format(row->arena, lq_tr("%s is \"%.*s\": %s"), place_of(row, i),
                                   shown_bytes(text), text, lq_tr(accepted));
}

const char *lq_ledger_text(struct lq_ledger_row *row, int i)
{
    if (row->fields[i][0] == '\0' && row->why == NULL)
        row->why = lq_arena_format(row->arena, lq_tr("%s is empty"), place_of(row, i));
    return row->fields[i];
}

int64_t lq_ledger_instant(struct lq_ledger_row *row, int i)
{
    int64_t at_ms = 0;
    if (!lq_parse_instant(row->fields[i], &at_ms))
        lq_ledger_wrong(row, i, "a time is written 2015-03-06T13:14:38+08:00");
    return at_ms;
}

static int32_t field_day(struct lq_ledger_row *row, int i)
{
    int32_t day = 0;
    if (!lq_parse_day(row->fields[i], &day))
        lq_ledger_wrong(row, i, "a day is written 2015-03-06");
    return day;
}

static uint32_t field_count(struct lq_ledger_row *row, int i)
{
    const char *text = row->fields[i];
    uint32_t count = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < '0' || *c > '9' || c - text > 8) {
            lq_ledger_wrong(row, i, "a whole number from 0 to 999999999 is wanted");
            return 0;
        }
        count = count * 10 + (uint32_t)(*c - '0');
    }
    if (*text == '\0')
        lq_ledger_wrong(row, i, "a whole number is wanted");
    return count;
}

static int32_t field_degrees_e7(struct lq_ledger_row *row, int i)
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
        lq_ledger_wrong(row, i, "degrees are written 38.36548");
    return (int32_t)(negative ? -value : value);
}

// Which of these words it is; the first if it is none. `shown` has them as the person calls them.
static int find_word(struct lq_ledger_row *row, int i, const char *const *words,
                     const char *const *shown, size_t count)
{
    for (size_t w = 0; w < count; w++)
        if (strcmp(row->fields[i], words[w]) == 0)
            return (int)w;
    const char *accepted = shown[0];
    for (size_t w = 1; w < count; w++)
        accepted = lq_arena_format(row->arena, "%s%s%s", accepted, lq_tr(", "), shown[w]);
    lq_ledger_wrong(row, i, lq_arena_format(row->arena, lq_tr("one of %s is wanted"), accepted));
    return 0;
}

static int field_yes(struct lq_ledger_row *row, int i)
{
    static const char *const WORDS[] = {"no", "yes"}, *const CHINESE[] = {"否", "是"};
    return find_word(row, i, WORDS, lq_language() == LQ_CHINESE ? CHINESE : WORDS, 2);
}

static int field_word(struct lq_ledger_row *row, int i, const ProtobufCEnumDescriptor *type)
{
    enum { WORDS_MOST = 16 };
    const struct lq_ledger_column *column = &row->columns[i];
    char texts[WORDS_MOST][LQ_WORD_TEXT], own[WORDS_MOST][LQ_WORD_TEXT];
    const char *words[WORDS_MOST], *shown[WORDS_MOST];
    int values[WORDS_MOST];
    size_t count = 0;
    for (int value = column->first; value <= column->last; value++) {
        if (value == column->but)
            continue;
        LQ_ASSERT(count < WORDS_MOST);
        values[count] = value;
        words[count] = lq_word(type, value, texts[count]);
        shown[count] = lq_word_in(lq_language(), type, value, own[count]);
        count++;
    }
    return values[find_word(row, i, words, shown, count)];
}

static const char *field_variant(struct lq_ledger_row *row, int i)
{
    enum { CHOICES_MOST = 4 };
    const struct lq_ledger_choice *choices = row->columns[i].choices;
    const char *words[CHOICES_MOST], *shown[CHOICES_MOST];
    size_t count = 0;
    for (; choices[count].word != NULL; count++) {
        LQ_ASSERT(count < CHOICES_MOST);
        words[count] = choices[count].word;
        shown[count] = lq_language() == LQ_CHINESE ? choices[count].zh : choices[count].word;
    }
    return choices[find_word(row, i, words, shown, count)].variant;
}

static void fill_list(struct lq_ledger_row *row, int i, ProtobufCMessage *message,
                      const ProtobufCFieldDescriptor *field)
{
    char *text = lq_arena_text(row->arena, lq_ledger_text(row, i)), *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        lq_pb_add_text(row->arena, message, field, word);
}

static int64_t number_of(struct lq_ledger_row *row, int i, const ProtobufCFieldDescriptor *field)
{
    switch (row->columns[i].kind) {
    case LQ_CELL_COUNT_OR_NONE:
        return row->fields[i][0] == '\0' ? 0 : field_count(row, i);
    case LQ_CELL_COUNT:
        return field_count(row, i);
    case LQ_CELL_DEGREES:
        return field_degrees_e7(row, i);
    case LQ_CELL_YES:
        return field_yes(row, i);
    case LQ_CELL_DAY:
        return field_day(row, i);
    case LQ_CELL_INSTANT:
        return lq_ledger_instant(row, i);
    default:
        LQ_ASSERT(row->columns[i].kind == LQ_CELL_WORD);
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

static void fill_member(struct lq_ledger_row *row, int i, ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *field = member_of(message->descriptor, row->columns[i].member);
    const enum lq_ledger_kind kind = row->columns[i].kind;
    if (kind == LQ_CELL_TEXT || kind == LQ_CELL_KEY)
        lq_pb_set_text(message, field, lq_ledger_text(row, i));
    else if (kind == LQ_CELL_OPTIONAL || kind == LQ_CELL_KEY_OR_NONE)
        lq_pb_set_text(message, field, row->fields[i]);
    else if (kind == LQ_CELL_LIST)
        fill_list(row, i, message, field);
    else
        lq_pb_set_integer(message, field, number_of(row, i, field));
}

int lq_ledger_marked(const struct lq_ledger *ledger, enum lq_ledger_mark mark)
{
    for (int i = 0; ledger->columns[i].heading != NULL; i++)
        if (ledger->columns[i].mark == mark)
            return i;
    return -1;
}

// The counties of China lie within these bounds, and no latitude among them is a longitude.
static bool is_within(int32_t latitude, int32_t longitude)
{
    enum { DEGREE = 10000000 };
    return latitude >= 3 * DEGREE && latitude <= 54 * DEGREE && longitude >= 73 * DEGREE &&
           longitude <= 136 * DEGREE;
}

static void check_coordinates(const struct lq_ledger *ledger, struct lq_ledger_row *row)
{
    const int north = lq_ledger_marked(ledger, LQ_MARK_LATITUDE);
    const int east = lq_ledger_marked(ledger, LQ_MARK_LONGITUDE);
    if (row->why != NULL || north < 0 || east < 0)
        return;
    const int32_t latitude = field_degrees_e7(row, north), longitude = field_degrees_e7(row, east);
    if (row->why != NULL || is_within(latitude, longitude))
        return;
    lq_ledger_wrong(
        row, north,
        is_within(longitude, latitude)
            ? lq_tr("latitude and longitude are swapped")
            : lq_tr("the place is not in China (latitude 3 to 54, longitude 73 to 136)"));
}

const ProtobufCMessage *lq_ledger_command(const struct lq_ledger *ledger, struct lq_ledger_row *row,
                                          struct lq_ledger_act *act)
{
    const char *variant = ledger->variant;
    ProtobufCMessage *message =
        lq_pb_new(row->arena, member_of(ledger->command, variant)->descriptor);
    if (ledger->preset.member != NULL)
        lq_pb_set_integer(message, member_of(message->descriptor, ledger->preset.member),
                          ledger->preset.value);
    for (int i = 0; row->columns[i].heading != NULL; i++) {
        const enum lq_ledger_kind kind = row->columns[i].kind;
        if (kind == LQ_CELL_WHEN)
            act->occurred_ms = lq_ledger_instant(row, i);
        else if (kind == LQ_CELL_BEHALF)
            act->on_behalf_of = lq_ledger_text(row, i);
        else if (kind == LQ_CELL_VARIANT)
            variant = field_variant(row, i);
        else
            fill_member(row, i, message);
    }
    check_coordinates(ledger, row);
    if (ledger->complete != NULL)
        ledger->complete(row, act);
    return lq_pb_wrap(row->arena, ledger->command, variant, message);
}
