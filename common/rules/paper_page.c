// A paper as a page that prints: the layout of official documents (GB/T 9704-2012) in CSS. A4, 37
// mm above, 35 below, 28 at the left and 26 at the right: 156 by 225 mm, 28 characters a line and
// 22 lines a page. Body 三号 (16 pt) 仿宋, title 二号 (22 pt) 小标宋, page numbers 四号 (14 pt)
// 宋体 with a dash at each side, odd ones at the right. It needs nothing else: no script, no other
// file.
#include <stdio.h>
#include <string.h>

#include "rules/papers_internal.h"

// 16 pt are a little more than a 28th of the line: characters stand a little closer, so that 28 of
// them and 22 lines fit however a browser rounds.
static const char STYLE[] =
    "@page{size:210mm 297mm;margin:37mm 26mm 35mm 28mm}"
    "@page:right{@bottom-right{content:\"— \" counter(page) \" —\";"
    "font:14pt SimSun,\\5B8B\\4F53,\"Noto Serif CJK SC\",serif;vertical-align:top;"
    "padding:7mm 1em 0 0}}"
    "@page:left{@bottom-left{content:\"— \" counter(page) \" —\";"
    "font:14pt SimSun,\\5B8B\\4F53,\"Noto Serif CJK SC\",serif;vertical-align:top;"
    "padding:7mm 0 0 1em}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;width:156mm;font:16pt/10.2mm FangSong,\\4EFF\\5B8B,\\4EFF\\5B8B_GB2312,"
    "STFangsong,\"Noto Serif CJK SC\",\"Noto Serif SC\",serif;"
    "letter-spacing:calc(155.6mm/28 - 16pt);text-align:justify;text-spacing-trim:space-all;"
    "text-rendering:geometricPrecision;font-synthesis:none;line-break:strict;"
    "overflow-wrap:anywhere;widows:2;orphans:2;color:#000}"
    "@media screen{body{padding:37mm 0 35mm}}"
    "h1,h2,p{margin:0;font-size:inherit;font-weight:inherit}"
    "header{text-align:center;letter-spacing:normal;margin-bottom:10.2mm}"
    "header>*{text-align:center}"
    ".agency,h1{font:700 22pt/14mm FZXiaoBiaoSong-B05S,\\65B9\\6B63\\5C0F\\6807\\5B8B\\7B80\\4F53,"
    "FZXiaoBiaoSong-B05,STZhongsong,\"Noto Serif CJK SC\",\"Noto Serif SC\",serif}"
    ".agency{letter-spacing:.1em}h1{letter-spacing:.05em}"
    ".number{margin-top:4mm}"
    ".t{text-indent:2em}"
    "h2{text-align:center;font-weight:700;break-after:avoid}"
    "table{width:100%;border-collapse:collapse;font-size:12pt;line-height:6.6mm;"
    "letter-spacing:normal;margin:3mm 0;text-align:left}"
    "td,th{border:.35mm solid #000;padding:1.2mm 1.6mm;font-weight:inherit;vertical-align:middle;"
    "overflow-wrap:break-word}"
    "th{text-align:center;white-space:nowrap}.l{width:31mm;text-align:center}"
    ".box{table-layout:fixed}"
    ".tall td{height:23mm}"
    "thead+tbody tr,.tall,.sign,.seal,.note{break-inside:avoid}thead{display:table-header-group}"
    ".sign,.seal,.note{break-before:avoid}"
    ".sign{display:grid;grid-template-columns:1fr 1fr;column-gap:8mm;margin-top:5mm;"
    "letter-spacing:normal;font-size:14pt;line-height:12mm}"
    ".sign p{display:flex;white-space:nowrap}.sign .w{grid-column:1/3;white-space:normal}"
    ".sign i{flex:1;border-bottom:.25mm solid #000;margin-bottom:2.5mm}"
    ".seal{width:max-content;margin:15mm 4em 0 auto;text-align:center}"
    ".seal p{text-align:center}"
    ".note{border-top:.35mm solid #000;margin-top:8mm;padding-top:1mm;font-size:14pt;"
    "letter-spacing:normal;line-height:8mm}";

