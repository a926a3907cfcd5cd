/** Attacks on proofs: every value changed, proofs of other statements, runs put together wrongly, dishonest provers. */
import { EXT_ZERO, type Ext, P } from '@zisk/field'
import {
  decodeProof,
  EMPTY_PROGRAM_KEY,
  encodeProof,
  type Proof,
  prepareVerifyingKey,
  profileNamed,
  programDigest,
  type ShardProof,
  verify,
} from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Backend } from './backend/backend.ts'
import { createReferenceBackend } from './reference/reference-backend.ts'
import { setup } from './setup.ts'
import { elementsOf } from './testing/elements.ts'
import { withTranscripts } from './testing/hash-wrapper.ts'
import { buildMachine, MACHINE_AIR, machineWitness } from './testing/machine.ts'
import { type Machine, proveMachine, setupMachine } from './testing/proved-machine.ts'

let machine: Machine
let proof: Proof
let sharded: Proof

beforeAll(async () => {
  machine = await setupMachine()
  proof = await proveMachine(machine)
  sharded = await proveMachine(machine, undefined, {
    shards: [
      [0, 1],
      [2, 3],
    ],
  })
})

/** Error code of the verifier, or `ok`. */
function outcome(candidate: Proof, options: Partial<Parameters<typeof verify>[2]> = {}): string {
  return outcomeOfBytes(encodeProof(candidate), options)
}

function outcomeOfBytes(bytes: Uint8Array, options: Partial<Parameters<typeof verify>[2]> = {}): string {
  const result = verify(bytes, machine.key.prepared, { ...machine.options, ...options })
  return result.ok ? 'ok' : result.error.code
}

function withShard(base: Proof, k: number, change: (shard: ShardProof) => Partial<ShardProof>): Proof {
  return { ...base, shards: base.shards.map((shard, i) => (i === k ? { ...shard, ...change(shard) } : shard)) }
}

describe('tampering', () => {
  test('honest proofs verify', () => {
    expect(outcome(proof)).toBe('ok')
    expect(outcome(sharded)).toBe('ok')
  })

  test('every value outside the openings, and a sample of the opened ones, is checked', () => {
    const elements = elementsOf(sharded)
    const isOpening = (path: string) => /penings/.test(path)
    const sampled = elements.filter(({ path }, i) => !isOpening(path) || i % 2 === 0)
    expect(sampled.length).toBeGreaterThan(500)
    const survivors = sampled.filter(({ tampered }) => outcome(tampered()) === 'ok')
    expect(survivors.map(({ path }) => path)).toEqual([])
  })

  test('lists of other lengths are refused', () => {
    const cut = <T>(list: readonly T[]) => list.slice(0, -1)
    const longer = <T>(list: readonly T[]) => [...list, list[0]!]
    for (const change of [cut, longer]) {
      for (const key of ['evaluations', 'foldingRoots', 'finalPolynomial', 'openings', 'foldingOpenings'] as const)
        expect(outcome(withShard(proof, 0, (shard) => ({ [key]: change(shard[key] as never[]) }))), key).toBe(
          'PROOF_SHAPE_INVALID',
        )
      expect(outcome({ ...proof, publics: change(proof.publics) })).toBe('PROOF_SHAPE_INVALID')
      const siblings = (shard: ShardProof) => shard.openings.map((o) => ({ ...o, siblings: change(o.siblings) }))
      expect(outcome(withShard(proof, 0, (shard) => ({ openings: siblings(shard) })))).toBe('PROOF_SHAPE_INVALID')
      const rows = (shard: ShardProof) =>
        shard.openings.map((o) => ({ ...o, rows: BigUint64Array.from(change([...o.rows])) }))
      expect(outcome(withShard(proof, 0, (shard) => ({ openings: rows(shard) })))).toBe('PROOF_SHAPE_INVALID')
    }
    const { stage2Root: _, ...withoutRoot } = proof.shards[0]!
    expect(outcome({ ...proof, shards: [withoutRoot] })).toBe('PROOF_SHAPE_INVALID')
  })
})

