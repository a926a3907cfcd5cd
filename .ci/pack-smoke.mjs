// Packs every published package, installs the tarballs into an empty project with npm, and runs the installed binary
// under plain node: what a user gets from the registry, without a registry.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const work = mkdtempSync(join(tmpdir(), 'zisk-pack-'))
const run = (command, args, cwd, env = process.env) =>
  execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

try {
  run(
    'npx',
    [
      '-y',
      'pnpm@10',
      '-r',
      '--filter',
      '!zisk-workspace',
      '--filter',
      '!@zisk/e2e',
      'exec',
      'pnpm',
      'pack',
      '--pack-destination',
      work,
    ],
    '.',
  )
  const tarballs = readdirSync(work).filter((name) => name.endsWith('.tgz'))
  writeFileSync(join(work, 'package.json'), JSON.stringify({ name: 'smoke', private: true, type: 'module' }))
  run('npm', ['install', '--no-audit', '--no-fund', ...tarballs.map((name) => `./${name}`)], work)

  const zisk = join(work, 'node_modules', '.bin', 'zisk')
  const elf = resolve('elf-regressions/sha256-file/program.elf')
  const input = join(work, 'input.txt')
  writeFileSync(input, 'abc')
  const report = JSON.parse(run(zisk, ['run', elf, '--input-raw', input, '--json'], work))
  // FIPS 180-4: SHA-256("abc") begins ba7816bf.
  const expected = 'ba7816bf'
  if (!report.outputs[0].endsWith(expected))
    throw new Error(`first output expected ${expected}, got ${report.outputs[0]}`)
  const stats = JSON.parse(run(zisk, ['run', elf, '--input-raw', input, '--stats', '--json'], work))
  if (!(stats.stats.operations.add > 0)) throw new Error('counts expected from the worker pool, got none')
  // The installed compiler brings its standard library along.
  const pil = join(work, 'pairs.pil')
  writeFileSync(
    pil,
    `require "std.pil";
     airtemplate Pairs(const int N = 8) { col witness x; range_check(x, 0, 255); }
     airgroup G { Pairs(); }`,
  )
  const info = JSON.parse(run(zisk, ['pil', 'info', pil, '--json'], work))
  if (info.airs.length !== 2) throw new Error(`AIR and table expected, got ${info.airs.length} AIRs`)
  const tiny = resolve('elf-regressions/large-bss/program.elf')
  const proof = join(work, 'tiny.proof')
  const home = { ...process.env, ZISK_HOME: join(work, 'home') }
  const proven = JSON.parse(run(zisk, ['prove', tiny, '-o', proof, '--json'], work, home))
  const verified = JSON.parse(run(zisk, ['verify', proof, '--program', proven.programDigest, '--json'], work, home))
  if (!verified.verified || verified.programDigest !== proven.programDigest)
    throw new Error(`a verified proof of ${proven.programDigest} expected, got ${JSON.stringify(verified)}`)
  // The verifier alone, with the key as data of its own: what a page that verifies is made of.
  const page = join(work, 'page.mjs')
  writeFileSync(
    page,
    `import { readFileSync } from 'node:fs'
     import { prepareVerifyingKey, verifyZisk } from '@zisk/verifier'
     const [proof, digest] = process.argv.slice(2)
     const key = prepareVerifyingKey(readFileSync(new URL(import.meta.resolve('@zisk/sdk/zisk.vkey'))))
     const programDigest = Uint8Array.from(Buffer.from(digest, 'hex'))
     const result = verifyZisk(readFileSync(proof), key, { programDigest })
     console.log(result.ok ? 'ok' : result.error.code)`,
  )
  const alone = (digest) => run(process.execPath, [page, proof, digest], work).trim()
  const other = proven.programDigest.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
  const outcomes = [alone(proven.programDigest), alone(other)]
  if (outcomes.join() !== 'ok,PROOF_PROGRAM_MISMATCH')
    throw new Error(`the verifier alone expected to accept one program only, got ${outcomes}`)
  console.log(
    `proved and verified ${proven.steps} steps: ${proven.proofBytes} bytes, ${Math.round(proven.seconds * 1000)} and ${Math.round(verified.seconds * 1000)} ms`,
  )
  console.log(
    `packed ${tarballs.length} packages; installed zisk ${run(zisk, ['--version'], work).trim()} ran ${report.steps} steps`,
  )
} finally {
  rmSync(work, { recursive: true, force: true })
}
