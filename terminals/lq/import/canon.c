// The canonical form of each kind of column.
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "lq/import/cell.h"
#include "lq/import/ledgers.h"
#include "lq/show/words.h"

// Which of these words it is, parted by spaces and other spellings by '/'; -1: none.
static int find_among(const char *words, const char *text)
{
    const size_t size = strlen(text);
    int at = 0;
    for (const char *word = words; word != NULL && size > 0; at += *word == ' ', word++) {
        const size_t length = strcspn(word, "/ ");
        if (length == size && memcmp(word, text, size) == 0)
            return at;
        word += length;
        if (*word == '\0')
            break;
    }
    return -1;
}

static const char *canonical_word(const struct lq_ledger *ledger, struct lq_ledger_row *row, int i,
                                  const char *text)
{
    const struct lq_ledger_column *column = &row->columns[i];
    const ProtobufCMessageDescriptor *message =
        protobuf_c_message_descriptor_get_field_by_name(ledger->command, ledger->variant)
            ->descriptor;
    const ProtobufCEnumDescriptor *type =
        protobuf_c_message_descriptor_get_field_by_name(message, column->member)->descriptor;
    int value;
    if (!lq_word_parse(type, text, &value))
        return text;
    return lq_word(type, value, lq_arena_alloc(row->arena, LQ_WORD_TEXT));
}

static const char *canonical_choice(struct lq_ledger_row *row, int i, const char *text)
{
    const struct lq_ledger_choice *choice = row->columns[i].choices;
    for (; choice->word != NULL; choice++)
        if (find_among(choice->zh, text) == 0)
            return choice->word;
    return lq_cell_word(row->arena, text);
}

static const char *canonical_yes(struct lq_ledger_row *row, const char *text)
{
    const int which =
        find_among("no/n/false/否/不属实 yes/y/true/是/属实", lq_cell_word(row->arena, text));
    return which < 0 ? text : which == 0 ? "no" : "yes";
}

// What names a thing is one line.
static const char *one_line(struct lq_ledger_row *row, int i, const char *text)
{
    if (strpbrk(text, "\n\r\t") != NULL)
        lq_ledger_wrong(row, i, "a line break or tab within a name or number is not taken");
    return text;
}

static const char *canonical_count(struct lq_ledger_row *row, int i, const char *text)
{
    const char *count = lq_cell_count(row->arena, text);
    const bool is_none = row->columns[i].kind == LQ_CELL_COUNT_OR_NONE && strcmp(count, "0") == 0;
    return is_none ? "" : count;
}

static const ProtobufCMessageDescriptor *message_of(const struct lq_ledger *ledger)
{
    return protobuf_c_message_descriptor_get_field_by_name(ledger->command, ledger->variant)
        ->descriptor;
}

static const char *of_kind(const struct lq_ledger *ledger, struct lq_ledger_row *row, int i,
                           const char *text, const char **why)
{
    switch (row->columns[i].kind) {
    case LQ_CELL_TEXT:
    case LQ_CELL_OPTIONAL:
        return text;
    case LQ_CELL_KEY:
    case LQ_CELL_KEY_OR_NONE:
        return lq_kind_typed(lq_kind_member(message_of(ledger), row->columns[i].member),
                             one_line(row, i, text));
    case LQ_CELL_BEHALF:
        return one_line(row, i, text);
    case LQ_CELL_LIST:
        return lq_cell_list(row->arena, text);
    case LQ_CELL_COUNT:
    case LQ_CELL_COUNT_OR_NONE:
        return canonical_count(row, i, text);
    case LQ_CELL_DEGREES:
        return lq_cell_degrees(row->arena, text);
    case LQ_CELL_YES:
        return canonical_yes(row, text);
    case LQ_CELL_DAY:
        return lq_cell_day(row->arena, text, why);
    case LQ_CELL_INSTANT:
    case LQ_CELL_WHEN:
        return lq_cell_instant(row->arena, text, why);
    case LQ_CELL_WORD:
        return canonical_word(ledger, row, i, text);
    case LQ_CELL_VARIANT:
        return canonical_choice(row, i, text);
    }
    LQ_UNREACHABLE();
}

const char *lq_ledger_canonical(const struct lq_ledger *ledger, struct lq_ledger_row *row, int i)
{
    const enum lq_ledger_kind kind = row->columns[i].kind;
    const bool fold = kind != LQ_CELL_TEXT && kind != LQ_CELL_OPTIONAL;
    const char *why = NULL, *text = lq_cell_text(row->arena, row->fields[i], fold, &why);
    if (why == NULL)
        text = of_kind(ledger, row, i, text, &why);
    if (why != NULL)
        lq_ledger_wrong(row, i, why);
    return text;
}
