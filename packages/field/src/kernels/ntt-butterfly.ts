/**
 * Butterflies over rows of 64 bytes: the inner functions of the transforms, where nearly all their time goes.
 *
 * A butterfly multiplies each of its R = 16, 8, 4 or 2 input rows by a twiddle on load, takes the R-point transform,
 * whose own twiddles are shifts (the root of order 16 is 2^12), and stores packed words. All lanes are columns, so one
 * twiddle serves a row. Decimation in frequency loads inputs in natural order and stores output k at the bit-reversed
 * place; decimation in time is the mirror image. The inverse transform is the forward one with outputs k and R - k
 * swapped.
 *
 * The order of instructions is depth first: sums of the pairs (i, i + R/2) stay in registers, differences go through
 * memory, so that V8 with its 15 vector registers does not spill. Radix 16 keeps both in memory between its two layers:
 * it shifts more than two stages of radix 4 or 8 would, but saves products and carry fixes, which cost far more.
 */
import {
  type Expression,
  type FunctionBuilder,
  type FunctionRef,
  i32,
  i64x2,
  type Local,
  type ModuleBuilder,
  v128,
} from '../wasm/index.ts'
import {
  addBias,
  addLazy,
  canonical,
  hold,
  type Lazy,
  lowHalf,
  mulLazy,
  multiplier,
  pack,
  shiftLeft,
  split,
  subLazy,
} from './lazy.ts'
import { SCRATCH } from './scratch.ts'

export type Radix = 2 | 4 | 8 | 16

export interface ButterflyShape {
  readonly radix: Radix
  /** Which inputs have a twiddle: none, all, or all but input 0, whose twiddle is 1. */
  readonly twiddles: 'none' | 'all' | 'all-but-first'
  readonly decimation: 'frequency' | 'time'
  readonly inverse: boolean
  /** Whether outputs are canonical words, or any representatives. */
  readonly canonical: boolean
  /** Rows of 64 bytes that share one twiddle: 1, or 8 in the strided pass. */
  readonly group: number
}

/** Bytes of a row. */
const ROW = 64

/**
 * Emits `(src, srcStride, dst, dstStride, twiddle, twiddleStride, count, step, twiddleStep, width)`: `count` butterflies,
 * input i of which is at src + i srcStride and its twiddle at twiddle + i twiddleStride; from one to the next src and dst
 * advance by `step` bytes and the twiddles by `twiddleStep`. The first `width` bytes of each row of 64 are transformed, a
 * multiple of 16 between 16 and 64; others are neither read nor written.
 */
export function emitButterfly(module: ModuleBuilder, scratch: Expression, shape: ButterflyShape): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] })
  const [src, srcStride, dst, dstStride, twiddle, twiddleStride, count, step, twiddleStep, width] = f.params
  const { radix } = shape
  const offsets = (stride: Local): Expression[] => {
    const result: Expression[] = [i32.const(0)]
    for (let i = 1; i < radix; i++) result.push(f.let(i === 1 ? stride : i32.add(result[i - 1]!, stride)))
    return result
  }
  const base = f.let(scratch)
  const srcOffsets = offsets(srcStride)
  const dstOffsets = offsets(dstStride)
  const remaining = f.let(count)
  const vector = f.local('i32')
  f.loop((nextButterfly) => {
    emitTwiddles(f, shape, base, twiddle, twiddleStride)
    f.set(vector, i32.const(0))
    f.loop((nextVector) => {
      const from = f.let(i32.add(src, vector))
      const to = f.let(i32.add(dst, vector))
      emitVector(f, shape, base, {
        input: (i) => v128.load(i32.add(from, srcOffsets[inputPlace(shape, i)]!)),
        output: (k, value) => {
          const packed = shape.canonical ? canonical(f, pack(f, value)) : pack(f, value)
          f.emit(v128.store(i32.add(to, dstOffsets[outputPlace(shape, k)]!), packed))
        },
      })
      f.set(vector, i32.add(vector, i32.const(16)))
      f.if(i32.eq(i32.and(vector, i32.const(ROW - 1)), width), () =>
        f.set(vector, i32.sub(i32.add(vector, i32.const(ROW)), width)),
      )
      f.branchIf(nextVector, i32.lt_u(vector, i32.const(ROW * shape.group)))
    })
    f.set(src, i32.add(src, step))
    f.set(dst, i32.add(dst, step))
    f.set(twiddle, i32.add(twiddle, twiddleStep))
    f.set(remaining, i32.sub(remaining, i32.const(1)))
    f.branchIf(nextButterfly, remaining)
  })
  return f
}

export function reverseBits(i: number, bits: number): number {
  let reversed = 0
  for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit)
  return reversed
}

function inputPlace({ decimation, radix }: ButterflyShape, i: number): number {
  return decimation === 'time' ? reverseBits(i, Math.log2(radix)) : i
}

