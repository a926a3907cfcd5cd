#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zisk.h>

static char *write_text(uint32_t n) {
  char *text = malloc(64 * n + 1), *to = text;
  uint32_t state = 1;
  *to = 0;
  for (uint32_t i = 0; i < n; i++) {
    state = state * 1664525 + 1013904223;
    to += sprintf(to, "%sitem-%u: %u, %u", i ? "\n" : "", i, state >> 7, state >> 3 & 0xfff);
  }
  return text;
}

int main(void) {
  char *text = write_text(zisk_read_u32());
  uint64_t hash = strlen(text);
  for (char *rest, *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
    char *colon = strstr(line, ": "), *comma = strstr(colon, ", ");
    if (strncmp(line, "item-", 5) != 0) zisk_panic("an item expected");
    hash = hash * 31 + (uint64_t)strtol(line + 5, NULL, 10);
    hash = hash * 31 + (uint64_t)strtol(colon + 2, NULL, 10);
    hash = hash * 31 + (uint64_t)strtol(comma + 2, NULL, 10);
  }
  zisk_commit_u64(hash);
  return 0;
}
