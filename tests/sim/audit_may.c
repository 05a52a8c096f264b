// Who may do what, written down a second time from the tables in services/*/README.md.
#include <stdio.h>

#include "sim/audit_parts.h"

#define CMD ROLE_BIT(COMMANDER)
#define DESK ROLE_BIT(DESK)
#define LIA ROLE_BIT(LIAISON)
#define CLERK ROLE_BIT(CLERK)
#define INSP ROLE_BIT(INSPECTOR)
#define ADMIN ROLE_BIT(ADMIN)
#define LEAD ROLE_BIT(LEAD)
#define OFFICER ROLE_BIT(OFFICER)
#define SERVICE ROLE_BIT(SERVICE)
#define FIN ROLE_BIT(FINANCE)
#define HEAD ROLE_BIT(HEAD)
#define SUPERVISOR ROLE_BIT(SUPERVISOR)
#define GATE ROLE_BIT(GATEWAY)

static struct {
    const char *service;
    int kind; // 4 a command, 5 a query
    const char *member;
    uint32_t who, behalf;
    uint64_t accepted, rejected; // so far
} rows[] = {
    {"shift", 4, "register_person", ADMIN | CLERK, 0, 0, 0},
    {"shift", 4, "amend_person", ADMIN | CLERK, 0, 0, 0},
    {"shift", 4, "leave_person", ADMIN | CLERK, 0, 0, 0},
    {"shift", 4, "plan_shift", CMD | DESK | CLERK | ADMIN, 0, 0, 0},
    {"monitor", 4, "register_channel", CLERK | DESK, 0, 0, 0},
    {"monitor", 4, "retire_channel", CLERK | DESK, 0, 0, 0},
    {"monitor", 4, "void_record", CLERK | DESK, 0, 0, 0},
    {"monitor", 4, "alive", GATE, 0, 0, 0},
    {"ledger", 4, "register_premises", CLERK | ADMIN | DESK, 0, 0, 0},
    {"ledger", 4, "assign_supervisor", CLERK | CMD, 0, 0, 0},
    {"ledger", 4, "replace_supervisor", CLERK | CMD, 0, 0, 0},
    {"ledger", 4, "stand_in", CLERK | CMD, 0, 0, 0},
    {"ledger", 4, "ask_acceptance", LEAD | CLERK, 0, 0, 0},
    {"ledger", 4, "arrive_post", SUPERVISOR | CLERK | DESK, 0, 0, 0},
    {"ledger", 4, "leave_post", SUPERVISOR | CLERK | DESK, 0, 0, 0},
    {"ledger", 4, "take_step", ROLE_PERSON, CLERK, 0, 0},
    {"ledger", 4, "decide_limit", HEAD, CLERK, 0, 0},
    {"ledger", 4, "record_step", CLERK | DESK | LEAD | CMD, 0, 0, 0},
    {"dispatch", 4, "issue_order", DESK | CMD, CLERK, 0, 0},
    {"dispatch", 4, "report_step", LEAD, DESK | CLERK, 0, 0},
    {"dispatch", 4, "decline_order", LEAD, DESK | CLERK, 0, 0},
    {"dispatch", 4, "mark_seen", LEAD | OFFICER, 0, 0, 0},
    {"dispatch", 4, "cancel_order", DESK | CMD, CLERK, 0, 0},
    {"dispatch", 4, "record_participant", LEAD | DESK | CLERK, CLERK, 0, 0},
    {"dispatch", 4, "freeze_handover", DESK | CMD, CLERK, 0, 0},
    {"dispatch", 4, "sign_handover", DESK | CMD, CLERK, 0, 0},
    {"dispatch", 4, "refuse_handover", DESK | CMD, CLERK, 0, 0},
    {"dispatch", 4, "amend_order", DESK | CMD, CLERK, 0, 0},
    {"dispatch", 4, "call_for_help", LEAD | DESK | CMD, DESK | CLERK, 0, 0},
    {"dispatch", 4, "record_crew", LEAD | DESK | CLERK, CLERK, 0, 0},
    {"dispatch", 4, "take_clock", ROLE_PERSON, DESK | CLERK, 0, 0},
    {"dispatch", 4, "recount_clocks", ADMIN, 0, 0, 0},
    {"dispatch", 4, "attach", ROLE_PERSON, DESK | CLERK, 0, 0},
    {"seizure", 4, "take_item", LEAD | OFFICER, CLERK | DESK, 0, 0},
    {"seizure", 4, "extend_seal", CMD | HEAD, CLERK, 0, 0},
    {"seizure", 4, "release_seal", CMD | HEAD, CLERK, 0, 0},
    {"seizure", 4, "take_step", ROLE_PERSON, CLERK | DESK, 0, 0},
    {"seizure", 4, "close_site", LEAD | CMD, CLERK | DESK, 0, 0},
    {"seizure", 4, "cut_power", LEAD | OFFICER | CMD, CLERK | DESK, 0, 0},
    {"seizure", 4, "take_clock", ROLE_PERSON, CLERK | DESK, 0, 0},
    {"seizure", 4, "pause_clock", LEAD | OFFICER | CMD | HEAD, CLERK | DESK, 0, 0},
    {"seizure", 4, "recount_clocks", ADMIN, 0, 0, 0},
    {"seizure", 4, "issue_paper", ROLE_PERSON, CLERK | DESK, 0, 0}, // who: audit_papers.c
    {"seizure", 4, "serve_paper", ROLE_PERSON, CLERK | DESK, 0, 0},
    {"ledger", 4, "issue_paper", ROLE_PERSON, 0, 0, 0},
    {"ledger", 4, "serve_paper", ROLE_PERSON, 0, 0, 0},
    {"dispatch", 4, "issue_paper", ROLE_PERSON, CLERK, 0, 0},
    {"dispatch", 4, "serve_paper", ROLE_PERSON, CLERK, 0, 0},
    {"stats", 4, "publish_bulletin", CLERK, 0, 0, 0},
    {"stats", 4, "take_step", CMD | CLERK, 0, 0, 0},
    {"stats", 4, "issue_paper", ROLE_PERSON, 0, 0, 0},
    {"stats", 4, "serve_paper", ROLE_PERSON, 0, 0, 0},
    {"casefile", 4, "issue_notice", LEAD | OFFICER | DESK | LIA, CLERK, 0, 0},
    {"casefile", 4, "open_case", LIA, CLERK, 0, 0},
    {"casefile", 4, "file_case", LIA, CLERK, 0, 0},
    {"casefile", 4, "solve_case", LIA, CLERK, 0, 0},
    {"casefile", 4, "identify_suspect", LIA, CLERK, 0, 0},
    {"casefile", 4, "record_suspect_step", LIA, CLERK, 0, 0},
    {"casefile", 4, "take_step", ROLE_PERSON, CLERK, 0, 0},
    {"casefile", 4, "correct", LEAD | OFFICER | DESK | LIA | HEAD | CMD, CLERK, 0, 0},
    {"casefile", 4, "void_record", LEAD | OFFICER | DESK | LIA | HEAD | CMD, CLERK, 0, 0},
    {"tips", 4, "record_tip", CLERK | DESK | LIA, 0, 0, 0},
    {"tips", 4, "take_step", CLERK | DESK | LIA | HEAD, CLERK | DESK, 0, 0},
    {"tips", 4, "register_volunteer", CLERK | DESK, 0, 0, 0},
    {"tips", 5, "tips", CMD | DESK | LIA | CLERK | INSP | HEAD | SERVICE, 0, 0, 0},
    {"casefile", 5, "readings", INSP, 0, 0, 0},
    {"tips", 5, "readings", INSP, 0, 0, 0},
    {"evidence", 5, "readings", INSP, 0, 0, 0},
    {"fund", 4, "set_budget", CMD | FIN, CLERK, 0, 0},
    {"fund", 4, "propose_grant", CLERK | FIN | CMD, 0, 0, 0},
    {"fund", 4, "take_step", CMD | HEAD | FIN, CLERK, 0, 0},
    {"fund", 5, "budgets", CMD | HEAD | CLERK | INSP | FIN | SERVICE, 0, 0, 0},
    {"fund", 5, "grants", CMD | HEAD | CLERK | INSP | FIN | SERVICE, 0, 0, 0},
    {"oversight", 4, "record_meeting", CMD | DESK | CLERK, 0, 0, 0},
    {"oversight", 4, "record_issue", CMD | DESK | CLERK, 0, 0, 0},
    {"oversight", 4, "record_interview", CMD | DESK | CLERK | INSP, 0, 0, 0},
    {"oversight", 4, "assign_task", CMD | DESK | CLERK | INSP, CLERK | DESK, 0, 0},
    {"oversight", 4, "take_step", ROLE_PERSON, CLERK | DESK, 0, 0},
    {"evidence", 4, "open_file", ROLE_PERSON, 0, 0, 0},
    {"evidence", 4, "keep_chunk", ROLE_PERSON, 0, 0, 0},
    {"evidence", 4, "drop_upload", ROLE_PERSON | SERVICE, 0, 0, 0},
};

