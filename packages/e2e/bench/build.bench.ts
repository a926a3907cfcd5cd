/**
 * How long one waits for `zisk build`: the built command under `node`, start of the process included, with the compiler
 * installed. Medians over whole processes, beside the processor time with that of the compilers, which says more on a busy
 * host. Unchanged: nothing to do. Changed: another number in the main source file.
 *
 * Usage: pnpm bench build [--only c,rust] [--runs 7] [--cli FILE] [--smoke]
 *   --cli FILE  `bin.js` of an installed command; without it the workspace is built first
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { TEMPLATES } from 'create-zisk'
import { HOME } from '../src/guest/build-and-run.ts'
import { createLinkedProject } from '../src/guest/template-project.ts'
import { buildCommand } from './built-command.ts'
import { against, writeResults } from './proving/child.ts'

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: TEMPLATES.join(',') },
    runs: { type: 'string', default: '7' },
    cli: { type: 'string' },
    smoke: { type: 'boolean', default: false },
  },
})
const runs = flags.smoke ? 1 : Number(flags.runs)
/** Seconds that a build may take. A changed program is held to a limit in C. */
const LIMITS = { unchanged: 0.5, changed: 2 } as const
const SOURCE: Readonly<Record<string, string>> = {
  c: 'src/main.c',
  cpp: 'src/main.cc',
  zig: 'src/main.zig',
  rust: 'src/main.rs',
  typescript: 'src/main.ts',
}

interface Sample {
  readonly wall: number
  readonly cpu: number
}

const folder = mkdtempSync(join(tmpdir(), 'zisk-build-bench-'))
try {
  const cli = flags.cli === undefined ? buildCommand() : resolve(flags.cli)
  console.log(
    `medians of ${runs}, node ${process.versions.node}, ${availableParallelism()} processors, load ${loadavg()[0]!.toFixed(1)}`,
  )
  const results = flags.only.split(',').map((language) => measure(cli, language))
  writeResults('build.json', { runs, results })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function measure(cli: string, language: string): object {
  const project = createLinkedProject(join(folder, language), language)
  const first = time(cli, project, 'built')
  const unchanged = median(() => time(cli, project, 'up to date'))
  const source = join(project, SOURCE[language]!)
  const text = readFileSync(source, 'utf8')
  let number = 0
  const changed = median(() => {
    writeFileSync(source, text.replace('no numbers', `no numbers (${number++})`))
    return time(cli, project, 'built')
  })
  console.log(`${language}: first ${seconds(first)}`)
  console.log(
    `  unchanged ${seconds(unchanged)}; limit / it ${against(LIMITS.unchanged / unchanged.wall, { least: 1 })}`,
  )
  const verdict = language === 'c' ? `; limit / it ${against(LIMITS.changed / changed.wall, { least: 1 })}` : ''
  console.log(`  changed   ${seconds(changed)}${verdict}`)
  return { language, first, unchanged, changed }
}

function seconds({ wall, cpu }: Sample): string {
  return `${wall.toFixed(2)} s, ${cpu.toFixed(2)} s of processors`
}

function median(take: () => Sample): Sample {
  const samples = Array.from({ length: runs }, take)
  const middle = (of: keyof Sample): number => samples.map((one) => one[of]).sort((x, y) => x - y)[runs >> 1]!
  return { wall: middle('wall'), cpu: middle('cpu') }
}

/** One `zisk build`, which has to do what is expected. */
function time(cli: string, project: string, expected: 'built' | 'up to date'): Sample {
  const started = performance.now()
  // The shell knows the processor time of what it started, compilers included.
  const { status, stdout, stderr } = spawnSync('bash', ['-c', '"$0" "$1" build && times', process.execPath, cli], {
    cwd: project,
    env: { ...process.env, ZISK_HOME: HOME },
    encoding: 'utf8',
  })
  const wall = (performance.now() - started) / 1000
  if (status !== 0 || !stderr.includes(expected)) throw new Error(`${project}: '${expected}' expected, got ${stderr}`)
  const [minutes0, seconds0, minutes1, seconds1] = [
    ...stdout
      .trim()
      .split('\n')
      .at(-1)!
      .matchAll(/[\d.]+/g),
  ].map(Number)
  return { wall, cpu: 60 * (minutes0! + minutes1!) + seconds0! + seconds1! }
}
