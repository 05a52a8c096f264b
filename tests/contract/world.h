// All services side by side, each on its bed, following each other through real fetches. A world
// begins with a few people, shifts, premises and an order (world_begin), and goes on at random.
#pragma once

#include "support/bed.h"
#include "support/generate.h"
#include "support/message.h"

enum { WORLD_SERVICES = 16, WORLD_SENT = 16, WORLD_MEMBERS = 64 };

// A command that was sent, kept so that it can be sent again.
struct world_sent {
    struct lq_bed *bed;
    const char *actor;
    uint32_t roles;
    unsigned member;
    struct lq_span command;
    struct lq_span outcome; // NULL data: refused
};

struct world {
    struct lq_bed beds[WORLD_SERVICES];
    unsigned count;
    struct lq_arena arena; // of the commands, for the world's life
    struct lq_dice dice;
    struct lq_dice bad_luck; // apart, so that a crash changes nothing else
    bool crashes;
    uint32_t fetch_max; // of the followers' fetches; 0: as many as the service gives
    struct world_sent sent[WORLD_SENT];
    uint64_t sent_count;
    uint64_t decided, accepted, crashed;
    unsigned plays;
    unsigned accepted_of[WORLD_SERVICES][WORLD_MEMBERS];
};

void world_open(struct world *world, uint64_t seed);
void world_close(struct world *world);
struct lq_bed *world_bed(struct world *world, const char *service);

// Sends what stands in the prelude; everything is accepted. Nobody follows anybody yet.
void world_begin(struct world *world);

// Lets everybody follow everybody until nobody is behind.
void world_pump(struct world *world);

// Every thing tells the records that made and changed it, and every row who entered it.
void world_check_trails(struct lq_bed *bed);

// So many steps: commands in batches, repeats, time that passes, crashes.
void world_go_on(struct world *world, unsigned steps);
