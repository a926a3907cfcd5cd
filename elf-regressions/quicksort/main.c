/* Sorts pseudo-random arrays. Input: u64 elements (at most 2^20), u64 arrays. Outputs: a checksum of the sorted arrays,
   then the smallest, middle and largest element of the last one. */
#include "xorshift.h"
#include "zisk.h"

#define MOST (1u << 20)

static uint64_t values[MOST];

static void insertion_sort(uint64_t *a, int64_t n) {
  for (int64_t i = 1; i < n; i++) {
    uint64_t value = a[i];
    int64_t j = i;
    for (; j > 0 && a[j - 1] > value; j--) a[j] = a[j - 1];
    a[j] = value;
  }
}

static void quicksort(uint64_t *a, int64_t n) {
  while (n > 12) {
    uint64_t first = a[0], middle = a[n / 2], last = a[n - 1];
    uint64_t low = first < middle ? first : middle, high = first < middle ? middle : first;
    uint64_t pivot = last < low ? low : last > high ? high : last;
    int64_t i = -1, j = n;
    for (;;) {
      while (a[++i] < pivot) {}
      while (a[--j] > pivot) {}
      if (i >= j) break;
      uint64_t swap = a[i];
      a[i] = a[j];
      a[j] = swap;
    }
    /* Recursion into the smaller part bounds the stack. */
    int64_t left = j + 1;
    if (left < n - left) {
      quicksort(a, left);
      a += left, n -= left;
    } else {
      quicksort(a + left, n - left);
      n = left;
    }
  }
  insertion_sort(a, n);
}

int main(void) {
  zisk_record input = zisk_next_record();
  const uint64_t *parameters = (const uint64_t *)input.data;
  uint64_t n = input.length < 16 ? 1000 : parameters[0];
  uint64_t arrays = input.length < 16 ? 1 : parameters[1];
  if (n == 0 || n > MOST) zisk_panic("between 1 and 2^20 elements");
  uint64_t state = 88172645463325252, checksum = 0;
  for (uint64_t array = 0; array < arrays; array++) {
    for (uint64_t i = 0; i < n; i++) values[i] = xorshift(&state);
    quicksort(values, (int64_t)n);
    for (uint64_t i = 0; i < n; i++) checksum += values[i] * (i + 1);
  }
  zisk_set_output_u64(0, checksum);
  zisk_set_output_u64(2, values[0]);
  zisk_set_output_u64(4, values[n / 2]);
  zisk_set_output_u64(6, values[n - 1]);
  return 0;
}
