// lq status: is everybody there, how are they, and by when is a disk full.
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "lq/admin/disk.h"
#include "lq/admin/survey.h"
#include "lq/nouns/nouns.h"
#include "lq/show/show.h"
#include "pb/json.h"

// ---------------------------------------------------------------- printing

static const struct lq_column COLUMNS[] = {
    {.key = "service", .title = "SERVICE", .zh = "服务", .whole = true},
    {.key = "state", .title = "STATE", .zh = "状态", .whole = true},
    {.key = "records", .title = "RECORDS", .zh = "记录", .right = true},
    {.key = "journal_bytes", .title = "JOURNAL", .zh = "日志", .right = true},
    {.key = "fill_percent", .title = "FILL%", .zh = "占用%", .right = true},
    {.key = "disk_free_bytes", .title = "DISK FREE", .zh = "磁盘可用", .right = true},
    {.key = "lag", .title = "LAG", .zh = "滞后", .right = true},
    {.key = "pid", .title = "PID", .zh = "进程", .right = true},
    {.key = "since", .title = "SINCE", .zh = "启动于"},
};

static void add_size(const struct lq_cli *cli, struct lq_output *output, uint64_t bytes)
{
    char text[LQ_SIZE_TEXT];
    if (cli->format != LQ_FORMAT_TABLE)
        lq_output_number(output, (int64_t)bytes);
    else
        lq_output_text(output, lq_size_text(bytes, text));
}

// "stands": it is up, but follows one of the others no further, or its clock has leapt. "full": it
// takes no commands.
static const char *state_of(const struct lq_surveyed *of)
{
    return of->status == NULL                                     ? LQ_TR_LATER("down")
           : of->status->n_halts > 0 || of->status->clock != NULL ? LQ_TR_LATER("stands")
           : of->status->full != NULL                             ? LQ_TR_LATER("full")
                                                                  : LQ_TR_LATER("up");
}

static void add_row(struct lq_cli *cli, struct lq_output *output, const struct lq_survey *survey,
                    const struct lq_surveyed *of)
{
    const Lq__Status *status = of->status;
    char text[LQ_TIME_TEXT];
    lq_output_text(output, lq_cli_service(cli, of->name));
    lq_output_text(output, lq_cli_word(cli, state_of(of)));
    lq_output_mark(output, status == NULL || status->n_halts > 0 || status->full != NULL
                               ? LQ_ALERT
                               : LQ_PLAIN);
    if (status == NULL) {
        for (int i = 2; i < (int)(sizeof COLUMNS / sizeof *COLUMNS); i++)
            lq_output_none(output);
        return;
    }
    lq_output_number(output, status->tip != NULL ? (int64_t)status->tip->seq : 0);
    add_size(cli, output, status->journal_bytes);
    lq_output_number(output, status->fill_percent);
    if (status->disk_bytes > 0)
        add_size(cli, output, status->disk_free_bytes);
    else
        lq_output_none(output);
    if (status->n_follows > 0)
        lq_output_number(output, (int64_t)lq_survey_lag(survey, status));
    else
        lq_output_none(output);
    lq_output_number(output, status->pid);
    lq_output_text(output, lq_format_local(status->started_at_ms, text));
}

static int print_table(struct lq_cli *cli, const struct lq_survey *survey)
{
    const size_t columns = sizeof COLUMNS / sizeof *COLUMNS;
    struct lq_output *output = lq_output_new(COLUMNS, columns);
    lq_output_text(output,
                   lq_cli_service(cli, LQ_TR_LATER("bus"))); // it keeps nothing and so has nothing else to tell
    lq_output_text(output, lq_cli_word(cli, survey->bus ? "up" : "down"));
    lq_output_mark(output, survey->bus ? LQ_PLAIN : LQ_ALERT);
    for (size_t i = 2; i < columns; i++)
        lq_output_none(output);
    for (unsigned i = 0; i < survey->count; i++)
        add_row(cli, output, survey, &survey->services[i]);
    return lq_cli_print(cli, output);
}

