// The table of ledgers: the one place that says which files there are, which columns they have, and
// what becomes of them. fields.c fills the commands as it says.
#include "lq/import/ledgers.h"

#include "casefile.pb-c.h"
#include "dispatch.pb-c.h"
#include "envelope.pb-c.h"
#include "ledger.pb-c.h"
#include "oversight.pb-c.h"
#include "seizure.pb-c.h"
#include "shift.pb-c.h"
#include "tips.pb-c.h"

static const struct ledger_choice SEAL_EVENTS[] = {
    {"extended", "extend_seal"}, {"released", "release_seal"}, {0}};

static const struct ledger_choice CASE_EVENTS[] = {
    {"filed", "file_case"}, {"solved", "solve_case"}, {0}};

// In the name of one of the two officers; which two it takes is the service's rule.
static void act_of_officer(struct ledger_row *row, struct ledger_act *act)
{
    enum { OFFICER_1 = 6, OFFICER_2 = 7 };
    const bool second = row->fields[OFFICER_1][0] == '\0' && row->fields[OFFICER_2][0] != '\0';
    act->on_behalf_of = import_field_text(row, second ? OFFICER_2 : OFFICER_1);
}

// The start of a ledger: its file, service and command.
#define LEDGER(_file, _service, _variant)                                                          \
    .file = (_file), .service = #_service, .command = &_service##__command__descriptor,            \
    .variant = (_variant)

// The columns: heading, member of the message, kind; then what else there is (.mark = ...).
#define COLUMN(_heading, _member, _kind, ...)                                                      \
    {                                                                                              \
        .heading = (_heading), .member = (_member), .kind = (_kind), __VA_ARGS__                   \
    }
#define WHEN(_heading) COLUMN(_heading, NULL, FIELD_WHEN, .mark = MARK_TIME)
#define BEHALF(_heading) COLUMN(_heading, NULL, FIELD_BEHALF, .mark = MARK_NONE)

