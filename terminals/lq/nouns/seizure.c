// lq seizure: equipment that was taken out of use, its seals and their terms, and closed sites.
#include "base/time.h"
#include "lq/nouns/nouns.h"
#include "lq/show/words.h"
#include "seizure.pb-c.h"

static void add_taken(struct lq_output *output, const void *row)
{
    const Seizure__Item *item = row;
    lq_output_day(output, lq_day_of(item->at_ms));
}

static const struct lq_column ITEMS[] = {
    LQ_COLUMN("ITEM", "设备", "number", .whole = true),
    LQ_COLUMN("TAKEN", "查扣", NULL, .cell = add_taken, .whole = true),
    LQ_COLUMN("KIND", "种类", "kind"),
    LQ_COLUMN("SEAL", "封条", "seal", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("LAST DAY", "最后一日", "last_day", .whole = true),
    LQ_COLUMN("TARGET", "场所", "target", .whole = true),
    {0},
};

static const struct lq_column CLOSURES[] = {
    LQ_COLUMN("SITE", "场所", "site", .whole = true),
    LQ_COLUMN("CLOSED", "取缔", "at_ms", .whole = true),
    LQ_COLUMN("KIND", "种类", "kind"),
    LQ_COLUMN("TOWNSHIP", "乡镇", "township"),
    LQ_COLUMN("ORDER", "指令", "order", .whole = true),
    {0},
};

static const struct lq_arg LIST[] = {
    LQ_OPTION("--action", "ACTION", "action", LQ_MAY, "dismantled or sealed",
              "dismantled 拆除，sealed 查封"),
    LQ_OPTION("--state", "STATE", "state", LQ_SHOWN,
              "out_of_use, in_force, extended, paused, lapsed or released",
              "out_of_use 已拆除，in_force 查封中，extended 已延期，paused 检测鉴定期间，lapsed "
              "期满未解除，released 已解除"),
    LQ_OPTION("--kind", "KIND", "kind", LQ_MAY, "cupola, coal_boiler, transformer, …",
              "cupola 冲天炉，coal_boiler 燃煤锅炉，transformer 变压器……"),
    LQ_OPTION("--target", "NUMBER", "target", LQ_MAY, "of these premises", "只看这一场所的"),
    LQ_OPTION("--due-before", "TIME", "due_before_ms", LQ_MAY,
              "sealed, not released, and due before", "查封未解除，且此前到期"),
    LQ_OPTION("--due-in", "DAYS", "due_before_ms", LQ_SHOWN,
              "the same, within so many days from now", "同上，今后若干天内到期",
              .kind = LQ_DAYS_AHEAD),
    LQ_ONLY_OF_NOW("lq stats records sealed"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg LIMIT[] = {LQ_LIMIT_OPTION, {0}};
static const struct lq_arg ITEM[] = {LQ_POSITION("ITEM", "number", LQ_MUST), {0}};

static const struct lq_arg RECORD[] = {
    LQ_POSITION("ITEM", "number", LQ_MAY),
    LQ_OPTION("--order", "ORDER", "order", LQ_MUST, "on which order", "在哪次指令中"),
    LQ_OPTION("--target", "NUMBER", "target", LQ_MUST, "at which premises", "在哪个场所"),
    LQ_OPTION("--kind", "KIND", "kind", LQ_MUST, "cupola, coal_boiler, transformer, …",
              "cupola 冲天炉，coal_boiler 燃煤锅炉，transformer 变压器……"),
    LQ_OPTION("--specification", "TEXT", "specification", LQ_MAY, "2t, 200kVA, …", "2t、200kVA……"),
    LQ_OPTION("--action", "ACTION", "action", LQ_MUST, "dismantled or sealed",
              "dismantled 拆除，sealed 查封"),
    LQ_OPTION("--seal", "NUMBER", "seal", LQ_MAY, "of the seal, if it was sealed",
              "查封时的封条号"),
    LQ_OPTION("--officer", "BADGE", "officer_1", LQ_MAY,
              "twice: two officers must act; one of them reports it",
              "两次：须两名执法人员，由其中一人报告"),
    LQ_OPTION("--officer", "BADGE", "officer_2", LQ_MAY, NULL, NULL),
    LQ_OPTION("--decision-day", "DATE", "decision_day", LQ_MAY,
              "of the decision: the term counts from it (default: the day of the act)",
              "决定书日期，期限自此起算（默认查封当日）"),
    LQ_OPTION("--days", "N", "term_days", LQ_MAY, "for fewer days than the law allows",
              "决定的期限天数，少于法定期限时填", .kind = LQ_NUMBER),
    {0},
};

static const struct lq_arg EXTEND[] = {
    LQ_POSITION("ITEM", "number", LQ_MUST),
    LQ_OPTION("--days", "N", "days", LQ_SHOWN, "by so many days (default: all that the law allows)",
              "延长的天数（默认法定上限）", .kind = LQ_NUMBER),
    LQ_OPTION("--paper", "NUMBER", "paper", LQ_SHOWN, "by which it was told", "告知延期的文书文号"),
    {0},
};

static const struct lq_arg RELEASE[] = {
    LQ_POSITION("ITEM", "number", LQ_MUST),
    LQ_OPTION("--paper", "NUMBER", "paper", LQ_SHOWN, "the decision by which it is released",
              "解除决定书文号"),
    {0},
};

static const struct lq_arg CLOSE[] = {
    LQ_POSITION("SITE", "site", LQ_MUST),
    LQ_OPTION("--order", "ORDER", "order", LQ_MUST, "on which order", "在哪次指令中"),
    {0},
};

const struct lq_verb lq_seizure_verbs[] = {
    LQ_VERB("seizure", "list", "items and the terms of their seals", "设备及封条期限", LIST,
            LQ_ASKS_FOR("seizure", "list"), .columns = ITEMS),
    LQ_VERB("seizure", "show", "one item", "一件设备", ITEM, LQ_ASKS_FOR("seizure", "show"),
            .after = lq_log_after,
            .absent = {"there is no item %s (lq seizure list lists them)",
                       "没有设备 %s（lq seizure list 列出全部）"}),
    LQ_VERB("seizure", "record", "record what was dismantled or sealed", "登记拆除或查封的设备",
            RECORD, LQ_SENDS("seizure", "take_item"),
            .needs = {"an item needs --order, --target, --kind and --action",
                      "设备须有 --order、--target、--kind 和 --action"},
            .more = true),
    LQ_VERB("seizure", "extend", "extend a seal's term, once (a commander)",
            "延长查封期限，限一次（指挥长）", EXTEND, LQ_SENDS("seizure", "extend_seal")),
    LQ_VERB("seizure", "release", "release a seal (a commander)", "解除查封（指挥长）", RELEASE,
            LQ_SENDS("seizure", "release_seal")),
    LQ_VERB("seizure", "close", "record that a site was closed (取缔)", "登记取缔", CLOSE,
            LQ_SENDS("seizure", "close_site"),
            .needs = {"a site is closed on an order: --order ORDER", "取缔须有指令：--order"}),
    LQ_VERB("seizure", "closures", "the sites that were closed", "已取缔的场所", LIMIT,
            LQ_ASKS_FOR("seizure", "closures"), .columns = CLOSURES),
    {0},
};
