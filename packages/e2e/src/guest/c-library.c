// Checks the guest's C library; a failed check is a panic with its line.
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zisk.h>

static void check_memory(void) {
  static uint8_t a[96], b[96];
  // Every alignment and many lengths, against byte loops.
  for (unsigned to = 0; to < 9; to++)
    for (unsigned from = 0; from < 9; from++)
      for (unsigned n = 0; n < 70; n += n < 20 ? 1 : 7) {
        for (unsigned i = 0; i < sizeof a; i++) a[i] = (uint8_t)(i * 7 + 1), b[i] = 0xEE;
        memcpy(b + to, a + from, n);
        for (unsigned i = 0; i < sizeof b; i++) assert(b[i] == (i >= to && i < to + n ? a[i - to + from] : 0xEE));
        for (unsigned i = 0; i < sizeof b; i++) b[i] = (uint8_t)(i * 5 + 3);
        memmove(b + to, b + from, n);
        for (unsigned i = 0; i < sizeof b; i++)
          assert(b[i] == (uint8_t)((i >= to && i < to + n ? i - to + from : i) * 5 + 3));
        memset(b + to, 0x1A5, n);
        for (unsigned i = 0; i < n; i++) assert(b[to + i] == 0xA5);
        assert(b[to + n] == (uint8_t)((to + n) * 5 + 3));
      }
  for (unsigned n = 1; n < 40; n++) {
    memset(a, 1, sizeof a), memset(b, 1, sizeof b);
    assert(memcmp(a, b + 1, n) == 0);
    b[n] = 200;
    assert(memcmp(a, b + 1, n) < 0 && memcmp(b + 1, a, n) > 0 && memcmp(a, b + 1, n - 1) == 0);
  }
  assert(memchr("abc", 'c', 3) && !memchr("abc", 'c', 2));
}

static void check_strings(void) {
  char text[64];
  assert(strlen("") == 0 && strlen("hello") == 5 && strnlen("hello", 3) == 3);
  assert(strcmp("a", "b") < 0 && strcmp("b", "a") > 0 && strcmp("\xff", "a") > 0 && strcmp("ab", "ab") == 0);
  assert(strncmp("abc", "abd", 2) == 0 && strncmp("abc", "abd", 3) < 0 && strncmp("a", "a\0b", 3) == 0);
  assert(strcmp(strcat(strcpy(text, "one"), " two"), "one two") == 0);
  assert(strcmp(strncat(text, "three", 2), "one twoth") == 0);
  memset(text, 'x', sizeof text);
  assert(strncpy(text, "ab", 4)[3] == 0 && text[4] == 'x');
  assert(*strchr("abca", 'c') == 'c' && strchr("abc", 'x') == NULL && strchr("abc", 0)[0] == 0);
  assert(strcmp(strrchr("a/b/c", '/'), "/c") == 0 && strstr("haystack", "sta") && !strstr("haystack", "stay"));
  assert(strspn("112a", "12") == 3 && strcspn("abc1", "123") == 3 && strpbrk("abc", "xb")[0] == 'b');
  strcpy(text, ",a,,b");
  char *rest;
  assert(strcmp(strtok_r(text, ",", &rest), "a") == 0 && strcmp(strtok_r(NULL, ",", &rest), "b") == 0);
  assert(strtok_r(NULL, ",", &rest) == NULL);
  char *copy = strdup("copy");
  assert(strcmp(copy, "copy") == 0);
  assert(isdigit('7') && !isdigit('a') && isspace('\t') && isxdigit('F') && toupper('q') == 'Q' && ispunct('!'));
}

static void check_numbers(void) {
  char *end;
  assert(strtol("  -42x", &end, 10) == -42 && *end == 'x');
  assert(strtol("0x1F", NULL, 0) == 31 && strtol("017", NULL, 0) == 15 && strtol("zz", NULL, 36) == 35 * 36 + 35);
  assert(strtol("0xg", &end, 16) == 0 && *end == 'x');
  assert(strtol("none", &end, 10) == 0 && *end == 'n');
  errno = 0;
  assert(strtol("9223372036854775807", NULL, 10) == LONG_MAX && errno == 0);
  assert(strtol("-9223372036854775808", NULL, 10) == LONG_MIN && errno == 0);
  assert(strtol("9223372036854775808", NULL, 10) == LONG_MAX && errno == ERANGE);
  errno = 0;
  assert(strtoul("18446744073709551616", NULL, 10) == ULONG_MAX && errno == ERANGE);
  assert(strtoul("-1", NULL, 10) == ULONG_MAX && atoi("123") == 123 && labs(-5L) == 5);
}

