// lq status: is everybody there, and how are they. Each service is asked at once and answers for
// itself; the bus has answered if anybody's answer, or its own refusal, came through it.
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/time.h"
#include "lq/nouns/nouns.h"
#include "lq/show/show.h"
#include "pb/json.h"
#include "pb/pb.h"
#include "service/service.h"

enum { SERVICES_MOST = 48, PATIENCE_MS = 3000 };

// One service, as far as it is known.
struct seen_service {
    const char *name;
    uint64_t correlation;
    const Lq__Status *status; // NULL: it did not answer
    const char *why;          // then
};

struct survey {
    struct seen_service services[SERVICES_MOST];
    unsigned count, up;
    bool bus;
    enum lq_sign_on trouble; // if the bus is not there
};

static struct seen_service *find(struct survey *survey, uint64_t correlation)
{
    for (unsigned i = 0; i < survey->count; i++)
        if (survey->services[i].correlation == correlation)
            return &survey->services[i];
    return NULL;
}

static void take(struct lq_cli *cli, struct survey *survey, struct seen_service *of,
                 const Lq__Reply *reply)
{
    const char *why = lq_tr("its answer cannot be read");
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        why = lq_cli_refusal_text(reply->refusal);
    if (reply->kind_case == LQ__REPLY__KIND_ANSWER)
        of->status = (const void *)lq_pb_decode_within(
            &LQ_PB_REPLY, &cli->arena, &lq__status__descriptor,
            lq_span(reply->answer->body.data, reply->answer->body.len), &why);
    survey->up += of->status != NULL;
    of->why = lq_arena_text(&cli->arena, why);
}

static void ask(struct lq_cli *cli, struct lq_client *client, struct survey *survey)
{
    const Lq__Query query = LQ__QUERY__INIT;
    const struct lq_span body = lq_pb_encode(&cli->arena, &query.base);
    const int64_t until = lq_steady_ms() + PATIENCE_MS;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        LQ_ASSERT(survey->count < SERVICES_MOST);
        struct seen_service *of = &survey->services[survey->count++];
        of->name = (*s)->name;
        LQ_ASSERT(lq_client_submit(client, of->name, LQ_ASK_QUERY, body, &of->correlation) ==
                  LQ_OK);
    }
    const Lq__Reply *reply;
    while (lq_client_next(client, -1, &reply)) {
        struct seen_service *of = find(survey, reply->correlation);
        if (of == NULL)
            continue;
        survey->bus = survey->bus || lq_steady_ms() < until; // later it is the client's own
        take(cli, survey, of, reply);
    }
    survey->trouble = lq_sign_on_trouble(client);
}

// ---------------------------------------------------------------- printing

// How many records of others it has not followed yet.
static uint64_t lag(const struct survey *survey, const Lq__Status *status)
{
    uint64_t behind = 0;
    for (size_t i = 0; i < status->n_follows; i++)
        for (unsigned j = 0; j < survey->count; j++) {
            const Lq__Status *other = survey->services[j].status;
            if (other != NULL && other->tip != NULL &&
                strcmp(survey->services[j].name, status->follows[i]->stream) == 0 &&
                other->tip->seq > status->follows[i]->seq)
                behind += other->tip->seq - status->follows[i]->seq;
        }
    return behind;
}

static const struct lq_column COLUMNS[] = {
    {.key = "service", .title = "SERVICE", .zh = "服务", .whole = true},
    {.key = "state", .title = "STATE", .zh = "状态", .whole = true},
    {.key = "records", .title = "RECORDS", .zh = "记录", .right = true},
    {.key = "journal_bytes", .title = "JOURNAL", .zh = "日志", .right = true},
    {.key = "fill_percent", .title = "FILL%", .zh = "占用%", .right = true},
    {.key = "lag", .title = "LAG", .zh = "滞后", .right = true},
    {.key = "pid", .title = "PID", .zh = "进程", .right = true},
    {.key = "since", .title = "SINCE", .zh = "启动于"},
};

