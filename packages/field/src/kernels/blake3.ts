/**
 * BLAKE3 of many independent inputs at once: lane r of every vector belongs to row r of a group of four.
 *
 * The inner function compresses one 64-byte block for each of four rows: it transposes the blocks to message words in
 * scratch memory, keeps the 16 words of state in locals, and leaves the chaining values, transposed, in scratch memory
 * for the next block. So one kernel serves leaves (rows of panels, block after block), and Merkle nodes (pairs of
 * digests). Rows beyond the count repeat the last row, so any count is right.
 * Source: BLAKE3 specification, sections 2.1-2.4.
 */
import {
  call,
  type Expression,
  type FunctionBuilder,
  type FunctionRef,
  i8x16,
  i32,
  i32x4,
  type Local,
  type ModuleBuilder,
  select,
  v128,
} from '../wasm/index.ts'
import { SCRATCH } from './scratch.ts'

export const BLAKE3_IV: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]
export const BLAKE3_PERMUTATION: readonly number[] = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
export const BLAKE3_ROUNDS = 7
const LANES = 4
/** State words (a, b, c, d) of the eight quarter rounds of a round: four columns, then four diagonals. */
export const BLAKE3_QUARTERS: readonly (readonly [a: number, b: number, c: number, d: number])[] = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
]

/** Flags of the compression function. */
export const BLAKE3_FLAG = { chunkStart: 1, chunkEnd: 2, parent: 4, root: 8 } as const

/** Flags of a message of one block: a Merkle node is the plain BLAKE3 digest of its two children. */
export const BLAKE3_NODE = 11

/** Scratch places: 16 transposed message words, then 8 chaining words, 16 bytes each. */
export const BLAKE3_MESSAGE: number = SCRATCH.state
const CHAINING = SCRATCH.state + 256

/** Rotations by whole bytes are one swizzle, which V8 keeps as one instruction; its general shuffle costs four. */
function rotateRight(x: Local, bits: number): Expression {
  if (bits % 8 !== 0) return v128.or(i32x4.shr_u(x, i32.const(bits)), i32x4.shl(x, i32.const(32 - bits)))
  return i8x16.swizzle(x, i8x16.const(Array.from({ length: 16 }, (_, i) => (i & ~3) | ((i + bits / 8) & 3))))
}

/** Four vectors as rows of a 4 x 4 matrix of words, transposed. */
function transpose(f: FunctionBuilder, rows: readonly Expression[]): Local[] {
  const [a, b, c, d] = rows.map((row) => f.let(row)) as [Local, Local, Local, Local]
  const ab = f.let(i32x4.shuffle(a, b, [0, 4, 1, 5]))
  const cd = f.let(i32x4.shuffle(c, d, [0, 4, 1, 5]))
  const abHigh = f.let(i32x4.shuffle(a, b, [2, 6, 3, 7]))
  const cdHigh = f.let(i32x4.shuffle(c, d, [2, 6, 3, 7]))
  return [
    f.let(i32x4.shuffle(ab, cd, [0, 1, 4, 5])),
    f.let(i32x4.shuffle(ab, cd, [2, 3, 6, 7])),
    f.let(i32x4.shuffle(abHigh, cdHigh, [0, 1, 4, 5])),
    f.let(i32x4.shuffle(abHigh, cdHigh, [2, 3, 6, 7])),
  ]
}

/** The order of the message words in each round. */
function blake3Order(round: number): readonly number[] {
  let order = Array.from({ length: 16 }, (_, i) => i)
  for (let r = 0; r < round; r++) order = BLAKE3_PERMUTATION.map((from) => order[from]!)
  return order
}

/** One quarter round on four rows: the words of the state are locals, those of the message in scratch memory. */
export function emitQuarter(
  f: FunctionBuilder,
  base: Expression,
  v: readonly Local[],
  { round, quarter }: { readonly round: number; readonly quarter: number },
): void {
  const order = blake3Order(round)
  const [a, b, c, d] = BLAKE3_QUARTERS[quarter]!
  for (const { word, dBits, bBits } of [
    { word: 2 * quarter, dBits: 16, bBits: 12 },
    { word: 2 * quarter + 1, dBits: 8, bBits: 7 },
  ]) {
    const message = v128.load(base, BLAKE3_MESSAGE + 16 * order[word]!)
    f.set(v[a]!, i32x4.add(i32x4.add(v[a]!, message), v[b]!))
    f.set(v[d]!, v128.xor(v[d]!, v[a]!))
    f.set(v[d]!, rotateRight(v[d]!, dBits))
    f.set(v[c]!, i32x4.add(v[c]!, v[d]!))
    f.set(v[b]!, v128.xor(v[b]!, v[c]!))
    f.set(v[b]!, rotateRight(v[b]!, bBits))
  }
}