static int compare(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

static void check_sorting(void) {
  static int items[1000];
  srand(7);
  for (int count = 0; count <= 1000; count += count < 10 ? 1 : 330) {
    long sum = 0, sorted = 0;
    for (int i = 0; i < count; i++) sum += items[i] = rand() % 500;
    qsort(items, (size_t)count, sizeof *items, compare);
    for (int i = 0; i < count; i++) {
      sorted += items[i];
      assert(i == 0 || items[i - 1] <= items[i]);
      assert(*(int *)bsearch(&items[i], items, (size_t)count, sizeof *items, compare) == items[i]);
    }
    assert(sum == sorted);
  }
  int absent = 1000;
  assert(bsearch(&absent, items, 1000, sizeof *items, compare) == NULL);
  char odd[][3] = {"cc", "aa", "bb"};
  qsort(odd, 3, 3, (int (*)(const void *, const void *))strcmp);
  assert(strcmp(odd[0], "aa") == 0 && strcmp(odd[2], "cc") == 0);
}

static void check_heap(void) {
  static uint8_t *blocks[64];
  static size_t sizes[64];
  // Blocks never overlap, whatever is given back and asked for.
  for (unsigned round = 0; round < 2000; round++) {
    unsigned i = (unsigned)rand() % 64;
    for (size_t k = 0; k < sizes[i]; k += 97) assert(blocks[i][k] == (uint8_t)i);
    size_t bytes = (size_t)rand() % (round % 10 == 0 ? 20000 : 300);
    if (round % 3 == 0) {
      free(blocks[i]);
      blocks[i] = round % 2 ? malloc(bytes) : calloc(bytes, 1);
      if (round % 2 == 0)
        for (size_t k = 0; k < bytes; k += 31) assert(blocks[i][k] == 0);
    } else {
      blocks[i] = realloc(blocks[i], bytes);
      for (size_t k = 0; k < bytes && k < sizes[i]; k += 97) assert(blocks[i][k] == (uint8_t)i);
    }
    assert(((uintptr_t)blocks[i] & 15) == 0);
    sizes[i] = bytes;
    memset(blocks[i], (int)i, bytes);
  }
  // Memory that is given back is used again: 2 GiB in sum do not fit otherwise.
  for (unsigned i = 0; i < 2048; i++) {
    void *block = malloc(1 << 20);
    assert(block);
    free(block);
  }
  for (size_t alignment = 1; alignment <= 4096; alignment *= 2) {
    void *block = aligned_alloc(alignment, 100);
    assert(block && ((uintptr_t)block & (alignment - 1)) == 0);
    free(block);
  }
  assert(malloc((size_t)1 << 30) == NULL && malloc(SIZE_MAX) == NULL && calloc(SIZE_MAX / 2, 4) == NULL);
  assert(realloc(NULL, 10) != NULL && malloc(0) != NULL);
  free(NULL);
}

static void print_formats(void) {
  printf("[%d][%5d][%-5d][%05d][%+d][% d][%.3d][%i]\n", -1, 42, 42, 42, 42, 42, 7, INT_MIN);
  printf("[%u][%x][%X][%#x][%#o][%o][%8.3x]\n", UINT_MAX, 255, 255, 255, 8, 8, 10);
  printf("[%ld][%lu][%lld][%zu][%hhd][%hu]\n", LONG_MIN, ULONG_MAX, 1LL << 40, sizeof(int), 300, 65537);
  printf("[%s][%8s][%-8s][%.2s][%*d][%c][%%][%p]\n", "text", "right", "left", "cut", 4, 7, 'c', (void *)0x80000000);
  printf("[%.0d][%s]\n", 0, (char *)NULL);
  char text[8];
  int length = snprintf(text, sizeof text, "%s", "longer than that");
  printf("[%s] of %d, [%d]\n", text, length, snprintf(NULL, 0, "%d", 12345));
  puts("puts");
  fprintf(stderr, "%s", "a line that is longer than the buffer of printf, which holds one hundred and twenty-eight bytes, "
                        "so that it is emptied in the middle of this text\n");
}

static void check_floating_point(void) {
  volatile double x = 1.5, y = -0.25;
  volatile float f = 3.0f;
  assert(x * y == -0.375 && x / y == -6.0 && (int)(f / 2.0f * 10) == 15 && (uint64_t)(x * 1e18) == 1500000000000000000u);
  volatile unsigned __int128 wide = ((unsigned __int128)1 << 100) + 12345;
  assert((uint64_t)(wide % 1000000007u) == 976383630 && (uint64_t)(wide / 1000000007u) == UINT64_C(13271994342425752125));
}

int main(void) {
  zisk_record first = zisk_read();
  assert(first.length == 5 && memcmp(first.data, "hello", 5) == 0 && ((uintptr_t)first.data & 7) == 0);
  assert(zisk_read().length == 0); // an empty record is one
  assert(zisk_read_u32() == 0x04030201);
  assert(zisk_read_u64() == UINT64_C(0x8877665544332211));
  assert(zisk_read().length == 0); // none left
  check_memory();
  check_strings();
  check_numbers();
  check_sorting();
  check_heap();
  check_floating_point();
  print_formats();
  zisk_commit("abcdef", 6);
  zisk_commit_u32(0x11223344);
  zisk_commit_u64(0x99);
  zisk_set_output(63, 0xffffffff);
  return 7;
}
