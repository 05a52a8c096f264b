// What a person wants to see of a record is what is set in it. A message within the message is
// shown as if its fields were the message's own; what is repeated becomes a table below.
#include "lq/show/show.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/span.h"
#include "base/time.h"
#include "dispatch.pb-c.h"
#include "lq/show/change.h"
#include "lq/show/entered.h"
#include "lq/show/paragraph.h"
#include "lq/show/text.h"
#include "lq/show/withheld.h"
#include "lq/show/words.h"
#include "pb/json.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "rules/take_step.h"

// ---------------------------------------------------------------- names and values

// "issued_at_ms" -> "issued_at": the unit is in the value. (But a last day is no last thing.)
char *lq_show_key(struct lq_cli *cli, const char *name)
{
    static const char *const UNITS[] = {"_ms", "_day", "_e7", "_row"};
    char *text = lq_arena_text(&cli->arena, name);
    if (strcmp(name, "last_day") == 0 || strcmp(name, "first_day") == 0)
        return text;
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++)
        if (lq_ends_with(text, UNITS[i])) {
            text[strlen(text) - strlen(UNITS[i])] = '\0';
            break;
        }
    return text;
}

char *lq_show_name(struct lq_cli *cli, const char *field)
{
    char *text = lq_show_key(cli, field);
    for (char *at = text; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
    return text;
}

// What a field is called: in Chinese as the .proto says, in English by its name.
const char *lq_show_title(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                          const char *name)
{
    const struct lq_proto_word *word = lq_proto_word(type->name, name);
    if (lq_language() == LQ_CHINESE && word != NULL && *word->zh != '\0')
        return lq_arena_format(&cli->arena, "%.*s", (int)strcspn(word->zh, "/"), word->zh);
    return lq_show_name(cli, name);
}

static const char *number_text(struct lq_cli *cli, const ProtobufCFieldDescriptor *field,
                               const void *value)
{
    char text[LQ_TIME_TEXT], word[LQ_WORD_TEXT];
    const int64_t number = lq_pb_integer_at(field->type, value);
    if (lq_pb_time(field, value, text) != NULL)
        return lq_arena_text(
            &cli->arena, lq_ends_with(field->name, "_ms") ? lq_format_local(number, text) : text);
    if (lq_ends_with(field->name, "_e7"))
        return lq_arena_text(&cli->arena, lq_degrees((int32_t)number, word));
    return lq_arena_format(&cli->arena, "%lld", (long long)number);
}

// (What a correction keeps for followers is not for people, and a page is for a browser.)
static const char *bytes_text(struct lq_cli *cli, const ProtobufCFieldDescriptor *field,
                              const ProtobufCBinaryData *bytes)
{
    if (strcmp(field->name, "thing") == 0 || strcmp(field->name, "html") == 0)
        return "";
    char *text = lq_arena_alloc(&cli->arena, 2 * bytes->len + 1);
    for (size_t i = 0; i < bytes->len; i++)
        sprintf(text + 2 * i, "%02x", bytes->data[i]);
    return text;
}

// What is set, in one cell: "T01 acknowledged 2015-03-06 13:16:08". A flag is called by its name,
// and of what a step says each part: which of its texts it is cannot be seen.
static const char *message_text(struct lq_cli *cli, const ProtobufCMessage *message)
{
    const char *text = "";
    const bool is_act = message->descriptor == &rules__act__descriptor;
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const char *one = lq_show_field(cli, message, field);
        if (*one != '\0' && field->type == PROTOBUF_C_TYPE_BOOL)
            one = lq_show_title(cli, message->descriptor, field->name);
        else if (*one != '\0' && is_act)
            one = lq_arena_format(&cli->arena, "%s %s",
                                  lq_show_title(cli, message->descriptor, field->name), one);
        if (*one != '\0')
            text = *text == '\0' ? one : lq_arena_format(&cli->arena, "%s %s", text, one);
    }
    return text;
}

