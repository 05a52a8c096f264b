// lq ledger pairs: how many enterprises had their two supervisors on a day, by township; lq ledger
// unmanned: which had not.
#include <string.h>

#include "ledger.pb-c.h"
#include "lq/cli/arguments.h"
#include "lq/nouns/nouns.h"
#include "lq/show/list.h"
#include "lq/show/words.h"

// To the end of a day; of today what is now.
static int64_t instant(struct lq_cli *cli)
{
    int32_t day;
    const char *text = lq_given_text(cli, "--on");
    const int64_t at_ms = lq_given_number(cli, "--on"); // of a day the first instant after it
    return text != NULL && lq_cli_day(text, &day) ? at_ms - 1 : at_ms;
}

// ---------------------------------------------------------------- how many

static void add_count(struct lq_output *output, uint32_t count, bool is_alert)
{
    lq_output_number(output, count);
    lq_output_mark(output, is_alert && count > 0 ? LQ_ALERT : LQ_PLAIN);
}

static void add_line(struct lq_output *output, const char *name, const Ledger__PairCount *line)
{
    lq_output_text(output, name);
    lq_output_number(output, line->enterprises);
    lq_output_number(output, line->both);
    lq_output_number(output, line->undated);
    add_count(output, line->one, true);
    add_count(output, line->none, true);
}

// The sum is people's: who reads CSV or JSON adds up himself.
static int print_counts(struct lq_cli *cli, const Ledger__PairCounts *told)
{
    static const struct lq_column COLUMNS[] = {
        LQ_COLUMN("TOWNSHIP", "乡镇", NULL, .key = "township", .whole = true),
        LQ_COLUMN("ENTERPRISES", "应监管企业", NULL, .key = "enterprises", .right = true),
        LQ_COLUMN("BOTH", "两人", NULL, .key = "both", .right = true),
        LQ_COLUMN("UNDATED", "其中起日不详", NULL, .key = "undated", .right = true),
        LQ_COLUMN("ONE", "缺一人", NULL, .key = "one", .right = true),
        LQ_COLUMN("NONE", "无人", NULL, .key = "none", .right = true),
    };
    struct lq_output *output = lq_output_new(COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    Ledger__PairCount total = LEDGER__PAIR_COUNT__INIT;
    for (size_t i = 0; i < told->n_counts; i++) {
        const Ledger__PairCount *line = told->counts[i];
        add_line(output, line->township, line);
        total.enterprises += line->enterprises;
        total.both += line->both;
        total.undated += line->undated;
        total.one += line->one;
        total.none += line->none;
    }
    if (cli->format == LQ_FORMAT_TABLE)
        add_line(output, lq_tr("total"), &total);
    return lq_cli_print(cli, output);
}

int lq_ledger_pairs(struct lq_cli *cli)
{
    Ledger__CountPairs asked = LEDGER__COUNT_PAIRS__INIT;
    Ledger__Query query = LEDGER__QUERY__INIT;
    ProtobufCMessage *answer;
    query.body_case = LEDGER__QUERY__BODY_PAIRS;
    query.pairs = &asked;
    lq_given_fill(cli, &asked.base);
    asked.on_ms = instant(cli);
    const int code = lq_cli_query(cli, "ledger", &query.base, &ledger__answer__descriptor, &answer);
    return code == LQ_EXIT_DONE
               ? print_counts(cli, ((const Ledger__Answer *)(const void *)answer)->pairs)
               : code;
}

// ---------------------------------------------------------------- which not

static void add_who(struct lq_output *output, const void *row)
{
    const Ledger__Unmanned *unmanned = row;
    lq_output_text(output,
                   unmanned->n_supervisors > 0 ? unmanned->supervisors[0]->name : lq_tr("nobody"));
    lq_output_mark(output, unmanned->n_supervisors > 0 ? LQ_PLAIN : LQ_ALERT);
}

const struct lq_column lq_unmanned_columns[] = {
    LQ_COLUMN("NUMBER", "编号", "premises", .whole = true),
    LQ_COLUMN("NAME", "名称", "name", .tail = true),
    LQ_COLUMN("TOWNSHIP", "乡镇", "township"),
    LQ_COLUMN("STATUS", "状态", "status", .whole = true),
    LQ_COLUMN("SUPERVISOR", "监管员", NULL, .cell = add_who, .whole = true),
    {0},
};

void lq_unmanned_complete(struct lq_cli *cli, ProtobufCMessage *message)
{
    ((Ledger__ListUnmanned *)(void *)message)->on_ms = instant(cli);
}

const struct lq_arg lq_pairs_args[] = {
    LQ_OPTION("--on", "DATE", "on_ms", LQ_SHOWN, "as it was at the end of that day (default: now)",
              "当日结束时的情况（默认现在）", .kind = LQ_INSTANT_END),
    LQ_OPTION("--township", "NAME", "township", LQ_SHOWN, "in this township", "只看此乡镇的"),
    {0},
};
