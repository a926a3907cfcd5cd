#include <stdlib.h>
#include <zisk.h>

int main(void) {
  uint32_t n = zisk_read_u32();
  uint8_t *composite = calloc(n, 1);
  uint32_t count = 0, sum = 0;
  for (uint32_t i = 2; i < n; i++) {
    if (composite[i]) continue;
    count++;
    sum += i;
    for (uint32_t j = 2 * i; j < n; j += i) composite[j] = 1;
  }
  zisk_commit_u32(count);
  zisk_commit_u32(sum);
  return 0;
}