struct page {
    struct lq_arena *arena;
    const struct lq_drawn_paper *paper;
    struct lq_paper_text text;
};

static void add_bytes(struct page *page, const char *bytes, size_t size)
{
    lq_paper_add(&page->text, bytes, size);
}

static void add(struct page *page, const char *text)
{
    add_bytes(page, text, strlen(text));
}

// What was typed is text, whatever it looks like.
static void add_escaped(struct page *page, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        switch (text[i]) {
        case '&':
            add(page, "&amp;");
            break;
        case '<':
            add(page, "&lt;");
            break;
        case '>':
            add(page, "&gt;");
            break;
        case '"':
            add(page, "&quot;");
            break;
        case '\'':
            add(page, "&#39;");
            break;
        default:
            add_bytes(page, text + i, 1);
        }
}

static void add_text(struct page *page, const char *text)
{
    add_escaped(page, text, strlen(text));
}

static const char *filled(const struct page *page, const char *text)
{
    return lq_paper_text(page->arena, page->paper, text, NULL, NULL);
}

// Of a part that asks only for what nobody says there is nothing. In a draft what is missing stands
// there in brackets, and so is said.
static bool says_something(const struct page *page, const char *text)
{
    unsigned asked = 0, known = 0;
    lq_paper_text(page->arena, page->paper, text, &asked, &known);
    return asked == 0 || known > 0;
}

static void add_paragraphs(struct page *page, const char *open, const char *close, const char *text)
{
    if (!says_something(page, text))
        return;
    for (const char *at = filled(page, text); *at != '\0';) {
        const size_t size = strcspn(at, "\n");
        if (size > 0) {
            add(page, open);
            add_escaped(page, at, size);
            add(page, close);
        }
        at += size + (at[size] == '\n');
    }
}

// Of "label|value" the part up to the next bar; *at moves behind it. NULL: there is none.
static const char *next_cell(struct lq_arena *arena, const char **at)
{
    if (*at == NULL)
        return NULL;
    const size_t size = strcspn(*at, "|");
    const char *cell = lq_arena_format(arena, "%.*s", (int)size, *at);
    *at = (*at)[size] == '|' ? *at + size + 1 : NULL;
    return cell;
}

static unsigned count_cells(const char *row)
{
    unsigned count = 1;
    for (; *row != '\0'; row++)
        count += *row == '|';
    return count;
}

static void add_lines(struct page *page, const char *text)
{
    for (const char *at = text; *at != '\0';) {
        const size_t size = strcspn(at, "\n");
        add_escaped(page, at, size);
        at += size;
        if (*at == '\n') {
            add(page, "<br>");
            at++;
        }
    }
}

// A label that begins with "^" has a high row: there somebody writes and signs.
static void add_box_row(struct page *page, const char *row)
{
    const unsigned count = count_cells(row);
    const bool tall = row[0] == '^';
    const char *at = row + tall;
    add(page, tall ? "<tr class=\"tall\">" : "<tr>");
    for (unsigned i = 0; i < count; i++) {
        const char *text = filled(page, next_cell(page->arena, &at));
        const bool last = i + 1 == count && count < 4;
        add(page, i % 2 == 0 ? "<td class=\"l\">" : last ? "<td colspan=\"3\">" : "<td>");
        add_lines(page, text);
        add(page, "</td>");
    }
    add(page, "</tr>");
}

static void add_box(struct page *page, const struct lq_yaml_list *rows)
{
    const char *const *texts = rows->items;
    add(page,
        "<table class=\"box\"><colgroup><col class=\"l\"><col><col class=\"l\"><col></colgroup>");
    for (size_t i = 0; i < rows->count; i++)
        add_box_row(page, texts[i]);
    add(page, "</table>");
}

static void add_table_row(struct page *page, const char *row, unsigned columns)
{
    const char *at = row;
    add(page, "<tr>");
    for (unsigned i = 0; i < columns; i++) {
        // what is more than the columns belongs to the last
        const char *cell = i + 1 == columns && at != NULL ? at : next_cell(page->arena, &at);
        add(page, "<td>");
        add_text(page, cell != NULL ? cell : "");
        add(page, "</td>");
    }
    add(page, "</tr>");
}

