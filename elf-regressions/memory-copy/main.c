/* Copies, moves and fills between all pairs of alignments, with bytes and with unaligned 8-byte words.
   Input: u64 repetitions. Outputs: a hash of the buffers after each step, and the number of bytes that were written. */
#include "xorshift.h"
#include "zisk.h"

#define SIZE 512

typedef struct __attribute__((packed)) {
  uint64_t word;
} loose;

static uint8_t first[SIZE], second[SIZE];
static uint64_t written;

/* Eight bytes at a time at any address, the last ones overlapping. */
__attribute__((noinline)) static void copy_words(uint8_t *to, const uint8_t *from, size_t n) {
  if (n < 8) {
    for (size_t i = 0; i < n; i++) to[i] = from[i];
    return;
  }
  loose last = *(const loose *)(from + n - 8);
  for (size_t i = 0; i + 8 <= n; i += 8) *(loose *)(to + i) = *(const loose *)(from + i);
  *(loose *)(to + n - 8) = last;
}

/* Words of 4 and halves of 2 bytes. */
__attribute__((noinline)) static void copy_halves(uint8_t *to, const uint8_t *from, size_t n) {
  typedef struct __attribute__((packed)) { uint32_t v; } loose32;
  typedef struct __attribute__((packed)) { uint16_t v; } loose16;
  size_t i = 0;
  for (; i + 4 <= n; i += 4) *(loose32 *)(to + i) = *(const loose32 *)(from + i);
  for (; i + 2 <= n; i += 2) *(loose16 *)(to + i) = *(const loose16 *)(from + i);
  for (; i < n; i++) to[i] = from[i];
}

static uint64_t hash(uint64_t h) {
  for (int i = 0; i < SIZE; i += 8) {
    h = (h ^ *(const uint64_t *)(first + i)) * UINT64_C(0x100000001b3);
    h = (h ^ *(const uint64_t *)(second + i)) * UINT64_C(0x100000001b3);
  }
  return h;
}

int main(void) {
  uint64_t repetitions = zisk_next_u64(1);
  uint64_t state = 88172645463325252, h = UINT64_C(0xcbf29ce484222325);
  void *(*volatile copy)(void *, const void *, size_t) = __builtin_memcpy;
  void *(*volatile move)(void *, const void *, size_t) = __builtin_memmove;
  void *(*volatile fill)(void *, int, size_t) = __builtin_memset;
  for (uint64_t round = 0; round < repetitions; round++) {
    for (int i = 0; i < SIZE; i++) first[i] = (uint8_t)xorshift(&state);
    for (unsigned to = 0; to < 8; to++)
      for (unsigned from = 0; from < 8; from++) {
        size_t n = xorshift(&state) % 200;
        copy(second + to, first + from, n);
        copy_words(first + 256 + to, second + from, n);
        copy_halves(second + 256 + from, first + to, n);
        move(first + 32 + to, first + 32 + from, n);
        move(second + 32 + from, second + 36 + to, n);
        fill(first + 300 + to, (int)from * 17, n / 4);
        written += 5 * n + n / 4;
      }
    h = hash(h);
  }
  zisk_set_output_u64(0, h);
  zisk_set_output_u64(2, written);
  return 0;
}
