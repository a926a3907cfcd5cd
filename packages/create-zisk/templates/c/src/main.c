/* Reads numbers; publishes how many there are, their sum and the largest. */
#include <stdio.h>
#include <zisk.h>

int main(void) {
  zisk_record record = zisk_read();
  const uint32_t *numbers = (const uint32_t *)record.data;
  size_t count = record.length / sizeof *numbers;
  if (count == 0) zisk_panic("the input has no numbers");

  uint64_t sum = 0;
  uint32_t largest = 0;
  for (size_t i = 0; i < count; i++) {
    sum += numbers[i];
    if (numbers[i] > largest) largest = numbers[i];
  }
  printf("the sum of %zu numbers is %lu\n", count, sum);

  zisk_commit_u32((uint32_t)count);
  zisk_commit_u64(sum);
  zisk_commit_u32(largest);
  return 0;
}
