// lq ledger: the premises, their supervisors and how far their rectification has come.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/time.h"
#include "ledger.pb-c.h"
#include "lq/nouns/nouns.h"
#include "lq/show/absent.h"
#include "lq/show/paragraph.h"
#include "lq/show/words.h"
#include "lq/stats/stats.h"

static void add_status(struct lq_output *output, const void *row)
{
    const Ledger__Entry *entry = row;
    if (entry->premises->standing == LEDGER__STANDING__UNLICENSED_SITE)
        lq_output_word(output, &ledger__standing__descriptor, LEDGER__STANDING__UNLICENSED_SITE);
    else
        lq_output_word(output, &ledger__status__descriptor, (int)entry->status);
}

// A day that has passed while there is still something to do.
static void add_deadline(struct lq_output *output, const void *row)
{
    const Ledger__Entry *entry = row;
    const int32_t day = entry->premises->deadline_day;
    const bool is_late = day != 0 && day < lq_day_of(lq_wall_ms()) &&
                         entry->status < LEDGER__STATUS__RECTIFICATION_COMPLETED;
    lq_output_day(output, day);
    lq_output_mark(output, is_late ? LQ_ALERT : LQ_PLAIN);
}

static const struct lq_column ENTRIES[] = {
    LQ_COLUMN("NUMBER", "编号", "premises.number", .whole = true),
    LQ_COLUMN("NAME", "名称", "premises.name|premises.kind"),
    LQ_COLUMN("TOWNSHIP", "乡镇", "premises.township"),
    LQ_COLUMN("OWNER", "负责人", "premises.owner"),
    LQ_COLUMN("STATUS", "状态", NULL, .cell = add_status, .whole = true),
    LQ_COLUMN("DEADLINE", "期限", NULL, .cell = add_deadline, .whole = true),
    {0},
};

// Is the township one of the ledger's?
static int check_township(struct lq_cli *cli, const char *township)
{
    Ledger__ListPremises asked = LEDGER__LIST_PREMISES__INIT;
    Ledger__Query query = LEDGER__QUERY__INIT;
    query.body_case = LEDGER__QUERY__BODY_LIST;
    query.list = &asked;
    const struct lq_list list = {
        .service = "ledger", .query = &query.base, .answer = &ledger__answer__descriptor};
    return lq_absent_value(cli, &list, "township", township);
}

// ---------------------------------------------------------------- how many have come how far

struct status_counts {
    int64_t of[LEDGER__STATUS__CLOSED + 1];
};

static int print_counts(struct lq_cli *cli, const struct status_counts *counts, bool with_none)
{
    static const struct lq_column COLUMNS[] = {
        LQ_COLUMN("STATUS", "状态", NULL, .key = "status", .whole = true),
        LQ_COLUMN("PREMISES", "场所", NULL, .key = "premises", .right = true),
    };
    struct lq_output *output = lq_output_new(COLUMNS, 2);
    int64_t total = 0;
    for (int status = with_none ? 0 : 1; status <= LEDGER__STATUS__CLOSED; status++) {
        lq_output_word(output, &ledger__status__descriptor, status);
        lq_output_number(output, counts->of[status]);
        total += counts->of[status];
    }
    const char *township = lq_given_text(cli, "--township");
    if (total == 0 && township != NULL && check_township(cli, township) != LQ_EXIT_DONE) {
        lq_output_free(output);
        return LQ_EXIT_REFUSED;
    }
    lq_output_text(output, lq_cli_word(cli, LQ_TR_LATER("total")));
    lq_output_number(output, total);
    return lq_cli_print(cli, output);
}

// Whether a line of explanation goes with what was printed.
static bool explains(const struct lq_cli *cli, int code)
{
    return code == LQ_EXIT_DONE && cli->format == LQ_FORMAT_TABLE && !cli->quiet;
}

