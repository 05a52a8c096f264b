// lianqin-probe: a gateway of monitor. Once a minute it reads which channels there are, asks each
// camera whether it answers, and reports those that do, with a key of its own. It goes on when the
// bus is away, with the channels that it knew, and says so; what it could not report then is lost,
// and monitor has noticed that it was silent.
#include <curl/curl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/status.h"
#include "client/ask.h"
#include "lq/cli/cli.h"
#include "lq/cli/verb.h"
#include "monitor.pb-c.h"
#include "pb/pb.h"
#include "probe/ask.h"

enum { EVERY_S = 60, EVERY_MOST_S = 120, TIMEOUT_S = 10, BUS_MS = 15000, PAGE = 500 };

struct probe {
    struct lq_cli cli;
    struct lq_client *client;
    long every_s, timeout_s;
    bool once, verbose;
    struct lq_arena round; // of what is asked and told in one
    struct lq_arena known; // of the list of cameras
    struct probe_camera cameras[PROBE_CAMERAS_MOST];
    size_t count;
    bool is_away; // the bus did not answer the last time
};

#define SAY(format, ...)                                                                           \
    fprintf(stderr, "lianqin-probe: %s\n", lq_arena_format(&p->round, format, __VA_ARGS__))

static volatile sig_atomic_t is_ended;

static void end(int signal_)
{
    (void)signal_;
    is_ended = 1;
}

// ---------------------------------------------------------------- the bus

// Says it once when it goes away, and once when it is there again.
static void note_bus(struct probe *p, const struct lq_hearing *heard)
{
    const bool is_away = heard->what == LQ_HEARD_NOTHING || heard->what == LQ_HEARD_REFUSAL;
    const char *why = heard->what == LQ_HEARD_REFUSAL ? heard->refusal->text : lq_fault_text();
    if (is_away && !p->is_away)
        SAY(lq_tr(
                "the bus does not take the report: %s. Going on with the channels that are known"),
            why);
    if (!is_away && p->is_away)
        SAY("%s", lq_tr("the bus answers again"));
    p->is_away = is_away;
}

static void keep(struct probe *p, const Monitor__ChannelsAnswer *page)
{
    for (size_t i = 0; i < page->n_channels && p->count < PROBE_CAMERAS_MOST; i++)
        if (page->channels[i]->state != MONITOR__CHANNEL_STATE__RETIRED)
            p->cameras[p->count++] = (struct probe_camera){
                .number = lq_arena_text(&p->known, page->channels[i]->number),
                .address = lq_arena_text(&p->known, page->channels[i]->address)};
}

// Those that are in use. Where the bus is away the list stays as it was.
static bool read_channels(struct probe *p)
{
    Monitor__ListChannels list = MONITOR__LIST_CHANNELS__INIT;
    Monitor__Query query = MONITOR__QUERY__INIT;
    query.body_case = MONITOR__QUERY__BODY_CHANNELS;
    query.channels = &list;
    list.limit = PAGE;
    for (bool more = true, first = true; more; first = false) {
        const struct lq_hearing heard = lq_client_ask(p->client, &p->round, "monitor", &query.base,
                                                      &monitor__answer__descriptor);
        note_bus(p, &heard);
        if (heard.what != LQ_HEARD)
            return false;
        const Monitor__ChannelsAnswer *page = ((Monitor__Answer *)(void *)heard.answer)->channels;
        if (first) {
            lq_arena_reset(&p->known);
            p->count = 0;
        }
        keep(p, page);
        more = page->more && page->n_channels > 0;
        if (more)
            list.after = page->channels[page->n_channels - 1]->number;
    }
    return true;
}

