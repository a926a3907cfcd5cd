import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readArtefact, writeArtefact } from './artefact-store.ts'

test('a folder is made with its parents, and may be there already', async () => {
  const work = mkdtempSync(join(tmpdir(), 'zisk-store-'))
  const folder = join(work, 'a', 'b')
  for (const name of ['one', 'two']) await writeArtefact(folder, name, Uint8Array.of(7))
  expect(await readArtefact(folder, 'two')).toEqual(Uint8Array.of(7))
  rmSync(work, { recursive: true })
})

test.skipIf(process.platform !== 'linux')(
  'a file system that refuses new folders is an error, not a wait',
  async () => {
    await expect(writeArtefact('/proc/none/cache', 'piece', new Uint8Array(1))).rejects.toThrow('ENOENT')
  },
)
