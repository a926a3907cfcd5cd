/* Heap sort: in place and O(n log n) for every input, so that no input makes a proof quadratically dearer. */
#include <stdint.h>
#include <stdlib.h>

static void swap(char *a, char *b, size_t size) {
  for (; size >= 8; size -= 8, a += 8, b += 8) {
    uint64_t t = *(uint64_t *)a;
    *(uint64_t *)a = *(uint64_t *)b;
    *(uint64_t *)b = t;
  }
  while (size--) {
    char t = *a;
    *a++ = *b;
    *b++ = t;
  }
}

static void sift_down(char *items, size_t root, size_t count, size_t size, int (*compare)(const void *, const void *)) {
  for (size_t child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && compare(items + child * size, items + (child + 1) * size) < 0) child++;
    if (compare(items + root * size, items + child * size) >= 0) return;
    swap(items + root * size, items + child * size, size);
  }
}

void qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *)) {
  for (size_t root = count / 2; root-- > 0;) sift_down(items, root, count, size, compare);
  for (size_t end = count; end-- > 1;) {
    swap(items, (char *)items + end * size, size);
    sift_down(items, 0, end, size, compare);
  }
}
