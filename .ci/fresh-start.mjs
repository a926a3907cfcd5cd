// Times the way of a new user, who has Node and npm and nothing else: the four commands at the top of README.md, from packed
// packages that npm gets from a registry on this machine, with empty caches, an empty ZISK_HOME, no terminal and nothing to
// read on standard input. Prints each command's time, with --print also what it says, and compares what the last one prints
// with what the README shows.
//   node .ci/fresh-start.mjs [--only c,typescript] [--limit SECONDS] [--print]

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { packAll, startRegistry } from './local-registry.mjs'

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: 'c,typescript' },
    limit: { type: 'string', default: '180' },
    print: { type: 'boolean', default: false },
  },
})
const templates = flags.only.split(',')

const [, commandBlock, outputBlock] =
  /^```sh no-run\n([\s\S]*?)^```\n+```text\n([\s\S]*?)^```$/m.exec(readFileSync('README.md', 'utf8')) ?? []
const commands = commandBlock.trim().split('\n')
if (commands.length !== 4) throw new Error(`four commands expected at the top of README.md, got ${commands.length}`)
/** What the last command says of any version on any machine: not the digest of the program, bytes and time. */
const factsOf = (text) =>
  text
    .slice(text.lastIndexOf('verified: '))
    .replace(/^(program|checked) .*\n/gm, '')
    .trim()

const work = mkdtempSync(join(tmpdir(), 'zisk-fresh-'))
mkdirSync(join(work, 'tarballs'))
const registry = await startRegistry(packAll(join(work, 'tarballs')))
let failed = false
try {
  for (const template of templates) failed = !(await start(template)) || failed
} finally {
  registry.end()
  rmSync(work, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0

/** Runs the four commands for a template. */
async function start(template) {
  const home = join(work, template)
  let folder = join(home, 'projects')
  mkdirSync(folder, { recursive: true })
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|ZISK_)/i.test(name))),
    HOME: home,
    ZISK_HOME: join(home, 'zisk'),
    npm_config_registry: registry.url,
    npm_config_cache: join(home, 'npm'),
  }
  console.log(
    `::: ${template}, node ${process.versions.node}, ${availableParallelism()} processors, load ${loadavg()[0].toFixed(1)}`,
  )
  let total = 0
  let last = ''
  for (const [index, command] of commands.entries()) {
    const line =
      index === 0 && template !== 'c' ? command.replace(' my-proof ', ` my-proof -- --template ${template} `) : command
    const { status, seconds, stdout, stderr } = await run(line, folder, env)
    total += seconds
    console.log(`${seconds.toFixed(1).padStart(6)} s  ${line}`)
    if (flags.print) console.log(`${stderr}${stdout}`)
    if (status !== 0) {
      console.error(`status ${status}\n${stdout}${stderr}`)
      return false
    }
    if (index === 0) folder = join(folder, 'my-proof')
    last = stdout
  }
  console.log(`${total.toFixed(1).padStart(6)} s  together (at most ${flags.limit})`)
  if (template === 'c' && factsOf(last) !== factsOf(outputBlock)) {
    console.error(`README.md shows\n${outputBlock}and zisk verify printed\n${last}`)
    return false
  }
  if (!last.startsWith('verified: ')) {
    console.error(last)
    return false
  }
  return total <= Number(flags.limit)
}

function run(command, cwd, env) {
  const started = performance.now()
  // Not spawnSync: the registry answers from this process.
  const child = spawn('bash', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  return new Promise((resolve) =>
    child.on('close', (status) => resolve({ status, stdout, stderr, seconds: (performance.now() - started) / 1000 })),
  )
}
