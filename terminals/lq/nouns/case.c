// lq case: police cases and their suspects.
#include "lq/nouns/nouns.h"

static const struct lq_column COLUMNS[] = {
    LQ_COLUMN("CASE", "案件", "number", .whole = true),
    LQ_COLUMN("STEP", "进展", "step", .whole = true),
    LQ_COLUMN("OFFENCE", "罪名", "offence"),
    LQ_COLUMN("TARGET", "场所", "target"),
    LQ_COLUMN("FILED", "立案", "filed_at_ms", .whole = true),
    LQ_COLUMN("SOLVED", "破案", "solved_at_ms", .whole = true),
    {0},
};

static const struct lq_arg LIST[] = {
    LQ_OPTION("--offence", "TEXT", "offence", LQ_SHOWN, "only of this offence (罪名)",
              "只看此罪名的"),
    LQ_OPTION("--unsolved", NULL, "unsolved", LQ_SHOWN, "only those that are not solved",
              "只看未破的"),
    LQ_ONLY_OF_NOW("lq stats records cases_filed"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg CASE[] = {LQ_POSITION("CASE", "number", LQ_MUST), {0}};

static const struct lq_arg OPEN[] = {
    LQ_POSITION("CASE", "number", LQ_MAY),
    LQ_OPTION("--order", "ORDER", "order", LQ_MUST, "on which order it was found",
              "在哪次指令中发现"),
    LQ_OPTION("--target", "NUMBER", "target", LQ_MUST, "at which premises", "在哪个场所"),
    LQ_OPTION("--offence", "TEXT", "offence", LQ_MUST, "the offence (罪名)", "罪名"),
    {0},
};

static const struct lq_arg REPORT[] = {
    LQ_POSITION("CASE", "number", LQ_MAY),
    LQ_OPTION("--target", "NUMBER", "target", LQ_MUST, "at which premises", "在哪个场所"),
    LQ_OPTION("--offence", "TEXT", "offence", LQ_MUST, "the offence (罪名)", "罪名"),
    LQ_OPTION("--order", "ORDER", "order", LQ_SHOWN, "on which order it was found",
              "在哪次指令中发现"),
    LQ_OPTION("--penalty", "PENALTY", "penalty", LQ_SHOWN, "from which penalty case it comes",
              "由哪起行政处罚案件而来"),
    LQ_OPTION("--officer", "BADGE", "officers", LQ_MUST, "twice: two officers report it",
              "两次：须两名执法人员报告"),
    {0},
};

static const struct lq_arg IDENTIFY[] = {
    LQ_POSITION("CASE", "case_number", LQ_MUST),
    LQ_POSITION("SUSPECT", "number", LQ_MAY),
    LQ_POSITION("NAME", "name", LQ_MUST),
    {0},
};

static const struct lq_arg SUSPECT[] = {
    LQ_POSITION("CASE", "case_number", LQ_MUST),
    LQ_POSITION("SUSPECT", "suspect", LQ_MUST),
    LQ_POSITION("STEP", "step", LQ_MUST),
    {0},
};

const struct lq_verb lq_case_verbs[] = {
    LQ_VERB("case", "list", "police cases", "刑事案件", LIST, LQ_ASKS_FOR("casefile", "cases"),
            .columns = COLUMNS),
    LQ_VERB("case", "show", "a case and its suspects", "案件及嫌疑人", CASE,
            LQ_ASKS_FOR("casefile", "show"), .after = lq_log_after,
            .absent = {"there is no case %s (lq case list lists them)",
                       "没有案件 %s（lq case list 列出全部）"}),
    LQ_VERB("case", "open", "hand a case to the police (移送)", "移送公安", OPEN,
            LQ_SENDS("casefile", "open_case"),
            .needs = {"a case needs --order, --target and --offence",
                      "案件须有 --order、--target 和 --offence"}),
    LQ_VERB("case", "report", "report a suspected crime to the head of the bureau (涉嫌犯罪)",
            "向局负责人报告涉嫌犯罪", REPORT, LQ_SENDS("casefile", "report_case"),
            .needs = {"a report needs --target, --offence and two --officer",
                      "报告须有 --target、--offence 和两名 --officer"}),
    LQ_VERB("case", "file", "the police filed it (立案)", "公安立案", CASE, .word = "立案",
            LQ_SENDS("casefile", "file_case")),
    LQ_VERB("case", "solve", "the case is solved (破案)", "破案", CASE, .word = "破案",
            LQ_SENDS("casefile", "solve_case")),
    LQ_VERB("case", "identify", "name a suspect", "登记嫌疑人", IDENTIFY,
            LQ_SENDS("casefile", "identify_suspect")),
    LQ_VERB(
        "case", "suspect", "what happened to a suspect", "登记对嫌疑人采取的措施", SUSPECT,
        .word = "措施", LQ_SENDS("casefile", "record_suspect_step"),
        .notes = {"  STEP: listed_wanted, captured, detained, arrest_requested, arrest_approved,\n"
                  "  arrest_refused, discharged\n",
                  "  STEP：listed_wanted 上网追逃，captured 抓获，detained 刑事拘留，\n"
                  "  arrest_requested 提请批捕，arrest_approved 批准逮捕，arrest_refused 不批准，\n"
                  "  discharged 释放或取保候审\n"}),
    {0},
};
