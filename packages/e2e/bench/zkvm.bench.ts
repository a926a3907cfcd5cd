/**
 * Whole proofs of real programs with the built command line, a process each, as a user runs them: `zisk prove`, then
 * `zisk verify --program`.
 *
 * Usage: pnpm bench zkvm [--log-steps 14,18,20] [--only NAME,...] [--profile std128] [--threads N] [--repeats N]
 *                        [--max-memory 6G] [--smoke]
 *   --repeats N  the fastest of N proofs counts
 *   --smoke      one short run: shows that the benchmark works, its times mean nothing
 * `pnpm bench zkvm-large` has runs of 2^22 steps beside those of 2^20, and one of 2^24 under --max-memory 6G.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { REPO_ROOT } from '../src/workspace.ts'
import { against } from './proving/child.ts'
import { type BenchmarkRun, duration, hardware } from './zkvm/benchmark-run.ts'
import { type BenchGuest, GUESTS, type SizedRun, sizedRun } from './zkvm/guests.ts'

const { values: flags } = parseArgs({
  options: {
    'log-steps': { type: 'string', default: '14,18,20' },
    only: { type: 'string' },
    profile: { type: 'string', default: 'std128' },
    threads: { type: 'string', default: String(availableParallelism()) },
    repeats: { type: 'string', default: '1' },
    'max-memory': { type: 'string' },
    smoke: { type: 'boolean', default: false },
  },
})
const sizes = flags.smoke ? [14] : flags['log-steps'].split(',').map(Number)
const names = flags.smoke ? ['fibonacci'] : flags.only?.split(',')
const guests = GUESTS.filter(({ name }) => names === undefined || names.includes(name))
if (guests.length === 0) throw new Error(`--only expected some of ${GUESTS.map(({ name }) => name).join(', ')}`)

const PROVE_REPORT = z.object({
  programDigest: z.string(),
  outputs: z.array(z.string()),
  steps: z.int(),
  cells: z.number(),
  instances: z.int(),
  shards: z.int(),
  threads: z.int(),
  peakMemoryBytes: z.int(),
  proofBytes: z.int(),
  phases: z.array(z.object({ phase: z.string(), seconds: z.number() })),
})
const PLAN_REPORT = z.object({
  predicted: z.object({ seconds: z.number(), memoryBytes: z.number(), proofBytes: z.number() }),
})
const VERIFY_REPORT = z.object({ outputs: z.array(z.string()), securityBits: z.number() })

/** What is promised of a proof, with two idle cores. */
interface Promises {
  readonly stepsPerSecond?: number
  readonly peakBytes?: number
  readonly proofBytes?: number
  readonly verifySeconds?: number
}

/** The promises for a size; runs of 2^22 steps are proven no slower than those of 2^20. */
function promisesOf(logSteps: number): Promises {
  if (flags.profile === 'small128') return logSteps === 20 ? { proofBytes: 1.2e6 } : {}
  if (flags.profile !== 'std128') return {}
  if (logSteps >= 24) return { stepsPerSecond: 50_000, peakBytes: 6 * 2 ** 30 }
  if (logSteps > 20) return { stepsPerSecond: 80_000 }
  const verifySeconds = 0.5
  if (logSteps < 20) return { verifySeconds }
  return { stepsPerSecond: 80_000, peakBytes: 4 * 2 ** 30, proofBytes: 3e6, verifySeconds }
}

const CLI = join(REPO_ROOT, 'packages/cli/dist/bin.js')
const folder = mkdtempSync(join(tmpdir(), 'zisk-bench-'))
try {
  build()
  const runs: BenchmarkRun[] = []
  for (const logSteps of sizes)
    for (const guest of guests) {
      const run = await sizedRun(guest, 2 ** logSteps)
      if (run === undefined) console.log(`${guest.name} 2^${logSteps}: its smallest run has more steps`)
      else runs.push(measure(guest, logSteps, run))
    }
  showGrowth(runs)
  write(runs)
} finally {
  rmSync(folder, { recursive: true })
}

