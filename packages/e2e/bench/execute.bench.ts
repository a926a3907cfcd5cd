/**
 * Speed of the executors against qemu-riscv64 on the same guests: whole processes, in turn, median of several rounds.
 * The interpreter runs the first steps only.
 *
 * Usage: pnpm bench execute [--repeats N] [--quick] [--smoke] [--only NAME,...] [--output FILE]
 *   --quick  one round
 *   --smoke  one round of two guests on their short inputs: shows that the benchmark works, its times mean nothing
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { arch, cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Fixture, loadFixtures } from '../src/fixtures.ts'
import { qemuImage } from '../src/qemu-image.ts'

/** Guests whose work is computation; each has a long run. */
const PROGRAMS = [
  'fibonacci',
  'sha256-chain',
  'keccak-chain',
  'quicksort',
  'matrix-product',
  'modexp',
  'sieve',
  'json',
  'hash-map',
  'interpreter',
  'memory-copy',
  'rust-no-std',
  'rust-std',
]
const REPOSITORY = join(import.meta.dirname, '../../..')
const BUILT_PACKAGES = ['core', 'riscv2zisk', 'emulator']
const SMOKE_PROGRAMS = ['fibonacci', 'memory-copy']
const NO_LIMIT = 2 ** 36 - 1
const INTERPRETER_STEPS = 100_000_000

/** What `run-guest.mjs` prints. */
interface GuestRun {
  readonly kind: string
  readonly steps: number
  readonly seconds: number
  readonly outputs: readonly number[]
  readonly recordedBytes: number
  readonly peakBytes: number
}

type Variant = 'jit' | 'trace' | 'interpreter'

interface Row {
  readonly name: string
  readonly steps: number
  /** Wall seconds of the process. */
  readonly qemu: number
  readonly jit: number
  readonly trace: number
  /** Seconds of the process outside the execution: host start, loading, transpiling. */
  readonly startup: number
  readonly traceBytesPerStep: number
  readonly tracePeakBytes: number
  readonly interpreterStepsPerSecond: number
}

const { values: flags } = parseArgs({
  options: {
    repeats: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    only: { type: 'string' },
    output: { type: 'string', default: join(REPOSITORY, 'bench-results/execute.json') },
  },
})
const repeats = flags.quick || flags.smoke ? 1 : Math.max(1, Number(flags.repeats))
const names = flags.only?.split(',') ?? (flags.smoke ? SMOKE_PROGRAMS : PROGRAMS)
const fixtures = loadFixtures().filter(({ name }) => names.includes(name))
if (fixtures.length < names.length) throw new Error(`names of guests expected, got ${names}`)

build()
const folder = mkdtempSync(join(tmpdir(), 'zisk-bench-'))
try {
  report(fixtures.map(measure))
} finally {
  rmSync(folder, { recursive: true })
}

/** The measured processes run the built packages, as an installed command does. */
function build(): void {
  for (const name of BUILT_PACKAGES) {
    const cwd = join(REPOSITORY, 'packages', name)
    const tsc = join(REPOSITORY, 'node_modules/.bin/tsc')
    const run = spawnSync(tsc, ['-p', 'tsconfig.build.json'], { cwd, stdio: 'inherit' })
    if (run.status !== 0) throw new Error(`building ${name} failed`)
  }
}

function measure(fixture: Fixture): Row {
  const { name, elf } = fixture
  const { input, exitCode, outputs } = flags.smoke ? shortRun(fixture) : longRun(fixture)
  const files = { elf: join(folder, 'elf'), input: join(folder, 'input'), qemu: join(folder, 'qemu') }
  writeFileSync(files.elf, elf)
  writeFileSync(files.input, input)
  writeFileSync(files.qemu, qemuImage({ elf, input }), { mode: 0o700 })
  const seconds = { qemu: [] as number[], jit: [] as number[], trace: [] as number[], startup: [] as number[] }
  let traced: GuestRun | undefined
  for (let round = 0; round < repeats; round++) {
    seconds.qemu.push(time('qemu-riscv64', [files.qemu], exitCode).seconds)
    for (const variant of ['jit', 'trace'] as const) {
      const { seconds: wall, run } = runGuest(files, variant, NO_LIMIT)
      assertOutputs(name, run, outputs)
      seconds[variant].push(wall)
      seconds.startup.push(wall - run.seconds)
      if (variant === 'trace') traced = run
    }
  }
  const interpreted = runGuest(files, 'interpreter', INTERPRETER_STEPS).run
  const row: Row = {
    name,
    steps: traced!.steps,
    qemu: median(seconds.qemu),
    jit: median(seconds.jit),
    trace: median(seconds.trace),
    startup: median(seconds.startup),
    traceBytesPerStep: traced!.recordedBytes / traced!.steps,
    tracePeakBytes: traced!.peakBytes,
    interpreterStepsPerSecond: interpreted.steps / interpreted.seconds,
  }
  console.error(formatRow(row))
  return row
}

