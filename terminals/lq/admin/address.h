// Addresses that this machine listens at: the bus, and what is measured of it.
#pragma once

#include <netdb.h>
#include <stdbool.h>

#include "base/status.h"

// "tcp://HOST:PORT" or "HOST:PORT", both in numbers ("*" is every address). The caller frees it
// (freeaddrinfo).
bool lq_address_read(const char *endpoint, struct addrinfo **found);

// LQ_E_BUSY if another program listens there; `where` says which setting names it. Who is told one
// address and gets another would be up and reached by nobody. A program that is just ending is
// waited for.
LQ_MUST_CHECK enum lq_status lq_address_check_free(const char *endpoint, const char *where);
