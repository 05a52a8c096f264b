// What the parts of a world ask of each other.
#pragma once

#include "rules/things.h"
#include "world.h"

struct person {
    const char *badge;
    uint32_t roles;
};

extern const struct person WORLD_PEOPLE[]; // world.c

// world.c: what came of a command that was sent, kept for repeats and counted.
void world_note_outcome(struct world *world, unsigned service, struct world_sent *sent,
                        uint64_t correlation);

// world_play.c: one play, with numbers that none before had.
void world_play(struct world *world);

// A promise or a pause for a term that runs; NULL: none does, or the variant is another command.
const ProtobufCMessage *world_aim_clock(struct world *world, struct lq_bed *bed, unsigned variant);

// A thing of the service: one of the rows of its table, which have the number's parts as their key.
// False: there is none of a kind that was thrown. The reading goes on until lq_bed_end_read.
struct aim {
    const struct lq_thing *thing;
    const char *number;
    const ProtobufCMessage *found;
    struct lq_view *view;
};
bool world_find_thing(struct world *world, struct lq_bed *bed, struct aim *aim);

// A step that something there may take, mostly, and whose it is; NULL: none, or the variant is
// another command.
const ProtobufCMessage *world_aim_step(struct world *world, struct lq_bed *bed, unsigned variant,
                                       uint32_t *who);

// A paper about something there, or its service; NULL: none, or the variant is another command.
const ProtobufCMessage *world_aim_paper(struct world *world, struct lq_bed *bed, unsigned variant);

// A correction or voiding of something that is there; NULL: none, or the variant is another
// command.
const ProtobufCMessage *world_aim(struct world *world, struct lq_bed *bed, unsigned variant);
