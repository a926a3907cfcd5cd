#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <zisk.h>

int errno;

int abs(int value) { return value < 0 ? -value : value; }
long labs(long value) { return value < 0 ? -value : value; }
long long llabs(long long value) { return value < 0 ? -value : value; }

static int digit_value(char c) {
  if (isdigit(c)) return c - '0';
  return isalpha(c) ? (c | 32) - 'a' + 10 : INT_MAX;
}

/* Sign, magnitude and end of the number at the start of a text; *end is the text itself when there is none. */
static uint64_t parse(const char *text, char **end, int base, int *negative, int *overflow) {
  const char *at = text;
  while (isspace(*at)) at++;
  *negative = *at == '-';
  if (*at == '-' || *at == '+') at++;
  int prefixed = at[0] == '0' && (at[1] | 32) == 'x' && digit_value(at[2]) < 16;
  if ((base == 0 || base == 16) && prefixed) at += 2, base = 16;
  if (base == 0) base = *at == '0' ? 8 : 10;
  uint64_t value = 0;
  *overflow = 0;
  const char *first = at;
  for (; digit_value(*at) < base; at++) {
    if (__builtin_mul_overflow(value, (uint64_t)base, &value)) *overflow = 1;
    if (__builtin_add_overflow(value, (uint64_t)digit_value(*at), &value)) *overflow = 1;
  }
  if (end) *end = (char *)(at == first ? text : at);
  return value;
}

unsigned long strtoul(const char *restrict text, char **restrict end, int base) {
  int negative, overflow;
  uint64_t value = parse(text, end, base, &negative, &overflow);
  if (overflow) {
    errno = ERANGE;
    return ULONG_MAX;
  }
  return negative ? -value : value;
}

long strtol(const char *restrict text, char **restrict end, int base) {
  int negative, overflow;
  uint64_t value = parse(text, end, base, &negative, &overflow);
  if (overflow || value > (uint64_t)LONG_MAX + (uint64_t)negative) {
    errno = ERANGE;
    return negative ? LONG_MIN : LONG_MAX;
  }
  return (long)(negative ? -value : value);
}

long long strtoll(const char *restrict text, char **restrict end, int base) { return strtol(text, end, base); }
unsigned long long strtoull(const char *restrict text, char **restrict end, int base) { return strtoul(text, end, base); }
long atol(const char *text) { return strtol(text, NULL, 10); }
int atoi(const char *text) { return (int)strtol(text, NULL, 10); }

void *bsearch(const void *key, const void *items, size_t count, size_t size, int (*compare)(const void *, const void *)) {
  const char *base = items;
  while (count > 0) {
    const char *middle = base + count / 2 * size;
    int order = compare(key, middle);
    if (order == 0) return (void *)middle;
    if (order > 0) base = middle + size, count -= count / 2 + 1;
    else count /= 2;
  }
  return NULL;
}

static uint64_t random_state = 1;

void srand(unsigned seed) { random_state = seed; }

int rand(void) {
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  return (int)(random_state >> 33);
}

void exit(int code) { zisk_exit(code); }
void abort(void) { zisk_panic("abort() was called"); }
