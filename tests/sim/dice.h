// Random numbers of the simulator: xoshiro256** seeded by splitmix64, the same everywhere. Each
// part of a world throws dice of its own, so that another message lost changes nothing in who asks
// what next. (C leaves the order of arguments and initialisers open: never two throws in one
// expression.)
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct sim_dice {
    uint64_t state[4];
};

struct sim_dice sim_dice(uint64_t seed, uint64_t part);
uint64_t sim_throw(struct sim_dice *dice, uint64_t sides);               // 0 … sides - 1
int64_t sim_between(struct sim_dice *dice, int64_t least, int64_t most); // both inclusive
bool sim_chance(struct sim_dice *dice, unsigned permille);
