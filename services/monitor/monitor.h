// monitor: the cameras of premises, which of them answer, and who is told when one does not. What
// the parts of the service share; only this folder includes it. The tour: monitor.c (the contract);
// channels.c (what is registered, corrected, retired), reports.c (what the gateway tells, and that
// it tells nothing), spans.c (what a channel was when: dark, uptime), terms.c (OP-VIDEO: whom its
// marks name, and the call), pairs.c (who is responsible for premises, from the ledger).
#pragma once

#include "config/policy.h"
#include "monitor.pb-c.h"
#include "pb/pb.h"
#include "rules/attach.h"
#include "rules/clocks.h"
#include "rules/correct.h"
#include "rules/take_step.h"
#include "rules/trail.h"
#include "service/need.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"

// After so long without a report nothing is known of any channel, and a report of so long ago says
// nothing that anybody could still act on.
enum { MONITOR_SILENCE_MS = 2 * 60 * 1000 };

#define MONITOR_GATEWAY_TIMER "gateway"

extern const struct lq_table monitor_channels; // number -> Channel
extern const struct lq_table monitor_spans;    // channel, from when -> Span
extern const struct lq_table monitor_gateway;  // "gateway" -> Gateway, the one row
extern const struct lq_table monitor_premises; // number -> KnownPremises
extern const struct lq_table monitor_pairs;    // premises -> Pair

extern const struct lq_steps monitor_channel_steps;
extern const struct lq_replica monitor_premises_of_ledger, monitor_pairs_of_ledger;

// Any text may be asked for; NULL: there is none.
const Monitor__Channel *monitor_find(struct lq_view *view, const char *number);

// As it is by the last report; one that has never been heard of has the instant 0.
Monitor__Gateway monitor_heard(struct lq_view *view);
void monitor_save_gateway(struct lq_view *tables, const Monitor__Gateway *gateway);

// In `apply`: the channel is in that state from then on.
void monitor_save_state(struct lq_view *tables, const char *number, Monitor__ChannelState state,
                        int64_t since_ms, bool unheard, char *why);
void monitor_end_span(struct lq_view *tables, const char *channel, int64_t to_ms);
void monitor_begin_span(struct lq_view *tables, const Monitor__Span *span);

// In `decide`, before the fact is emitted: the term of a channel that is required.
void monitor_start_term(struct lq_decision *d, const Monitor__Channel *channel, int64_t since_ms);
void monitor_stop_term(struct lq_decision *d, const Monitor__Channel *channel, int64_t at_ms);

const Monitor__KnownPremises *monitor_known(struct lq_view *view, const char *number); // or NULL

// Those who are responsible for the premises then: the pair of supervisors, or, where none is
// named, the two officers of the ledger's list, by name alone (`by_name` has room for them); gives
// how many.
enum { MONITOR_PAIR_MOST = 4 };
unsigned monitor_responsible(struct lq_view *view, const char *premises, int64_t at_ms,
                             const Monitor__PairMember *pair[MONITOR_PAIR_MOST],
                             Monitor__PairMember by_name[2]);

void monitor_check(struct lq_view *view);
void monitor_check_spans(struct lq_view *view, const Monitor__Channel *channel);

lq_decide_fn monitor_register_channel, monitor_retire_channel, monitor_alive, monitor_note_silence,
    monitor_ring_clock;
lq_apply_fn monitor_channel_registered, monitor_channel_retired, monitor_channel_live,
    monitor_channel_silent, monitor_alive_heard, monitor_gateway_silent, monitor_called;
lq_query_fn monitor_list_channels, monitor_show_channel, monitor_list_dark, monitor_tell_uptime,
    monitor_tell_overview;
lq_timer_fn monitor_gateway_due;
lq_correct_check_fn monitor_check_correction;
lq_void_check_fn monitor_check_void;
lq_clock_people_fn monitor_clock_people;
