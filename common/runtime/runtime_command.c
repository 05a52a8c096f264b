// Commands that every service's runtime decides itself, for administrators alone.
#include "runtime/host_parts.h"

const struct lq_command_row *lq_runtime_row(unsigned variant)
{
    static const struct lq_command_row ROWS[] = {
        {.variant = LQ__RUNTIME_COMMAND__BODY_CONFIRM_CLOCK, .who = LQ_ROLE(ADMIN)},
        {.variant = LQ__RUNTIME_COMMAND__BODY_ACCEPT_DIVERGED, .who = LQ_ROLE(ADMIN)},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        if (ROWS[i].variant == variant)
            return &ROWS[i];
    return NULL;
}

bool lq_runtime_decide(struct lq_host *host, const struct asked *asked,
                       const struct lq_facts *facts, const Lq__RuntimeCommand *command,
                       struct decided *decided)
{
    host->emitted.count = 0;
    host->emitted.number = NULL;
    if (command->body_case == LQ__RUNTIME_COMMAND__BODY_ACCEPT_DIVERGED) {
        if (!lq_parting_decide(host, asked, facts, command->accept_diverged, decided))
            return false;
    } else {
        decided->verdict = lq_clock_confirm(host);
    }
    if (decided->verdict.code == 0)
        host->counts.accepted++;
    else
        host->counts.rejected++;
    return true;
}
