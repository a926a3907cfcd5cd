/* Modular exponentiation with Montgomery products on 64-bit limbs. Input: u64 repetitions, then records base, exponent and
   odd modulus, little-endian, of one length, a multiple of 8 and at most 512 bytes. The result of a repetition is the base of
   the next. Outputs: the low 512 bits of the last result. */
#include "zisk.h"

#define MOST 64

typedef unsigned __int128 wide;

typedef struct {
  uint64_t modulus[MOST];
  uint64_t inverse; /* -1 / modulus, modulo 2^64 */
  unsigned limbs;
} field;

static int less(const uint64_t *a, const uint64_t *b, unsigned limbs) {
  for (unsigned i = limbs; i-- > 0;)
    if (a[i] != b[i]) return a[i] < b[i];
  return 0;
}

static void subtract(uint64_t *a, const uint64_t *b, unsigned limbs) {
  uint64_t borrow = 0;
  for (unsigned i = 0; i < limbs; i++) {
    wide difference = (wide)a[i] - b[i] - borrow;
    a[i] = (uint64_t)difference;
    borrow = (uint64_t)(difference >> 64) & 1;
  }
}

/* result = a * b / 2^(64 limbs) modulo the modulus; it may be a or b. */
static void multiply(uint64_t *result, const uint64_t *a, const uint64_t *b, const field *f) {
  uint64_t t[MOST + 2] = {0};
  unsigned n = f->limbs;
  for (unsigned i = 0; i < n; i++) {
    uint64_t carry = 0;
    for (unsigned j = 0; j < n; j++) {
      wide sum = (wide)a[j] * b[i] + t[j] + carry;
      t[j] = (uint64_t)sum;
      carry = (uint64_t)(sum >> 64);
    }
    wide top = (wide)t[n] + carry;
    t[n] = (uint64_t)top;
    t[n + 1] = (uint64_t)(top >> 64);
    uint64_t factor = t[0] * f->inverse;
    carry = (uint64_t)(((wide)factor * f->modulus[0] + t[0]) >> 64);
    for (unsigned j = 1; j < n; j++) {
      wide sum = (wide)factor * f->modulus[j] + t[j] + carry;
      t[j - 1] = (uint64_t)sum;
      carry = (uint64_t)(sum >> 64);
    }
    top = (wide)t[n] + carry;
    t[n - 1] = (uint64_t)top;
    t[n] = t[n + 1] + (uint64_t)(top >> 64);
  }
  if (t[n] || !less(t, f->modulus, n)) subtract(t, f->modulus, n);
  for (unsigned i = 0; i < n; i++) result[i] = t[i];
}

/* Doubles a number below the modulus. */
static void twice(uint64_t *a, const field *f) {
  uint64_t carry = 0;
  for (unsigned i = 0; i < f->limbs; i++) {
    uint64_t next = a[i] >> 63;
    a[i] = (a[i] << 1) | carry;
    carry = next;
  }
  if (carry || !less(a, f->modulus, f->limbs)) subtract(a, f->modulus, f->limbs);
}

int main(void) {
  static const uint64_t default_base[4] = {3}, default_exponent[4] = {65537};
  static const uint64_t default_modulus[4] = {~UINT64_C(18), ~UINT64_C(0), ~UINT64_C(0), ~UINT64_C(0) >> 1};
  uint64_t repetitions = 1;
  const uint64_t *base = default_base, *exponent = default_exponent, *modulus = default_modulus;
  static field f = {.limbs = 4};
  zisk_record count = zisk_next_record();
  if (count.length >= 8) {
    repetitions = *(const uint64_t *)count.data;
    zisk_record b = zisk_next_record(), e = zisk_next_record(), m = zisk_next_record();
    if (m.length == 0 || m.length > 8 * MOST || m.length % 8 || b.length != m.length || e.length != m.length || !(m.data[0] & 1))
      zisk_panic("base, exponent and odd modulus need one length, a multiple of 8 of at most 512 bytes");
    base = (const uint64_t *)b.data, exponent = (const uint64_t *)e.data, modulus = (const uint64_t *)m.data;
    f.limbs = (unsigned)(m.length / 8);
  }
  uint64_t inverse = 1;
  for (int i = 0; i < 6; i++) inverse *= 2 - modulus[0] * inverse;
  f.inverse = -inverse;
  static uint64_t one[MOST], square[MOST], x[MOST], power[MOST];
  for (unsigned i = 0; i < f.limbs; i++) f.modulus[i] = modulus[i], x[i] = base[i];
  /* one = 2^(64 limbs) mod m and square = 2^(128 limbs) mod m, by doubling 1; the modulus is above 1. */
  one[0] = 1;
  for (unsigned i = 0; i < 64 * f.limbs; i++) twice(one, &f);
  for (unsigned i = 0; i < f.limbs; i++) square[i] = one[i];
  for (unsigned i = 0; i < 64 * f.limbs; i++) twice(square, &f);
  multiply(x, x, square, &f);
  for (uint64_t round = 0; round < repetitions; round++) {
    for (unsigned i = 0; i < f.limbs; i++) power[i] = one[i];
    for (unsigned bit = 64 * f.limbs; bit-- > 0;) {
      multiply(power, power, power, &f);
      if (exponent[bit / 64] >> (bit % 64) & 1) multiply(power, power, x, &f);
    }
    for (unsigned i = 0; i < f.limbs; i++) x[i] = power[i];
  }
  static uint64_t plain[MOST] = {1};
  multiply(x, x, plain, &f);
  for (unsigned i = 0; i < 8 && i < f.limbs; i++) zisk_set_output_u64(2 * i, x[i]);
  return 0;
}
