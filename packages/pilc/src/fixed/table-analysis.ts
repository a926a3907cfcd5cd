/** Patterns and fingerprints of stretches of fixed columns, for programs that compress their tables. */

/** A stretch of a column. */
interface Window {
  readonly values: BigUint64Array
  readonly offset: number
}

/** What one pass over a stretch finds. */
export interface TableAnalysis {
  /** 0 nothing, 1 constant, 2 sequence, 3 constant in every 2^16 rows, 4 an arithmetic ramp repeated. */
  readonly type: 0 | 1 | 2 | 3 | 4
  readonly offset: number
  readonly count: number
  readonly min: bigint
  readonly max: bigint
  readonly bits: number
  readonly signature: bigint
  readonly comparative: bigint
  /** constant: [value]; sequence: [first, delta]; cycle: [first]. */
  readonly params: readonly bigint[] | undefined
  /** [length, repetitions, delta]. */
  readonly cycle: readonly bigint[] | undefined
  readonly partitions: readonly bigint[] | undefined
}

const MASK = (1n << 64n) - 1n
const PARTITION = 1 << 16

/** True when the values form an arithmetic progression; any step when `delta` is left out. */
export function isSequence({ values }: Window, delta?: bigint): boolean {
  const step = delta ?? (values.length > 1 ? values[1]! - values[0]! : 0n)
  for (let i = 1; i < values.length; i++) if (values[i]! - values[i - 1]! !== step) return false
  return true
}

/** Hash of the values in their order. */
export function signature({ values }: Window): bigint {
  let hash = mix(BigInt(values.length))
  for (let i = 0; i < values.length; i++) hash = mix(hash ^ values[i]!)
  return hash
}

/** Hash that neither adding a constant nor rotating the rows changes. */
export function comparativeSignature({ values }: Window): bigint {
  const min = minimum(values)
  let sum = 0n
  let squares = 0n
  let hashes = 0n
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! - min
    sum = (sum + value) & MASK
    squares = (squares + value * value) & MASK
    hashes = (hashes + mix(value)) & MASK
  }
  return mix(mix(mix(sum) ^ squares) ^ hashes ^ BigInt(values.length))
}

/** The rotation r with `b[i] = a[(i + r) mod n] + delta` for all i, or -1. */
export function compatibleOffset(a: BigUint64Array, b: BigUint64Array): number {
  const n = a.length
  if (n === 0) return 0
  const minA = minimum(a)
  const minB = minimum(b)
  // Knuth-Morris-Pratt: search b (normalised) in a followed by itself.
  const fail = new Int32Array(n)
  for (let i = 1, k = 0; i < n; i++) {
    while (k > 0 && b[i] !== b[k]) k = fail[k - 1]!
    if (b[i] === b[k]) k++
    fail[i] = k
  }
  for (let i = 0, k = 0; i < 2 * n - 1; i++) {
    const value = a[i % n]! - minA
    while (k > 0 && value !== b[k]! - minB) k = fail[k - 1]!
    if (value === b[k]! - minB) k++
    if (k === n) return i - n + 1
  }
  return -1
}

/** One pass over a stretch. */
export function analyzeTable(window: Window): TableAnalysis {
  const { values, offset } = window
  const min = minimum(values)
  let max = 0n
  for (let i = 0; i < values.length; i++) if (values[i]! > max) max = values[i]!
  const first = values[0] ?? 0n
  const delta = values.length > 1 ? values[1]! - first : 0n
  const cycle = findCycle(values, delta)
  const partitions = findPartitions(values)
  const type = isSequence(window, 0n) ? 1 : isSequence(window) ? 2 : partitions !== undefined ? 3 : cycle > 0 ? 4 : 0
  return {
    type,
    offset,
    count: values.length,
    min,
    max,
    bits: max.toString(2).length,
    signature: signature(window),
    comparative: comparativeSignature(window),
    params: type === 1 || type === 4 ? [first] : type === 2 ? [first, delta] : undefined,
    cycle: type === 4 ? [BigInt(cycle), BigInt(Math.floor(values.length / cycle)), delta] : undefined,
    partitions: type === 3 ? partitions : undefined,
  }
}

/** Length of the ramp that the values repeat, or 0. */
function findCycle(values: BigUint64Array, delta: bigint): number {
  let length = 1
  while (length < values.length && values[length]! - values[length - 1]! === delta) length++
  if (length === values.length || values.length % length !== 0) return 0
  for (let i = length; i < values.length; i++) if (values[i] !== values[i - length]) return 0
  return length
}

function findPartitions(values: BigUint64Array): bigint[] | undefined {
  if (values.length === 0 || values.length % PARTITION !== 0) return undefined
  let parts: bigint[] = []
  for (let start = 0; start < values.length; start += PARTITION) {
    for (let i = start + 1; i < start + PARTITION; i++) if (values[i] !== values[start]) return undefined
    parts.push(values[start]!)
  }
  while (parts.length > 1 && parts.length % 2 === 0 && parts.every((part, i) => part === parts[i ^ 1]))
    parts = parts.filter((_, i) => i % 2 === 0)
  return parts
}

function minimum(values: BigUint64Array): bigint {
  let min = values[0] ?? 0n
  for (let i = 1; i < values.length; i++) if (values[i]! < min) min = values[i]!
  return min
}

/** A 64-bit finaliser: multiply and fold. */
function mix(value: bigint): bigint {
  let x = (value ^ (value >> 33n)) & MASK
  x = (x * 0xff51_afd7_ed55_8ccdn) & MASK
  x ^= x >> 33n
  x = (x * 0xc4ce_b9fe_1a85_ec53n) & MASK
  return x ^ (x >> 33n)
}
