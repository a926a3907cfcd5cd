/**
 * One quotient stands for all constraints of a shard. False constraints may not make up for each other, between instances
 * of one height or between heights, and what each of them adds may not be left out or weighted otherwise.
 */
import { EXT_ONE, EXT_ZERO, type Ext, extFromFelt, P, rootOfUnity } from '@zisk/field'
import { cosetPoint, encodeProof, type Hasher, type Proof, QUOTIENT_PIECES, verify, verifyProof } from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Backend, Commitment, QuotientRequest } from './backend/backend.ts'
import { createReferenceBackend } from './reference/reference-backend.ts'
import { interpolateCoset, transform } from './reference/transform.ts'
import { quotientAt } from './testing/constraints-at.ts'
import { withTranscripts } from './testing/hash-wrapper.ts'
import { machineWitness } from './testing/machine.ts'
import { type Machine, proveMachine, setupMachine } from './testing/proved-machine.ts'

const honest = createReferenceBackend()
let machine: Machine
beforeAll(async () => {
  machine = await setupMachine()
})

/** Error code of the verifier, or `ok`. */
function outcome(proof: Proof): string {
  const result = verify(encodeProof(proof), machine.key.prepared, machine.options)
  return result.ok ? 'ok' : result.error.code
}

/** The quotient from its values on the domain of twice the greatest height: a polynomial when all heights together are. */
async function commitWholeQuotient(request: QuotientRequest): Promise<Commitment> {
  const { layout, trees, hasher } = request
  const { logRows } = layout.heights[0]!
  const [rows, logLength] = [2 ** logRows, logRows + Math.log2(QUOTIENT_PIECES)]
  // Evaluations in layout order have places for the quotient, which is not there yet.
  const nothing = { matrices: [{ coefficients: new Array<bigint[]>(3 * QUOTIENT_PIECES).fill([0n]) }] }
  const values: Ext[] = []
  for (let position = 0; position < 2 ** logLength; position++) {
    const x = extFromFelt(cosetPoint(logLength, position))
    const evaluations = await honest.evaluate(layout, [...trees, nothing as unknown as Commitment], x)
    values.push(quotientAt(request, evaluations, x))
  }
  const coordinates = [0, 1, 2].map((k) => interpolateCoset(values.map((value) => value[k]!)))
  const columns = Array.from({ length: QUOTIENT_PIECES }, (_, piece) =>
    coordinates.map((c) =>
      BigUint64Array.from(transform(c.slice(piece * rows, (piece + 1) * rows), rootOfUnity(logRows))),
    ),
  ).flat()
  return honest.commit([await honest.load({ logRows, columns })], { logBlowup: layout.logBlowup, hasher })
}

const whole: Backend = { ...honest, quotient: commitWholeQuotient }

/** Transcripts whose constraint challenge is 1, so that all weights are equal. */
function withEqualWeights(): Hasher {
  return withTranscripts((transcript, domain) => {
    let isFirst = domain.endsWith(' shard')
    const squeezeExt = (): Ext => {
      const drawn = transcript.squeezeExt()
      const challenge = isFirst ? EXT_ONE : drawn
      isFirst = false
      return challenge
    }
    return { ...transcript, squeezeExt }
  })
}

/** A run whose column y is changed: by segment of User, row, and what is added. Even rows have no other constraint on y. */
function falseRun(
  logRows: readonly number[],
  changes: readonly (readonly [segment: number, row: number, by: bigint])[],
) {
  const witness = machineWitness(logRows)
  for (const [segment, row, by] of changes) {
    const y = witness.instances[1 + segment]!.witness[1]!
    y[row] = (y[row]! + by + P) % P
  }
  return witness
}

describe('an honest run', () => {
  test.each([[[4]], [[4, 3]], [[5, 4, 3, 3]], [[3]]])(
    'of User at 2^%j rows: the quotient of the definition',
    async (logs) => {
      const [expected, got] = await Promise.all(
        [whole, honest].map((backend) => proveMachine(machine, machineWitness(logs), { backend })),
      )
      expect(outcome(got!)).toBe('ok')
      expect(Buffer.compare(encodeProof(got!), encodeProof(expected!))).toBe(0)
    },
  )
})

