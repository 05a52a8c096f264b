// A page is part of an answer, never the answer: lists are read until nothing is left, because an
// export that ends early lies.
#include "lq/show/list.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/span.h"
#include "client/pages.h"
#include "lq/show/absent.h"
#include "lq/show/entered.h"
#include "lq/show/show.h"
#include "lq/show/withheld.h"
#include "lq/show/words.h"
#include "pb/json.h"
#include "pb/pb.h"
#include "pb/reflect.h"

void lq_list_add(struct lq_cli *cli, struct lq_list_rows *rows, const ProtobufCMessage *row)
{
    if (rows->count == rows->room) {
        const ProtobufCMessage **before = rows->rows;
        rows->room = rows->room * 2 + LQ_PAGE_ROWS;
        rows->rows = LQ_NEW_ARRAY(&cli->arena, const ProtobufCMessage *, rows->room);
        if (rows->count > 0)
            memcpy(rows->rows, before, rows->count * sizeof *before);
    }
    rows->rows[rows->count++] = row;
}

// ---------------------------------------------------------------- pages

static bool is_full(const struct lq_list *list, const struct lq_list_rows *rows)
{
    return list->limit > 0 && list->order == NULL && rows->count >= list->limit;
}

int lq_list_gather(struct lq_cli *cli, const struct lq_list *list, struct lq_list_rows *rows)
{
    ProtobufCMessage *asked = (ProtobufCMessage *)(uintptr_t)lq_pb_variant_message(list->query);
    for (bool more = true; more;) {
        ProtobufCMessage *answer;
        const uint32_t left = list->limit - (uint32_t)rows->count;
        const bool less = list->limit > 0 && list->order == NULL && left < LQ_PAGE_ROWS;
        lq_page_limit(asked, less ? left : LQ_PAGE_ROWS);
        const int code = lq_cli_query(cli, list->service, list->query, list->answer, &answer);
        if (code != LQ_EXIT_DONE)
            return code;
        const ProtobufCMessage *page = lq_pb_variant_message(answer), *last = NULL;
        const ProtobufCFieldDescriptor *field = lq_page_rows(page);
        rows->type = field->descriptor;
        for (size_t i = 0; i < lq_pb_count(page, field) && !is_full(list, rows); i++) {
            last = lq_pb_message_at(lq_pb_value(page, field, i));
            lq_list_add(cli, rows, last);
        }
        more = lq_page_turn(asked, page, last);
        rows->cut = more && is_full(list, rows);
        more = more && !rows->cut;
    }
    if (list->order != NULL && rows->count > 0)
        qsort(rows->rows, rows->count, sizeof *rows->rows, list->order);
    if (list->limit > 0 && rows->count > list->limit) {
        rows->cut = true;
        rows->count = list->limit;
    }
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- printing

static int print_rows_json(const struct lq_list_rows *rows)
{
    json_t *array = json_array();
    LQ_ASSERT(array != NULL);
    for (size_t i = 0; i < rows->count; i++)
        LQ_ASSERT(json_array_append_new(array, lq_pb_json(rows->rows[i])) == 0);
    lq_print_json(array, false, stdout);
    return LQ_EXIT_DONE;
}

// The field of that name; "premises.name" is one of the message within the row.
static const ProtobufCFieldDescriptor *find_member(const ProtobufCMessage **row, const char *path,
                                                   size_t size)
{
    const char *dot = memchr(path, '.', size);
    const size_t own = dot != NULL ? (size_t)(dot - path) : size;
    for (unsigned i = 0; i < (*row)->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &(*row)->descriptor->fields[i];
        if (strlen(field->name) != own || memcmp(field->name, path, own) != 0)
            continue;
        if (dot == NULL)
            return field;
        *row = lq_pb_message_at(lq_pb_value(*row, field, 0));
        return find_member(row, dot + 1, size - own - 1);
    }
    LQ_UNREACHABLE();
}

static void add_value(struct lq_cli *cli, struct lq_output *output,
                      const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field,
                      const void *value)
{
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        lq_output_text(output, lq_show_text(cli, type, field, lq_pb_text_at(value)));
        return;
    }
    const int64_t number = lq_pb_integer_at(field->type, value);
    if (field->type == PROTOBUF_C_TYPE_ENUM)
        lq_output_word(output, field->descriptor, (int)number);
    else if (field->type == PROTOBUF_C_TYPE_BOOL)
        lq_output_flag(output, number != 0);
    else if (lq_ends_with(field->name, "_ms"))
        lq_output_minute(output, number);
    else if (lq_ends_with(field->name, "_day"))
        lq_output_day(output, (int32_t)number);
    else
        lq_output_number(output, number);
}

static void add_cell(struct lq_cli *cli, struct lq_output *output, const struct lq_column *column,
                     const ProtobufCMessage *row)
{
    if (lq_entered_cell(cli, output, column, row))
        return;
    if (column->cell != NULL) {
        column->cell(output, row);
        return;
    }
    for (const char *path = column->member;; path += strcspn(path, "|") + 1) {
        const size_t size = strcspn(path, "|");
        const ProtobufCMessage *of = row;
        const ProtobufCFieldDescriptor *field = find_member(&of, path, size);
        const void *value = lq_pb_value(of, field, 0);
        if (path[size] == '|' && lq_pb_is_zero(field, value))
            continue;
        if (lq_is_withheld(of, field))
            lq_output_text(output, lq_withheld_word(of, field));
        else
            add_value(cli, output, of->descriptor, field, value);
        return;
    }
}

static int print_table(struct lq_cli *cli, const struct lq_column *columns,
                       const struct lq_list_rows *rows)
{
    size_t count = 0;
    columns = lq_entered_columns(cli, columns, rows->count > 0 ? rows->rows[0]->descriptor : NULL);
    while (columns[count].title != NULL)
        count++;
    struct lq_output *output = lq_output_new(columns, count);
    for (size_t i = 0; i < rows->count; i++)
        for (size_t j = 0; j < count; j++)
            add_cell(cli, output, &columns[j], rows->rows[i]);
    return lq_cli_print(cli, output);
}

int lq_list_print(struct lq_cli *cli, const struct lq_list *list, const struct lq_list_rows *rows)
{
    int code;
    if (cli->format == LQ_FORMAT_JSON) {
        code = print_rows_json(rows);
    } else if (cli->format == LQ_FORMAT_CSV && rows->type != NULL) {
        code = lq_show_rows(cli, rows->type, rows->rows, rows->count);
    } else {
        code = print_table(cli, list->columns, rows);
    }
    if (cli->quiet)
        return code;
    if (rows->cut)
        lq_cli_say("there are more: these are the first %zu (--limit)", rows->count);
    else if (cli->format == LQ_FORMAT_CSV)
        lq_cli_say("%zu rows", rows->count);
    return code;
}

int lq_cli_list(struct lq_cli *cli, const struct lq_list *list)
{
    struct lq_list_rows rows = {0};
    int code = lq_list_gather(cli, list, &rows);
    if (code == LQ_EXIT_DONE && rows.count == 0)
        code = lq_absent_check(cli, list);
    return code == LQ_EXIT_DONE ? lq_list_print(cli, list, &rows) : code;
}
