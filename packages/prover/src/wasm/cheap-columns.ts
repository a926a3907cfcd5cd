/**
 * Fixed columns that are not committed, on a coset of the trace domain: a periodic column stays periodic there, and each
 * row that differs from the period adds a Lagrange polynomial. The counterpart of `evaluateCheapFixed` of the verifier.
 */
import type { FixedContent } from '@zisk/air'
import { type Felt, inv, mul, pow, rootOfUnity, sub } from '@zisk/field'
import { interpolate, transform } from '../reference/transform.ts'
import { type Address, MEMORY_SPAN } from './arena.ts'
import type { JobContext } from './job-context.ts'

/** More rows than this off the period are interpolated with the whole column instead. */
const MOST_EXCEPTIONS = 8
/** Rows at a time: the columns of a block stay in cache. */
const BLOCK_ROWS = 1024
const BLOCK_BYTES = 8 * BLOCK_ROWS

type Pattern = Extract<FixedContent, { kind: 'pattern' }>

/** A column on the coset x = shift root^row: `cycle` over and over plus the sum of weight / (x - point). */
export interface CheapValues {
  readonly cycle: readonly Felt[]
  readonly terms: readonly { readonly point: Felt; readonly weight: Felt }[]
}

/** Rows begin..end of such a column. */
export interface CheapJob extends CheapValues {
  readonly kind: 'cheap'
  readonly shift: Felt
  readonly root: Felt
  readonly dst: Address
  /** {@link CHEAP_WORK_BYTES} bytes in the same memory. */
  readonly work: Address
  /** A multiple of the period. */
  readonly begin: number
  readonly end: number
}

/** Size of a job's work space. */
export const CHEAP_WORK_BYTES: number = 2 * BLOCK_BYTES

/** Whether a column that is not committed is computed in this way: it depends on the contents alone. */
export function hasCheapValues(content: FixedContent): content is Pattern {
  return content.kind === 'pattern' && content.head.length + content.tail.length <= MOST_EXCEPTIONS
}

/** The column on the coset `shift` times the subgroup of order 2^logRows. */
export function cheapValues({ head, cycle, tail }: Pattern, logRows: number, shift: Felt): CheapValues {
  const rows = 2 ** logRows
  const period = cycle.length
  const onCycle = (row: number): Felt => cycle[(((row - head.length) % period) + period) % period]! as Felt
  const exceptions = [
    ...head.map((felt, row) => ({ row, felt })),
    ...tail.map((felt, i) => ({ row: rows - tail.length + i, felt })),
  ].filter(({ row, felt }) => felt !== onCycle(row))
  const vanishing = mul(sub(pow(shift, BigInt(rows)), 1n), inv(BigInt(rows)))
  const root = rootOfUnity(logRows)
  return {
    cycle: periodOnCoset(
      Array.from({ length: period }, (_, row) => onCycle(row)),
      pow(shift, BigInt(rows / period)),
    ),
    terms: exceptions.map(({ row, felt }) => {
      const point = pow(root, BigInt(row))
      return { point, weight: mul(mul(point, vanishing), sub(felt as Felt, onCycle(row))) }
    }),
  }
}

/** The polynomial in x^(rows/period) through one period, on the coset, where that power is `shift` times a root. */
function periodOnCoset(values: readonly Felt[], shift: Felt): Felt[] {
  if (values.length === 1) return [...values]
  let power: Felt = 1n
  const coefficients = interpolate(values).map((coefficient) => {
    const scaled = mul(coefficient, power)
    power = mul(power, shift)
    return scaled
  })
  return transform(coefficients, rootOfUnity(Math.log2(values.length)))
}

/** Runs the job. */
export function runCheap({ kernels, memory }: JobContext, job: CheapJob): void {
  const { cycle, terms, shift, root, dst, work, begin, end } = job
  const [points, constants] = [work, work + BLOCK_BYTES]
  for (let row = begin; row < end; row += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, end - row)
    const at = dst + 8 * row
    if (cycle.length === 1) kernels.fillPowers(at, count, cycle[0]!, 1n)
    else fillCycle(new BigUint64Array(memory.buffer, at % MEMORY_SPAN, count), cycle)
    for (const { point, weight } of terms) {
      kernels.fillPowers(points, count, mul(shift, pow(root, BigInt(row))), root)
      kernels.fillPowers(constants, count, point, 1n)
      kernels.subColumns(points, constants, points, count)
      // The coset is off the subgroup: no difference is zero.
      kernels.inverseColumn(points, points, count)
      kernels.scaleColumn(points, points, weight, count)
      kernels.addColumns(at, points, at, count)
    }
  }
}

function fillCycle(words: BigUint64Array, cycle: readonly Felt[]): void {
  const first = Math.min(cycle.length, words.length)
  for (let i = 0; i < first; i++) words[i] = cycle[i]!
  for (let size = first; size < words.length; size *= 2) words.copyWithin(size, 0, size)
}
