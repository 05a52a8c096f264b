// lq stats records: what a figure was counted from, each entry with the record behind it, so that
// somebody who doubts a figure can look at every single thing in it.
#include "base/assert.h"
#include "lq/show/list.h"
#include "lq/stats/stats.h"
#include "lq/show/words.h"

enum { PAGE_ROWS = 500 }; // the service's own bound

static const struct lq_column COLUMNS[] = {
    {.key = "day", .title = "DAY", .whole = true},
    {.key = "number", .title = "NUMBER", .whole = true},
    {.key = "kind", .title = "KIND"},
    {.key = "township", .title = "TOWNSHIP"},
    {.key = "team", .title = "TEAM"},
    {.key = "amount", .title = "AMOUNT", .right = true},
    {.key = "record", .title = "RECORD", .whole = true},
};

static void add_teams(struct lq_output *output, const Stats__Entry *entry)
{
    struct lq_arena arena = {0};
    const char *teams = entry->team;
    for (size_t i = 0; i < entry->n_teams; i++)
        teams =
            lq_arena_format(&arena, "%s%s%s", teams, *teams != '\0' ? " " : "", entry->teams[i]);
    lq_output_text(output, teams);
    lq_arena_free(&arena);
}

static void add_record(struct lq_output *output, const Stats__Entry *entry)
{
    struct lq_arena arena = {0};
    lq_output_text(
        output, lq_arena_format(&arena, "%s#%llu", entry->stream, (unsigned long long)entry->seq));
    lq_arena_free(&arena);
}

static void add_row(struct lq_output *output, const void *row)
{
    const Stats__Entry *entry = row;
    lq_output_day(output, entry->on_day);
    lq_output_text(output, entry->number);
    lq_output_text(output, entry->kind);
    lq_output_text(output, entry->township);
    add_teams(output, entry);
    lq_output_number(output, entry->amount);
    add_record(output, entry);
}

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

int lq_stats_records(struct lq_cli *cli, int argc, char **argv)
{
    struct stats_range range = {0};
    Stats__Records asked = STATS__RECORDS__INIT;
    int figure;
    asked.kind = lq_cli_text(&argc, argv, "--kind");
    if (!lq_stats_range_options(cli->command, &argc, argv, &range) ||
        !lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    if (!lq_word_parse(&stats__figure__descriptor, argv[0], &figure)) {
        char words[LQ_WORDS_TEXT];
        return lq_cli_usage(cli->command, "a figure is one of %s, not \"%s\"",
                            lq_words(&stats__figure__descriptor, words), argv[0]);
    }
    if (*asked.kind != '\0' && !lq_stats_has_kinds((Stats__Figure)figure))
        return lq_cli_usage(cli->command, "%s has no kinds", argv[0]);
    asked.figure = (Stats__Figure)figure;
    asked.from_day = range.from;
    asked.to_day = range.to;
    struct lq_list_rows rows = {0};
    const int code = gather(cli, &asked, &rows);
    const struct lq_list list = {
        .columns = COLUMNS, .column_count = sizeof COLUMNS / sizeof *COLUMNS, .row = add_row};
    return code == LQ_EXIT_DONE ? lq_list_print(cli, &list, &rows) : code;
}
