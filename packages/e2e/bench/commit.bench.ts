/**
 * Commitments (extension and tree) of 64 columns beside their limit: every transform and compression at the speed of the
 * bare kernel, measured in the same process. Processor time is compared on any machine; wall time needs an idle one.
 *
 * Usage: pnpm bench commit [--log-rows 18,20] [--width 64] [--log-blowup 1] [--runs 3] [--smoke]
 */
import { parseArgs } from 'node:util'
import { against, runChild, writeResults } from './proving/child.ts'
import type { CommitRequest, CommitResult } from './proving/commit-once.ts'

const { values: flags } = parseArgs({
  options: {
    'log-rows': { type: 'string', default: '18,20' },
    width: { type: 'string', default: '64' },
    'log-blowup': { type: 'string', default: '1' },
    runs: { type: 'string', default: '3' },
    smoke: { type: 'boolean', default: false },
  },
})
const heights = flags.smoke ? [12] : flags['log-rows'].split(',').map(Number)
const [width, logBlowup] = [Number(flags.width), Number(flags['log-blowup'])]
const runs = flags.smoke ? 1 : Number(flags.runs)

const results: (CommitRequest & CommitResult)[] = []
for (const logRows of heights) {
  let single: CommitResult | undefined
  for (const threads of [1, 2]) {
    const request: CommitRequest = { logRows, width, logBlowup, threads, runs }
    const result = runChild<CommitRequest, CommitResult>('commit-once.ts', request)
    results.push({ ...request, ...result })
    const { wall, cpu, limit, kernels, peakBytes } = result
    const { transform, leaf, node } = kernels
    const extended = 8 * width * 2 ** (logRows + logBlowup)
    console.log(`commit 2^${logRows} x ${width}, rate 1/${2 ** logBlowup}, workers: ${threads}`)
    console.log(
      `  kernels          transform ${transform.toFixed(1)} ns/word, leaf ${leaf.toFixed(1)} ns, node ${node.toFixed(1)} ns`,
    )
    console.log(`  limit            ${limit.toFixed(0)} ms of one core`)
    console.log(`  processor time   ${cpu.toFixed(0)} ms; limit / time ${against(limit / cpu, { least: 0.7 })}`)
    console.log(`  wall time        ${wall.toFixed(0)} ms; limit / cores / time ${(limit / threads / wall).toFixed(2)}`)
    if (single !== undefined)
      console.log(`  one worker / two ${against(single.wall / wall, { least: 1.8 })}: needs two idle cores`)
    console.log(
      `  peak memory      ${(peakBytes / 2 ** 20).toFixed(0)} MiB, ${(peakBytes / extended).toFixed(2)} x the extended columns`,
    )
    single ??= result
  }
}
writeResults('commit.json', { results })
