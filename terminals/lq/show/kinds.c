// Words for what is free text in the protocol but mostly one of a few: kinds of orders, equipment,
// sites and interviews, channels of tips. Others are shown and taken as they are.
#include <string.h>

#include "base/span.h"
#include "config/forms.h"
#include "lq/show/words.h"

static const char *const KINDS[] = {
    // of orders
    LQ_TR_LATER("raid"), LQ_TR_LATER("patrol"), LQ_TR_LATER("demolition"), LQ_TR_LATER("shutdown"),
    LQ_TR_LATER("off_peak_check"), LQ_TR_LATER("night_check"), LQ_TR_LATER("check"),
    // of equipment and sites
    LQ_TR_LATER("cupola"), LQ_TR_LATER("coal_boiler"), LQ_TR_LATER("transformer"),
    LQ_TR_LATER("charcoal_workshop"), LQ_TR_LATER("malleable_iron_foundry"), LQ_TR_LATER("foundry"),
    LQ_TR_LATER("furnace"),
    // whom an interview was with
    LQ_TR_LATER("enterprise"), LQ_TR_LATER("official"), LQ_TR_LATER("township_head"),
    // channels of tips
    LQ_TR_LATER("hotline_12369"), LQ_TR_LATER("letter"), LQ_TR_LATER("volunteer"),
    // shifts
    LQ_TR_LATER("day"), LQ_TR_LATER("night"),
    // what else has terms or steps
    LQ_TR_LATER("rota"), LQ_TR_LATER("roll"), LQ_TR_LATER("shift"), LQ_TR_LATER("handover"),
    LQ_TR_LATER("bulletin"),
    // why a team is called, where a service calls
    LQ_TR_LATER("breach"), LQ_TR_LATER("video_silent"), LQ_TR_LATER("need_help"),
    // of which department somebody is, where none is known
    LQ_TR_LATER("unknown"),
    // a third shift
    LQ_TR_LATER("evening"),
    // why days do not count
    LQ_TR_LATER("testing_term_notified"), LQ_TR_LATER("hearing"), LQ_TR_LATER("public_notice"),
    LQ_TR_LATER("monitoring"), LQ_TR_LATER("appraisal"), LQ_TR_LATER("service")};

// Whose they are: of the messages of that service.
static const struct {
    const char *service;
    size_t first, end;
} GROUPS[] = {{"dispatch.", 0, 7},    {"seizure.", 7, 14}, {"ledger.", 7, 14}, {"stats.", 7, 14},
              {"oversight.", 14, 17}, {"tips.", 17, 20},   {"shift.", 20, 22}};

static bool has_kinds(const char *member)
{
    return strcmp(member, "kind") == 0 || strcmp(member, "channel") == 0 ||
           strcmp(member, "what") == 0 || strcmp(member, "cause") == 0;
}

const char *lq_kind_member(const ProtobufCMessageDescriptor *type, const char *member)
{
    const bool is_shift = type != NULL && strncmp(type->name, "shift.Shift", 11) == 0;
    return is_shift && strcmp(member, "name") == 0 ? "kind" : member;
}

static struct lq_yaml_list own;

void lq_kinds_use(const struct lq_yaml_list *words)
{
    own = *words;
}

static const char *own_shown(const char *text)
{
    const struct lq_form_word *words = own.items;
    for (size_t i = 0; i < own.count; i++)
        if (strcmp(words[i].of, text) == 0)
            return words[i].is;
    return NULL;
}

static const char *own_typed(const char *text)
{
    const struct lq_form_word *words = own.items;
    for (size_t i = 0; i < own.count; i++)
        if (strcmp(words[i].is, text) == 0)
            return words[i].of;
    return NULL;
}

const char *lq_kind_chinese(const char *text)
{
    const char *called = own_shown(text);
    return called != NULL ? called : lq_tr_word(LQ_CHINESE, text);
}

const char *lq_kind_shown(const char *member, const char *text)
{
    const bool is_chinese = lq_words_shown() == LQ_CHINESE;
    const char *called = is_chinese && has_kinds(member) ? own_shown(text) : NULL;
    if (called != NULL)
        return called;
    for (size_t i = 0; is_chinese && i < sizeof KINDS / sizeof *KINDS; i++)
        if (has_kinds(member) && strcmp(KINDS[i], text) == 0)
            return lq_tr_in(LQ_CHINESE, text);
    // What else is of a kind is a thing that is recorded: "order", "item".
    const bool is_thing = strcmp(member, "kind") == 0 || lq_ends_with(member, "_kind");
    return is_chinese && is_thing ? lq_tr_word(LQ_CHINESE, text) : text;
}

const char *lq_kind_typed(const char *member, const char *text)
{
    const char *of = has_kinds(member) ? own_typed(text) : NULL;
    if (of != NULL)
        return of;
    for (size_t i = 0; has_kinds(member) && i < sizeof KINDS / sizeof *KINDS; i++)
        if (strcmp(lq_tr_in(LQ_CHINESE, KINDS[i]), text) == 0)
            return KINDS[i];
    return text;
}

const char *lq_kind_known(const ProtobufCMessageDescriptor *type, const char *member, size_t index)
{
    for (size_t i = 0;
         has_kinds(lq_kind_member(type, member)) && i < sizeof GROUPS / sizeof *GROUPS; i++)
        if (strncmp(type->name, GROUPS[i].service, strlen(GROUPS[i].service)) == 0)
            return GROUPS[i].first + index < GROUPS[i].end ? KINDS[GROUPS[i].first + index] : NULL;
    return NULL;
}
