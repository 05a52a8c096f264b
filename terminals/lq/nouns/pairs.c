// lq ledger pairs: how many enterprises had their two supervisors on a day, by township; and with
// --lacking which had not.
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

static char *township(struct lq_cli *cli)
{
    const char *text = lq_given_text(cli, "--township");
    return lq_unconst(text != NULL ? text : "");
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

static int count(struct lq_cli *cli)
{
    Ledger__CountPairs asked = LEDGER__COUNT_PAIRS__INIT;
    Ledger__Query query = LEDGER__QUERY__INIT;
    ProtobufCMessage *answer;
    query.body_case = LEDGER__QUERY__BODY_PAIRS;
    query.pairs = &asked;
    asked.at_ms = instant(cli);
    asked.township = township(cli);
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

static const struct lq_column UNMANNED[] = {
    LQ_COLUMN("NUMBER", "编号", "premises", .whole = true),
    LQ_COLUMN("NAME", "名称", "name", .tail = true),
    LQ_COLUMN("TOWNSHIP", "乡镇", "township"),
    LQ_COLUMN("STATUS", "状态", "status", .whole = true),
    LQ_COLUMN("SUPERVISOR", "监管员", NULL, .cell = add_who, .whole = true),
    {0},
};

int lq_ledger_pairs(struct lq_cli *cli)
{
    Ledger__ListUnmanned asked = LEDGER__LIST_UNMANNED__INIT;
    Ledger__Query query = LEDGER__QUERY__INIT;
    if (!lq_given(cli, "--lacking"))
        return count(cli);
    query.body_case = LEDGER__QUERY__BODY_UNMANNED;
    query.unmanned = &asked;
    asked.at_ms = instant(cli);
    asked.township = township(cli);
    return lq_cli_list(cli, &(struct lq_list){.service = "ledger",
                                              .query = &query.base,
                                              .answer = &ledger__answer__descriptor,
                                              .columns = UNMANNED});
}

const struct lq_arg lq_ledger_pairs_args[] = {
    LQ_OPTION("--on", "DATE", NULL, LQ_SHOWN, "as it was at the end of that day (default: now)",
              "当日结束时的情况（默认现在）", .kind = LQ_INSTANT_END),
    LQ_OPTION("--township", "NAME", NULL, LQ_SHOWN, "in this township", "只看此乡镇的"),
    LQ_OPTION("--lacking", NULL, NULL, LQ_SHOWN, "which have fewer than two, and whom",
              "列出不足两人的企业及现有监管员", .kind = LQ_FLAG),
    {0},
};
