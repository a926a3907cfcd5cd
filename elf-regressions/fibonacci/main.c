/* Fibonacci numbers modulo 2^61 - 1: the n-th one by plain iteration. Input: u64 n. */
#include "zisk.h"

#define MODULUS ((UINT64_C(1) << 61) - 1)

int main(void) {
  uint64_t n = zisk_next_u64(10000);
  uint64_t a = 0, b = 1;
  for (uint64_t i = 0; i < n; i++) {
    uint64_t next = (a + b) % MODULUS;
    a = b;
    b = next;
  }
  zisk_set_output_u64(0, n);
  zisk_set_output_u64(2, a);
  return 0;
}
