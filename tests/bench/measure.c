// Percentiles are taken from all samples, not from a histogram: a run has some hundred thousand.
#include "measure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"

void bench_die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("lq-bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

void samples_add(struct samples *samples, double value)
{
    if (samples->count == samples->room) {
        samples->room = samples->room == 0 ? 4096 : 2 * samples->room;
        samples->values = realloc(samples->values, samples->room * sizeof(double));
        LQ_ASSERT(samples->values != NULL);
    }
    samples->values[samples->count++] = value;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double samples_at(struct samples *samples, double share)
{
    if (samples->count == 0)
        return 0;
    qsort(samples->values, samples->count, sizeof(double), compare);
    return samples->values[(size_t)(share * (double)(samples->count - 1))];
}

void samples_free(struct samples *samples)
{
    free(samples->values);
    *samples = (struct samples){0};
}

void tell(const char *what, const char *name, double value)
{
    printf("%s.%s %.3f\n", what, name, value);
    fflush(stdout);
}

void tell_samples(const char *what, struct samples *samples)
{
    tell(what, "p50_us", 1e6 * samples_at(samples, 0.5));
    tell(what, "p99_us", 1e6 * samples_at(samples, 0.99));
    samples_free(samples);
}

// ---------------------------------------------------------------- /proc

static size_t read_proc(pid_t pid, const char *name, char *text, size_t room)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid == 0 ? getpid() : pid, name);
    FILE *file = fopen(path, "r");
    const size_t size = file != NULL ? fread(text, 1, room - 1, file) : 0;
    if (file != NULL)
        fclose(file);
    text[size] = '\0';
    return size;
}

static uint64_t field_of(const char *text, const char *label)
{
    const char *at = strstr(text, label);
    return at != NULL ? strtoull(at + strlen(label), NULL, 10) : 0;
}

double cpu_of(pid_t pid)
{
    struct timespec used = {0};
    clockid_t clock;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return 0;
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

uint64_t written_by(pid_t pid)
{
    char text[1024];
    read_proc(pid, "io", text, sizeof text);
    return field_of(text, "\nwrite_bytes: ");
}

uint64_t resident_of(pid_t pid)
{
    char text[4096];
    read_proc(pid, "status", text, sizeof text);
    return 1024 * field_of(text, "VmRSS:");
}
