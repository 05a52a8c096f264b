// lq take, lq pause, lq recount: what is done with a term.
#include "lq/cli/things.h"
#include "lq/nouns/nouns.h"
#include "lq/show/words.h"
#include "pb/build.h"
#include "rules.pb-c.h"
#include "service/service.h"

static int send(struct lq_cli *cli, const struct lq_named_term *of, const char *member,
                ProtobufCMessage *body)
{
    if (!lq_has_clocks(of->service)) {
        lq_cli_say("a %-s has no terms", lq_thing_word(of->kind));
        return LQ_EXIT_REFUSED;
    }
    return lq_cli_command(cli, of->service->name,
                          lq_pb_wrap(&cli->arena, of->service->command_type, member, body));
}

static int run_take(struct lq_cli *cli)
{
    struct lq_named_term of;
    if (!lq_term_typed(cli, lq_given_text(cli, "KIND"), lq_given_text(cli, "NUMBER"), &of))
        return LQ_EXIT_USAGE;
    Rules__TakeClock take = RULES__TAKE_CLOCK__INIT;
    take.kind = lq_unconst(of.kind);
    take.number = lq_unconst(of.number);
    take.rule = lq_unconst(lq_given_text(cli, "RULE"));
    take.until_ms = lq_given_number(cli, "--until");
    return send(cli, &of, "take_clock", &take.base);
}

static int run_pause(struct lq_cli *cli)
{
    struct lq_named_term of;
    if (!lq_term_typed(cli, lq_given_text(cli, "KIND"), lq_given_text(cli, "NUMBER"), &of))
        return LQ_EXIT_USAGE;
    if (protobuf_c_message_descriptor_get_field_by_name(of.service->command_type, "pause_clock") ==
        NULL) {
        lq_cli_say("nothing takes days out of the terms of a %-s", lq_thing_word(of.kind));
        return LQ_EXIT_REFUSED;
    }
    const char *cause = lq_given_text(cli, "--cause"), *paper = lq_given_text(cli, "--paper");
    Rules__PauseClock pause = RULES__PAUSE_CLOCK__INIT;
    pause.kind = lq_unconst(of.kind);
    pause.number = lq_unconst(of.number);
    pause.rule = lq_unconst(lq_given_text(cli, "RULE"));
    pause.cause =
        lq_unconst(cause != NULL ? lq_kind_typed("cause", cause) : "testing_term_notified");
    pause.from_day = (int32_t)lq_given_number(cli, "--from");
    pause.to_day = (int32_t)lq_given_number(cli, "--to");
    pause.paper = lq_unconst(paper != NULL ? paper : "");
    return send(cli, &of, "pause_clock", &pause.base);
}

static int run_recount(struct lq_cli *cli)
{
    Rules__RecountClocks recount = RULES__RECOUNT_CLOCKS__INIT;
    int code = LQ_EXIT_DONE;
    cli->is_many = true;
    for (const struct lq_service *const *s = lq_services; code == LQ_EXIT_DONE && *s != NULL; s++)
        if (lq_has_clocks(*s))
            code = lq_cli_command(
                cli, (*s)->name,
                lq_pb_wrap(&cli->arena, (*s)->command_type, "recount_clocks", &recount.base));
    return code;
}

static const struct lq_arg TAKE[] = {
    LQ_POSITION("KIND", NULL, LQ_MUST),
    LQ_POSITION("NUMBER", NULL, LQ_MUST),
    LQ_POSITION("RULE", NULL, LQ_MUST),
    LQ_OPTION("--until", "TIME", NULL, LQ_MUST, "until when it is seen to", "承诺何时办好",
              .kind = LQ_INSTANT),
    {0},
};

static const struct lq_arg PAUSE[] = {
    LQ_POSITION("KIND", NULL, LQ_MUST),
    LQ_POSITION("NUMBER", NULL, LQ_MUST),
    LQ_POSITION("RULE", NULL, LQ_MUST),
    LQ_OPTION("--from", "DATE", NULL, LQ_MUST, "the first day that does not count",
              "不计入的第一日", .kind = LQ_DAY),
    LQ_OPTION("--to", "DATE", NULL, LQ_MUST, "the last one; given again: the new end",
              "不计入的最后一日；再次登记即改为新的止日", .kind = LQ_DAY),
    LQ_OPTION("--paper", "NUMBER", NULL, LQ_ASKED, "by which it was told", "告知文书的文号"),
    LQ_OPTION("--cause", "WORD", NULL, LQ_MAY,
              "one of the rule's pause_events (default: testing_term_notified)",
              "规定中的扣除事由（默认检测鉴定期间已告知）"),
    {0},
};

#define ONE(_name, _en, _zh, _args, _run)                                                          \
    const struct lq_verb lq_##_name##_verbs[] = {                                                  \
        LQ_VERB(#_name, "", _en, _zh, _args, .run = _run), {0}}

ONE(take, "see to a term: earlier reminders wait until then", "承诺办理：此前不再提醒", TAKE,
    run_take);
ONE(pause, "take days out of a term", "扣除期间：若干日不计入期限", PAUSE, run_pause);
ONE(recount, "count terms anew after calendar.yaml was completed",
    "补全 calendar.yaml 后重新计算期限", NULL, run_recount);
