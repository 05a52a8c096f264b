#include "support/law.h"

#include <pthread.h>

static struct lq_law *law;

static void make_law(void)
{
    law = lq_law_from_builtin();
}

const struct lq_law *lq_test_law(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_law);
    return law;
}
