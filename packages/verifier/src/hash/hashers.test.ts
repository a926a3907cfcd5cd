import { blake3 } from '@noble/hashes/blake3.js'
import { type Ext, P } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { bytesToWords, wordsToBytes } from './bytes.ts'
import { hasherNamed, hasherWithId } from './hashers.ts'

describe.each(['blake3', 'poseidon2'] as const)('%s', (name) => {
  const hasher = hasherNamed(name)!
  const digest = (fill: number) => new Uint8Array(32).fill(fill)

  test('is found by its number', () => {
    expect(hasherWithId(hasher.id)).toBe(hasher)
  })

  test('rows and nodes depend on every input', () => {
    const row = BigUint64Array.from({ length: 24 }, (_, i) => BigInt(i))
    const other = row.slice()
    other[23] = 0n
    expect(hasher.hashRow(row)).not.toEqual(hasher.hashRow(other))
    expect(hasher.hashNode(digest(1), digest(2))).not.toEqual(hasher.hashNode(digest(2), digest(1)))
    expect(hasher.isDigest(hasher.hashRow(row))).toBe(true)
  })

  test('a transcript separates domains, types, lengths and order', () => {
    const after = (absorb: (t: ReturnType<typeof hasher.createTranscript>) => void, domain = 'd') => {
      const transcript = hasher.createTranscript(domain)
      absorb(transcript)
      return transcript.squeezeExt().join()
    }
    const outcomes = [
      after(() => {}),
      after(() => {}, 'e'),
      after((t) => t.absorbFelts([])),
      after((t) => t.absorbFelts([0n])),
      after((t) => t.absorbFelts([0n, 0n])),
      after((t) => t.absorbFelts([0n, 0n, 0n])),
      after((t) => t.absorbExts([[0n, 0n, 0n]])),
      after((t) => t.absorbBytes(new Uint8Array(8))),
      after((t) => t.absorbBytes(new Uint8Array(7))),
      after((t) => t.absorbDigest(digest(0))),
      after((t) => t.absorbBytes(digest(0))),
      after((t) => {
        t.absorbFelts([1n])
        t.absorbFelts([2n])
      }),
      after((t) => {
        t.absorbFelts([2n])
        t.absorbFelts([1n])
      }),
      after((t) => t.absorbFelts([1n, 2n])),
    ]
    expect(new Set(outcomes).size).toBe(outcomes.length)
  })

  test('squeezes differ, are canonical, and positions lie in range', () => {
    const transcript = hasher.createTranscript('d')
    const challenges = Array.from({ length: 20 }, () => transcript.squeezeExt())
    expect(new Set(challenges.map(String)).size).toBe(20)
    for (const coordinate of challenges.flat()) expect(coordinate < P).toBe(true)
    const positions = transcript.squeezePositions(400, 5)
    expect(positions.length).toBe(400)
    expect(new Set(positions)).toEqual(new Set(Array.from({ length: 32 }, (_, i) => i)))
  })

  test('the work template describes the hash that is checked', () => {
    const transcript = hasher.createTranscript('w')
    transcript.absorbFelts([3n])
    let nonce = 0n
    while (!transcript.checkWork(nonce, 6)) nonce++
    const template = transcript.workTemplate()
    if (template.kind === 'poseidon2') return expect(template.state.length).toBe(16)
    const hash = (candidate: bigint) => blake3(Uint8Array.from([...template.prefix, ...wordsToBytes([candidate])]))
    expect(hash(nonce)[0]! & 63).toBe(0)
    for (let earlier = 0n; earlier < nonce; earlier++) expect(hash(earlier)[0]! & 63).not.toBe(0)
  })
})

test('a Poseidon2 digest with a word that is not canonical is none', () => {
  const { isDigest } = hasherNamed('poseidon2')!
  expect(isDigest(wordsToBytes([0n, 1n, 2n, P - 1n]))).toBe(true)
  expect(isDigest(wordsToBytes([0n, 1n, 2n, P]))).toBe(false)
  expect(isDigest(new Uint8Array(31))).toBe(false)
})

test('a BLAKE3 node is the digest of its 64 bytes', () => {
  const { hashNode } = hasherNamed('blake3')!
  const left = new Uint8Array(32).fill(1)
  const right = new Uint8Array(32).fill(2)
  expect(hashNode(left, right)).toEqual(blake3(Uint8Array.from([...left, ...right])))
  expect(bytesToWords(wordsToBytes([5n, 6n]))).toEqual([5n, 6n])
})

test('a BLAKE3 transcript is a chain of digests of what it absorbs, as the audited implementation makes them', () => {
  const transcript = hasherNamed('blake3')!.createTranscript('chain')
  let state: Uint8Array = new Uint8Array(32)
  const chain = (tag: number, data: Uint8Array): void => {
    state = blake3(Uint8Array.from([...state, tag, ...wordsToBytes([BigInt(data.length)]), ...data]))
  }
  chain(0, new TextEncoder().encode('chain'))
  // From nothing to several chunks of the hash.
  for (const count of [0, 1, 4, 41, 128, 129, 3000]) {
    const words = Array.from({ length: 3 * count }, (_, i) => (BigInt(i) * 0x9e37_79b9_7f4a_7c15n) % P)
    const exts = Array.from({ length: count }, (_, i) => words.slice(3 * i, 3 * i + 3) as unknown as Ext)
    transcript.absorbExts(exts)
    chain(4, wordsToBytes(words))
    transcript.absorbBytes(wordsToBytes(words).subarray(1))
    chain(1, wordsToBytes(words).subarray(1))
    expect(transcript.squeezeDigest()).toEqual(blake3(Uint8Array.from([...state, 5, ...wordsToBytes([0n])])))
    expect(transcript.squeezeDigest()).toEqual(blake3(Uint8Array.from([...state, 5, ...wordsToBytes([1n])])))
  }
})
