/**
 * Transforms of panels (8 columns x N rows, row-major, 64-byte rows), in at most two sweeps over memory.
 *
 * `inverse` is decimation in frequency: values in natural order to coefficients in bit-reversed order. `forward` is
 * decimation in time: coefficients in bit-reversed order to values in natural order on a coset. So an extension is
 * inverse then forward, and no pass ever reorders. Up to 2^12 rows a panel is one contiguous block; from 2^13 on
 * N = 256 x N2: one sweep does the 256-point transforms over rows N2 apart, 8 adjacent rows at a time in a 128-KB buffer
 * that stays in cache, the other the N2-point transforms of contiguous blocks. Blocks recurse by 16 or 8, depth first.
 *
 * Twiddle tables are parallel to rows: row r of a block of n = 8 m rows is multiplied by T_n[r], where
 * T_n[p m + j] = (s w_n^j)^k, k the bit-reversal of the place p of a sub-block and s the shift of the n-point coset.
 * Table layout (`ntt-plan.ts` fills it): T_256 of the strided sweep at 8 n bytes, then at
 * {@link BLOCK_TABLES} + 8 n the tables of the blocks, then the table of the whole transform.
 */
import {
  call,
  type Expression,
  type FunctionBuilder,
  type FunctionRef,
  i32,
  type Local,
  type ModuleBuilder,
} from '../wasm/index.ts'
import { emitButterfly, type Radix } from './ntt-butterfly.ts'
import { SCRATCH } from './scratch.ts'

/** log2 of the largest transform done as one block. */
export const MAX_BLOCK_LOG = 12
/** log2 of the number of rows of a strided transform. */
export const STRIDED_LOG = 8
/** Offset of the tables of blocks. */
export const BLOCK_TABLES = 4096
/** Rows that the strided sweep takes at once. */
export const GROUP = 8

const ROW = 64
const WIDE_ROW = ROW * GROUP
const STRIDED = 1 << STRIDED_LOG
/** A strided transform has two stages of this radix. */
const STRIDED_RADIX = 16

/** log2 of the radices of butterflies, and of those that split a block into sub-blocks. */
const RADIX_LOGS = [1, 2, 3, 4]
const OUTER_LOGS = [3, 4]
/** log2 of the rows of a block of the largest transform. */
const LARGEST_BLOCK_LOG = 16

/** log2 of the radix with which a block of 2^log rows splits: as few stages as there can be, the larger ones outside. */
export function outerRadixLog(log: number): number {
  return Math.ceil(log / Math.ceil(log / 4))
}

/** Offset of the table of the whole transform: after tables of blocks of up to 2^blockLog rows. */
export function wholeTableOffset(blockLog: number): number {
  return BLOCK_TABLES + 16 * 2 ** blockLog
}

interface ButterflyCall {
  readonly src: Expression
  readonly srcStride: Expression
  readonly dst: Expression
  readonly dstStride: Expression
  readonly twiddle: Expression
  readonly twiddleStride: Expression
  readonly width: Expression
  readonly count?: Expression
  readonly step?: number
  readonly twiddleStep?: number
}

function run(f: FunctionBuilder, butterfly: FunctionRef, c: ButterflyCall): void {
  const { count = i32.const(1), step = ROW, twiddleStep = 8 } = c
  f.emit(
    call(
      butterfly,
      c.src,
      c.srcStride,
      c.dst,
      c.dstStride,
      c.twiddle,
      c.twiddleStride,
      count,
      i32.const(step),
      i32.const(twiddleStep),
      c.width,
    ),
  )
}

/** A butterfly of 2^log rows. */
interface SizedButterfly {
  readonly log: number
  readonly butterfly: FunctionRef
}

function butterfliesOf(logs: readonly number[], emit: (radix: Radix) => FunctionRef): readonly SizedButterfly[] {
  return logs.map((log) => ({ log, butterfly: emit((1 << log) as Radix) }))
}

