/**
 * What TypeScript guests cost: steps of programs in TypeScript divided by those of the same programs in C, both built by
 * `zisk build`. Steps are exact: no machine and no load changes them.
 *
 * Usage: pnpm bench typescript [--only NAME,...] [--smoke]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { COST_GROUPS, type CostGroup, geometricMean, measureKernel } from '../src/guest/typescript-cost.ts'

const { values: flags } = parseArgs({
  options: { only: { type: 'string' }, smoke: { type: 'boolean', default: false } },
})
const only = flags.smoke ? ['sieve'] : flags.only?.split(',')
const folder = mkdtempSync(join(tmpdir(), 'zisk-typescript-'))
let missed = false
try {
  for (const group of COST_GROUPS) await report(group)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = missed ? 1 : 0

async function report({ title, limit, kernels }: CostGroup): Promise<void> {
  const chosen = kernels.filter(({ name }) => only === undefined || only.includes(name))
  if (chosen.length === 0) return
  const ratios: number[] = []
  for (const kernel of chosen) {
    const { c, typescript } = await measureKernel(folder, kernel)
    const ratio = typescript / c
    ratios.push(ratio)
    console.log(`${kernel.name.padEnd(10)} C ${c} steps, TypeScript ${typescript}: ratio ${ratio.toFixed(2)}`)
  }
  const mean = geometricMean(ratios)
  missed ||= mean > limit
  const verdict = mean <= limit ? 'kept' : 'MISSED'
  console.log(`${title}: geometric mean ${mean.toFixed(2)}, at most ${limit} allowed: ${verdict}`)
}
