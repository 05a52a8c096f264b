// The roles by name: "desk" for DESK. A set of roles is a bit mask, bit 1 << Role.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { LQ_ROLES_TEXT = 160 }; // room for all roles, comma separated, and a NUL

// The names of the roles that people have, from COMMANDER on; NULL at the end.
extern const char *const lq_people_roles[];

// The name of a role's number (LQ__ROLE__DESK -> "desk"); NULL if there is none.
const char *lq_role_name(unsigned role);

// The bit of a role's name; 0 if there is none.
uint32_t lq_role_bit(const char *name);

// Reads "desk,lead". False, with *mask untouched, if the list is empty, has an unknown name or
// names a role twice.
bool lq_roles_parse(const char *text, uint32_t *mask);

// Writes "desk,lead" in the order of the roles' numbers; "" for none. Returns the buffer, which
// holds LQ_ROLES_TEXT bytes.
const char *lq_roles_format(uint32_t mask, char *buffer);