static void add_table(struct page *page, const struct lq_form_block *block)
{
    if (!says_something(page, block->rows))
        return;
    const char *heads = block->table, *rows = filled(page, block->rows), *head;
    const unsigned columns = count_cells(heads);
    add(page, "<table><thead><tr>");
    while ((head = next_cell(page->arena, &heads)) != NULL) {
        add(page, "<th>");
        add_text(page, head);
        add(page, "</th>");
    }
    add(page, "</tr></thead><tbody>");
    while (*rows != '\0') {
        const size_t size = strcspn(rows, "\n");
        if (size > 0)
            add_table_row(page, lq_arena_format(page->arena, "%.*s", (int)size, rows), columns);
        rows += size + (rows[size] == '\n');
    }
    add(page, "</tbody></table>");
}

// Where something is to be signed a line is left; what is long has a line of its own.
static void add_signs(struct page *page, const struct lq_yaml_list *signs)
{
    enum { NARROW_BYTES = 13 * 3, COLON_BYTES = 3 };
    const char *const *texts = signs->items;
    add(page, "<div class=\"sign\">");
    for (size_t i = 0; i < signs->count; i++) {
        const char *text = filled(page, texts[i]);
        const bool is_open = lq_ends_with(text, "：");
        const size_t room = is_open ? strlen(text) + 4 * COLON_BYTES : strlen(text);
        add(page, room > NARROW_BYTES ? "<p class=\"w\"><span>" : "<p><span>");
        add_text(page, text);
        add(page, is_open ? "</span><i></i></p>" : "</span></p>");
    }
    add(page, "</div>");
}

static void add_seal(struct page *page, const char *date)
{
    add(page, "<div class=\"seal\"><p>");
    add_text(page, filled(page, "{agency}"));
    add(page, "</p><p>（盖章）</p><p>");
    add_text(page, filled(page, date));
    add(page, "</p></div>");
}

static void add_block(struct page *page, const struct lq_form_block *block)
{
    if (block->text != NULL)
        add_paragraphs(page, "<p class=\"t\">", "</p>", block->text);
    else if (block->flush != NULL)
        add_paragraphs(page, "<p>", "</p>", block->flush);
    else if (block->heading != NULL)
        add_paragraphs(page, "<h2>", "</h2>", block->heading);
    else if (block->note != NULL)
        add_paragraphs(page, "<p class=\"note\">", "</p>", block->note);
    else if (block->seal != NULL)
        add_seal(page, block->seal);
    else if (block->table != NULL)
        add_table(page, block);
    else if (block->sign.count > 0)
        add_signs(page, &block->sign);
    else
        add_box(page, &block->box);
}

struct lq_span lq_paper_page(struct lq_arena *arena, const struct lq_drawn_paper *paper)
{
    struct page page = {.arena = arena, .paper = paper, .text = {.arena = arena}};
    const struct lq_form_block *blocks = paper->form->layout.items;
    const bool is_draft = paper->number[0] == '\0';
    add(&page, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>");
    add_text(&page, paper->form->title);
    add(&page, is_draft ? "（草稿）" : " ");
    add_text(&page, paper->number);
    add(&page, "</title><style>");
    add(&page, STYLE);
    add(&page, "</style></head><body>\n<header><p class=\"agency\">");
    add_text(&page, filled(&page, "{agency}"));
    add(&page, "</p><h1>");
    add_text(&page, paper->form->title);
    add(&page, "</h1><p class=\"number\">");
    add_text(&page, is_draft ? "（草稿，未编文号）" : paper->number);
    add(&page, "</p></header>\n");
    for (size_t i = 0; i < paper->form->layout.count; i++) {
        add_block(&page, &blocks[i]);
        add(&page, "\n");
    }
    add(&page, "</body></html>\n");
    return lq_span(page.text.bytes, page.text.size);
}