static bool report(struct probe *p, int64_t at_ms)
{
    Monitor__Alive alive = MONITOR__ALIVE__INIT;
    Monitor__Command body = MONITOR__COMMAND__INIT;
    Lq__Command command = LQ__COMMAND__INIT;
    struct lq_id id = lq_id_new(at_ms);
    alive.channels = LQ_NEW_ARRAY(&p->round, char *, p->count + 1);
    for (size_t i = 0; i < p->count; i++)
        if (p->cameras[i].answers)
            alive.channels[alive.n_channels++] = lq_unconst(p->cameras[i].number);
    body.body_case = MONITOR__COMMAND__BODY_ALIVE;
    body.alive = &alive;
    const struct lq_span bytes = lq_pb_encode(&p->round, &body.base);
    command.id = (ProtobufCBinaryData){.len = sizeof id.bytes, .data = id.bytes};
    command.occurred_at_ms = at_ms;
    command.body = (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
    const struct lq_hearing heard = lq_client_decide(p->client, &p->round, "monitor", &command);
    note_bus(p, &heard);
    if (heard.what != LQ_HEARD)
        return false;
    if (heard.outcome->result_case == LQ__OUTCOME__RESULT_REJECTED) {
        SAY(lq_tr("the report was refused: %s: %s"), heard.outcome->rejected->code,
            heard.outcome->rejected->text);
        return false;
    }
    if (p->verbose)
        printf(lq_tr("%zu of %zu channels answer\n"), alive.n_channels, p->count);
    return true;
}

// ---------------------------------------------------------------- round by round

// The instant of a round is when it began: so they are a minute apart, however long one takes.
static bool round_once(struct probe *p)
{
    const int64_t at_ms = lq_wall_ms();
    const bool was_read = read_channels(p);
    if (!probe_ask(p->cameras, p->count, p->timeout_s * 1000)) {
        SAY("%s", lq_tr("the cameras could not be asked: no memory"));
        return false;
    }
    return report(p, at_ms) && was_read;
}

static void wait_for_next(const struct probe *p, int64_t begun_ms)
{
    for (int64_t left_ms;
         !is_ended && (left_ms = begun_ms + p->every_s * 1000 - lq_steady_ms()) > 0;) {
        const struct timespec nap = {.tv_sec = left_ms / 1000, .tv_nsec = left_ms % 1000 * 1000000};
        nanosleep(&nap, NULL);
    }
}

static int run(struct probe *p)
{
    static const struct lq_verb none = {.noun = "probe",
                                        .verb = ""}; // who makes a key asks as a verb
    p->cli.verb = &none;
    int code = lq_cli_open(&p->cli, false, BUS_MS, &p->client);
    if (code != LQ_EXIT_DONE)
        return code;
    do {
        const int64_t begun_ms = lq_steady_ms();
        lq_arena_reset(&p->round);
        code = round_once(p) ? LQ_EXIT_DONE : p->is_away ? LQ_EXIT_UNREACHABLE : LQ_EXIT_REFUSED;
        fflush(stdout);
        if (!p->once)
            wait_for_next(p, begun_ms);
    } while (!p->once && !is_ended);
    lq_client_close(p->client);
    return p->once ? code : LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- the line

static int tell_usage(FILE *to, int code)
{
    fputs(
        lq_tr(
            "usage: lianqin-probe [--data DIR] [--as BADGE | --key FILE] [--bus ENDPOINT]\n"
            "                     [--every SECONDS] [--timeout SECONDS] [--once] [--verbose]\n"
            "  asks each camera that monitor knows whether it answers (RTSP OPTIONS, or TCP), and\n"
            "  reports that once a minute; BADGE has the role gateway (default: V0001)\n"
            "  --every SECONDS      between two reports: 10 to 120 (default: 60)\n"
            "  --timeout SECONDS    how long a camera has to answer: 1 to 60 (default: 10)\n"
            "  --once               one report, then end: 0 it was taken, 1 refused, 3 no bus\n"
            "  --verbose            tells with each report how many answer\n"),
        to);
    return code;
}

// A number of seconds between the two; the default where none is given; 0: it is none.
static long seconds(int *argc, char **argv, const char *name, long least, long most, long otherwise)
{
    const char *text = lq_cli_option(argc, argv, name);
    if (text == NULL)
        return otherwise;
    char *after;
    const long value = strtol(text, &after, 10);
    return *after == '\0' && value >= least && value <= most ? value : 0;
}

static const char *option_or(int *argc, char **argv, const char *name, const char *environment,
                             const char *otherwise)
{
    const char *given = lq_cli_option(argc, argv, name);
    if (given == NULL && environment != NULL)
        given = getenv(environment);
    return given != NULL && *given != '\0' ? given : otherwise;
}

int main(int argc, char **argv)
{
    static struct probe probe;
    struct probe *p = &probe;
    setlocale(LC_ALL, "");
    lq_language_use(lq_language_of_environment());
    argc--, argv++;
    if (lq_cli_flag(&argc, argv, "--help") || lq_cli_flag(&argc, argv, "-h"))
        return tell_usage(stdout, LQ_EXIT_DONE);
    if (lq_cli_flag(&argc, argv, "--version")) {
        puts("lianqin-probe (Lianqin) " LQ_VERSION);
        return LQ_EXIT_DONE;
    }
    p->cli.data = option_or(&argc, argv, "--data", "LQ_DATA", "./var");
    p->cli.as = option_or(&argc, argv, "--as", "LQ_AS", "V0001");
    p->cli.bus = option_or(&argc, argv, "--bus", "LQ_BUS", NULL);
    p->cli.key = option_or(&argc, argv, "--key", NULL, NULL);
    p->every_s = seconds(&argc, argv, "--every", 10, EVERY_MOST_S, EVERY_S);
    p->timeout_s = seconds(&argc, argv, "--timeout", 1, 60, TIMEOUT_S);
    p->once = lq_cli_flag(&argc, argv, "--once");
    p->verbose = lq_cli_flag(&argc, argv, "--verbose");
    if (argc > 0 || p->every_s == 0 || p->timeout_s == 0 || p->timeout_s > p->every_s)
        return tell_usage(stderr, LQ_EXIT_USAGE);
    struct sigaction ending = {.sa_handler = end};
    sigaction(SIGTERM, &ending, NULL);
    sigaction(SIGINT, &ending, NULL);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return LQ_EXIT_REFUSED;
    const int code = run(p);
    curl_global_cleanup();
    lq_arena_free(&p->cli.arena);
    lq_arena_free(&p->round);
    lq_arena_free(&p->known);
    return code;
}
