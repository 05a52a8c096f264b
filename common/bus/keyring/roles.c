// One table of names, so that the key list, the command line and the log agree on them.
#include "bus/keyring/roles.h"

#include <stddef.h>
#include <string.h>

#include "envelope.pb-c.h"

static const char *const names[] = {
    [LQ__ROLE__COMMANDER] = "commander", [LQ__ROLE__DESK] = "desk",
    [LQ__ROLE__LIAISON] = "liaison",     [LQ__ROLE__CLERK] = "clerk",
    [LQ__ROLE__INSPECTOR] = "inspector", [LQ__ROLE__ADMIN] = "admin",
    [LQ__ROLE__LEAD] = "lead",           [LQ__ROLE__OFFICER] = "officer",
    [LQ__ROLE__SERVICE] = "service",
};
enum { ROLE_COUNT = sizeof names / sizeof names[0] };

const char *lq_role_name(unsigned role)
{
    return role < ROLE_COUNT ? names[role] : NULL;
}

static uint32_t bit_of(const char *name, size_t length)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        if (names[role] != NULL && strlen(names[role]) == length &&
            memcmp(names[role], name, length) == 0)
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
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        if (names[role] == NULL || (mask & (1u << role)) == 0)
            continue;
        if (out != buffer)
            *out++ = ',';
        out = stpcpy(out, names[role]);
    }
    *out = '\0';
    return buffer;
}
