import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BuildError } from '../build-error.ts'
import { runTool } from '../compile/run-tool.ts'
import { replaceFile } from '../files.ts'
import { type CCompiler, ZIG_TARGET } from './c-compiler.ts'

/**
 * The functions that compiled code calls for what the machine lacks: floating point, 128-bit division. Zig brings them
 * as source and would build them for another code model, so they are built once here; others bring their own.
 */
export async function compilerRt(
  compiler: CCompiler,
  { signal }: { readonly signal: AbortSignal | undefined },
): Promise<readonly string[]> {
  const { zig, env } = compiler
  if (zig === undefined) return []
  const archive = join(`${zig.folder}-cache`, 'compiler-rt-riscv64imac-medany.o')
  if (existsSync(archive)) return [archive]
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
  return [archive]
}
