// What is said over HTTP: the page, and whether a WebSocket is taken at /bus. libwebsockets reads
// the requests; what it does not look at is looked at here: Host, Origin, version, key,
// subprotocol.
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "web/host/host.h"
#include "web/host/headers.h"

enum { VALUE_MOST = 512, HEAD_MOST = 4096, CHUNK = 16 * 1024, SLOW_S = 30 };

#define BUS_PATH "/bus"

// What is still to be sent of a file: of a connection, for libwebsockets.
struct sending {
    struct lq_span left;
};

// ---------------------------------------------------------------- asking the request

// A header that is not there is empty; one that is too long for us is not the one that we want.
static const char *header(struct lws *wsi, enum lws_token_indexes which, char value[VALUE_MOST])
{
    const int size = lws_hdr_copy(wsi, value, VALUE_MOST, which);
    if (size < 0)
        snprintf(value, VALUE_MOST, "%s", lws_hdr_total_length(wsi, which) > 0 ? "?" : "");
    else if (size == 0)
        value[0] = '\0';
    return value;
}

// ---------------------------------------------------------------- answering

// A short answer after which the connection is closed.
static int refuse(struct lws *wsi, const char *status, const char *more, const char *text)
{
    char answer[LWS_PRE + HEAD_MOST];
    const int size =
        snprintf(answer + LWS_PRE, HEAD_MOST,
                 "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n"
                 "Cache-Control: no-store\r\nConnection: close\r\n%s%s\r\n%s\n",
                 status, strlen(text) + 1, more, web_host_of(wsi)->site.security, text);
    LQ_ASSERT(size < HEAD_MOST);
    (void)lws_write(wsi, (unsigned char *)answer + LWS_PRE, (size_t)size, LWS_WRITE_HTTP_HEADERS);
    return -1;
}

static int refuse_method(struct lws *wsi)
{
    return refuse(wsi, "405 Method Not Allowed", "Allow: GET, HEAD\r\n",
                  "此处只有 GET 和 HEAD。\nThere is only GET and HEAD.");
}

static bool has(struct lws *wsi, enum lws_token_indexes which)
{
    return lws_hdr_total_length(wsi, which) > 0;
}

static int refuse_host(struct lws *wsi)
{
    if (!has(wsi, WSI_TOKEN_HOST) || lws_hdr_fragment_length(wsi, WSI_TOKEN_HOST, 1) > 0)
        return refuse(wsi, "400 Bad Request", "", "expected: one Host");
    return refuse(wsi, "421 Misdirected Request", "",
                  "此主机名不在 lianqin.yaml 的 web.names 中。\n"
                  "This host is not among web.names of lianqin.yaml.");
}

// "/%00" would be read as "/". libwebsockets 4.1.6 writes a NUL into the path without counting it:
// it is within what is counted or right behind, where else come the NUL that ends the path, and
// HTTP/1.1, or of a query another byte and the query.
static bool has_nul(struct lws *wsi)
{
    char *path;
    int size;
    if (lws_http_get_uri_and_method(wsi, &path, &size) < 0)
        return false;
    return memchr(path, '\0', (size_t)size) != NULL ||
           path[size + (has(wsi, WSI_TOKEN_HTTP_URI_ARGS) ? 2 : 1)] == '\0';
}

static int refuse_nul(struct lws *wsi)
{
    return refuse(wsi, "400 Bad Request", "", "路径中有 %00。\nexpected: a path without %00");
}

static const struct site_body *choose(struct lws *wsi, const struct site_file *file)
{
    char value[VALUE_MOST];
    return file->packed.tag != NULL &&
                   web_list_has(header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, value), "gzip")
               ? &file->packed
               : &file->plain;
}

static int finish(struct lws *wsi)
{
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int send_file(struct lws *wsi, const struct site_body *body, struct sending *sending)
{
    char answer[LWS_PRE + HEAD_MOST], value[VALUE_MOST];
    const char *known = header(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, value);
    const bool has_it = strstr(known, body->tag) != NULL;
    const int size =
        has_it ? snprintf(answer + LWS_PRE, HEAD_MOST,
                          "HTTP/1.1 304 Not Modified\r\nETag: %s\r\nCache-Control: %s\r\n"
                          "Vary: Accept-Encoding\r\n\r\n",
                          body->tag, body->keeping)
               : snprintf(answer + LWS_PRE, HEAD_MOST, "HTTP/1.1 200 OK\r\n%s", body->head);
    LQ_ASSERT(size < HEAD_MOST);
    if (lws_write(wsi, (unsigned char *)answer + LWS_PRE, (size_t)size, LWS_WRITE_HTTP_HEADERS) < 0)
        return -1;
    if (has_it || has(wsi, WSI_TOKEN_HEAD_URI) || body->bytes.size == 0)
        return finish(wsi);
    sending->left = body->bytes;
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, SLOW_S);
    lws_callback_on_writable(wsi);
    return 0;
}

