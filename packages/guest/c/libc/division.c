/* Division of floats under the names that compilers call. It stands in front of the compiler's own library: Zig's makes
   subnormal quotients 0. Source: IEEE 754-2019, section 5.4.1, rounding to nearest, ties to even. */
#include <stdint.h>
#include <string.h>

/* FRACTION: bits of the fraction. CHUNK bits of the quotient are found at a time, of which three in all are behind those
   that are kept. */
#define DIVISION(NAME, BITS, U, T, FRACTION, CHUNK) \
  T NAME(T a, T b); \
  /* The fraction's bits with the leading one, shifted up for a subnormal number; `exponent` is adjusted. */ \
  static inline uint64_t significand##BITS(U size, int *exponent) { \
    uint64_t fraction = size & (((U)1 << FRACTION) - 1); \
    *exponent = (int)(size >> FRACTION); \
    if (*exponent != 0) return fraction | (uint64_t)1 << FRACTION; \
    int shift = __builtin_clzll(fraction) - (63 - FRACTION); \
    *exponent = 1 - shift; \
    return fraction << shift; \
  } \
  static U quotient##BITS(U x, U y) { \
    const U top = (U)1 << (BITS - 1), quiet = (U)1 << (FRACTION - 1); \
    const U infinite = (((U)1 << (BITS - 1 - FRACTION)) - 1) << FRACTION; \
    U sign = (x ^ y) & top; \
    if ((x & ~top) > infinite) return x | quiet; \
    if ((y & ~top) > infinite) return y | quiet; \
    x &= ~top, y &= ~top; \
    if ((x == infinite && y == infinite) || (x == 0 && y == 0)) return infinite | quiet; \
    if (x == infinite || y == 0) return sign | infinite; \
    if (x == 0 || y == infinite) return sign; \
    int ex, ey; \
    uint64_t rest = significand##BITS(x, &ex), divisor = significand##BITS(y, &ey); \
    int exponent = ex - ey + (int)(infinite >> (FRACTION + 1)); \
    if (rest < divisor) rest <<= 1, exponent--; \
    uint64_t quotient = 1; \
    rest -= divisor; \
    for (int i = 0; i < (FRACTION + 3) / CHUNK; i++) { \
      rest <<= CHUNK; \
      quotient = quotient << CHUNK | rest / divisor; \
      rest %= divisor; \
    } \
    quotient |= rest != 0; \
    if (exponent >= (int)(infinite >> FRACTION)) return sign | infinite; \
    if (exponent <= 0) { \
      int shift = 1 - exponent; \
      quotient = shift > FRACTION + 3 ? 1 : quotient >> shift | ((quotient & (((uint64_t)1 << shift) - 1)) != 0); \
      exponent = 1; \
    } \
    uint64_t kept = (quotient >> 3) + ((uint64_t)(exponent - 1) << FRACTION), below = quotient & 7; \
    return sign | (U)(kept + (below > 4 || (below == 4 && (kept & 1) != 0))); \
  } \
  T NAME(T a, T b) { \
    U x, y; \
    memcpy(&x, &a, sizeof x); \
    memcpy(&y, &b, sizeof y); \
    x = quotient##BITS(x, y); \
    memcpy(&a, &x, sizeof a); \
    return a; \
  }

DIVISION(__divsf3, 32, uint32_t, float, 23, 13)
DIVISION(__divdf3, 64, uint64_t, double, 52, 11)
