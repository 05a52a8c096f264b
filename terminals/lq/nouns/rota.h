// The rota: reading all of it, and continuing it by a pattern.
#pragma once

#include "lq/show/list.h"
#include "shift.pb-c.h"

// All shifts (Shift__Shift) between two days, 0 for no bound, in their order. Gives the exit code.
int lq_rota_read(struct lq_cli *cli, int32_t from, int32_t to, struct lq_list_rows *rows);

// Who has which shift (轮班): the shifts of a day follow each other, each until the next begins,
// and once a week the groups move on by one. With two groups and two shifts they swap.
enum { LQ_ROTA_GROUPS = 8, LQ_ROTA_SHIFTS = 3 };
struct lq_rota_pattern {
    const char *groups[LQ_ROTA_GROUPS];
    unsigned group_count;
    int32_t starts_min[LQ_ROTA_SHIFTS]; // of the day, rising
    unsigned shift_count;
    int32_t turn; // the weekday on which the groups move on; 0: Monday
};

// What a pattern calls its shifts: "day", "night"; of three also "evening".
const char *lq_rota_shift_name(const struct lq_rota_pattern *pattern, unsigned shift);

// The group that has this shift on that day, counted on from a shift that is known, whose group is
// one of the pattern's.
const char *lq_rota_group(const struct lq_rota_pattern *pattern, const Shift__Shift *known,
                          int32_t day, unsigned shift);

// The pattern that the options say (--groups, --starts, --turn), and where they do not: the groups
// of the shifts that are planned, else those of the roster; 08:00 and 20:00; Monday. Gives the exit
// code; what is wrong was told.
int lq_rota_read_pattern(struct lq_cli *cli, const struct lq_list_rows *planned,
                         struct lq_rota_pattern *pattern);

// Is it one of the pattern's groups?
bool lq_rota_is_group(const struct lq_rota_pattern *pattern, const char *group);

// "A, B": the pattern's groups.
const char *lq_rota_groups_text(struct lq_cli *cli, const struct lq_rota_pattern *pattern);

// lq shift plan; and what it would plan
int lq_rota_plan(struct lq_cli *cli);
int lq_rota_preview(struct lq_cli *cli);

// Says where a group rests less than eight hours between a shift of the second list and another:
// that is planned all the same.
void lq_rota_warn(const struct lq_list_rows *planned, const struct lq_list_rows *made);

extern const struct lq_column lq_rota_columns[];
