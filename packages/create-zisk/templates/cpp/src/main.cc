// Reads numbers; publishes how many there are, their sum and the largest.
#include <stdio.h>
#include <zisk.hpp>

struct Summary {
  uint32_t count = 0;
  uint64_t sum = 0;
  uint32_t largest = 0;

  void add(uint32_t number) {
    count++;
    sum += number;
    if (number > largest) largest = number;
  }
};

int main() {
  zisk::record record = zisk::read();
  if (record.length < sizeof(uint32_t)) zisk_panic("the input has no numbers");

  Summary summary;
  auto numbers = reinterpret_cast<const uint32_t *>(record.data);
  for (size_t i = 0; i < record.length / sizeof *numbers; i++) summary.add(numbers[i]);
  printf("the sum of %u numbers is %lu\n", summary.count, summary.sum);

  zisk::commit(summary.count);
  zisk::commit(summary.sum);
  zisk::commit(summary.largest);
  return 0;
}