const char *lq_show_value(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                          const ProtobufCFieldDescriptor *field, const void *value)
{
    char word[LQ_WORD_TEXT];
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return lq_show_text(cli, type, field, lq_pb_text_at(value));
    case PROTOBUF_C_TYPE_BYTES:
        return bytes_text(cli, field, value);
    case PROTOBUF_C_TYPE_BOOL:
        return lq_word_flag(lq_pb_integer_at(field->type, value) != 0);
    case PROTOBUF_C_TYPE_ENUM:
        return lq_arena_text(
            &cli->arena,
            lq_word_shown(field->descriptor, (int)lq_pb_integer_at(field->type, value), word));
    case PROTOBUF_C_TYPE_MESSAGE:
        return lq_is_entered(field) ? lq_entered_text(cli, type, lq_pb_message_at(value))
                                    : message_text(cli, lq_pb_message_at(value));
    default: // whole numbers: no .proto of ours has others
        return number_text(cli, field, value);
    }
}

// A step travels with the names of its thing's states: here they are words.
static const char *state_text(struct lq_cli *cli, const ProtobufCMessage *message,
                              const ProtobufCFieldDescriptor *field, const char *text)
{
    const Rules__Step *row = (const void *)message;
    const Rules__StepTaken *taken = (const void *)message;
    const char *kind = message->descriptor == &rules__step__descriptor         ? row->kind
                       : message->descriptor == &rules__step_taken__descriptor ? taken->kind
                                                                               : NULL;
    if (kind == NULL || (strcmp(field->name, "from") != 0 && strcmp(field->name, "to") != 0))
        return text;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        const struct lq_thing *thing = lq_thing_named(*s, kind);
        const ProtobufCEnumValue *state =
            thing != NULL && thing->steps != NULL
                ? protobuf_c_enum_descriptor_get_value_by_name(thing->steps->states, text)
                : NULL;
        char word[LQ_WORD_TEXT];
        if (state != NULL)
            return lq_arena_text(&cli->arena,
                                 lq_word_shown(thing->steps->states, state->value, word));
    }
    return text;
}

// All values of a field, "" if it is not set. An enum's zero has a word where it means something.
const char *lq_show_field(struct lq_cli *cli, const ProtobufCMessage *message,
                          const ProtobufCFieldDescriptor *field)
{
    const char *text = lq_withheld_word(message, field);
    if (text != NULL)
        return text;
    if (cli->format == LQ_FORMAT_TABLE && lq_is_for_others(message, field))
        return "";
    text = "";
    const bool is_table = cli->format == LQ_FORMAT_TABLE;
    // What is a thing of its own gets a line of its own, where there is room for more than one.
    const char *apart = is_table && field->type == PROTOBUF_C_TYPE_MESSAGE ? "\n" : " ";
    const size_t count = is_table && lq_names_withheld(field) ? 0 : lq_pb_count(message, field);
    for (size_t i = 0; i < count; i++) {
        const void *value = lq_pb_value(message, field, i);
        if (field->type != PROTOBUF_C_TYPE_ENUM && field->label != PROTOBUF_C_LABEL_REPEATED &&
            lq_pb_is_zero(field, value))
            continue;
        const char *one =
            state_text(cli, message, field, lq_show_value(cli, message->descriptor, field, value));
        text = i == 0 ? one : lq_arena_format(&cli->arena, "%s,%s%s", text, apart, one);
    }
    return text;
}

// When something happened is told beside, how long it lasts is not; a list is a page of its own.
static bool is_brief(const ProtobufCFieldDescriptor *field)
{
    static const char *const LASTS[] = {"from_ms", "to_ms", "starts_at_ms", "ends_at_ms"};
    if (field->descriptor == &rules__paper_field__descriptor ||
        field->descriptor == &dispatch__handover_list__descriptor)
        return false;
    bool is_brief = !lq_ends_with(field->name, "_ms");
    for (size_t i = 0; i < sizeof LASTS / sizeof *LASTS; i++)
        is_brief = is_brief || strcmp(field->name, LASTS[i]) == 0;
    return is_brief;
}

