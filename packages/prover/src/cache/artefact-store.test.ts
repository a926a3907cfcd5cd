import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFolderStore, readArtefact, writeArtefact } from './artefact-store.ts'

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

test('a folder of pieces that cannot be made is found at once, one that goes away when a piece is written', async () => {
  const work = mkdtempSync(join(tmpdir(), 'zisk-store-'))
  const error = expect.objectContaining({ code: 'WORK_FOLDER_NOT_WRITABLE', exitStatus: 'failed' })
  writeFileSync(join(work, 'file'), '')
  for (const path of ['file', 'file/below']) expect(() => openFolderStore(join(work, path))).toThrow(error)
  const store = openFolderStore(join(work, 'folder'))
  rmSync(join(work, 'folder'), { recursive: true })
  writeFileSync(join(work, 'folder'), '')
  await expect(store.write('piece', ['a'], new Uint8Array(1))).rejects.toEqual(error)
  expect(await store.read('piece', ['a'])).toBeUndefined()
  rmSync(work, { recursive: true })
})