static json_t *json_of(const struct lq_survey *survey, const struct lq_surveyed *of)
{
    json_t *row = of->status != NULL ? lq_pb_json(&of->status->base) : json_object();
    json_object_set_new(row, "service", json_string(of->name));
    json_object_set_new(row, "state", json_string(state_of(of)));
    if (of->status != NULL)
        json_object_set_new(row, "lag",
                            json_integer((json_int_t)lq_survey_lag(survey, of->status)));
    else
        json_object_set_new(row, "why", json_string(of->why));
    return row;
}

static int print_json(const struct lq_survey *survey)
{
    json_t *rows = json_array();
    json_array_append_new(
        rows, json_pack("{s:s, s:s}", "service", "bus", "state", survey->bus ? "up" : "down"));
    for (unsigned i = 0; i < survey->count; i++)
        json_array_append_new(rows, json_of(survey, &survey->services[i]));
    lq_print_json(rows, false, stdout);
    return LQ_EXIT_DONE;
}

// What is in the way of one that is up. True if there was something.
static bool tell_trouble(const struct lq_surveyed *of)
{
    const Lq__Status *status = of->status;
    for (size_t h = 0; h < status->n_halts; h++)
        lq_cli_fail("%s stands: %s", of->name,
                    lq_cli_sentence(status->halts[h]->text, status->halts[h]->sentence,
                                    status->halts[h]->n_sentence));
    if (status->clock != NULL)
        lq_cli_fail("%s: %s", of->name,
                    lq_cli_sentence(status->clock->text, status->clock->sentence,
                                    status->clock->n_sentence));
    const bool by_disk = status->disk_bytes > 0 && // told below, once for all
                         status->disk_free_bytes < status->disk_refuse_bytes;
    if (status->full != NULL && !by_disk)
        lq_cli_fail("%s takes no commands: %s", of->name, lq_cli_refusal_text(status->full));
    return status->n_halts > 0 || status->full != NULL || status->clock != NULL;
}

static int judge(struct lq_cli *cli, const struct lq_survey *survey)
{
    if (!survey->bus)
        return lq_cli_not_signed_on(cli, survey->trouble, survey->services[0].why);
    int code = survey->up == survey->count ? LQ_EXIT_DONE : LQ_EXIT_UNREACHABLE;
    for (unsigned i = 0; i < survey->count; i++) {
        const struct lq_surveyed *of = &survey->services[i];
        if (of->status == NULL)
            lq_cli_fail("%s is down: %s", of->name, of->why);
        else if (tell_trouble(of) && code == LQ_EXIT_DONE)
            code = LQ_EXIT_REFUSED;
    }
    if (survey->up < survey->count)
        lq_disk_tell_here(cli);
    lq_disk_tell(survey);
    return code;
}

static int status(struct lq_cli *cli)
{
    struct lq_client *client = NULL;
    struct lq_survey survey;
    int code = lq_cli_open(cli, true, LQ_SURVEY_MS, &client);
    if (code != LQ_EXIT_DONE)
        return code;
    lq_survey(&cli->arena, client, &survey);
    lq_client_close(client);
    if (!cli->quiet)
        code = cli->format == LQ_FORMAT_JSON ? print_json(&survey) : print_table(cli, &survey);
    const int verdict = judge(cli, &survey);
    return verdict != LQ_EXIT_DONE ? verdict : code;
}

const struct lq_verb lq_status_verbs[] = {
    LQ_VERB(
        "status", "", "is every service up; exits 0 once all are",
        "各服务是否都在运行；都在则退出码为 0", NULL,
        .notes =
            {"  LAG: records of the services it follows that have not had their effect yet.\n"
             "  \"stands\": it is up, but follows another one no further: what to do is told "
             "below the\n  table, and the exit code is 1.\n"
             "  \"full\": it takes no commands until there is room again; the exit code is 1.\n"
             "  A disk that is nearly full, or will be within 30 days, is told below the table, "
             "with the\n  day, reckoned from what the journals have grown a day in the last 7.\n",
             "  滞后：所跟随的服务中尚未生效的记录数。\n"
             "  “停跟”：在运行，但已停止跟随另一服务，或时钟跳变；表下说明该怎么办，退出码为 1。\n"
             "  “空间不足”：空间不足，腾出空间前不受理指令；退出码为 1。\n"
             "  磁盘将满（或 30 天内将满）时，表下给出预计日期，按近 7 天日志的日均增量推算。\n"},
        .run = status),
    {0},
};