describe('bytes', () => {
  test('every truncation and any appended byte is refused with a typed code', () => {
    const bytes = encodeProof(proof)
    for (let length = 0; length < bytes.length; length += length < 600 ? 1 : 997) {
      const code = outcomeOfBytes(bytes.subarray(0, length))
      expect(['PROOF_TRUNCATED', 'PROOF_NOT_RECOGNISED', 'PROGRAM_KEY_INVALID']).toContain(code)
    }
    const appended = new Uint8Array(bytes.length + 1)
    appended.set(bytes)
    expect(outcomeOfBytes(appended)).toBe('PROOF_TRAILING_BYTES')
  })

  test('so is a truncation around the end of every section', () => {
    const [shard] = proof.shards as [ShardProof]
    const sections = ['instances', 'evaluations', 'foldingRoots', 'finalPolynomial', 'openings', 'foldingOpenings']
    const ends = sections.flatMap((section, i) => {
      const empty = Object.fromEntries(sections.slice(i + 1).map((later) => [later, []]))
      const list = shard[section as 'openings']
      return list.map((_, k) => {
        const begun = { ...shard, ...empty, [section]: list.slice(0, k + 1) }
        return encodeProof({ ...proof, shards: [begun as ShardProof] }).length
      })
    })
    const bytes = encodeProof(proof)
    expect(Math.max(...ends)).toBe(bytes.length)
    // What follows a section in such a proof are empty lists, roots and a nonce: less than 150 bytes.
    const lengths = new Set(ends.flatMap((end) => Array.from({ length: 150 }, (_, i) => end - 1 - i)))
    for (const length of lengths) expect(outcomeOfBytes(bytes.subarray(0, length)), `${length}`).toBe('PROOF_TRUNCATED')
  })

  test('sections of equal form may not change places', () => {
    const [shard] = proof.shards as [ShardProof]
    const { stage1Root, stage2Root, quotientRoot, openings, foldingOpenings, foldingRoots, evaluations } = shard
    const swaps: Partial<ShardProof>[] = [
      { stage1Root: stage2Root!, stage2Root: stage1Root },
      { stage1Root: quotientRoot, quotientRoot: stage1Root },
      { stage2Root: quotientRoot, quotientRoot: stage2Root! },
      { foldingRoots: [...foldingRoots].reverse() },
      { foldingRoots: [quotientRoot, ...foldingRoots.slice(1)], quotientRoot: foldingRoots[0]! },
      { openings: [...openings].reverse() },
      { foldingOpenings: [...foldingOpenings].reverse() },
      { openings: foldingOpenings, foldingOpenings: openings },
      { openings: openings.map((opening) => ({ ...opening, siblings: [...opening.siblings].reverse() })) },
      { evaluations: [...evaluations].reverse() },
      { finalPolynomial: [...shard.finalPolynomial].reverse() },
    ]
    for (const [i, swap] of swaps.entries()) expect(outcome(withShard(proof, 0, () => swap)), `${i}`).not.toBe('ok')
  })

  test('every word is accepted in its canonical form only', () => {
    const words = elementsOf(sharded).filter(({ path, value }) => typeof value === 'bigint' && !/nonce$/.test(path))
    expect(words.length).toBeGreaterThan(300)
    let congruent = 0
    for (const { path, value, replaced } of words) {
      const other = (value as bigint) + P < 2n ** 64n ? (value as bigint) + P : P
      if (other > P) congruent++
      expect(outcome(replaced(other)), path).toBe('PROOF_NOT_CANONICAL')
    }
    // The same element in another form, not only another element.
    expect(congruent).toBeGreaterThan(3)
  })

  test('decode then encode gives the same bytes', () => {
    const bytes = encodeProof(sharded)
    expect(encodeProof(decodeProof(bytes))).toEqual(bytes)
  })

  test('random damage never crashes the verifier', () => {
    const seed = 0x2545f491
    let state = seed
    const random = (below: number) => {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9
      return (state >>> 0) % below
    }
    const bytes = encodeProof(proof)
    for (let round = 0; round < 300; round++) {
      const copy = bytes.slice(0, random(4) === 0 ? random(bytes.length) : bytes.length)
      const early = random(2) === 0
      for (let i = 0; i <= random(8); i++) copy[random(early ? Math.min(400, copy.length) : copy.length)] = random(256)
      const code = outcomeOfBytes(copy)
      expect(code === 'ok' ? copy : code, `seed ${seed}, round ${round}`).not.toEqual('')
      if (code === 'ok') expect(copy).toEqual(bytes)
    }
  })
})

