// Every verb that there is.
#include "lq/nouns/nouns.h"

const struct lq_verb *const lq_verbs[] = {
    lq_up_verbs,       lq_status_verbs,    lq_import_verbs,     lq_order_verbs,
    lq_call_verbs,     lq_shift_verbs,     lq_absence_verbs,    lq_swap_verbs,
    lq_roll_verbs,     lq_seizure_verbs,   lq_item_verbs,       lq_case_verbs,
    lq_penalty_verbs,  lq_detention_verbs, lq_notice_verbs,     lq_ledger_verbs,
    lq_tips_verbs,     lq_oversight_verbs, lq_stats_verbs,      lq_watch_verbs,
    lq_verify_verbs,   lq_backup_verbs,    lq_restore_verbs,    lq_key_verbs,
    lq_record_verbs,   lq_due_verbs,       lq_alerts_verbs,     lq_take_verbs,
    lq_pause_verbs,    lq_recount_verbs,   lq_log_verbs,        lq_file_verbs,
    lq_outbox_verbs,   lq_sign_on_verbs,   lq_again_verbs,      lq_correct_verbs,
    lq_void_verbs,     lq_metrics_verbs,   lq_completion_verbs, lq_clock_verbs,
    lq_diverged_verbs, lq_handover_verbs,  lq_paper_verbs,      NULL,
};