static void add_size(const struct lq_cli *cli, struct lq_output *output, uint64_t bytes)
{
    static const char *const UNITS[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    char text[32];
    unsigned unit = 0;
    if (cli->format != LQ_FORMAT_TABLE) {
        lq_output_number(output, (int64_t)bytes);
        return;
    }
    while (bytes >= 10000 && unit < 4) {
        bytes /= 1024;
        unit++;
    }
    snprintf(text, sizeof text, "%llu %s", (unsigned long long)bytes, UNITS[unit]);
    lq_output_text(output, text);
}

// "stands": it is up, but follows one of the others no further, or its clock has leapt.
static const char *state_of(const struct seen_service *of)
{
    return of->status == NULL                                     ? LQ_TR_LATER("down")
           : of->status->n_halts > 0 || of->status->clock != NULL ? LQ_TR_LATER("stands")
                                                                  : LQ_TR_LATER("up");
}

static void add_row(const struct lq_cli *cli, struct lq_output *output, const struct survey *survey,
                    const struct seen_service *of)
{
    const Lq__Status *status = of->status;
    char text[LQ_TIME_TEXT];
    lq_output_text(output, of->name);
    lq_output_text(output, lq_cli_word(cli, state_of(of)));
    if (status == NULL) {
        for (int i = 2; i < (int)(sizeof COLUMNS / sizeof *COLUMNS); i++)
            lq_output_none(output);
        return;
    }
    lq_output_number(output, status->tip != NULL ? (int64_t)status->tip->seq : 0);
    add_size(cli, output, status->journal_bytes);
    lq_output_number(output, status->fill_percent);
    if (status->n_follows > 0)
        lq_output_number(output, (int64_t)lag(survey, status));
    else
        lq_output_none(output);
    lq_output_number(output, status->pid);
    lq_output_text(output, lq_format_local(status->started_at_ms, text));
}

static int print_table(struct lq_cli *cli, const struct survey *survey)
{
    const size_t columns = sizeof COLUMNS / sizeof *COLUMNS;
    struct lq_output *output = lq_output_new(COLUMNS, columns);
    lq_output_text(output, "bus"); // it keeps nothing and so has nothing else to tell
    lq_output_text(output, lq_cli_word(cli, survey->bus ? "up" : "down"));
    for (size_t i = 2; i < columns; i++)
        lq_output_none(output);
    for (unsigned i = 0; i < survey->count; i++)
        add_row(cli, output, survey, &survey->services[i]);
    return lq_cli_print(cli, output);
}

static json_t *json_of(const struct survey *survey, const struct seen_service *of)
{
    json_t *row = of->status != NULL ? lq_pb_json(&of->status->base) : json_object();
    json_object_set_new(row, "service", json_string(of->name));
    json_object_set_new(row, "state", json_string(state_of(of)));
    if (of->status != NULL)
        json_object_set_new(row, "lag", json_integer((json_int_t)lag(survey, of->status)));
    else
        json_object_set_new(row, "why", json_string(of->why));
    return row;
}

static int print_json(const struct survey *survey)
{
    json_t *rows = json_array();
    json_array_append_new(
        rows, json_pack("{s:s, s:s}", "service", "bus", "state", survey->bus ? "up" : "down"));
    for (unsigned i = 0; i < survey->count; i++)
        json_array_append_new(rows, json_of(survey, &survey->services[i]));
    lq_print_json(rows, false, stdout);
    return LQ_EXIT_DONE;
}

static int judge(struct lq_cli *cli, const struct survey *survey)
{
    if (!survey->bus)
        return lq_cli_not_signed_on(cli, survey->trouble, survey->services[0].why);
    int code = survey->up == survey->count ? LQ_EXIT_DONE : LQ_EXIT_UNREACHABLE;
    for (unsigned i = 0; i < survey->count; i++) {
        const struct seen_service *of = &survey->services[i];
        if (of->status == NULL)
            lq_cli_say("%s is down: %s", of->name, of->why);
        if (of->status != NULL && of->status->clock != NULL) {
            lq_cli_say("%s: %s", of->name,
                       lq_cli_sentence(of->status->clock->text, of->status->clock->sentence,
                                       of->status->clock->n_sentence));
            code = code == LQ_EXIT_DONE ? LQ_EXIT_REFUSED : code;
        }
        for (size_t h = 0; of->status != NULL && h < of->status->n_halts; h++) {
            lq_cli_say("%s stands: %s", of->name,
                       lq_cli_sentence(of->status->halts[h]->text, of->status->halts[h]->sentence,
                                       of->status->halts[h]->n_sentence));
            code = code == LQ_EXIT_DONE ? LQ_EXIT_REFUSED : code;
        }
    }
    return code;
}

static int status(struct lq_cli *cli)
{
    struct lq_client *client = NULL;
    struct survey survey = {0};
    int code = lq_cli_open(cli, true, PATIENCE_MS, &client);
    if (code != LQ_EXIT_DONE)
        return code;
    ask(cli, client, &survey);
    lq_client_close(client);
    if (!cli->quiet)
        code = cli->format == LQ_FORMAT_JSON ? print_json(&survey) : print_table(cli, &survey);
    const int verdict = judge(cli, &survey);
    return verdict != LQ_EXIT_DONE ? verdict : code;
}

const struct lq_verb lq_status_verbs[] = {
    LQ_VERB("status", "", "is every service up; exits 0 once all are",
            "各服务是否都在运行；都在则退出码为 0", NULL,
            .notes =
                {"  LAG: records of the services it follows that have not had their effect yet.\n"
                 "  \"stands\": it is up, but follows another one no further, or its clock has "
                 "leapt: what to do\n  is told below the table, and the exit code is 1.\n",
                 "  LAG：所跟随的服务中尚未生效的记录数。\n"
                 "  “stands”：在运行，但已停止跟随另一服务，或时钟跳变；表下说明该怎么办，退出码为 "
                 "1。\n"},
            .run = status),
    {0},
};
