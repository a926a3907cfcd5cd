/**
 * How long one has to wait for small proofs, and for anything at all: the built command under `node`, start of the process
 * included, keys and program commitment at hand. Medians over whole processes, beside the processor time, which says more
 * on a busy host.
 *
 * Usage: pnpm bench latency [--guest NAME,...] [--log-steps 13] [--runs 10] [--profile std128] [--cli FILE]
 *                           [--against FILE] [--smoke]
 *   --guest NAME    guests of the zkvm benchmark with the largest input for at most 2^log-steps steps, or fixtures with
 *                   the input that they have; exit-code and all of the former by default
 *   --cli FILE      `bin.js` of an installed command; without it the workspace is built first
 *   --against FILE  that of another build, run in turn with this one; its proofs have to have the same bytes
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FIXTURES_FOLDER } from '../src/fixtures.ts'
import { buildCommand } from './built-command.ts'
import { against, writeResults } from './proving/child.ts'
import { GUESTS, sizedRun } from './zkvm/guests.ts'

const { values: flags } = parseArgs({
  options: {
    guest: { type: 'string' },
    'log-steps': { type: 'string', default: '13' },
    runs: { type: 'string', default: '10' },
    profile: { type: 'string', default: 'std128' },
    cli: { type: 'string' },
    against: { type: 'string' },
    smoke: { type: 'boolean', default: false },
  },
})
const runs = flags.smoke ? 1 : Number(flags.runs)
/** The smallest program, then those of the zkvm benchmark. */
const names = flags.guest?.split(',') ?? ['exit-code', ...(flags.smoke ? [] : GUESTS.map(({ name }) => name))]

/** What is timed, and what it may take for a program of at most 2^13 steps, in seconds. */
const COMMANDS = { help: undefined, run: undefined, prove: 1.5, verify: 0.5 } as const
type Command = keyof typeof COMMANDS

/** Makes a process say at its end what it took, in microseconds of all its threads. */
const METER = `data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();process._rawDebug('cpu '+(user+system))})`

interface Sample {
  readonly wall: number
  readonly cpu: number
}

/** A program with its input, as arguments. */
interface Guest {
  readonly name: string
  readonly arguments: readonly string[]
}

/** A build of the command, and where it keeps its files. */
interface Build {
  readonly cli: string
  readonly home: string
  readonly proof: string
}

/** The proof that a build made of a guest. */
interface Proven {
  readonly bytes: Buffer
  readonly digest: string
  readonly steps: number
}

const folder = mkdtempSync(join(tmpdir(), 'zisk-latency-'))
try {
  const clis = [flags.cli ?? buildCommand(), ...(flags.against === undefined ? [] : [flags.against])]
  const builds = clis.map((cli, i) => ({ cli, home: join(folder, `home-${i}`), proof: join(folder, `${i}.proof`) }))
  const { node } = process.versions
  console.log(
    `${flags.profile}, medians of ${runs}, node ${node}, ${availableParallelism()} processors, load ${loadavg()[0]!.toFixed(1)}`,
  )
  const results = []
  for (const name of names) {
    const guest = await guestNamed(name)
    if (guest === undefined) console.log(`${name}: its smallest run has more than 2^${flags['log-steps']} steps`)
    else results.push(measure(guest, builds))
  }
  writeResults('latency.json', { runs, results })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Runs the builds in turn, so that all meet the same load of the host. */
function measure(guest: Guest, builds: readonly Build[]): object {
  const proven = builds.map((build) => prepare(build, guest))
  const { bytes, digest, steps } = proven[0]!
  if (proven.some((other) => !other.bytes.equals(bytes))) throw new Error('the builds make different proofs')
  const samples = builds.map((): Record<Command, Sample[]> => ({ help: [], run: [], prove: [], verify: [] }))
  for (let run = 0; run < runs; run++)
    for (const [i, build] of builds.entries()) {
      const { help, run, prove, verify } = samples[i]!
      help.push(time(build, ['--help']))
      run.push(time(build, ['run', ...guest.arguments, '--allow-failure']))
      prove.push(time(build, proveArguments(build, guest)))
      verify.push(time(build, ['verify', build.proof, '--program', digest, '--allow-failure']))
    }
  console.log(`${guest.name}, ${steps} steps`)
  for (const command of Object.keys(COMMANDS) as Command[])
    report(
      command,
      samples.map((sample) => medianOf(sample[command])),
    )
  return { guest: guest.name, steps, samples }
}

function report(command: Command, [ours, other]: readonly Sample[]): void {
  const { wall, cpu } = ours!
  const limit = COMMANDS[command]
  const bound = limit === undefined ? '' : `; limit / it ${against(limit / wall, { least: 1 })}`
  console.log(`  ${command.padEnd(8)} ${wall.toFixed(2)} s, ${cpu.toFixed(2)} s of processors${bound}`)
  if (other === undefined) return
  const ratios = `${(other.wall / wall).toFixed(2)}, of processor time ${(other.cpu / cpu).toFixed(2)}`
  console.log(`  ${''.padEnd(8)} other ${other.wall.toFixed(2)} s, ${other.cpu.toFixed(2)} s: ratio ${ratios}`)
}

/** `undefined` when the smallest run of the guest has too many steps. */
async function guestNamed(name: string): Promise<Guest | undefined> {
  const known = GUESTS.find((guest) => guest.name === name)
  if (known === undefined) {
    const input = join(FIXTURES_FOLDER, name, 'input.bin')
    const elf = join(FIXTURES_FOLDER, name, 'program.elf')
    return { name, arguments: [elf, ...(existsSync(input) ? ['--input', input] : [])] }
  }
  const run = await sizedRun(known, 2 ** Number(flags['log-steps']))
  if (run === undefined) return undefined
  const input = join(folder, `${name}.json`)
  writeFileSync(input, JSON.stringify(run.records.map((record) => ({ hex: Buffer.from(record).toString('hex') }))))
  return { name, arguments: [run.elf, '--input', input] }
}

function proveArguments({ proof }: Build, guest: Guest): string[] {
  return ['prove', ...guest.arguments, '-o', proof, '--profile', flags.profile, '--allow-failure', '--json']
}

/** Fills the user's folder of a command; the first proof is not timed. */
function prepare(build: Build, guest: Guest): Proven {
  const { programDigest, steps } = JSON.parse(runCommand(build, proveArguments(build, guest)).stdout)
  return { bytes: readFileSync(build.proof), digest: programDigest, steps }
}

function runCommand({ cli, home }: Build, args: readonly string[]): { readonly stdout: string; readonly cpu: number } {
  const env = { ...process.env, ZISK_HOME: home, NODE_OPTIONS: '' }
  const run = spawnSync(process.execPath, ['--import', METER, cli, ...args], { env, encoding: 'utf8' })
  const cpu = /^cpu (\d+)$/m.exec(run.stderr)?.[1]
  if (run.status !== 0 || cpu === undefined)
    throw new Error(`zisk ${args[0]} ended with status ${run.status}: ${run.stderr}`)
  return { stdout: run.stdout, cpu: Number(cpu) / 1e6 }
}

/** Seconds of a whole process. */
function time(build: Build, args: readonly string[]): Sample {
  const start = performance.now()
  const { cpu } = runCommand(build, args)
  return { wall: (performance.now() - start) / 1000, cpu }
}

function medianOf(samples: readonly Sample[]): Sample {
  const median = (values: readonly number[]): number => {
    const sorted = values.toSorted((x, y) => x - y)
    return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
  }
  return { wall: median(samples.map(({ wall }) => wall)), cpu: median(samples.map(({ cpu }) => cpu)) }
}
