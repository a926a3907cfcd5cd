import { outputWords } from '../case.ts'

/** A document with every kind of value, escapes, blanks and nesting. */
export function jsonDocument(entries: number): string {
  const items = Array.from({ length: entries }, (_, i) => ({
    id: i,
    name: `item "${i}"\tof\\${entries}`,
    price: (i * 7919 - 40_000) * 1_000_003,
    tags: ['new', '', 'a\nb'].slice(0, i % 4),
    parent: i % 3 === 0 ? null : { id: i - 1, direct: i % 2 === 0, path: [[i, [i + 1, []]], {}] },
  }))
  return JSON.stringify({ items, total: entries, done: true }, null, 1)
}

/** What the guest prints and publishes, from the parser of the host. */
export function jsonExpectation(text: string, repetitions: number): { outputs: number[]; uart: string } {
  const kinds = [0, 0, 0, 0, 0, 0]
  let depth = 0
  let sum = 0n
  let bytes = 0
  function visit(value: unknown, level: number): void {
    depth = Math.max(depth, level)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    const kind =
      value === null ? 0 : { boolean: 1, number: 2, string: 3, object: isObject ? 5 : 4 }[typeof value as 'boolean']
    kinds[kind] = kinds[kind]! + 1
    if (typeof value === 'number') sum += BigInt(value)
    if (typeof value === 'string') bytes += Buffer.byteLength(value)
    if (typeof value !== 'object' || value === null) return
    for (const [key, child] of Object.entries(value)) {
      if (isObject) bytes += Buffer.byteLength(key)
      visit(child, level + 1)
    }
  }
  const value: unknown = JSON.parse(text)
  visit(value, 1)
  const scaled = kinds.map((count) => count * repetitions)
  const [nulls, booleans, numbers, strings, arrays, objects] = scaled
  const total = sum * BigInt(repetitions)
  const counts = [`${nulls} null`, `${booleans} boolean`, numberFormats(numbers!, strings!, arrays!, objects!)].join(
    ', ',
  )
  const uart = `${JSON.stringify(value)}\nnodes: ${counts}, depth ${depth}, sum ${total < 0n ? '' : '+'}${total}\n`
  const words = outputWords(BigInt(depth), BigInt.asUintN(64, total), BigInt(bytes * repetitions))
  return { outputs: [...scaled, ...words], uart }
}

/** The C formats %5llu, %-5llu, %05llu and %llx. */
function numberFormats(numbers: number, strings: number, arrays: number, objects: number): string {
  const texts = [
    String(numbers).padStart(5),
    String(strings).padEnd(5),
    String(arrays).padStart(5, '0'),
    objects.toString(16),
  ]
  return texts.join('|')
}
