/* Floating point where the C operators do not say what WebAssembly does. The machine has no floating point: arithmetic is
   done by functions of the compiler, the rest here on the bits. */

static inline u32 BITS_OF_F32(f32 a) {
  u32 bits;
  memcpy(&bits, &a, sizeof bits);
  return bits;
}
static inline u64 BITS_OF_F64(f64 a) {
  u64 bits;
  memcpy(&bits, &a, sizeof bits);
  return bits;
}
static inline f32 F32_OF_BITS(u32 bits) {
  f32 a;
  memcpy(&a, &bits, sizeof a);
  return a;
}
static inline f64 F64_OF_BITS(u64 bits) {
  f64 a;
  memcpy(&a, &bits, sizeof a);
  return a;
}

/* FRACTION: bits of the fraction. */
#define FLOAT(BITS, U, S, T, FRACTION, INFINITE, QUIET) \
  static inline int is_nan##BITS(U bits) { return (bits & ~((U)1 << (BITS - 1))) > INFINITE; } \
  static inline T F##BITS##_ABS(T a) { return F##BITS##_OF_BITS(BITS_OF_F##BITS(a) & ~((U)1 << (BITS - 1))); } \
  static inline T F##BITS##_NEG(T a) { return F##BITS##_OF_BITS(BITS_OF_F##BITS(a) ^ (U)1 << (BITS - 1)); } \
  static inline T F##BITS##_COPYSIGN(T a, T b) { \
    U sign = (U)1 << (BITS - 1); \
    return F##BITS##_OF_BITS((BITS_OF_F##BITS(a) & ~sign) | (BITS_OF_F##BITS(b) & sign)); \
  } \
  /* An integer in the order of the floats, with -0 below 0. */ \
  static inline S ordered##BITS(U bits) { return (S)bits < 0 ? (S)(~bits | (U)1 << (BITS - 1)) : (S)bits; } \
  static T F##BITS##_MIN(T a, T b) { \
    U x = BITS_OF_F##BITS(a), y = BITS_OF_F##BITS(b); \
    if (is_nan##BITS(x) || is_nan##BITS(y)) return F##BITS##_OF_BITS(QUIET); \
    return ordered##BITS(x) < ordered##BITS(y) ? a : b; \
  } \
  static T F##BITS##_MAX(T a, T b) { \
    U x = BITS_OF_F##BITS(a), y = BITS_OF_F##BITS(b); \
    if (is_nan##BITS(x) || is_nan##BITS(y)) return F##BITS##_OF_BITS(QUIET); \
    return ordered##BITS(x) > ordered##BITS(y) ? a : b; \
  } \
  /* Rounds to an integer: 0 towards zero, 1 up, 2 down, 3 to the nearest with ties to even. */ \
  static T round_##BITS(T a, int mode) { \
    U bits = BITS_OF_F##BITS(a), sign = bits & ((U)1 << (BITS - 1)), size = bits ^ sign; \
    int exponent = (int)(size >> FRACTION) - ((1 << (BITS - FRACTION - 2)) - 1); \
    if (size > INFINITE) return F##BITS##_OF_BITS(bits | ((U)1 << (FRACTION - 1))); \
    if (exponent >= FRACTION || size == 0) return a; \
    U one = (U)((1 << (BITS - FRACTION - 2)) - 1) << FRACTION; \
    if (exponent < 0) { \
      int away = mode == 1 ? sign == 0 : mode == 2 ? sign != 0 : mode == 3 && size > one - ((U)1 << FRACTION); \
      return F##BITS##_OF_BITS(sign | (away ? one : 0)); \
    } \
    U unit = (U)1 << (FRACTION - exponent), below = size & (unit - 1); \
    if (below == 0) return a; \
    int away = mode == 1 ? sign == 0 \
               : mode == 2 ? sign != 0 \
               : mode == 3 && (below > unit >> 1 || (below == unit >> 1 && (size & unit) != 0)); \
    return F##BITS##_OF_BITS(sign | (size - below + (away ? unit : 0))); \
  } \
  static inline T F##BITS##_TRUNC(T a) { return round_##BITS(a, 0); } \
  static inline T F##BITS##_CEIL(T a) { return round_##BITS(a, 1); } \
  static inline T F##BITS##_FLOOR(T a) { return round_##BITS(a, 2); } \
  static inline T F##BITS##_NEAREST(T a) { return round_##BITS(a, 3); } \
  /* The root's bits one by one, then rounded by what is left. */ \
  static T F##BITS##_SQRT(T a) { \
    U bits = BITS_OF_F##BITS(a), sign = (U)1 << (BITS - 1); \
    if (is_nan##BITS(bits)) return F##BITS##_OF_BITS(bits | ((U)1 << (FRACTION - 1))); \
    if ((U)(bits << 1) == 0 || bits == INFINITE) return a; \
    if (bits & sign) return F##BITS##_OF_BITS(QUIET); \
    const int bias = (1 << (BITS - FRACTION - 2)) - 1; \
    int exponent = (int)(bits >> FRACTION); \
    U fraction = bits & (((U)1 << FRACTION) - 1); \
    if (exponent == 0) { \
      for (exponent = 1; fraction >> FRACTION == 0; exponent--) fraction <<= 1; \
    } else { \
      fraction |= (U)1 << FRACTION; \
    } \
    exponent -= bias; \
    if (exponent & 1) fraction <<= 1, exponent--; \
    /* fraction in [1, 4) with FRACTION bits below the point; the root gets one bit more. */ \
    U root = 0, rest = 0; \
    fraction <<= BITS - 2 - FRACTION; \
    for (int i = 0; i < FRACTION + 2; i++) { \
      rest = rest << 2 | fraction >> (BITS - 2); \
      fraction <<= 2; \
      root <<= 1; \
      if (rest >= (root << 1 | 1)) rest -= root << 1 | 1, root |= 1; \
    } \
    root = (root >> 1) + ((root & 1) != 0 && (rest != 0 || (root & 2) != 0)); \
    return F##BITS##_OF_BITS(root + ((U)(exponent / 2 + bias - 1) << FRACTION)); \
  }