function build(): void {
  const argv = ['-y', 'pnpm@10', '-s', '--filter', '@zisk/cli...', 'build']
  const { status } = spawnSync('npx', argv, { cwd: REPO_ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error('the command line expected to build')
}

function measure({ name }: BenchGuest, logSteps: number, run: SizedRun): BenchmarkRun {
  const input = join(folder, 'input.json')
  const proof = join(folder, 'proof.bin')
  writeFileSync(input, JSON.stringify(run.records.map((record) => ({ hex: Buffer.from(record).toString('hex') }))))
  const limits = flags['max-memory'] === undefined ? [] : ['--max-memory', flags['max-memory']]
  const settings = ['--profile', flags.profile, '--threads', flags.threads, ...limits]
  const proving = ['prove', run.elf, '--input', input, '-o', proof, '--no-verify', ...settings]
  const { predicted } = zisk(['execute', run.elf, '--input', input, ...settings], PLAN_REPORT).report
  const proofs = Array.from({ length: Number(flags.repeats) }, () => zisk(proving, PROVE_REPORT))
  const best = proofs.reduce((x, y) => (y.seconds < x.seconds ? y : x))
  const { report } = best
  const digest = report.programDigest
  const checks = Array.from({ length: 3 }, () => zisk(['verify', proof, '--program', digest], VERIFY_REPORT))
  const verifySeconds = Math.min(...checks.map(({ seconds }) => seconds))
  const { securityBits, outputs } = checks[0]!.report
  const matches = (words: readonly string[]): boolean => words.every((word, i) => Number(word) === run.outputs[i])
  const result: BenchmarkRun = {
    name: `${name}-2^${logSteps}`,
    timestamp_completed: new Date().toISOString(),
    metadata: {
      zkvm: 'zisk',
      version: zisk(['--version'], undefined).text.trim(),
      profile: flags.profile,
      security_bits: securityBits,
      threads: report.threads,
      shards: report.shards,
      instances: report.instances,
      steps_per_second: report.steps / best.seconds,
      cells_per_step: report.cells / report.steps,
      peak_memory_bytes: report.peakMemoryBytes,
      predicted: { seconds: predicted.seconds, memory_bytes: predicted.memoryBytes, proof_bytes: predicted.proofBytes },
      phases_ms: Object.fromEntries(report.phases.map(({ phase, seconds }) => [phase, 1000 * seconds])),
    },
    execution: {
      success: {
        output_matched: matches(report.outputs),
        total_num_cycles: report.steps,
        region_cycles: {},
        execution_duration: duration(run.seconds),
      },
    },
    proving: {
      success: {
        output_matched: matches(outputs),
        proof_size: report.proofBytes,
        proving_time_ms: 1000 * best.seconds,
        verification_time_ms: 1000 * verifySeconds,
      },
    },
  }
  show(result, logSteps)
  return result
}

/** Runs the built command line; wall time from start to end of the process. */
function zisk<Report>(
  argv: readonly string[],
  schema: z.ZodType<Report> | undefined,
): { readonly seconds: number; readonly report: Report; readonly text: string } {
  const start = performance.now()
  const options = schema === undefined ? argv : [...argv, '--json']
  const { status, stdout } = spawnSync(process.execPath, [CLI, ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const seconds = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(`zisk ${options.join(' ')} ended with status ${status}: ${stdout}`)
  return { seconds, report: schema?.parse(JSON.parse(stdout)) as Report, text: stdout }
}

function show({ name, metadata, execution, proving }: BenchmarkRun, logSteps: number): void {
  const { steps_per_second: speed, cells_per_step: cells, peak_memory_bytes: peak, phases_ms: phases } = metadata
  const { proof_size: bytes, proving_time_ms: wall, verification_time_ms: verify } = proving.success
  const promises = promisesOf(logSteps)
  const gib = (value: number): number => value / 2 ** 30
  console.log(`${name}: ${execution.success.total_num_cycles} steps in ${(wall / 1000).toFixed(2)} s`)
  console.log(`  steps/s      ${against(speed, { least: promises.stepsPerSecond }, 0)}`)
  console.log(`  cells/step   ${cells.toFixed(1)}, ${metadata.instances} instances, ${metadata.shards} shards`)
  console.log(`  peak memory  ${against(gib(peak), { most: promises.peakBytes && gib(promises.peakBytes) })} GiB`)
  console.log(`  proof bytes  ${against(bytes, { most: promises.proofBytes }, 0)}`)
  console.log(`  verify       ${against(verify / 1000, { most: promises.verifySeconds })} s, process start included`)
  const { predicted } = metadata
  const ratios = [predicted.seconds / (wall / 1000), predicted.memory_bytes / peak, predicted.proof_bytes / bytes]
  const [time, memory, size] = ratios.map((ratio) => ratio.toFixed(2))
  console.log(
    `  predicted    ${time} of the time (0.75 to 1.25), ${memory} of the memory, ${size} of the size (0.85 to 1.15)`,
  )
  console.log(
    `  phases       ${Object.entries(phases)
      .map(([phase, ms]) => `${phase} ${ms.toFixed(0)}`)
      .join(', ')} ms`,
  )
}

/** What a step of a long run takes beside one of a run of 2^20 steps, where both were measured: no more is promised. */
function showGrowth(runs: readonly BenchmarkRun[]): void {
  const speeds = new Map(runs.map(({ name, metadata }) => [name, metadata.steps_per_second]))
  for (const { name } of guests)
    for (const logSteps of sizes.filter((size) => size > 20)) {
      const [short, long] = [speeds.get(`${name}-2^20`), speeds.get(`${name}-2^${logSteps}`)]
      if (short === undefined || long === undefined) continue
      console.log(`${name}: a step of 2^${logSteps} takes ${against(short / long, { most: 1 })} of one of 2^20`)
    }
}

function write(runs: readonly BenchmarkRun[]): void {
  const path = join(REPO_ROOT, 'bench-results', 'zkvm')
  mkdirSync(path, { recursive: true })
  for (const run of runs) writeFileSync(join(path, `${run.name}.json`), `${JSON.stringify(run, null, 2)}\n`)
  writeFileSync(join(path, 'hardware.json'), `${JSON.stringify(hardware(), null, 2)}\n`)
  console.log(`\nload of the machine ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores; ${path} written`)
}
