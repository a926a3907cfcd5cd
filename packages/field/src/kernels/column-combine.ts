/** Sums of base values with weights over the extension: half of what the constraints of an AIR take. */
import { call, type FunctionRef, i32, i32x4, i64x2, type Local, type ModuleBuilder, v128 } from '../wasm/index.ts'
import { ACCUMULATOR, forPairs, PLANE } from './column-planes.ts'
import { highHalf, lowHalf, pack, shiftLeft } from './lazy.ts'
import { DIGIT_BITS, DIGITS } from './weighted-sums.ts'

/** Terms of one `combine` at the most: their 32-bit sums do not overflow. */
export const MOST_TERMS = 31
/** Prepared weights of a term for one coordinate. */
export const TERM_BYTES: number = 16 * DIGITS
/** What sums of digits begin with in each of two 32-bit lanes, so that they are not negative. */
export const DIGIT_START = 0x8000_0000

const START = i32x4.const([DIGIT_START, DIGIT_START, DIGIT_START, DIGIT_START])
const SIGN_OF_LIMBS = i32x4.const([0x8000_8000, 0x8000_8000, 0x8000_8000, 0x8000_8000])

/**
 * `(to, weights, count, terms, work, size)`: as `combineColumns`, limbs of 16 bits times digits of 11, but the
 * lanes are rows: a vector has the limbs of a column in two rows. Twice as many rows at a time would halve the loads of
 * weights, but V8 spills the sums.
 */
export function emitCombine(module: ModuleBuilder, target: CombineTarget): FunctionRef {
  const coordinate = emitCombineCoordinate(module, target)
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] })
  const [to, weights, count, terms, work, size] = f.params
  const bytes = f.let(i32.mul(count, i32.const(TERM_BYTES)))
  const constants = f.let(i32.add(weights, i32.mul(bytes, i32.const(3))))
  for (let k = 0; k < 3; k++) {
    f.emit(call(coordinate, to, weights, i32.add(constants, i32.const(32 * k)), count, terms, work, size))
    f.set(to, i32.add(to, i32.const(target === 'plane' ? PLANE : ACCUMULATOR)))
    f.set(weights, i32.add(weights, bytes))
  }
  return f
}

/** What a combination is added to, or becomes. */
type CombineTarget = 'accumulator' | 'plane'

/** `(to, weights, constant, count, terms, work, size)`. */
function emitCombineCoordinate(module: ModuleBuilder, target: CombineTarget): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] })
  const [to, weights, constant, count, terms, work, size] = f.params
  const sums = Array.from({ length: DIGITS }, () => f.local('v128'))
  const end = f.let(i32.add(terms, i32.shl(count, i32.const(2))))
  const term = f.local('i32')
  const weight = f.local('i32')
  forPairs(f, size, (offset) => {
    const rows = f.let(i32.add(work, offset))
    const addTerms = (unrolled: number): void => {
      for (let t = 0; t < unrolled; t++) {
        const x = f.let(v128.xor(v128.load(i32.add(rows, i32.load(term, 4 * t))), SIGN_OF_LIMBS))
        for (const [digit, sum] of sums.entries()) {
          const w = v128.load(weight, TERM_BYTES * t + 16 * digit)
          f.set(sum, i32x4.add(sum, i32x4.dot_i16x8_s(w, x)))
        }
      }
      f.set(weight, i32.add(weight, i32.const(TERM_BYTES * unrolled)))
      f.set(term, i32.add(term, i32.const(4 * unrolled)))
    }
    for (const sum of sums) f.set(sum, START)
    f.set(weight, weights)
    f.set(term, terms)
    f.if(i32.and(count, i32.const(1)), () => addTerms(1))
    f.block((done) => {
      f.loop((again) => {
        f.branchIf(done, i32.ge_u(term, end))
        addTerms(2)
        f.branch(again)
      })
    })
    const at = f.let(i32.add(to, offset))
    const digits = sums.map((sum) => f.let(i64x2.add(lowHalf(sum), highHalf(sum))))
    const halves = [0, 1].map((half) => {
      const [low, middle, high] = digits.slice((half * DIGITS) / 2) as [Local, Local, Local]
      const upper = i64x2.add(shiftLeft(middle, DIGIT_BITS), shiftLeft(high, 2 * DIGIT_BITS))
      return f.let(i64x2.add(i64x2.add(v128.load(constant, 16 * half), low), upper))
    })
    const [lo, hi] = halves as [Local, Local]
    // Sums of digits and constants are not negative.
    if (target === 'plane') f.emit(v128.store(at, pack(f, { lo, hi })))
    else
      for (const [half, sum] of halves.entries())
        f.emit(v128.store(at, i64x2.add(v128.load(at, PLANE * half), sum), PLANE * half))
  })
  return f
}
