import { type Ext, P } from '@zisk/field'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VerificationError } from '../errors.ts'
import { decodeProgramKey, encodeProgramKey, programDigest } from '../key/program-key.ts'
import { decodeVerifyingKey } from '../key/verifying-key.ts'
import type { Proof, ShardProof } from './proof.ts'
import { decodeProof, encodeProof } from './proof-codec.ts'

const SEED = 20_261_120

const felt = fc.oneof(fc.bigInt({ min: 0n, max: P - 1n }), fc.constantFrom(0n, 1n, P - 1n, 0xffff_ffffn))
const ext = fc.tuple(felt, felt, felt) as fc.Arbitrary<Ext>
const short = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 })
const u32 = fc.nat({ max: 0xffff_ffff })
const u8 = fc.nat({ max: 255 })
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 })
const opening = fc.record({ rows: short(felt).map((words) => BigUint64Array.from(words)), siblings: short(digest) })
const shardParts = {
  instances: short(
    fc.record({
      air: u32,
      segment: u32,
      logRows: u8,
      airValues1: short(felt),
      airValues2: short(ext),
      airGroupValues: short(ext),
    }),
  ),
  stage1Root: digest,
  quotientRoot: digest,
  evaluations: short(ext),
  foldingRoots: short(digest),
  finalPolynomial: short(ext),
  nonce: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  openings: short(opening),
  foldingOpenings: short(opening),
}
const shard: fc.Arbitrary<ShardProof> = fc.oneof(
  fc.record(shardParts),
  fc.record({ ...shardParts, stage2Root: digest }),
)
const programKey = fc.record({
  romFormat: u32,
  memoryMap: u32,
  exitMode: u32,
  commits: short(
    fc.record({
      name: fc.string({ unit: 'grapheme', maxLength: 8 }),
      logRows: u8,
      roots: short(fc.record({ hash: fc.constantFrom(1, 2), logBlowup: u8, root: digest })),
    }),
  ),
})
const proof: fc.Arbitrary<Proof> = fc.record({
  profile: u8,
  hash: fc.constant(1),
  setupDigest: digest,
  programKey,
  publics: short(felt),
  proofValues: short(felt),
  shards: short(shard),
})

/** Outcome of a decoder: its value, or the code of its typed error. Anything else is a bug and goes through. */
function attempt<T>(decode: () => T): T | string {
  try {
    return decode()
  } catch (error) {
    if (error instanceof VerificationError) return error.code
    throw error
  }
}

describe(`codecs (seed ${SEED})`, () => {
  test('a proof survives encoding, and only its own bytes decode to it', () => {
    fc.assert(
      fc.property(proof, fc.nat(), u8, (value, at, byte) => {
        const bytes = encodeProof(value)
        expect(decodeProof(bytes)).toEqual(value)
        const changed = bytes.slice()
        changed[at % bytes.length] = byte
        const outcome = attempt(() => decodeProof(changed))
        if (typeof outcome !== 'string') expect(encodeProof(outcome)).toEqual(changed)
      }),
      { seed: SEED, numRuns: 300 },
    )
  })

  test('no prefix and no extension of a proof is one', () => {
    fc.assert(
      fc.property(proof, fc.nat(), u8, (value, at, byte) => {
        const bytes = encodeProof(value)
        expect(attempt(() => decodeProof(bytes.subarray(0, at % bytes.length)))).toMatch(/^(PROOF|PROGRAM)_/)
        expect(attempt(() => decodeProof(Uint8Array.from([...bytes, byte])))).toBe('PROOF_TRAILING_BYTES')
      }),
      { seed: SEED, numRuns: 100 },
    )
  })

  test('any bytes are a value or a typed error, for every decoder', () => {
    const header = encodeProof({
      profile: 1,
      hash: 1,
      setupDigest: new Uint8Array(32),
      programKey: { romFormat: 0, memoryMap: 0, exitMode: 0, commits: [] },
      publics: [],
      proofValues: [],
      shards: [],
    })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: header.length }), (noise, keep) => {
        attempt(() => decodeProof(Uint8Array.from([...header.subarray(0, keep), ...noise])))
        attempt(() => decodeProgramKey(noise))
        attempt(() => decodeVerifyingKey(noise))
      }),
      { seed: SEED, numRuns: 1000 },
    )
  })

  test('a list length that the bytes cannot hold allocates nothing', () => {
    const bytes = Uint8Array.from([...encodeProgramKey({ romFormat: 0, memoryMap: 0, exitMode: 0, commits: [] })])
    bytes.fill(0xff, 12)
    expect(attempt(() => decodeProgramKey(bytes))).toBe('PROGRAM_KEY_INVALID')
  })

  test('program keys differ in their digest when anything differs', () => {
    fc.assert(
      fc.property(programKey, programKey, (x, y) => {
        const [a, b] = [encodeProgramKey(x), encodeProgramKey(y)]
        expect(decodeProgramKey(a)).toEqual(x)
        const same = a.length === b.length && a.every((byte, i) => byte === b[i])
        expect(programDigest(x).join() === programDigest(y).join()).toBe(same)
      }),
      { seed: SEED, numRuns: 200 },
    )
  })
})
