/**
 * Plans of transforms: twiddle tables, and the sweeps in order. A plan belongs to one memory, one size, one direction
 * and one coset; all panels of a commitment share it. Filling a table costs about 3 ns per row.
 */
import { rootOfUnity } from '../goldilocks.ts'
import { inv, mul, pow } from '../scalar.ts'
import type { Kernels, Offset } from './kernels.ts'
import { BLOCK_TABLES, GROUP, MAX_BLOCK_LOG, outerRadixLog, STRIDED_LOG, wholeTableOffset } from './ntt.ts'
import { reverseBits } from './ntt-butterfly.ts'

/** log2 of the largest transform. */
export const MAX_NTT_LOG = 24

export interface NttPlan {
  readonly direction: 'inverse' | 'forward'
  /** log2 of the number of rows, 1..{@link MAX_NTT_LOG}. */
  readonly logN: number
  /** Where the tables lie: {@link nttTableBytes} bytes at a multiple of 64. */
  readonly tables: Offset
}

/** Rows of blocks that one sweep transforms at a time, and how many blocks there are. */
function blocksOf(logN: number): { readonly log: number; readonly count: number } {
  return logN <= MAX_BLOCK_LOG ? { log: logN, count: 1 } : { log: logN - STRIDED_LOG, count: 1 << STRIDED_LOG }
}

/** Size of the tables of one plan: about 8 bytes per row. */
export function nttTableBytes(logN: number): number {
  return wholeTableOffset(blocksOf(logN).log) + 8 * 2 ** logN
}

/**
 * Fills the tables of a plan. The shift is that of the coset on which a forward transform evaluates; an inverse
 * transform always takes values on the subgroup (scale its coefficients by powers of 1/shift for a coset).
 * @throws {RangeError} when logN is out of range.
 */
export function createNttPlan(kernels: Kernels, options: NttPlan & { readonly shift?: bigint }): NttPlan {
  const { direction, logN, tables, shift = 1n } = options
  if (!Number.isInteger(logN) || logN < 1 || logN > MAX_NTT_LOG) {
    throw new RangeError(`expected log2 of a transform in 1..${MAX_NTT_LOG}, got ${logN}`)
  }
  if (direction === 'inverse' && shift !== 1n) throw new RangeError('expected no shift for an inverse transform')
  const root = (log: number) => (direction === 'inverse' ? inv(rootOfUnity(log)) : rootOfUnity(log))
  const block = blocksOf(logN)
  const whole = tables + wholeTableOffset(block.log)
  const scale = direction === 'inverse' ? inv(1n << BigInt(logN)) : 1n
  if (block.count > 1) {
    const layout = { logRadix: STRIDED_LOG, logN, dst: whole, root: root(logN), shift, scale }
    fillTable(kernels, layout)
    const dst = tables + 8 * 2 ** STRIDED_LOG
    fillTable(kernels, { logRadix: 4, logN: STRIDED_LOG, dst, root: root(STRIDED_LOG), shift: 1n, scale: 1n })
  } else if (direction === 'inverse') {
    kernels.fillPowers(whole, 2 ** logN, scale, 1n)
  }
  for (let log = block.log; log > 0; log -= outerRadixLog(log)) {
    fillTable(kernels, {
      logRadix: outerRadixLog(log),
      logN: log,
      dst: tables + BLOCK_TABLES + 8 * 2 ** log,
      root: root(log),
      shift: pow(shift, 1n << BigInt(logN - log)),
      scale: 1n,
    })
  }
  return { direction, logN, tables }
}

/** dst[p m + j] = scale (shift root^j)^k with k the bit-reversal of p, for p < 2^logRadix and m = 2^(logN - logRadix). */
function fillTable(
  kernels: Kernels,
  table: {
    readonly logRadix: number
    readonly logN: number
    readonly dst: Offset
    readonly root: bigint
    readonly shift: bigint
    readonly scale: bigint
  },
): void {
  const m = 2 ** (table.logN - table.logRadix)
  let base = table.scale
  let ratio = 1n
  for (let k = 0; k < 1 << table.logRadix; k++) {
    kernels.fillPowers(table.dst + 8 * m * reverseBits(k, table.logRadix), m, base, ratio)
    base = mul(base, table.shift)
    ratio = mul(ratio, table.root)
  }
}

/** One pass over a panel: a range of its units may run beside another, all of them before the next sweep begins. */
export interface NttSweep {
  readonly units: number
  /** Ranges begin and end at multiples of this. */
  readonly step: number
  readonly run: (kernels: Kernels, src: Offset, dst: Offset, begin: number, end: number) => void
}

/** Columns of a panel. */
const COLUMNS = 8
/** Columns that a vector holds, and its bytes. */
const VECTOR = { columns: 2, bytes: 16 }

/** Bytes of a row that the first columns are in: a transform treats them two by two. */
export function transformedBytes(columns: number): number {
  return VECTOR.bytes * Math.ceil(columns / VECTOR.columns)
}

/**
 * The one or two sweeps of a plan over the first columns of a panel. Only the first reads src; the second works in place,
 * on dst.
 */
export function nttSweeps({ direction, logN, tables }: NttPlan, columns: number = COLUMNS): readonly NttSweep[] {
  const width = transformedBytes(columns)
  const { log, count } = blocksOf(logN)
  const isFinal = count > 1 ? 0 : 1
  const inverse = direction === 'inverse'
  const blocks: NttSweep = {
    units: count,
    step: 1,
    run: inverse
      ? (kernels, src, dst, begin, end) => kernels.nttInverseBlocks(src, dst, log, tables, begin, end, width)
      : (kernels, src, dst, begin, end) => kernels.nttForwardBlocks(src, dst, log, tables, begin, end, isFinal, width),
  }
  if (count === 1) return [blocks]
  const strided: NttSweep = {
    units: 2 ** log,
    step: GROUP,
    run: inverse
      ? (kernels, src, dst, begin, end) => kernels.nttInverseStrided(src, dst, logN, tables, begin, end, width)
      : (kernels, _, dst, begin, end) => kernels.nttForwardStrided(dst, logN, tables, begin, end, width),
  }
  return inverse ? [strided, blocks] : [blocks, strided]
}

/**
 * Runs a plan on the first columns of one panel of 8, from src to dst (equal, or disjoint): `inverse` takes values in
 * natural order to coefficients in bit-reversed order, `forward` takes those to values in natural order on the coset. src
 * is read only when it is not dst. Of an odd number of columns, the one behind them is transformed too; the others of dst
 * are left alone.
 */
export function runNtt(kernels: Kernels, plan: NttPlan, src: Offset, dst: Offset, columns: number = COLUMNS): void {
  for (const [i, { run, units }] of nttSweeps(plan, columns).entries()) run(kernels, i === 0 ? src : dst, dst, 0, units)
}
