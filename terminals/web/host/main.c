// lianqin-web: hands the page to browsers, and relays the WebSocket of each to the bus. It has no
// key of the bus's nor of a person's, and no journal: what it passes on is sealed between the page
// and the bus (docs/decisions/0044).
#include <errno.h>
#include <getopt.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/log.h"
#include "bus/listen/tcp.h"
#include "config/settings.h"
#include "web/host/host.h"
#include "web/host/words.h"

enum {
    HEADERS_MOST = 8 * 1024,
    HANDSHAKE_S = 10, // for TLS, and for the headers of a request
    KEPT_ALIVE_S = 15,
    ACCEPT_MOST = 64, // connections in one go
    FILES_EACH = 2,   // descriptors of a browser: its own, and the one to the bus
    FILES_BESIDE = 64,
    TELL_FULL_MS = 60000,
    FULL_REST_NS = 10 * 1000 * 1000,
};

struct web {
    struct web_host host;
    struct lq_arena arena;
    struct lq_settings settings;
    const char *data, *settings_path, *page; // as given, or NULL
    const char *listen;                      // instead of web.listen
    struct lws_vhost *plain, *tls;
    uv_loop_t loop;
    uv_signal_t terminated, interrupted;
    lws_sorted_usec_list_t every_second;
};

static const char usage[] =
    "usage: lianqin-web [--data DIR] [--settings FILE] [--bus ENDPOINT] [--listen URL] [--page "
    "DIR]\n"
    "  --data DIR       the system's directory (default: LQ_DATA, else ./var)\n"
    "  --settings FILE  lianqin.yaml (default: DIR/config/lianqin.yaml)\n"
    "  --bus ENDPOINT   where the bus listens: tcp://HOST:PORT (default: as it says in DIR/run, "
    "else\n"
    "                   bus.listen)\n"
    "  --listen URL     where browsers come: http://HOST:PORT (default: web.listen)\n"
    "  --page DIR       the built page (default: web.page, else what is installed beside this)\n";

// ---------------------------------------------------------------- connections

static void tell_full(struct web_host *host)
{
    const int64_t now_ms = lq_steady_ms();
    if (host->full_told_ms != 0 && now_ms - host->full_told_ms < TELL_FULL_MS)
        return;
    host->full_told_ms = now_ms;
    lq_log_warn("%u connections are open, and no more are taken (web.connections)",
                host->connections);
}

static void take_one(struct web_host *host, struct lws_vhost *vhost, int fd)
{
    if (host->connections >= host->most) {
        tell_full(host);
        close(fd);
        return;
    }
    lws_adopt_desc_t browser = {.vh = vhost,
                                .type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL,
                                .opaque = host};
    browser.fd.sockfd = fd;
    host->connections++; // until libwebsockets says that it is gone, now or later
    host->is_taken = false;
    if (lws_adopt_descriptor_vhost_via_info(&browser) == NULL && !host->is_taken)
        host->connections--;
}

static int accept_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                           size_t size)
{
    (void)user, (void)in, (void)size;
    if (reason != LWS_CALLBACK_RAW_RX_FILE)
        return 0;
    for (int i = 0; i < ACCEPT_MOST; i++) {
        const int fd = accept4(lws_get_socket_fd(wsi), NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno != EAGAIN) // no room for one more: it waits, and we do not spin
                nanosleep(&(struct timespec){.tv_nsec = FULL_REST_NS}, NULL);
            return 0;
        }
        take_one(web_host_of(wsi), lws_get_vhost(wsi), fd);
    }
    return 0;
}

static const struct lws_protocols protocols[] = {
    {.name = "http",
     .callback = web_page_callback,
     .per_session_data_size = sizeof(struct lq_span)},
    {.name = ZWS_PROTOCOL,
     .callback = relay_web_callback,
     .per_session_data_size = sizeof(struct relay),
     .rx_buffer_size = RELAY_BROWSER_PIECE,
     .tx_packet_size = RELAY_WRITE_MOST},
    {.name = "bus", .callback = relay_bus_callback, .tx_packet_size = RELAY_WRITE_MOST},
    {.name = "accept", .callback = accept_callback},
    {.name = "stray", .callback = web_stray_callback},
    {0},
};

// ---------------------------------------------------------------- opening

static enum lq_status listen_at(struct web *w, struct lws_vhost *vhost, const char *url,
                                const char *scheme)
{
    char bound[LQ_ENDPOINT_TEXT];
    const char *endpoint = lq_arena_format(&w->arena, "tcp://%s", url + strlen(scheme));
    lws_adopt_desc_t door = {
        .vh = vhost, .type = LWS_ADOPT_RAW_FILE_DESC, .vh_prot_name = "accept"};
    int fd;
    const enum lq_status status = lq_tcp_listen(endpoint, &fd, bound);
    if (status != LQ_OK)
        return status;
    door.fd.filefd = fd;
    if (lws_adopt_descriptor_vhost_via_info(&door) == NULL)
        return lq_fault(LQ_E_IO, "cannot listen at %s", url);
    lq_log_info("the page is at %s%s/", scheme, bound + strlen("tcp://"));
    return LQ_OK;
}

