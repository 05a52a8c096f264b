// Every row of a verb, held against the messages and against the other rows.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "lq/cli/arguments.h"
#include "lq/cli/things.h"
#include "lq/nouns/nouns.h"
#include "lq/show/list.h"
#include "lq/show/next.h"
#include "lq/show/words.h"
#include "lq/stats/stats.h"
#include "rules/take_step.h"
#include "service/service.h"

static const struct lq_verb *const *verbs; // with what plain ones have from the .proto

#define EACH_VERB(verb)                                                                            \
    for (const struct lq_verb *const *table = verbs; *table != NULL; table++)                      \
        for (const struct lq_verb *verb = *table; verb->noun != NULL; verb++)

#define HOLDS(condition, verb, what)                                                               \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("lq %s %s: %s: %s", (verb)->noun, (verb)->verb, (what), #condition);          \
    } while (0)

static bool is_whole(const struct lq_phrase *phrase)
{
    return (phrase->en == NULL) == (phrase->zh == NULL) &&
           (phrase->en == NULL || (*phrase->en == '\0') == (*phrase->zh == '\0'));
}

static void texts_stand_in_both_languages(void **state)
{
    (void)state;
    EACH_VERB(verb)
    {
        HOLDS(verb->summary.en != NULL, verb, "summary");
        HOLDS(is_whole(&verb->summary) && is_whole(&verb->needs) && is_whole(&verb->absent) &&
                  is_whole(&verb->notes),
              verb, "texts");
        LQ_EACH_ARG(arg, verb)
        HOLDS(is_whole(&arg->help), verb, arg->option != NULL ? arg->option : arg->takes);
        for (const struct lq_column *c = verb->columns; c != NULL && c->title != NULL; c++)
            HOLDS(c->zh != NULL && *c->zh != '\0', verb, c->title);
    }
}

static void rows_name_what_the_messages_have(void **state)
{
    (void)state;
    EACH_VERB(verb)
    {
        const ProtobufCMessageDescriptor *type = lq_verb_message(verb); // stops if there is none
        HOLDS(type != NULL || verb->run != NULL || verb->line != NULL, verb, "message");
        LQ_EACH_ARG(arg, verb)
        HOLDS(arg->member == NULL ||
                  protobuf_c_message_descriptor_get_field_by_name(type, arg->member) != NULL,
              verb, arg->member);
        LQ_EACH_ARG(arg, verb)
        (void)lq_arg_repeats(verb, arg); // stops at a type that no argument can be of
        HOLDS(verb->preset.member == NULL || protobuf_c_message_descriptor_get_field_by_name(
                                                 type, verb->preset.member) != NULL,
              verb, "preset");
    }
}

// "premises.name|premises.kind" of such a row.
static bool has_path(const ProtobufCMessageDescriptor *row, const char *path)
{
    char copy[128];
    snprintf(copy, sizeof copy, "%s", path);
    for (char *rest = copy, *one; (one = strsep(&rest, "|")) != NULL;) {
        const ProtobufCMessageDescriptor *type = row;
        for (char *name; (name = strsep(&one, ".")) != NULL;) {
            const ProtobufCFieldDescriptor *field =
                type != NULL ? protobuf_c_message_descriptor_get_field_by_name(type, name) : NULL;
            if (field == NULL)
                return false;
            type = field->type == PROTOBUF_C_TYPE_MESSAGE ? field->descriptor : NULL;
        }
    }
    return true;
}

