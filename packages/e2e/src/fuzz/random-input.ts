/** Random and damaged inputs from a seed, and the property that all of them must have. */

import type { MemoryMap } from '@zisk/core'
import { InputError } from '@zisk/emulator'
import { createInput, type InputSource, JsonInputError } from '@zisk/sdk'
import type { Random } from '../differential/random.ts'

const LENGTHS = [0n, 1n, 7n, 8n, 9n, 0xffff_ffffn, 1n << 32n, (1n << 53n) + 1n, (1n << 63n) - 1n, (1n << 64n) - 8n, -1n]
const JSON_PIECES = [
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '"u8"',
  '"u32"',
  '"u64"',
  '"hex"',
  '"utf8"',
  '"file"',
  '"__proto__"',
  '"00ff"',
  '"0xffffffffffffffff"',
  '"18446744073709551616"',
  '0',
  '255',
  '256',
  '-1',
  '1.5',
  '1e400',
  'null',
  'true',
  '"\\ud800"',
  '"x"',
]

/** An input of any kind, good or damaged. */
export function randomInput(random: Random): InputSource {
  switch (random.below(4)) {
    case 0:
      return { kind: 'framed', bytes: damage(randomRecords(random), random) }
    case 1:
      return { kind: 'raw', bytes: randomBytes(random.below(70), random) }
    case 2:
      return {
        kind: 'records',
        records: Array.from({ length: random.below(5) }, () => randomBytes(random.below(40), random)),
      }
    default:
      return { kind: 'json', text: randomJson(random), readFile: (path) => new TextEncoder().encode(path) }
  }
}

/**
 * What becomes of an input: the code of its typed error, or `accepted`. An accepted input must be records that a guest
 * can walk, and the data of a raw input must be in its one record.
 *
 * @throws {Error} when the property does not hold
 */
export function tryInput(source: InputSource, map: MemoryMap): string {
  let input: Uint8Array
  try {
    input = createInput(source, map)
  } catch (error) {
    if (error instanceof InputError || error instanceof JsonInputError) return error.code
    throw error
  }
  const records = walk(input)
  if (source.kind === 'raw') assertSame([source.bytes], records)
  if (source.kind === 'records') assertSame(source.records, records)
  return 'accepted'
}

/** The data of the records, read as a guest does: word by word, up to the end. */
function walk(input: Uint8Array): Uint8Array[] {
  const words = new BigUint64Array(input.slice().buffer)
  const records: Uint8Array[] = []
  for (let at = 0; at < words.length; ) {
    const length = Number(words[at]!)
    const start = 8 * (at + 1)
    if (start + length > input.length) throw new Error(`accepted a record that ends at ${start + length}`)
    records.push(input.subarray(start, start + length))
    at += 1 + Math.ceil(length / 8)
  }
  return records
}

function assertSame(expected: readonly Uint8Array[], found: readonly Uint8Array[]): void {
  const text = (records: readonly Uint8Array[]): string => records.map((r) => Buffer.from(r).toString('hex')).join(' ')
  if (text(expected) !== text(found)) throw new Error(`expected records ${text(expected)}, got ${text(found)}`)
}

function randomBytes(length: number, random: Random): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}

function randomRecords(random: Random): Uint8Array {
  const records = Array.from({ length: random.below(6) }, () => {
    const data = randomBytes(random.below(30), random)
    const record = new Uint8Array(8 * (1 + Math.ceil(data.length / 8)))
    new DataView(record.buffer).setBigUint64(0, BigInt(data.length), true)
    record.set(data, 8)
    return record
  })
  return Uint8Array.from(records.flatMap((record) => [...record]))
}

function damage(bytes: Uint8Array, random: Random): Uint8Array {
  const damaged = bytes.slice(0, random.below(3) === 0 ? random.below(bytes.length + 1) : bytes.length)
  const words = Math.floor(damaged.length / 8)
  if (random.below(2) === 0 && words > 0) {
    const value = random.pick(LENGTHS)
    new DataView(damaged.buffer).setBigUint64(8 * random.below(words), BigInt.asUintN(64, value), true)
  }
  return damaged
}

/** Half of them grammatical, half of them pieces in any order. */
function randomJson(random: Random): string {
  const pick = (): string => random.pick(JSON_PIECES)
  if (random.below(2) === 0) return Array.from({ length: random.below(12) }, pick).join('')
  const value = (): string => {
    switch (random.below(6)) {
      case 0:
        return `{"u8":${random.below(300)}}`
      case 1:
        return `{"u64":["0x${random.below(2 ** 31).toString(16)}",${random.below(2 ** 31)}]}`
      case 2:
        return `{"hex":"${Buffer.from(randomBytes(random.below(9), random)).toString('hex')}"}`
      case 3:
        return `{"utf8":${JSON.stringify(String.fromCodePoint(random.below(0xd800)))}}`
      case 4:
        return `{"file":"a"}`
      default:
        return `{${pick()}:${pick()}}`
    }
  }
  return `[${Array.from({ length: random.below(5) }, value).join()}]`
}
