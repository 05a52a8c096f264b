// policy.yaml: what the county may choose and no law sets.
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "config/forms.h"
#include "law/law.h"

// What is plausible; more is taken for a slip of the pen. The last five are in days ahead of the
// day of the act.
struct lq_limits {
    int64_t vehicles, machines, teams, participants; // of one order
    int64_t meeting_issues;                          // raised at one meeting
    int64_t channels;                                // of video that are in use
    int64_t reward_yuan;                             // for one tip
    int64_t budget_yuan;                             // put aside for one line in a year
    int64_t notice_days;                             // until a correction notice is due
    int64_t issue_days;                              // until a meeting's issue is due
    int64_t deadline_days;                           // until the deadline of premises
    int64_t shift_days;                              // until a shift that is planned starts
    int32_t earliest_day;                            // before which nothing can have been done
};

// What premises need to be accepted, beside having asked.
struct lq_acceptance {
    int64_t signatures, experts; // how many of the acceptance line, of which so many experts
    int64_t video_hours;         // for how long each camera must have answered; 0: need not
};

// Within which all premises lie, in degrees × 10^7. No latitude in it is a longitude in it.
struct lq_county {
    int32_t north_e7, south_e7, east_e7, west_e7;
};

// How many people of a unit, or of a role ("lead"), must be on duty at any time of a shift.
struct lq_minimum {
    const char *of;
    int64_t count;
};

// A line of what no task is closed without (几不放过), in the county's words.
struct lq_line {
    const char *zh, *en;
};

// What the county's own measures grant (资金), in yuan.
struct lq_fund_policy {
    int64_t camera_yuan; // for the cameras of premises, once
};

struct lq_policy {
    const char *revision;
    int64_t future_tolerance_ms; // how far a sender's clock may be ahead of ours
    int64_t clock_leap_ms;       // by how much the clock may leap (base/leap.h); 0: by anything
    int64_t causal_wait_ms;      // how long a request waits for what its sender has seen
    int64_t batch_max;           // commands in one transaction
    int64_t fetch_max;           // events in one answer to a Fetch
    int64_t fetch_wait_max_ms;   // how long a Fetch may be parked
    int64_t
        journal_refuse_percent;   // of the journal's largest size, above which commands are refused
    int64_t disk_refuse_free_mib; // free on its disk, below which they are refused; 0: not for that
    struct lq_limits limits;
    struct lq_fund_policy fund;
    struct lq_acceptance acceptance;
    struct lq_county county;
    const struct lq_minimum *minimum;
    size_t minimum_count;

    const struct lq_line *no_let_go; // what is answered before a task is closed
    size_t no_let_go_count;

    // The terms that the county sets for its own work ("OP-ACK"), and what rings when.
    const struct lq_clock *terms;
    size_t term_count;
    struct lq_clock_marks marks_of_days, marks_of_hours; // of terms that have none of their own

    int64_t live_window_ms; // what the office enters later than that is a record from paper
    int64_t paper_grace_ms; // how long until a term from paper that is over already rings
    const char *const *paper_clocks; // statutory terms that run for records from paper, too
    size_t paper_clock_count;

    // The forms of papers: those that are compiled in, unless whoever reads the policy has read
    // forms.yaml, too; and whose papers they are (agency NULL: the file does not say).
    const struct lq_forms *forms;
    struct lq_paper_names papers;
};

// Reads the file over the defaults that are compiled in; `revision` must be given, every other key
// that is absent keeps its default. A NULL path gives the defaults alone. Texts live in the arena.
// LQ_E_MISSING if there is no such file, LQ_E_INPUT, LQ_E_IO.
LQ_MUST_CHECK enum lq_status lq_policy_load(const char *path, struct lq_arena *arena,
                                            struct lq_policy *out);

// Whose papers they are: as policy.yaml says, or else a forms.yaml of before, or else, of any county,
// as the Environmental Protection Law (art. 10), the Administrative Reconsideration Law (art. 12) and
// the Administrative Litigation Law call them.
static inline const struct lq_paper_names *lq_paper_names(const struct lq_policy *policy)
{
    static const struct lq_paper_names OF_ANY_COUNTY = {
        .agency = "环境保护主管部门",
        .abbreviation = "环",
        .government = "本级人民政府",
        .superior = "上一级环境保护主管部门",
        .court = "有管辖权的人民法院",
        .public_security = "公安机关",
    };
    const struct lq_paper_names *older = &policy->forms->names;
    if (policy->papers.agency != NULL)
        return &policy->papers;
    return older->agency != NULL ? older : &OF_ANY_COUNTY;
}
