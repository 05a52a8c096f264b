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

// How it was carried out; in its place what is missing first.
static void add_mode(struct lq_output *output, Seizure__Mode mode, const Seizure__Warning *warnings,
                     size_t count)
{
    const ProtobufCEnumDescriptor *type =
        count > 0 ? &seizure__warning__descriptor : &seizure__mode__descriptor;
    const int value = count > 0 ? (int)warnings[0] : (int)mode;
    char word[LQ_WORD_TEXT];
    const char *text = lq_word_shown(type, value, word);
    struct lq_arena arena = {0};
    if (count > 1)
        text = lq_arena_format(&arena, lq_tr("%s and %zu more"), text, count - 1);
    lq_output_text(output, text);
    lq_output_mark(output, count > 0 ? LQ_ALERT : LQ_PLAIN);
    lq_arena_free(&arena);
}

static void add_closed(struct lq_output *output, const void *row)
{
    lq_output_day(output, lq_day_of(((const Seizure__Closure *)row)->at_ms));
}

static void add_closure_mode(struct lq_output *output, const void *row)
{
    const Seizure__Closure *closure = row;
    add_mode(output, closure->mode, closure->warnings, closure->n_warnings);
}

static const struct lq_column CLOSURES[] = {
    LQ_COLUMN("SITE", "场所", "site", .whole = true),
    LQ_COLUMN("CLOSED", "取缔", NULL, .cell = add_closed, .whole = true),
    LQ_COLUMN("KIND", "种类", "kind"),
    LQ_COLUMN("ORDER", "指令", "order", .whole = true),
    LQ_COLUMN("MODE", "方式或提示", NULL, .cell = add_closure_mode),
    {0},
};

static void add_cut(struct lq_output *output, const void *row)
{
    lq_output_day(output, lq_day_of(((const Seizure__PowerCut *)row)->at_ms));
}

static void add_cut_mode(struct lq_output *output, const void *row)
{
    const Seizure__PowerCut *cut = row;
    add_mode(output, cut->mode, cut->warnings, cut->n_warnings);
}

