// Terminals under load: raids that are played through line by line, and random commands beside
// them, each terminal a connection of its own with its own key. Every acknowledgement is kept.
#pragma once

#include "client/client.h"
#include "crash/system.h"
#include "support/generate.h"

enum { LOAD_PEOPLE = 9, LOAD_EACH = 3, LOAD_RAIDS = 12, LOAD_OTHERS = 36 };
enum { LOAD_TERMINALS = LOAD_PEOPLE * LOAD_EACH, LOAD_WORKERS = LOAD_RAIDS + LOAD_OTHERS };

// A command that was sent.
struct score {
    const char *service;
    unsigned terminal;
    struct lq_id id;
    struct lq_span command; // its bytes
    struct lq_span outcome; // as acknowledged; no data: not
    uint64_t position;
    bool refused;
    unsigned decided; // how often the journal says that it was
};

// Who sends one command after the other.
struct load_worker {
    bool waits;
    unsigned raid, line; // of a raid: its number and the next line
    unsigned terminal;
    uint64_t correlation;
    size_t score;
    const char *saw_stream; // what he goes by
    uint64_t saw;
};

struct load {
    struct crash_system *system;
    struct lq_arena arena;
    struct lq_dice dice;
    void *context;
    struct lq_client *terminals[LOAD_TERMINALS];
    struct load_worker workers[LOAD_WORKERS];
    struct score *scores;
    size_t count, room;
    size_t *index, index_room; // by id: number of the score + 1
    uint64_t acknowledged, accepted, refused;
    unsigned raids;
    bool stops; // nothing new is sent
    char wrong[512];
};

// Issues the keys and connects; the system's bus need not be there yet.
void load_open(struct load *load, struct crash_system *system, uint64_t seed);
void load_close(struct load *load);

// Registers people, premises and shifts; waits for each.
bool load_begin(struct load *load);

// Sends and hears for so long. False if something is wrong: load->wrong says what.
bool load_run(struct load *load, int64_t milliseconds);

// Sends nothing new and hears until everything is answered.
bool load_finish(struct load *load);

// Says again scores[first] … : each acknowledged outcome must come again, with the same bytes.
bool load_repeat(struct load *load, size_t first);

struct score *load_find(struct load *load, struct lq_id id); // NULL: nobody here sent it
