/* The functions that a compiler may call behind our back. Eight bytes per step where it can be; the machine allows
   unaligned loads, so only the destination is aligned first. */
#include <stddef.h>
#include <stdint.h>

static void copy_up(uint8_t *to, const uint8_t *from, size_t n) {
  while (n > 0 && ((uintptr_t)to & 7) != 0) *to++ = *from++, n--;
  for (; n >= 32; n -= 32, to += 32, from += 32) {
    const uint64_t *f = (const uint64_t *)from;
    uint64_t *t = (uint64_t *)to;
    uint64_t a = f[0], b = f[1], c = f[2], d = f[3];
    t[0] = a, t[1] = b, t[2] = c, t[3] = d;
  }
  for (; n >= 8; n -= 8, to += 8, from += 8) *(uint64_t *)to = *(const uint64_t *)from;
  while (n--) *to++ = *from++;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n) {
  copy_up(to, from, n);
  return to;
}

void *memmove(void *to, const void *from, size_t n) {
  uint8_t *t = to;
  const uint8_t *f = from;
  if ((uintptr_t)t - (uintptr_t)f >= n) {
    copy_up(t, f, n);
    return to;
  }
  while (n > 0 && ((uintptr_t)(t + n) & 7) != 0) n--, t[n] = f[n];
  for (; n >= 8; n -= 8) *(uint64_t *)(t + n - 8) = *(const uint64_t *)(f + n - 8);
  while (n--) t[n] = f[n];
  return to;
}

void *memset(void *to, int value, size_t n) {
  uint8_t *t = to;
  uint64_t word = (uint8_t)value * UINT64_C(0x0101010101010101);
  while (n > 0 && ((uintptr_t)t & 7) != 0) *t++ = (uint8_t)value, n--;
  for (; n >= 8; n -= 8, t += 8) *(uint64_t *)t = word;
  while (n--) *t++ = (uint8_t)value;
  return to;
}

int memcmp(const void *a, const void *b, size_t n) {
  const uint8_t *x = a, *y = b;
  for (; n >= 8 && *(const uint64_t *)x == *(const uint64_t *)y; n -= 8) x += 8, y += 8;
  for (; n; n--, x++, y++)
    if (*x != *y) return *x - *y;
  return 0;
}
