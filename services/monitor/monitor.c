// The contract of the service: its messages, who may send them, its tables and its functions; and
// what it keeps of the streams that it follows.
#include "monitor.h"

#include "shift/replica/rota.h"
#include "shift/replica/roster.h"

enum {
    OFFICE = LQ_ROLE(CLERK) | LQ_ROLE(DESK),
    // The gateway is a machine that stands somewhere: its key opens this and nothing else.
    ASKERS = LQ_EVERY_ROLE,
};

static const struct lq_command_row commands[] = {
    {MONITOR__COMMAND__BODY_REGISTER_CHANNEL, OFFICE, 0, monitor_register_channel},
    {MONITOR__COMMAND__BODY_RETIRE_CHANNEL, OFFICE, 0, monitor_retire_channel},
    {MONITOR__COMMAND__BODY_ALIVE, LQ_ROLE(GATEWAY), 0, monitor_alive},
    {MONITOR__COMMAND__BODY_NOTE_SILENCE, LQ_ROLE(SERVICE), 0, monitor_note_silence},
    {MONITOR__COMMAND__BODY_RING_CLOCK, LQ_ROLE(SERVICE), 0, monitor_ring_clock},
    {MONITOR__COMMAND__BODY_TAKE_CLOCK, LQ_ANY_PERSON, OFFICE, lq_take_clock},
    {MONITOR__COMMAND__BODY_RECOUNT_CLOCKS, LQ_ROLE(ADMIN), 0, lq_recount_clocks},
    {MONITOR__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, 0, lq_attach},
    {MONITOR__COMMAND__BODY_CORRECT, OFFICE, 0, lq_correct},
    {MONITOR__COMMAND__BODY_VOID_RECORD, OFFICE, 0, lq_void},
    {0},
};

static const struct lq_event_row events[] = {
    {MONITOR__EVENT__BODY_CHANNEL_REGISTERED, monitor_channel_registered},
    {MONITOR__EVENT__BODY_CHANNEL_LIVE, monitor_channel_live},
    {MONITOR__EVENT__BODY_CHANNEL_SILENT, monitor_channel_silent},
    {MONITOR__EVENT__BODY_CHANNEL_RETIRED, monitor_channel_retired},
    {MONITOR__EVENT__BODY_ALIVE_HEARD, monitor_alive_heard},
    {MONITOR__EVENT__BODY_GATEWAY_SILENT, monitor_gateway_silent},
    {MONITOR__EVENT__BODY_CLOCK_RANG, lq_clock_noted},
    {MONITOR__EVENT__BODY_CLOCK_TAKEN, lq_clock_noted},
    {MONITOR__EVENT__BODY_CLOCKS_RECOUNTED, lq_clock_noted},
    {MONITOR__EVENT__BODY_ATTACHED, lq_attached},
    {MONITOR__EVENT__BODY_CORRECTED, lq_corrected},
    {MONITOR__EVENT__BODY_VOIDED, lq_voided_thing},
    {MONITOR__EVENT__BODY_CALLED, monitor_called},
    {0},
};

static const struct lq_query_row queries[] = {
    {MONITOR__QUERY__BODY_CHANNELS, ASKERS, monitor_list_channels},
    {MONITOR__QUERY__BODY_SHOW, ASKERS, monitor_show_channel},
    {MONITOR__QUERY__BODY_DARK, ASKERS, monitor_list_dark},
    {MONITOR__QUERY__BODY_UPTIME, ASKERS, monitor_tell_uptime},
    {MONITOR__QUERY__BODY_OVERVIEW, ASKERS, monitor_tell_overview},
    {MONITOR__QUERY__BODY_CLOCKS, LQ_ANYONE, lq_ask_clocks},
    {MONITOR__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {MONITOR__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {0},
};

static const struct lq_thing things[] = {
    {.kind = "channel",
     .table = &monitor_channels,
     .fields = "place address voluntary",
     .who = OFFICE,
     .check = monitor_check_correction,
     .check_void = monitor_check_void},
    {0},
};

static const struct lq_table *const tables[] = {
    &monitor_channels,
    &monitor_spans,
    &monitor_gateway,
    NULL,
};

static const struct lq_timer_row timers[] = {
    {LQ_CLOCK_TIMER, lq_clock_due},
    {MONITOR_GATEWAY_TIMER, monitor_gateway_due},
    {0},
};

static const struct lq_replica *const replicas[] = {
    &shift_roster, &shift_rota, &monitor_premises_of_ledger, &monitor_pairs_of_ledger, NULL,
};

static const struct lq_steps *const steps[] = {
    &monitor_channel_steps,
    NULL,
};

static const struct lq_at_premises at_premises[] = {
    {&monitor_channels, "premises"},
    {0},
};

const struct lq_service lq_service_monitor = {
    LQ_SERVICE(monitor),
    .tables = tables,
    .timers = timers,
    .replicas = replicas,
    .steps = steps,
    .things = things,
    .at_premises = at_premises,
    .roles_of = lq_roster_roles_at,
    .clock_people = monitor_clock_people,
    .check = monitor_check,
};
