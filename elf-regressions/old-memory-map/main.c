/* A guest of ZisK 0.12 to 0.15: its input is one piece of raw bytes, and lies at 0x9000_0000.
   Outputs 0..7: the words of the input's SHA-256; 8, 9: its length in bytes. */
#include "sha256.h"
#include "zisk.h"

#define OLD_INPUT 0x90000000UL

int main(void) {
  uint64_t length = *(volatile uint64_t *)(OLD_INPUT + 8);
  uint32_t digest[8];
  sha256((const uint8_t *)(OLD_INPUT + 16), length, digest);
  for (unsigned j = 0; j < 8; j++) zisk_set_output(j, digest[j]);
  zisk_set_output_u64(8, length);
  return 0;
}
