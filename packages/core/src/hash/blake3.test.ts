import { blake3 as audited } from '@noble/hashes/blake3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { describe, expect, test } from 'vitest'
import { createBlake3 } from './blake3.ts'
import { scriptCompressor } from './blake3-script.ts'
import { createWasmCompressor } from './blake3-wasm.ts'

/** Bytes that look random, the same in every run. */
function bytesOf(seed: number): Uint8Array {
  return audited(Uint8Array.of(seed, seed >>> 8))
}

describe.each([
  ['in WebAssembly', createWasmCompressor()!],
  ['in JavaScript', scriptCompressor],
])('%s', (_, compressor) => {
  const { blake3, blake3Node } = createBlake3(compressor)

  test('a node is what the audited implementation makes of its 64 bytes', () => {
    const zero = new Uint8Array(32)
    const ones = new Uint8Array(32).fill(0xff)
    const pairs = [
      [zero, zero],
      [ones, ones],
      [zero, ones],
      [ones, zero],
    ] as const
    for (const [left, right] of pairs) expect(blake3Node(left, right)).toEqual(audited(concatBytes(left, right)))
    for (let seed = 0; seed < 2000; seed += 2) {
      const [left, right] = [bytesOf(seed), bytesOf(seed + 1)]
      expect(blake3Node(left, right)).toEqual(audited(concatBytes(left, right)))
    }
  })

  test('every bit of the input is read at its place', () => {
    for (let bit = 0; bit < 512; bit++) {
      const block = new Uint8Array(64)
      block[bit >>> 3] = 1 << (bit & 7)
      expect(blake3Node(block.subarray(0, 32), block.subarray(32))).toEqual(audited(block))
    }
  })

  test('any number of bytes is hashed as by the audited implementation', () => {
    const bytes = audited(Uint8Array.of(7), { dkLen: 70_000 })
    const lengths = [0, 1, 3, 63, 64, 65, 127, 128, 1000]
    for (let chunks = 1; chunks <= 68; chunks++) lengths.push(1024 * chunks - 1, 1024 * chunks, 1024 * chunks + 1)
    for (let blocks = 1; blocks <= 100; blocks++) lengths.push(64 * blocks)
    for (const length of lengths) {
      const message = bytes.subarray(0, length)
      expect(blake3(message), `${length} bytes`).toEqual(audited(message))
    }
  })

  test('parts are hashed as what they are together, wherever they are cut', () => {
    const bytes = audited(Uint8Array.of(9), { dkLen: 5000 })
    const whole = audited(bytes)
    for (const cuts of [
      [0],
      [1],
      [1023],
      [1024],
      [1025],
      [2048],
      [1, 2, 3],
      [1000, 1024, 1048],
      [1024, 2048, 4096],
      [5000],
    ]) {
      const ends = [...cuts, bytes.length]
      expect(blake3(...ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end))), `${cuts}`).toEqual(whole)
    }
    expect(blake3()).toEqual(audited(new Uint8Array(0)))
  })

  test('a part of a longer buffer is hashed alone', () => {
    const bytes = audited(Uint8Array.of(1), { dkLen: 4096 })
    expect(blake3(bytes.subarray(64, 64 * 40))).toEqual(audited(bytes.slice(64, 64 * 40)))
  })
})

test('a host that does not allow WebAssembly gets none', () => {
  const host = globalThis as { WebAssembly?: unknown }
  const known = host.WebAssembly
  try {
    host.WebAssembly = {
      Module: class {
        constructor() {
          throw new Error('refused')
        }
      },
    }
    expect(createWasmCompressor()).toBeUndefined()
    host.WebAssembly = undefined
    expect(createWasmCompressor()).toBeUndefined()
  } finally {
    host.WebAssembly = known
  }
})
