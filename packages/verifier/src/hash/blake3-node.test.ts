import { blake3 } from '@noble/hashes/blake3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { blake3Node } from './blake3-node.ts'

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
