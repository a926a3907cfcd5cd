/* A failed check: the message goes to the UART, the exit code is 1. Outputs set before it stay. */
#include "zisk.h"

static void check_order(const uint32_t *values, unsigned count) {
  for (unsigned i = 1; i < count; i++) {
    zisk_set_output(i, values[i]);
    if (values[i - 1] > values[i]) zisk_panic("the values are not in order");
  }
}

int main(void) {
  static const uint32_t values[] = {2, 3, 5, 4, 7};
  check_order(values, 5);
  return 0;
}
