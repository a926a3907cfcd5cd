import { compileKernels } from '@zisk/field'
import { hasherNamed, type Transcript } from '@zisk/verifier'
import { describe, expect, test } from 'vitest'
import { createInlineEngine } from './engine.ts'
import { grind } from './grind.ts'
import { GRIND_WORK_BYTES, type GrindJob, runGrind } from './grind-job.ts'
import { JobContexts } from './job-context.ts'

function transcriptOf(hash: 'blake3' | 'poseidon2', seed: number): Transcript {
  const transcript = hasherNamed(hash)!.createTranscript('work')
  transcript.absorbBytes(Uint8Array.of(seed))
  return transcript
}

/** The smallest nonce from `first` on, asked for one by one. */
function search(transcript: Transcript, bits: number, first = 0): number {
  let nonce = first
  while (!transcript.checkWork(BigInt(nonce), bits)) nonce++
  return nonce
}

// One hash of Poseidon2 takes as long as thirty of BLAKE3 where nonces are asked for one by one.
describe.each([
  ['blake3', 11],
  ['poseidon2', 6],
] as const)('%s', (hash, most) => {
  test('the smallest nonce, as the transcript checks it', async () => {
    const engine = createInlineEngine()
    for (const [seed, bits] of [0, 1, 5, most].entries()) {
      const transcript = transcriptOf(hash, seed)
      expect(await grind(engine, transcript, bits)).toBe(BigInt(search(transcript, bits)))
    }
  })

  test('also where the lower bytes of a nonce begin again, and nothing beyond the job', () => {
    const { arena } = createInlineEngine()
    const contexts = new JobContexts(compileKernels(), arena.scratch(0), () => arena.memories)
    const [work, found] = arena.reserveTogether([GRIND_WORK_BYTES, 8])
    for (const [seed, border] of [2 ** 24, 2 ** 24, 2 ** 24, 2 ** 32].entries()) {
      const transcript = transcriptOf(hash, seed)
      const run = (job: Pick<GrindJob, 'first' | 'count' | 'bits'>): bigint => {
        arena.clear(found!)
        const template = transcript.workTemplate()
        const places = { work: work!.offset, found: found!.offset }
        runGrind(contexts.at(work!.offset), { ...job, kind: 'grind', template, ...places })
        return arena.words(found!.offset, 1)[0]!
      }
      for (const first of [border - 1024, border]) {
        const nonce = search(transcript, most, first)
        const blocks = Math.floor((nonce - first) / 1024)
        expect(run({ first, count: 1024 * (blocks + 1), bits: most })).toBe(BigInt(nonce + 1))
        if (blocks > 0) expect(run({ first, count: 1024 * blocks, bits: most })).toBe(0n)
        expect(run({ first, count: 2048, bits: 32 })).toBe(0n)
      }
    }
  })
})
