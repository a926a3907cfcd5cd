/* What a C or C++ guest sees of the machine: input records, public outputs, UART text, exit, panic.
   The Rust crate and the Zig module have the same calls under the same names. */
#ifndef ZISK_H
#define ZISK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Public output words of a run. */
#define ZISK_OUTPUT_WORDS 64

/* One input record. The bytes stay readable for the whole run; `data` is 8-byte aligned. */
typedef struct {
  const uint8_t *data;
  size_t length;
} zisk_record;

/* Takes the next input record. Behind the last one comes one of length 0; a read behind that is a fault. */
zisk_record zisk_read(void);

/* Takes the next record as a little-endian integer. Panics unless it has exactly that size. */
uint32_t zisk_read_u32(void);
uint64_t zisk_read_u64(void);

/* Takes the next record into a buffer. Panics unless it has exactly `length` bytes. */
void zisk_read_into(void *buffer, size_t length);

/* Appends bytes to the public output: byte i lies in word i / 4, lowest byte first. Panics beyond 256 bytes. */
void zisk_commit(const void *bytes, size_t length);
void zisk_commit_u32(uint32_t value);
void zisk_commit_u64(uint64_t value);

/* Sets public output word `id`, and independently of what was committed. Panics unless id < 64. */
void zisk_set_output(unsigned id, uint32_t value);

/* Prints on the UART. */
void zisk_print(const char *text);
void zisk_write(const void *bytes, size_t length);

/* Ends the run. A code other than 0 is a failure, and part of what is proven. */
__attribute__((noreturn)) void zisk_exit(int code);

/* Prints "panic: ", the message formatted as by printf, and a newline; ends the run with exit code 101. */
__attribute__((noreturn, format(printf, 1, 2))) void zisk_panic(const char *format, ...);

#ifdef __cplusplus
/* A freestanding compiler gives main no special treatment; the start code looks for its plain name. */
int main(void);
}
#endif
#endif