/** What a guest gets and gives. */
interface Work {
  readonly input: Uint8Array
  readonly exitCode: number
  readonly outputs: readonly number[]
}

function shortRun({ input = new Uint8Array(0), expected: { exitCode = 0, outputs = [] } }: Fixture): Work {
  return { input, exitCode, outputs }
}

function longRun({ name, expected: { bench } }: Fixture): Work {
  if (bench === undefined) throw new Error(`${name} has no long run`)
  return { ...bench, input: Buffer.from(bench.input, 'hex') }
}

function runGuest(
  files: { readonly elf: string; readonly input: string },
  variant: Variant,
  maxSteps: number,
): { seconds: number; run: GuestRun } {
  const script = join(import.meta.dirname, 'run-guest.mjs')
  const { seconds, stdout } = time(process.execPath, [script, files.elf, files.input, variant, String(maxSteps)], 0)
  return { seconds, run: JSON.parse(stdout) as GuestRun }
}

function time(command: string, args: readonly string[], status: number): { seconds: number; stdout: string } {
  const start = performance.now()
  const run = spawnSync(command, args, { encoding: 'latin1', maxBuffer: 2 ** 26 })
  const seconds = (performance.now() - start) / 1000
  if (run.error !== undefined) throw run.error
  if (run.status !== status)
    throw new Error(`${command} expected exit status ${status}, got ${run.status}: ${run.stderr}`)
  return { seconds, stdout: run.stdout }
}

function assertOutputs(name: string, run: GuestRun, expected: readonly number[]): void {
  if (run.kind === 'exited' && expected.every((word, i) => run.outputs[i] === word)) return
  throw new Error(`${name} expected outputs ${expected.join()}, got ${run.kind} ${run.outputs.join()}`)
}

function median(values: readonly number[]): number {
  return [...values].sort((x, y) => x - y)[values.length >> 1]!
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}

function formatRow(row: Row): string {
  const columns = [
    row.name.padEnd(16),
    `${(row.steps / 1e9).toFixed(2)} G steps`,
    `qemu ${row.qemu.toFixed(2)} s`,
    `jit ${row.jit.toFixed(2)} s = ${(row.qemu / row.jit).toFixed(2)}x`,
    `trace ${row.trace.toFixed(2)} s = ${(row.qemu / row.trace).toFixed(2)}x, ${row.traceBytesPerStep.toFixed(1)} B/step`,
    `${(row.tracePeakBytes / 2 ** 20).toFixed(0)} MiB`,
    `start ${row.startup.toFixed(2)} s`,
    `interpreter ${(row.interpreterStepsPerSecond / 1e6).toFixed(0)} M/s`,
  ]
  return columns.join('  ')
}

function report(rows: readonly Row[]): void {
  const summary = {
    jit: geometricMean(rows.map((row) => row.qemu / row.jit)),
    trace: geometricMean(rows.map((row) => row.qemu / row.trace)),
    interpreterStepsPerSecond: geometricMean(rows.map((row) => row.interpreterStepsPerSecond)),
  }
  console.log(`speed relative to qemu-riscv64, geometric mean of ${rows.length} guests, median of ${repeats} rounds:`)
  console.log(`  jit ${summary.jit.toFixed(2)}x, with minimal trace ${summary.trace.toFixed(2)}x`)
  console.log(`  interpreter ${(summary.interpreterStepsPerSecond / 1e6).toFixed(0)} M steps/s`)
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, arch: arch(), node: process.version }
  mkdirSync(dirname(flags.output), { recursive: true })
  writeFileSync(flags.output, `${JSON.stringify({ machine, repeats, summary, rows }, null, 2)}\n`)
}
