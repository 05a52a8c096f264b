// The figures: one row each, and everything that lq says of a figure comes from it.
#include "lq/stats/stats.h"

// X(name in the enum, key, term, column, what else there is)
#define EACH_FIGURE(X)                                                                             \
    X(OPERATIONS, "operations", "行动", "OPERATIONS", .kinds = false)                              \
    X(PERSON_TIMES, "person_times", "出动人次", "PERSON-TIMES", .kinds = false)                    \
    X(VEHICLE_TIMES, "vehicle_times", "车辆次", "VEHICLES", .kinds = false)                        \
    X(MACHINE_TIMES, "machine_times", "机械台次", "MACHINES", .kinds = false)                      \
    X(DISMANTLED, "dismantled", "拆除", "DISMANTLED", .kinds = true)                               \
    X(SEALED, "sealed", "封存", "SEALED", .kinds = true)                                           \
    X(SHUT_DOWN, "shut_down", "取缔", "SHUT DOWN", .kinds = true)                                  \
    X(NOTICES, "notices", "整改通知单", "NOTICES", .kinds = false)                                 \
    X(CASES_FILED, "cases_filed", "立案", "FILED", .group = "cases", .member = "filed")            \
    X(CASES_SOLVED, "cases_solved", "破案", "SOLVED", .group = "cases", .member = "solved")        \
    X(DETAINED, "detained", "刑事拘留", "DETAINED", .group = "persons")                            \
    X(ARREST_APPROVED, "arrest_approved", "批准逮捕", "APPROVED", .group = "persons")              \
    X(CAPTURED, "captured", "抓获逃犯", "CAPTURED", .group = "persons")                            \
    X(LISTED_WANTED, "listed_wanted", "上网追逃", "LISTED", .group = "persons")                    \
    X(LEDGER, "ledger", "台账", NULL, .kinds = true)

#define FIGURE(_name, _key, _term, _column, ...)                                                   \
    [STATS__FIGURE__##_name] = {.term = (_term), .column = (_column), __VA_ARGS__},
#define KEY(_name, _key, _term, _column, ...) [STATS__FIGURE__##_name] = (_key),

static const struct stats_figure FIGURES[] = {{.term = ""}, EACH_FIGURE(FIGURE)};
enum { FIGURE_COUNT = sizeof FIGURES / sizeof *FIGURES };

const char *const lq_stats_keys[FIGURE_COUNT + 1] = {"figure_unspecified", EACH_FIGURE(KEY)};

const struct stats_figure *lq_stats_figure(Stats__Figure figure)
{
    return &FIGURES[(size_t)figure < FIGURE_COUNT ? figure : 0];
}