const struct ledger import_ledgers[] = {
    {LEDGER("people.csv", shift, "register_person"),
     .columns = {COLUMN("badge", "badge", FIELD_TEXT, .mark = MARK_NUMBER),
                 COLUMN("name", "name", FIELD_TEXT),
                 COLUMN("unit", "unit", FIELD_OPTIONAL),
                 COLUMN("role", "role", FIELD_WORD, .first = LQ__ROLE__COMMANDER,
                        .last = LQ__ROLE__SERVICE - 1),
                 COLUMN("team", "team", FIELD_OPTIONAL),
                 COLUMN("group", "group", FIELD_OPTIONAL),
                 COLUMN("phone", "phone", FIELD_OPTIONAL),
                 {0}}},
    {LEDGER("rota.csv", shift, "plan_shift"),
     .columns = {COLUMN("date", "date_day", FIELD_DAY),
                 COLUMN("shift", "name", FIELD_TEXT),
                 COLUMN("group", "group", FIELD_TEXT),
                 COLUMN("starts_at", "starts_at_ms", FIELD_INSTANT, .mark = MARK_TIME),
                 COLUMN("ends_at", "ends_at_ms", FIELD_INSTANT),
                 {0}}},
    {LEDGER("enterprises.csv", ledger, "register_premises"),
     .preset = {"standing", LEDGER__STANDING__ENTERPRISE},
     .columns = {COLUMN("enterprise", "number", FIELD_TEXT, .mark = MARK_NUMBER),
                 COLUMN("name", "name", FIELD_TEXT),
                 COLUMN("township", "township", FIELD_TEXT),
                 COLUMN("owner", "owner", FIELD_OPTIONAL),
                 COLUMN("lat", "lat_e7", FIELD_DEGREES),
                 COLUMN("lon", "lon_e7", FIELD_DEGREES),
                 COLUMN("kind", "kind", FIELD_TEXT),
                 COLUMN("responsible_1", "responsible_1", FIELD_OPTIONAL),
                 COLUMN("responsible_2", "responsible_2", FIELD_OPTIONAL),
                 COLUMN("measures", "measures", FIELD_OPTIONAL),
                 COLUMN("deadline", "deadline_day", FIELD_DAY),
                 {0}}},
    {LEDGER("sites.csv", ledger, "register_premises"),
     .preset = {"standing", LEDGER__STANDING__UNLICENSED_SITE},
     .columns = {COLUMN("site", "number", FIELD_TEXT, .mark = MARK_NUMBER),
                 COLUMN("township", "township", FIELD_TEXT),
                 COLUMN("kind", "kind", FIELD_TEXT),
                 COLUMN("lat", "lat_e7", FIELD_DEGREES),
                 COLUMN("lon", "lon_e7", FIELD_DEGREES),
                 {0}}},
    {LEDGER("supervision.csv", ledger, "assign_supervisor"), .about_file = "enterprises.csv",
     .columns = {COLUMN("enterprise", "premises", FIELD_TEXT, .mark = MARK_ABOUT),
                 COLUMN("name", "name", FIELD_TEXT),
                 COLUMN("unit", "unit", FIELD_OPTIONAL),
                 {0}}},
    {LEDGER("enterprise_events.csv", ledger, "record_step"), .about_file = "enterprises.csv",
     .columns = {COLUMN("enterprise", "premises", FIELD_TEXT, .mark = MARK_ABOUT),
                 COLUMN("event", "step", FIELD_WORD, .first = LEDGER__STATUS__SUSPENDED,
                        .last = LEDGER__STATUS__CLOSED),
                 WHEN("at"),
                 {0}}},
    {LEDGER("operations.csv", dispatch, "issue_order"),
     .columns = {COLUMN("operation", "number", FIELD_TEXT, .mark = MARK_NUMBER),
                 WHEN("issued_at"),
                 BEHALF("desk"),
                 COLUMN("kind", "kind", FIELD_TEXT),
                 COLUMN("target", "target", FIELD_TEXT),
                 COLUMN("priority", "priority", FIELD_WORD, .first = DISPATCH__PRIORITY__FLASH,
                        .last = DISPATCH__PRIORITY__ROUTINE),
                 COLUMN("vehicles", "vehicles", FIELD_COUNT),
                 COLUMN("machines", "machines", FIELD_COUNT),
                 COLUMN("teams", "teams", FIELD_LIST),
                 {0}}},
    {LEDGER("participants.csv", dispatch, "record_participant"), .about_file = "operations.csv",
     .columns = {COLUMN("operation", "order", FIELD_TEXT, .mark = MARK_ABOUT),
                 COLUMN("team", "team", FIELD_TEXT),
                 COLUMN("badge", "badge", FIELD_TEXT),
                 {0}}},
    {LEDGER("progress.csv", dispatch, "report_step"), .about_file = "operations.csv",
     .columns = {COLUMN("operation", "order", FIELD_TEXT, .mark = MARK_ABOUT),
                 COLUMN("team", "team", FIELD_TEXT),
                 BEHALF("by"),
                 COLUMN("status", "step", FIELD_WORD, .first = DISPATCH__STEP__ACKNOWLEDGED,
                        .last = DISPATCH__STEP__FINISHED),
                 WHEN("at"),
                 {0}}},
    {LEDGER("seizures.csv", seizure, "take_item"), .about_file = "operations.csv",
     .complete = act_of_officer,
     .columns = {COLUMN("item", "number", FIELD_TEXT, .mark = MARK_NUMBER),
                 COLUMN("operation", "order", FIELD_TEXT, .mark = MARK_ABOUT),
                 COLUMN("target", "target", FIELD_TEXT),
                 COLUMN("kind", "kind", FIELD_TEXT),
                 COLUMN("action", "action", FIELD_WORD, .first = SEIZURE__ACTION__DISMANTLED,
                        .last = SEIZURE__ACTION__SEALED),
                 COLUMN("seal", "seal", FIELD_OPTIONAL),
                 COLUMN("officer_1", "officer_1", FIELD_OPTIONAL),
                 COLUMN("officer_2", "officer_2", FIELD_OPTIONAL),
                 WHEN("at"),
                 COLUMN("specification", "specification", FIELD_OPTIONAL),
                 {0}}},
    {LEDGER("seal_events.csv", seizure, "extend_seal"), .about_file = "seizures.csv",
     .columns = {COLUMN("item", "number", FIELD_TEXT, .mark = MARK_ABOUT),
                 COLUMN("event", NULL, FIELD_VARIANT, .choices = SEAL_EVENTS),
                 BEHALF("by"),
                 WHEN("at"),
                 {0}}},
    {LEDGER("shutdowns.csv", seizure, "close_site"), .about_file = "operations.csv",
     .columns = {COLUMN("site", "site", FIELD_TEXT),
                 COLUMN("operation", "order", FIELD_TEXT, .mark = MARK_ABOUT),
                 BEHALF("by"),
                 WHEN("at"),
                 {0}}},
    {LEDGER("notices.csv", casefile, "issue_notice"),
     .columns = {COLUMN("notice", "number", FIELD_TEXT, .mark = MARK_NUMBER),
                 COLUMN("enterprise", "premises", FIELD_TEXT),
                 BEHALF("by"),
                 WHEN("issued_at"),
                 COLUMN("due_on", "due_day", FIELD_DAY),
                 COLUMN("finding", "finding", FIELD_TEXT),
                 {0}}},
    {LEDGER("cases.csv", casefile, "open_case"), .about_file = "operations.csv",
     .columns = {COLUMN("case", "number", FIELD_TEXT, .mark = MARK_NUMBER),
                 COLUMN("operation", "order", FIELD_TEXT, .mark = MARK_ABOUT),
                 COLUMN("target", "target", FIELD_TEXT),
                 COLUMN("offence", "offence", FIELD_TEXT),
                 WHEN("filed_at"),
                 BEHALF("by"),
                 {0}}},
    {LEDGER("suspects.csv", casefile, "identify_suspect"), .about_file = "cases.csv",
     .columns = {COLUMN("suspect", "number", FIELD_TEXT, .mark = MARK_NUMBER),
                 COLUMN("case", "case_number", FIELD_TEXT, .mark = MARK_ABOUT),
                 COLUMN("name", "name", FIELD_OPTIONAL),
                 {0}}},
    {LEDGER("case_events.csv", casefile, "file_case"), .about_file = "cases.csv",
     .columns = {COLUMN("case", "number", FIELD_TEXT, .mark = MARK_ABOUT),
                 COLUMN("event", NULL, FIELD_VARIANT, .choices = CASE_EVENTS),
                 WHEN("at"),
                 {0}}},
    {LEDGER("suspect_events.csv", casefile, "record_suspect_step"), .about_file = "suspects.csv",
     .columns = {COLUMN("suspect", "suspect", FIELD_TEXT, .mark = MARK_ABOUT),
                 COLUMN("case", "case_number", FIELD_TEXT),
                 COLUMN("event", "step", FIELD_WORD, .first = CASEFILE__SUSPECT_STEP__LISTED_WANTED,
                        .last = CASEFILE__SUSPECT_STEP__DISCHARGED),
                 WHEN("at"),
                 {0}}},
    {LEDGER("tips.csv", tips, "record_tip"),
     .columns = {COLUMN("tip", "number", FIELD_TEXT, .mark = MARK_NUMBER),
                 WHEN("received_at"),
                 COLUMN("channel", "channel", FIELD_TEXT),
                 COLUMN("enterprise", "premises", FIELD_TEXT),
                 COLUMN("content", "content", FIELD_TEXT),
                 COLUMN("verified", "verified", FIELD_YES),
                 COLUMN("reward_yuan", "reward_yuan", FIELD_COUNT_OR_NONE),
                 {0}}},
    {LEDGER("volunteers.csv", tips, "register_volunteer"),
     .columns = {COLUMN("volunteer", "number", FIELD_TEXT, .mark = MARK_NUMBER),
                 COLUMN("name", "name", FIELD_TEXT),
                 COLUMN("village", "village", FIELD_OPTIONAL),
                 {0}}},
    {LEDGER("meetings.csv", oversight, "record_meeting"),
     .columns = {COLUMN("meeting", "number", FIELD_TEXT, .mark = MARK_NUMBER),
                 WHEN("held_at"),
                 COLUMN("issues_raised", "issues_raised", FIELD_COUNT),
                 COLUMN("issues_resolved", "issues_resolved", FIELD_COUNT),
                 {0}}},
    {LEDGER("interviews.csv", oversight, "record_interview"),
     .columns = {COLUMN("kind", "kind", FIELD_TEXT), WHEN("at"), {0}}},
    {0},
};
