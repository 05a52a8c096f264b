// lq shift: who is on duty, the rota, and the people of the force.
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "lq/cli/step_verbs.h"
#include "lq/nouns/duty.h"
#include "lq/nouns/handover.h"
#include "lq/nouns/nouns.h"
#include "lq/nouns/people.h"
#include "lq/nouns/rota.h"
#include "lq/show/show.h"
#include "shift/replica/roster.h"

// ---------------------------------------------------------------- now

static const struct lq_column LEADS[] = {
    LQ_COLUMN("TEAM", "组", "team", .whole = true),
    LQ_COLUMN("LEAD", "组长", "badge", .whole = true),
    LQ_COLUMN("NAME", "姓名", "name"),
    LQ_COLUMN("UNIT", "单位", "unit"),
    LQ_COLUMN("PHONE", "电话", "phone", .whole = true),
    {0},
};

enum { WIDTH = 8 };

static void print_shift(struct lq_cli *cli, const char *when, const Shift__Shift *shift)
{
    char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    if (shift == NULL) {
        lq_show_line(when, WIDTH, lq_tr("nobody"));
        return;
    }
    lq_show_line(when, WIDTH,
                 lq_arena_format(&cli->arena, lq_tr("group %s, %s, %.16s to %.16s"), shift->group,
                                 lq_tr(shift->name), lq_format_local(shift->starts_at_ms, from),
                                 lq_format_local(shift->ends_at_ms, to)));
}

static const struct lq_column DIFFERENCES[] = {
    LQ_COLUMN("BADGE", "警号", "badge", .whole = true),
    LQ_COLUMN("NAME", "姓名", "name"),
    LQ_COLUMN("TEAM", "组", "team", .whole = true),
    LQ_COLUMN("THERE", "在岗", "there", .whole = true),
    LQ_COLUMN("BY", "依据", "by", .whole = true),
    {0},
};

// Who is there, or is not, by an absence or swap.
static int print_differences(struct lq_cli *cli, const Shift__OnDutyAnswer *on)
{
    struct lq_list_rows rows = {0};
    for (size_t i = 0; i < on->n_differences; i++)
        lq_list_add(cli, &rows, &on->differences[i]->base);
    if (rows.count == 0)
        return LQ_EXIT_DONE;
    putchar('\n');
    return lq_list_print(cli, &(struct lq_list){.columns = DIFFERENCES}, &rows);
}

static int print_on_duty(struct lq_cli *cli, const Shift__OnDutyAnswer *on)
{
    char at[LQ_TIME_TEXT];
    lq_show_line(lq_tr("at"), WIDTH, lq_format_local(on->at_ms, at));
    print_shift(cli, lq_tr("on duty"), on->current);
    for (size_t i = 0; i < on->n_also; i++)
        print_shift(cli, lq_tr("and"), on->also[i]);
    print_shift(cli, lq_tr("next"), on->next);
    lq_show_line(lq_tr("people"), WIDTH, lq_arena_format(&cli->arena, "%u", on->people));
    if (on->n_leads == 0)
        return print_differences(cli, on);
    struct lq_list_rows rows = {0};
    for (size_t i = 0; i < on->n_leads; i++)
        lq_list_add(cli, &rows, &on->leads[i]->base);
    putchar('\n');
    const int code = lq_list_print(cli, &(struct lq_list){.columns = LEADS}, &rows);
    return code == LQ_EXIT_DONE ? print_differences(cli, on) : code;
}

static void ask_at(struct lq_cli *cli, ProtobufCMessage *asked)
{
    Shift__OnDuty *on = (Shift__OnDuty *)asked;
    if (on->at_ms == 0)
        on->at_ms = cli->at_ms;
}

static int show_on_duty(struct lq_cli *cli, const ProtobufCMessage *answer)
{
    return cli->format == LQ_FORMAT_TABLE ? print_on_duty(cli, (const void *)answer)
                                          : lq_cli_show(cli, answer);
}

