// What is measured, and how it is told: each figure is one line "name value", which bench.py reads.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// The bench cannot go on: says why, and ends.
void bench_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

// Times of one kind, in seconds.
struct samples {
    double *values;
    size_t count, room;
};

void samples_add(struct samples *samples, double value);
double samples_at(struct samples *samples, double share); // 0.5: the median; sorts; 0 if empty
void samples_free(struct samples *samples);

void tell(const char *what, const char *name, double value);

// "<what>.p50_us", "<what>.p99_us"; frees the samples.
void tell_samples(const char *what, struct samples *samples);

double cpu_of(pid_t pid);        // seconds of CPU that a process has used; 0: this one
uint64_t written_by(pid_t pid);  // bytes that it caused to be written to the disk
uint64_t resident_of(pid_t pid); // bytes of memory
