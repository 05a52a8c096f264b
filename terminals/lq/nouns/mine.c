// lq shift mine: when somebody is on duty, without his absences and with what he has swapped.
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/time.h"
#include "lq/nouns/duty.h"
#include "lq/nouns/ics.h"
#include "lq/show/list.h"
#include "lq/show/show.h"
#include "shift.pb-c.h"

enum { PAGE_ROWS = 500 };

static const struct lq_column DUTIES[] = {
    LQ_COLUMN("SHIFT", "班次", "shift", .whole = true),
    LQ_COLUMN("GROUP", "班组", "group", .whole = true),
    LQ_COLUMN("FROM", "起", "from_ms", .whole = true),
    LQ_COLUMN("TO", "止", "to_ms", .whole = true),
    LQ_COLUMN("SWAP", "调班", "swap", .whole = true),
    {0},
};

const struct lq_arg lq_shift_mine_args[] = {
    LQ_POSITION("BADGE", NULL, LQ_MAY),
    LQ_OPTION("--from", "DATE", NULL, LQ_SHOWN, "from this day on (default: today)",
              "自此日起（默认今天）", .kind = LQ_DAY),
    LQ_OPTION("--to", "DATE", NULL, LQ_SHOWN, "until this day (default: as far as is planned)",
              "至此日止（默认至已排的最后一天）", .kind = LQ_DAY),
    LQ_OPTION("--ics", "FILE", NULL, LQ_MAY, "write a calendar (iCalendar) in place of the list",
              "写成日历文件，不列表", .kind = LQ_TEXT),
    {0},
};

static int ask(struct lq_cli *cli, Shift__Mine *mine, const Shift__MineAnswer **told)
{
    Shift__Query query = SHIFT__QUERY__INIT;
    query.body_case = SHIFT__QUERY__BODY_MINE;
    query.mine = mine;
    ProtobufCMessage *message;
    const int code = lq_cli_query(cli, "shift", &query.base, &shift__answer__descriptor, &message);
    if (code == LQ_EXIT_DONE)
        *told = ((const Shift__Answer *)message)->mine;
    return code;
}

// A page begins with the day on which the last shift began; what was read is passed over.
static int read_all(struct lq_cli *cli, Shift__Mine *mine, struct lq_list_rows *rows,
                    const Shift__MineAnswer **told)
{
    int64_t behind = INT64_MIN;
    for (bool more = true; more;) {
        const int code = ask(cli, mine, told);
        if (code != LQ_EXIT_DONE)
            return code;
        const size_t before = rows->count;
        for (size_t i = 0; i < (*told)->n_duties; i++) {
            if ((*told)->duties[i]->from_ms <= behind)
                continue;
            behind = (*told)->duties[i]->from_ms;
            mine->from_day = lq_day_of(behind);
            lq_list_add(cli, rows, &(*told)->duties[i]->base);
        }
        more = (*told)->more && rows->count > before;
    }
    return LQ_EXIT_DONE;
}

// The same shift keeps its uid when it is moved: the calendar moves it, too.
static int write_calendar(struct lq_cli *cli, const Shift__MineAnswer *of,
                          const struct lq_list_rows *rows, const char *path)
{
    const char *night = lq_tr("night"), *day = lq_tr("day");
    struct lq_ics ics = lq_ics_begin(
        &cli->arena, lq_arena_format(&cli->arena, lq_tr("duty of %s %s"), of->badge, of->name));
    for (size_t i = 0; i < rows->count; i++) {
        const Shift__Duty *duty = (const void *)rows->rows[i];
        const char *name = strcmp(duty->name, "night") == 0 ? night
                           : strcmp(duty->name, "day") == 0 ? day
                                                            : duty->name;
        const bool again =
            i > 0 &&
            strcmp(((const Shift__Duty *)(const void *)rows->rows[i - 1])->shift, duty->shift) == 0;
        lq_ics_add(
            &ics,
            &(struct lq_ics_event){
                .uid = lq_arena_format(&cli->arena, again ? "%s-%s-%zu@lianqin" : "%s-%s@lianqin",
                                       duty->shift, of->badge, i),
                .summary =
                    lq_arena_format(&cli->arena, lq_tr("on duty: %s, group %s"), name, duty->group),
                .description = duty->swap[0] == '\0'
                                   ? ""
                                   : lq_arena_format(&cli->arena, lq_tr("by swap %s"), duty->swap),
                .from_ms = duty->from_ms,
                .to_ms = duty->to_ms,
                .made_ms = lq_wall_ms()});
    }
    const enum lq_status status = lq_file_replace(path, lq_ics_end(&ics), 0644);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (!cli->quiet)
        lq_cli_say("%zu shifts written to %s", rows->count, path);
    return LQ_EXIT_DONE;
}

int lq_shift_mine(struct lq_cli *cli)
{
    const char *badge = lq_given_text(cli, "BADGE"), *path = lq_given_text(cli, "--ics");
    Shift__Mine mine = SHIFT__MINE__INIT;
    mine.badge = lq_unconst(badge != NULL ? badge : "");
    mine.from_day =
        lq_given(cli, "--from") ? (int32_t)lq_given_number(cli, "--from") : lq_day_of(lq_wall_ms());
    mine.to_day = (int32_t)lq_given_number(cli, "--to");
    mine.limit = PAGE_ROWS;
    struct lq_list_rows rows = {.type = &shift__duty__descriptor};
    const Shift__MineAnswer *told;
    const int code = read_all(cli, &mine, &rows, &told);
    if (code != LQ_EXIT_DONE)
        return code;
    if (told->name[0] == '\0') {
        lq_cli_say("nobody with the badge %s is registered", told->badge);
        return LQ_EXIT_REFUSED;
    }
    if (path != NULL)
        return write_calendar(cli, told, &rows, path);
    return lq_list_print(cli, &(struct lq_list){.columns = DUTIES}, &rows);
}
