// The metrics as text. A row is one metric: name, type, help, and how a service's status gives its
// value. Names have their unit, and every service is a label.
#include <string.h>

#include "lq/admin/metrics.h"

enum kind { GAUGE, COUNTER };

struct metric {
    const char *name, *help;
    enum kind kind;
    bool (*value)(const struct lq_surveyed *of, double *out); // false: there is none
};

// ---------------------------------------------------------------- the format

static void head(FILE *stream, const char *name, enum kind kind, const char *help)
{
    fprintf(stream, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
            kind == COUNTER ? "counter" : "gauge");
}

// A label's value: backslash, quote and line feed are escaped.
static void label(FILE *stream, const char *before, const char *name, const char *value)
{
    fprintf(stream, "%s%s=\"", before, name);
    for (; *value != '\0'; value++) {
        if (*value == '\n')
            fputs("\\n", stream);
        else if (*value == '\\' || *value == '"')
            fprintf(stream, "\\%c", *value);
        else
            fputc(*value, stream);
    }
    fputc('"', stream);
}

static void service_label(FILE *stream, const char *name, const char *service)
{
    fputs(name, stream);
    label(stream, "{", "service", service);
}

// ---------------------------------------------------------------- of each service

#define OF_STATUS(function, expression)                                                            \
    static bool function(const struct lq_surveyed *of, double *out)                                \
    {                                                                                              \
        const Lq__Status *status = of->status;                                                     \
        if (status != NULL)                                                                        \
            *out = (double)(expression);                                                           \
        return status != NULL;                                                                     \
    }
OF_STATUS(start_time, (double)status->started_at_ms / 1000)
OF_STATUS(records, status->tip != NULL ? status->tip->seq : 0)
OF_STATUS(journal_bytes, status->journal_bytes)
OF_STATUS(fill, (double)status->fill_percent / 100)
OF_STATUS(full, status->full != NULL)
OF_STATUS(refused, status->counts != NULL ? status->counts->refused : 0)
OF_STATUS(commits, status->counts != NULL ? status->counts->commits : 0)
OF_STATUS(queries, status->counts != NULL ? status->counts->queries : 0)
OF_STATUS(fetches, status->counts != NULL ? status->counts->fetches : 0)

#define OF_DISK(function, known, member)                                                           \
    static bool function(const struct lq_surveyed *of, double *out)                                \
    {                                                                                              \
        if (of->status == NULL || of->status->known == 0)                                          \
            return false;                                                                          \
        *out = (double)of->status->member;                                                         \
        return true;                                                                               \
    }
OF_DISK(growth, growth_days, growth_bytes)
OF_DISK(disk_size, disk_bytes, disk_bytes)
OF_DISK(disk_free, disk_bytes, disk_free_bytes)
OF_DISK(disk_refuse, disk_bytes, disk_refuse_bytes)

static const struct metric METRICS[] = {
    {"lianqin_start_time_seconds", "When the service started, in seconds since 1970.", GAUGE,
     start_time},
    {"lianqin_journal_records_total", "Records in the service's journal.", COUNTER, records},
    {"lianqin_journal_bytes", "Bytes that the journal uses.", GAUGE, journal_bytes},
    {"lianqin_journal_fill_ratio", "Part of the journal's largest size that is used, 0 to 1.",
     GAUGE, fill},
    {"lianqin_journal_growth_bytes_per_day",
     "Bytes by which the journal has grown a day, in the last 7 days.", GAUGE, growth},
    {"lianqin_disk_size_bytes", "Size of the file system that the journal lies on.", GAUGE,
     disk_size},
    {"lianqin_disk_free_bytes", "Bytes of that file system that the service may still use.", GAUGE,
     disk_free},
    {"lianqin_disk_refuse_bytes", "Commands are refused while fewer bytes are free.", GAUGE,
     disk_refuse},
    {"lianqin_full", "1 while the service refuses commands for want of room.", GAUGE, full},
    {"lianqin_requests_refused_total", "Requests that were refused since the start.", COUNTER,
     refused},
    {"lianqin_commits_total", "Transactions that were made durable since the start.", COUNTER,
     commits},
    {"lianqin_queries_total", "Queries since the start.", COUNTER, queries},
    {"lianqin_fetches_total", "Fetches of events since the start.", COUNTER, fetches},
};