describe('errors that would make up for each other', () => {
  // A pole of the one is a pole of the other: row r of 2^n rows is row 2 r of twice as many, where each row counts half.
  test.each([
    [
      'in two instances of one height',
      [4, 4],
      [
        [0, 2, 5n],
        [1, 2, -5n],
      ],
    ],
    [
      'in instances of two heights',
      [4, 3],
      [
        [0, 4, -10n],
        [1, 2, 5n],
      ],
    ],
    [
      'in three instances of two heights',
      [4, 4, 3],
      [
        [0, 4, -4n],
        [1, 4, -6n],
        [2, 2, 5n],
      ],
    ],
  ] as const)('%s: with equal weights they do, with ours they do not', async (_, logs, changes) => {
    const witness = () => falseRun(logs, changes)
    const hash = withEqualWeights()
    const fooled = await proveMachine(machine, witness(), { backend: whole, hash })
    expect(() => verifyProof(fooled, machine.key.prepared, machine.options, hash)).not.toThrow()
    expect(outcome(fooled)).not.toBe('ok')
    for (const backend of [whole, honest])
      expect(outcome(await proveMachine(machine, witness(), { backend }))).toBe('PROOF_CONSTRAINTS_FAILED')
    const equal = { ...whole, quotient: (request: QuotientRequest) => whole.quotient({ ...request, lambda: EXT_ONE }) }
    expect(outcome(await proveMachine(machine, witness(), { backend: equal }))).toBe('PROOF_CONSTRAINTS_FAILED')
  })

  test('one of them alone is not hidden by equal weights either', async () => {
    const hash = withEqualWeights()
    for (const [segment, row, by] of [
      [0, 4, -10n],
      [1, 2, 5n],
    ] as const) {
      const proof = await proveMachine(machine, falseRun([4, 3], [[segment, row, by]]), { backend: whole, hash })
      expect(() => verifyProof(proof, machine.key.prepared, machine.options, hash)).toThrow(/constraints/)
    }
  })

  test('an instance of each AIR that is wrong alone is found', async () => {
    for (const [position, column] of [
      [0, 0],
      [1, 1],
      [2, 1],
      [3, 0],
    ] as const) {
      const witness = machineWitness([4, 3])
      witness.instances[position]!.witness[column]![2]! += 1n
      expect(outcome(await proveMachine(machine, witness)), `instance ${position}`).not.toBe('ok')
    }
  })
})

describe('a quotient of something else', () => {
  const changed = (change: (request: QuotientRequest) => Partial<QuotientRequest['layout']>): Backend => ({
    ...honest,
    quotient: (request) => honest.quotient({ ...request, layout: { ...request.layout, ...change(request) } }),
  })
  test.each<readonly [string, Backend]>([
    ['without the lower height', changed(({ layout: { heights } }) => ({ heights: heights.slice(0, 1) }))],
    [
      'with the instances of a height weighted in another order',
      changed(({ layout: { heights } }) => ({
        heights: heights.map((height) => ({ ...height, instances: [...height.instances].reverse() })),
      })),
    ],
    [
      'without one instance',
      changed(({ layout: { heights } }) => ({
        heights: heights.map((height) => ({ ...height, instances: height.instances.slice(0, 2) })),
      })),
    ],
    ['with another challenge', { ...honest, quotient: (r) => honest.quotient({ ...r, lambda: [2n, 3n, 5n] }) }],
  ])('%s', async (_, backend) => {
    expect(outcome(await proveMachine(machine, machineWitness([4, 3]), { backend }))).toBe('PROOF_CONSTRAINTS_FAILED')
  })

  test('pieces that changed places at z, or one that is zero', async () => {
    const forgeries: ((pieces: readonly Ext[]) => readonly Ext[])[] = [
      (pieces) => [...pieces].reverse(),
      ([first]) => [first!, EXT_ZERO],
      ([, second]) => [EXT_ZERO, second!],
    ]
    for (const forge of forgeries) {
      const backend: Backend = {
        ...honest,
        evaluate: async (layout, trees, z) => {
          const evaluations = await honest.evaluate(layout, trees, z)
          const first = layout.heights[0]!.terms.length - QUOTIENT_PIECES
          const pieces = forge(evaluations.slice(first, first + QUOTIENT_PIECES))
          return [...evaluations.slice(0, first), ...pieces, ...evaluations.slice(first + QUOTIENT_PIECES)]
        },
      }
      expect(outcome(await proveMachine(machine, undefined, { backend }))).toBe('PROOF_CONSTRAINTS_FAILED')
    }
  })
})