static const char *member_of(const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const uint32_t set = *(const uint32_t *)(const void *)((const char *)message +
                                                               type->fields[i].quantifier_offset);
        if (set == type->fields[i].id)
            return type->fields[i].name;
    }
    return "";
}

bool audit_may(const char *service, int kind, const ProtobufCMessage *message, uint32_t roles,
               bool behalf)
{
    if (message == NULL)
        return false;
    const char *member = member_of(message);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].kind == kind && strcmp(rows[i].service, service) == 0 &&
            strcmp(rows[i].member, member) == 0)
            return (roles & (behalf ? rows[i].behalf : rows[i].who)) != 0;
    // What is not in the table: people may read everything, and command nothing that is a
    // service's own.
    for (const struct audit_kind *k = audit_kinds; k->name != NULL; k++)
        if (strcmp(k->name, service) == 0)
            return (kind == 5 && (roles & ~GATE) != 0) || (roles & SERVICE) != 0;
    return true; // a service that the auditor does not know
}

void audit_tally(const char *service, const ProtobufCMessage *command, bool accepted)
{
    const char *member = command == NULL ? "" : member_of(command);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].service, service) == 0 && strcmp(rows[i].member, member) == 0 &&
            rows[i].kind == 4) {
            rows[i].accepted += accepted;
            rows[i].rejected += !accepted;
        }
}

bool audit_survey(void)
{
    bool all = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].kind != 4)
            continue;
        printf("%-10s %-22s accepted %8llu  rejected %8llu\n", rows[i].service, rows[i].member,
               (unsigned long long)rows[i].accepted, (unsigned long long)rows[i].rejected);
        all = all && rows[i].accepted >= 100 && rows[i].rejected > 0;
    }
    return all;
}

uint32_t audit_roles_of(const struct audit_stream *stream, const char *badge, int64_t at_ms)
{
    const struct audit_person *person = audit_person_at(&stream->roster, badge, at_ms);
    if (person == NULL || person->role == 0)
        return 0;
    return 1U << person->role | (person->rank == SHIFT__RANK__DEPUTY_LEAD ? LEAD : 0);
}
