// lq correct KIND NUMBER FIELD=NOW --was W, lq void KIND NUMBER: what was recorded is corrected or
// taken out by an entry of its own (docs/decisions/0022).
#include <string.h>

#include "lq/cli/things.h"
#include "lq/nouns/nouns.h"
#include "lq/show/withheld.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "pb/value.h"

enum { CHANGES_MOST = 16 };

// What the field has now, for somebody who did not say what he has seen.
static int tell_present(struct lq_cli *cli, const struct lq_named_thing *of,
                        const ProtobufCFieldDescriptor *field)
{
    Rules__ShowThing asked = RULES__SHOW_THING__INIT;
    asked.kind = lq_unconst(of->thing->kind);
    asked.number = lq_unconst(of->number);
    ProtobufCMessage *answer;
    const int code =
        lq_cli_query(cli, of->service->name,
                     lq_pb_wrap(&cli->arena, of->service->query_type, "thing", &asked.base),
                     of->service->answer_type, &answer);
    if (code != LQ_EXIT_DONE)
        return code;
    const Rules__Thing *told = (const void *)lq_pb_variant_message(answer);
    const ProtobufCMessageDescriptor *type = lq_thing_type(of->thing);
    const char *why;
    const ProtobufCMessage *thing =
        told == NULL || told->thing.len == 0
            ? NULL
            : lq_pb_decode_within(&LQ_PB_REPLY, &cli->arena, type,
                                  lq_span(told->thing.data, told->thing.len), &why);
    if (thing == NULL) {
        lq_cli_say("there is no %s %s, or it is void", lq_thing_word(of->thing->kind), of->number);
        return LQ_EXIT_REFUSED;
    }
    if (lq_is_withheld(thing, field)) {
        lq_cli_say("%s of %s %s is not for you, and so not for you to correct",
                   lq_field_word(cli, type, field->name), lq_thing_word(of->thing->kind),
                   of->number);
        return LQ_EXIT_REFUSED;
    }
    const char *present =
        lq_value_shown(cli, type, field->name, lq_pb_value_text(&cli->arena, thing, field));
    lq_cli_say("nothing was sent: %s of %s %s is now \"%s\"; say so with --was, and send it again",
               lq_field_word(cli, type, field->name), lq_thing_word(of->thing->kind), of->number,
               present);
    return LQ_EXIT_USAGE;
}

// Reads "FIELD=NOW" and what it was into a change. Gives the exit code.
static int read_change(struct lq_cli *cli, const struct lq_named_thing *of, const char *typed,
                       const char *was, Rules__Change *out)
{
    const char *equals = strchr(typed, '=');
    const char *word = lq_arena_format(&cli->arena, "%.*s", (int)strcspn(typed, "="), typed);
    const ProtobufCFieldDescriptor *field = lq_field_typed(cli, of->thing, word);
    if (equals != NULL && field == NULL)
        return lq_cli_usage(cli, "\"%s\" of a %s is not corrected; what can be: %s", word,
                            lq_thing_word(of->thing->kind), lq_thing_fields(cli, of->thing));
    if (field == NULL || equals == NULL)
        return lq_cli_usage(cli, "\"%s\" is not FIELD=VALUE with a field of a %s: %s", typed,
                            lq_thing_word(of->thing->kind), lq_thing_fields(cli, of->thing));
    if (was == NULL)
        return tell_present(cli, of, field);
    const char *now = lq_value_typed(cli, of, field, equals + 1);
    const char *before = lq_value_typed(cli, of, field, was);
    if (now == NULL || before == NULL)
        return lq_cli_usage(cli, "%s cannot be \"%s\"",
                            lq_field_word(cli, lq_thing_type(of->thing), field->name),
                            now == NULL ? equals + 1 : was);
    rules__change__init(out);
    out->field = lq_unconst(field->name);
    out->was = lq_unconst(before);
    out->now = lq_unconst(now);
    return LQ_EXIT_DONE;
}

