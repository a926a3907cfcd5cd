import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInstance, type ProgramWitness } from '@zisk/air'
import { compilePilOrThrow } from '@zisk/pilc'
import { createReferenceBackend, prove, setup } from '@zisk/prover'
import { EMPTY_PROGRAM_KEY, encodeProof } from '@zisk/verifier'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runInProcess } from '../testing/run-in-process.ts'

const FIBONACCI = join(import.meta.dirname, '../../../../pil/examples/fibonacci.pil')

let work = ''
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'zisk-inspect-'))
  const backend = createReferenceBackend()
  const program = compilePilOrThrow({ file: FIBONACCI })
  const key = await setup(program, { backend, hashes: ['blake3'] })
  const instance = createInstance(program, { air: 'Fibonacci', rows: 16 })
  const [a, b] = instance.witness as [BigUint64Array, BigUint64Array]
  a[0] = 1n
  b[0] = 1n
  for (let row = 1; row < 16; row++) {
    a[row] = b[row - 1]!
    b[row] = a[row - 1]! + b[row - 1]!
  }
  const witness: ProgramWitness = { instances: [instance], publics: [1n, 1n, b[15]!], proofValues: [] }
  const proof = await prove({ key, programKey: EMPTY_PROGRAM_KEY, witness, profile: 'test', backend })
  writeFileSync(join(work, 'proof.bin'), encodeProof(proof))
  writeFileSync(join(work, 'setup.vkey'), key.verifyingKey)
})
afterAll(() => rmSync(work, { recursive: true }))

const path = (name: string): string => join(work, name)

test('bytes that are no proof are a typed error', async () => {
  writeFileSync(path('noise'), 'no proof')
  const { status, stderr } = await runInProcess(['inspect', path('noise')])
  expect(status).not.toBe(0)
  expect(stderr).toMatch(/^error\[PROOF_NOT_RECOGNISED\]/)
})

test('shows shape and bytes, and never claims that the proof is valid', async () => {
  const { status, stdout } = await runInProcess(['inspect', path('proof.bin')])
  expect(status).toBe(0)
  expect(stdout).toContain('NOT VERIFIED')
  expect(stdout).toContain('AIR 0')
  expect(stdout).toContain('2^4 rows')
  expect(stdout).not.toContain('Security')
})

test('with the key it names AIRs and lists the security by round', async () => {
  const { stdout } = await runInProcess(['inspect', path('proof.bin'), '--key', path('setup.vkey')])
  expect(stdout).toContain('Fibonacci')
  expect(stdout).toMatch(/Security: [\d.]+ bits, johnson regime/)
  expect(stdout).toMatch(/queries +[\d.]+/)
})

test('--json carries the same and says verified: false', async () => {
  const { stdout } = await runInProcess(['inspect', path('proof.bin'), '--key', path('setup.vkey'), '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, verified: false, profile: 'test', hash: 'blake3' })
})

test('--json of several shards: instances of each, bytes by section, security by round', async () => {
  const file = path('bits.pil')
  const bits = 'airtemplate Bits(const int N = 8) { col witness bit; bit * (1 - bit) === 0; }'
  writeFileSync(file, `${bits}\nairgroup G { Bits(); Bits(N: 16) alias More; }`)
  const backend = createReferenceBackend()
  const program = compilePilOrThrow({ file })
  const key = await setup(program, { backend, hashes: ['blake3'] })
  const instances = [
    createInstance(program, { air: 'Bits', rows: 8 }),
    createInstance(program, { air: 'More', rows: 16 }),
  ]
  const witness: ProgramWitness = { instances, publics: [], proofValues: [] }
  const shards = [[0], [1]]
  const request = { key, programKey: EMPTY_PROGRAM_KEY, witness, profile: 'test', backend, shards } as const
  const bytes = encodeProof(await prove(request))
  writeFileSync(path('shards.bin'), bytes)
  writeFileSync(path('shards.vkey'), key.verifyingKey)
  const { stdout } = await runInProcess(['inspect', path('shards.bin'), '--key', path('shards.vkey'), '--json'])
  const { shards: shown, sections, security } = JSON.parse(stdout)
  expect(shown).toEqual([
    { instances: [{ air: 0, name: 'Bits', segment: 0, logRows: 3 }] },
    { instances: [{ air: 1, name: 'More', segment: 0, logRows: 4 }] },
  ])
  expect(sections.reduce((sum: number, section: { bytes: number }) => sum + section.bytes, 0)).toBe(bytes.length)
  expect(security.bits).toBeGreaterThan(0)
  expect(security.bits).toBe(Math.min(...security.terms.map((term: { bits: number }) => term.bits)))
})
