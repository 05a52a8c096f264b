// The law that is compiled in, for tests, which never change it.
#pragma once

#include "law/law.h"

// Made once and never freed; from any thread.
const struct lq_law *lq_test_law(void);