static bool fits(const struct lq_column *columns, const ProtobufCMessageDescriptor *page)
{
    const ProtobufCMessageDescriptor *row = NULL;
    for (unsigned i = 0; row == NULL && i < page->n_fields; i++)
        if (page->fields[i].label == PROTOBUF_C_LABEL_REPEATED &&
            page->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            row = page->fields[i].descriptor;
    for (; row != NULL && columns->title != NULL; columns++)
        if (columns->cell == NULL && !has_path(row, columns->member))
            return false;
    return row != NULL;
}

// Which answer a question has is not said anywhere: one of them must have rows with these columns.
static void columns_are_of_some_answer(void **state)
{
    (void)state;
    EACH_VERB(verb)
    {
        if (verb->columns == NULL)
            continue;
        const ProtobufCMessageDescriptor *answer = lq_service_named(verb->service)->answer_type;
        bool found = false;
        for (unsigned i = 0; i < answer->n_fields; i++)
            found = found || fits(verb->columns, answer->fields[i].descriptor);
        HOLDS(found, verb, "columns");
    }
}

// Else the number of words would not tell which one it is that was left out.
static void positions_that_may_be_left_out_are_the_last_or_one(void **state)
{
    (void)state;
    EACH_VERB(verb)
    {
        int optional = 0;
        bool before_others = false;
        LQ_EACH_ARG(arg, verb)
        {
            before_others =
                before_others || (optional > 0 && arg->option == NULL && arg->use == LQ_MUST);
            optional += arg->option == NULL && arg->use != LQ_MUST;
            HOLDS(!before_others || optional == 1, verb, arg->takes);
        }
    }
}

static void no_two_are_called_the_same(void **state)
{
    (void)state;
    EACH_VERB(verb)
    {
        HOLDS(strcmp(verb->noun, (*table)->noun) == 0, verb, "in the table of another noun");
        for (const struct lq_verb *other = *table; other < verb; other++)
            HOLDS(strcmp(other->verb, verb->verb) != 0, verb, "there twice");
        LQ_EACH_ARG(arg, verb)
        for (const struct lq_arg *g = lq_global_options; arg->option != NULL && g->option != NULL;
             g++)
            HOLDS(arg->kind == LQ_GLOBAL || strcmp(arg->option, g->option) != 0, verb, arg->option);
    }
}

static void figures_have_the_keys_of_their_enum(void **state)
{
    (void)state;
    char word[LQ_WORD_TEXT];
    const ProtobufCEnumDescriptor *type = &stats__figure__descriptor;
    for (unsigned i = 0; i < type->n_values; i++) {
        const int figure = type->values[i].value;
        assert_non_null(lq_stats_keys[figure]);
        if (figure != STATS__FIGURE__FIGURE_UNSPECIFIED)
            assert_string_equal(lq_stats_keys[figure], lq_word(type, figure, word));
    }
    assert_null(lq_stats_keys[type->n_values]);
}

// ---------------------------------------------------------------- what may be done next

static Lq__NextStep step_of(struct lq_arena *arena, const struct lq_service *service,
                            const struct lq_steps *steps, const struct lq_step *row)
{
    Lq__NextStep step = LQ__NEXT_STEP__INIT;
    step.command = lq_unconst(
        protobuf_c_message_descriptor_get_field(service->command_type, row->command)->name);
    if (row->command == LQ_BODY_TAKE_STEP)
        step.verb = lq_word_of(arena, &rules__verb__descriptor, row->verb);
    if (row->to != LQ_STEP_STAYS)
        step.step = lq_unconst(lq_step_word(arena, steps, row->to));
    return step;
}

// The kind of thing that takes the steps.
static const char *kind_of(const struct lq_service *service, const struct lq_steps *steps)
{
    for (const struct lq_thing *thing = service->things; thing->kind != NULL; thing++)
        if (thing->steps == steps)
            return thing->kind;
    return steps->entity;
}

// Whatever a service says that a person may do next can be typed.
static void every_step_has_its_verb(void **state)
{
    (void)state;
    struct lq_cli cli = {.verbs = lq_verbs};
    cli.verbs = lq_verbs_whole(&cli, lq_verbs);
    unsigned count = 0;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        for (const struct lq_steps *const *t = (*s)->steps; t != NULL && *t != NULL; t++)
            for (unsigned i = 0; i < (*t)->count; i++) {
                const struct lq_step *row = &(*t)->steps[i];
                if (row->past || (lq_command_row(*s, row->command)->who & LQ_ANY_PERSON) == 0)
                    continue;
                const Lq__NextStep step = step_of(&cli.arena, *s, *t, row);
                const char *typed = lq_next_verb(&cli, (*s)->name, &step);
                const struct lq_verb *table = lq_verbs_of(&cli, kind_of(*s, *t));
                if (*step.verb != '\0' && (table == NULL || lq_verb_named(table, typed) == NULL))
                    fail_msg("%s: nobody can type lq %s %s", (*s)->name, kind_of(*s, *t), typed);
                if (strncmp(typed, step.command, strlen(step.command)) == 0)
                    fail_msg("%s %s: no verb takes %s to %s", (*s)->name, (*t)->entity,
                             step.command, step.step);
                count++;
            }
    assert_true(count > 30);
    lq_arena_free(&cli.arena);
}

// Either word of a value, and each of several Chinese ones, reads as that value and no other.
static void words_of(const struct lq_verb *verb, const ProtobufCEnumDescriptor *type)
{
    for (unsigned i = 0; i < type->n_values; i++) {
        int read;
        char english[LQ_WORD_TEXT], one[LQ_WORD_TEXT];
        const int value = type->values[i].value;
        if (*lq_word(type, value, english) == '\0')
            continue;
        const struct lq_proto_word *word = lq_proto_word(type->name, type->values[i].name);
        HOLDS(word != NULL && *word->zh != '\0', verb, english);
        HOLDS(lq_word_parse(type, english, &read) && read == value, verb, english);
        for (const char *at = word->zh; *at != '\0'; at += *at == '/') {
            snprintf(one, sizeof one, "%.*s", (int)strcspn(at, "/"), at);
            HOLDS(lq_word_parse(type, one, &read) && read == value, verb, one);
            at += strcspn(at, "/");
        }
    }
}

static void words_are_understood_in_both_languages(void **state)
{
    (void)state;
    unsigned enums = 0;
    EACH_VERB(verb)
    {
        const ProtobufCMessageDescriptor *type = lq_verb_message(verb);
        LQ_EACH_ARG(arg, verb)
        {
            const ProtobufCFieldDescriptor *field =
                type != NULL && arg->member != NULL
                    ? protobuf_c_message_descriptor_get_field_by_name(type, arg->member)
                    : NULL;
            if (field != NULL && field->type == PROTOBUF_C_TYPE_ENUM) {
                words_of(verb, field->descriptor);
                enums++;
            }
            const char *kind;
            for (size_t i = 0;
                 field != NULL && (kind = lq_kind_known(type, arg->member, i)) != NULL; i++) {
                const char *chinese = lq_tr_in(LQ_CHINESE, kind);
                HOLDS(strcmp(chinese, kind) != 0, verb, kind);
                HOLDS(strcmp(lq_kind_typed(lq_kind_member(type, arg->member), chinese), kind) == 0,
                      verb, chinese);
                HOLDS(strcmp(lq_kind_typed(lq_kind_member(type, arg->member), kind), kind) == 0,
                      verb, kind);
            }
        }
    }
    assert_true(enums > 8);
    words_of(&lq_stats_verbs[0], &stats__figure__descriptor);
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        assert_ptr_equal(lq_service_typed((*s)->name), *s);
        assert_string_not_equal(lq_service_title((*s)->name), (*s)->name);
        assert_ptr_equal(lq_service_typed(lq_service_title((*s)->name)), *s);
    }
    assert_null(lq_service_typed("bus"));
}

