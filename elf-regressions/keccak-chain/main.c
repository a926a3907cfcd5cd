/* SHA3-256 (FIPS 202), which is Keccak-f[1600], applied n times to 32 zero bytes. Input: u64 n. Outputs: the digest words. */
#include "zisk.h"

#define RATE_WORDS 17

static const uint64_t ROUND[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
static const uint8_t ROTATION[24] = {1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};
static const uint8_t LANE[24] = {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};

static inline uint64_t rotl(uint64_t x, unsigned n) { return (x << n) | (x >> (64 - n)); }

static void keccak_f(uint64_t s[25]) {
  for (int round = 0; round < 24; round++) {
    uint64_t c[5];
    for (int x = 0; x < 5; x++) c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
    for (int x = 0; x < 5; x++) {
      uint64_t d = c[(x + 4) % 5] ^ rotl(c[(x + 1) % 5], 1);
      for (int y = 0; y < 25; y += 5) s[x + y] ^= d;
    }
    uint64_t moved = s[1];
    for (int i = 0; i < 24; i++) {
      uint64_t next = s[LANE[i]];
      s[LANE[i]] = rotl(moved, ROTATION[i]);
      moved = next;
    }
    for (int y = 0; y < 25; y += 5) {
      uint64_t row[5];
      for (int x = 0; x < 5; x++) row[x] = s[y + x];
      for (int x = 0; x < 5; x++) s[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
    s[0] ^= ROUND[round];
  }
}

int main(void) {
  uint64_t count = zisk_next_u64(10);
  uint64_t message[4] = {0};
  for (uint64_t i = 0; i < count; i++) {
    uint64_t state[25] = {message[0], message[1], message[2], message[3], 0x06};
    state[RATE_WORDS - 1] = UINT64_C(1) << 63;
    keccak_f(state);
    for (int j = 0; j < 4; j++) message[j] = state[j];
  }
  for (unsigned j = 0; j < 4; j++) zisk_set_output_u64(2 * j, message[j]);
  return 0;
}
