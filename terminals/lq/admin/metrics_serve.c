// The metrics at an address: GET /metrics over HTTP, asked anew each time. One thread answers one
// scraper after the other; the client is that thread's.
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "lq/admin/address.h"
#include "lq/admin/metrics.h"
#include "lq/full.h"
#include "runtime/system.h"

enum { SCRAPERS_MOST = 8, IDLE_S = 10 };

struct serving {
    struct lq_cli *cli;
    const char *key;          // a file
    struct lq_client *client; // NULL: to be opened
};

// ---------------------------------------------------------------- measuring

// A system that is not there now may be there at the next time.
static void open_client(struct serving *s, struct lq_arena *arena)
{
    const char *endpoint = s->cli->bus;
    if (endpoint == NULL && lq_sign_on_endpoint(arena, s->cli->data, &endpoint) != LQ_SIGNED_ON)
        return;
    if (lq_sign_on_open(arena, s->cli->data, endpoint, s->key, true, LQ_SURVEY_MS, &s->client) !=
        LQ_OK)
        lq_log_warn("%s", lq_fault_text());
}

// Nobody is up: what is told of a system that cannot be asked.
static void take_none(struct lq_survey *survey)
{
    *survey = (struct lq_survey){0};
    for (const struct lq_service *const *service = lq_services; *service != NULL; service++)
        survey->services[survey->count++].name = (*service)->name;
}

// The bus may have been started again at another address: the next time begins anew.
static void measure(struct serving *s, FILE *stream)
{
    struct lq_arena arena = {0};
    struct lq_survey survey;
    struct lq_metrics_orders orders = {-1, -1};
    if (s->client == NULL)
        open_client(s, &arena);
    if (s->client != NULL)
        lq_metrics_take(&arena, s->client, &survey, &orders);
    else
        take_none(&survey);
    if (!survey.bus) {
        lq_client_close(s->client);
        s->client = NULL;
    }
    lq_metrics_write(&survey, &orders, stream);
    lq_arena_free(&arena);
}

// ---------------------------------------------------------------- answering

static enum MHD_Result reply(struct MHD_Connection *connection, unsigned code, const char *type,
                             const char *allow, struct MHD_Response *response)
{
    if (response == NULL)
        return MHD_NO;
    enum MHD_Result done = MHD_add_response_header(response, "Content-Type", type);
    if (done == MHD_YES && allow != NULL)
        done = MHD_add_response_header(response, "Allow", allow);
    if (done == MHD_YES)
        done = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return done;
}

static enum MHD_Result reply_text(struct MHD_Connection *connection, unsigned code,
                                  const char *allow, const char *text)
{
    return reply(
        connection, code, "text/plain; charset=utf-8", allow,
        MHD_create_response_from_buffer(strlen(text), lq_unconst(text), MHD_RESPMEM_PERSISTENT));
}

static enum MHD_Result reply_metrics(struct serving *s, struct MHD_Connection *connection)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    LQ_ASSERT(stream != NULL);
    measure(s, stream);
    LQ_ASSERT(fclose(stream) == 0);
    return reply(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", NULL,
                 MHD_create_response_from_buffer(size, text, MHD_RESPMEM_MUST_FREE));
}

static enum MHD_Result answer(void *self, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
    static int seen;
    (void)version;
    (void)upload;
    if (*request == NULL) { // only its head has come in
        *request = &seen;
        return MHD_YES;
    }
    *upload_size = 0; // a body is of no interest
    if (strcmp(url, "/metrics") != 0)
        return reply_text(connection, MHD_HTTP_NOT_FOUND, NULL, "there is only /metrics\n");
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return reply_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET, HEAD",
                          "only GET is answered\n");
    return reply_metrics(self, connection);
}

// ---------------------------------------------------------------- serving

static void wait_for_end(void)
{
    sigset_t signals;
    int signal;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    while (sigwait(&signals, &signal) != 0)
        continue;
}

static void block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static int serve_at(struct serving *s, const char *address, const struct addrinfo *found)
{
    const unsigned family = found->ai_family == AF_INET6 ? MHD_USE_IPv6 : 0;
    block_signals();
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG | family, 0, NULL, NULL, answer, s,
        MHD_OPTION_SOCK_ADDR, found->ai_addr, MHD_OPTION_CONNECTION_LIMIT, SCRAPERS_MOST,
        MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, MHD_OPTION_END);
    if (daemon == NULL) {
        lq_cli_say("cannot listen at %s: %s", address, strerror(errno));
        return LQ_EXIT_REFUSED;
    }
    lq_log_info("metrics at http://%s/metrics", address);
    wait_for_end();
    MHD_stop_daemon(daemon);
    lq_client_close(s->client);
    return LQ_EXIT_DONE;
}

// Where this machine keeps the list of keys, the key is made. What else there is to say of it is
// said when it is used.
static int find_key(struct serving *s)
{
    const struct lq_system system = lq_system_at(&s->cli->arena, s->cli->data);
    s->key = s->cli->key;
    if (s->key != NULL)
        return LQ_EXIT_DONE;
    s->key = lq_arena_format(&s->cli->arena, "%s/" LQ_METRICS_BADGE ".key", system.keys);
    if (access(system.authorized, W_OK) == 0) {
        const enum lq_status status = lq_system_issue_metrics_key(&s->cli->arena, &system);
        return status == LQ_OK ? LQ_EXIT_DONE : lq_cli_fault(status);
    }
    if (access(s->key, R_OK) == 0)
        return LQ_EXIT_DONE;
    lq_cli_say("there is no key %s, and only where the bus runs it is made; --key FILE names "
               "another",
               s->key);
    return LQ_EXIT_REFUSED;
}

int lq_metrics_serve(struct lq_cli *cli, const char *address)
{
    struct serving s = {.cli = cli};
    struct addrinfo *found;
    lq_log_name("metrics");
    if (strchr(address, '/') != NULL || !lq_address_read(address, &found))
        return lq_cli_usage(cli, "--listen takes HOST:PORT in numbers (127.0.0.1:9464), not \"%s\"",
                            address);
    int code = find_key(&s);
    if (code == LQ_EXIT_DONE) {
        const enum lq_status status = lq_address_check_free(address, "--listen");
        code = status == LQ_OK ? serve_at(&s, address, found) : lq_cli_fault(status);
    }
    freeaddrinfo(found);
    return code;
}
