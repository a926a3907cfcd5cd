/** RV64M: multiplication, division and remainder, with division by zero and overflow. */
import { AssemblyTest } from './harness.ts'
import { registerPairs } from './tables.ts'
import { s64, u32, u64, word32 } from './words.ts'

const ALL_ONES = u64(-1n)

// Bigint division truncates towards zero, as RISC-V does; -2^63 / -1 wraps in u64 to the dividend, as specified.
const quotient = (a: bigint, b: bigint): bigint => (b === 0n ? ALL_ONES : a / b)
const remainder = (a: bigint, b: bigint): bigint => (b === 0n ? a : a % b)
const s32 = (a: bigint): bigint => BigInt.asIntN(32, a)

const PAIRS: Record<string, (a: bigint, b: bigint) => bigint> = {
  mul: (a, b) => a * b,
  mulh: (a, b) => (s64(a) * s64(b)) >> 64n,
  mulhsu: (a, b) => (s64(a) * b) >> 64n,
  mulhu: (a, b) => (a * b) >> 64n,
  div: (a, b) => quotient(s64(a), s64(b)),
  divu: (a, b) => quotient(a, b),
  rem: (a, b) => remainder(s64(a), s64(b)),
  remu: (a, b) => remainder(a, b),
  mulw: (a, b) => word32(a * b),
  divw: (a, b) => word32(quotient(s32(a), s32(b))),
  divuw: (a, b) => word32(quotient(u32(a), u32(b))),
  remw: (a, b) => word32(remainder(s32(a), s32(b))),
  remuw: (a, b) => word32(remainder(u32(a), u32(b))),
}

export function mulTest(): AssemblyTest {
  const test = new AssemblyTest()
  for (const [name, model] of Object.entries(PAIRS)) registerPairs(test, name, model)
  return test
}
