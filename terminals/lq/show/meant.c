// Texts of records that are words of our own: who did something, why, on what ground, of which
// kind.
#include <stdio.h>
#include <string.h>

#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/reflect.h"
#include "seizure.pb-c.h"

// What lq import gives as the reason of every row.
const char *lq_show_reason(struct lq_cli *cli, const char *reason)
{
    char file[64];
    int end = 0;
    const bool is_it = sscanf(reason, "paper record (%63[^)])%n", file, &end) == 1 && end > 0 &&
                       reason[end] == '\0';
    return is_it && lq_words_shown() == LQ_CHINESE
               ? lq_arena_format(&cli->arena, lq_tr("paper record (%s)"), file)
               : reason;
}

const char *lq_show_doer(struct lq_cli *cli, const char *actor)
{
    const struct lq_service *service = *actor == '@' ? lq_service_named(actor + 1) : NULL;
    return service == NULL || lq_words_shown() != LQ_CHINESE
               ? actor
               : lq_arena_format(&cli->arena, lq_tr("the system (%s)"),
                                 lq_service_title(service->name));
}

// What a revisit found, where nothing was found (services/ledger/limit_steps.c).
#define CLEAN LQ_TR_LATER("clean")

// The sibling that says it in words; false where it has none, or says nothing.
static bool says(const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
    return field != NULL && lq_pb_count(message, field) > 0 &&
           !lq_pb_is_zero(field, lq_pb_value(message, field, 0));
}

bool lq_is_for_others(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    static const char *const LANGUAGES[][2] = {{"zh", "en"}, {"title_zh", "title_en"}};
    const bool is_chinese = lq_language() == LQ_CHINESE;
    for (size_t i = 0; i < sizeof LANGUAGES / sizeof *LANGUAGES; i++)
        if (strcmp(field->name, LANGUAGES[i][is_chinese]) == 0)
            return says(message, LANGUAGES[i][!is_chinese]);
    if (message->descriptor == &rules__paper__descriptor)
        return is_chinese && strcmp(field->name, "kind") == 0 && says(message, "title");
    return is_chinese && message->descriptor == &rules__paper_field__descriptor &&
           strcmp(field->name, "id") == 0 && says(message, "word");
}

const char *lq_show_text(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                         const ProtobufCFieldDescriptor *field, const char *text)
{
    char word[LQ_WORD_TEXT];
    int ground; // of a release it is one of five, and stands in the act as its word
    if (type == &rules__act__descriptor && strcmp(field->name, "ground") == 0 &&
        lq_word_parse(&seizure__release_ground__descriptor, text, &ground))
        return lq_arena_text(&cli->arena,
                             lq_word_shown(&seizure__release_ground__descriptor, ground, word));
    if (strcmp(field->name, "stream") == 0 || strcmp(field->name, "service") == 0)
        return lq_words_shown() == LQ_CHINESE ? lq_service_title(text) : text;
    if (type == &rules__act__descriptor && strcmp(text, CLEAN) == 0)
        return lq_words_shown() == LQ_CHINESE ? lq_tr(CLEAN) : text;
    return *text == '@' ? lq_show_doer(cli, text)
                        : lq_kind_shown(lq_kind_member(type, field->name), text);
}