function outputPlace({ decimation, inverse, radix }: ButterflyShape, k: number): number {
  const index = inverse ? (radix - k) % radix : k
  return decimation === 'frequency' ? reverseBits(index, Math.log2(radix)) : index
}

/** Prepares the multipliers of one butterfly in scratch memory, in the order of inputs. */
function emitTwiddles(f: FunctionBuilder, shape: ButterflyShape, base: Local, twiddle: Local, stride: Local): void {
  if (shape.twiddles === 'none') return
  for (let i = shape.twiddles === 'all' ? 0 : 1; i < shape.radix; i++) {
    const address = i32.add(twiddle, i32.mul(stride, i32.const(inputPlace(shape, i))))
    const w = multiplier(f, v128.load64_splat(address))
    f.emit(v128.store(base, w.straight, SCRATCH.twiddles + 32 * i))
    f.emit(v128.store(base, w.crossed, SCRATCH.twiddles + 32 * i + 16))
  }
}

interface Ports {
  readonly input: (i: number) => Expression
  readonly output: (k: number, value: Lazy) => void
}

function emitVector(f: FunctionBuilder, shape: ButterflyShape, base: Local, { input, output }: Ports): void {
  const { radix, twiddles } = shape
  const load: LazyInput = (i) => {
    if (twiddles === 'none' || (twiddles === 'all-but-first' && i === 0)) return hold(f, split(f, input(i)))
    return mulLazy(f, input(i), {
      straight: v128.load(base, SCRATCH.twiddles + 32 * i),
      crossed: v128.load(base, SCRATCH.twiddles + 32 * i + 16),
    })
  }
  if (radix === 16) emitRadix16(f, base, load, output)
  else if (radix === 8) emitRadix8(f, base, load, output)
  else emitSmallRadix(f, base, radix, load, output)
}

type LazyInput = (i: number) => Lazy

function storeLazy(f: FunctionBuilder, base: Local, place: number, { lo, hi }: Lazy): void {
  f.emit(v128.store(base, lo, place))
  f.emit(v128.store(base, hi, place + 16))
}

function loadLazy(f: FunctionBuilder, base: Local, place: number): Lazy {
  return { lo: f.let(v128.load(base, place)), hi: f.let(v128.load(base, place + 16)) }
}

/** Sum of inputs i and i + half; their difference goes to memory, for {@link difference}. */
function pair(f: FunctionBuilder, base: Local, load: LazyInput, i: number, half: number): Lazy {
  const p = load(i)
  const q = load(i + half)
  const sum = addLazy(f, p, q)
  storeLazy(f, base, SCRATCH.differences + 32 * i, { lo: i64x2.sub(p.lo, q.lo), hi: i64x2.sub(p.hi, q.hi) })
  return sum
}

function difference(f: FunctionBuilder, base: Local, i: number): Lazy {
  return loadLazy(f, base, SCRATCH.differences + 32 * i)
}

function emitSmallRadix(f: FunctionBuilder, base: Local, radix: 2 | 4, load: LazyInput, output: Ports['output']): void {
  const s0 = pair(f, base, load, 0, radix / 2)
  if (radix === 2) {
    output(0, addBias(f, s0))
    output(1, addBias(f, difference(f, base, 0)))
    return
  }
  const s1 = pair(f, base, load, 1, 2)
  const e = addBias(f, s0)
  output(0, addLazy(f, e, s1))
  output(2, subLazy(f, e, s1))
  const [y1, y3] = addRoot4(f, addBias(f, difference(f, base, 0)), difference(f, base, 1))
  output(1, y1)
  output(3, y3)
}

/** Wants inputs with |lo| and |hi| below 2^35. */
function emitRadix8(f: FunctionBuilder, base: Local, load: LazyInput, output: Ports['output']): void {
  const s0 = pair(f, base, load, 0, 4)
  const s2 = pair(f, base, load, 2, 4)
  const s1 = pair(f, base, load, 1, 4)
  const s3 = pair(f, base, load, 3, 4)
  const biased = addBias(f, s0)
  const e0 = addLazy(f, biased, s2)
  const o0 = addLazy(f, s1, s3)
  output(0, addLazy(f, e0, o0))
  output(4, subLazy(f, e0, o0))
  const [y2, y6] = addRoot4(f, subLazy(f, biased, s2), subLazy(f, s1, s3))
  output(2, y2)
  output(6, y6)
  emitOddOutputs(f, (i) => difference(f, base, i), output)
}

/**
 * Radix 16 as two transforms of radix 8: of the sums of inputs i and i + 8 for the even outputs, and of their
 * differences times the powers 2^(12 i) of the root of order 16 for the odd ones.
 */
