/* 64 MiB of zeros of which few pages are touched. Outputs: the sum that was found, and what was read before any write. */
#include "zisk.h"

#define WORDS (8u << 20)
#define STRIDE 999983u

static uint64_t table[WORDS];

int main(void) {
  uint64_t before = 0;
  for (uint64_t i = 0; i < WORDS; i += STRIDE) before |= table[i];
  for (uint64_t i = 0; i < WORDS; i += STRIDE) table[i] = i + 1;
  uint64_t sum = 0;
  for (uint64_t i = 0; i < WORDS; i += STRIDE) sum += table[i];
  table[WORDS - 1] = 5;
  zisk_set_output_u64(0, sum + table[WORDS - 1]);
  zisk_set_output_u64(2, before);
  return 0;
}
