// lq KIND VERB NUMBER, lq KIND next NUMBER: the steps that the things of a service take
// (rules/take_step.h). The rows are made from the services' tables of steps, so that a step can be
// typed the day it is there.
#include "lq/cli/step_verbs.h"

#include <string.h>

#include "base/assert.h"
#include "lq/cli/arguments.h"
#include "lq/cli/things.h"
#include "lq/show/next.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "rules/take_step.h"

// ---------------------------------------------------------------- what is typed for an act

#define WHY "--why" // as what other verbs call it

// As which option a field of rules.Act is typed, and what people are told of it.
static const struct act_option {
    const char *field;
    struct lq_arg arg;
} OPTIONS[] = {
    {"officers", LQ_OPTION("--officer", "BADGE", NULL, LQ_MAY, "who acts; several: repeated",
                           "执法人员，可重复", .kind = LQ_MANY)},
    {"paper",
     LQ_OPTION("--paper", "NUMBER", NULL, LQ_MAY, "by which paper", "文号", .kind = LQ_TEXT)},
    {"ground", LQ_OPTION("--ground", "TEXT", NULL, LQ_MAY, "on which ground", "理由或法定情形",
                         .kind = LQ_TEXT)},
    {"basis",
     LQ_OPTION("--basis", "TEXT", NULL, LQ_MAY, "law and article", "法律依据", .kind = LQ_TEXT)},
    {"authority", LQ_OPTION("--authority", "TEXT", NULL, LQ_MAY, "who decided, or is to",
                            "决定机关，或复议机关、法院", .kind = LQ_TEXT)},
    {"party", LQ_OPTION("--party", "WHO", NULL, LQ_MAY, "who contests the decision", "申请人或原告",
                        .kind = LQ_TEXT)},
    {"witness",
     LQ_OPTION("--witness", "TEXT", NULL, LQ_MAY, "who witnessed it", "见证人", .kind = LQ_TEXT)},
    {"days",
     LQ_OPTION("--days", "N", NULL, LQ_MAY, "for how many days", "天数", .kind = LQ_NUMBER)},
    {"months",
     LQ_OPTION("--months", "N", NULL, LQ_MAY, "for how many months", "月数", .kind = LQ_NUMBER)},
    {"rule", LQ_OPTION("--rule", "ID", NULL, LQ_MAY, "which of several terms", "适用的期限规定",
                       .kind = LQ_TEXT)},
    {"amount_fen",
     LQ_OPTION("--amount-fen", "N", NULL, LQ_MAY, "in fen", "金额（分）", .kind = LQ_NUMBER)},
    {"place", LQ_OPTION("--place", "TEXT", NULL, LQ_MAY, "where", "地点", .kind = LQ_TEXT)},
    {"channel", LQ_OPTION("--channel", "TEXT", NULL, LQ_MAY, "by radio, telephone, …",
                          "联络方式：电台、电话……", .kind = LQ_TEXT)},
    {"words", LQ_OPTION("--said", "TEXT", NULL, LQ_MAY, "what was said or found", "原话或所见",
                        .kind = LQ_TEXT)},
    {"note", LQ_OPTION("--note", "TEXT", NULL, LQ_MAY, "a remark, an answer", "说明、答复",
                       .kind = LQ_TEXT)},
    {"note", LQ_OPTION(WHY, "TEXT", NULL, LQ_MAY, "the same, where it says why", "同上，写明原因时",
                       .kind = LQ_TEXT)},
    {"seal",
     LQ_OPTION("--seal", "NUMBER", NULL, LQ_MAY, "of the new seal", "新封条号", .kind = LQ_TEXT)},
    {"giver", LQ_OPTION("--giver", "WHO", NULL, LQ_MAY, "who gives it", "移交人", .kind = LQ_TEXT)},
    {"taker", LQ_OPTION("--taker", "WHO", NULL, LQ_MAY, "who takes it: a badge, or in words",
                        "接收人：工号，或外单位及姓名", .kind = LQ_TEXT)},
    {"related", LQ_OPTION("--related", "NUMBER", NULL, LQ_MAY, "the case or order that it is of",
                          "相关的案件或指令编号", .kind = LQ_TEXT)},
    {"answers",
     LQ_OPTION("--answer", "N=TEXT", NULL, LQ_MAY, "to line N of a list of the county's; repeated",
               "对第 N 项的答复，可重复", .kind = LQ_MANY)},
    {"from_day",
     LQ_OPTION("--from-day", "DATE", NULL, LQ_MAY, "the first day", "起日", .kind = LQ_DAY)},
    {"to_day", LQ_OPTION("--to-day", "DATE", NULL, LQ_MAY, "the last day", "止日", .kind = LQ_DAY)},
    {"from_ms",
     LQ_OPTION("--from", "TIME", NULL, LQ_MAY, "from when", "起始时间", .kind = LQ_INSTANT)},
    {"to_ms",
     LQ_OPTION("--to", "TIME", NULL, LQ_MAY, "until when", "终止时间", .kind = LQ_INSTANT)},
};
enum { OPTION_COUNT = sizeof OPTIONS / sizeof OPTIONS[0] };

