/** Builds `program.elf` of the named cases (all when none is named); `--check` compares with the committed bytes. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildRust } from './build-rust.ts'
import type { Build, Case } from './case.ts'
import { cases } from './cases.ts'
import { command } from './command.ts'

const ROOT = join(import.meta.dirname, '..')
const GUEST = '../packages/guest'
const START = [`${GUEST}/c/runtime/crt0.S`, `${GUEST}/c/runtime/abi-note.S`]
const SOURCE_FILE = /\.(c|cc|S)$/

function buildCase(entry: Case, folder: string): string {
  const elf = join(folder, 'program.elf')
  if (entry.build.compiler === 'cargo') {
    buildRust({ root: ROOT, name: entry.name, build: { start: START, ...entry.build }, folder, elf })
  } else compile(entry.name, entry.build, folder, elf)
  // Debug information names the build folder: it stays out unless a case is about it.
  if (entry.build.dwarf === undefined) command(ROOT, 'riscv64-unknown-elf-strip', ['--strip-debug', elf])
  return elf
}

function compile(name: string, build: Build, folder: string, elf: string): void {
  const caseFolder = join(ROOT, name)
  const own = existsSync(caseFolder)
    ? readdirSync(caseFolder)
        .filter((file) => SOURCE_FILE.test(file))
        .sort()
    : []
  const sources = [...(build.start ?? START), ...(build.sources ?? []), ...own.map((file) => join(name, file))]
  if (build.generated !== undefined) {
    writeFileSync(join(folder, `${name}.S`), build.generated())
    sources.push(join(folder, `${name}.S`))
  }
  const script = build.script ?? `${GUEST}/zisk.ld`
  const picolibc = build.flags?.includes('--specs=picolibc.specs') === true
  const common = [
    '-mabi=lp64',
    '-mcmodel=medany',
    '-ffreestanding',
    '-ffunction-sections',
    '-fdata-sections',
    '-static',
    '-Ilib',
    `-I${GUEST}/c/runtime`,
    `-ffile-prefix-map=${ROOT}=.`,
    `-ffile-prefix-map=${folder}=.`,
    '-Wl,--gc-sections',
    ...(build.language === 'assembly' ? ['-Wl,--nmagic'] : ['-O2', '-Wl,-z,max-page-size=4096']),
    ...(build.dwarf === undefined ? [] : debugFlags(build.dwarf)),
    ...(build.flags ?? []),
  ]
  if (build.compiler === 'clang') {
    const flags = [
      '--target=riscv64-unknown-elf',
      `-march=${build.march}`,
      '-nostdlib',
      '-fuse-ld=lld',
      `-Wl,-T,${script}`,
    ]
    command(ROOT, 'clang-19', [...flags, ...common, '-o', elf, ...sources])
    return
  }
  const flags = [
    '-nostartfiles',
    `-march=${build.march}`,
    ...(picolibc ? [] : ['-nostdlib']),
    '-T',
    script,
    '-Wl,--no-warn-rwx-segments',
  ]
  command(ROOT, 'riscv64-unknown-elf-gcc', [...flags, ...common, '-o', elf, ...sources, ...(picolibc ? [] : ['-lgcc'])])
}

/** Debug information names folders and, by its object files, the temporary ones: both must not differ between builds, nor
 * when the start code moves. */
function debugFlags(dwarf: 4 | 5): string[] {
  const start = [`-ffile-prefix-map=${GUEST}/c/runtime=lib`, `-Wa,--debug-prefix-map=${GUEST}/c/runtime=lib`]
  return [`-gdwarf-${dwarf}`, `-Wa,--debug-prefix-map=${ROOT}=.`, ...start, '-save-temps=obj']
}

function main(args: readonly string[]): void {
  const check = args.includes('--check')
  const names = args.filter((argument) => argument !== '--check')
  const unknown = names.filter((name) => !cases.some((entry) => entry.name === name))
  if (unknown.length > 0) throw new Error(`no such case: ${unknown.join(', ')}`)
  let changed = 0
  for (const entry of cases.filter((candidate) => names.length === 0 || names.includes(candidate.name))) {
    const folder = mkdtempSync(join(tmpdir(), 'zisk-elf-'))
    const built = buildCase(entry, folder)
    const committed = join(ROOT, entry.name, 'program.elf')
    const same = existsSync(committed) && readFileSync(committed).equals(readFileSync(built))
    if (!same) {
      changed++
      console.log(`${check ? 'differs' : 'built'}: ${entry.name}`)
      mkdirSync(join(ROOT, entry.name), { recursive: true })
      if (!check) copyFileSync(built, committed)
    }
    rmSync(folder, { recursive: true })
  }
  console.log(`${changed} of the ELF files ${check ? 'differ from' : 'changed against'} the committed ones`)
  if (check && changed > 0) process.exitCode = 1
}

main(process.argv.slice(2))
