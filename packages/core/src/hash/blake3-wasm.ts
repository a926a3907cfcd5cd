/**
 * The compression of BLAKE3 as a WebAssembly module of some 900 bytes, written here opcode by opcode: this package has no
 * assembler. It runs at full speed from its first call, where JavaScript is interpreted for most of the twenty thousand
 * blocks of a proof.
 *
 * It keeps the sixteen words of state and of message in locals, and goes round by round, permuting the message in between.
 *
 * Source: BLAKE3 paper, section 2.
 */
import { BLOCK_BYTES, type Compressor, DIGEST_BYTES, FLAG, IV, ROUNDS } from './blake3-compressor.ts'

const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
/** State words of the eight quarter rounds: columns, then diagonals. */
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const

/** Places in memory: the chaining value, then the chunk. */
const VALUE = 0
const CHUNK = 64

/** The part of the WebAssembly JavaScript interface that is used here, which TypeScript declares with the DOM only. */
interface WasmHost {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> }
}

/** @returns `undefined` where the host has no WebAssembly or does not allow it */
export function createWasmCompressor(): Compressor | undefined {
  const { WebAssembly: host } = globalThis as unknown as { readonly WebAssembly?: WasmHost }
  if (host === undefined) return undefined
  try {
    return compressorOf(new host.Instance(new host.Module(moduleBytes())).exports as unknown as Exports)
  } catch {
    return undefined
  }
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** From the initial value over `length` bytes at {@link CHUNK}; flags of the first and of the last block. */
  readonly compress: (length: number, low: number, high: number, first: number, last: number) => void
}

/** Nothing in the memory outlives a call. */
function compressorOf({ memory, compress }: Exports): Compressor {
  const bytes = new Uint8Array(memory.buffer)
  const value = (): Uint8Array => bytes.slice(VALUE, VALUE + DIGEST_BYTES)
  return {
    chunk: (source, from, length, counter, rootFlag) => {
      bytes.set(source.subarray(from, from + length), CHUNK)
      const end = Math.max(BLOCK_BYTES, Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES)
      if (end > length) bytes.fill(0, CHUNK + length, CHUNK + end)
      compress(length, counter, counter / 2 ** 32, FLAG.chunkStart, FLAG.chunkEnd | rootFlag)
      return value()
    },
    pair: (left, right, flags) => {
      bytes.set(left, CHUNK)
      bytes.set(right, CHUNK + DIGEST_BYTES)
      compress(BLOCK_BYTES, 0, 0, flags, 0)
      return value()
    },
  }
}

/** Opcodes of WebAssembly, as many as are used. */
const OP = {
  loop: [0x03, 0x40],
  end: [0x0b],
  branchIf: [0x0d, 0],
  select: [0x1b],
  get: 0x20,
  set: 0x21,
  load: [0x28, 2],
  store: [0x36, 2],
  const: 0x41,
  eqz: [0x45],
  ltU: [0x49],
  leU: [0x4d],
  add: [0x6a],
  sub: [0x6b],
  or: [0x72],
  xor: [0x73],
  rotateRight: [0x78],
} as const

/** Locals: the parameters, where the chunk has been read to, rounds left, 16 words of state, of message, 8 of value. */
const LOCAL = {
  length: 0,
  low: 1,
  high: 2,
  first: 3,
  last: 4,
  at: 5,
  round: 6,
  state: 7,
  message: 23,
  value: 39,
  kept: 47,
}
const LOCAL_COUNT = LOCAL.kept + 1 - LOCAL.at

const get = (local: number): number[] => [OP.get, local]
const set = (local: number): number[] => [OP.set, local]
const constant = (value: number): number[] => [OP.const, ...signed(value | 0)]
const indexes = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

