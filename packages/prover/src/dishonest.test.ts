/** Provers that commit to something else than they compute with, transcripts that forget, and counts made to exhaust. */
import { processorMs } from '@zisk/core/processor-ms'
import { P, pow, rootOfUnity } from '@zisk/field'
import { cosetPoint, encodeProof, type Hasher, type Proof, verify, verifyProof } from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Backend, Commitment } from './backend/backend.ts'
import { createReferenceBackend } from './reference/reference-backend.ts'
import { buildTree } from './reference/tree.ts'
import { withTranscripts } from './testing/hash-wrapper.ts'
import { machineWitness } from './testing/machine.ts'
import { type Machine, proveMachine, setupMachine } from './testing/proved-machine.ts'

let machine: Machine
beforeAll(async () => {
  machine = await setupMachine()
})

function outcome(proof: Proof): string {
  return outcomeOfBytes(encodeProof(proof))
}

function outcomeOfBytes(bytes: Uint8Array): string {
  const result = verify(bytes, machine.key.prepared, machine.options)
  return result.ok ? 'ok' : result.error.code
}

/** What the reference back end knows of a commitment. */
interface Committed extends Commitment {
  readonly matrices: readonly { readonly values: readonly BigUint64Array[] }[]
  readonly tree: ReturnType<typeof buildTree>
}

/**
 * A back end that adds a multiple of the vanishing polynomial to the first column of the first stage-1 commitment: on the
 * trace nothing changes, but the degree is too high.
 *
 * @param isConsistent whether the low-degree test works on the committed column, or on the honest one
 */
function tooHigh(isConsistent: boolean): Backend {
  const honest = createReferenceBackend()
  let isFirst = true
  return {
    ...honest,
    commit: async (matrices, options) => {
      const committed = (await honest.commit(matrices, options)) as Committed
      if (!isFirst) return committed
      isFirst = false
      const [column] = committed.matrices[0]!.values
      const forged = column!.slice()
      const logLength = Math.log2(forged.length)
      const rows = 2n ** BigInt(logLength - options.logBlowup)
      for (let i = 0; i < forged.length; i++)
        forged[i] = (forged[i]! + 5n * (pow(cosetPoint(logLength, i), rows) + P - 1n)) % P
      expect(pow(rootOfUnity(logLength - options.logBlowup), rows)).toBe(1n)
      const tree = buildTree(options.hasher, committed.shape, (m, position, c) =>
        m === 0 && c === 0 ? forged[position]! : committed.matrices[m]!.values[c]![position]!,
      )
      const values = committed.matrices.map((matrix, m) =>
        m === 0 && isConsistent ? { ...matrix, values: [forged, ...matrix.values.slice(1)] } : matrix,
      )
      return { ...committed, root: tree.nodes[0]![0]!, tree, matrices: values } as Commitment
    },
  }
}

describe('a committed column of too high a degree', () => {
  test('beside a low-degree test of the honest one: the openings do not fit the codewords', async () => {
    const proof = await proveMachine(machine, undefined, { backend: tooHigh(false) })
    expect(['PROOF_OPENING_INVALID', 'PROOF_FOLDING_INVALID']).toContain(outcome(proof))
  })

  test('with the honest values at z: the codeword is no polynomial', async () => {
    const proof = await proveMachine(machine, undefined, { backend: tooHigh(true) })
    expect(['PROOF_CONSTRAINTS_FAILED', 'PROOF_FOLDING_INVALID']).toContain(outcome(proof))
  })
})

test('values of two columns at z that changed places', async () => {
  const honest = createReferenceBackend()
  const backend: Backend = {
    ...honest,
    evaluate: async (...request) => {
      const [first, second, ...rest] = await honest.evaluate(...request)
      return [second!, first!, ...rest]
    },
  }
  expect(outcome(await proveMachine(machine, undefined, { backend }))).toBe('PROOF_CONSTRAINTS_FAILED')
})

test('an opened row of another position', async () => {
  const honest = createReferenceBackend()
  const backend: Backend = {
    ...honest,
    open: (commitment, positions) =>
      honest.open(
        commitment,
        [...positions.slice(0, -1), (positions.at(-1)! ^ 1) >>> 0].sort((x, y) => x - y),
      ),
  }
  const proof = await proveMachine(machine, undefined, { backend })
  expect(['PROOF_OPENING_INVALID', 'PROOF_SHAPE_INVALID']).toContain(outcome(proof))
})

describe('challenges that do not depend on all that was said', () => {
  const absorbs = ['absorbBytes', 'absorbDigest', 'absorbFelts', 'absorbExts'] as const

  /** A hasher whose transcripts of one kind forget one absorb. */
  function forgetful(suffix: string, method: (typeof absorbs)[number], skipped: number): Hasher {
    return withTranscripts((transcript, domain) => {
      if (!domain.endsWith(suffix)) return transcript
      let count = 0
      const forgetting = (value: never) => {
        if (count++ !== skipped) transcript[method](value)
      }
      return { ...transcript, [method]: forgetting }
    })
  }

  test.each([
    [' run', 'absorbFelts', 0],
    [' run', 'absorbDigest', 0],
    [' record', 'absorbDigest', 0],
    [' shard', 'absorbDigest', 1],
    [' shard', 'absorbExts', 1],
    [' shard', 'absorbDigest', 2],
    [' shard', 'absorbExts', 4],
  ] as const)(
    "without the%s transcript's %s number %i: a verifier that forgets it too accepts, ours does not",
    async (suffix, method, skipped) => {
      const hash = forgetful(suffix, method, skipped)
      const proof = await proveMachine(machine, machineWitness([4, 3]), { hash })
      expect(() => verifyProof(proof, machine.key.prepared, machine.options, hash)).not.toThrow()
      expect(outcome(proof)).not.toBe('ok')
    },
  )

  test('a constraint challenge used again as the out-of-domain point', async () => {
    const hash = withTranscripts((transcript, domain) => {
      if (!domain.endsWith(' shard')) return transcript
      let first: ReturnType<typeof transcript.squeezeExt> | undefined
      const squeezeExt = () => {
        const drawn = transcript.squeezeExt()
        first ??= drawn
        return first
      }
      return { ...transcript, squeezeExt }
    })
    const proof = await proveMachine(machine, machineWitness([4, 3]), { hash })
    expect(() => verifyProof(proof, machine.key.prepared, machine.options, hash)).not.toThrow()
    expect(outcome(proof)).not.toBe('ok')
  })
})

test('huge counts anywhere are refused as quickly as an honest proof is accepted', async () => {
  const shards = [
    [0, 1],
    [2, 3],
  ]
  const bytes = encodeProof(await proveMachine(machine, undefined, { shards }))
  const honestStart = processorMs()
  expect(outcomeOfBytes(bytes)).toBe('ok')
  const honest = processorMs() - honestStart
  for (let at = 0; at + 4 <= bytes.length; at += at < 600 ? 1 : 997) {
    for (const count of [0xffff_ffff, 0x7fff_ffff, 0x0100_0000, 0]) {
      const copy = bytes.slice()
      new DataView(copy.buffer).setUint32(at, count, true)
      if (copy.every((byte, i) => byte === bytes[i])) continue
      const start = processorMs()
      expect(outcomeOfBytes(copy), `byte ${at}: ${count}`).not.toBe('ok')
      expect(processorMs() - start, `byte ${at}: ${count}`).toBeLessThan(5 * honest + 200)
    }
  }
})
