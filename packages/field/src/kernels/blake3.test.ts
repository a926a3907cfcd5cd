import { blake3 } from '@noble/hashes/blake3.js'
import { describe, expect, test } from 'vitest'
import { createRandomWords } from '../testing.ts'
import { createKernelMemory } from '../testing-memory.ts'
import { BLAKE3_NODE } from './blake3.ts'
import { blake3Rows, blake3WorkspaceBytes } from './blake3-rows.ts'

const SEED = 0x5eed_0030n
const stage = createKernelMemory(4 << 20)

/** Panels of random bytes with the rows that they make; bytes beyond rowBytes are zero. */
function createRows(rowBytes: number, count: number): { blocks: number; rows: Uint8Array[]; out: number } {
  stage.reset()
  const next = createRandomWords(SEED + BigInt(rowBytes))
  const blockCount = Math.ceil(rowBytes / 64)
  const rows = Array.from({ length: count }, (_, i) => {
    const row = new Uint8Array(blockCount * 64)
    new BigUint64Array(row.buffer).forEach((_, w, words) => {
      words[w] = i === 0 ? 0n : i === 1 ? (1n << 64n) - 1n : next()
    })
    return row.fill(0, rowBytes)
  })
  const panels = Array.from({ length: blockCount }, () => stage.allocate(64 * count + 64))
  for (const [b, panel] of panels.entries()) {
    for (const [i, row] of rows.entries()) stage.bytes.set(row.subarray(64 * b, 64 * b + 64), panel + 64 * i)
  }
  const blocks = stage.allocate(4 * blockCount)
  new Uint32Array(stage.bytes.buffer).set(panels, blocks / 4)
  return { blocks, rows: rows.map((row) => row.subarray(0, rowBytes)), out: stage.allocate(32 * (count + 1)) }
}

function digests(out: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    Buffer.from(stage.bytes.subarray(out + 32 * i, out + 32 * i + 32)).toString('hex'),
  )
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('rows', () => {
  test.each([1, 8, 63, 64, 65, 128, 832, 1023, 1024, 1025, 2048, 2049, 3072, 5000])(
    `of %i bytes hash as @noble/hashes does (seed ${SEED})`,
    (rowBytes) => {
      for (const count of [1, 2, 3, 4, 5, 9]) {
        const { blocks, rows, out } = createRows(rowBytes, count)
        const workspace = stage.allocate(blake3WorkspaceBytes(rowBytes))
        blake3Rows(stage.kernels, { blocks, rowBytes, rowStride: 64, out, workspace, begin: 0, end: count })
        expect(digests(out, count)).toEqual(rows.map((row) => hex(blake3(row))))
        expect(digests(out + 32 * count, 1)).toEqual(['00'.repeat(32)])
      }
    },
  )

  test('more rows than a batch, from the middle of a panel, leave the other digests alone', () => {
    const count = 300
    const { blocks, rows, out } = createRows(1100, count)
    const workspace = stage.allocate(blake3WorkspaceBytes(1100))
    blake3Rows(stage.kernels, { blocks, rowBytes: 1100, rowStride: 64, out, workspace, begin: 5, end: count - 2 })
    const expected = rows.map((row, i) => (i >= 5 && i < count - 2 ? hex(blake3(row)) : '00'.repeat(32)))
    expect(digests(out, count)).toEqual(expected)
  })

  test('a chunk may be absorbed in two calls', () => {
    const { blocks, rows, out } = createRows(5 * 64, 6)
    const { kernels } = stage
    kernels.blake3Chunks(blocks, 2, 64, out, 0, 1, 0, 64, 0, 0, 6)
    kernels.blake3Chunks(blocks + 8, 3, 64, out, 1, 0, 2 | 8, 64, 0, 0, 6)
    expect(digests(out, 6)).toEqual(rows.map((row) => hex(blake3(row))))
  })
})

describe('pairs', () => {
  test('adjacent children, far children and in place', () => {
    const { rows } = createRows(64, 11)
    const children = stage.put([...new BigUint64Array(Uint8Array.from(rows.flatMap((row) => [...row])).buffer)])
    const out = stage.allocate(11 * 32)
    const expected = rows.map((row) => hex(blake3(row)))
    stage.kernels.blake3Pairs(children, children + 32, 64, out, BLAKE3_NODE, 0, 11)
    expect(digests(out, 11)).toEqual(expected)
    const left = stage.allocate(11 * 32)
    const right = stage.allocate(11 * 32)
    for (const [i, row] of rows.entries()) {
      stage.bytes.set(row.subarray(0, 32), left + 32 * i)
      stage.bytes.set(row.subarray(32), right + 32 * i)
    }
    stage.kernels.blake3Pairs(left, right, 32, left, BLAKE3_NODE, 0, 11)
    expect(digests(left, 11)).toEqual(expected)
  })
})

describe('work', () => {
  const word = (message: Uint8Array): number => new DataView(blake3(message).buffer).getUint32(0, true)

  test.each([
    [36, 0],
    [41, 8],
    [64, 24],
  ])(
    `the smallest of messages of %i bytes that shows enough, counted up from bit %i (seed ${SEED})`,
    (length, shift) => {
      stage.reset()
      const next = createRandomWords(SEED + BigInt(length))
      const message = new Uint8Array(BigUint64Array.from({ length: 8 }, next).buffer).fill(0, length)
      const at = stage.allocate(64)
      stage.bytes.set(message, at)
      const step = 2 ** shift
      const first = new DataView(message.buffer).getUint32(32, true)
      const words = Array.from({ length: 512 }, (_, i) => {
        const changed = message.slice()
        new DataView(changed.buffer).setUint32(32, first + i * step, true)
        return word(changed.subarray(0, length))
      })
      for (const bits of [0, 3, 7, 32]) {
        const mask = 2 ** bits - 1
        const expected = words.findIndex((value) => (value & mask) === 0)
        const found = stage.kernels.blake3Work(at, length, step, mask, words.length)
        expect(found).toBe(expected < 0 ? words.length : expected)
      }
      expect(stage.bytes.slice(at, at + 64)).toEqual(message)
    },
  )
})
