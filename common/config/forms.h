// forms.yaml: the county's papers (文书): what each has to say, by which law, where that comes
// from, and how it is laid out. Papers are made of it by the rules (rules/papers.h).
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "config/yaml.h"

// One thing that a paper says.
struct lq_form_field {
    const char *id;   // "party"
    const char *word; // 当事人
    bool required;
    const char *law;  // by which it is required; NULL: by practice
    const char *from; // where the records have it, "party|person officer_1"; NULL: nowhere
    const char *text; // what it says where nobody says otherwise: "{kind}{serial}"; NULL: nothing
    // Rows that the records have: of each element of that list ("list.orders.teams") what `row`
    // says, "{number}|{person badge}"; NULL: it has none. `between` them: "、"; NULL: a new line.
    const char *each, *row, *between;
};

// A part of the page: one of these is given. Texts have placeholders: {party}, the id of a field,
// or one of agency, abbreviation, government, superior, court, number, thing, day (of issue). A
// part of which nothing that it asks for is known is left out.
struct lq_form_block {
    const char *text;    // a paragraph, for each line of the text
    const char *flush;   // the same, without its first line set in
    const char *heading; // in the middle, bold
    const char *seal;    // the date under the agency's name, at the right, with room for the seal
    const char *note;    // under a rule, smaller
    struct lq_yaml_list sign; // const char *: what is signed: "当事人（签名）："
    struct lq_yaml_list box;  // const char *: rows of a table: "label|value|label|value"; one
                              // that begins with ^ is high, to be written in
    const char *table;        // the heads of a table's columns: "序号|名称|数量"
    const char *rows;         // with it: a row for each line, cells between "|"
    struct lq_yaml_where where;
};

struct lq_form {
    const char *id;     // "seizure_decision"
    const char *title;  // 查封（扣押）决定书
    const char *number; // its numbers: "{abbreviation}查〔{year}〕{n}号", "{thing}回证{n}"
    struct lq_yaml_list of;     // const char *: kinds of things that it may be about
    const char *takes;          // the step of the thing that is taken as it is served; NULL: none
    struct lq_yaml_list may;    // const char *: roles that issue and serve it, as they were typed
    uint32_t may_roles;         // the same as bits 1 << lq.Role; 0: those of the service
    struct lq_yaml_list fields; // struct lq_form_field
    struct lq_yaml_list layout; // struct lq_form_block
    struct lq_yaml_where where;
};

// Whose papers they are, and what they name beside it. All of it or nothing is said (agency NULL).
struct lq_paper_names {
    const char *agency;          // 献县环境保护局
    const char *abbreviation;    // 献环: of which numbers are made
    const char *government;      // 献县人民政府: to which the party may appeal,
    const char *superior;        // 沧州市环境保护局: or to that bureau above,
    const char *court;           // 献县人民法院: or bring suit
    const char *public_security; // 献县公安局: to which cases are handed over; "": not said
};

struct lq_form_word {
    const char *of,
        *is; // {of: cupola, is: 冲天炉}: what stands in a paper for a word of the records
};

extern const struct lq_yaml_type lq_form_word_type; // of a list of them, in any file

struct lq_forms {
    const char *revision;
    struct lq_paper_names names; // of files of before policy.yaml had them
    struct lq_yaml_list words;   // struct lq_form_word
    struct lq_yaml_list forms;   // struct lq_form
};

// Reads the file; a NULL path gives what is compiled in. Texts live in the arena. LQ_E_MISSING if
// there is no such file, LQ_E_INPUT, LQ_E_IO.
LQ_MUST_CHECK enum lq_status lq_forms_load(const char *path, struct lq_arena *arena,
                                           struct lq_forms *out);
