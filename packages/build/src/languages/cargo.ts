/** Runs cargo for a guest, and reads what it says about what it built from what. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { guestFiles } from '@zisk/guest'
import { z } from 'zod'
import { runTool } from '../compile/run-tool.ts'
import type { GuestProject } from '../project/project.ts'
import type { Environment } from '../toolchain/environment.ts'
import { cargoHome, type RustToolchain, rustEnvironment } from '../toolchain/rust.ts'
import type { BuildContext } from './language.ts'

const TARGET = 'riscv64ima-zisk-zkvm-elf'

/** One run of cargo: what is run, in which environment. */
export interface CargoCommand {
  readonly command: readonly string[]
  readonly env: Environment
  /** Cargo's folder of what it built. */
  readonly target: string
}

/** A part of a package that cargo built or found up to date. */
interface Artifact {
  readonly package_id: string
  readonly manifest_path: string
  readonly target: { readonly kind: readonly string[] }
  /** Path of the program, when it is one. */
  readonly executable: string | null
}

const artifactSchema: z.ZodType<Artifact> = z.object({
  reason: z.literal('compiler-artifact'),
  package_id: z.string(),
  manifest_path: z.string(),
  target: z.object({ kind: z.array(z.string()) }),
  executable: z.string().nullable(),
})

/** What cargo did. */
export interface CargoResult {
  readonly status: number
  /** The program, when one was built. */
  readonly executable: string | undefined
  readonly output: string
  readonly artifacts: readonly Artifact[]
}

/** How cargo builds a project. */
export function cargoCommand(project: GuestProject, env: Environment, toolchain: RustToolchain): CargoCommand {
  const { cargo, sources } = toolchain
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
    `--remap-path-prefix=${cargoHome(env)}=cargo`,
    ...linkArguments.map((argument) => `-Clink-arg=${argument}`),
    ...flags,
  ]
  const target = join(project.cache, 'target')
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
    target,
    '-Zjson-target-spec',
    `-Zbuild-std=${usesStd(project) ? 'std,panic_abort' : 'core,alloc,compiler_builtins'}`,
    '-Zbuild-std-features=compiler-builtins-mem',
  ]
  // Separated by the character that cargo takes, so that paths may hold spaces.
  const own = { ...rustEnvironment(toolchain.rustupName, env), CARGO_ENCODED_RUSTFLAGS: rustFlags.join('\x1f') }
  return { command, env: own, target }
}

/** Runs it; cargo's messages go to `onDiagnostics`. */
export async function runCargo(
  { command, env }: CargoCommand,
  project: GuestProject,
  { signal, onDiagnostics }: BuildContext,
): Promise<CargoResult> {
  const artifacts: Artifact[] = []
  const { status, output } = await runTool({
    command,
    cwd: project.root,
    env,
    signal,
    onStderr: onDiagnostics,
    onStdoutLine: (line) => {
      const artifact = artifactOf(line)
      if (artifact !== undefined) artifacts.push(artifact)
    },
  })
  const programs = artifacts.flatMap(({ executable }) => (executable?.includes(TARGET) === true ? [executable] : []))
  return { status, output, artifacts, executable: programs.at(-1) }
}

function artifactOf(line: string): Artifact | undefined {
  return line.startsWith('{') ? artifactSchema.safeParse(JSON.parse(line)).data : undefined
}

function usesStd(project: GuestProject): boolean {
  const main = join(dirname(project.sources[0]!), 'src/main.rs')
  return !(existsSync(main) && /^\s*#!\[(cfg_attr\(.*,\s*)?no_std\b/m.test(readFileSync(main, 'utf8')))
}
