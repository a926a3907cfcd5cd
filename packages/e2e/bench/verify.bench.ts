/**
 * Size and verification time of proofs of fifteen tables, beside the modelled size and the promised time. The size at full
 * height follows from the layout; the proof that is verified has heights cut to 2^MAX-LOG.
 *
 * Usage: pnpm bench verify [--max-log 14] [--runs 10] [--smoke]
 */

import { parseArgs } from 'node:util'
import { processorMs } from '@zisk/core/processor-ms'
import { verify } from '@zisk/verifier'
import { proveTables, TABLE_OPTIONS } from '../src/proving/proved-tables.ts'
import { MODELLED_SIZES, modelledBytes, sizeAtHeights } from '../src/proving/size-model.ts'
import { fifteenTables } from '../src/proving/workloads.ts'
import { against, writeResults } from './proving/child.ts'

const { values: flags } = parseArgs({
  options: {
    'max-log': { type: 'string', default: '14' },
    runs: { type: 'string', default: '10' },
    smoke: { type: 'boolean', default: false },
  },
})
const maxLog = flags.smoke ? 10 : Number(flags['max-log'])
const runs = flags.smoke ? 1 : Number(flags.runs)
const profiles = flags.smoke ? (['small128'] as const) : (['std128', 'balanced128', 'small128'] as const)
/** Promised milliseconds. */
const MAX_MS: Readonly<Record<string, number>> = { std128: 250, small128: 120 }

const { key, proofs } = await proveTables(fifteenTables(maxLog), profiles)
const results = []
for (const profile of profiles) {
  const bytes = proofs.get(profile)!
  let wall = Number.POSITIVE_INFINITY
  let cpu = Number.POSITIVE_INFINITY
  for (let i = 0; i < runs; i++) {
    const start = performance.now()
    const startCpu = processorMs()
    const result = verify(bytes, key.prepared, TABLE_OPTIONS)
    wall = Math.min(wall, performance.now() - start)
    cpu = Math.min(cpu, processorMs() - startCpu)
    if (!result.ok) throw result.error
  }
  const size = sizeAtHeights(key.prepared, fifteenTables(), profile)
  const modelled = modelledBytes(MODELLED_SIZES[profile]!)
  const bound = MAX_MS[profile]
  results.push({
    profile,
    maxLog,
    proofBytes: bytes.length,
    verifyMs: wall,
    verifyCpuMs: cpu,
    fullHeight: size,
    modelled,
  })
  console.log(`fifteen tables, ${profile}`)
  console.log(
    `  full height      ${(size.total / 1024).toFixed(0)} KiB, model ${(modelled / 1024).toFixed(0)} KiB; ratio ${against(size.total / modelled, { most: 1.1 })}`,
  )
  console.log(`  proof to 2^${maxLog}    ${(bytes.length / 1024).toFixed(0)} KiB`)
  console.log(`  verification     ${wall.toFixed(0)} ms wall; processor ms ${against(cpu, { most: bound }, 0)}`)
}
writeResults('verify.json', { results })
