/* Returns its input as the exit code. Input: u64, 3 without an input. */
#include "zisk.h"

int main(void) {
  uint64_t code = zisk_next_u64(3);
  zisk_set_output_u64(62, code);
  return (int)code;
}
