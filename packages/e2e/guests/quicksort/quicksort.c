#include <stdlib.h>
#include <zisk.h>

static void sort(uint32_t *a, int32_t low, int32_t high) {
  while (low < high) {
    uint32_t pivot = a[(low + high) >> 1];
    int32_t i = low, j = high;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i > j) break;
      uint32_t t = a[i];
      a[i] = a[j];
      a[j] = t;
      i++;
      j--;
    }
    sort(a, low, j);
    low = i;
  }
}

int main(void) {
  uint32_t n = zisk_read_u32(), state = 1;
  uint32_t *a = malloc(n * sizeof *a);
  for (uint32_t i = 0; i < n; i++) a[i] = state = state * 1664525 + 1013904223;
  sort(a, 0, (int32_t)n - 1);
  uint32_t hash = 0;
  for (uint32_t i = 0; i < n; i++) hash = hash * 31 + a[i];
  zisk_commit_u32(hash);
  return 0;
}
