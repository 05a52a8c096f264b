// lq stats records: what a figure was counted from, each entry with the record behind it, so that
// somebody who doubts a figure can look at every single thing in it.
#include <stdio.h>

#include "base/assert.h"
#include "ledger.pb-c.h"
#include "lq/show/absent.h"
#include "lq/show/paragraph.h"
#include "lq/stats/stats.h"
#include "lq/show/words.h"

enum { PAGE_ROWS = 500 }; // the service's own bound

static void add_teams(struct lq_output *output, const void *row)
{
    const Stats__Entry *entry = row;
    struct lq_arena arena = {0};
    const char *teams = entry->team;
    for (size_t i = 0; i < entry->n_teams; i++)
        teams =
            lq_arena_format(&arena, "%s%s%s", teams, *teams != '\0' ? " " : "", entry->teams[i]);
    lq_output_text(output, teams);
    lq_arena_free(&arena);
}

static void add_record(struct lq_output *output, const void *row)
{
    const Stats__Entry *entry = row;
    struct lq_arena arena = {0};
    lq_output_text(
        output, lq_arena_format(&arena, "%s#%llu", entry->stream, (unsigned long long)entry->seq));
    lq_arena_free(&arena);
}

static void add_kind(struct lq_output *output, const void *row)
{
    lq_output_text(output, lq_kind_shown("kind", ((const Stats__Entry *)row)->kind));
}

static const struct lq_column COLUMNS[] = {
    LQ_COLUMN("DAY", "日期", "on_day", .key = "day", .whole = true),
    LQ_COLUMN("NUMBER", "编号", "number", .key = "number", .whole = true),
    LQ_COLUMN("KIND", "种类", NULL, .cell = add_kind, .key = "kind"),
    LQ_COLUMN("TOWNSHIP", "乡镇", "township", .key = "township"),
    LQ_COLUMN("TEAM", "组", NULL, .cell = add_teams, .key = "team"),
    LQ_COLUMN("PERSON", "人员", "person", .key = "person"),
    LQ_COLUMN("BESIDE", "关联编号", "beside", .key = "beside"),
    LQ_COLUMN("AMOUNT", "数量", "amount", .key = "amount", .right = true),
    LQ_COLUMN("RECORD", "记录", NULL, .cell = add_record, .key = "record", .whole = true),
    {0},
};

static int gather(struct lq_cli *cli, Stats__Records *asked, struct lq_list_rows *rows)
{
    Stats__Query query = STATS__QUERY__INIT;
    query.body_case = STATS__QUERY__BODY_RECORDS;
    query.records = asked;
    asked->limit = PAGE_ROWS;
    do {
        ProtobufCMessage *message;
        const int code =
            lq_cli_query(cli, "stats", &query.base, &stats__answer__descriptor, &message);
        if (code != LQ_EXIT_DONE)
            return code;
        const Stats__RecordsAnswer *page = ((const Stats__Answer *)(const void *)message)->records;
        for (size_t i = 0; i < page->n_entries; i++)
            lq_list_add(cli, rows, &page->entries[i]->base);
        asked->after = page->next;
    } while (asked->after.len > 0);
    return LQ_EXIT_DONE;
}

// What stands in the cell that these are the records of.
static void print_sum(const struct lq_list_rows *rows)
{
    int64_t sum = 0;
    for (size_t i = 0; i < rows->count; i++)
        sum += ((const Stats__Entry *)(const void *)rows->rows[i])->amount;
    lq_paragraph(lq_tr("\n%zu records, which add up to %lld\n"), rows->count, (long long)sum);
}

int lq_stats_records(struct lq_cli *cli)
{
    struct stats_range range;
    const char *word = lq_given_text(cli, "FIGURE");
    Stats__Records asked = STATS__RECORDS__INIT;
    int figure;
    if (lq_stats_range(cli, &range) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    if (!lq_word_parse(&stats__figure__descriptor, word, &figure)) {
        char words[LQ_WORDS_TEXT];
        return lq_cli_usage(cli, "a figure is one of %s, not \"%s\"",
                            lq_words(&stats__figure__descriptor, words), word);
    }
    asked.figure = (Stats__Figure)figure;
    asked.from_day = range.from;
    asked.to_day = range.to;
    asked.as_of_ms = range.as_of_ms;
    if (lq_stats_filters(cli, &asked) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    struct lq_list_rows rows = {0};
    int code = gather(cli, &asked, &rows);
    if (code == LQ_EXIT_DONE && rows.count == 0)
        code = lq_stats_no_such_part(cli, &asked);
    if (code == LQ_EXIT_DONE)
        code = lq_list_print(cli, &(struct lq_list){.columns = COLUMNS}, &rows);
    if (code == LQ_EXIT_DONE && cli->format == LQ_FORMAT_TABLE && !cli->quiet && rows.count > 0)
        print_sum(&rows);
    return code;
}
