/**
 * Plans of fixed-column sequences: what `[0..255]...` or `[1, 0...]` stands for, without its values. A plan writes any
 * stretch of its values on demand.
 */

/** One piece of a sequence. Lengths count rows and are safe integers. */
export type SequencePlan =
  | { readonly kind: 'values'; readonly values: readonly bigint[]; readonly length: number }
  /** `first, first + step, ...`, each `times` times, reduced modulo the prime. */
  | {
      readonly kind: 'arithmetic'
      readonly first: bigint
      readonly step: bigint
      readonly times: number
      readonly length: number
    }
  /** `first, first * ratio, ...`, each `times` times. */
  | {
      readonly kind: 'geometric'
      readonly first: bigint
      readonly ratio: bigint
      readonly times: number
      readonly length: number
    }
  /** `inner` over and over; the last round may be cut. */
  | { readonly kind: 'cycle'; readonly inner: SequencePlan; readonly length: number }
  | { readonly kind: 'concat'; readonly parts: readonly SequencePlan[]; readonly length: number }

/** Writes all values of a plan into `out` from row `at` on, at most up to the end of `out`. Returns the next row. */
export function writeSequence(plan: SequencePlan, out: BigUint64Array, at: number, prime: bigint): number {
  const end = Math.min(out.length, at + plan.length)
  switch (plan.kind) {
    case 'values':
      for (let i = at; i < end; i++) out[i] = plan.values[i - at]!
      return end
    case 'arithmetic':
      return writeArithmetic(plan, out, at, end, prime)
    case 'geometric': {
      let value = plan.first
      for (let i = at; i < end; value = (value * plan.ratio) % prime)
        for (let k = 0; k < plan.times && i < end; k++) out[i++] = value
      return end
    }
    case 'concat': {
      let row = at
      for (const part of plan.parts) {
        if (row >= end) break
        row = writeSequence(part, out, row, prime)
      }
      return end
    }
    case 'cycle':
      return writeCycle(plan, out, at, end, prime)
  }
}

function writeArithmetic(
  plan: SequencePlan & { kind: 'arithmetic' },
  out: BigUint64Array,
  at: number,
  end: number,
  prime: bigint,
): number {
  const { first, step, times } = plan
  const last = first + step * BigInt(Math.ceil((end - at) / times))
  if (first >= 0n && last >= 0n && first < 0x1f_ffff_ffff_ffffn && last < 0x1f_ffff_ffff_ffffn) {
    // Whole range in safe integers: write 32-bit halves, which is several times faster than bigints.
    const halves = new Uint32Array(out.buffer, out.byteOffset, out.length * 2)
    let value = Number(first)
    const delta = Number(step)
    for (let i = at; i < end; value += delta) {
      const low = value >>> 0
      const high = (value / 4294967296) >>> 0
      for (let k = 0; k < times && i < end; k++, i++) {
        halves[2 * i] = low
        halves[2 * i + 1] = high
      }
    }
    return end
  }
  let value = ((first % prime) + prime) % prime
  const delta = ((step % prime) + prime) % prime
  for (let i = at; i < end; value = (value + delta) % prime) for (let k = 0; k < times && i < end; k++) out[i++] = value
  return end
}

function writeCycle(
  plan: SequencePlan & { kind: 'cycle' },
  out: BigUint64Array,
  at: number,
  end: number,
  prime: bigint,
): number {
  const round = Math.min(plan.inner.length, end - at)
  writeSequence(plan.inner, out.subarray(0, at + round), at, prime)
  // Double what is there until the stretch is full.
  let filled = round
  const total = end - at
  while (filled < total) {
    const count = Math.min(filled, total - filled)
    out.copyWithin(at + filled, at, at + count)
    filled += count
  }
  return end
}

/** Most entries that a pattern keeps inline; longer sequences stay plans. */
const MAX_PATTERN = 256

/**
 * The plan as head, cycle and tail of few values, when it is that simple; such a column exists at every height.
 */
export function sequenceToPattern(
  plan: SequencePlan,
  rows: number,
  prime: bigint,
): { head: bigint[]; cycle: bigint[]; tail: bigint[] } | undefined {
  if (plan.kind === 'cycle' && plan.length === rows && plan.inner.length <= MAX_PATTERN)
    return { head: [], cycle: expand(plan.inner, prime), tail: [] }
  if (plan.kind !== 'concat' || plan.length !== rows) return undefined
  const open = plan.parts.findIndex((part) => part.kind === 'cycle' && part.inner.length <= MAX_PATTERN)
  if (open < 0) return undefined
  const head = plan.parts.slice(0, open)
  const tail = plan.parts.slice(open + 1)
  if ([...head, ...tail].reduce((sum, part) => sum + part.length, 0) > MAX_PATTERN) return undefined
  const cycle = plan.parts[open] as SequencePlan & { kind: 'cycle' }
  // A cut last round does not survive a change of height unless the cycle is one value.
  if (tail.length > 0 && cycle.inner.length > 1) return undefined
  return {
    head: head.flatMap((part) => expand(part, prime)),
    cycle: expand(cycle.inner, prime),
    tail: tail.flatMap((part) => expand(part, prime)),
  }
}

function expand(plan: SequencePlan, prime: bigint): bigint[] {
  const out = new BigUint64Array(plan.length)
  writeSequence(plan, out, 0, prime)
  return [...out]
}
