/* Input records, UART and panic of the guest runtime. */
#include "zisk.h"

static const uint8_t *next_record = (const uint8_t *)(uintptr_t)ZISK_INPUT_RECORDS;

zisk_record zisk_next_record(void) {
  uint64_t length = *(const uint64_t *)next_record;
  zisk_record record = {next_record + 8, length};
  next_record += 8 + ((length + 7) & ~(uint64_t)7);
  return record;
}

uint64_t zisk_next_u64(uint64_t otherwise) {
  zisk_record record = zisk_next_record();
  return record.length < 8 ? otherwise : *(const uint64_t *)record.data;
}

void zisk_putc(char c) {
  *(volatile char *)(uintptr_t)ZISK_UART = c;
  if (*(volatile uint64_t *)(uintptr_t)ZISK_LINUX_FLAG) {
    register long a0 __asm__("a0") = 2;
    register const char *a1 __asm__("a1") = &c;
    register long a2 __asm__("a2") = 1;
    register long a7 __asm__("a7") = LINUX_WRITE_CALL;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
  }
}

void zisk_puts(const char *text) {
  while (*text) zisk_putc(*text++);
}

void zisk_panic(const char *message) {
  zisk_puts("panic: ");
  zisk_puts(message);
  zisk_putc('\n');
  zisk_exit(1);
}
