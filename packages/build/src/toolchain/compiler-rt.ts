import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BuildError } from '../build-error.ts'
import { runTool } from '../compile/run-tool.ts'
import { replaceFile } from '../files.ts'
import { ARCHITECTURE, type CCompiler, GCC_NAMES, ZIG_TARGET } from './c-compiler.ts'
import { findProgram } from './find-program.ts'

interface Options {
  readonly signal: AbortSignal | undefined
}

/**
 * The functions that compiled code calls for what the machine lacks: floating point, 128-bit division. Zig brings them
 * as source and would build them for another code model, so they are built once here; gcc adds its own to the link.
 *
 * @returns archives for the link; none when clang has none for this machine, which most programs do not miss
 */
export async function compilerRt(compiler: CCompiler, options: Options): Promise<readonly string[]> {
  switch (compiler.name) {
    case 'zig':
      return [await zigRuntime(compiler, options)]
    case 'clang':
      return clangRuntime(compiler, options)
    case 'gcc':
      return []
  }
}

/** What clang has for this machine, or else the library of a gcc for it. */
async function clangRuntime({ cc, env }: CCompiler, { signal }: Options): Promise<readonly string[]> {
  const gcc = findProgram(GCC_NAMES, env)
  const questions = [
    [...cc, '--rtlib=compiler-rt', '--print-libgcc-file-name'],
    ...(gcc === undefined ? [] : [[gcc, ...ARCHITECTURE, '-print-libgcc-file-name']]),
  ]
  for (const command of questions) {
    const { output } = await runTool({ command, env, signal })
    if (existsSync(output.trim())) return [output.trim()]
  }
  return []
}

/**
 * Names of functions of a compiler's runtime that a linker did not find: `__adddf3`, `__udivti3`, `__fixdfdi`.
 *
 * @param output what the linker said
 */
export function missingRuntime(output: string): string[] {
  const names = [...output.matchAll(/undefined (?:symbol|reference)(?: to)?:? [`']?(\w+)/g)].map((match) => match[1]!)
  return [...new Set(names.filter((name) => /^__[a-z]+[sdt][fi][a-z]*\d?$/.test(name)))].sort()
}

async function zigRuntime({ zig: toolchain, env }: CCompiler, { signal }: Options): Promise<string> {
  const zig = toolchain!
  const archive = join(`${zig.folder}-cache`, 'compiler-rt-riscv64imac-medany.o')
  if (existsSync(archive)) return archive
  await replaceFile(archive, async (temporary) => {
    const { status, output } = await runTool({
      command: [
        zig.executable,
        'build-obj',
        ...ZIG_TARGET,
        '-mcmodel=medany',
        '-ffunction-sections',
        '-fdata-sections',
        '-fstrip',
        '-O',
        'ReleaseFast',
        `-femit-bin=${temporary}`,
        join(zig.folder, 'lib', 'compiler_rt.zig'),
      ],
      env,
      signal,
    })
    if (status === 0) return
    throw new BuildError({
      code: 'COMPILE_FAILED',
      message: `the compiler's own library expected to compile, got exit status ${status}`,
      where: zig.folder,
      remedy: 'Remove that folder and run `zisk toolchain install`.',
      details: { status, output },
    })
  })
  return archive
}
