// The story of a run: what happened, in words, the last lines kept. Telling costs a hundred times
// what the run costs, so a run that fails without a story is run again with one: the same seed is
// the same run.
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "pb/pb.h"
#include "sim/bugs.h"
#include "sim/sim.h"

enum { LINES = 400, LINE = 1200 };

static struct sim *told; // whom it is about
static char lines[LINES][LINE];
static unsigned long line_count;

void sim_tell(struct sim *s, const char *format, ...)
{
    char when[LQ_TIME_TEXT];
    char *line = lines[line_count++ % LINES];
    lq_format_local(s->now_ms, when);
    const int used = snprintf(line, LINE, "%s.%03d  ", when, (int)(s->now_ms % 1000));
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + used, LINE - (size_t)used, format, arguments);
    va_end(arguments);
}

static const ProtobufCMessage *decode(struct sim *s, const ProtobufCMessageDescriptor *type,
                                      struct lq_span bytes)
{
    const char *why = NULL;
    return lq_pb_decode_within(&LQ_PB_REPLY, &s->scratch, type, bytes, &why);
}

static const char *text_of_command(struct sim *s, const struct lq_service *service,
                                   struct lq_span bytes)
{
    const Lq__Command *command = (const void *)decode(s, &lq__command__descriptor, bytes);
    struct lq_id id = {0};
    char id_text[LQ_ID_TEXT];
    lq_id_from_span(lq_span(command->id.data, command->id.len), &id);
    return lq_arena_format(
        &s->scratch, "%s%s%s by id %s",
        sim_text(s, service->command_type, lq_span(command->body.data, command->body.len)),
        command->on_behalf_of[0] != '\0' ? " for " : "", command->on_behalf_of,
        lq_id_format(id, id_text));
}

static const char *text_of_commands(struct sim *s, const struct lq_service *service,
                                    const Lq__Commands *commands)
{
    const char *text = "";
    for (size_t i = 0; i < commands->n_commands; i++)
        text = lq_arena_format(
            &s->scratch, "%s%s%s", text, i > 0 ? ", then " : "",
            text_of_command(s, service,
                            lq_span(commands->commands[i].data, commands->commands[i].len)));
    return text;
}

static const char *text_of_request(struct sim *s, const Lq__Request *request)
{
    const struct lq_service *service = lq_service_named(request->service);
    const struct lq_span bytes = lq_span(request->command.data, request->command.len);
    if (request->kind_case == LQ__REQUEST__KIND_FETCH)
        return lq_pb_text(&s->scratch, decode(s, &lq__fetch__descriptor, bytes));
    if (request->kind_case == LQ__REQUEST__KIND_QUERY) {
        const Lq__Query *query = (const void *)decode(s, &lq__query__descriptor, bytes);
        return sim_text(s, service->query_type, lq_span(query->body.data, query->body.len));
    }
    if (request->kind_case == LQ__REQUEST__KIND_COMMANDS)
        return text_of_commands(s, service,
                                (const void *)decode(s, &lq__commands__descriptor, bytes));
    return text_of_command(s, service, bytes);
}

static const char *text_of_reply(struct sim *s, const Lq__Reply *reply)
{
    if (reply->kind_case == LQ__REPLY__KIND_OUTCOME)
        return sim_text(s, &lq__outcome__descriptor,
                        lq_span(reply->outcome.data, reply->outcome.len));
    if (reply->kind_case == LQ__REPLY__KIND_EVENTS)
        return lq_arena_format(
            &s->scratch, "%zu events, next_after %llu, tip %llu", reply->events->n_events,
            (unsigned long long)reply->events->next_after, (unsigned long long)reply->events->tip);
    return lq_pb_text(&s->scratch, &reply->base);
}

const char *sim_text(struct sim *s, const ProtobufCMessageDescriptor *type, struct lq_span bytes)
{
    const ProtobufCMessage *message = decode(s, type, bytes);
    if (message == NULL)
        return "(bytes that do not decode)";
    if (type == &lq__request__descriptor)
        return text_of_request(s, (const void *)message);
    if (type == &lq__reply__descriptor)
        return text_of_reply(s, (const void *)message);
    return lq_pb_text(&s->scratch, message);
}

// ---------------------------------------------------------------- the end of a run that fails

// An assertion of the product raises a signal, and its handler comes here too. Nothing runs beside
// it in this process, and it ends with it.
// NOLINTBEGIN(bugprone-signal-handler,cert-sig30-c)

static void print_story(const struct sim *s)
{
    const unsigned long first = line_count > LINES ? line_count - LINES : 0;
    printf("the story of seed %llu, its last %lu lines:\n", (unsigned long long)s->options.seed,
           line_count - first);
    for (unsigned long i = first; i < line_count; i++)
        printf("%s\n", lines[i % LINES]);
}

// The same seed again, this time with its story.
static void run_again(const struct sim *s)
{
    char seed[32], hours[32], faults[32], bug[64];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)s->options.seed);
    snprintf(hours, sizeof hours, "%lldms", (long long)s->options.span_ms);
    snprintf(faults, sizeof faults, "0x%x", (unsigned)s->options.faults);
    snprintf(bug, sizeof bug, "%s", sim_bug_name(sim_planted));
    fflush(stdout);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execl("/proc/self/exe", "lq-sim", "--seed", seed, "--days", hours, "--faults", faults, "--bug",
          bug, "--story", (char *)NULL);
}

static _Noreturn void end(const char *property, const char *words)
{
    struct sim *s = told;
    if (s != NULL && !s->options.story && !s->options.brief)
        run_again(s);
    if (s != NULL && s->options.story)
        print_story(s);
    char when[LQ_TIME_TEXT] = "";
    if (s != NULL)
        lq_format_local(s->now_ms, when);
    printf("FAILED seed=%llu property=%s at=\"%s\": %s\n",
           s != NULL ? (unsigned long long)s->options.seed : 0ULL, property, when, words);
    fflush(stdout);
    _exit(1);
}

// NOLINTEND(bugprone-signal-handler,cert-sig30-c)

void sim_fail(const char *property, const char *format, ...)
{
    char words[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    end(property, words);
}

// An assertion of the product's own that fails is a finding like others.
static void on_abort(int signal_number)
{
    end(signal_number == SIGABRT ? "assertion" : "signal",
        "the product ended the process; its words are on standard error");
}

void sim_story_begin(struct sim *s)
{
    told = s;
    line_count = 0;
    signal(SIGABRT, on_abort);
    signal(SIGSEGV, on_abort);
}

// ---------------------------------------------------------------- the product's log

// What services log (a command of their own that they rejected) belongs into the story. These stand
// in for those of common/base.
void lq_log_name(const char *name)
{
    (void)name;
}

#define SIM_LOG(name)                                                                              \
    void name(const char *format, ...)                                                             \
    {                                                                                              \
        if (told == NULL || !told->options.story)                                                  \
            return;                                                                                \
        char text[LINE];                                                                           \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        vsnprintf(text, sizeof text, format, arguments);                                           \
        va_end(arguments);                                                                         \
        sim_tell(told, "  log: %s", text);                                                         \
    }
SIM_LOG(lq_log_info)
SIM_LOG(lq_log_warn)
SIM_LOG(lq_log_error)