static int count_now(struct lq_cli *cli)
{
    Ledger__CountByStatus count = LEDGER__COUNT_BY_STATUS__INIT;
    Ledger__Query query = LEDGER__QUERY__INIT;
    query.body_case = LEDGER__QUERY__BODY_COUNT;
    query.count = &count;
    lq_given_fill(cli, &count.base);
    ProtobufCMessage *answer;
    const int asked =
        lq_cli_query(cli, "ledger", &query.base, &ledger__answer__descriptor, &answer);
    if (asked != LQ_EXIT_DONE)
        return asked;
    const Ledger__StatusCounts *told = ((const Ledger__Answer *)(const void *)answer)->counts;
    struct status_counts counts = {0};
    for (size_t i = 0; i < told->n_counts; i++)
        if (told->counts[i]->status <= LEDGER__STATUS__CLOSED)
            counts.of[told->counts[i]->status] += told->counts[i]->premises;
    const int code = print_counts(cli, &counts, true);
    if (explains(cli, code) && counts.of[0] > 0)
        lq_paragraph(lq_tr("\nlq stats does not count the %lld that have no status yet.\n"),
                     (long long)counts.of[0]);
    return code;
}

// stats counts under the status's name in lower case.
static void add_count(struct status_counts *counts, const char *kind, int64_t total)
{
    char word[LQ_WORD_TEXT];
    for (int status = 1; status <= LEDGER__STATUS__CLOSED; status++)
        if (strcmp(lq_word(&ledger__status__descriptor, status, word), kind) == 0)
            counts->of[status] += total;
}

// The service keeps only how they are now; what they were, stats has counted.
static int count_then(struct lq_cli *cli)
{
    const char *township = lq_given_text(cli, "--township");
    const Stats__FiguresAnswer *told;
    struct status_counts counts = {0};
    struct stats_range range;
    int code = lq_stats_range(cli, &range);
    if (code == LQ_EXIT_DONE)
        code = lq_stats_ask(cli, &range,
                            township != NULL ? STATS__BY__TOWNSHIP : STATS__BY__BY_NOTHING, &told);
    if (code != LQ_EXIT_DONE)
        return code;
    for (size_t i = 0; township == NULL && i < told->n_counts; i++)
        if (told->counts[i]->figure == STATS__FIGURE__LEDGER)
            add_count(&counts, told->counts[i]->kind, told->counts[i]->total);
    for (size_t i = 0; i < told->n_parts; i++)
        if (told->parts[i]->figure == STATS__FIGURE__LEDGER &&
            strcmp(told->parts[i]->part, township) == 0)
            add_count(&counts, told->parts[i]->kind, told->parts[i]->total);
    code = print_counts(cli, &counts, false);
    if (explains(cli, code))
        lq_paragraph(lq_tr("\nOf then, as lq stats counts: only enterprises that had a status.\n"));
    return code;
}

static int run_counts(struct lq_cli *cli)
{
    return lq_given(cli, "--on") || lq_given(cli, "--as-of") ? count_then(cli) : count_now(cli);
}

// ---------------------------------------------------------------- what can be typed

