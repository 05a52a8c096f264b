// Big-endian numbers, so that their bytes sort as the numbers do.
#pragma once

#include <stdint.h>

static inline void lq_put_u64(uint8_t out[8], uint64_t number)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(number >> (8 * (7 - i)));
}

static inline uint64_t lq_get_u64(const uint8_t in[8])
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | in[i];
    return number;
}