static void write_metric(const struct metric *metric, const struct lq_survey *survey, FILE *stream)
{
    double value;
    head(stream, metric->name, metric->kind, metric->help);
    for (unsigned i = 0; i < survey->count; i++)
        if (metric->value(&survey->services[i], &value)) {
            service_label(stream, metric->name, survey->services[i].name);
            fprintf(stream, "} %.15g\n", value);
        }
}

// ---------------------------------------------------------------- those with more labels

static void write_up(const struct lq_survey *survey, FILE *stream)
{
    static const char name[] = "lianqin_up";
    head(stream, name, GAUGE, "1 if the service answers, 0 if not; of the bus, too.");
    service_label(stream, name, "bus");
    fprintf(stream, "} %d\n", survey->bus);
    for (unsigned i = 0; i < survey->count; i++) {
        service_label(stream, name, survey->services[i].name);
        fprintf(stream, "} %d\n", survey->services[i].status != NULL);
    }
}

static void write_info(const struct lq_survey *survey, FILE *stream)
{
    static const char name[] = "lianqin_build_info";
    head(stream, name, GAUGE, "1, with the version that the service runs.");
    for (unsigned i = 0; i < survey->count; i++) {
        const Lq__Status *status = survey->services[i].status;
        if (status == NULL)
            continue;
        service_label(stream, name, survey->services[i].name);
        label(stream, ",", "version", status->version);
        fputs("} 1\n", stream);
    }
}

static void write_commands(const struct lq_survey *survey, FILE *stream)
{
    static const char name[] = "lianqin_commands_total";
    head(stream, name, COUNTER,
         "Commands that were decided since the start: accepted, rejected by the rules, or "
         "repeated and answered as before.");
    for (unsigned i = 0; i < survey->count; i++) {
        const Lq__Status *status = survey->services[i].status;
        if (status == NULL || status->counts == NULL)
            continue;
        const struct {
            const char *result;
            uint64_t count;
        } rows[] = {{"accepted", status->counts->accepted},
                    {"rejected", status->counts->rejected},
                    {"repeated", status->counts->repeated}};
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            service_label(stream, name, survey->services[i].name);
            label(stream, ",", "result", rows[r].result);
            fprintf(stream, "} %llu\n", (unsigned long long)rows[r].count);
        }
    }
}

static bool is_halted(const Lq__Status *status, const char *stream)
{
    for (size_t i = 0; i < status->n_halts; i++)
        if (strcmp(status->halts[i]->stream, stream) == 0)
            return true;
    return false;
}

// What is followed: `halted` or how far behind.
static void write_followed(const struct lq_survey *survey, const char *name, bool halted,
                           FILE *stream)
{
    for (unsigned i = 0; i < survey->count; i++) {
        const Lq__Status *status = survey->services[i].status;
        for (size_t f = 0; status != NULL && f < status->n_follows; f++) {
            const Lq__Position *follows = status->follows[f];
            const uint64_t value =
                halted ? is_halted(status, follows->stream) : lq_survey_lag_of(survey, follows);
            service_label(stream, name, survey->services[i].name);
            label(stream, ",", "stream", follows->stream);
            fprintf(stream, "} %llu\n", (unsigned long long)value);
        }
    }
}

static void write_orders(const struct lq_metrics_orders *orders, FILE *stream)
{
    if (orders->open < 0)
        return;
    head(stream, "lianqin_orders_open", GAUGE,
         "Orders at which a team is at work, or that nobody has taken.");
    fprintf(stream, "lianqin_orders_open %lld\n", (long long)orders->open);
    head(stream, "lianqin_orders_unanswered", GAUGE,
         "Of these, orders that some team has not acknowledged.");
    fprintf(stream, "lianqin_orders_unanswered %lld\n", (long long)orders->unanswered);
}

void lq_metrics_write(const struct lq_survey *survey, const struct lq_metrics_orders *orders,
                      FILE *stream)
{
    write_up(survey, stream);
    write_info(survey, stream);
    for (size_t i = 0; i < sizeof METRICS / sizeof *METRICS; i++)
        write_metric(&METRICS[i], survey, stream);
    write_commands(survey, stream);
    head(stream, "lianqin_follow_lag_records", GAUGE,
         "Records of a followed service that have not had their effect yet.");
    write_followed(survey, "lianqin_follow_lag_records", false, stream);
    head(stream, "lianqin_follow_halted", GAUGE,
         "1 where a service follows another no further until somebody has seen to it.");
    write_followed(survey, "lianqin_follow_halted", true, stream);
    write_orders(orders, stream);
}
