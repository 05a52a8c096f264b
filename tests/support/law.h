// The law that is compiled in, made once for each file that asks and never freed; from any thread.
#pragma once

#include <pthread.h>

#include "config/law.h"

static struct lq_law *law_of_tests;

static void make_law_of_tests(void)
{
    law_of_tests = lq_law_from_builtin();
}

static inline const struct lq_law *law_for_tests(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_law_of_tests);
    return law_of_tests;
}