const char *lq_step_option(const char *field)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (strcmp(OPTIONS[i].field, field) == 0)
            return OPTIONS[i].arg.option;
    return NULL;
}

static bool is_ascii(const char *text)
{
    while (*text > 0 && *text <= '~')
        text++;
    return *text == '\0';
}

// Whoever gives or takes is a badge, or somebody outside the force in words, which stay as they
// are.
static const char *person_typed(struct lq_cli *cli, const char *text)
{
    return is_ascii(lq_narrow(&cli->arena, text)) ? lq_number_typed(cli, "", "badge", text) : text;
}

static void fill_act(struct lq_cli *cli, Rules__Act *act)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const char *option = OPTIONS[i].arg.option;
        if (!lq_given(cli, option))
            continue;
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(act->base.descriptor, OPTIONS[i].field);
        LQ_ASSERT(field != NULL);
        if (field->type != PROTOBUF_C_TYPE_STRING) {
            lq_pb_set_integer(&act->base, field, lq_given_number(cli, option));
            continue;
        }
        size_t count = 0;
        const char *const *texts = lq_given_all(cli, option, &count);
        const char *as = strcmp(field->name, "officers") == 0 ? "badge" : "";
        for (size_t j = 0; field->label == PROTOBUF_C_LABEL_REPEATED && j < count; j++)
            lq_pb_add_text(&cli->arena, &act->base, field, lq_number_typed(cli, "", as, texts[j]));
        const bool is_person =
            strcmp(field->name, "giver") == 0 || strcmp(field->name, "taker") == 0;
        if (field->label != PROTOBUF_C_LABEL_REPEATED)
            lq_pb_set_text(&act->base, field, is_person ? person_typed(cli, texts[0]) : texts[0]);
    }
}

// What is missing is told in the words of the record; how it is typed, the usage line says.
static int tell_how(struct lq_cli *cli, int code)
{
    if (code == LQ_EXIT_REFUSED && cli->rejected != NULL &&
        strcmp(cli->rejected, "CONDITION_MISSING") == 0)
        for (const struct lq_arg *arg = cli->verb->args; arg->takes != NULL; arg++)
            if (arg->use == LQ_ASKED && !lq_given(cli, arg->option)) {
                lq_cli_print_usage(cli);
                break;
            }
    return code;
}

int lq_step_run(struct lq_cli *cli)
{
    struct lq_named_thing of;
    int verb = 0;
    if (!lq_thing_typed(cli, cli->verb->noun, lq_given_text(cli, "NUMBER"), &of))
        return LQ_EXIT_USAGE;
    const bool is_verb = lq_word_parse(&rules__verb__descriptor, cli->verb->verb, &verb);
    LQ_ASSERT(is_verb); // the row was made from it
    Rules__Act act = RULES__ACT__INIT;
    fill_act(cli, &act);
    Rules__TakeStep step = RULES__TAKE_STEP__INIT;
    step.kind = lq_unconst(of.thing->kind);
    step.number = lq_unconst(of.number);
    step.verb = (Rules__Verb)verb;
    step.act = &act;
    return tell_how(cli, lq_thing_command(cli, &of, "take_step", &step.base));
}

// ---------------------------------------------------------------- what may be done next

