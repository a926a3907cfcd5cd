import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
/** The one quotient of each width that does not fit. */
const OVERFLOWS: readonly Case[] = [
  { op: OPS.findIndex(({ opcode }) => opcode === 0x6d), a: 1n << 31n, b: 0xffff_ffffn },
  { op: OPS.findIndex(({ opcode }) => opcode === 0x7f), a: 1n << 63n, b: (1n << 64n) - 1n },
]
const CASES: readonly Case[] = OPS.flatMap(({ operands }, op) => {
  const [first, second] = operands.map((type) => [...CORNERS[type], ...Array.from({ length: 6 }, random)])
  if (second === undefined) return first!.map((a) => ({ op, a, b: 0n }))
  // Some 300 of all pairs; every first and every second operand occurs.
  const step = Math.ceil((first!.length * second.length) / 300)
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

let folder = ''
let elf = ''
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
      const same = theirs === ours || (!bitExact && isNaNBits(result, theirs) && isNaNBits(result, ours))
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