const char *lq_show_brief(struct lq_cli *cli, const ProtobufCMessage *message)
{
    const char *text = "";
    if (message != NULL && message->descriptor == &rules__corrected__descriptor)
        return lq_show_changes(cli, (const void *)message);
    for (unsigned i = 0; message != NULL && i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const char *one = is_brief(field) ? lq_show_field(cli, message, field) : "";
        if (*one != '\0')
            text = lq_arena_format(&cli->arena, "%s%s%s %s", text, *text != '\0' ? lq_tr(", ") : "",
                                   lq_show_title(cli, message->descriptor, field->name), one);
    }
    return text;
}

// ---------------------------------------------------------------- lines

// Gets the name of the field and of its type, too.
typedef void line_function(void *self, const ProtobufCMessageDescriptor *type, const char *name,
                           const char *value);

// The instant at which a term is over is the midnight after its last day; a person who reads both
// takes it for a day more.
static bool is_told_as_day(const struct lq_cli *cli, const ProtobufCMessage *message,
                           const ProtobufCFieldDescriptor *field)
{
    return cli->format == LQ_FORMAT_TABLE && strcmp(field->name, "due_ms") == 0 &&
           protobuf_c_message_descriptor_get_field_by_name(message->descriptor, "last_day") != NULL;
}

static void each_line(struct lq_cli *cli, const ProtobufCMessage *message, bool repeated,
                      line_function *line, void *self)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const bool is_message = field->type == PROTOBUF_C_TYPE_MESSAGE;
        const bool many = field->label == PROTOBUF_C_LABEL_REPEATED;
        if (is_message && many && !repeated && !lq_is_withheld(message, field))
            continue;
        if (is_message && !many && !(cli->format == LQ_FORMAT_TABLE && lq_is_entered(field))) {
            if (lq_pb_count(message, field) > 0)
                each_line(cli, lq_pb_message_at(lq_pb_value(message, field, 0)), repeated, line,
                          self);
            continue;
        }
        if (is_told_as_day(cli, message, field))
            continue;
        const char *text = lq_show_field(cli, message, field);
        if (*text != '\0')
            line(self, message->descriptor, field->name, text);
    }
}

const char *lq_show_variant(const ProtobufCMessage *message)
{
    const char *name = lq_pb_variant_name(message);
    const struct lq_proto_word *word = lq_proto_word(message->descriptor->name, name);
    return lq_language() == LQ_CHINESE && word != NULL && *word->zh != '\0' ? word->zh : name;
}

struct lines {
    struct lq_cli *cli;
    size_t width;             // of the widest title, in columns
    struct lq_output *output; // of add_line
};

static void measure_line(void *self, const ProtobufCMessageDescriptor *type, const char *name,
                         const char *value)
{
    struct lines *lines = self;
    const size_t width = lq_text_width(lq_show_title(lines->cli, type, name));
    (void)value;
    if (width > lines->width)
        lines->width = width;
}

static void print_line(void *self, const ProtobufCMessageDescriptor *type, const char *name,
                       const char *value)
{
    const struct lines *lines = self;
    lq_show_line(lq_show_title(lines->cli, type, name), lines->width, value);
}

static void add_line(void *self, const ProtobufCMessageDescriptor *type, const char *name,
                     const char *value)
{
    const struct lines *lines = self;
    (void)type;
    lq_output_text(lines->output, lq_show_key(lines->cli, name));
    lq_output_text(lines->output, value);
}

void lq_show_line(const char *what, size_t width, const char *value)
{
    lq_labelled(what, width, value, lq_line_width(stdout), stdout);
}

