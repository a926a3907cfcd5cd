/**
 * Sums of panel cells times extension weights: the DEEP combination (one weight per column, a sum per row) and openings
 * (one weight per row, a sum per column). Products are added lazily, with one carry fix per sum.
 */
import {
  call,
  type Expression,
  type FunctionBuilder,
  i32,
  i32x4,
  i64x2,
  type ModuleBuilder,
  v128,
} from '../wasm/index.ts'
import { emitChunked } from './chunked.ts'
import { addLazy, canonical, type Lazy, mulShuffled, multiplier, packSigned, split } from './lazy.ts'
import { SCRATCH } from './scratch.ts'

const ROW = 64
const ROW_VECTORS = 4
/** Prepared multipliers of two columns: three coordinates, straight and crossed. */
export const WEIGHT_PAIR_BYTES = 96
const CHUNK = 128

const LAZY_BYTES = 32

function loadLazy(f: FunctionBuilder, base: Expression, place: number): Lazy {
  return { lo: f.let(v128.load(base, place)), hi: f.let(v128.load(base, place + 16)) }
}

function storeLazy(f: FunctionBuilder, base: Expression, place: number, { lo, hi }: Lazy): void {
  f.emit(v128.store(base, lo, place))
  f.emit(v128.store(base, hi, place + 16))
}

/** (row0 lane 0 + lane 1, row1 lane 0 + lane 1). */
function addLanes(row0: Expression, row1: Expression): Expression {
  return i64x2.add(i64x2.shuffle(row0, row1, [0, 2]), i64x2.shuffle(row0, row1, [1, 3]))
}

/**
 * Emits `combineColumns(panels, panelCount, weights, dst, plane, begin, end)`: two rows at a time, the lanes of a vector
 * being two columns of one row until the very end.
 */
function emitCombineColumns(module: ModuleBuilder, scratch: Expression): void {
  const sumRow = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] })
  {
    const f = sumRow
    const [panels, panelCount, weights, rowOffset, sums] = f.params
    const zero = i64x2.const_splat(0n)
    const accumulators = [0, 1, 2].map(() => ({ lo: f.let(zero), hi: f.let(zero) }))
    const panel = f.local('i32')
    f.for(panel, i32.const(0), panelCount, 1, () => {
      const first = i32.load(i32.add(panels, i32.shl(panel, i32.const(2))))
      const row = f.let(i32.add(first, rowOffset))
      for (let v = 0; v < ROW_VECTORS; v++) {
        const x = f.let(v128.load(row, 16 * v))
        const halves = f.let(i32x4.shuffle(x, x, [0, 2, 1, 3]))
        for (const [k, sum] of accumulators.entries()) {
          const place = WEIGHT_PAIR_BYTES * v + LAZY_BYTES * k
          const product = mulShuffled(f, halves, {
            straight: v128.load(weights, place),
            crossed: v128.load(weights, place + 16),
          })
          f.set(sum.lo, i64x2.add(sum.lo, product.lo))
          f.set(sum.hi, i64x2.add(sum.hi, product.hi))
        }
      }
      f.set(weights, i32.add(weights, i32.const(WEIGHT_PAIR_BYTES * ROW_VECTORS)))
    })
    for (const [k, sum] of accumulators.entries()) storeLazy(f, sums, LAZY_BYTES * k, sum)
  }
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] }, 'combineColumns')
  const [panels, panelCount, weights, dst, plane, begin, end] = f.params
  const sums = f.let(i32.add(scratch, i32.const(SCRATCH.state)))
  const row = f.local('i32')
  f.for(row, begin, end, 2, () => {
    const rowOffset = f.let(i32.mul(row, i32.const(ROW)))
    f.emit(call(sumRow, panels, panelCount, weights, rowOffset, sums))
    const next = i32.add(rowOffset, i32.const(ROW))
    f.emit(call(sumRow, panels, panelCount, weights, next, i32.add(sums, i32.const(3 * LAZY_BYTES))))
    const at = f.let(i32.add(dst, i32.shl(row, i32.const(3))))
    for (let k = 0; k < 3; k++) {
      const row0 = loadLazy(f, sums, LAZY_BYTES * k)
      const row1 = loadLazy(f, sums, LAZY_BYTES * (k + 3))
      const sum = packSigned(f, { lo: addLanes(row0.lo, row1.lo), hi: addLanes(row0.hi, row1.hi) })
      f.emit(v128.store(at, canonical(f, sum)))
      f.set(at, i32.add(at, plane))
    }
  })
}

/**
 * Emits `evaluatePanel(panel, weights, plane, dst, count)`: adds the sum over rows of cell times weight to the eight
 * extension elements at dst, coordinate k of column c at dst + 64 k + 8 c.
 */
function emitEvaluatePanel(module: ModuleBuilder): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] })
  const [panel, weights, plane, dst, count] = f.params
  const zero = i64x2.const_splat(0n)
  const sums = [0, 1, 2].map(() => ({ lo: f.local('v128'), hi: f.local('v128') }))
  const vector = f.local('i32')
  const row = f.local('i32')
  const size = f.let(i32.mul(count, i32.const(ROW)))
  f.for(vector, i32.const(0), i32.const(ROW), 16, () => {
    for (const { lo, hi } of sums) {
      f.set(lo, zero)
      f.set(hi, zero)
    }
    const cells = f.let(i32.add(panel, vector))
    f.for(row, i32.const(0), size, ROW, () => {
      const x = f.let(v128.load(i32.add(cells, row)))
      const halves = f.let(i32x4.shuffle(x, x, [0, 2, 1, 3]))
      const weight = f.let(i32.add(weights, i32.shr_u(row, i32.const(3))))
      for (const [k, sum] of sums.entries()) {
        if (k > 0) f.set(weight, i32.add(weight, plane))
        const product = mulShuffled(f, halves, multiplier(f, v128.load64_splat(weight)))
        f.set(sum.lo, i64x2.add(sum.lo, product.lo))
        f.set(sum.hi, i64x2.add(sum.hi, product.hi))
      }
    })
    const at = f.let(i32.add(dst, vector))
    for (const [k, sum] of sums.entries()) {
      const total = addLazy(f, sum, split(f, v128.load(at, ROW * k)))
      f.emit(v128.store(at, canonical(f, packSigned(f, total)), ROW * k))
    }
  })
  emitChunked(module, 'evaluatePanel', f, { steps: [ROW, 8], chunk: CHUNK })
}

/** Emits the kernels of this file; see the interface `Kernels`. */
export function emitWeightedSums(module: ModuleBuilder, scratch: Expression): void {
  emitCombineColumns(module, scratch)
  emitEvaluatePanel(module)
}
