// What the two files of `lq watch` share: watch.c fetches and prints, place.c knows from
// where.
#pragma once

#include "lq/cli/cli.h"
#include "service/service.h"

enum { LQ_WATCHED_MOST = 48, LQ_WATCHED_HASH = 32 };

struct lq_watched {
    const struct lq_service *service;
    uint64_t after; // everything up to here was told
    bool has_hash;  // the hash of that record is known:
    uint8_t hash[LQ_WATCHED_HASH];
    bool is_placed;        // `after` is known; else the service is asked where it is now
    bool is_out;           // a request is under way:
    uint64_t correlation;  // this one
    bool is_lost;          // the last one was not answered
    int64_t not_before_ms; // when to ask again (steady time)
};

struct lq_watch {
    struct lq_cli *cli;
    struct lq_client *client;
    struct lq_arena scratch; // for one event
    struct lq_watched streams[LQ_WATCHED_MOST];
    unsigned count;
    const char *resume;       // file of positions, or NULL
    uint64_t printed, wanted; // events; wanted 0: without end
    int code;
};

// Reads the options and the file of positions. Gives the exit code, what is wrong was told.
int lq_watch_options(struct lq_watch *watch);

// Moves to a position whose record has that hash (empty: it was not told).
void lq_watch_place(struct lq_watched *of, uint64_t after, struct lq_span hash);

// Replaces the file of positions, if there is to be one. What is wrong was told.
LQ_MUST_CHECK enum lq_status lq_watch_save(const struct lq_watch *watch);
