// The rules that all commands share, and the notes that the service keeps of what others own.
#include "dispatch.h"

uint32_t dispatch_principal_roles(struct lq_decision *d)
{
    const struct lq_facts *facts = d->facts;
    return facts->on_behalf_of[0] != '\0' ? lq_roster_roles(d->view, facts->principal)
                                          : facts->roles;
}

struct lq_verdict dispatch_check_name(struct lq_decision *d, const char *what, const char *text)
{
    if (lq_pb_identifier(text))
        return LQ_ACCEPT;
    return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                     "%s must be given, in 1 to %d bytes without spaces", what,
                     LQ_PB_IDENTIFIER_BYTES);
}

struct lq_verdict dispatch_get_order(struct lq_decision *d, const char *number,
                                     const Dispatch__Order **order)
{
    *order = dispatch_find(d->view, number);
    return *order != NULL
               ? LQ_ACCEPT
               : lq_reject(d, DISPATCH__REJECT__ORDER_UNKNOWN, "there is no order %s", number);
}