void lq_show_fields(struct lq_cli *cli, const ProtobufCMessage *message)
{
    struct lines lines = {.cli = cli};
    each_line(cli, message, false, measure_line, &lines);
    each_line(cli, message, false, print_line, &lines);
}

// ---------------------------------------------------------------- tables

struct shown_field {
    const ProtobufCFieldDescriptor *field;
    const char **texts; // one a row
};

static bool read_column(struct lq_cli *cli, const ProtobufCMessage *message,
                        const ProtobufCFieldDescriptor *rows, struct shown_field *shown)
{
    const size_t count = lq_pb_count(message, rows);
    bool any = false;
    shown->texts = LQ_NEW_ARRAY(&cli->arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        shown->texts[i] =
            lq_show_field(cli, lq_pb_message_at(lq_pb_value(message, rows, i)), shown->field);
        any = any || *shown->texts[i] != '\0';
    }
    return any;
}

// A table of one repeated field; columns that are empty throughout are left out.
static int show_table(struct lq_cli *cli, const ProtobufCMessage *message,
                      const ProtobufCFieldDescriptor *rows)
{
    const ProtobufCMessageDescriptor *type = rows->descriptor;
    struct lq_column *columns = LQ_NEW_ARRAY(&cli->arena, struct lq_column, type->n_fields);
    struct shown_field *shown = LQ_NEW_ARRAY(&cli->arena, struct shown_field, type->n_fields);
    size_t count = 0;
    for (unsigned i = 0; i < type->n_fields; i++) {
        shown[count].field = &type->fields[i];
        if (!read_column(cli, message, rows, &shown[count]))
            continue;
        char *upper = lq_arena_text(&cli->arena, lq_show_title(cli, type, type->fields[i].name));
        for (char *at = upper; *at != '\0'; at++)
            *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
        columns[count++] = (struct lq_column){
            .key = type->fields[i].name, .title = upper, .whole = true}; // show shows all
    }
    if (count == 0)
        return LQ_EXIT_DONE;
    struct lq_output *output = lq_output_new(columns, count);
    for (size_t row = 0; row < lq_pb_count(message, rows); row++)
        for (size_t i = 0; i < count; i++)
            lq_output_text(output, shown[i].texts[row]);
    printf("\n%s%s\n", lq_show_title(cli, message->descriptor, rows->name), lq_tr(":"));
    return lq_cli_print(cli, output);
}

int lq_show_tables(struct lq_cli *cli, const ProtobufCMessage *message)
{
    int code = LQ_EXIT_DONE;
    for (unsigned i = 0; i < message->descriptor->n_fields && code == LQ_EXIT_DONE; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_MESSAGE || lq_pb_count(message, field) == 0)
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            code = show_table(cli, message, field);
        else
            code = lq_show_tables(cli, lq_pb_message_at(lq_pb_value(message, field, 0)));
    }
    return code;
}

int lq_show(struct lq_cli *cli, const ProtobufCMessage *message)
{
    static const struct lq_column COLUMNS[] = {{.key = "key", .whole = true}, {.key = "value"}};
    if (cli->format == LQ_FORMAT_CSV) {
        struct lines lines = {.cli = cli, .output = lq_output_new(COLUMNS, 2)};
        each_line(cli, message, true, add_line, &lines);
        return lq_cli_print(cli, lines.output);
    }
    lq_show_fields(cli, message);
    return lq_show_tables(cli, message);
}

// ---------------------------------------------------------------- JSON

void lq_print_json(json_t *value, bool line, FILE *stream)
{
    LQ_ASSERT(value != NULL);
    char *text = json_dumps(value, line ? JSON_COMPACT : JSON_INDENT(2));
    LQ_ASSERT(text != NULL);
    lq_output_json(text, stream);
    putc('\n', stream);
    free(text);
    json_decref(value);
}

void lq_show_json(const ProtobufCMessage *message, FILE *stream)
{
    lq_print_json(lq_pb_json(message), false, stream);
}
