#include <stdlib.h>
#include <zisk.h>

struct entry {
  uint64_t value;
  struct entry *next;
  uint32_t key;
};
struct map {
  struct entry **buckets;
  uint32_t mask, size;
};

static uint32_t hash_of(uint32_t key) {
  key = (key ^ key >> 16) * 0x85ebca6b;
  key = (key ^ key >> 13) * 0xc2b2ae35;
  return key ^ key >> 16;
}

static struct entry **place(struct map *map, uint32_t key) {
  struct entry **at = &map->buckets[hash_of(key) & map->mask];
  while (*at && (*at)->key != key) at = &(*at)->next;
  return at;
}

static void grow(struct map *map) {
  uint32_t mask = map->mask * 2 + 1;
  struct entry **buckets = calloc(mask + 1, sizeof *buckets);
  for (uint32_t i = 0; i <= map->mask; i++) {
    for (struct entry *entry = map->buckets[i], *next; entry; entry = next) {
      struct entry **to = &buckets[hash_of(entry->key) & mask];
      next = entry->next;
      entry->next = *to;
      *to = entry;
    }
  }
  free(map->buckets);
  map->buckets = buckets;
  map->mask = mask;
}

static void set(struct map *map, uint32_t key, uint64_t value) {
  struct entry **at = place(map, key);
  if (*at) {
    (*at)->value = value;
    return;
  }
  if (map->size > 2 * map->mask) {
    grow(map);
    at = place(map, key);
  }
  *at = malloc(sizeof **at);
  **at = (struct entry){value, NULL, key};
  map->size++;
}

static void delete(struct map *map, uint32_t key) {
  struct entry **at = place(map, key), *entry = *at;
  if (!entry) return;
  *at = entry->next;
  free(entry);
  map->size--;
}

int main(void) {
  uint32_t n = zisk_read_u32(), state = 1;
  struct map counts = {calloc(4, sizeof *counts.buckets), 3, 0};
  for (uint32_t i = 0; i < n; i++) {
    state = state * 1664525 + 1013904223;
    uint32_t key = (state >> 8) % n;
    struct entry *old = *place(&counts, key);
    set(&counts, key, old ? old->value + i : i);
    if (i % 8 == 7) delete(&counts, (state >> 4) % n);
  }
  uint64_t hash = counts.size;
  for (uint32_t key = 0; key < n; key++) {
    struct entry *entry = *place(&counts, key);
    if (entry) hash = hash * 31 + entry->value;
  }
  zisk_commit_u64(hash);
  return 0;
}