/** The body for the butterfly of 2^log rows, if there is one. */
function switchRadix(
  f: FunctionBuilder,
  butterflies: readonly SizedButterfly[],
  log: Expression,
  body: (butterfly: FunctionRef, log: number) => void,
): void {
  for (const { log: own, butterfly } of butterflies) f.if(i32.eq(log, i32.const(own)), () => body(butterfly, own))
}

/** {@link outerRadixLog} of a block, and its sub-blocks: log2 of their rows, their rows, their bytes. */
function splitBlock(
  f: FunctionBuilder,
  log: Local,
): Readonly<Record<'radixLog' | 'subLog' | 'rows' | 'stride', Local>> {
  let smaller = 0
  for (let n = 5; n <= LARGEST_BLOCK_LOG; n++) smaller |= (4 - outerRadixLog(n)) << n
  const radixLog = f.let(i32.sub(i32.const(4), i32.and(i32.shr_u(i32.const(smaller), log), i32.const(1))))
  const subLog = f.let(i32.sub(log, radixLog))
  const rows = f.let(i32.shl(i32.const(1), subLog))
  return { radixLog, subLog, rows, stride: f.let(scaled(rows, ROW)) }
}

const plus = (a: Expression, bytes: number): Expression => (bytes === 0 ? a : i32.add(a, i32.const(bytes)))
const scaled = (a: Expression, factor: number): Expression => i32.mul(a, i32.const(factor))

/** Emits `nttInverse` and `nttForward` with their sweeps; see the interface `Kernels` for their contracts. */
export function emitTransforms(module: ModuleBuilder, scratch: Expression, canonicalise: FunctionRef): void {
  emitInverse(module, scratch)
  emitForward(module, scratch, canonicalise)
}

