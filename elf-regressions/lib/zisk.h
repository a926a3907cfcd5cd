/* What a C or C++ guest sees of the machine: input records, public outputs, UART text, exit. */
#ifndef ZISK_H
#define ZISK_H

#include "layout.h"
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Input is a sequence of records: u64 length, that many bytes, zero padding to 8 bytes. It ends with a length of 0. */
typedef struct {
  const uint8_t *data;
  uint64_t length;
} zisk_record;

/* Takes the next record; length is 0 when there is none left. */
zisk_record zisk_next_record(void);

/* Takes the next record as a little-endian u64, or returns `otherwise` when it is absent or shorter than 8 bytes. */
uint64_t zisk_next_u64(uint64_t otherwise);

/* Prints one byte on the UART. */
void zisk_putc(char c);
void zisk_puts(const char *text);

__attribute__((noreturn)) void zisk_exit(int code);

/* Prints the message and exits with code 1. */
__attribute__((noreturn)) void zisk_panic(const char *message);

/* Sets public output number `id` (0..63). */
static inline void zisk_set_output(unsigned id, uint32_t value) {
  ((volatile uint32_t *)(uintptr_t)ZISK_OUTPUT)[id] = value;
}

/* Sets outputs `id` (low half) and `id + 1` (high half). */
static inline void zisk_set_output_u64(unsigned id, uint64_t value) {
  zisk_set_output(id, (uint32_t)value);
  zisk_set_output(id + 1, (uint32_t)(value >> 32));
}

#ifdef __cplusplus
}
#endif
#endif
