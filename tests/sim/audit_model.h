// The model: the field as the journals of its services have it, and what figures must say of it.
#pragma once

#include "dispatch.pb-c.h"
#include "ledger.pb-c.h"
#include "rules.pb-c.h"
#include "sim/audit.h"
#include "sim/audit_stream.h"

enum { AUDIT_TEAMS = 8 };

// One of the two supervisors of premises, from then until then (0: no end is known).
enum { AUDIT_POSTED = 256 };
struct audit_posted {
    const char *number, *stands_in_for;
    int64_t from_ms, to_ms;
};

struct audit_premises {
    const char *township;
    uint32_t standing, status;
    int64_t since_ms;
    struct audit_posted posted[AUDIT_POSTED];
    unsigned posted_count;
    const char *there[2 * AUDIT_POSTED]; // who is at the post
    unsigned there_count;
    struct audit_acceptance *acceptance; // that was asked for; NULL: none
};

// Who has signed for premises, and how many of them as experts.
enum { AUDIT_SIGNED = 16 };
struct audit_acceptance {
    const char *premises, *signers[AUDIT_SIGNED];
    unsigned signed_count, experts;
    bool passed;
};

struct audit_order_note {
    const char *target;
    int64_t issued_ms;
    bool cancelled;
};

struct audit_team {
    const char *name;
    uint32_t step;
    int64_t last_ms, departed_ms;
    int64_t answered_ms; // acknowledged, or else declined; 0: silent
    bool declined, delivered, read;
};

struct audit_order {
    int64_t issued_ms;
    const char *target, *township, *desk;
    uint32_t priority;
    struct audit_team teams[AUDIT_TEAMS];
    size_t team_count;
    unsigned work; // done on it and not released, as far as dispatch has heard
    bool cancelled;
};

// An item that is sealed, as far as dispatch has heard.
struct audit_sealed {
    const char *order;
    bool released;
};

struct audit_item {
    bool sealed, released; // the latter: it is not in force any more
    bool unratified, asked, police_unasked, linked, case_from_paper;
    int64_t at_ms, since_ms; // taken; as it is
    const char *state, *order, *officer;
};

struct audit_notice {
    int64_t issued_ms;
    const char *township, *finding;
    bool voided;
    const char *state; // of its steps
    int64_t since_ms;  // when it came into it; 0: with its issue
};

struct audit_case {
    bool filed, solved, from_paper;
    int64_t opened_ms, filed_ms;
    const char *order;
};

struct audit_suspect {
    const char *of, *name, *actor; // who entered it
    uint32_t step;
    int64_t since_ms;
};

struct audit_meeting {
    uint32_t open;  // issues that it counts as raised and not resolved
    uint32_t tasks; // given out for these
};

struct audit_tip {
    const char *state;
    int64_t since_ms;
};

struct audit_task {
    const char *owner, *state;
    const char *meeting; // whose issue it is; NULL: none's
    int64_t since_ms, reported_ms;
    int32_t due_day;
};

// A decision on production.
struct audit_limit {
    const char *premises, *handler, *state;
    unsigned kind;
    int64_t since_ms, completed_ms;
    bool planned, revisited;
};

// Something that counts, as it must stand in stats.
struct audit_entry_due {
    uint32_t figure;
    int32_t day, amount;
    const char *kind, *number, *township, *team;
    const Dispatch__OrderIssued *order; // of an operation: whose teams
    int64_t known_ms;                   // when the record was written
};

struct audit_booking {
    struct audit_entry_due entries[40];
    size_t count;
};

// What is booked of one figure and kind, or of its part, day by day.
struct audit_series {
    uint32_t figure, by;
    struct audit_day_sum {
        int32_t day;
        int64_t sum, known_ms;
    } * days;
    size_t count, room;
};

struct audit {
    struct audit_policy policy;
    struct audit_block *blocks;
    struct audit_stream streams[AUDIT_STREAMS];
    unsigned stream_count;
    // the field, as its services' journals have it
    struct audit_map orders;           // audit_order
    struct audit_map sealed;           // item -> audit_sealed, as dispatch has heard
    struct audit_map participants;     // order, badge -> the team's name
    struct audit_map items;            // audit_item
    const struct audit_asked *asking;  // whose query is being answered
    struct audit_map handovers, calls; // audit_desk.c; call -> bool: open
    struct audit_desk {
        const char *badge; // who signed for it last; NULL: nobody
        int64_t since_ms;
    } desk;
    struct audit_map channels; // audit_monitor.c
    struct audit_gateway {
        int64_t last_ms; // of its last report
        bool silent;     // that was noticed
        uint32_t bits;   // that were given
    } gateway;
    struct audit_map acceptances;  // number -> audit_acceptance
    struct audit_map clocks;       // "item/I1/SZ6/1" -> audit_clock (audit_clocks.c)
    struct audit_map papers;       // audit_paper (audit_papers.c)
    struct audit_map paper_counts; // "inventory/2015" -> how many
    struct audit_map bulletins;    // audit_bulletin (audit_papers.c)
    struct audit_map power_cuts;   // audit_power (audit_basis.c)
    struct audit_map money;        // audit_fund.c
    struct audit_map seals, closed_sites, tips, interviews, issues;
    struct audit_map meetings; // audit_meeting
    struct audit_map tasks;    // audit_task (audit_tasks.c)
    struct audit_map limits;   // audit_limit (audit_limits.c)
    struct audit_map uploads;  // by hash (audit_evidence.c)
    struct audit_map attached; // order, hash -> nothing
    struct audit_map notices;  // audit_notice
    struct audit_map cases;    // audit_case
    struct audit_map suspects; // audit_suspect
    // stats
    struct audit_map counted;   // figure, number
    struct audit_map unsettled; // order -> audit_booking
    struct audit_map series;    // by, figure, kind, part -> audit_series
};
