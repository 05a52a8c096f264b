// The figures: one row each, and everything that lq says of a figure comes from it.
#include "lq/stats/stats.h"

// X(name in the enum, key, term, what else there is)
#define EACH_FIGURE(X)                                                                             \
    X(OPERATIONS, "operations", "行动", .teams = true)                                             \
    X(PERSON_TIMES, "person_times", "出动人次", .teams = true)                                     \
    X(VEHICLE_TIMES, "vehicle_times", "车辆次", .kinds = false)                                    \
    X(MACHINE_TIMES, "machine_times", "机械台次", .kinds = false)                                  \
    X(DISMANTLED, "dismantled", "拆除", .kinds = true)                                             \
    X(SEALED, "sealed", "封存", .kinds = true)                                                     \
    X(SHUT_DOWN, "shut_down", "取缔", .kinds = true)                                               \
    X(NOTICES, "notices", "整改通知单", .kinds = false)                                            \
    X(CASES_FILED, "cases_filed", "立案", .group = "cases", .member = "filed")                     \
    X(CASES_SOLVED, "cases_solved", "破案", .group = "cases", .member = "solved")                  \
    X(DETAINED, "detained", "刑事拘留", .group = "persons")                                        \
    X(ARREST_APPROVED, "arrest_approved", "批准逮捕", .group = "persons")                          \
    X(CAPTURED, "captured", "抓获逃犯", .group = "persons")                                        \
    X(LISTED_WANTED, "listed_wanted", "上网追逃", .group = "persons")                              \
    X(LEDGER, "ledger", "台账", .kinds = true)                                                     \
    X(MEETINGS, "meetings", "联席会议", .group = "oversight")                                      \
    X(ISSUES_RAISED, "issues_raised", "提出问题", .group = "oversight")                            \
    X(ISSUES_SOLVED, "issues_solved", "解决问题", .group = "oversight")                            \
    X(INTERVIEWS, "interviews", "约谈", .group = "oversight")                                      \
    X(LEADS, "leads", "举报线索", .group = "supervision")                                          \
    X(CAMERAS, "cameras", "视频监控", .group = "supervision")                                      \
    X(GRANTS, "grants", "资金拨付", .group = "supervision")

#define FIGURE(_name, _key, _term, ...) [STATS__FIGURE__##_name] = {.term = (_term), __VA_ARGS__},
#define KEY(_name, _key, _term, ...) [STATS__FIGURE__##_name] = (_key),

static const struct stats_figure FIGURES[] = {{.term = ""}, EACH_FIGURE(FIGURE)};
enum { FIGURE_COUNT = sizeof FIGURES / sizeof *FIGURES };

const char *const lq_stats_keys[FIGURE_COUNT + 1] = {"figure_unspecified", EACH_FIGURE(KEY)};

const struct stats_figure *lq_stats_figure(Stats__Figure figure)
{
    return &FIGURES[(size_t)figure < FIGURE_COUNT ? figure : 0];
}
