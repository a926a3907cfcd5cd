/**
 * Whole proofs of one table of 64 columns, by phase, with one and two workers, beside the time of their commitments and
 * the limit of those. Every proof is verified.
 *
 * Usage: pnpm bench prove [--log-cells 20,23] [--profile std128] [--workers 1,2] [--smoke]
 *   --log-cells 26 is 64 M cells: about 3 GiB and a minute; 27 takes 6 GiB, more than one shared memory holds.
 */
import { parseArgs } from 'node:util'
import { PROFILES } from '@zisk/verifier'
import { against, runChild, writeResults } from './proving/child.ts'
import type { ProveRequest, ProveResult } from './proving/prove-once.ts'

const { values: flags } = parseArgs({
  options: {
    'log-cells': { type: 'string', default: '20,23' },
    profile: { type: 'string', default: 'std128' },
    workers: { type: 'string', default: '1,2' },
    smoke: { type: 'boolean', default: false },
  },
})
const profile = PROFILES.find(({ name }) => name === flags.profile)?.name
if (profile === undefined)
  throw new Error(`expected --profile to be one of ${PROFILES.map(({ name }) => name).join(', ')}`)
const sizes = flags.smoke ? [16] : flags['log-cells'].split(',').map(Number)

/** Below this the process itself, not the columns, makes the memory. */
const LARGE_BYTES = 2 ** 29

const results: (ProveRequest & ProveResult)[] = []
for (const logCells of sizes) {
  let single: ProveResult | undefined
  for (const threads of flags.workers.split(',').map(Number)) {
    const request: ProveRequest = { logCells, profile, threads }
    const result = runChild<ProveRequest, ProveResult>('prove-once.ts', request)
    results.push({ ...request, ...result })
    report(request, result)
    if (single !== undefined)
      console.log(
        `  one worker / ${threads}   ${against(single.total.wall / result.total.wall, { least: 1.8 })}: needs idle cores`,
      )
    const { serial, total } = result
    if (serial !== undefined && threads > 1 && single !== undefined) {
      const critical = serial + (total.cpu - serial) / threads
      const ratio = against(single.total.cpu / critical, { least: 1.8 })
      console.log(
        `  on idle cores    ${ratio}: if the ${ms(serial)} of the main thread run alone, the rest on ${threads} cores`,
      )
    }
    single ??= result
  }
}
writeResults('prove.json', { results })

function ms(value: number): string {
  return `${value.toFixed(0)} ms`
}

function report({ logCells, threads }: ProveRequest, result: ProveResult): void {
  const { total, phases, commits, limit, peakBytes, extendedBytes, committedBytes, arenaBytes, verifyMs, proofBytes } =
    result
  const mib = (value: number) => `${(value / 2 ** 20).toFixed(0)} MiB`
  console.log(`prove 2^${logCells} cells, ${profile}, workers: ${threads}`)
  for (const { name, wall, cpu } of phases)
    console.log(`  ${name.padEnd(16)} ${ms(wall).padStart(9)} wall, ${ms(cpu).padStart(9)} of processors`)
  console.log(`  ${'total'.padEnd(16)} ${ms(total.wall).padStart(9)} wall, ${ms(total.cpu).padStart(9)} of processors`)
  console.log(
    `  commits          ${ms(commits.cpu)} of processors; proof / commits ${against(total.cpu / commits.cpu, { most: 2.2 })}`,
  )
  console.log(`  limit            ${ms(limit)}; limit / commits ${against(limit / commits.cpu, { least: 0.7 })}`)
  console.log(
    `  peak memory      ${mib(peakBytes)} (arena ${mib(arenaBytes)}); / extended witness ${against(peakBytes / extendedBytes, { most: extendedBytes < LARGE_BYTES ? undefined : 3 })}, / all extended columns ${(peakBytes / committedBytes).toFixed(2)}`,
  )
  console.log(`  proof            ${(proofBytes / 1024).toFixed(0)} KiB, verified in ${verifyMs.toFixed(0)} ms`)
}
