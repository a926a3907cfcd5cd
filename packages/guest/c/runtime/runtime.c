/* Input records, public outputs, UART text and panic. */
#include "layout.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <zisk.h>

/* Input is a sequence of records: u64 length, that many bytes, zero padding to 8 bytes. It ends with a length of 0. */
static const uint8_t *next_record = (const uint8_t *)(uintptr_t)ZISK_INPUT_RECORDS;

static const char leaves_input[] = "panic: input record reaches behind the end of the input\n";

zisk_record zisk_read(void) {
  size_t length = *(const uint64_t *)next_record;
  /* Whoever proves a run chooses every word of the input, lengths too. A record that left it would be memory that the
     program itself changes, and the next one could begin anywhere. */
  if (length > (uintptr_t)ZISK_INPUT_END - 8 - (uintptr_t)next_record) {
    zisk_write(leaves_input, sizeof leaves_input - 1);
    zisk_exit(101);
  }
  zisk_record record = {next_record + 8, length};
  next_record += 8 + ((length + 7) & ~(size_t)7);
  return record;
}

void zisk_read_into(void *buffer, size_t length) {
  zisk_record record = zisk_read();
  if (record.length != length) zisk_panic("input record expected %zu bytes, got %zu", length, record.length);
  memcpy(buffer, record.data, length);
}

uint32_t zisk_read_u32(void) {
  uint32_t value;
  zisk_read_into(&value, sizeof value);
  return value;
}

uint64_t zisk_read_u64(void) {
  uint64_t value;
  zisk_read_into(&value, sizeof value);
  return value;
}

static uint8_t *const output = (uint8_t *)(uintptr_t)ZISK_OUTPUT;
static size_t committed;

void zisk_commit(const void *bytes, size_t length) {
  if (length > ZISK_OUTPUT_BYTES - committed)
    zisk_panic("public output expected at most %u bytes, got %zu", ZISK_OUTPUT_BYTES, committed + length);
  memcpy(output + committed, bytes, length);
  committed += length;
}

void zisk_commit_u32(uint32_t value) { zisk_commit(&value, sizeof value); }
void zisk_commit_u64(uint64_t value) { zisk_commit(&value, sizeof value); }

void zisk_set_output(unsigned id, uint32_t value) {
  if (id >= ZISK_OUTPUT_WORDS) zisk_panic("public output word expected below %u, got %u", ZISK_OUTPUT_WORDS, id);
  ((volatile uint32_t *)output)[id] = value;
}

void zisk_write(const void *bytes, size_t length) {
  volatile char *uart = (volatile char *)(uintptr_t)ZISK_UART;
  for (size_t i = 0; i < length; i++) *uart = ((const char *)bytes)[i];
  if (*(volatile uint64_t *)(uintptr_t)ZISK_LINUX_FLAG) {
    register long a0 __asm__("a0") = 2;
    register const void *a1 __asm__("a1") = bytes;
    register size_t a2 __asm__("a2") = length;
    register long a7 __asm__("a7") = LINUX_WRITE_CALL;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
  }
}

void zisk_print(const char *text) { zisk_write(text, strlen(text)); }

void zisk_panic(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  zisk_print("panic: ");
  vprintf(format, arguments);
  zisk_print("\n");
  zisk_exit(101);
}