static int send_more(struct lws *wsi, struct sending *sending)
{
    static unsigned char chunk[LWS_PRE + CHUNK];
    const size_t size = sending->left.size > CHUNK ? CHUNK : sending->left.size;
    if (size == 0)
        return 0;
    memcpy(chunk + LWS_PRE, sending->left.data, size);
    sending->left.data += size;
    sending->left.size -= size;
    const bool is_last = sending->left.size == 0;
    if (lws_write(wsi, chunk + LWS_PRE, size, is_last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < 0)
        return -1;
    if (is_last)
        return finish(wsi);
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, SLOW_S);
    lws_callback_on_writable(wsi);
    return 0;
}

static int answer(struct lws *wsi, struct sending *sending, const char *path)
{
    struct web_host *host = web_host_of(wsi);
    char value[VALUE_MOST];
    if (!has(wsi, WSI_TOKEN_GET_URI) && !has(wsi, WSI_TOKEN_HEAD_URI))
        return refuse_method(wsi);
    // A gateway and we could differ on where such a request ends.
    if (has(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) || has(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING))
        return refuse(wsi, "400 Bad Request", "", "expected: a request without a body");
    if (!web_host_is_ours(header(wsi, WSI_TOKEN_HOST, value), host->names, host->name_count))
        return refuse_host(wsi);
    if (strcmp(path, BUS_PATH) == 0)
        return refuse(wsi, "426 Upgrade Required", "Upgrade: websocket\r\n",
                      BUS_PATH " 只接受 WebSocket。\n" BUS_PATH " is for WebSocket.");
    const struct site_file *file = site_find(&host->site, path);
    if (file == NULL)
        return refuse(wsi, "404 Not Found", "", "没有这个页面。\nThere is no such page.");
    return send_file(wsi, choose(wsi, file), sending);
}

// ---------------------------------------------------------------- WebSocket

// 0: taken.
static int check_upgrade(struct lws *wsi)
{
    struct web_host *host = web_host_of(wsi);
    char value[VALUE_MOST], name[VALUE_MOST];
    if (!has(wsi, WSI_TOKEN_GET_URI))
        return refuse_method(wsi);
    if (has_nul(wsi))
        return refuse_nul(wsi);
    if (strcmp(header(wsi, WSI_TOKEN_GET_URI, value), BUS_PATH) != 0)
        return refuse(wsi, "404 Not Found", "",
                      "WebSocket 只在 " BUS_PATH "。\nWebSocket is at " BUS_PATH ".");
    if (strcmp(header(wsi, WSI_TOKEN_HTTP, value), "HTTP/1.1") != 0 ||
        strcasecmp(header(wsi, WSI_TOKEN_UPGRADE, value), "websocket") != 0 ||
        !web_list_has(header(wsi, WSI_TOKEN_CONNECTION, value), "upgrade"))
        return refuse(wsi, "400 Bad Request", "",
                      "expected: HTTP/1.1, Upgrade: websocket, "
                      "Connection: Upgrade");
    if (!web_host_is_ours(header(wsi, WSI_TOKEN_HOST, name), host->names, host->name_count))
        return refuse_host(wsi);
    // Who is no browser has no origin; a browser cannot leave it out.
    if (has(wsi, WSI_TOKEN_ORIGIN) && !web_same_origin(header(wsi, WSI_TOKEN_ORIGIN, value), name))
        return refuse(wsi, "403 Forbidden", "",
                      "Origin 与 Host 不同。\nexpected: an Origin that is the Host");
    if (strcmp(header(wsi, WSI_TOKEN_VERSION, value), "13") != 0)
        return refuse(wsi, "426 Upgrade Required", "Sec-WebSocket-Version: 13\r\n",
                      "expected: Sec-WebSocket-Version: 13");
    if (!web_is_key(header(wsi, WSI_TOKEN_KEY, value)))
        return refuse(wsi, "400 Bad Request", "",
                      "expected: Sec-WebSocket-Key of 16 bytes in base64");
    // Alone: of a list libwebsockets takes the first that it has, and it has those that are ours
    // within, too.
    if (strcmp(header(wsi, WSI_TOKEN_PROTOCOL, value), ZWS_PROTOCOL) != 0)
        return refuse(wsi, "400 Bad Request", "",
                      "expected: Sec-WebSocket-Protocol: " ZWS_PROTOCOL);
    return 0;
}

int web_page_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t size)
{
    char path[VALUE_MOST];
    switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return check_upgrade(wsi);
    case LWS_CALLBACK_HTTP:
        if (has_nul(wsi))
            return refuse_nul(wsi);
        snprintf(path, sizeof path, "%.*s", (int)(size < sizeof path ? size : sizeof path),
                 (const char *)in);
        return answer(wsi, user, path);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return send_more(wsi, user);
    case LWS_CALLBACK_HTTP_BODY:
        return -1; // nothing here takes one
    case LWS_CALLBACK_WSI_CREATE:
        web_host_of(wsi)->is_taken = true;
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        if (lws_get_opaque_user_data(wsi) == web_host_of(wsi))
            web_host_of(wsi)->connections--;
        return 0;
    default:
        return 0;
    }
}

// What libwebsockets cannot read as HTTP. A method that it does not know is one that we do not
// take.
int web_stray_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t size)
{
    (void)user, (void)in, (void)size;
    return reason == LWS_CALLBACK_RAW_RX
               ? refuse(wsi, "400 Bad Request", "", "这不是 HTTP。\nThis is not HTTP.")
               : 0;
}