describe('binding', () => {
  test('the program, the publics, the setup and the profile are the ones named', async () => {
    expect(outcome(proof, { programDigest: programDigest(EMPTY_PROGRAM_KEY) })).toBe('PROOF_PROGRAM_MISMATCH')
    expect(outcome(proof, { publics: [1n, 2n] })).toBe('PROOF_PUBLICS_MISMATCH')
    expect(outcome(proof, { publics: proof.publics })).toBe('ok')
    expect(outcome(proof, { acceptInsecure: false })).toBe('PROOF_PARAMETERS_REFUSED')
    expect(outcome({ ...proof, profile: 99 })).toBe('PROOF_PARAMETERS_UNKNOWN')
    expect(outcome({ ...proof, hash: 99 })).toBe('PROOF_PARAMETERS_UNKNOWN')
    expect(outcome({ ...proof, profile: profileNamed('std128').id })).not.toBe('ok')
    const other = await setup(buildMachine(), { backend: createReferenceBackend(), singles: ['Rom'] })
    const result = verify(encodeProof(proof), other.prepared, machine.options)
    expect(result.ok ? 'ok' : result.error.code).toBe('PROOF_SETUP_MISMATCH')
  })

  test('a proof of one program does not pass as one of another', async () => {
    const bigger = await setupMachine(5)
    const code = outcome({ ...proof, programKey: bigger.programKey }, bigger.options)
    expect(code).toBe('PROOF_INSTANCES_INVALID')
    const sameHeight = { ...machine.programKey, romFormat: 7 }
    const swapped = outcome({ ...proof, programKey: sameHeight }, { programDigest: programDigest(sameHeight) })
    expect(swapped).not.toBe('ok')
  })

  test('the publics of one run do not go with the proof of another', async () => {
    const longer = await proveMachine(machine, machineWitness([4, 3, 3]))
    expect(outcome({ ...proof, publics: longer.publics })).not.toBe('ok')
  })

  test('a malformed verifying key is refused', () => {
    const { verifyingKey } = machine.key
    expect(() => prepareVerifyingKey(verifyingKey.subarray(0, 100))).toThrow(/expected/)
    expect(() => prepareVerifyingKey(new Uint8Array([...verifyingKey, 0]))).toThrow(/follow the end/)
  })
})

describe('instances', () => {
  const instancesOf = (base: Proof, change: (shard: ShardProof) => ShardProof['instances']) =>
    outcome(withShard(base, 0, (shard) => ({ instances: change(shard) })))

  test('none may be missing, doubled, swapped, renumbered or of another height', () => {
    const invalid = 'PROOF_INSTANCES_INVALID'
    const user = 1
    expect(instancesOf(proof, ({ instances }) => instances.filter((_, i) => i !== user))).toBe(invalid)
    expect(instancesOf(proof, ({ instances }) => [...instances, instances[0]!])).toBe(invalid)
    expect(instancesOf(proof, ({ instances }) => [...instances].reverse())).toBe(invalid)
    expect(instancesOf(proof, ({ instances }) => instances.map((x) => ({ ...x, segment: x.segment + 1 })))).toBe(
      invalid,
    )
    expect(instancesOf(proof, ({ instances }) => instances.map((x) => ({ ...x, logRows: 20 })))).toBe(invalid)
    expect(instancesOf(proof, ({ instances }) => instances.map((x) => ({ ...x, air: 7 })))).toBe(invalid)
    expect(instancesOf(proof, () => [])).toBe(invalid)
    expect(outcome({ ...proof, shards: [] })).toBe(invalid)
    expect(outcome({ ...proof, shards: [proof.shards[0]!, proof.shards[0]!] })).toBe(invalid)
    expect(outcome({ ...sharded, shards: [sharded.shards[1]!] })).toBe(invalid)
    expect(outcome({ ...sharded, shards: [sharded.shards[0]!] })).toBe('PROOF_GLOBAL_CONSTRAINT_FAILED')
  })

  test('shards may not change places', () => {
    expect(outcome({ ...sharded, shards: [...sharded.shards].reverse() })).not.toBe('ok')
  })

  test('a shard of another run does not fit', async () => {
    const witness = machineWitness([4, 3])
    const other = await proveMachine(
      machine,
      { ...witness, publics: [...witness.publics] },
      {
        shards: [
          [0, 2],
          [1, 3],
        ],
      },
    )
    expect(outcome({ ...sharded, shards: [sharded.shards[0]!, other.shards[1]!] })).not.toBe('ok')
  })
})

