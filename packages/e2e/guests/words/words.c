#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zisk.h>

static char *make_text(uint32_t n) {
  char *text = malloc(6 * n + 1), *to = text;
  uint32_t state = 1;
  for (uint32_t i = 0; i < n; i++) {
    state = state * 1664525 + 1013904223;
    if (i) *to++ = ' ';
    uint32_t length = 2 + (state >> 9 & 3);
    for (uint32_t j = 0; j < length; j++) *to++ = 'a' + (state >> (10 + 2 * j) & 3);
  }
  *to = 0;
  return text;
}

struct entry {
  struct entry *next;
  uint32_t count;
  char word[];
};
static struct entry **buckets;
static uint32_t mask, size;

static uint32_t hash_of(const char *word) {
  uint32_t hash = 2166136261;
  while (*word) hash = (hash ^ (uint8_t)*word++) * 16777619;
  return hash;
}

static void grow(void) {
  uint32_t new_mask = mask * 2 + 1;
  struct entry **larger = calloc(new_mask + 1, sizeof *larger);
  for (uint32_t i = 0; i <= mask; i++) {
    for (struct entry *entry = buckets[i], *next; entry; entry = next) {
      struct entry **to = &larger[hash_of(entry->word) & new_mask];
      next = entry->next;
      entry->next = *to;
      *to = entry;
    }
  }
  free(buckets);
  buckets = larger;
  mask = new_mask;
}

static void count(const char *word) {
  struct entry **at = &buckets[hash_of(word) & mask];
  while (*at && strcmp((*at)->word, word) != 0) at = &(*at)->next;
  if (*at) {
    (*at)->count++;
    return;
  }
  size_t length = strlen(word);
  struct entry *entry = *at = malloc(sizeof *entry + length + 1);
  entry->next = NULL;
  entry->count = 1;
  memcpy(entry->word, word, length + 1);
  if (++size > 2 * mask) grow();
}

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

int main(void) {
  char *text = make_text(zisk_read_u32());
  buckets = calloc(4, sizeof *buckets);
  mask = 3;
  for (char *rest, *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) count(word);
  char **lines = malloc(size * sizeof *lines);
  uint32_t n = 0;
  for (uint32_t i = 0; i <= mask; i++) {
    for (struct entry *entry = buckets[i]; entry; entry = entry->next) {
      lines[n] = malloc(8 + strlen(entry->word));
      sprintf(lines[n++], "%06u %s", entry->count, entry->word);
    }
  }
  qsort(lines, n, sizeof *lines, compare);
  uint32_t hash = n;
  for (uint32_t i = 0; i < n; i++) {
    if (i) hash = hash * 31 + '\n';
    for (const char *c = lines[i]; *c; c++) hash = hash * 31 + (uint8_t)*c;
  }
  zisk_commit_u32(hash);
  return 0;
}
