import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Program } from '@zisk/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CORNERS, isNaNBits, OPS, type Op } from './operations.ts'
import { buildModule, type Type, typeList } from './wasm-builder.ts'
import { buildWasm, compileInNode, IMPORTS, runInEmulator, runInNode } from './wasm-guest.ts'

const FROM_I64: Readonly<Record<Type, readonly number[]>> = { i: [0xa7], l: [], f: [0xa7, 0xbe], d: [0xbf] }
const TO_I64: Readonly<Record<Type, readonly number[]>> = { i: [0xad], l: [], f: [0xbc, 0xad], d: [0xbd] }

/** Each operation as a function of two 64-bit words; main applies those that the record names to its words. */
function operationsModule(): Uint8Array {
  const operation = ({ operands, result, bytes }: Op) => ({
    type: 'll:l',
    body: [...operands.flatMap((type, i) => [0x20, i, ...FROM_I64[type]]), ...bytes, ...TO_I64[result]],
  })
  const spec = { imports: IMPORTS, functions: [...OPS.map(operation), { type: ':', body: [] }] }
  const indirect = [0x11, typeList(spec).indexOf('ll:l'), 0]
  const place = [0x20, 0]
  const main = {
    type: ':',
    locals: 'ii',
    body: [
      ...[0x10, 0, 0x21, 1, 0x41, 0, 0x10, 1],
      ...[0x02, 0x40, 0x03, 0x40, ...place, 0x20, 1, 0x4f, 0x0d, 1],
      // memory[i] = operation(memory[i + 8], memory[i + 16])
      ...[...place, ...place, 0x29, 3, 8, ...place, 0x29, 3, 16, ...place, 0x28, 2, 0, ...indirect, 0x37, 3, 0],
      ...[...place, 0x41, 8, 0x10, 2, ...place, 0x41, 24, 0x6a, 0x21, 0, 0x0c, 0, 0x0b, 0x0b],
    ],
  }
  const first = IMPORTS.length
  return buildModule({
    ...spec,
    functions: [...OPS.map(operation), main],
    memory: [32, 32],
    table: [...OPS.map((_, i) => first + i), undefined, first + OPS.length],
    main: first + OPS.length,
  })
}

interface Case {
  readonly op: number
  readonly a: bigint
  readonly b: bigint
}

/** Cases as main reads them. */
function encode(cases: readonly Case[]): Uint8Array {
  const words = new BigUint64Array(3 * cases.length)
  cases.forEach(({ op, a, b }, i) => {
    words.set([BigInt(op), a, b], 3 * i)
  })
  return new Uint8Array(words.buffer)
}

/** A generator of 64-bit words from a seed (xorshift64). */
function wordsFrom(seed: bigint): () => bigint {
  let state = seed
  return () => {
    state ^= BigInt.asUintN(64, state << 13n)
    state ^= state >> 7n
    state ^= BigInt.asUintN(64, state << 17n)
    return state
  }
}

const random = wordsFrom(0x5eed_2026n)

/** A float whose exponent lies near an end or the middle of its range, with few bits of the fraction set or clear. */
function oddFloat(type: 'f' | 'd'): bigint {
  const [exponentBits, fractionBits] = type === 'f' ? [8n, 23n] : [11n, 52n]
  const top = (1n << exponentBits) - 1n
  const places = [0n, 1n, 2n, fractionBits, top >> 1n, (top >> 1n) - fractionBits, (top >> 1n) + fractionBits, top - 1n]
  const word = random()
  const exponent = BigInt.asUintN(Number(exponentBits), places[Number(word & 7n)]! + ((word >> 3n) & 3n) - 1n)
  const bits = (1n << (random() % fractionBits)) | (1n << (random() % fractionBits)) | ((word >> 6n) & 1n)
  const fraction = ((word >> 7n) & 1n) === 0n ? bits : ((1n << fractionBits) - 1n) ^ bits
  return (((word >> 8n) & 1n) << (exponentBits + fractionBits)) | (exponent << fractionBits) | fraction
}
const oddWords = (type: Type): bigint[] =>
  Array.from({ length: 12 }, () => (type === 'f' || type === 'd' ? oddFloat(type) : random()))
