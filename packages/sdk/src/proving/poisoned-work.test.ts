/**
 * Pieces of a work folder that were changed on purpose, their checksums put right. What comes out is the proof that there
 * would be without them: the verification of the proof stands between a piece and the caller, and a run that fails on what
 * was kept is made again.
 */
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeProof, encodeProof } from '@zisk/verifier'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadFixture } from '../testing/fixture.ts'
import { prove } from './prove.ts'

const MAGIC = Buffer.from('zisk-artefact-1\n')
const HEADER_BYTES = MAGIC.length + 32

const { program, input } = loadFixture('exit-code')
const options = { input, profile: 'test', allowFailure: true, threads: 1 } as const

let folder = ''
let honest: Uint8Array

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zisk-poison-'))
  honest = (await prove(program, { ...options, workDir: join(folder, 'clean') })).proof
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()

/** Changes the contents of the piece of a kind. */
function change(directory: string, kind: string, by: (content: Buffer) => Uint8Array): void {
  const file = join(directory, readdirSync(directory).find((name) => name.startsWith(`${kind}-`))!)
  const content = by(readFileSync(file).subarray(HEADER_BYTES))
  writeFileSync(file, Buffer.concat([MAGIC, sha256(content), content]))
}

type Header = Record<string, unknown> & { plans: Record<string, unknown>[]; publics: string[] }

/** A plan with another header. */
function withHeader(by: (header: Header) => void): (plan: Buffer) => Uint8Array {
  return (plan) => {
    const length = plan.readUInt32LE(8)
    const aligned = (at: number): number => Math.ceil(at / 8) * 8
    const header = JSON.parse(plan.toString('utf8', 12, 12 + length)) as Header
    by(header)
    const json = Buffer.from(JSON.stringify(header))
    const start = Buffer.alloc(aligned(12 + json.length))
    plan.copy(start, 0, 0, 8)
    start.writeUInt32LE(json.length, 8)
    json.copy(start, 12)
    return Buffer.concat([start, plan.subarray(aligned(12 + length))])
  }
}

test.each<readonly [string, kind: string, (content: Buffer) => Uint8Array]>([
  ['a plan without instances', 'plan', withHeader((header) => Reflect.deleteProperty(header, 'plans'))],
  [
    'a plan whose instances begin nowhere',
    'plan',
    withHeader(({ plans }) => Reflect.deleteProperty(plans[0]!, 'from')),
  ],
  ['a plan with fewer rows than inputs', 'plan', withHeader(({ plans }) => Object.assign(plans[2]!, { rows: 16 }))],
  ['a plan with half of the memory', 'plan', withHeader(({ plans }) => Object.assign(plans[2]!, { count: 20 }))],
  ['a plan that states another exit code', 'plan', withHeader(({ publics }) => publics.splice(64, 1, '0'))],
  ['a plan that states another output', 'plan', withHeader(({ publics }) => publics.splice(0, 1, '7'))],
  ['a plan that states no number', 'plan', withHeader(({ publics }) => publics.splice(0, 1, '-1'))],
  ['a list of no chunks', 'chunks', () => new Uint8Array(0)],
  [
    'a finished shard with another opened value',
    'shard',
    (content) => {
      const proof = decodeProof(content)
      const [shard] = proof.shards
      const evaluations = shard!.evaluations.with(3, [1n, 2n, 3n])
      return encodeProof({ ...proof, shards: [{ ...shard!, evaluations }] })
    },
  ],
])('%s', async (what, kind, by) => {
  const workDir = join(folder, what)
  cpSync(join(folder, 'clean'), workDir, { recursive: true })
  // A finished shard is not asked for its plan.
  if (kind !== 'shard') {
    const finished = readdirSync(workDir).filter((name) => /^(start|shard)-/.test(name))
    for (const name of finished) rmSync(join(workDir, name))
  }
  change(workDir, kind, by)
  const { proof, statement } = await prove(program, { ...options, workDir })
  expect(statement.exitCode).toBe(42n)
  expect(Buffer.from(proof).equals(Buffer.from(honest))).toBe(true)
  // What was wrong is replaced.
  const again = await prove(program, { ...options, workDir })
  expect(Buffer.from(again.proof).equals(Buffer.from(honest))).toBe(true)
})