static void a_step_is_told_as_it_is_typed(void **state)
{
    (void)state;
    static const struct {
        const char *service, *command, *step, *typed;
    } CASES[] = {
        {"dispatch", "report_step", "acknowledged", "ack"},
        {"dispatch", "report_step", "on_scene", "arrive"},
        {"dispatch", "decline_order", "", "decline"},
        {"casefile", "file_case", "filed", "file"},
        {"casefile", "record_suspect_step", "detained", "suspect detained"},
        {"ledger", "record_step", "closed", "step closed"},
        {"seizure", "extend_seal", "extended", "extend"},
        {"seizure", "burn_seal", "burnt", "burn_seal burnt"}, // of a service that is newer
        {"seizure", "burn_seal", "", "burn_seal"},
    };
    struct lq_cli cli = {.verbs = lq_verbs};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Lq__NextStep step = LQ__NEXT_STEP__INIT;
        step.command = lq_unconst(CASES[i].command);
        step.step = lq_unconst(CASES[i].step);
        assert_string_equal(lq_next_verb(&cli, CASES[i].service, &step), CASES[i].typed);
    }
    Lq__NextStep step = LQ__NEXT_STEP__INIT;
    step.command = lq_unconst("record_step");
    step.step = lq_unconst("closed");
    lq_language_use(LQ_CHINESE);
    assert_string_equal(lq_next_verb(&cli, "ledger", &step), "进展 关停取缔");
    assert_string_equal(lq_verb_named(lq_verbs_of(&cli, "ledger"), "进展")->verb, "step");
    lq_language_use(LQ_ENGLISH);
    lq_arena_free(&cli.arena);
}

