import { expect, test } from 'vitest'
import { decodeChunk, decodePlan, encodeChunk, encodePlan } from './plan-codec.ts'
import { planRun, resumeRun } from './plan-run.ts'
import { fixtureProgram } from './testing/fixture.ts'
import { compileMachine } from './testing/machine.ts'

const program = compileMachine()
const { rom, input } = fixtureProgram('rust-panic')
const options = { threads: 1, maxLogRows: { main: 11, mem: 11 } }
const run = await planRun(program, rom, { ...options, input, chunkSize: 1024 })
const plan = run.encode()
const chunks = run.chunks.map(encodeChunk)

test('a stored run continues with the same instances and columns', async () => {
  const resumed = resumeRun(program, rom, { plan, chunks: chunks.map(decodeChunk) }, options)
  expect(resumed.instances).toEqual(run.instances)
  expect(resumed.shards).toEqual(run.shards)
  expect(resumed.publics).toEqual(run.publics)
  expect(resumed.encode()).toEqual(plan)
  for (const position of run.instances.keys())
    expect(await resumed.source.instance(position), run.instances[position]!.name).toEqual(
      await run.source.instance(position),
    )
})

test('encoding is exact', () => {
  expect(encodePlan(decodePlan(plan))).toEqual(plan)
  for (const [i, chunk] of chunks.entries()) expect(decodeChunk(chunk)).toEqual(run.chunks[i])
})

test.each([
  ['no bytes', () => decodePlan(new Uint8Array(0))],
  ['a chunk for a plan', () => decodePlan(chunks[0]!)],
  ['a plan for a chunk', () => decodeChunk(plan)],
  ['half a header', () => decodePlan(plan.subarray(0, 40))],
  ['half a plan', () => decodePlan(plan.subarray(0, plan.length - 8))],
  ['a byte too many', () => decodeChunk(Uint8Array.of(...chunks[0]!, 0))],
  ['a chunk left out', () => resumeRun(program, rom, { plan, chunks: chunks.slice(1).map(decodeChunk) }, options)],
])('%s is refused', (_, use) => {
  expect(use).toThrow(expect.objectContaining({ code: 'PLAN_INVALID' }))
})
