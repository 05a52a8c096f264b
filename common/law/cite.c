// How statutes are cited to people: 《行政强制法》第二十五条. law.yaml has instruments and articles
// side by side, in the same order, with "; " between.
#include <string.h>

#include "law/law.h"

// 25 as 二十五, up to 999; in the arena.
static const char *in_chinese(struct lq_arena *arena, unsigned number)
{
    static const char *const DIGITS[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    const unsigned hundreds = number / 100, tens = number / 10 % 10, ones = number % 10;
    const char *ten = tens == 0                  ? hundreds > 0 && ones > 0 ? "零" : ""
                      : tens == 1 && number < 20 ? "十"
                                                 : lq_arena_format(arena, "%s十", DIGITS[tens]);
    return lq_arena_format(arena, "%s%s%s%s", DIGITS[hundreds], hundreds > 0 ? "百" : "", ten,
                           DIGITS[ones]);
}

// "154-157" as 第一百五十四至一百五十七条, "8, 17" as 第八、十七条; what is no number as it is.
static const char *articles(struct lq_arena *arena, const char *text, size_t size)
{
    const char *cited = "";
    for (const char *at = text, *end = text + size; at < end;) {
        unsigned number = 0;
        const char *digits = at;
        for (; at < end && *at >= '0' && *at <= '9' && number < 100; at++)
            number = number * 10 + (unsigned)(*at - '0');
        if (at == digits)
            return lq_arena_format(arena, "（%.*s）", (int)size, text);
        const char *between = at == end ? "" : *at == '-' ? "至" : "、";
        cited = lq_arena_format(arena, "%s%s%s", cited, in_chinese(arena, number), between);
        at += strspn(at, "-, ");
    }
    return lq_arena_format(arena, "第%s条", cited);
}

const char *lq_law_cited(struct lq_arena *arena, const struct lq_clock *clock)
{
    const char *text = "", *instrument = clock->instrument, *article = clock->article;
    while (*instrument != '\0') {
        const size_t size = strcspn(instrument, ";"), of = strcspn(article, ";");
        text = lq_arena_format(arena, "%s%s《%.*s》%s", text, *text != '\0' ? "、" : "", (int)size,
                               instrument, of > 0 ? articles(arena, article, of) : "");
        instrument += size + strspn(instrument + size, "; ");
        article += of + strspn(article + of, "; ");
    }
    return text;
}
