// Finds the engine of a URL by its scheme.
#include <stdio.h>

#include "journal/engine.h"

static const struct lq_store_driver *const DRIVERS[] = {&LQ_LMDB_DRIVER, &LQ_MEMORY_DRIVER};

enum { DRIVER_COUNT = sizeof DRIVERS / sizeof DRIVERS[0] };

// What follows "scheme:", or NULL if the URL has another scheme.
static const char *rest_of(const char *url, const char *scheme)
{
    const size_t size = strlen(scheme);
    return strncmp(url, scheme, size) == 0 && url[size] == ':' ? url + size + 1 : NULL;
}

static enum lq_status unknown(const char *url)
{
    char schemes[80] = "";
    size_t size = 0;
    for (unsigned i = 0; i < DRIVER_COUNT; i++)
        size += (size_t)snprintf(schemes + size, sizeof schemes - size,
                                 "%s%s:", i == 0 ? "" : " or ", DRIVERS[i]->scheme);
    return lq_fault(LQ_E_INPUT, "'%.80s' is not the URL of a store: it must begin with %s", url,
                    schemes);
}

static enum lq_status open_url(const char *url, const struct lq_store_plan *plan,
                               const struct lq_store_options *options, bool readonly,
                               struct lq_store **out)
{
    for (unsigned i = 0; i < DRIVER_COUNT; i++) {
        const char *rest = rest_of(url, DRIVERS[i]->scheme);
        if (rest != NULL)
            return DRIVERS[i]->open(rest, plan, options, readonly, out);
    }
    return unknown(url);
}

enum lq_status lq_store_open(const char *url, const struct lq_store_plan *plan,
                             const struct lq_store_options *options, struct lq_store **out)
{
    return open_url(url, plan, options, false, out);
}

enum lq_status lq_store_open_readonly(const char *url, const struct lq_store_plan *plan,
                                      const struct lq_store_options *options, struct lq_store **out)
{
    return open_url(url, plan, options, true, out);
}
