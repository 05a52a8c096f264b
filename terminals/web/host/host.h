// What the parts of lianqin-web share: the page, the relays, and how many connections there are.
#pragma once

#include <libwebsockets.h>

#include "web/host/relay.h"
#include "web/host/site.h"

struct web_host {
    struct lws_context *context;
    struct site site;
    const char *const *names; // by which browsers may reach us, beside addresses and localhost
    size_t name_count;
    struct bus_address bus;
    struct relay *relays;
    unsigned connections, most; // of browsers
    bool is_taken;              // libwebsockets has made something of what it was given last
    bool is_ending;
    int64_t full_told_ms; // when it was last said that there are too many
};

static inline struct web_host *web_host_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

// The page, and whether a WebSocket is taken: protocol 0 of libwebsockets.
int web_page_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t size);

// What does not begin as HTTP does.
int web_stray_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t size);
