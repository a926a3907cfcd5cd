import { outputWords } from '../case.ts'

const FNV_START = 0xcbf29ce484222325n

function fnv(hash: bigint, bytes: Uint8Array): bigint {
  return bytes.reduce((h, byte) => BigInt.asUintN(64, (h ^ BigInt(byte)) * 0x100000001b3n), hash)
}

/** Lengths of Collatz sequences, with a table of those already known, which the guest does without. */
export function collatzExpectation(n: number): { outputs: number[]; uart: string } {
  const lengths = new Map<number, number>([[1, 0]])
  const lengthOf = (start: number): number => {
    const path: number[] = []
    let x = start
    while (!lengths.has(x)) {
      path.push(x)
      x = x % 2 === 0 ? x / 2 : 3 * x + 1
    }
    let length = lengths.get(x)!
    for (const value of path.reverse()) lengths.set(value, ++length)
    return length
  }
  const byLength = new Map<number, number[]>()
  let steps = 0
  for (let start = 1; start <= n; start++) {
    const length = lengthOf(start)
    steps += length
    const known = byLength.get(length)
    if (known === undefined) byLength.set(length, [start])
    else known.push(start)
  }
  const ascending = [...byLength].sort(([a], [b]) => a - b)
  const longest = ascending.slice(-10).reverse()
  const lines = longest.map(
    ([length, starts]) => `${String(length).padStart(4)}: ${starts.length} starts, first 0x${starts[0]!.toString(16)}`,
  )
  const checksum = ascending.reduce((sum, [length, starts]) => {
    const total = starts.reduce((all, start) => all + BigInt(start), 0n)
    return (sum * 1_000_003n + total * BigInt(length)) % ((1n << 89n) - 1n)
  }, 1n)
  const uart = `${[...lines, `mean ${(steps / n).toFixed(4)}`, `checksum ${checksum}`].join('\n')}\n`
  const [length, starts] = longest[0]!
  const values = [fnv(FNV_START, Buffer.from(uart)), BigInt(length), BigInt(starts[0]!), BigInt(steps)]
  return { outputs: outputWords(...values), uart }
}

/** Word counts by a regular expression. */
export function wordCountExpectation(text: string, repetitions: number): { outputs: number[]; uart: string } {
  const words = (text.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.toLowerCase())
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const lines = sorted.slice(0, 8).map(([word, count]) => `${String(count).padStart(4)} ${JSON.stringify(word)}\n`)
  const hash = sorted.reduce((h, [word, count]) => fnv(h ^ BigInt(count), Buffer.from(word)), FNV_START)
  return { outputs: outputWords(BigInt(words.length * repetitions), BigInt(sorted.length), hash), uart: lines.join('') }
}
