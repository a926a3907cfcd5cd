/**
 * Compares random WebAssembly modules in Node and as ELFs; a difference stops it with the seed that reproduces it.
 *
 * Usage: pnpm fuzz:wasm [modules] [first seed]
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareRandomModule } from '../src/guest/wasm/compare-random.ts'

const modules = Number(process.argv[2] ?? 200)
const first = Number(process.argv[3] ?? Date.now() % 2 ** 30)
console.log(`seeds ${first} to ${first + modules - 1}`)

const folder = mkdtempSync(join(tmpdir(), 'zisk-fuzz-wasm-'))
const traps = new Map<string, number>()
let calls = 0
try {
  for (let seed = first; seed < first + modules; seed++) {
    const run = await compareRandomModule(seed, folder, 20)
    if (run.difference !== undefined) throw new Error(`seed ${seed}: ${run.difference}`)
    calls += run.calls
    for (const trap of run.traps) traps.set(trap, (traps.get(trap) ?? 0) + 1)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${modules} modules, ${calls} calls with equal results`)
for (const [trap, count] of [...traps].sort((a, b) => b[1] - a[1])) console.log(`${count} times: ${trap}`)