static const struct lq_column POWER_CUTS[] = {
    LQ_COLUMN("POWER CUT", "停电", "number", .whole = true),
    LQ_COLUMN("TARGET", "场所", "target", .whole = true),
    LQ_COLUMN("CUT", "停电日", NULL, .cell = add_cut, .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("MODE", "方式或提示", NULL, .cell = add_cut_mode),
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

// Of the decision, and of the thing that it is about.
#define GROUND(_use)                                                                               \
    LQ_OPTION("--ground", "TEXT", "ground", _use, "on which ground it is sealed", "查封的法定情形")
#define WHAT_IS_DECIDED                                                                            \
    LQ_OPTION("--decision", "NUMBER", "decision", LQ_MAY, "the number of the decision",            \
              "查封决定书文号"),                                                                   \
        LQ_OPTION("--party", "TEXT", "party", LQ_MAY, "whose it is", "当事人"),                    \
        LQ_OPTION("--serial", "NUMBER", "serial", LQ_MAY,                                          \
                  "its serial number, which tells it from another of its kind", "出厂编号")

// Of what is no seizure.
#define ON_WHAT_IT_RESTS                                                                                            \
    LQ_OPTION("--basis", "TEXT", "legal_basis", LQ_MAY, "law and article",                                          \
              "法律依据：法名和条款"),                                                                              \
        LQ_OPTION("--authority", "TEXT", "ordering_authority", LQ_MAY, "who decided", "决定机关"),                  \
        LQ_OPTION(                                                                                                  \
            "--mode", "MODE", "mode", LQ_MAY,                                                                       \
            "voluntary, compulsory, court_ordered or government_ordered",                                           \
            "voluntary 当事人自行实施，compulsory 行政强制执行，court_ordered 法院强制执行，" \
            "government_ordered 政府组织实施"),                                                                     \
        LQ_OPTION("--demand-day", "DATE", "demand_day", LQ_MAY, "when the demand was served",                       \
                  "催告书送达日期"),                                                                                \
        LQ_OPTION("--remedy-until", "DATE", "remedy_until_day", LQ_MAY,                                             \
                  "the last day for review and suit", "复议和诉讼期限届满日"),                                      \
        LQ_OPTION("--urgent", NULL, "urgent", LQ_MAY, "by night or on a holiday, as it is urgent",                  \
                  "情况紧急，因而夜间或节假日实施", .kind = LQ_OF_MEMBER)

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
    GROUND(LQ_MAY),
    WHAT_IS_DECIDED,
    LQ_OPTION("--emergency", NULL, "emergency", LQ_MAY,
              "sealed before it was approved: the head approves within 24 hours",
              "紧急查封，24 小时内补办批准", .kind = LQ_OF_MEMBER),
    ON_WHAT_IT_RESTS,
    {0},
};

// What was proposed and approved says the rest.
static const struct lq_arg EXECUTE[] = {
    LQ_POSITION("ITEM", "number", LQ_MUST),
    LQ_OPTION("--seal", "NUMBER", "seal", LQ_ASKED, "of the seal", "封条号"),
    LQ_OPTION("--officer", "BADGE", "officer_1", LQ_ASKED,
              "twice: two officers must act; one of them reports it",
              "两次：须两名执法人员，由其中一人报告"),
    LQ_OPTION("--officer", "BADGE", "officer_2", LQ_MAY, NULL, NULL),
    LQ_OPTION("--decision-day", "DATE", "decision_day", LQ_MAY,
              "of the decision: the term counts from it (default: the day of the act)",
              "决定书日期，期限自此起算（默认查封当日）"),
    LQ_OPTION("--days", "N", "term_days", LQ_MAY, "for fewer days than the law allows",
              "决定的期限天数，少于法定期限时填", .kind = LQ_NUMBER),
    GROUND(LQ_MAY),
    WHAT_IS_DECIDED,
    {0},
};

static const struct lq_arg PROPOSE[] = {
    LQ_POSITION("ITEM", "number", LQ_MAY),
    LQ_OPTION("--order", "ORDER", "order", LQ_MUST, "on which order", "在哪次指令中"),
    LQ_OPTION("--target", "NUMBER", "target", LQ_MUST, "at which premises", "在哪个场所"),
    LQ_OPTION("--kind", "KIND", "kind", LQ_MUST, "cupola, coal_boiler, transformer, …",
              "cupola 冲天炉，coal_boiler 燃煤锅炉，transformer 变压器……"),
    GROUND(LQ_MUST),
    LQ_OPTION("--specification", "TEXT", "specification", LQ_MAY, "2t, 200kVA, …", "2t、200kVA……"),
    LQ_OPTION("--days", "N", "term_days", LQ_MAY, "for fewer days than the law allows",
              "决定的期限天数，少于法定期限时填", .kind = LQ_NUMBER),
    WHAT_IS_DECIDED,
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
    ON_WHAT_IT_RESTS,
    {0},
};

static const struct lq_arg CUT[] = {
    LQ_POSITION("TARGET", "target", LQ_MUST),
    LQ_OPTION("--order", "ORDER", "order", LQ_SHOWN, "on which order, if on one",
              "在哪次指令中（若有）"),
    LQ_OPTION("--extent", "TEXT", "extent", LQ_MAY, "what is without power", "停电范围"),
    ON_WHAT_IT_RESTS,
    {0},
};

static const struct lq_arg POWER_LIST[] = {
    LQ_OPTION("--open", NULL, "open", LQ_SHOWN, "only where power is not back", "只看未恢复供电的",
              .kind = LQ_OF_MEMBER),
    LQ_LIMIT_OPTION,
    {0},
};

// An item can be named by its own noun, too, where its steps are (cli/step_verbs.h).
#define ITEM_VERBS(_noun)                                                                          \
    LQ_VERB(_noun, "list", "items and the terms of their seals", "设备及封条期限", LIST,           \
            LQ_ASKS_FOR("seizure", "list"), .columns = ITEMS),                                     \
        LQ_VERB(_noun, "show", "one item", "一件设备", ITEM, LQ_ASKS_FOR("seizure", "show"),       \
                .after = lq_log_after,                                                             \
                .absent = {"there is no item %s (lq seizure list lists them)",                     \
                           "没有设备 %s（lq seizure list 列出全部）"}),                            \
        LQ_VERB(_noun, "propose", "propose what is to be sealed, for the head to approve",         \
                "提请查封，报局负责人批准", PROPOSE, LQ_SENDS("seizure", "propose_item"),          \
                .needs = {"a proposal needs --order, --target, --kind and --ground",               \
                          "提请须有 --order、--target、--kind 和 --ground"}),                      \
        LQ_VERB(_noun, "extend", "extend a seal's term, once (the head of the bureau)",            \
                "延长查封期限，限一次（局负责人）", EXTEND, .word = "延期",                        \
                LQ_SENDS("seizure", "extend_seal")),                                               \
        LQ_VERB(_noun, "release", "release a seal at once (the head of the bureau)",               \
                "当场解除查封（局负责人）", RELEASE, .word = "当场解除",                           \
                LQ_SENDS("seizure", "release_seal"))

const struct lq_verb lq_seizure_verbs[] = {
    ITEM_VERBS("seizure"),
    LQ_VERB("seizure", "record", "record what was dismantled or sealed", "登记拆除或查封的设备",
            RECORD, LQ_SENDS("seizure", "take_item"),
            .needs = {"an item needs --order, --target, --kind and --action",
                      "设备须有 --order、--target、--kind 和 --action"},
            .more = true),
    LQ_VERB("seizure", "close", "record that a site was closed (取缔)", "登记取缔", CLOSE,
            LQ_SENDS("seizure", "close_site"),
            .needs = {"a site is closed on an order: --order ORDER", "取缔须有指令：--order"}),
    LQ_VERB("seizure", "closures", "the sites that were closed", "已取缔的场所", LIMIT,
            LQ_ASKS_FOR("seizure", "closures"), .columns = CLOSURES),
    {0},
};

const struct lq_verb lq_power_verbs[] = {
    LQ_VERB("power", "record", "record that the power of premises was cut", "登记停电", CUT,
            LQ_SENDS("seizure", "cut_power"), .more = true),
    LQ_VERB("power", "list", "power cuts, and what they rest on", "停电及其依据", POWER_LIST,
            LQ_ASKS_FOR("seizure", "power_cuts"), .columns = POWER_CUTS),
    {0},
};

const struct lq_verb lq_item_verbs[] = {
    ITEM_VERBS("item"),
    LQ_VERB("item", "execute", "seal what was approved", "实施查封（已批准的）", EXECUTE,
            LQ_SENDS("seizure", "take_item")),
    {0},
};