static const struct lq_arg LIST[] = {
    LQ_OPTION("--township", "NAME", "township", LQ_SHOWN, "in this township", "只看此乡镇的"),
    LQ_OPTION("--status", "STATUS", "status", LQ_SHOWN,
              "suspended, inspected, rectification_started, rectification_completed,\n"
              "                       accepted, closed",
              "suspended 停产，inspected 排查，rectification_started 整改中，\n"
              "                       rectification_completed 待验收，accepted 恢复试生产，closed "
              "关停取缔"),
    LQ_OPTION("--standing", "STANDING", "standing", LQ_MAY, "enterprise or unlicensed_site",
              "enterprise 企业，unlicensed_site 无证场所"),
    LQ_OPTION("--text", "TEXT", "text", LQ_SHOWN, "part of the name or of the owner's",
              "名称或负责人姓名的一部分"),
    LQ_OPTION("--overdue", NULL, "overdue", LQ_MAY,
              "the deadline has passed, and it is neither completed nor closed",
              "期限已过，既未完成也未关停"),
    LQ_ONLY_OF_NOW("lq ledger counts"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg SHOW[] = {
    LQ_POSITION("NUMBER", "number", LQ_MUST),
    LQ_OPTION("--on", "TIME", "on_ms", LQ_SHOWN, "status and pair as of then (default: now)",
              "当时的状态和监管员（默认现在）", .kind = LQ_INSTANT),
    {0},
};

static const struct lq_arg COUNTS[] = {
    LQ_OPTION("--township", "NAME", "township", LQ_SHOWN, "in this township", "只看此乡镇的"),
    LQ_STATS_AS_OF,
    {0},
};

static const struct lq_arg REGISTER[] = {
    LQ_POSITION("NUMBER", "number", LQ_MAY),
    LQ_OPTION("--name", "NAME", "name", LQ_ASKED, NULL, NULL),
    LQ_OPTION("--township", "NAME", "township", LQ_ASKED, NULL, NULL),
    LQ_OPTION("--owner", "NAME", "owner", LQ_MAY, NULL, NULL),
    LQ_OPTION("--kind", "KIND", "kind", LQ_MAY, "", ""),
    LQ_OPTION("--responsible", "NAME", "responsible_1", LQ_MAY,
              "once for each of the two responsible officers (包联责任人)", "两名包联责任人各一次"),
    LQ_OPTION("--responsible", "NAME", "responsible_2", LQ_MAY, NULL, NULL),
    LQ_OPTION("--measures", "TEXT", "measures", LQ_MAY, "what must be done (整改措施)", "整改措施"),
    LQ_OPTION("--deadline", "DATE", "deadline_day", LQ_MAY, "by when", "整改期限"),
    LQ_OPTION("--lat", "DEGREES", "lat_e7", LQ_MAY, NULL, NULL),
    LQ_OPTION("--lon", "DEGREES", "lon_e7", LQ_MAY, "", ""),
    LQ_OPTION("--standing", "STANDING", "standing", LQ_MAY,
              "enterprise (default) or unlicensed_site",
              "enterprise 企业（默认），unlicensed_site 无证场所"),
    {0},
};

#define SUPERVISOR_OPTIONS                                                                         \
    LQ_OPTION("--unit", "UNIT", "unit", LQ_ASKED, "the department that sends him", "派出单位"),    \
        LQ_OPTION("--badge", "BADGE", "person", LQ_MAY, "where he has a key of his own",           \
                  "本人有密钥时，其警号"),                                                         \
        LQ_OPTION("--letter", "DATE", "letter_day", LQ_MAY,                                        \
                  "when he signed the letter of responsibility", "责任状签订日")

static const struct lq_arg ASSIGN[] = {
    LQ_POSITION("NUMBER", "premises", LQ_MUST),
    LQ_POSITION("NAME", "name", LQ_MUST),
    SUPERVISOR_OPTIONS,
    {0},
};

static const struct lq_arg REPLACE[] = {
    LQ_POSITION("NUMBER", "premises", LQ_MUST),
    LQ_POSITION("NAME", "name", LQ_MUST),
    SUPERVISOR_OPTIONS,
    LQ_OPTION("--replaces", "WHO", "replaces", LQ_MUST, "who goes: number, badge or name",
              "接替谁：监管编号、警号或姓名"),
    LQ_OPTION("--replaces-unit", "UNIT", "replaces_unit", LQ_MAY, "where both have that name",
              "两人同名时，其原单位"),
    {0},
};

static const struct lq_arg STAND_IN[] = {
    LQ_POSITION("NUMBER", "premises", LQ_MUST),
    LQ_POSITION("NAME", "name", LQ_MUST),
    SUPERVISOR_OPTIONS,
    LQ_OPTION("--replaces", "WHO", "replaces", LQ_MUST, "for whom: number, badge or name",
              "代谁：监管编号、警号或姓名"),
    LQ_OPTION("--from", "TIME", "from_ms", LQ_MAY, "from then on (default: when it happened)",
              "自何时起（默认发生时）", .kind = LQ_INSTANT),
    LQ_OPTION("--to", "TIME", "to_ms", LQ_MUST, "until when; of a day, its end",
              "至何时止；日期算到当日结束", .kind = LQ_INSTANT_END),
    LQ_OPTION("--replaces-unit", "UNIT", "replaces_unit", LQ_MAY, "where both have that name",
              "两人同名时，其原单位"),
    {0},
};

static const struct lq_arg COVERAGE[] = {
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "of these only", "只看此场所的"),
    LQ_OPTION("--on", "DAY", NULL, LQ_SHOWN, "on this day", "只看此日的", .kind = LQ_DAY),
    LQ_OPTION("--from", "TIME", "from_ms", LQ_MAY, "from then on", "自此时起", .kind = LQ_INSTANT),
    LQ_OPTION("--to", "TIME", "to_ms", LQ_MAY, "up to then (default: now); of a day, its end",
              "至此时止（默认现在）；日期算到当日结束", .kind = LQ_INSTANT_END),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg POST[] = {
    LQ_POSITION("NUMBER", "premises", LQ_MUST),
    LQ_OPTION("--supervisor", "WHO", "supervisor", LQ_SHOWN,
              "number, badge or name (default: who asks)", "监管编号、警号或姓名（默认本人）"),
    {0},
};

static const struct lq_arg ASK_ACCEPTANCE[] = {
    LQ_POSITION("NUMBER", "premises", LQ_MUST),
    LQ_OPTION("--acceptance", "NUMBER", "number", LQ_MAY, "as paper has it (default: the next)",
              "纸面验收编号（默认给下一号）"),
    {0},
};

static const struct lq_arg ACCEPTANCES[] = {
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "of these only", "只看此场所的"),
    LQ_OPTION("--state", "STATE", "state", LQ_SHOWN, "asked, passed, failed, withdrawn, lapsed",
              "asked 待验收，passed 通过，failed 未通过，withdrawn 已撤回，lapsed 已失效"),
    LQ_LIMIT_OPTION,
    {0},
};

static void add_signatures(struct lq_output *output, const void *row)
{
    const Ledger__Acceptance *acceptance = row;
    char text[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < acceptance->n_signatures && used + 80 < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s", i > 0 ? " " : "",
                                 acceptance->signatures[i]->person,
                                 acceptance->signatures[i]->expert ? lq_tr("(expert)") : "");
    lq_output_text(output, text);
}

static const struct lq_column ACCEPTANCE[] = {
    LQ_COLUMN("NUMBER", "编号", "number", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("SIGNED BY", "签字", NULL, .cell = add_signatures),
    LQ_COLUMN("DECIDED BY", "结论人", "decided_by", .whole = true),
    LQ_COLUMN("WHY", "理由", "why"),
    {0},
};

static const struct lq_arg MEASURE[] = {
    LQ_POSITION("NUMBER", "premises", LQ_MUST),
    LQ_POSITION("TEXT", "words", LQ_MUST),
    {0},
};

static const struct lq_arg TRACK[] = {
    LQ_POSITION("NUMBER", "premises", LQ_MUST),
    LQ_POSITION("TRACK", "track", LQ_MUST, .kind = LQ_WORD_SET),
    {0},
};

static const struct lq_arg STEP[] = {
    LQ_POSITION("NUMBER", "premises", LQ_MUST),
    LQ_POSITION("STEP", "step", LQ_MUST, .kind = LQ_WORD_SET),
    {0},
};

const struct lq_verb lq_ledger_verbs[] = {
    LQ_VERB("ledger", "list", "the premises", "台账场所", LIST, LQ_ASKS_FOR("ledger", "list"),
            .columns = ENTRIES),
    LQ_VERB("ledger", "show", "one of them, its supervisors and its steps",
            "一个场所、其监管员和进展", SHOW, LQ_ASKS_FOR("ledger", "show"), .after = lq_log_after,
            .absent = {"the ledger has no premises %s (lq ledger list --text NAME finds them)",
                       "台账中没有场所 %s（用 lq ledger list --text 名称 查找）"}),
    LQ_VERB("ledger", "counts", "how many enterprises have come how far", "各状态的企业数", COUNTS,
            LQ_ASKS_FOR("ledger", "count"), .run = run_counts),
    LQ_VERB("ledger", "register", "enter premises", "登记场所", REGISTER,
            LQ_SENDS("ledger", "register_premises"),
            .preset = {"standing", LEDGER__STANDING__ENTERPRISE}, .more = true),
    LQ_VERB("ledger", "assign", "name one of its two supervisors (驻厂监管员)",
            "指定一名驻厂监管员", ASSIGN, LQ_SENDS("ledger", "assign_supervisor")),
    LQ_VERB("ledger", "replace", "name another in the place of one of them", "更换一名驻厂监管员",
            REPLACE, LQ_SENDS("ledger", "replace_supervisor")),
    LQ_VERB("ledger", "stand-in", "let another stand in for one of them", "安排他人代班", STAND_IN,
            LQ_SENDS("ledger", "stand_in")),
    LQ_VERB("ledger", "arrive", "somebody of the pair is at the post", "监管员到岗", POST,
            LQ_SENDS("ledger", "arrive_post")),
    LQ_VERB("ledger", "leave", "somebody of the pair leaves the post", "监管员离岗", POST,
            LQ_SENDS("ledger", "leave_post")),
    LQ_VERB("ledger", "coverage", "when somebody was at the post, and when nobody", "驻厂覆盖情况",
            COVERAGE, LQ_ASKS_FOR("ledger", "coverage"), .columns = lq_coverage_columns,
            .complete = lq_coverage_complete),
    LQ_VERB("ledger", "pairs", "how many enterprises have their two supervisors",
            "驻厂监管员配备情况", lq_pairs_args, LQ_ASKS_FOR("ledger", "pairs"),
            .run = lq_ledger_pairs),
    LQ_VERB("ledger", "unmanned", "which enterprises have fewer than two", "监管员不足两人的企业",
            lq_pairs_args, LQ_ASKS_FOR("ledger", "unmanned"), .columns = lq_unmanned_columns,
            .complete = lq_unmanned_complete),
    LQ_VERB("ledger", "measure", "enter one of the measures (整改措施)", "登记一项整改措施",
            MEASURE, LQ_SENDS("ledger", "add_measure"),
            .notes = {"  Done with: lq measure complete NUMBER/1, once its proof is attached\n",
                      "  完成：先附证明材料，再用 lq measure complete 编号/1\n"}),
    LQ_VERB("ledger", "track", "what is to become of them: close, grow, upgrade", "确定整治方向",
            TRACK, LQ_SENDS("ledger", "track_premises"),
            .notes = {"  TRACK: close, grow, upgrade\n",
                      "  TRACK：close 关停一批，grow 做大一批，upgrade 提升一批\n"}),
    LQ_VERB("ledger", "ask-acceptance", "ask for the acceptance of what is completed", "申请验收",
            ASK_ACCEPTANCE, LQ_SENDS("ledger", "ask_acceptance"),
            .notes = {"  Then lq acceptance sign, pass or fail NUMBER\n",
                      "  之后用 lq acceptance sign 签字、pass 通过、fail 未通过\n"}),
    LQ_VERB("ledger", "acceptances", "acceptances, and who has signed", "验收及签字", ACCEPTANCES,
            LQ_ASKS_FOR("ledger", "acceptances"), .columns = ACCEPTANCE),
    LQ_VERB(
        "ledger", "step", "record a step of its rectification", "登记整改进展", STEP,
        .word = "进展", LQ_SENDS("ledger", "record_step"),
        .notes = {"  STEP: suspended, inspected, rectification_started, rectification_completed, "
                  "accepted,\n  closed\n",
                  "  STEP：suspended 停产，inspected 排查，rectification_started 整改中，\n"
                  "  rectification_completed 待验收，accepted 恢复试生产，closed 关停取缔\n"}),
    {0},
};
