/** The programs that the setup cache keeps of the whole machine are those that would be compiled. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInlineEngine, createWasmBackend, loadOrBuildSetup } from '@zisk/prover'
import { expect, test } from 'vitest'
import { compileZisk } from '../forgery/zisk-machine.ts'

test('a loaded key has the programs of every AIR as they are compiled', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'zisk-kept-'))
  try {
    const backend = createWasmBackend(createInlineEngine())
    const load = () => loadOrBuildSetup({ directory, identity: 'kept', compile: compileZisk, backend })
    const [stored, loaded] = [await load(), await load()]
    expect([stored.cache, loaded.cache]).toEqual(['stored', 'loaded'])
    expect(loaded.key.originals.length).toBeGreaterThan(20)
    for (const [i, { name }] of loaded.key.originals.entries())
      expect(loaded.key.programs(i), name).toEqual(stored.key.programs(i))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
