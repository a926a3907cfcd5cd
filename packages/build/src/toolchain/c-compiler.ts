/** The compilers that C and C++ guests can be built with, behind one shape. */

import { BuildError } from '../build-error.ts'
import { runTool } from '../compile/run-tool.ts'
import type { CCompilerName } from '../project/config.ts'
import type { Environment } from './environment.ts'
import { findProgram } from './find-program.ts'
import { findZig, type InstallProgress, installZig, type ZigToolchain } from './install-zig.ts'

/** A compiler driver for RV64IMAC without floating-point registers. */
export interface CCompiler {
  readonly name: CCompilerName
  readonly version: string
  /** Command and leading arguments that compile C, and C++. */
  readonly cc: readonly string[]
  readonly cxx: readonly string[]
  /** Flags that let it load and store words at any address, which the machine can. */
  readonly unaligned: readonly string[]
  /** Command and leading arguments that link, which take plain linker flags when each follows {@link linkerFlag}. */
  readonly ld: readonly string[]
  readonly linkerFlag: string | undefined
  /** Flags at the end of the link: the compiler's own library. */
  readonly libraries: readonly string[]
  readonly env: Environment
  /** The Zig toolchain, when this is its compiler: `name` is `zig`. */
  readonly zig: ZigToolchain | undefined
}

export interface CompilerOptions {
  readonly home: string
  readonly env: Environment
  readonly signal?: AbortSignal | undefined
  /** Whether a missing Zig toolchain may be installed. */
  readonly install: boolean
  readonly onInstall?: ((progress: InstallProgress) => void) | undefined
}

/**
 * The compiler of that name, installed when it is ours and missing.
 *
 * @throws {BuildError} `TOOLCHAIN_MISSING`, or what an installation throws
 */
export async function findCCompiler(name: CCompilerName, options: CompilerOptions): Promise<CCompiler> {
  switch (name) {
    case 'zig':
      return zigCompiler(await findOrInstallZig(options), options.env)
    case 'clang':
      return clangCompiler(options)
    case 'gcc':
      return gccCompiler(options)
  }
}

/** CPU of the Zig toolchain: the machine has M, A and C, and no floating point. */
export const ZIG_TARGET = ['-target', 'riscv64-freestanding-none', '-mcpu=generic_rv64+m+a+c'] as const

async function findOrInstallZig(options: CompilerOptions): Promise<ZigToolchain> {
  const found = findZig(options.home)
  if (found !== undefined) return found
  if (!options.install) {
    throw new BuildError({
      code: 'TOOLCHAIN_MISSING',
      message: 'the Zig toolchain expected, got none installed',
      where: options.home,
      remedy: 'Run `zisk toolchain install`.',
    })
  }
  return installZig({ home: options.home, env: options.env, signal: options.signal, onProgress: options.onInstall })
}

function zigCompiler(zig: ZigToolchain, env: Environment): CCompiler {
  // Zig would leave assertions out of optimised code.
  const flags = [...ZIG_TARGET, '-mabi=lp64', '-fno-sanitize=all', '-UNDEBUG']
  return {
    name: 'zig',
    version: zig.version,
    cc: [zig.executable, 'cc', ...flags],
    cxx: [zig.executable, 'c++', ...flags],
    unaligned: ['-mcpu=generic_rv64+m+a+c+unaligned_scalar_mem'],
    ld: [zig.executable, 'ld.lld', '-melf64lriscv'],
    linkerFlag: undefined,
    libraries: [],
    env: zigEnvironment(zig, env),
    zig,
  }
}

/** Zig keeps its cache with the toolchain, not in the user's home. */
export function zigEnvironment(zig: ZigToolchain, env: Environment): Environment {
  return { ...env, ZIG_GLOBAL_CACHE_DIR: `${zig.folder}-cache`, ZIG_LOCAL_CACHE_DIR: `${zig.folder}-cache` }
}

export const ARCHITECTURE: readonly string[] = ['-march=rv64imac', '-mabi=lp64']
const CLANG_NAMES = ['clang', ...[22, 21, 20, 19, 18, 17, 16, 15, 14].map((version) => `clang-${version}`)]
export const GCC_NAMES: readonly string[] = ['riscv64-unknown-elf-gcc', 'riscv64-elf-gcc', 'riscv-none-elf-gcc']

async function clangCompiler(options: CompilerOptions): Promise<CCompiler> {
  const { env } = options
  const cc = findProgram(CLANG_NAMES, env)
  if (cc === undefined) throw missing('clang', CLANG_NAMES)
  const flags = ['--target=riscv64-unknown-elf', ...ARCHITECTURE]
  return {
    name: 'clang',
    version: await firstLine(cc, options),
    cc: [cc, ...flags],
    cxx: [cc, '--driver-mode=g++', ...flags],
    unaligned: ['-mno-strict-align'],
    ld: [cc, ...flags, '-nostdlib', '-fuse-ld=lld'],
    linkerFlag: '-Xlinker',
    libraries: [],
    env,
    zig: undefined,
  }
}

async function gccCompiler(options: CompilerOptions): Promise<CCompiler> {
  const { env } = options
  const cc = findProgram(GCC_NAMES, env)
  if (cc === undefined) throw missing('gcc', GCC_NAMES)
  // Loops of our memcpy must not become calls of memcpy.
  const flags = [...ARCHITECTURE, '-fno-tree-loop-distribute-patterns']
  return {
    name: 'gcc',
    version: await firstLine(cc, options),
    cc: [cc, ...flags],
    cxx: [cc.replace(/gcc(\.exe)?$/, 'g++$1'), ...flags],
    unaligned: ['-mno-strict-align'],
    ld: [cc, ...ARCHITECTURE, '-nostdlib', '-Wl,--no-warn-rwx-segments'],
    linkerFlag: '-Xlinker',
    libraries: ['-lgcc'],
    env,
    zig: undefined,
  }
}

/** First line of `--version`: another compiler gives other objects. */
async function firstLine(executable: string, { env, signal }: CompilerOptions): Promise<string> {
  const { output } = await runTool({ command: [executable, '--version'], env, signal })
  return output.split('\n')[0]!.trim()
}

function missing(name: CCompilerName, programs: readonly string[]): BuildError {
  return new BuildError({
    code: 'TOOLCHAIN_MISSING',
    message: `one of ${programs.join(', ')} expected on PATH, got none`,
    remedy: `Install ${name === 'gcc' ? 'gcc-riscv64-unknown-elf' : 'clang and lld'}, or build without --toolchain: zisk then brings its own.`,
  })
}