/** `(block0, .., block3, second, length, flags, counter)`: bytes 0..31 of a block at its pointer, 32..63 at pointer + second. */
function emitCompress(module: ModuleBuilder, scratch: Expression): FunctionRef {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] })
  const [block0, block1, block2, block3, second, length, flags, counter] = f.params
  const base = f.let(scratch)
  const blocks = [block0, block1, block2, block3]
  for (let group = 0; group < 4; group++) {
    if (group === 2) for (const block of blocks) f.set(block, i32.add(block, second))
    const words = transpose(
      f,
      blocks.map((block) => v128.load(block, 16 * (group % 2))),
    )
    for (const [i, word] of words.entries()) f.emit(v128.store(base, word, BLAKE3_MESSAGE + 16 * (4 * group + i)))
  }
  const v: Local[] = []
  for (let i = 0; i < 8; i++) v.push(f.let(v128.load(base, CHAINING + 16 * i)))
  for (let i = 0; i < 4; i++) v.push(f.let(i32x4.const(Array(4).fill(BLAKE3_IV[i]!))))
  v.push(f.let(i32x4.splat(counter)), f.let(i32x4.const([0, 0, 0, 0])))
  v.push(f.let(i32x4.splat(length)), f.let(i32x4.splat(flags)))
  for (let round = 0; round < BLAKE3_ROUNDS; round++)
    for (const quarter of BLAKE3_QUARTERS.keys()) emitQuarter(f, base, v, { round, quarter })
  for (let i = 0; i < 8; i++) f.emit(v128.store(base, v128.xor(v[i]!, v[i + 8]!), CHAINING + 16 * i))
  return f
}

const OUT_BYTES = 32

/** Row numbers of a group of four, the last row repeated. */
function groupRows(f: FunctionBuilder, first: Local, end: Local): Local[] {
  const last = f.let(i32.sub(end, i32.const(1)))
  const clamp = (row: Expression): Local => f.let(select(i32.lt_u(row, last), row, last))
  return [0, 1, 2, 3].map((lane) => clamp(i32.add(first, i32.const(lane))))
}

/** Initial chaining value in every lane. */
function storeIv(f: FunctionBuilder, base: Expression): void {
  for (const [i, word] of BLAKE3_IV.entries()) {
    f.emit(v128.store(base, i32x4.const(Array(LANES).fill(word)), CHAINING + 16 * i))
  }
}

/** Chaining values of four rows from 32-byte digests. */
function loadChaining(f: FunctionBuilder, base: Expression, places: readonly Local[]): void {
  for (const half of [0, 1]) {
    const words = transpose(
      f,
      places.map((place) => v128.load(place, 16 * half)),
    )
    for (const [i, word] of words.entries()) f.emit(v128.store(base, word, CHAINING + 16 * (4 * half + i)))
  }
}

/** Digests of four rows. Repeated rows write the same digest again. */
function storeChaining(f: FunctionBuilder, base: Expression, places: readonly Local[]): void {
  for (const half of [0, 1]) {
    const rows = transpose(
      f,
      [0, 1, 2, 3].map((i) => v128.load(base, CHAINING + 16 * (4 * half + i))),
    )
    for (const [lane, row] of rows.entries()) f.emit(v128.store(places[lane]!, row, 16 * half))
  }
}

/** Emits `blake3Chunks` and `blake3Pairs`; see the interface `Kernels`. */
export function emitBlake3(module: ModuleBuilder, scratch: Expression): void {
  const compress = emitCompress(module, scratch)
  const zero = i32.const(0)
  {
    const f = module.function(
      { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] },
      'blake3Chunks',
    )
    const [blocks, blockCount, rowStride, out, resume, firstFlags, lastFlags, lastLength, counter, begin, end] =
      f.params
    const base = f.let(scratch)
    const row = f.local('i32')
    f.for(row, begin, end, LANES, () => {
      const rows = groupRows(f, row, end)
      const digests = rows.map((r) => f.let(i32.add(out, i32.mul(r, i32.const(OUT_BYTES)))))
      f.if(
        resume,
        () => loadChaining(f, base, digests),
        () => storeIv(f, base),
      )
      const offsets = rows.map((r) => f.let(i32.mul(r, rowStride)))
      const b = f.local('i32')
      f.for(b, zero, blockCount, 1, () => {
        const block = f.let(i32.load(i32.add(blocks, i32.shl(b, i32.const(2)))))
        const isLast = f.let(i32.eq(i32.add(b, i32.const(1)), blockCount))
        const flags = i32.or(select(b, zero, firstFlags), select(isLast, lastFlags, zero))
        const length = select(isLast, lastLength, i32.const(64))
        const [p0, p1, p2, p3] = offsets.map((offset) => i32.add(block, offset)) as [
          Expression,
          Expression,
          Expression,
          Expression,
        ]
        f.emit(call(compress, p0, p1, p2, p3, i32.const(32), length, flags, counter))
      })
      storeChaining(f, base, digests)
    })
  }
  {
    const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] }, 'blake3Pairs')
    const [left, right, stride, out, flags, begin, end] = f.params
    const base = f.let(scratch)
    const second = f.let(i32.sub(right, left))
    const row = f.local('i32')
    f.for(row, begin, end, LANES, () => {
      const rows = groupRows(f, row, end)
      storeIv(f, base)
      const [p0, p1, p2, p3] = rows.map((r) => i32.add(left, i32.mul(r, stride))) as [
        Expression,
        Expression,
        Expression,
        Expression,
      ]
      f.emit(call(compress, p0, p1, p2, p3, second, i32.const(64), flags, zero))
      storeChaining(
        f,
        base,
        rows.map((r) => f.let(i32.add(out, i32.mul(r, i32.const(OUT_BYTES))))),
      )
    })
  }
}
