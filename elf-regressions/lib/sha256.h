/* SHA-256 (FIPS 180-4) over a whole message in memory. */
#ifndef SHA256_H
#define SHA256_H
#include <stdint.h>

/* Writes the eight big-endian-order digest words of `length` bytes at `data`. */
void sha256(const uint8_t *data, uint64_t length, uint32_t digest[8]);
#endif
