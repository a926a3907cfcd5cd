/**
 * Every value that a prover sends before the queries changes every challenge after it. The same test is run against
 * transcripts that forget one absorb, to show that it would notice.
 */
import { type Hasher, hasherNamed, type Proof, ShardTranscript, startRun } from '@zisk/verifier'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Element, elementsOf } from './testing/elements.ts'
import { withTranscripts } from './testing/hash-wrapper.ts'
import { machineWitness } from './testing/machine.ts'
import { proveMachine, setupMachine } from './testing/proved-machine.ts'

let proof: Proof
let elements: Element[]

beforeAll(async () => {
  proof = await proveMachine(await setupMachine(), machineWitness([4, 3]), {
    shards: [
      [0, 1],
      [2, 3],
    ],
  })
  elements = elementsOf(proof).filter(({ path }) => !/penings|^hash$/.test(path))
})

/** Rounds of a shard; the positions come after all folding rounds. */
const ROUND = { constraint: 0, outOfDomain: 1, batching: 2, folding: 3, positions: 1000 } as const

interface Drawn {
  /** Shard, or -1 for the challenges of the run. */
  readonly shard: number
  readonly round: number
  readonly value: string
}

/** Challenges of a proof in the order in which the verifier draws them. */
function challengesOf(candidate: Proof, hasher: Hasher): Drawn[] {
  const run = startRun(hasher, candidate, candidate.shards, 2)
  const drawn = run.challenges.map((challenge): Drawn => ({ shard: -1, round: 0, value: challenge.join() }))
  for (const [shard, messages] of candidate.shards.entries()) {
    const draw = (round: number, value: readonly (bigint | number)[]) =>
      drawn.push({ shard, round, value: value.join() })
    const transcript = new ShardTranscript(hasher, run, shard)
    draw(ROUND.constraint, transcript.constraintChallenge(messages.stage2Root, messages.instances))
    draw(ROUND.outOfDomain, transcript.outOfDomainPoint(messages.quotientRoot))
    draw(ROUND.batching, transcript.batchingChallenge(messages.evaluations))
    for (const [r, root] of messages.foldingRoots.entries()) draw(ROUND.folding + r, transcript.foldingChallenge(root))
    transcript.finalPolynomial(messages.finalPolynomial)
    draw(ROUND.positions, transcript.queryPositions(messages.nonce, 20, 30))
  }
  return drawn
}

/** Whether a challenge must depend on the value at a path. */
function mustDepend({ shard, round }: Drawn, path: string): boolean {
  const [shards, k, name, index, field] = path.split('.')
  const ofRun = shards !== 'shards' || name === 'stage1Root' || (name === 'instances' && !/2$|Group/.test(field!))
  if (ofRun) return true
  const first = {
    instances: ROUND.constraint,
    stage2Root: ROUND.constraint,
    quotientRoot: ROUND.outOfDomain,
    evaluations: ROUND.batching,
    foldingRoots: ROUND.folding + Number(index),
  }[name!]
  return shard === Number(k) && round >= (first ?? ROUND.positions)
}

/** Elements whose change leaves some challenge that must depend on them as it was. */
function unbound(hasher: Hasher, step = 1): string[] {
  const honest = challengesOf(proof, hasher)
  return elements
    .filter((_, i) => i % step === 0)
    .filter(({ path, tampered }) => {
      const got = challengesOf(tampered(), hasher)
      return honest.some((challenge, i) => mustDepend(challenge, path) && challenge.value === got[i]!.value)
    })
    .map(({ path }) => path)
}

describe('transcript', () => {
  test('every value is bound', () => {
    expect(elements.length).toBeGreaterThan(150)
    expect(unbound(hasherNamed('blake3')!)).toEqual([])
  })

  test('so is a sample of them under Poseidon2', () => {
    expect(unbound(hasherNamed('poseidon2')!, 13)).toEqual([])
  })

  const absorbs = ['absorbBytes', 'absorbDigest', 'absorbFelts', 'absorbExts'] as const
  test.each([
    [' run', 'absorbBytes', 0],
    [' run', 'absorbBytes', 1],
    [' run', 'absorbFelts', 0],
    [' run', 'absorbDigest', 0],
    [' record', 'absorbFelts', 1],
    [' record', 'absorbFelts', 2],
    [' record', 'absorbDigest', 0],
    [' shard', 'absorbDigest', 1],
    [' shard', 'absorbExts', 0],
    [' shard', 'absorbExts', 1],
    [' shard', 'absorbDigest', 2],
    [' shard', 'absorbExts', 4],
    [' shard', 'absorbDigest', 3],
    [' shard', 'absorbExts', 5],
    [' shard', 'absorbBytes', 0],
  ] as const)("without the%s transcript's %s number %i something is not", (suffix, method, skipped) => {
    const forgetful = withTranscripts((transcript, domain) => {
      if (!domain.endsWith(suffix)) return transcript
      const counts = new Map<string, number>()
      const forgetting = (name: (typeof absorbs)[number]) => (value: never) => {
        const count = counts.get(name) ?? 0
        counts.set(name, count + 1)
        if (name !== method || count !== skipped) transcript[name](value)
      }
      return { ...transcript, ...Object.fromEntries(absorbs.map((name) => [name, forgetting(name)])) }
    })
    expect(unbound(forgetful)).not.toEqual([])
  })
})