function emitInverse(module: ModuleBuilder, scratch: Expression): void {
  const common = { decimation: 'frequency', inverse: true, group: 1, twiddles: 'all' } as const
  const last = butterfliesOf(RADIX_LOGS, (radix) =>
    emitButterfly(module, scratch, { ...common, radix, canonical: true }),
  )
  const outer = butterfliesOf(OUTER_LOGS, (radix) =>
    emitButterfly(module, scratch, { ...common, radix, canonical: false }),
  )
  /** (src, dst, log, twiddles of the inputs, tables, width) */
  const block = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] })
  {
    const f = block
    const [src, dst, log, input, tables, width] = f.params
    f.block((done) => {
      switchRadix(f, last, log, (butterfly) => {
        const stride = { srcStride: i32.const(ROW), dstStride: i32.const(ROW), twiddleStride: i32.const(8) }
        run(f, butterfly, { src, dst, twiddle: input, width, ...stride })
        f.branch(done)
      })
      const { radixLog, subLog, rows, stride } = splitBlock(f, log)
      const twiddleStride = f.let(scaled(rows, 8))
      switchRadix(f, outer, radixLog, (butterfly) => {
        const strides = { srcStride: stride, dstStride: stride, twiddleStride }
        run(f, butterfly, { src, dst, twiddle: input, count: rows, width, ...strides })
      })
      const subBlocks = f.let(i32.shl(i32.const(1), radixLog))
      const inner = f.let(i32.add(tables, i32.shl(twiddleStride, radixLog)))
      switchRadix(f, last, subLog, (butterfly, small) => {
        run(f, butterfly, {
          src: dst,
          srcStride: i32.const(ROW),
          dst,
          dstStride: i32.const(ROW),
          twiddle: inner,
          twiddleStride: i32.const(8),
          width,
          count: subBlocks,
          step: ROW << small,
          twiddleStep: 8 << small,
        })
        f.branch(done)
      })
      const p = f.local('i32')
      f.for(p, i32.const(0), subBlocks, 1, () => {
        const sub = f.let(i32.add(dst, i32.mul(p, stride)))
        f.emit(call(block, sub, sub, subLog, i32.add(inner, i32.mul(p, twiddleStride)), tables, width))
      })
    })
  }
  const strided = { ...common, radix: STRIDED_RADIX, canonical: false, group: GROUP } as const
  const first = emitButterfly(module, scratch, { ...strided, twiddles: 'none' })
  const second = emitButterfly(module, scratch, strided)
  {
    const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const
    const f = module.function({ params }, 'nttInverseStrided')
    const [src, dst, logN, tables, begin, end, width] = f.params
    const rowStride = f.let(i32.shl(i32.const(ROW), i32.sub(logN, i32.const(STRIDED_LOG))))
    const buffer = f.let(plus(scratch, SCRATCH.wideRows))
    const column = f.local('i32')
    const j = f.local('i32')
    const zero = i32.const(0)
    f.for(column, begin, end, GROUP, () => {
      const offset = scaled(column, ROW)
      f.for(j, zero, i32.const(STRIDED_RADIX), 1, () => {
        run(f, first, {
          src: i32.add(i32.add(src, offset), i32.mul(j, rowStride)),
          srcStride: scaled(rowStride, STRIDED_RADIX),
          dst: i32.add(buffer, scaled(j, WIDE_ROW)),
          dstStride: i32.const(WIDE_ROW * STRIDED_RADIX),
          twiddle: zero,
          twiddleStride: zero,
          width,
        })
      })
      f.for(j, zero, i32.const(STRIDED_RADIX), 1, () => {
        run(f, second, {
          src: i32.add(buffer, scaled(j, STRIDED_RADIX * WIDE_ROW)),
          srcStride: i32.const(WIDE_ROW),
          dst: i32.add(i32.add(dst, offset), i32.mul(scaled(j, STRIDED_RADIX), rowStride)),
          dstStride: rowStride,
          twiddle: i32.add(plus(tables, 8 * STRIDED), scaled(j, 8 * STRIDED_RADIX)),
          twiddleStride: i32.const(8),
          width,
        })
      })
    })
  }
  {
    const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const
    const f = module.function({ params }, 'nttInverseBlocks')
    const [src, dst, logBlock, tables, begin, end, width] = f.params
    const blockTables = f.let(plus(tables, BLOCK_TABLES))
    const whole = f.let(i32.add(blockTables, i32.shl(i32.const(16), logBlock)))
    const q = f.local('i32')
    f.for(q, begin, end, 1, () => {
      const offset = f.let(i32.shl(q, i32.add(logBlock, i32.const(6))))
      const twiddle = i32.add(whole, i32.shl(q, i32.add(logBlock, i32.const(3))))
      f.emit(call(block, i32.add(src, offset), i32.add(dst, offset), logBlock, twiddle, blockTables, width))
    })
  }
}

