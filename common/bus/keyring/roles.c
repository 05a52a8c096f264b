// One table of names, so that the key list, the command line and the log agree on them: those of
// the enum in lower case (test_keys compares them).
#include "bus/keyring/roles.h"

#include <stddef.h>
#include <string.h>

#include "base/span.h"
#include "envelope.pb-c.h"

const char *const lq_people_roles[] = {
    "commander", "desk",     "liaison", "clerk",      "inspector", "admin",    "lead",    "officer",
    "head",      "reviewer", "gateway", "supervisor", "expert",    "acceptor", "finance", NULL};

// By number; SERVICE stands among those of people.
static const char *const names[] = {NULL,        "commander", "desk",    "liaison",    "clerk",
                                    "inspector", "admin",     "lead",    "officer",    "service",
                                    "head",      "reviewer",  "gateway", "supervisor", "expert",
                                    "acceptor",  "finance",   "newcomer"};
enum { ROLE_COUNT = sizeof names / sizeof names[0] };
_Static_assert(ROLE_COUNT == LQ__ROLE__NEWCOMER + 1, "a name for each role");

const char *lq_role_name(unsigned role)
{
    return role < ROLE_COUNT ? names[role] : NULL;
}

static uint32_t bit_of(const char *name, size_t length)
{
    for (unsigned role = LQ__ROLE__COMMANDER; role < ROLE_COUNT; role++)
        if (lq_span_equal(lq_span_text(lq_role_name(role)), lq_span(name, length)))
            return 1u << role;
    return 0;
}

uint32_t lq_role_bit(const char *name)
{
    return bit_of(name, strlen(name));
}

bool lq_roles_parse(const char *text, uint32_t *mask)
{
    uint32_t found = 0;
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ",");
        const uint32_t bit = bit_of(at, length);
        if (bit == 0 || (found & bit) != 0)
            return false;
        found |= bit;
        at += length;
        if (*at == '\0')
            break;
    }
    *mask = found;
    return true;
}

const char *lq_roles_format(uint32_t mask, char *buffer)
{
    char *out = buffer;
    for (unsigned role = LQ__ROLE__COMMANDER; role < ROLE_COUNT; role++) {
        if ((mask & (1u << role)) == 0)
            continue;
        if (out != buffer)
            *out++ = ',';
        out = stpcpy(out, lq_role_name(role));
    }
    *out = '\0';
    return buffer;
}
