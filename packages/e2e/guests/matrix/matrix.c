#include <stdlib.h>
#include <zisk.h>

int main(void) {
  uint32_t n = zisk_read_u32();
  uint64_t *a = malloc(n * n * 8), *b = malloc(n * n * 8), *c = malloc(n * n * 8);
  for (uint32_t i = 0; i < n * n; i++) {
    a[i] = (uint64_t)i * 0x9e3779b97f4a7c15;
    b[i] = a[i] ^ (a[i] >> 29);
  }
  for (uint32_t i = 0; i < n; i++) {
    for (uint32_t j = 0; j < n; j++) {
      uint64_t sum = 0;
      for (uint32_t k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
  }
  uint64_t hash = 0;
  for (uint32_t i = 0; i < n * n; i++) hash = hash * 31 + c[i];
  zisk_commit_u64(hash);
  return 0;
}
