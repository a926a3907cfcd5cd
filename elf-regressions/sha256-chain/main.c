/* SHA-256 of SHA-256 of ... of 32 zero bytes. Input: u64 count. Outputs: the eight digest words. */
#include "sha256.h"
#include "zisk.h"

int main(void) {
  uint64_t count = zisk_next_u64(100);
  uint8_t message[32] = {0};
  uint32_t digest[8] = {0};
  for (uint64_t i = 0; i < count; i++) {
    sha256(message, sizeof message, digest);
    for (int j = 0; j < 32; j++) message[j] = (uint8_t)(digest[j / 4] >> (24 - 8 * (j % 4)));
  }
  for (unsigned j = 0; j < 8; j++) zisk_set_output(j, digest[j]);
  return 0;
}