static int run_correct(struct lq_cli *cli)
{
    struct lq_named_thing of;
    if (!lq_thing_typed(cli, lq_given_text(cli, "KIND"), lq_given_text(cli, "NUMBER"), &of))
        return LQ_EXIT_USAGE;
    size_t count, was_count;
    const char *const *typed = lq_given_all(cli, "FIELD=NOW", &count);
    const char *const *was = lq_given_all(cli, "--was", &was_count);
    if (count == 0 || count > CHANGES_MOST)
        return lq_cli_usage(cli, "what of a %s is to be corrected? %s",
                            lq_thing_word(of.thing->kind), lq_thing_fields(cli, of.thing));
    if (was_count > count)
        return lq_cli_usage(cli, "--was is given once for each FIELD=NOW, in their order");
    Rules__Correct correct = RULES__CORRECT__INIT;
    correct.kind = lq_unconst(of.thing->kind);
    correct.number = lq_unconst(of.number);
    correct.changes = LQ_NEW_ARRAY(&cli->arena, Rules__Change *, count);
    for (; correct.n_changes < count; correct.n_changes++) {
        Rules__Change *change = LQ_NEW(&cli->arena, Rules__Change);
        const int code =
            read_change(cli, &of, typed[correct.n_changes],
                        correct.n_changes < was_count ? was[correct.n_changes] : NULL, change);
        if (code != LQ_EXIT_DONE)
            return code;
        correct.changes[correct.n_changes] = change;
    }
    return lq_thing_command(cli, &of, "correct", &correct.base);
}

static int run_void(struct lq_cli *cli)
{
    struct lq_named_thing of;
    if (!lq_thing_typed(cli, lq_given_text(cli, "KIND"), lq_given_text(cli, "NUMBER"), &of))
        return LQ_EXIT_USAGE;
    if (of.thing->never_void) {
        lq_cli_say("a %-s can be corrected, and not be voided", lq_thing_word(of.thing->kind));
        return LQ_EXIT_REFUSED;
    }
    Rules__VoidRecord record = RULES__VOID_RECORD__INIT;
    record.kind = lq_unconst(of.thing->kind);
    record.number = lq_unconst(of.number);
    return lq_thing_command(cli, &of, "void_record", &record.base);
}

#define KINDS_NOTE                                                                                                             \
    {                                                                                                                          \
        "  KIND: order, assignment (O0263/T02), participant (O0263/P1039), item, closure, "                                    \
        "notice,\n"                                                                                                            \
        "  case, suspect, suspect_step (X003/2), premises, supervisor (E0061/NAME),\n"                                         \
        "  premises_step (E0061/2), tip, volunteer, meeting, interview, issue, person,\n"                                      \
        "  paper (void only)\n",                                                                                               \
            "  KIND：指令、任务（O0263/T02）、参加人员（O0263/P1039）、设备、取缔、整改通知单、\n" \
            "  刑事案件、嫌疑人、嫌疑人措施（X003/2）、场所、驻厂监管员（E0061/姓名）、\n"       \
            "  整改进展（E0061/2）、举报、志愿者、会议、约谈、会议问题、\n"                     \
            "  文书（只可作废）\n"                                                                                     \
    }

static const struct lq_arg CORRECT[] = {
    LQ_POSITION("KIND", NULL, LQ_MUST),
    LQ_POSITION("NUMBER", NULL, LQ_MUST),
    LQ_POSITION("FIELD=NOW", NULL, LQ_MUST, .kind = LQ_REST),
    LQ_OPTION("--was", "VALUE", NULL, LQ_ASKED,
              "what it was; once for each FIELD=NOW, in their order",
              "原值；每个 FIELD=NOW 一次，次序相同", .kind = LQ_MANY),
    LQ_OPTION("--reason", "TEXT", NULL, LQ_ASKED, "why it is corrected", "更正的事由",
              .kind = LQ_GLOBAL),
    {0},
};

static const struct lq_arg VOID[] = {
    LQ_POSITION("KIND", NULL, LQ_MUST),
    LQ_POSITION("NUMBER", NULL, LQ_MUST),
    LQ_OPTION("--reason", "TEXT", NULL, LQ_ASKED, "why it is void", "作废的事由",
              .kind = LQ_GLOBAL),
    {0},
};

const struct lq_verb lq_correct_verbs[] = {
    LQ_VERB("correct", "", "correct what was recorded, by an entry of its own",
            "更正已登记的内容（另立一条记录）", CORRECT, .notes = KINDS_NOTE, .run = run_correct),
    {0},
};

const struct lq_verb lq_void_verbs[] = {
    LQ_VERB("void", "", "take out what was recorded wrongly; its number stays used",
            "作废登记错误的内容（编号不再使用）", VOID, .notes = KINDS_NOTE, .run = run_void),
    {0},
};