int lq_step_next(struct lq_cli *cli)
{
    struct lq_named_thing of;
    if (!lq_thing_typed(cli, cli->verb->noun, lq_given_text(cli, "NUMBER"), &of))
        return LQ_EXIT_USAGE;
    Rules__ShowThing asked = RULES__SHOW_THING__INIT;
    asked.kind = lq_unconst(of.thing->kind);
    asked.number = lq_unconst(of.number);
    ProtobufCMessage *answer;
    const int code =
        lq_cli_query(cli, of.service->name,
                     lq_pb_wrap(&cli->arena, of.service->query_type, "thing", &asked.base),
                     of.service->answer_type, &answer);
    if (code != LQ_EXIT_DONE)
        return code;
    const Rules__Thing *told = (const void *)lq_pb_variant_message(answer);
    if (told == NULL || told->thing.len == 0) {
        lq_cli_say("there is no %s %s, or it is void", lq_thing_word(of.thing->kind), of.number);
        return LQ_EXIT_REFUSED;
    }
    return lq_next_print(cli);
}

// ---------------------------------------------------------------- the rows

static bool has_word(const char *words, const char *word)
{
    const size_t size = strlen(word);
    for (const char *at = words; at != NULL && *at != '\0';) {
        const size_t one = strcspn(at, " ");
        if (one == size && memcmp(at, word, size) == 0)
            return true;
        at += one + (at[one] == ' ');
    }
    return false;
}

// What the verb needs comes first; the rest may be said.
static const struct lq_arg *args_of(struct lq_cli *cli, const char *needs)
{
    static const struct lq_arg NUMBER = LQ_POSITION("NUMBER", NULL, LQ_MUST, .kind = LQ_TEXT);
    struct lq_arg *args = LQ_NEW_ARRAY(&cli->arena, struct lq_arg, OPTION_COUNT + 2);
    size_t count = 0;
    args[count++] = NUMBER;
    for (unsigned needed = 0; needed < 2; needed++)
        for (size_t i = 0; i < OPTION_COUNT; i++) {
            if (has_word(needs, OPTIONS[i].field) != (needed == 0))
                continue;
            args[count] = OPTIONS[i].arg;
            args[count++].use =
                needed == 0 && strcmp(OPTIONS[i].arg.option, WHY) != 0 ? LQ_ASKED : LQ_MAY;
        }
    return args;
}

// "serve-release"; its summary is its words.
static struct lq_verb verb_of(struct lq_cli *cli, const struct lq_service *service,
                              const struct lq_thing *thing, const struct lq_step *step)
{
    char word[LQ_WORD_TEXT];
    char *name = lq_arena_text(&cli->arena, lq_word(&rules__verb__descriptor, step->verb, word));
    char *en = lq_arena_text(&cli->arena, name);
    for (size_t i = 0; name[i] != '\0'; i++)
        if (name[i] == '_') {
            name[i] = '-';
            en[i] = ' ';
        }
    const char *zh = lq_arena_text(
        &cli->arena, lq_word_in(LQ_CHINESE, &rules__verb__descriptor, step->verb, word));
    return (struct lq_verb){.noun = thing->kind,
                            .verb = name,
                            .summary = {en, zh},
                            .args = args_of(cli, step->needs),
                            .service = service->name,
                            .asks = LQ_COMMAND,
                            .variant = "take_step",
                            .run = lq_step_run};
}

static bool is_there(const struct lq_verb *table, size_t count, const char *verb)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].verb, verb) == 0)
            return true;
    return false;
}

const struct lq_verb *lq_step_verbs(struct lq_cli *cli, const struct lq_service *service,
                                    const struct lq_thing *thing, const struct lq_verb *rows)
{
    static const struct lq_arg NEXT[] = {LQ_POSITION("NUMBER", NULL, LQ_MUST, .kind = LQ_TEXT),
                                         {0}};
    size_t count = 0;
    while (rows != NULL && rows[count].noun != NULL)
        count++;
    struct lq_verb *table =
        LQ_NEW_ARRAY(&cli->arena, struct lq_verb, count + thing->steps->count + 2);
    if (count > 0)
        memcpy(table, rows, count * sizeof *rows);
    for (unsigned i = 0; i < thing->steps->count; i++) {
        const struct lq_step *step = &thing->steps->steps[i];
        if (step->command != LQ_BODY_TAKE_STEP || step->past)
            continue;
        const struct lq_verb verb = verb_of(cli, service, thing, step);
        if (!is_there(table, count, verb.verb))
            table[count++] = verb;
    }
    if (!is_there(table, count, "next"))
        table[count] = (struct lq_verb)LQ_VERB(
            thing->kind, "next", "what may be done with it next, and by whom",
            "下一步可办什么、由谁办", NEXT, .service = service->name, .asks = LQ_QUERY,
            .variant = "thing", .run = lq_step_next);
    return table;
}
