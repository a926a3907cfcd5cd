/**
 * Poseidon2 permutations, two at a time: lane r of every vector belongs to state r.
 *
 * The state lies in scratch memory as lazy pairs, cell i at 32 i. The external matrix is linear, so it runs on the lo
 * and the hi halves alone, and leaves the four sums over blocks beside the state: whoever reads a cell next adds its
 * sum. Partial rounds keep cell 0 and the sum of the other cells in locals. Constants are in tables that
 * {@link poseidon2Tables} makes: round constants with the bias added in, the diagonal as multipliers.
 */
import type { Felt } from '../goldilocks.ts'
import {
  POSEIDON2_HALF_FULL_ROUNDS,
  POSEIDON2_PARTIAL_ROUNDS,
  POSEIDON2_WIDTHS,
  type Poseidon2Width,
  poseidon2Parameters,
} from '../poseidon2-parameters.ts'
import {
  type Expression,
  type FunctionBuilder,
  type FunctionRef,
  i32,
  i32x4,
  i64x2,
  type Local,
  type ModuleBuilder,
  v128,
} from '../wasm/index.ts'
import {
  addBias,
  addLazy,
  BIAS,
  canonical,
  highHalf,
  type Lazy,
  lowHalf,
  mulShuffled,
  multiplier,
  pack,
  packProduct,
  packSigned,
  shiftLeft,
  split,
  squareLazy,
} from './lazy.ts'
import { SCRATCH } from './scratch.ts'

const CELL = 32
const STATE = SCRATCH.state
const SUMS = STATE + 16 * CELL
const BLOCK = 4

/** Offsets of the constants of one width, relative to the scratch region. */
interface Tables {
  /** Lazy constants of the full rounds, 16 bytes each. */
  readonly full: number
  /** Lazy constants of the partial rounds, 16 bytes each. */
  readonly partial: number
  /** Multipliers of the diagonal, 32 bytes each. */
  readonly diagonal: number
  readonly end: number
}

function tablesOf(width: Poseidon2Width): Tables {
  const index = POSEIDON2_WIDTHS.indexOf(width)
  const full = index === 0 ? SCRATCH.poseidon2 : tablesOf(POSEIDON2_WIDTHS[index - 1]!).end
  const partial = full + 16 * 2 * POSEIDON2_HALF_FULL_ROUNDS * width
  const diagonal = partial + 16 * POSEIDON2_PARTIAL_ROUNDS
  return { full, partial, diagonal, end: diagonal + 32 * width }
}

/** Words of the tables of all widths, to be stored at offset `SCRATCH.poseidon2`. */
export function poseidon2Tables(): BigUint64Array {
  const low = (c: Felt): bigint => c & 0xffff_ffffn
  const lazy = (c: Felt): bigint[] => [low(c) + BIAS.lo, (c >> 32n) + BIAS.hi]
  const twice = (half: bigint): bigint => half | (half << 32n)
  return BigUint64Array.from(
    POSEIDON2_WIDTHS.flatMap((width) => {
      const { full, partial, diagonal } = poseidon2Parameters(width)
      const multipliers = diagonal.flatMap((d) => [low(d), d >> 32n, d >> 32n, low(d)].map(twice))
      return [...full.flat().flatMap(lazy), ...partial.flatMap(lazy), ...multipliers]
    }),
  )
}

function loadCell(f: FunctionBuilder, at: Expression, offset: number): Lazy {
  return { lo: f.let(v128.load(at, offset)), hi: f.let(v128.load(at, offset + 16)) }
}

function storeCell(f: FunctionBuilder, at: Expression, offset: number, { lo, hi }: Lazy): void {
  f.emit(v128.store(at, lo, offset))
  f.emit(v128.store(at, hi, offset + 16))
}

function loadConstant(at: Expression, offset: number): Lazy {
  return { lo: v128.load64_splat(at, offset), hi: v128.load64_splat(at, offset + 8) }
}

/** Puts a packed vector into cell i. */
export function setCell(f: FunctionBuilder, at: Expression, i: number, packed: Expression): void {
  storeCell(f, at, STATE + CELL * i, split(f, packed))
}

/** The canonical words of cell i after a permutation. */
export function getCell(f: FunctionBuilder, base: Expression, i: number): Local {
  const sum = loadCell(f, base, SUMS + CELL * (i % BLOCK))
  return canonical(f, packSigned(f, addLazy(f, loadCell(f, base, STATE + CELL * i), sum)))
}

/** x^7 of a packed vector. */
function seventhPower(f: FunctionBuilder, x: Expression): Lazy {
  const w = multiplier(f, x)
  const w2 = multiplier(f, packProduct(f, squareLazy(f, w)))
  const x3 = packProduct(f, mulShuffled(f, w.straight, w2))
  const w4 = multiplier(f, packProduct(f, squareLazy(f, w2)))
  return mulShuffled(f, f.let(i32x4.shuffle(x3, x3, [0, 2, 1, 3])), w4)
}