function compressBody(): number[] {
  const [state, message, value] = (['state', 'message', 'value'] as const).map(
    (name) => (i: number) => LOCAL[name] + i,
  ) as [(i: number) => number, (i: number) => number, (i: number) => number]
  const left = [...get(LOCAL.length), ...get(LOCAL.at), ...OP.sub]
  /** left <= 64: of the last block. */
  const isLast = [...left, ...constant(BLOCK_BYTES), ...OP.leU]
  const initialState = [
    ...indexes(8).map((i) => get(value(i))),
    ...IV.slice(0, 4).map(constant),
    get(LOCAL.low),
    get(LOCAL.high),
    [...left, ...constant(BLOCK_BYTES), ...isLast, ...OP.select],
    [
      ...[...get(LOCAL.first), ...constant(0), ...get(LOCAL.at), ...OP.eqz, ...OP.select],
      ...[...get(LOCAL.last), ...constant(0), ...isLast, ...OP.select, ...OP.or],
    ],
  ]
  /** Half of a quarter round: a += b + m, d = (d ^ a) >>> first, c += d, b = (b ^ c) >>> second. */
  const mix = ([a, b, c, d]: readonly number[], m: number, first: number, second: number): number[] => [
    ...[...get(state(a!)), ...get(state(b!)), ...OP.add, ...get(message(m)), ...OP.add, ...set(state(a!))],
    ...[...get(state(d!)), ...get(state(a!)), ...OP.xor, ...constant(first), ...OP.rotateRight, ...set(state(d!))],
    ...[...get(state(c!)), ...get(state(d!)), ...OP.add, ...set(state(c!))],
    ...[...get(state(b!)), ...get(state(c!)), ...OP.xor, ...constant(second), ...OP.rotateRight, ...set(state(b!))],
  ]
  /** Along a cycle of the permutation each word takes the place of the one before. */
  const permute = cyclesOf(PERMUTATION).flatMap((cycle) => [
    ...[...get(message(cycle[0]!)), ...set(LOCAL.kept)],
    ...cycle.flatMap((to, i) => [
      ...get(i + 1 < cycle.length ? message(cycle[i + 1]!) : LOCAL.kept),
      ...set(message(to)),
    ]),
  ])
  return [
    ...indexes(8).flatMap((i) => [...constant(IV[i]!), ...set(value(i))]),
    ...OP.loop,
    ...initialState.flatMap((word, i) => [...word, ...set(state(i))]),
    ...indexes(16).flatMap((i) => [...get(LOCAL.at), ...OP.load, ...unsigned(CHUNK + 4 * i), ...set(message(i))]),
    ...[...constant(ROUNDS), ...set(LOCAL.round)],
    ...OP.loop,
    ...QUARTERS.flatMap((words, q) => [...mix(words, 2 * q, 16, 12), ...mix(words, 2 * q + 1, 8, 7)]),
    ...permute,
    ...[...get(LOCAL.round), ...constant(1), ...OP.sub, ...set(LOCAL.round), ...get(LOCAL.round), ...OP.branchIf],
    ...OP.end,
    ...indexes(8).flatMap((i) => [...get(state(i)), ...get(state(i + 8)), ...OP.xor, ...set(value(i))]),
    ...[...get(LOCAL.at), ...constant(BLOCK_BYTES), ...OP.add, ...set(LOCAL.at)],
    ...[...get(LOCAL.at), ...get(LOCAL.length), ...OP.ltU, ...OP.branchIf],
    ...OP.end,
    ...indexes(8).flatMap((i) => [...constant(VALUE + 4 * i), ...get(value(i)), ...OP.store, 0]),
    ...OP.end,
  ]
}

/** Lists in which each number is followed by its image. */
function cyclesOf(permutation: readonly number[]): number[][] {
  const seen = new Set<number>()
  return permutation.flatMap((_, start) => {
    const cycle: number[] = []
    for (let i = start; !seen.has(i); i = permutation[i]!) {
      seen.add(i)
      cycle.push(i)
    }
    return cycle.length > 0 ? [cycle] : []
  })
}

const I32 = 0x7f

function moduleBytes(): Uint8Array {
  const name = (text: string): number[] => [text.length, ...[...text].map((letter) => letter.charCodeAt(0))]
  const section = (id: number, ...content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content]
  const body = [1, LOCAL_COUNT, I32, ...compressBody()]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 5, I32, I32, I32, I32, I32, 0),
    ...section(3, 1, 0),
    // One page, which holds the value and a chunk.
    ...section(5, 1, 1, 1, 1),
    ...section(7, 2, ...name('memory'), 2, 0, ...name('compress'), 0, 0),
    ...section(10, 1, ...unsigned(body.length), ...body),
  ])
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: number): number[] {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]
}