static struct lws_context_creation_info vhost_info(void)
{
    return (struct lws_context_creation_info){
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG,
        .listen_accept_role = "raw-skt",
        .listen_accept_protocol = "stray",
        .keepalive_timeout = KEPT_ALIVE_S,
        .alpn = "http/1.1", // HTTP/2 would be a second parser for nothing
    };
}

static enum lq_status open_plain(struct web *w)
{
    const char *url = w->listen != NULL ? w->listen : w->settings.web.listen;
    struct lws_context_creation_info info = vhost_info();
    if (*url == '\0')
        return LQ_OK;
    info.vhost_name = "plain";
    w->plain = lws_create_vhost(w->host.context, &info);
    return w->plain != NULL ? listen_at(w, w->plain, url, "http://")
                            : lq_fault(LQ_E_IO, "libwebsockets cannot be started");
}

static enum lq_status open_tls(struct web *w)
{
    struct lws_context_creation_info info = vhost_info();
    if (*w->settings.web.tls_listen == '\0')
        return LQ_OK;
    info.vhost_name = "tls";
    info.ssl_cert_filepath = w->settings.web.certificate;
    info.ssl_private_key_filepath = w->settings.web.key;
    info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT; // without it it would be no TLS
    info.ssl_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION;
    w->tls = lws_create_vhost(w->host.context, &info);
    return w->tls != NULL
               ? listen_at(w, w->tls, w->settings.web.tls_listen, "https://")
               : lq_fault(LQ_E_INPUT,
                          "web.certificate %s and web.key %s are no certificate and its key, or "
                          "cannot be read",
                          w->settings.web.certificate, w->settings.web.key);
}

static void log_line(int level, const char *line)
{
    enum { EACH_MS = 10000 };
    static int64_t told_ms; // whoever sends rubbish does not fill the journal
    const int64_t now_ms = lq_steady_ms();
    (void)level;
    if (told_ms != 0 && now_ms - told_ms < EACH_MS)
        return;
    told_ms = now_ms;
    lq_log_warn("libwebsockets: %.*s", (int)strcspn(line, "\n"), line);
}

static void end(uv_signal_t *signal_, int number)
{
    (void)number;
    uv_stop(signal_->loop);
}

static void open_loop(struct web *w)
{
    LQ_ASSERT(uv_loop_init(&w->loop) == 0);
    uv_signal_init(&w->loop, &w->terminated);
    uv_signal_init(&w->loop, &w->interrupted);
    uv_signal_start(&w->terminated, end, SIGTERM);
    uv_signal_start(&w->interrupted, end, SIGINT);
}

// By libuv, as it asks the system for what is ready only: the loop of libwebsockets' own hands all
// of its connections to poll(2) for each event, which with 2,000 browsers was most of what this
// did.
static enum lq_status open_context(struct web *w)
{
    void *loops[] = {&w->loop};
    const struct lws_context_creation_info info = {
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                   LWS_SERVER_OPTION_LIBUV,
        .foreign_loops = loops,
        .user = &w->host,
        .max_http_header_data = HEADERS_MOST,
        .timeout_secs = HANDSHAKE_S,
        .fd_limit_per_thread = w->host.most * FILES_EACH + FILES_BESIDE,
        .pt_serv_buf_size = 16 * 1024,
    };
    lws_set_log_level(LLL_ERR, log_line);
    open_loop(w);
    w->host.context = lws_create_context(&info);
    if (w->host.context == NULL)
        return lq_fault(LQ_E_IO, "libwebsockets cannot be started with libuv (Debian: "
                                 "libwebsockets-evlib-uv)");
    const enum lq_status status = open_plain(w);
    return status == LQ_OK ? open_tls(w) : status;
}

// ---------------------------------------------------------------- what is needed

// As many as are set, or as the system allows.
static void set_limits(struct web *w)
{
    struct rlimit files;
    const rlim_t wanted = (rlim_t)w->settings.web.connections * FILES_EACH + FILES_BESIDE;
    w->host.most = (unsigned)w->settings.web.connections;
    LQ_ASSERT(getrlimit(RLIMIT_NOFILE, &files) == 0);
    files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur >= wanted)
        return;
    w->host.most =
        files.rlim_cur > FILES_BESIDE ? (unsigned)(files.rlim_cur - FILES_BESIDE) / FILES_EACH : 1;
    lq_log_warn("at most %u connections, not %u: this process may open %u files", w->host.most,
                (unsigned)w->settings.web.connections, (unsigned)files.rlim_max);
}

