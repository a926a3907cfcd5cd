import { blake3 } from '@noble/hashes/blake3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { blake3Blocks, blake3Node } from './blake3-blocks.ts'

/** Bytes that look random, the same in every run. */
function bytesOf(seed: number): Uint8Array {
  return blake3(Uint8Array.of(seed, seed >>> 8))
}

test('a node is what the audited implementation makes of its 64 bytes', () => {
  const zero = new Uint8Array(32)
  const ones = new Uint8Array(32).fill(0xff)
  const pairs = [
    [zero, zero],
    [ones, ones],
    [zero, ones],
    [ones, zero],
  ] as const
  for (const [left, right] of pairs) expect(blake3Node(left, right)).toEqual(blake3(concatBytes(left, right)))
  for (let seed = 0; seed < 2000; seed += 2) {
    const [left, right] = [bytesOf(seed), bytesOf(seed + 1)]
    expect(blake3Node(left, right)).toEqual(blake3(concatBytes(left, right)))
  }
})

test('every bit of the input is read at its place', () => {
  for (let bit = 0; bit < 512; bit++) {
    const block = new Uint8Array(64)
    block[bit >>> 3] = 1 << (bit & 7)
    expect(blake3Node(block.subarray(0, 32), block.subarray(32))).toEqual(blake3(block))
  }
})

test('whole blocks are what the audited implementation makes of them, over one chunk and many', () => {
  for (let blocks = 1; blocks <= 100; blocks++) {
    const bytes = blake3(Uint8Array.of(blocks), { dkLen: 64 * blocks })
    expect(blake3Blocks(bytes), `${blocks} blocks`).toEqual(blake3(bytes))
  }
  for (const blocks of [16 * 8, 16 * 8 + 1, 16 * 31, 16 * 33 + 5]) {
    const bytes = blake3(Uint8Array.of(7), { dkLen: 64 * blocks })
    expect(blake3Blocks(bytes), `${blocks} blocks`).toEqual(blake3(bytes))
  }
})

test('a part of a longer buffer is hashed alone', () => {
  const bytes = blake3(Uint8Array.of(1), { dkLen: 4096 })
  expect(blake3Blocks(bytes.subarray(64, 64 * 40))).toEqual(blake3(bytes.slice(64, 64 * 40)))
})