static void names_its_term(struct lq_cli *cli, const struct lq_service *service, const char *kind)
{
    struct lq_named_term term;
    if (!lq_term_typed(cli, lq_thing_word(kind), "甲", &term) || term.service != service ||
        strcmp(term.kind, kind) != 0)
        fail_msg("%s: nobody can take a term of %s as \"%s\"", service->name, kind,
                 lq_thing_word(kind));
}

// Whoever sees a term in lq due can name it as it stands there.
static void whatever_has_terms_can_be_typed(void **state)
{
    (void)state;
    struct lq_cli cli = {.verbs = lq_verbs};
    unsigned others = 0;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        for (const struct lq_thing *t = (*s)->things; t != NULL && t->kind != NULL; t++)
            for (unsigned i = 0; lq_has_clocks(*s) && strcmp(t->kind, "paper") != 0 && i < 2; i++) {
                lq_language_use(i == 0 ? LQ_ENGLISH : LQ_CHINESE);
                names_its_term(&cli, *s, t->kind);
            }
        for (const char *const *k = (*s)->clock_kinds; k != NULL && *k != NULL; k++, others++)
            for (unsigned i = 0; i < 2; i++) {
                lq_language_use(i == 0 ? LQ_ENGLISH : LQ_CHINESE);
                names_its_term(&cli, *s, *k);
                assert_null(lq_thing_named(*s, *k));
            }
    }
    assert_true(others > 0);
    assert_string_equal(lq_thing_word("rota"), "值班表");
    lq_language_use(LQ_ENGLISH);
    struct lq_named_term term;
    cli.verb = lq_take_verbs;
    assert_false(lq_term_typed(&cli, "weather", "1", &term));
    lq_arena_free(&cli.arena);
}

int main(void)
{
    static struct lq_cli cli;
    verbs = lq_verbs_whole(&cli, lq_verbs);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_stand_in_both_languages),
        cmocka_unit_test(rows_name_what_the_messages_have),
        cmocka_unit_test(columns_are_of_some_answer),
        cmocka_unit_test(positions_that_may_be_left_out_are_the_last_or_one),
        cmocka_unit_test(no_two_are_called_the_same),
        cmocka_unit_test(figures_have_the_keys_of_their_enum),
        cmocka_unit_test(every_step_has_its_verb),
        cmocka_unit_test(a_step_is_told_as_it_is_typed),
        cmocka_unit_test(whatever_has_terms_can_be_typed),
        cmocka_unit_test(words_are_understood_in_both_languages),
    };
    const int failed = cmocka_run_group_tests_name("verbs", tests, NULL, NULL);
    lq_arena_free(&cli.arena);
    return failed;
}