/** M4 on every block of four, in place; the sums over blocks go beside the state. Works on one half of all cells. */
function emitExternal(f: FunctionBuilder, base: Local, width: Poseidon2Width): void {
  const add = (a: Expression, b: Expression): Local => f.let(i64x2.add(a, b))
  for (const half of [0, 16]) {
    const sums: Expression[] = []
    for (let block = 0; block < width; block += BLOCK) {
      const place = (k: number): number => STATE + CELL * (block + k) + half
      const [a, b, c, d] = [0, 1, 2, 3].map((k) => f.let(v128.load(base, place(k)))) as [Local, Local, Local, Local]
      const t0 = add(a, b)
      const t1 = add(c, d)
      const t2 = add(shiftLeft(b, 1), t1)
      const t3 = add(shiftLeft(d, 1), t0)
      const t4 = add(shiftLeft(t1, 2), t3)
      const t5 = add(shiftLeft(t0, 2), t2)
      for (const [k, value] of [add(t3, t5), t5, add(t2, t4), t4].entries()) {
        f.emit(v128.store(base, value, place(k)))
        sums[k] = block === 0 ? value : add(sums[k]!, value)
      }
    }
    for (const [k, sum] of sums.entries()) f.emit(v128.store(base, sum, SUMS + CELL * k + half))
  }
}

/** Adds round constants and takes seventh powers of all cells; moves `constants` on to the next round. */
function emitPowers(f: FunctionBuilder, base: Local, constants: Local, width: Poseidon2Width): void {
  const cell = f.local('i32')
  f.for(cell, base, i32.add(base, i32.const(CELL * width)), CELL * BLOCK, () => {
    for (let k = 0; k < BLOCK; k++) {
      const sum = addLazy(f, loadCell(f, cell, STATE + CELL * k), loadCell(f, base, SUMS + CELL * k))
      const x = pack(f, addLazy(f, sum, loadConstant(constants, 16 * k)))
      storeCell(f, cell, STATE + CELL * k, seventhPower(f, x))
    }
    f.set(constants, i32.add(constants, i32.const(16 * BLOCK)))
  })
}

/** p as a lazy pair whose lo part is large enough to keep a product plus a reduced sum non-negative. */
const SMALL_BIAS = { lo: 1n + (1n << 34n), hi: (1n << 32n) - 5n }

/** A lazy sum brought back to 35 bits, with lo > 2^33. */
function reduceSum(f: FunctionBuilder, sum: Lazy): Lazy {
  const { lo, hi } = addBias(f, sum)
  const m = f.let(i64x2.add(highHalf(lo), hi))
  const m1 = f.let(highHalf(m))
  return {
    lo: f.let(i64x2.add(i64x2.sub(lowHalf(lo), m1), i64x2.const_splat(SMALL_BIAS.lo))),
    hi: f.let(i64x2.add(i64x2.add(lowHalf(m), m1), i64x2.const_splat(SMALL_BIAS.hi))),
  }
}

function emitPartialRounds(f: FunctionBuilder, base: Local, width: Poseidon2Width): void {
  const { partial, diagonal } = tablesOf(width)
  const zero = i64x2.const_splat(0n)
  const rest = { lo: f.let(zero), hi: f.let(zero) }
  const accumulate = (x: Lazy): void => {
    f.set(rest.lo, i64x2.add(rest.lo, x.lo))
    f.set(rest.hi, i64x2.add(rest.hi, x.hi))
  }
  const first = addLazy(f, loadCell(f, base, STATE), loadCell(f, base, SUMS)) as { lo: Local; hi: Local }
  for (let i = 1; i < width; i++) {
    const sum = addLazy(f, loadCell(f, base, STATE + CELL * i), loadCell(f, base, SUMS + CELL * (i % BLOCK)))
    accumulate(sum)
    storeCell(f, base, STATE + CELL * i, addBias(f, sum))
  }
  for (let k = 0; k < BLOCK; k++) storeCell(f, base, SUMS + CELL * k, { lo: zero, hi: zero })
  const constants = f.let(i32.add(base, i32.const(partial)))
  const cell = f.local('i32')
  const times = (x: Expression, at: Expression): Lazy =>
    mulShuffled(f, f.let(i32x4.shuffle(x, x, [0, 2, 1, 3])), {
      straight: v128.load(at, diagonal),
      crossed: v128.load(at, diagonal + 16),
    })
  f.loop((again) => {
    const power = seventhPower(f, pack(f, addLazy(f, first, loadConstant(constants, 0))))
    const sum = reduceSum(f, addLazy(f, rest, power))
    const next = addLazy(f, times(packProduct(f, power), base), sum)
    f.set(first.lo, next.lo)
    f.set(first.hi, next.hi)
    f.set(rest.lo, zero)
    f.set(rest.hi, zero)
    f.for(cell, i32.add(base, i32.const(CELL)), i32.add(base, i32.const(CELL * width)), CELL, () => {
      const value = addLazy(f, times(pack(f, loadCell(f, cell, STATE)), cell), sum)
      storeCell(f, cell, STATE, value)
      accumulate(value)
    })
    f.set(constants, i32.add(constants, i32.const(16)))
    f.branchIf(again, i32.lt_u(constants, i32.add(base, i32.const(partial + 16 * POSEIDON2_PARTIAL_ROUNDS))))
  })
  storeCell(f, base, STATE, first)
}

/** Emits `(base)`: permutes the two states in scratch memory at `base`. */
export function emitPermutation(module: ModuleBuilder, width: Poseidon2Width): FunctionRef {
  const f = module.function({ params: ['i32'] })
  const [base] = f.params
  const constants = f.let(i32.add(base, i32.const(tablesOf(width).full)))
  const half = f.local('i32')
  const round = f.local('i32')
  emitExternal(f, base, width)
  f.for(half, i32.const(0), i32.const(2), 1, () => {
    f.for(round, i32.const(0), i32.const(POSEIDON2_HALF_FULL_ROUNDS), 1, () => {
      emitPowers(f, base, constants, width)
      emitExternal(f, base, width)
    })
    f.if(i32.eqz(half), () => emitPartialRounds(f, base, width))
  })
  return f
}
