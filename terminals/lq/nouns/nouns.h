// The tables of verbs, one for each noun, each ending with {0}.
#pragma once

#include "lq/cli/cli.h"

extern const struct lq_verb lq_up_verbs[], lq_web_verbs[], lq_status_verbs[], lq_import_verbs[],
    lq_order_verbs[], lq_call_verbs[], lq_shift_verbs[], lq_absence_verbs[], lq_swap_verbs[],
    lq_roll_verbs[], lq_seizure_verbs[], lq_item_verbs[], lq_power_verbs[], lq_case_verbs[],
    lq_penalty_verbs[], lq_detention_verbs[], lq_notice_verbs[], lq_ledger_verbs[], lq_tips_verbs[],
    lq_tip_verbs[], lq_oversight_verbs[], lq_meeting_verbs[], lq_task_verbs[], lq_plan_verbs[],
    lq_stats_verbs[], lq_watch_verbs[], lq_verify_verbs[], lq_key_verbs[], lq_record_verbs[],
    lq_outbox_verbs[], lq_sign_on_verbs[], lq_again_verbs[], lq_log_verbs[], lq_file_verbs[],
    lq_backup_verbs[], lq_restore_verbs[], lq_correct_verbs[], lq_void_verbs[],
    lq_completion_verbs[], lq_metrics_verbs[], lq_clock_verbs[], lq_due_verbs[], lq_alerts_verbs[],
    lq_take_verbs[], lq_pause_verbs[], lq_recount_verbs[], lq_diverged_verbs[], lq_handover_verbs[],
    lq_paper_verbs[], lq_attach_verbs[], lq_evidence_verbs[], lq_bulletin_verbs[], lq_audit_verbs[],
    lq_budget_verbs[], lq_grant_verbs[], lq_limit_verbs[], lq_video_verbs[];

// lq ledger pairs, lq ledger unmanned.
extern const struct lq_arg lq_pairs_args[];
extern const struct lq_column lq_unmanned_columns[];
int lq_ledger_pairs(struct lq_cli *cli);
void lq_unmanned_complete(struct lq_cli *cli, ProtobufCMessage *message);

// lq ledger coverage.
extern const struct lq_column lq_coverage_columns[];
void lq_coverage_complete(struct lq_cli *cli, ProtobufCMessage *message);

// For struct lq_verb's `after`: what was recorded of the thing, whose act each was and who entered
// it, with the record's number.
int lq_log_after(struct lq_cli *cli, const ProtobufCMessage *asked, const ProtobufCMessage *answer);

// All of these tables; ends with NULL.
extern const struct lq_verb *const lq_verbs[];
