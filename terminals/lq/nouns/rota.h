// The rota: reading all of it, and continuing it by the campaign's rule.
#pragma once

#include "lq/show/list.h"
#include "shift.pb-c.h"

// All shifts (Shift__Shift) between two days, 0 for no bound, in their order. Gives the exit code.
int lq_rota_read(struct lq_cli *cli, int32_t from, int32_t to, struct lq_list_rows *rows);

// The two groups by who has the day in the week (Monday to Sunday) of `day`.
struct lq_rota_week {
    const char *on_day, *on_night;
};

// The week of `day`, counted on from a shift that is known: the groups swap every Monday. The
// known shift's group is one of `groups`.
struct lq_rota_week lq_rota_week(const Shift__Shift *known, const char *const groups[2],
                                 int32_t day);

// lq shift plan; and what it would plan
int lq_rota_plan(struct lq_cli *cli);
int lq_rota_preview(struct lq_cli *cli);

// Says where a group rests less than eight hours between a shift of the second list and another:
// that is planned all the same.
void lq_rota_warn(const struct lq_list_rows *planned, const struct lq_list_rows *made);

extern const struct lq_column lq_rota_columns[];
