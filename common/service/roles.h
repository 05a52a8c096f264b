// Roles as sets of bits.
#pragma once

#include <stdint.h>

#include "envelope.pb-c.h"

#define LQ_ROLE(name) (1u << LQ__ROLE__##name)

// Every person on the roster, whatever the role; and everybody, services included.
#define LQ_ANY_PERSON                                                                              \
    (LQ_ROLE(COMMANDER) | LQ_ROLE(DESK) | LQ_ROLE(LIAISON) | LQ_ROLE(CLERK) | LQ_ROLE(INSPECTOR) | \
     LQ_ROLE(ADMIN) | LQ_ROLE(LEAD) | LQ_ROLE(OFFICER) | LQ_ROLE(HEAD) | LQ_ROLE(REVIEWER) |       \
     LQ_ROLE(SUPERVISOR) | LQ_ROLE(EXPERT) | LQ_ROLE(ACCEPTOR) | LQ_ROLE(FINANCE))
#define LQ_ANYONE (LQ_ANY_PERSON | LQ_ROLE(SERVICE))

// Machines that only report, too: they may do nothing that does not name them.
#define LQ_EVERY_ROLE (LQ_ANYONE | LQ_ROLE(GATEWAY))