function emitRadix16(f: FunctionBuilder, base: Local, load: LazyInput, output: Ports['output']): void {
  for (let i = 0; i < 8; i++) {
    const p = load(i)
    const q = load(i + 8)
    storeLazy(f, base, SCRATCH.sums + 32 * i, addLazy(f, p, q))
    storeLazy(f, base, SCRATCH.rotated + 32 * i, timesRootOf16(f, subLazy(f, p, q), i))
  }
  emitRadix8(
    f,
    base,
    (i) => loadLazy(f, base, SCRATCH.sums + 32 * i),
    (k, value) => output(2 * k, value),
  )
  emitRadix8(
    f,
    base,
    (i) => loadLazy(f, base, SCRATCH.rotated + 32 * i),
    (k, value) => output(2 * k + 1, value),
  )
}

/** lo + 2^32 hi = 5 p; makes a difference of two products non-negative: lo > -(2^33 + 2^32), hi > -2^34. */
const DIFFERENCE_BIAS: Lazy = {
  lo: i64x2.const_splat(5n + (4n << 32n)),
  hi: i64x2.const_splat((5n << 32n) - 9n),
}
const ZERO = i64x2.const_splat(0n)

/**
 * 2^(12 i) d for a difference d of two products, with |lo| and |hi| below 2^34 again. Shifted by less than 32 bits, the
 * biased halves of d are below 2^36 and break into 32-bit digits l0 + 2^32 (l1 + h0) + 2^64 h1 with l1, h1 <= 2^32;
 * 2^64 = 2^32 - 1 and 2^96 = -1 do the rest.
 */
function timesRootOf16(f: FunctionBuilder, d: Lazy, i: number): Lazy {
  if (i === 0) return d
  const bits = (12 * i) % 32
  const lo = f.let(i64x2.add(d.lo, DIFFERENCE_BIAS.lo))
  const hi = f.let(i64x2.add(d.hi, DIFFERENCE_BIAS.hi))
  const above = (x: Expression): Expression => i64x2.shr_u(x, i32.const(32 - bits))
  const l0 = f.let(lowHalf(shiftLeft(lo, bits)))
  const middle = f.let(i64x2.add(above(lo), lowHalf(shiftLeft(hi, bits))))
  const h1 = f.let(above(hi))
  const words = Math.floor((12 * i) / 32)
  if (words === 0) return { lo: f.let(i64x2.sub(l0, h1)), hi: f.let(i64x2.add(middle, h1)) }
  if (words === 1) return { lo: f.let(i64x2.sub(ZERO, i64x2.add(middle, h1))), hi: f.let(i64x2.add(middle, l0)) }
  return { lo: f.let(i64x2.sub(ZERO, i64x2.add(middle, l0))), hi: f.let(i64x2.sub(l0, h1)) }
}

/** Outputs 1, 3, 5, 7 of radix 8 from the differences b_i: e1 + (w b1 + w^3 b3) and so on, with w = 2^24. */
function emitOddOutputs(f: FunctionBuilder, difference: (i: number) => Lazy, output: Ports['output']): void {
  const [e1, e3] = addRoot4(f, addBias(f, difference(0)), difference(2))
  const b1 = difference(1)
  const b3 = difference(3)
  const o1 = addCubeOfRoot8(f, b1, b3)
  output(1, addLazy(f, e1, o1))
  output(5, subLazy(f, e1, o1))
  const o3 = addCubeOfRoot8(f, b3, b1)
  output(3, addLazy(f, e3, o3))
  output(7, subLazy(f, e3, o3))
}

/** e + 2^48 t and e - 2^48 t, where 2^48 t = 2^16 (-hi + 2^32 (lo + hi)). */
function addRoot4(f: FunctionBuilder, e: Lazy, t: Lazy): readonly [Lazy, Lazy] {
  const { lo, hi } = hold(f, t)
  const h = f.let(shiftLeft(hi, 16))
  const l = f.let(shiftLeft(i64x2.add(lo, hi), 16))
  return [
    { lo: f.let(i64x2.sub(e.lo, h)), hi: f.let(i64x2.add(e.hi, l)) },
    { lo: f.let(i64x2.add(e.lo, h)), hi: f.let(i64x2.sub(e.hi, l)) },
  ]
}

/** 2^24 a + 2^72 b, where 2^72 b = 2^8 (-(lo + hi) + 2^32 lo): shifts of the inputs themselves, so they do not compound. */
function addCubeOfRoot8(f: FunctionBuilder, a: Lazy, b: Lazy): Lazy {
  return {
    lo: f.let(i64x2.sub(shiftLeft(a.lo, 24), shiftLeft(i64x2.add(b.lo, b.hi), 8))),
    hi: f.let(i64x2.add(shiftLeft(a.hi, 24), shiftLeft(b.lo, 8))),
  }
}