static enum lq_status load_page(struct web *w)
{
    const char *page = w->page != NULL ? w->page : w->settings.web.page;
    if (*page == '\0')
        page = site_beside(&w->arena);
    const struct site_county county = {.outline = w->settings.web.outline,
                                       .words = web_words(&w->arena, &w->settings.words)};
    const enum lq_status status =
        site_load(&w->arena, page, w->host.names, w->host.name_count, &county, &w->host.site);
    if (status == LQ_E_MISSING) {
        lq_log_warn("there is no page to hand out: %s (scripts/web-page builds it)",
                    lq_fault_text());
        site_missing(&w->arena, w->host.names, w->host.name_count, &w->host.site);
        return LQ_OK;
    }
    if (status == LQ_OK)
        lq_log_info("%zu files of the page, %zu bytes, from %s", w->host.site.count,
                    w->host.site.bytes, page);
    return status;
}

static enum lq_status prepare(struct web *w)
{
    const char *path = w->settings_path;
    if (path == NULL) {
        path = lq_arena_format(&w->arena, "%s/config/lianqin.yaml", w->data);
        path = access(path, F_OK) == 0 ? path : NULL; // the bus writes it at the first start
    }
    enum lq_status status = lq_settings_load(path, &w->arena, &w->settings);
    if (status != LQ_OK)
        return status;
    if (*w->settings.web.certificate == '\0') // as lq web cert makes it
        w->settings.web.certificate = w->settings.web.key =
            lq_arena_format(&w->arena, "%s/web/server.pem", w->data);
    w->host.names = w->settings.web.names.items;
    w->host.name_count = w->settings.web.names.count;
    w->host.bus.written = lq_arena_format(&w->arena, "%s/run/endpoint", w->data);
    w->host.bus.set = w->settings.bus.listen;
    set_limits(w);
    status = load_page(w);
    return status == LQ_OK ? open_context(w) : status;
}

// ---------------------------------------------------------------- running

static void look_around(lws_sorted_usec_list_t *list)
{
    struct web *w = lws_container_of(list, struct web, every_second);
    relay_look_around(w->host.relays);
    lws_sul_schedule(w->host.context, 0, list, look_around, LWS_USEC_PER_SEC);
}

static void run(struct web *w)
{
    lq_log_info("the bus is at %s", bus_endpoint(&w->host.bus));
    sd_notify(0, "READY=1");
    look_around(&w->every_second);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    sd_notify(0, "STOPPING=1");
    w->host.is_ending = true;
    relay_end_all(w->host.relays);
    const int64_t until_ms = lq_steady_ms() + 1000;
    while (w->host.relays != NULL && lq_steady_ms() < until_ms)
        uv_run(&w->loop, UV_RUN_ONCE); // which look_around ends
}

static void close_loop(struct web *w)
{
    lws_context_destroy(w->host.context);
    uv_close((uv_handle_t *)&w->terminated, NULL);
    uv_close((uv_handle_t *)&w->interrupted, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT); // until all is closed
    uv_loop_close(&w->loop);
}

static bool take_arguments(struct web *w, int argc, char **argv)
{
    static const struct option options[] = {
        {"data", required_argument, NULL, 'd'}, {"settings", required_argument, NULL, 's'},
        {"bus", required_argument, NULL, 'b'},  {"listen", required_argument, NULL, 'l'},
        {"page", required_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},    {0}};
    const char *from_environment = getenv("LQ_DATA");
    w->data = from_environment != NULL ? from_environment : "var";
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (option) {
        case 'd':
            w->data = optarg;
            break;
        case 's':
            w->settings_path = optarg;
            break;
        case 'b':
            w->host.bus.given = optarg;
            break;
        case 'l':
            w->listen = optarg;
            break;
        case 'p':
            w->page = optarg;
            break;
        case 'h':
            fputs(usage, stdout);
            exit(EXIT_SUCCESS);
        case 'v':
            puts("lianqin-web (Lianqin) " LQ_VERSION);
            exit(EXIT_SUCCESS);
        default:
            return false;
        }
    }
    return optind == argc && (w->listen == NULL || strncmp(w->listen, "http://", 7) == 0);
}

int main(int argc, char **argv)
{
    static struct web web;
    lq_log_name("web");
    if (!take_arguments(&web, argc, argv)) {
        fputs(usage, stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    const enum lq_status status = prepare(&web);
    if (status == LQ_OK)
        run(&web);
    else
        lq_log_error("%s", lq_fault_text());
    if (web.host.context != NULL)
        close_loop(&web);
    lq_arena_free(&web.arena);
    return status == LQ_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
