#include "service/number.h"

#include <string.h>

#include "base/assert.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "service/voided.h"

enum { DIGITS_MOST = 15 };

// A number in its parts: "O0262" is "O", 262, 4 wide.
struct parts {
    const char *stem;
    int stem_length, width;
    uint64_t count;
};

static bool split(const char *number, struct parts *out)
{
    const int length = (int)strlen(number);
    int digits = 0;
    while (digits < length && digits < DIGITS_MOST && number[length - 1 - digits] >= '0' &&
           number[length - 1 - digits] <= '9')
        digits++;
    *out = (struct parts){.stem = number, .stem_length = length - digits, .width = digits};
    for (const char *c = number + out->stem_length; *c != '\0'; c++)
        out->count = out->count * 10 + (uint64_t)(*c - '0');
    return digits > 0;
}

// By hand, because a number is made for every command that gives one, and printf would be a fifth
// of what the service does for it.
static const char *count_up(struct lq_view *view, const struct parts *from, uint64_t by)
{
    char digits[24];
    int count = 0;
    for (uint64_t left = from->count + by; left > 0 || count < from->width; left /= 10)
        digits[count++] = (char)('0' + left % 10);
    const size_t stem = (size_t)from->stem_length;
    char *text = lq_arena_alloc(lq_view_arena(view), stem + (size_t)count + 1);
    memcpy(text, from->stem, stem);
    for (int i = 0; i < count; i++)
        text[stem + (size_t)i] = digits[count - 1 - i];
    text[stem + (size_t)count] = '\0';
    return text;
}

static bool is_free(struct lq_view *view, const struct lq_table *table, const char *number)
{
    return !lq_exists(view, table, lq_key_text(number)) &&
           lq_voided_find(view, table, number) == NULL;
}

// Numbers are given one after the other, so the free ones begin somewhere, and as many rows as the
// table has is where, if none was left out: stride from there until there is one that is taken and
// one that is free, then halve. Any free number would do.
static const char *first_free(struct lq_view *view, const struct lq_table *table,
                              const struct parts *from, uint64_t begin)
{
    const char *usual = count_up(view, from, begin);
    if (is_free(view, table, usual))
        return usual;
    const uint64_t rows = lq_count(view, table);
    uint64_t taken = begin, open = begin, stride = 1;
    if (rows > from->count + begin)
        open = rows - from->count;
    while (!is_free(view, table, count_up(view, from, open))) {
        taken = open;
        open += stride;
        stride *= 2;
    }
    for (stride = 1; taken == begin && open - begin > stride; stride *= 2) {
        if (is_free(view, table, count_up(view, from, open - stride)))
            open -= stride;
        else
            taken = open - stride;
    }
    while (open - taken > 1) {
        const uint64_t middle = taken + (open - taken) / 2;
        if (is_free(view, table, count_up(view, from, middle)))
            open = middle;
        else
            taken = middle;
    }
    return count_up(view, from, open);
}

// The last number of the service's own series in the table: the stem of `first` and as many digits,
// or else about as many (O99 and O101, where `first` is O1). Those of other books, from paper, lie
// between; past some of them it is given up. NULL: there is none.
static const char *last_of_series(struct lq_view *view, const struct lq_table *table,
                                  const char *first, const struct parts *own)
{
    enum { OTHERS_MOST = 256, WIDER_MOST = 2 };
    const char *near = NULL;
    struct lq_key stem = {.size = (uint8_t)own->stem_length};
    memcpy(stem.bytes, first, stem.size);
    struct lq_scan scan = lq_scan_backwards(view, table, stem);
    scan.keys_only = true;
    for (int others = 0; others < OTHERS_MOST && lq_scan_next(&scan); others++) {
        const char *number = (const char *)scan.key.bytes;
        const size_t digits = strspn(number + stem.size, "0123456789");
        if (digits == 0 || number[stem.size + digits] != '\0')
            continue;
        if (digits == (size_t)own->width)
            return lq_arena_text(lq_view_arena(view), number);
        if (near == NULL && digits <= (size_t)own->width + WIDER_MOST)
            near = lq_arena_text(lq_view_arena(view), number);
    }
    return near;
}

const char *lq_next_number(struct lq_view *view, const struct lq_table *table, const char *first)
{
    struct parts parts;
    LQ_ASSERT(split(first, &parts)); // a service's own pattern ends in digits
    const char *last = last_of_series(view, table, first, &parts);
    if (last == NULL)
        return first_free(view, table, &parts, 0);
    LQ_ASSERT(split(last, &parts));
    return first_free(view, table, &parts, 1);
}

char *lq_number_or_next(struct lq_decision *d, const char *given, const struct lq_table *table,
                        const char *first)
{
    return lq_unconst(given[0] != '\0' ? given : lq_next_number(d->view, table, first));
}

struct lq_verdict lq_record(struct lq_decision *d, unsigned variant, const void *command,
                            const struct lq_table *table, const char *first)
{
    const ProtobufCMessageDescriptor *type =
        protobuf_c_message_descriptor_get_field(d->service->event_type, variant)->descriptor;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(type, "number");
    ProtobufCMessage *event = lq_pb_project(d->arena, type, command);
    const char *number =
        lq_number_or_next(d, lq_pb_text_at(lq_pb_value(event, field, 0)), table, first);
    lq_pb_set_text(event, field, lq_arena_text(d->arena, number));
    lq_emit(d, variant, event);
    lq_number(d, number);
    return LQ_ACCEPT;
}
