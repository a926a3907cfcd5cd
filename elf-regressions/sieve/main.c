/* Sieve of Eratosthenes. Input: u64 limit (at most 2^25), u64 repetitions. Outputs: number and sum of the primes below the
   limit, and the largest. */
#include "zisk.h"

#define MOST (1u << 25)

static uint8_t composite[MOST];

int main(void) {
  zisk_record input = zisk_next_record();
  const uint64_t *parameters = (const uint64_t *)input.data;
  uint64_t limit = input.length < 16 ? 10000 : parameters[0];
  uint64_t repetitions = input.length < 16 ? 1 : parameters[1];
  if (limit > MOST) zisk_panic("the limit is at most 2^25");
  uint64_t count = 0, sum = 0, largest = 0;
  for (uint64_t round = 0; round < repetitions; round++) {
    for (uint64_t i = 0; i < limit; i++) composite[i] = 0;
    count = sum = 0;
    for (uint64_t i = 2; i < limit; i++) {
      if (composite[i]) continue;
      count++, sum += i, largest = i;
      for (uint64_t j = i * i; j < limit; j += i) composite[j] = 1;
    }
  }
  zisk_set_output_u64(0, count);
  zisk_set_output_u64(2, sum);
  zisk_set_output_u64(4, largest);
  return 0;
}