/** The one quotient of each width that does not fit. */
const OVERFLOWS: readonly Case[] = [
  { op: OPS.findIndex(({ opcode }) => opcode === 0x6d), a: 1n << 31n, b: 0xffff_ffffn },
  { op: OPS.findIndex(({ opcode }) => opcode === 0x7f), a: 1n << 63n, b: (1n << 64n) - 1n },
]
const CASES: readonly Case[] = OPS.flatMap(({ operands }, op) => {
  const [first, second] = operands.map((type) => [...CORNERS[type], ...oddWords(type)])
  if (second === undefined) return first!.map((a) => ({ op, a, b: 0n }))
  // Some 400 of all pairs; every first and every second operand occurs.
  const step = Math.ceil((first!.length * second.length) / 400)
  return first!.flatMap((a, i) => second.filter((_, j) => (i + j) % step === 0).map((b) => ({ op, a, b })))
}).concat(OVERFLOWS)

/** Cases that give a result and cases that trap, as Node has them. */
function split(): { readonly results: readonly Case[]; readonly traps: readonly Case[] } {
  const results: Case[] = []
  const traps: Case[] = []
  for (let at = 0; at < CASES.length; ) {
    const { output, trap } = runInNode(node, [encode(CASES.slice(at))])
    const done = output.length / 8
    results.push(...CASES.slice(at, at + done))
    if (trap !== undefined) traps.push(CASES[at + done]!)
    at += done + 1
  }
  return { results, traps }
}

/**
 * Whether these bits are a NaN that the operation may give: of any sign, with the upper bit of its message; and with no
 * other bit of it unless an operand has one. Source: WebAssembly Core Specification 2.0, section 4.3.3.
 */
function mayBeNaN({ operands, result }: Op, words: readonly bigint[], bits: bigint): boolean {
  if (!isNaNBits(result, bits)) return false
  const message = result === 'f' ? bits & 0x7fffffn : bits & 0xfffffffffffffn
  const quiet = result === 'f' ? 0x400000n : 0x8000000000000n
  const plain = operands.every((type, i) => {
    const word = type === 'f' ? words[i]! & 0x7fffffffn : words[i]! & 0x7fffffffffffffffn
    return !isNaNBits(type, word) || word === (type === 'f' ? 0x7fc00000n : 0x7ff8000000000000n)
  })
  return plain ? message === quiet : (message & quiet) !== 0n
}

let folder = ''
let elf: Program
const wasm = operationsModule()
const node = compileInNode(wasm)
const { results, traps } = split()
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zisk-wasm-'))
  elf = await buildWasm(folder, 'operations', wasm)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('operations of WebAssembly as an ELF give what they give in Node', () => {
  test('results, on corners and random words', async () => {
    const expected = runInNode(node, [encode(results)])
    const got = await runInEmulator(elf, [encode(results)])
    expect(got.trap).toBeUndefined()
    expect(got.output.length).toBe(8 * results.length)
    const wrong = results.flatMap(({ op, a, b }, i) => {
      const { result, bitExact, opcode } = OPS[op]!
      const theirs = expected.output.readBigUInt64LE(8 * i)
      const ours = got.output.readBigUInt64LE(8 * i)
      const nan = !bitExact && isNaNBits(result, theirs) && mayBeNaN(OPS[op]!, [a, b], ours)
      const same = theirs === ours || nan
      const place = `0x${opcode.toString(16)}(${a.toString(16)}, ${b.toString(16)})`
      return same ? [] : [`${place}: ${theirs.toString(16)} expected, got ${ours.toString(16)}`]
    })
    expect(wrong).toEqual([])
    expect(new Set(results.map(({ op }) => op)).size).toBe(OPS.length)
    expect(results.length).toBeGreaterThan(15_000)
  })

  test('traps, with their texts', async () => {
    const seen = new Map<string, number>()
    for (const one of traps) {
      const expected = runInNode(node, [encode([one])])
      const key = `${one.op} ${expected.trap}`
      seen.set(key, (seen.get(key) ?? 0) + 1)
      if (seen.get(key)! <= 2) expect(await runInEmulator(elf, [encode([one])])).toEqual(expected)
    }
    // Division and remainder by zero, division and conversion out of range.
    expect(seen.size).toBe(8 + 2 + 8)
  })

  test.each([
    ['an empty entry of the table', OPS.length, 'null function or function signature mismatch'],
    ['a function of another type', OPS.length + 1, 'null function or function signature mismatch'],
    ['an index behind the table', OPS.length + 2, 'table index is out of bounds'],
    ['a negative index', 0xffff_ffff, 'table index is out of bounds'],
  ])('%s', async (_name, op, trap) => {
    const record = encode([{ op, a: 0n, b: 0n }])
    expect(runInNode(node, [record]).trap).toBe(trap)
    expect(await runInEmulator(elf, [record])).toMatchObject({ trap })
  })
})
