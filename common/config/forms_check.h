// Whether forms that were read make sense, and the bits of the roles that they name; LQ_E_INPUT
// says where they do not.
#pragma once

#include "config/forms.h"

LQ_MUST_CHECK enum lq_status lq_forms_check(const char *path, struct lq_forms *forms,
                                            struct lq_arena *arena);
