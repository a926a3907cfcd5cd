/** Runs one measurement in a process of its own, so that peak memory is that of this measurement alone. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { REPO_ROOT } from '../../src/workspace.ts'

/** Runs a script of this folder with a JSON argument and returns the JSON that it prints. */
export function runChild<Request, Result>(script: string, request: Request): Result {
  const file = join(import.meta.dirname, script)
  const run = spawnSync(process.execPath, [...process.execArgv, file, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (run.status !== 0) throw new Error(`${script} ${JSON.stringify(request)} ended with status ${run.status}`)
  return JSON.parse(run.stdout)
}

/** The request of this process. */
export function childRequest<Request>(): Request {
  return JSON.parse(process.argv[2] ?? '{}')
}

/** Processor time of the calling thread in milliseconds; only hosts from Node 24 on know it. */
export function threadCpuMs(): number | undefined {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage }
  const usage = threadCpuUsage?.call(process)
  return usage === undefined ? undefined : (usage.user + usage.system) / 1e3
}

/** Peak resident memory of this process in bytes. */
export function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}

/** Writes results to `bench-results/`, with the machine they were measured on. */
export function writeResults(file: string, results: object): void {
  const path = join(REPO_ROOT, 'bench-results', file)
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? '',
    cores: availableParallelism(),
    load: loadavg()[0],
    date: new Date().toISOString(),
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify({ machine, ...results }, null, 2)}\n`)
  console.log(`\nload of the machine ${machine.load?.toFixed(1)} on ${machine.cores} cores; ${path} written`)
}

/** `71 % (at least 70 %)`, with a mark where the bound is missed. */
export function against(
  value: number,
  bound: { readonly least?: number | undefined; readonly most?: number | undefined },
  digits = 2,
): string {
  const { least, most } = bound
  if (least === undefined && most === undefined) return value.toFixed(digits)
  const isMet = (least === undefined || value >= least) && (most === undefined || value <= most)
  const limit = least === undefined ? `at most ${most}` : `at least ${least}`
  return `${value.toFixed(digits)} (${limit}${isMet ? '' : ', MISSED'})`
}