describe('dishonest provers', () => {
  const honest = createReferenceBackend()

  test('a wrong cell: the constraints fail at z', async () => {
    const witness = machineWitness([4, 3])
    witness.instances[1]!.witness[1]![2]! += 1n
    expect(outcome(await proveMachine(machine, witness))).toBe('PROOF_CONSTRAINTS_FAILED')
  })

  test('a value outside the table: the sums do not balance', async () => {
    const witness = machineWitness([4, 3])
    const table = witness.instances.find(({ air }) => air === MACHINE_AIR.table)!
    table.witness[0]![3]! += 1n
    expect(outcome(await proveMachine(machine, witness))).toBe('PROOF_GLOBAL_CONSTRAINT_FAILED')
  })

  test('a wrong sum that balances: the constraints fail at z', async () => {
    const witness = machineWitness([4, 3])
    const table = witness.instances.find(({ air }) => air === MACHINE_AIR.table)!.witness[0]!
    const balanced = table.slice()
    table[3]! += 1n
    const lying: Backend = {
      ...honest,
      stage2: async (instance, context) => {
        const stage2 = await honest.stage2(instance, context)
        if (instance.shape.index !== MACHINE_AIR.table) return stage2
        const claimed = await honest.stage2(
          { ...instance, stage1: await honest.load({ logRows: instance.logRows, columns: [balanced] }) },
          context,
        )
        return { ...stage2, airGroupValues: claimed.airGroupValues }
      },
    }
    expect(outcome(await proveMachine(machine, witness, { backend: lying }))).toBe('PROOF_CONSTRAINTS_FAILED')
  })

  test('a column of too high a degree: folding ends in no polynomial', async () => {
    const bumpy: Backend = {
      ...honest,
      deep: async (request) => {
        const codewords = await honest.deep(request)
        const [first] = codewords as unknown as { values: (readonly [bigint, bigint, bigint])[] }[]
        first!.values = first!.values.map((value, i) => (i % 3 === 0 ? [value[0] ^ 1n, value[1], value[2]] : value))
        return codewords
      },
    }
    expect(outcome(await proveMachine(machine, undefined, { backend: bumpy }))).not.toBe('ok')
  })

  test('no work: the nonce is refused', async () => {
    const lazy: Backend = {
      ...honest,
      grind: async (work, bits) => {
        let nonce = 0n
        while (work.checkWork(nonce, bits)) nonce++
        return nonce
      },
    }
    expect(outcome(await proveMachine(machine, undefined, { backend: lazy }))).toBe('PROOF_WORK_MISSING')
  })

  test('challenges that hit a denominator stop an honest prover with a typed error', async () => {
    // alpha = 0 and gamma = -5 make every denominator of bus 5 zero
    const chosen: Ext[] = [EXT_ZERO, [P - 5n, 0n, 0n]]
    const hash = withTranscripts((transcript, domain) => ({
      ...transcript,
      squeezeExt: () => (domain.endsWith(' run') && chosen.shift()) || transcript.squeezeExt(),
    }))
    await expect(proveMachine(machine, undefined, { hash })).rejects.toMatchObject({ code: 'PROVER_DENOMINATOR_ZERO' })
  })
})
