// In the rows of the verbs a placeholder is one English word, in capitals, in Chinese texts too, so
// that a usage line and what explains it cannot call it differently.
#include "lq/cli/placeholder.h"

#include <stdbool.h>
#include <string.h>

#include "language/language.h"

static const struct lq_phrase words[] = {
    {"ACTION", "措施"},
    {"ADDRESS", "地址"},
    {"BADGE", "警号"},
    {"BUDGET", "预算"},
    {"CASE", "案件"},
    {"CHANNEL", "渠道"},
    {"DATE", "日期"},
    {"DAY", "日期"},
    {"DAYS", "天数"},
    {"DEGREES", "度数"},
    {"DETENTION", "移送拘留"},
    {"DIR", "目录"},
    {"ENDPOINT", "地址"},
    {"FIELD", "栏目"},
    {"FIGURE", "指标"},
    {"FILE", "文件"},
    {"FORM", "文书种类"},
    {"FORMAT", "格式"},
    {"GRANT", "补助"},
    {"GROUP", "班组"},
    {"GROUPS", "班组"},
    {"HASH", "校验值"},
    {"HOST", "主机"},
    {"HOW", "方式"},
    {"ID", "标识"},
    {"ITEM", "设备"},
    {"KIND", "种类"},
    {"KM", "公里数"},
    {"LANG", "语言"},
    {"LEVEL", "级别"},
    {"LIMIT", "限产停产决定"},
    {"LINE", "整行命令"},
    {"MODE", "方式"},
    {"N", "数量"},
    {"NAME", "名称"},
    {"NOTICE", "通知单"},
    {"NOW", "更正后"},
    {"NUMBER", "编号"},
    {"OPTIONS", "选项"},
    {"ORDER", "指令"},
    {"PAPER", "文书"},
    {"PART", "分组方式"},
    {"PENALTY", "处罚案件"},
    {"PERIOD", "期间"},
    {"PLATE", "车牌号"},
    {"PORT", "端口"},
    {"PREMISES", "场所"},
    {"PRIORITY", "等级"},
    {"RANK", "职级"},
    {"ROLE", "职责"},
    {"RULE", "规定"},
    {"SEQ", "序号"},
    {"SERVICE", "服务"},
    {"SHELL", "命令解释器"},
    {"SHIFT", "班次"},
    {"SITE", "地点"},
    {"STANDING", "身份"},
    {"STATE", "状态"},
    {"STATUS", "状态"},
    {"STEP", "进展"},
    {"STREAM", "服务"},
    {"SUSPECT", "嫌疑人"},
    {"TARGET", "目标"},
    {"TASK", "任务"},
    {"TEAM", "组"},
    {"TEXT", "文字"},
    {"THING", "事项"},
    {"TIME", "时间"},
    {"TIMES", "时刻"},
    {"TIP", "举报"},
    {"TRACK", "去向"},
    {"TYPE", "类型"},
    {"UNIT", "单位"},
    {"URL", "网址"},
    {"VALUE", "值"},
    {"VILLAGE", "村"},
    {"WEEKDAY", "星期"},
    {"WHEN", "时间"},
    {"WHO", "人员"},
    {"WHY", "事由"},
    {"WORD", "选项词"},
    {"YEAR", "年份"},
    {"YUAN", "元"},
};

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

// What makes a word of capitals a part of something else: LQ_DATA, OP-ACK, DO1, Ctrl.
static bool is_joined(char c)
{
    return is_capital(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '$';
}

static const char *word_of(const char *at, size_t size)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].en) == size && strncmp(words[i].en, at, size) == 0)
            return words[i].zh;
    return NULL;
}

const char *lq_placeholders(struct lq_arena *arena, const char *text)
{
    if (lq_language() != LQ_CHINESE)
        return text;
    const char *told = "", *rest = text;
    for (const char *at = text; *at != '\0';) {
        size_t size = 0;
        while (is_capital(at[size]))
            size++;
        const bool alone = (at == text || !is_joined(at[-1])) && !is_joined(at[size]);
        const char *word = size > 0 && alone ? word_of(at, size) : NULL;
        if (word != NULL) {
            told = lq_arena_format(arena, "%s%.*s%s", told, (int)(at - rest), rest, word);
            rest = at + size;
        }
        at += size > 0 ? size : 1;
    }
    return *told != '\0' ? lq_arena_format(arena, "%s%s", told, rest) : text;
}
