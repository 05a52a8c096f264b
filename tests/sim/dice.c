// xoshiro256** by David Blackman and Sebastiano Vigna (public domain), written out here because a
// seed must mean the same run on every machine and compiler.
#include "sim/dice.h"

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

struct sim_dice sim_dice(uint64_t seed, uint64_t part)
{
    uint64_t state = seed * 0x2545f4914f6cdd1dU + part;
    struct sim_dice dice;
    for (int i = 0; i < 4; i++)
        dice.state[i] = splitmix(&state);
    return dice;
}

static uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static uint64_t next(struct sim_dice *dice)
{
    uint64_t *s = dice->state;
    const uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t sim_throw(struct sim_dice *dice, uint64_t sides)
{
    return next(dice) % sides;
}

int64_t sim_between(struct sim_dice *dice, int64_t least, int64_t most)
{
    return least + (int64_t)sim_throw(dice, (uint64_t)(most - least + 1));
}

bool sim_chance(struct sim_dice *dice, unsigned permille)
{
    return sim_throw(dice, 1000) < permille;
}
