// Times as people type them, in the county's zone whatever that of this machine is.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/arena.h"
#include "base/time.h"
#include "lq/cli/arguments.h"
#include "lq/cli/cli.h"
#include "lq/import/cell.h"

static bool two_digits(const char *text, int most, int *out)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    *out = (text[0] - '0') * 10 + (text[1] - '0');
    return *out <= most;
}

// "13:14" or "13:14:38", and nothing behind it.
static bool time_of_day(const char *text, int64_t *out_ms)
{
    int hour, minute, second = 0;
    const size_t size = strlen(text);
    if ((size != 5 && size != 8) || text[2] != ':' || !two_digits(text, 23, &hour) ||
        !two_digits(text + 3, 59, &minute))
        return false;
    if (size == 8 && (text[5] != ':' || !two_digits(text + 6, 59, &second)))
        return false;
    *out_ms = ((hour * 60 + minute) * 60 + second) * 1000LL;
    return true;
}

// "03-06": of this year, as tables of this year have it.
static bool day_of_year(const char *text, int32_t *out_day)
{
    int year, month, day;
    char whole[LQ_TIME_TEXT];
    if (strlen(text) != 5 || text[2] != '-' || !two_digits(text, 12, &month) ||
        !two_digits(text + 3, 31, &day))
        return false;
    lq_day_to_date(lq_day_of(lq_wall_ms()), &year, &month, &day);
    snprintf(whole, sizeof whole, "%04d-%s", year, text);
    return lq_parse_day(whole, out_day);
}

// "2015/3/6", "2015年3月6日 下午1:14", in full width, too: what ledgers may say. A serial number of
// spreadsheets is no day that a person types.
typedef const char *read_cell(struct lq_arena *arena, const char *text, const char **why);
static bool read_as_ledger(const char *typed, read_cell *read, int32_t *day, int64_t *at_ms)
{
    struct lq_arena arena = {0};
    const char *why = NULL, *text = lq_narrow(&arena, typed);
    const char *one = strspn(text, "0123456789") == 5 ? "" : read(&arena, text, &why);
    const bool is_one =
        why == NULL && (day != NULL ? lq_parse_day(one, day) : lq_parse_instant(one, at_ms));
    lq_arena_free(&arena);
    return is_one;
}

bool lq_cli_day(const char *text, int32_t *out_day)
{
    static const char *const NAMES[] = {"yesterday", "today", "tomorrow", "昨天", "今天",
                                        "明天",      "昨日",  "今日",     "明日"};
    for (int i = 0; i < (int)(sizeof NAMES / sizeof *NAMES); i++)
        if (strcmp(text, NAMES[i]) == 0) {
            *out_day = lq_day_of(lq_wall_ms()) + i % 3 - 1;
            return true;
        }
    return day_of_year(text, out_day) || lq_parse_day(text, out_day) ||
           read_as_ledger(text, lq_cell_day, out_day, NULL);
}

enum lq_left_out lq_cli_left_out(const char *text)
{
    int64_t time_ms;
    int32_t day;
    char first[6];
    snprintf(first, sizeof first, "%s", text);
    return time_of_day(text, &time_ms)                   ? LQ_DAY_LEFT_OUT
           : text[0] != '\0' && day_of_year(first, &day) ? LQ_YEAR_LEFT_OUT
                                                         : LQ_NOTHING_LEFT_OUT;
}

static int64_t year_before(int64_t at_ms)
{
    int year, month, day;
    char text[LQ_TIME_TEXT];
    int32_t before = lq_day_of(at_ms);
    lq_day_to_date(before, &year, &month, &day);
    snprintf(text, sizeof text, "%04d-%02d-%02d", year - 1, month, day);
    return lq_parse_day(text, &before)
               ? lq_day_start_ms(before) + at_ms - lq_day_start_ms(lq_day_of(at_ms))
               : at_ms;
}

int64_t lq_cli_past(int64_t at_ms, int64_t now_ms, enum lq_left_out left_out)
{
    enum { CLOCKS_MS = 5 * 60 * 1000 };
    if (at_ms <= now_ms + CLOCKS_MS || left_out == LQ_NOTHING_LEFT_OUT)
        return at_ms;
    return left_out == LQ_DAY_LEFT_OUT ? at_ms - LQ_DAY_MS : year_before(at_ms);
}

bool lq_cli_instant(const char *text, int64_t *out_ms)
{
    enum { DAY_SIZE = 10 };
    int64_t time_ms;
    int32_t day;
    if (lq_parse_instant(text, out_ms))
        return true;
    if (time_of_day(text, &time_ms)) {
        *out_ms = lq_day_start_ms(lq_day_of(lq_wall_ms())) + time_ms;
        return true;
    }
    // A day as a word is followed by a blank; one in figures may be followed by a T.
    const char *between = strchr(text, ' ');
    if (between == NULL && strlen(text) > DAY_SIZE && text[DAY_SIZE] == 'T')
        between = text + DAY_SIZE;
    char day_text[DAY_SIZE + 1];
    if (between == NULL || between - text > DAY_SIZE)
        return read_as_ledger(text, lq_cell_instant, NULL, out_ms);
    snprintf(day_text, sizeof day_text, "%.*s", (int)(between - text), text);
    if (!lq_cli_day(day_text, &day) || !time_of_day(between + 1, &time_ms))
        return read_as_ledger(text, lq_cell_instant, NULL, out_ms);
    *out_ms = lq_day_start_ms(day) + time_ms;
    return true;
}