FLOAT(32, u32, s32, f32, 23, 0x7f800000u, 0x7fc00000u)
FLOAT(64, u64, s64, f64, 52, 0x7ff0000000000000ull, 0x7ff8000000000000ull)
#undef FLOAT

/* A NaN becomes a quiet one, which the compiler's function leaves as it is. */
static inline f64 F64_PROMOTE(f32 a) {
  f64 b = a;
  return is_nan32(BITS_OF_F32(a)) ? F64_OF_BITS(BITS_OF_F64(b) | (u64)1 << 51) : b;
}

/* Conversions to integers. What fits is COMPARE LOW and below HIGH, both exact in the float's type. */
#define TRUNCATION(NAME, F, FBITS, U, I, LOW, COMPARE, HIGH, MIN, MAX) \
  static inline U TRUNC_##NAME(F a) { \
    if (UNLIKELY(!(a COMPARE (F)(LOW) && a < (F)(HIGH)))) wasm_trap("float unrepresentable in integer range"); \
    return (U)(I)a; \
  } \
  static inline U TRUNC_SAT_##NAME(F a) { \
    if (is_nan##FBITS(BITS_OF_F##FBITS(a))) return 0; \
    if (!(a COMPARE (F)(LOW))) return (U)(MIN); \
    return a < (F)(HIGH) ? (U)(I)a : (U)(MAX); \
  }
TRUNCATION(S32_F32, f32, 32, u32, s32, -0x1p31, >=, 0x1p31, INT32_MIN, INT32_MAX)
TRUNCATION(U32_F32, f32, 32, u32, u32, -1.0, >, 0x1p32, 0, UINT32_MAX)
TRUNCATION(S32_F64, f64, 64, u32, s32, -0x1.00000002p31, >, 0x1p31, INT32_MIN, INT32_MAX)
TRUNCATION(U32_F64, f64, 64, u32, u32, -1.0, >, 0x1p32, 0, UINT32_MAX)
TRUNCATION(S64_F32, f32, 32, u64, s64, -0x1p63, >=, 0x1p63, INT64_MIN, INT64_MAX)
TRUNCATION(U64_F32, f32, 32, u64, u64, -1.0, >, 0x1p64, 0, UINT64_MAX)
TRUNCATION(S64_F64, f64, 64, u64, s64, -0x1p63, >=, 0x1p63, INT64_MIN, INT64_MAX)
TRUNCATION(U64_F64, f64, 64, u64, u64, -1.0, >, 0x1p64, 0, UINT64_MAX)
#undef TRUNCATION
