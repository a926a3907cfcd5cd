/* What C translated from WebAssembly is made of. Defined before: WASM_MIN_BYTES and WASM_MAX_BYTES, the size of the memory
   at the start and the size it may grow to, multiples of 64 KiB below 2 GiB; WASM_LARGEST_FRAME, an estimate of the bytes
   that a function takes from the stack. Texts of traps are V8's. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zisk.h>

typedef uint8_t u8;
typedef int8_t s8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;
typedef int64_t s64;
typedef float f32;
typedef double f64;

/* As they lie in memory: anywhere, and of any type. */
#define AT(T) typedef T T##_at __attribute__((may_alias, aligned(1)))
AT(u8);
AT(s8);
AT(u16);
AT(s16);
AT(u32);
AT(s32);
AT(u64);
AT(f32);
AT(f64);
#undef AT

#define UNLIKELY(x) __builtin_expect(!!(x), 0)

__attribute__((noreturn, cold, noinline)) static void wasm_trap(const char *what) { zisk_panic("%s", what); }
__attribute__((noreturn, cold, noinline)) static void trap_memory(void) { wasm_trap("memory access out of bounds"); }

/* Memory. Its size is a constant unless it can grow. */
static u8 wasm_memory[WASM_MAX_BYTES + 8] __attribute__((aligned(16)));
static u64 wasm_grown;
static u8 wasm_memory_full;
#define MEMORY_BYTES() (WASM_MIN_BYTES == WASM_MAX_BYTES ? WASM_MAX_BYTES : WASM_MIN_BYTES + wasm_grown)
#define MEMORY_PAGES() ((u32)(MEMORY_BYTES() >> 16))

static inline u32 memory_grow(u32 pages) {
  u32 old = MEMORY_PAGES();
  if ((u64)old + pages > WASM_MAX_BYTES >> 16) {
    wasm_memory_full = 1;
    return UINT32_MAX;
  }
  if (pages != 0) wasm_grown += (u64)pages << 16;
  return old;
}

/* An allocator that gets no more memory has no other way to say so. */
__attribute__((noreturn, cold, noinline)) static void trap_unreachable(void) {
  if (wasm_memory_full) zisk_panic("unreachable (out of memory: %u KiB is all there is)", (unsigned)(WASM_MAX_BYTES >> 10));
  wasm_trap("unreachable");
}

/* Checks an access that ends `end` bytes behind the address. The size is below 2 GiB, so an address whose sign extension
   is negative lies outside; registers hold addresses sign-extended anyway. */
#define CHECK_ACCESS(address, end) \
  if (UNLIKELY((end) > WASM_MIN_BYTES ? (u64)(address) + (end) > MEMORY_BYTES() \
                                      : (u64)(s64)(s32)(address) > MEMORY_BYTES() - (end))) \
  trap_memory()
#define PLACE(T, address, offset) (*(T##_at *)(wasm_memory + (u64)(s64)(s32)(address) + (offset)))

/* The memory's bytes from an address, all of which are there. */
static inline u8 *memory_at(u32 address, u64 length) {
  if (UNLIKELY(address + length > MEMORY_BYTES())) trap_memory();
  return wasm_memory + address;
}

static inline void memory_copy(u32 to, u32 from, u32 length) {
  u8 *target = memory_at(to, length);
  memmove(target, memory_at(from, length), length);
}
static inline void memory_fill(u32 to, u32 value, u32 length) { memset(memory_at(to, length), (int)value, length); }
static inline void memory_set(u64 to, const u8 *bytes, u64 length) {
  if (to + length > MEMORY_BYTES()) wasm_trap("data segment is out of bounds");
  memcpy(wasm_memory + to, bytes, length);
}
static inline void memory_init(const u8 *bytes, u32 size, u32 to, u32 from, u32 length) {
  if (UNLIKELY((u64)from + length > size)) trap_memory();
  memcpy(memory_at(to, length), bytes + from, length);
}
#define MEMORY_INIT(segment, to, from, length) memory_init(data_##segment, data_bytes_##segment, to, from, length)
#define DATA_DROP(segment) data_bytes_##segment = 0

/* Calls. */
typedef struct {
  u32 type; /* 0: no function */
  void (*code)(void);
} wasm_entry;
#define CHECK_CALL(index, expected) \
  if (UNLIKELY((index) >= WASM_TABLE_SIZE)) wasm_trap("table index is out of bounds"); \
  if (UNLIKELY(wasm_table[index].type != (expected))) wasm_trap("null function or function signature mismatch")

/* In main, in functions that may call themselves, and in one of every long chain of others. The stack ends at the
   linker's _stack_end. What a check leaves is for functions behind it that do not check, for the frame of the next one that
   does, which is there before its check, and for the guest library. */
extern char _stack_end[];
#define STACK_LEFT (32768 + WASM_LARGEST_FRAME)
#define CHECK_STACK() \
  do { \
    uintptr_t stack_pointer; \
    __asm__ volatile("mv %0, sp" : "=r"(stack_pointer)); \
    if (UNLIKELY(stack_pointer < (uintptr_t)_stack_end + STACK_LEFT)) wasm_trap("Maximum call stack size exceeded"); \
  } while (0)

/* Integers. */
#define INTEGER(BITS, U, S, MIN, LEADING, TRAILING, ONES) \
  static inline U CLZ##BITS(U a) { return a == 0 ? BITS : (U)LEADING(a); } \
  static inline U CTZ##BITS(U a) { return a == 0 ? BITS : (U)TRAILING(a); } \
  static inline U POPCNT##BITS(U a) { return (U)ONES(a); } \
  static inline U ROTL##BITS(U a, U n) { return a << (n & (BITS - 1)) | a >> (-n & (BITS - 1)); } \
  static inline U ROTR##BITS(U a, U n) { return a >> (n & (BITS - 1)) | a << (-n & (BITS - 1)); } \
  static inline U DIV_U##BITS(U a, U b) { \
    if (UNLIKELY(b == 0)) wasm_trap("divide by zero"); \
    return a / b; \
  } \
  static inline U REM_U##BITS(U a, U b) { \
    if (UNLIKELY(b == 0)) wasm_trap("remainder by zero"); \
    return a % b; \
  } \
  static inline U DIV_S##BITS(U a, U b) { \
    if (UNLIKELY(b == 0)) wasm_trap("divide by zero"); \
    if (UNLIKELY(a == (U)MIN && b == (U)-1)) wasm_trap("divide result unrepresentable"); \
    return (U)((S)a / (S)b); \
  } \
  static inline U REM_S##BITS(U a, U b) { \
    if (UNLIKELY(b == 0)) wasm_trap("remainder by zero"); \
    return UNLIKELY(b == (U)-1) ? 0 : (U)((S)a % (S)b); \
  }
INTEGER(32, u32, s32, INT32_MIN, __builtin_clz, __builtin_ctz, __builtin_popcount)
INTEGER(64, u64, s64, INT64_MIN, __builtin_clzll, __builtin_ctzll, __builtin_popcountll)
#undef INTEGER

#include "wasm-float.h"
