/* Marsaglia's 64-bit xorshift generator with shifts 13, 7, 17. */
#ifndef XORSHIFT_H
#define XORSHIFT_H
#include <stdint.h>

static inline uint64_t xorshift(uint64_t *state) {
  uint64_t x = *state;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return *state = x;
}
#endif