function emitForward(module: ModuleBuilder, scratch: Expression, canonicalise: FunctionRef): void {
  const common = { decimation: 'time', inverse: false, canonical: false, group: 1, twiddles: 'all-but-first' } as const
  const butterflies = butterfliesOf(RADIX_LOGS, (radix) => emitButterfly(module, scratch, { ...common, radix }))
  const outer = butterflies.filter(({ log }) => OUTER_LOGS.includes(log))
  /** (src, dst, log, tables, width) */
  const block = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'] })
  {
    const f = block
    const [src, dst, log, tables, width] = f.params
    const innermost = (blockLog: Expression, count: Expression, then: () => void): void =>
      switchRadix(f, butterflies, blockLog, (butterfly, small) => {
        run(f, butterfly, {
          src,
          srcStride: i32.const(ROW),
          dst,
          dstStride: i32.const(ROW),
          twiddle: plus(tables, 8 << small),
          twiddleStride: i32.const(8),
          width,
          count,
          step: ROW << small,
          twiddleStep: 0,
        })
        then()
      })
    f.block((done) => {
      innermost(log, i32.const(1), () => f.branch(done))
      const { radixLog, subLog, rows, stride } = splitBlock(f, log)
      const subBlocks = f.let(i32.shl(i32.const(1), radixLog))
      f.block((transformed) => {
        innermost(subLog, subBlocks, () => f.branch(transformed))
        const p = f.local('i32')
        f.for(p, i32.const(0), subBlocks, 1, () => {
          const offset = f.let(i32.mul(p, stride))
          f.emit(call(block, i32.add(src, offset), i32.add(dst, offset), subLog, tables, width))
        })
      })
      const twiddleStride = f.let(scaled(rows, 8))
      switchRadix(f, outer, radixLog, (butterfly) => {
        run(f, butterfly, {
          src: dst,
          srcStride: stride,
          dst,
          dstStride: stride,
          twiddle: i32.add(tables, i32.shl(twiddleStride, radixLog)),
          twiddleStride,
          width,
          count: rows,
        })
        f.branch(done)
      })
    })
  }
  {
    const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const
    const f = module.function({ params }, 'nttForwardBlocks')
    const [src, dst, logBlock, tables, begin, end, final, width] = f.params
    const q = f.local('i32')
    f.for(q, begin, end, 1, () => {
      const offset = f.let(i32.shl(q, i32.add(logBlock, i32.const(6))))
      const to = f.let(i32.add(dst, offset))
      f.emit(call(block, i32.add(src, offset), to, logBlock, plus(tables, BLOCK_TABLES), width))
      f.if(final, () => f.emit(call(canonicalise, to, i32.shl(i32.const(8), logBlock))))
    })
  }
  const strided = { ...common, radix: STRIDED_RADIX } as const
  const gather = emitButterfly(module, scratch, { ...strided, twiddles: 'all' })
  const last = emitButterfly(module, scratch, { ...strided, group: GROUP, canonical: true })
  {
    const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] }, 'nttForwardStrided')
    const [panel, logN, tables, begin, end, width] = f.params
    const logBlock = f.let(i32.sub(logN, i32.const(STRIDED_LOG)))
    const rowStride = f.let(i32.shl(i32.const(ROW), logBlock))
    const whole = f.let(i32.add(plus(tables, BLOCK_TABLES), i32.shl(i32.const(16), logBlock)))
    const twiddleStride = f.let(i32.shl(i32.const(8), logBlock))
    const buffer = f.let(plus(scratch, SCRATCH.wideRows))
    const column = f.local('i32')
    const j = f.local('i32')
    const zero = i32.const(0)
    f.for(column, begin, end, GROUP, () => {
      const offset = scaled(column, ROW)
      f.for(j, zero, i32.const(STRIDED_RADIX), 1, () => {
        const place = f.let(scaled(j, STRIDED_RADIX))
        run(f, gather, {
          src: i32.add(i32.add(panel, offset), i32.mul(place, rowStride)),
          srcStride: rowStride,
          dst: i32.add(buffer, scaled(place, WIDE_ROW)),
          dstStride: i32.const(WIDE_ROW),
          twiddle: i32.add(i32.add(whole, scaled(column, 8)), i32.mul(place, twiddleStride)),
          twiddleStride,
          width,
          count: i32.const(GROUP),
        })
      })
      f.for(j, zero, i32.const(STRIDED_RADIX), 1, () => {
        run(f, last, {
          src: i32.add(buffer, scaled(j, WIDE_ROW)),
          srcStride: i32.const(WIDE_ROW * STRIDED_RADIX),
          dst: i32.add(i32.add(panel, offset), i32.mul(j, rowStride)),
          dstStride: scaled(rowStride, STRIDED_RADIX),
          twiddle: i32.add(plus(tables, 8 * STRIDED), scaled(j, 8)),
          twiddleStride: i32.const(8 * STRIDED_RADIX),
          width,
        })
      })
    })
  }
}