// lq shift next: who comes next; with a number, what may be done with that shift.
static int show_next(struct lq_cli *cli)
{
    if (lq_given(cli, "NUMBER"))
        return lq_step_next(cli);
    Shift__OnDuty on = SHIFT__ON_DUTY__INIT;
    on.at_ms = cli->at_ms;
    Shift__Query query = SHIFT__QUERY__INIT;
    query.body_case = SHIFT__QUERY__BODY_ON_DUTY;
    query.on_duty = &on;
    for (int i = 0; i < 2; i++) {
        ProtobufCMessage *message;
        const int code =
            lq_cli_query(cli, "shift", &query.base, &shift__answer__descriptor, &message);
        if (code != LQ_EXIT_DONE)
            return code;
        const Shift__OnDutyAnswer *told = ((const Shift__Answer *)message)->on_duty;
        if (i == 1 || told->next == NULL)
            return show_on_duty(cli, &told->base);
        on.at_ms = told->next->starts_at_ms;
    }
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- rota

static int rota(struct lq_cli *cli)
{
    struct lq_list_rows rows = {0};
    const int code = lq_rota_read(cli, (int32_t)lq_given_number(cli, "--from"),
                                  (int32_t)lq_given_number(cli, "--to"), &rows);
    return code == LQ_EXIT_DONE
               ? lq_list_print(cli, &(struct lq_list){.columns = lq_rota_columns}, &rows)
               : code;
}

static const struct lq_column GAPS[] = {
    LQ_COLUMN("SHIFT", "班次", "shift", .whole = true),
    LQ_COLUMN("FROM", "起", "from_ms", .whole = true),
    LQ_COLUMN("TO", "止", "to_ms", .whole = true),
    LQ_COLUMN("OF", "单位或职责", "of", .whole = true),
    LQ_COLUMN("PRESENT", "在岗", "present", .right = true),
    LQ_COLUMN("MINIMUM", "最低", "minimum", .right = true),
    LQ_COLUMN("SHORT", "缺", "short_by", .right = true),
    {0},
};

static int show_gaps(struct lq_cli *cli, const ProtobufCMessage *answer)
{
    const Shift__GapsAnswer *told = (const void *)answer;
    struct lq_list_rows rows = {.type = &shift__gap__descriptor};
    for (size_t i = 0; i < told->n_gaps; i++)
        lq_list_add(cli, &rows, &told->gaps[i]->base);
    return lq_list_print(cli, &(struct lq_list){.columns = GAPS}, &rows);
}

// The step of the shift, and then what the rota is like.
static int move(struct lq_cli *cli)
{
    const int sent = lq_step_run(cli);
    struct lq_list_rows planned = {0}, moved = {0};
    const int32_t day = lq_day_of(lq_given_number(cli, "--from"));
    if (sent != LQ_EXIT_DONE || lq_rota_read(cli, day - 2, day + 2, &planned) != LQ_EXIT_DONE)
        return sent;
    for (size_t i = 0; i < planned.count; i++) {
        const Shift__Shift *shift = (const void *)planned.rows[i];
        if (strcmp(shift->number, lq_given_text(cli, "NUMBER")) == 0)
            lq_list_add(cli, &moved, &shift->base);
    }
    lq_rota_warn(&planned, &moved);
    return sent;
}

// ---------------------------------------------------------------- people

static const struct lq_column PEOPLE[] = {
    LQ_COLUMN("BADGE", "警号", "badge", .whole = true),
    LQ_COLUMN("NAME", "姓名", "name"),
    LQ_COLUMN("UNIT", "单位", "unit"),
    LQ_COLUMN("ROLE", "职责", "role", .whole = true),
    LQ_COLUMN("TEAM", "组", "team", .whole = true),
    LQ_COLUMN("GROUP", "班组", "group", .whole = true),
    LQ_COLUMN("PHONE", "电话", "phone", .whole = true),
    {0},
};

static void ask_people_at(struct lq_cli *cli, ProtobufCMessage *asked)
{
    Shift__People *people = (Shift__People *)asked;
    if (people->at_ms == 0)
        people->at_ms = cli->at_ms;
}

static const struct lq_column HISTORY[] = {
    LQ_COLUMN("SINCE", "起", "from_ms", .key = "from", .whole = true),
    LQ_COLUMN("NAME", "姓名", "name"),
    LQ_COLUMN("UNIT", "单位", "unit"),
    LQ_COLUMN("ROLE", "职责", "role", .whole = true),
    LQ_COLUMN("RANK", "职级", "rank", .whole = true),
    LQ_COLUMN("TEAM", "组", "team", .whole = true),
    LQ_COLUMN("GROUP", "班组", "group", .whole = true),
    LQ_COLUMN("LEFT", "离队日期", "left_day", .whole = true),
    {0},
};

static int show_history(struct lq_cli *cli, const ProtobufCMessage *answer)
{
    const Shift__HistoryAnswer *history = (const void *)answer;
    if (history->n_people == 0) {
        lq_cli_say("nobody with the badge %s is registered", lq_given_text(cli, "BADGE"));
        return LQ_EXIT_REFUSED;
    }
    struct lq_list_rows rows = {0};
    for (size_t i = 0; i < history->n_people; i++)
        lq_list_add(cli, &rows, &history->people[i]->base);
    return lq_list_print(cli, &(struct lq_list){.columns = HISTORY}, &rows);
}

// What is not given stays as it was when the change happened: the person is asked for first.
static int amend(struct lq_cli *cli)
{
    const char *badge = lq_given_text(cli, "BADGE");
    const Shift__Person *found;
    if (badge == NULL)
        return lq_cli_missing(cli);
    const int code = lq_person_find_at(cli, badge, cli->at_ms, &found);
    if (code != LQ_EXIT_DONE)
        return code;
    if (found == NULL) {
        lq_cli_say("nobody with the badge %s is registered", badge);
        return LQ_EXIT_REFUSED;
    }
    Shift__Person person = *found;
    const uint32_t before = lq_roster_roles_of(&person);
    if (lq_given(cli, "--also"))
        person.n_also = 0; // what is given takes the place of what was
    person.entered = NULL; // of what was; who changes it, the service knows
    lq_given_fill(cli, &person.base);
    const int sent = lq_verb_send(cli, &person.base);
    if (sent == LQ_EXIT_DONE && lq_roster_roles_of(&person) != before)
        lq_cli_say("%s's key still opens as before, until lq key issue %s, where the bus runs, "
                   "makes one for the new role",
                   badge, badge);
    return sent;
}

// ---------------------------------------------------------------- the verbs

static const struct lq_arg NOW[] = {
    LQ_OPTION("--at", "TIME", NULL, LQ_SHOWN, NULL, NULL, .kind = LQ_GLOBAL),
    {0},
};

static const struct lq_arg ON_DUTY[] = {
    LQ_OPTION("--on", "TIME", "at_ms", LQ_SHOWN, "as it was then (default: now)",
              "当时的情况（默认现在）", .kind = LQ_INSTANT),
    {0},
};

static const struct lq_arg NEXT[] = {
    LQ_POSITION("NUMBER", NULL, LQ_MAY, .kind = LQ_TEXT),
    LQ_OPTION("--at", "TIME", NULL, LQ_SHOWN, NULL, NULL, .kind = LQ_GLOBAL),
    {0},
};

static const struct lq_arg ROTA[] = {
    LQ_OPTION("--from", "DATE", NULL, LQ_SHOWN, NULL, NULL, .kind = LQ_DAY),
    LQ_OPTION("--to", "DATE", NULL, LQ_SHOWN, "between these days", "两日之间", .kind = LQ_DAY),
    {0},
};

static const struct lq_arg LIST[] = {
    LQ_POSITION("BADGE", "badge", LQ_MAY),
    LQ_OPTION("--team", "TEAM", "team", LQ_SHOWN, NULL, NULL),
    LQ_OPTION("--group", "GROUP", "group", LQ_SHOWN, NULL, NULL),
    LQ_OPTION("--role", "ROLE", "role", LQ_SHOWN, "only these", "只看这些"),
    LQ_OPTION("--on-duty", NULL, "on_duty", LQ_SHOWN,
              "only who is on duty: without absences, with swaps",
              "只看在岗的：扣除请假，计入调班"),
    LQ_OPTION("--on", "TIME", "at_ms", LQ_SHOWN, "as they were then (default: now)",
              "当时的情况（默认现在）", .kind = LQ_INSTANT),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg PLAN[] = {
    LQ_OPTION("--from", "DATE", NULL, LQ_SHOWN,
              "the first day (default: the one behind the last that is planned)",
              "第一天（默认接在已排的最后一天之后）", .kind = LQ_DAY),
    LQ_OPTION("--to", "DATE", NULL, LQ_MUST, "the last day", "最后一天", .kind = LQ_DAY),
    LQ_OPTION("--at", "TIME", NULL, LQ_MAY, "when it was decided (default: now)",
              "何时决定（默认现在）", .kind = LQ_GLOBAL),
    LQ_OPTION("--first", "GROUP", NULL, LQ_MAY,
              "which group has the first day, where nothing is planned yet",
              "尚无排班时，哪个班组先上白班"),
    LQ_OPTION("--groups", "GROUPS", NULL, LQ_MAY,
              "the groups in their order: A,B (default: as they are planned, or on the roster)",
              "各班组及其次序：甲,乙（默认同已排的，或花名册中的）", .kind = LQ_TEXT),
    LQ_OPTION("--starts", "TIMES", NULL, LQ_MAY, "when the shifts of a day start: 08:00,20:00",
              "一日各班的开始时间：08:00,20:00（默认）", .kind = LQ_TEXT),
    LQ_OPTION("--turn", "WEEKDAY", NULL, LQ_MAY,
              "the weekday on which the groups change: 1 (Monday, default) to 7",
              "每周几轮换：1（周一，默认）至 7", .kind = LQ_NUMBER),
    {0},
};

static const struct lq_arg MOVE[] = {
    LQ_POSITION("NUMBER", NULL, LQ_MUST, .kind = LQ_TEXT),
    LQ_OPTION("--from", "TIME", NULL, LQ_MUST, NULL, NULL, .kind = LQ_INSTANT),
    LQ_OPTION("--to", "TIME", NULL, LQ_MUST, "its new start and end", "新的起止时间",
              .kind = LQ_INSTANT),
    {0},
};

static const struct lq_arg GAPS_ARGS[] = {
    LQ_OPTION("--from", "DATE", "from_day", LQ_SHOWN, NULL, NULL),
    LQ_OPTION("--to", "DATE", "to_day", LQ_SHOWN,
              "between these days (default: from now, as far as is planned)",
              "两日之间（默认自现在起至已排的最后一班）"),
    {0},
};

// Who is new gets a badge where none is given; who is amended has one.
static const struct lq_arg PERSON[] = {
    LQ_POSITION("BADGE", "badge", LQ_MAY),
    LQ_OPTION("--name", "NAME", "name", LQ_ASKED, NULL, NULL),
    LQ_OPTION("--unit", "UNIT", "unit", LQ_MAY, NULL, NULL),
    LQ_OPTION("--phone", "NUMBER", "phone", LQ_MAY, "", ""),
    LQ_OPTION(
        "--role", "ROLE", "role", LQ_ASKED,
        "commander, head, desk, liaison, clerk, inspector, admin, lead, officer,\n"
        "                       reviewer, gateway, supervisor, expert, acceptor, finance",
        "commander 指挥长，head 局负责人，desk 调度台，liaison 公安联络员，clerk "
        "内勤，inspector 督察，\n"
        "                       admin 管理员，lead 组长，officer 组员，reviewer "
        "案审，gateway 视频网关，\n"
        "                       supervisor 督导员，expert 专家，acceptor 验收组，finance 财务"),
    LQ_OPTION("--rank", "RANK", "rank", LQ_MAY, "deputy_lead of a team, desk_chief at the desk",
              "deputy_lead 副组长，desk_chief 值班长"),
    LQ_OPTION("--also", "ROLE", "also", LQ_MAY,
              "a role beside the first; more than once for several", "兼任的职责；可重复"),
    LQ_OPTION("--team", "TEAM", "team", LQ_MAY, "for leads and officers", "组长和组员所在的组"),
    LQ_OPTION("--group", "GROUP", "group", LQ_MAY, "the half of the force that shares its shifts",
              "同班的一半人员"),
    LQ_OPTION("--certificate", "NUMBER", "certificate", LQ_MAY, "of enforcement", "行政执法证号"),
    LQ_OPTION("--certificate-until", "DATE", "certificate_until_day", LQ_MAY,
              "the last day on which it is valid", "执法证有效期的最后一日"),
    {0},
};

static const struct lq_arg ONE[] = {LQ_POSITION("BADGE", "badge", LQ_MUST), {0}};

const struct lq_verb lq_shift_verbs[] = {
    LQ_VERB("shift", "now", "who is on duty, and who is next", "谁在当班，下一班是谁", NOW,
            LQ_ASKS_FOR("shift", "on_duty"), .complete = ask_at, .show = show_on_duty),
    LQ_VERB("shift", "on-duty", "who was on duty at a time, and who came next",
            "某一时刻谁在当班，下一班是谁", ON_DUTY, LQ_ASKS_FOR("shift", "on_duty"),
            .complete = ask_at, .show = show_on_duty),
    LQ_VERB("shift", "next", "who comes next; with a number, what may be done with that shift",
            "下一班是谁；给出编号时，该班次下一步可办什么", NEXT, .service = "shift",
            .asks = LQ_QUERY, .variant = "on_duty", .run = show_next),
    LQ_VERB("shift", "mine", "when you are on duty, or somebody is", "我（或某人）的班次",
            lq_shift_mine_args, LQ_ASKS_FOR("shift", "mine"), .run = lq_shift_mine),
    LQ_VERB("shift", "rota", "the shifts", "排班", ROTA, .run = rota),
    LQ_VERB("shift", "people", "the people of the force", "全体人员", LIST,
            LQ_ASKS_FOR("shift", "people"), .complete = ask_people_at, .columns = PEOPLE),
    LQ_VERB("shift", "show", "since when somebody has been what", "某人自何时任何职、在何组", ONE,
            LQ_ASKS_FOR("shift", "history"), .show = show_history),
    LQ_VERB(
        "shift", "plan", "continue the rota", "继续排班", PLAN,
        .needs = {"up to which day? --to DATE", "排到哪一天？--to"},
        .usage = "--to DATE [--from DATE]",
        .notes =
            {"  Each shift lasts until the next starts; once a week the groups move on by one,\n"
             "  counted on from the last shift that is planned before. Days that are planned "
             "stay.\n",
             "  每班到下一班开始为止；各班组每周轮换一次，从此前已排的最后一班推算。\n"
             "  已排的日子不变。\n"},
        .run = lq_rota_plan),
    LQ_VERB("shift", "preview", "what plan would plan, and where a group would not rest",
            "预览排班及休息不足之处", PLAN,
            .needs = {"up to which day? --to DATE", "排到哪一天？--to"},
            .usage = "--to DATE [--from DATE]", .run = lq_rota_preview),
    LQ_VERB("shift", "gaps", "where nobody is on duty, or fewer than policy.yaml asks for",
            "无人值班或人数不足之处", GAPS_ARGS, LQ_ASKS_FOR("shift", "gaps"), .show = show_gaps),
    LQ_VERB("shift", "move", "move a shift that has not started (a desk chief, a commander)",
            "调整班次时间，限开始之前（值班长、指挥长）", MOVE, .word = "调整", .service = "shift",
            .asks = LQ_COMMAND, .variant = "take_step",
            .needs = {"a move needs --from and --to", "调整班次须有 --from 和 --to"}, .run = move),
    LQ_CALL_ROLL("shift", "roll-call"),
    LQ_VERB("shift", "handover", "freeze, sign, refuse, show or list (lq handover)",
            "交接班：freeze 锁定，sign 签字，refuse 拒签，show 查看，list 历次", NULL,
            .usage = "freeze|sign|refuse|show|list [SHIFT] ...", .line = lq_shift_handover),
    LQ_VERB("shift", "register", "enter somebody", "登记人员", PERSON,
            LQ_SENDS("shift", "register_person"), .more = true),
    LQ_ASK_ABSENCE("shift", "ask-absence"),
    LQ_ASK_SWAP("shift", "ask-swap"),
    LQ_VERB("shift", "leave", "somebody leaves the force (离队); lq key revoke takes the key",
            "人员离队；密钥另用 lq key revoke 吊销", ONE, LQ_SENDS("shift", "leave_person")),
    LQ_VERB("shift", "amend", "change what is entered; the rest stays", "更改登记，其余不变",
            PERSON, LQ_SENDS("shift", "amend_person"), .usage = "BADGE ...", .run = amend),
    {0},
};
