import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EMPTY_PROGRAM_KEY, encodeProof, programDigest, verify } from '@zisk/verifier'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { prove } from '../prove.ts'
import { createReferenceBackend } from '../reference/reference-backend.ts'
import { buildMachine, machineProgram, machineWitness } from '../testing/machine.ts'
import { type Machine, setupMachine } from '../testing/proved-machine.ts'
import { loadOrBuildCommit, loadOrBuildSetup } from './setup-cache.ts'

const backend = createReferenceBackend()
let machine: Machine
let directory: string
let compiled: number

beforeAll(async () => {
  machine = await setupMachine()
})

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zisk-cache-'))
  compiled = 0
})

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

function load(identity = 'machine', at = directory) {
  folders.push(directory)
  const compile = () => {
    compiled++
    return buildMachine()
  }
  return loadOrBuildSetup({ directory: at, identity, compile, backend })
}

async function onlyEntry(): Promise<string> {
  const names = await readdir(directory)
  expect(names).toHaveLength(1)
  return join(directory, names[0]!)
}

describe('the cache of keys', () => {
  test('builds once, then loads keys that give the same proof', async () => {
    const first = await load()
    const second = await load()
    expect([first.cache, second.cache, compiled]).toEqual(['stored', 'loaded', 1])
    expect(second.key.verifyingKey).toEqual(machine.key.verifyingKey)
    const columns = () => ({ commit: 'rom', logRows: 4, columns: [machineProgram(4)] })
    const commit = await loadOrBuildCommit({ directory, identity: 'rom', key: second.key, backend, columns })
    const again = await loadOrBuildCommit({
      directory,
      identity: 'rom',
      key: second.key,
      backend,
      columns: () => {
        throw new Error('expected the roots to be known')
      },
    })
    expect([commit.cache, again.cache]).toEqual(['stored', 'loaded'])
    const programKey = { ...EMPTY_PROGRAM_KEY, commits: [again.commit] }
    const request = { witness: machineWitness([4, 3]), programKey, profile: 'test', backend } as const
    const proof = encodeProof(await prove({ ...request, key: second.key }))
    expect(proof).toEqual(encodeProof(await prove({ ...request, key: machine.key })))
    const options = { programDigest: programDigest(programKey), acceptInsecure: true }
    expect(verify(proof, machine.key.prepared, options).ok).toBe(true)
  })

  test('another identity is another entry', async () => {
    await load('one')
    expect((await load('two')).cache).toBe('stored')
    expect(compiled).toBe(2)
  })

  test('a damaged, shortened or foreign file is made again', async () => {
    await load()
    const entry = await onlyEntry()
    const bytes = await readFile(entry)
    const flipped = Buffer.from(bytes)
    flipped[flipped.length - 9]! ^= 1
    for (const damaged of [
      flipped,
      bytes.subarray(0, 100),
      bytes.subarray(0, 10),
      Buffer.alloc(0),
      Buffer.alloc(500),
    ]) {
      await writeFile(entry, damaged)
      const { cache, key } = await load()
      expect(cache).toBe('stored')
      expect(key.verifyingKey).toEqual(machine.key.verifyingKey)
      expect(await readFile(entry)).toEqual(bytes)
    }
  })

  test('a folder that cannot be written is no error', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    expect((await load('machine', file)).cache).toBe('notStored')
  })

  test('several at once leave one whole entry', async () => {
    const loaded = await Promise.all([load(), load(), load()])
    expect(loaded.every(({ key }) => key.verifyingKey.length === machine.key.verifyingKey.length)).toBe(true)
    await onlyEntry()
    expect((await load()).cache).toBe('loaded')
  })
})
