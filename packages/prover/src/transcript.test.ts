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

/** Challenges of a proof in the order in which the verifier draws them. */
function challengesOf(candidate: Proof, hasher: Hasher): string[] {
  const run = startRun(hasher, candidate, candidate.shards, 2)
  const drawn: unknown[] = [...run.challenges]
  for (const [k, shard] of candidate.shards.entries()) {
    const transcript = new ShardTranscript(hasher, run, k)
    drawn.push(transcript.constraintChallenge(shard.stage2Root, shard.instances))
    drawn.push(transcript.outOfDomainPoint(shard.quotientRoot))
    drawn.push(transcript.batchingChallenge(shard.evaluations))
    for (const root of shard.foldingRoots) drawn.push(transcript.foldingChallenge(root))
    transcript.finalPolynomial(shard.finalPolynomial)
    drawn.push(transcript.queryPositions(shard.nonce, 20, 30))
  }
  return drawn.map((challenge) => (challenge as unknown[]).join())
}

/** Number of challenges of one shard after its stage 2, by what precedes them. */
function firstChallengeAfter(path: string): number {
  const [shards, k, name, index, field] = path.split('.')
  const rounds = proof.shards[0]!.foldingRoots.length
  const start = 2 + Number(k) * (rounds + 4)
  if (shards !== 'shards') return 0
  if (name === 'stage1Root') return 0
  if (name === 'instances') return field === 'airValues2' || field === 'airGroupValues' ? start : 0
  if (name === 'stage2Root') return start
  if (name === 'quotientRoot') return start + 1
  if (name === 'evaluations') return start + 2
  if (name === 'foldingRoots') return start + 3 + Number(index)
  return start + 3 + rounds
}

/** Elements whose change leaves some challenge that must depend on them as it was. */
function unbound(hasher: Hasher): string[] {
  const honest = challengesOf(proof, hasher)
  const perShard = (honest.length - 2) / proof.shards.length
  return elements
    .filter(({ path, tampered }) => {
      const got = challengesOf(tampered(), hasher)
      const first = firstChallengeAfter(path)
      const last = first < 2 ? honest.length : 2 + Math.ceil((first - 1) / perShard) * perShard
      return honest.slice(first, last).some((challenge, i) => challenge === got[first + i])
    })
    .map(({ path }) => path)
}

describe('transcript', () => {
  test('every value is bound', () => {
    expect(elements.length).toBeGreaterThan(150)
    expect(unbound(hasherNamed('blake3')!)).toEqual([])
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
