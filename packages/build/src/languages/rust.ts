import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { guestFiles } from '@zisk/guest'
import { z } from 'zod'
import { BuildError } from '../build-error.ts'
import { readState, writeState } from '../compile/build-state.ts'
import { fingerprint, isUnchanged } from '../compile/fingerprint.ts'
import { runTool } from '../compile/run-tool.ts'
import { replaceFile } from '../files.ts'
import type { GuestProject } from '../project/project.ts'
import { findRust, type RustToolchain } from '../toolchain/rust.ts'
import type { BuildContext, Language, LanguageBuild } from './language.ts'

const TARGET = 'riscv64ima-zisk-zkvm-elf'

/** Rust guests, with or without the standard library: cargo builds them, and knows itself what changed. */
export const rust: Language = { build: buildCrate }

async function buildCrate(project: GuestProject, context: BuildContext): Promise<LanguageBuild> {
  const toolchain = await findRust(project.root, context.env)
  const { status, executable, output } = await runCargo(project, context, toolchain)
  if (status !== 0 || executable === undefined) {
    throw new BuildError({
      code: 'COMPILE_FAILED',
      message:
        status === 0
          ? 'a crate with one program expected, got none'
          : `a crate that compiles expected, got exit status ${status} from cargo`,
      where: project.sources[0],
      remedy: status === 0 ? 'Add src/main.rs with zisk_guest::entrypoint!(main).' : 'Mend what cargo says.',
      details: { status, output },
    })
  }
  const state = readState(project.cache)
  const built = fingerprint(executable)
  const old = state['elf']
  const upToDate = old?.key === built.hash && isUnchanged(old.output)
  if (!upToDate) {
    await replaceFile(project.elf, (temporary) => copyFileSync(executable, temporary))
    await writeState(project.cache, { elf: { key: built.hash, inputs: [], output: fingerprint(project.elf) } })
  }
  return { toolchain: { name: 'cargo', version: toolchain.version }, compiled: undefined, upToDate }
}

interface CargoResult {
  readonly status: number
  readonly executable: string | undefined
  readonly output: string
}

async function runCargo(
  project: GuestProject,
  { signal, onDiagnostics }: BuildContext,
  { cargo, env, sources }: RustToolchain,
): Promise<CargoResult> {
  const { rustTarget, linkerScript, root } = guestFiles()
  const { optimize = 'speed', stackSize, flags = [], linkFlags = [] } = project.config
  const linkArguments = [
    `-T${linkerScript}`,
    '--gc-sections',
    '-zmax-page-size=4096',
    ...(stackSize === undefined ? [] : [`--defsym=__stack_size=${stackSize}`]),
    ...linkFlags,
  ]
  const rustFlags = [
    `--remap-path-prefix=${project.root}=.`,
    `--remap-path-prefix=${root}=zisk-guest`,
    // Messages of panics name source files: the same ones on every machine.
    `--remap-path-prefix=${sources}=rust`,
    `--remap-path-prefix=${env['CARGO_HOME'] ?? join(homedir(), '.cargo')}=cargo`,
    ...linkArguments.map((argument) => `-Clink-arg=${argument}`),
    ...flags,
  ]
  const command = [
    cargo,
    'build',
    '--message-format=json-render-diagnostics',
    ...(optimize === 'debug' ? [] : ['--release']),
    ...(optimize === 'size' ? ['--config', 'profile.release.opt-level="s"'] : []),
    '--config',
    'profile.release.debug="line-tables-only"',
    '--target',
    rustTarget,
    '--target-dir',
    join(project.cache, 'target'),
    '-Zjson-target-spec',
    `-Zbuild-std=${usesStd(project) ? 'std,panic_abort' : 'core,alloc,compiler_builtins'}`,
    '-Zbuild-std-features=compiler-builtins-mem',
  ]
  // Separated by the character that cargo takes, so that paths may hold spaces.
  const environment = { ...env, CARGO_ENCODED_RUSTFLAGS: rustFlags.join('\x1f') }
  const messages: string[] = []
  const { status, output } = await runTool({
    command,
    cwd: project.root,
    env: environment,
    signal,
    onStderr: onDiagnostics,
    onStdoutLine: (line) => messages.push(line),
  })
  return { status, output, executable: messages.map(executableOf).findLast((path) => path !== undefined) }
}

const artifactSchema = z.object({ reason: z.literal('compiler-artifact'), executable: z.string() })

/** The program that a message of cargo announces. */
function executableOf(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined
  const result = artifactSchema.safeParse(JSON.parse(line))
  return result.success && result.data.executable.includes(TARGET) ? result.data.executable : undefined
}

function usesStd(project: GuestProject): boolean {
  const main = join(dirname(project.sources[0]!), 'src/main.rs')
  return !(existsSync(main) && /^\s*#!\[(cfg_attr\(.*,\s*)?no_std\b/m.test(readFileSync(main, 'utf8')))
}
