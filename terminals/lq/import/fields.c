// Reads fields of a row, strictly: a field that is not what its column should hold makes the whole
// row wrong, with words that say what was found and what would be accepted.
#include <string.h>

#include "base/time.h"
#include "lq/import/ledgers.h"

static void wrong(struct ledger_row *row, int i, const char *accepted)
{
    if (row->why == NULL)
        row->why = lq_arena_format(row->arena, "%s is \"%.60s\": %s", row->columns[i],
                                   row->fields[i], accepted);
}

const char *field_text(struct ledger_row *row, int i)
{
    if (row->fields[i][0] == '\0' && row->why == NULL)
        row->why = lq_arena_format(row->arena, "%s is empty", row->columns[i]);
    return row->fields[i];
}

const char *field_optional(const struct ledger_row *row, int i)
{
    return row->fields[i];
}

int64_t field_instant(struct ledger_row *row, int i)
{
    int64_t at_ms = 0;
    if (!lq_parse_instant(row->fields[i], &at_ms))
        wrong(row, i, "a time is written 2015-03-06T13:14:38+08:00");
    return at_ms;
}

int32_t field_day(struct ledger_row *row, int i)
{
    int32_t day = 0;
    if (!lq_parse_day(row->fields[i], &day))
        wrong(row, i, "a day is written 2015-03-06");
    return day;
}

uint32_t field_count(struct ledger_row *row, int i)
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

int32_t field_degrees_e7(struct ledger_row *row, int i)
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

bool field_yes(struct ledger_row *row, int i)
{
    static const char *const words[] = {"no", "yes", NULL};
    return field_word(row, i, words) == 1;
}

int field_word(struct ledger_row *row, int i, const char *const *words)
{
    for (int w = 0; words[w] != NULL; w++)
        if (strcmp(row->fields[i], words[w]) == 0)
            return w;
    const char *accepted = words[0];
    for (int w = 1; words[w] != NULL; w++)
        accepted = lq_arena_format(row->arena, "%s, %s", accepted, words[w]);
    wrong(row, i, lq_arena_format(row->arena, "one of %s is wanted", accepted));
    return 0;
}

char **field_list(struct ledger_row *row, int i, size_t *count)
{
    char *text = lq_arena_text(row->arena, field_text(row, i)), *rest = NULL;
    char **words = LQ_NEW_ARRAY(row->arena, char *, strlen(text) / 2 + 1);
    *count = 0;
    for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        words[(*count)++] = word;
    return words;
}
