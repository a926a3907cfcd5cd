/**
 * How long one has to wait for the smallest proofs: the built command under `node`, start of the process included, keys
 * and program commitment at hand. Medians over whole processes, beside the processor time, which says more on a busy host.
 *
 * Usage: pnpm bench latency [--guest exit-code] [--runs 10] [--profile std128] [--cli FILE] [--against FILE] [--smoke]
 *   --cli FILE      `bin.js` of an installed command; without it the workspace is built first
 *   --against FILE  that of another build, run in turn with this one; its proofs have to have the same bytes
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FIXTURES_FOLDER } from '../src/fixtures.ts'
import { REPO_ROOT } from '../src/workspace.ts'
import { against, writeResults } from './proving/child.ts'

const { values: flags } = parseArgs({
  options: {
    guest: { type: 'string', default: 'exit-code' },
    runs: { type: 'string', default: '10' },
    profile: { type: 'string', default: 'std128' },
    cli: { type: 'string' },
    against: { type: 'string' },
    smoke: { type: 'boolean', default: false },
  },
})
const runs = flags.smoke ? 1 : Number(flags.runs)
/** What a program of at most 2^13 steps may take, in seconds. */
const LIMITS = { prove: 1.5, verify: 0.5 } as const
type Command = keyof typeof LIMITS

/** Makes a process say at its end what it took, in microseconds of all its threads. */
const METER = `data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();process._rawDebug('cpu '+(user+system))})`

interface Sample {
  readonly wall: number
  readonly cpu: number
}

const folder = mkdtempSync(join(tmpdir(), 'zisk-latency-'))
try {
  const clis = [flags.cli ?? buildCommand(), ...(flags.against === undefined ? [] : [flags.against])]
  const samples = clis.map(() => ({ prove: [] as Sample[], verify: [] as Sample[] }))
  const proofs = clis.map((cli, i) => prepare(cli, i))
  if (proofs.some(({ bytes }) => !bytes.equals(proofs[0]!.bytes))) throw new Error('the builds make different proofs')
  for (let run = 0; run < runs; run++)
    for (const [i, cli] of clis.entries()) {
      samples[i]!.prove.push(time(cli, proveArguments(i), i))
      samples[i]!.verify.push(time(cli, ['verify', proofPath(i), '--program', proofs[i]!.digest, '--allow-failure'], i))
    }
  const medians = samples.map(({ prove, verify }) => ({ prove: medianOf(prove), verify: medianOf(verify) }))
  console.log(
    `${flags.guest}, ${proofs[0]!.steps} steps, ${flags.profile}: medians of ${runs}, node ${process.versions.node}, ` +
      `${availableParallelism()} processors, load ${loadavg()[0]!.toFixed(1)}`,
  )
  for (const command of ['prove', 'verify'] as const) report(command, medians)
  writeResults('latency.json', { guest: flags.guest, steps: proofs[0]!.steps, runs, samples })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function report(command: Command, medians: readonly Readonly<Record<Command, Sample>>[]): void {
  const [{ wall, cpu }, other] = medians.map((median) => median[command]) as [Sample, Sample?]
  const limit = against(LIMITS[command] / wall, { least: 1 })
  console.log(`  ${command.padEnd(8)} ${wall.toFixed(2)} s, ${cpu.toFixed(2)} s of processors; limit / it ${limit}`)
  if (other === undefined) return
  const ratios = `${(other.wall / wall).toFixed(2)}, of processor time ${(other.cpu / cpu).toFixed(2)}`
  console.log(`  ${''.padEnd(8)} other ${other.wall.toFixed(2)} s, ${other.cpu.toFixed(2)} s: ratio ${ratios}`)
}

/** Builds the workspace. @returns the script of the command */
function buildCommand(): string {
  const { status } = spawnSync('npx', ['-y', 'pnpm@10', '-s', 'build'], { cwd: REPO_ROOT, stdio: 'inherit' })
  if (status !== 0) throw new Error('the build failed')
  return join(REPO_ROOT, 'packages/cli/dist/bin.js')
}

function proofPath(i: number): string {
  return join(folder, `${i}.proof`)
}

function proveArguments(i: number): string[] {
  const guest = join(FIXTURES_FOLDER, flags.guest)
  const input = join(guest, 'input.bin')
  const withInput = existsSync(input) ? ['--input', input] : []
  const output = ['-o', proofPath(i), '--profile', flags.profile, '--allow-failure', '--json']
  return ['prove', join(guest, 'program.elf'), ...withInput, ...output]
}

/** Fills the user's folder of a command; the first proof is not timed. */
function prepare(cli: string, i: number): { readonly bytes: Buffer; readonly digest: string; readonly steps: number } {
  const { programDigest, steps } = JSON.parse(runCommand(cli, proveArguments(i), i).stdout)
  return { bytes: readFileSync(proofPath(i)), digest: programDigest, steps }
}

function runCommand(
  cli: string,
  args: readonly string[],
  i: number,
): { readonly stdout: string; readonly cpu: number } {
  const env = { ...process.env, ZISK_HOME: join(folder, `home-${i}`), NODE_OPTIONS: '' }
  const run = spawnSync(process.execPath, ['--import', METER, cli, ...args], { env, encoding: 'utf8' })
  const cpu = /^cpu (\d+)$/m.exec(run.stderr)?.[1]
  if (run.status !== 0 || cpu === undefined)
    throw new Error(`zisk ${args[0]} ended with status ${run.status}: ${run.stderr}`)
  return { stdout: run.stdout, cpu: Number(cpu) / 1e6 }
}

/** Seconds of a whole process. */
function time(cli: string, args: readonly string[], i: number): Sample {
  const start = performance.now()
  const { cpu } = runCommand(cli, args, i)
  return { wall: (performance.now() - start) / 1000, cpu }
}

function medianOf(samples: readonly Sample[]): Sample {
  const median = (values: readonly number[]): number => {
    const sorted = values.toSorted((x, y) => x - y)
    return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
  }
  return { wall: median(samples.map(({ wall }) => wall)), cpu: median(samples.map(({ cpu }) => cpu)) }
}
