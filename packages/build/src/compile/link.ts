/** Puts objects together to the guest's ELF. */

import { guestFiles } from '@zisk/guest'
import { BuildError, toolFailure } from '../build-error.ts'
import { replaceFile } from '../files.ts'
import type { CCompiler } from '../toolchain/c-compiler.ts'
import { missingRuntime } from '../toolchain/compiler-rt.ts'
import { type BuildState, isCurrent, type Product } from './build-state.ts'
import { fingerprint, hashTexts } from './fingerprint.ts'
import type { MakeOptions } from './make-objects.ts'
import { runTool } from './run-tool.ts'

export interface LinkOptions extends MakeOptions {
  readonly elf: string
  readonly compiler: CCompiler
  readonly objects: readonly Product[]
  /** Archives behind the objects. */
  readonly libraries: readonly string[]
  readonly stackSize: number | undefined
  readonly flags: readonly string[]
}

/**
 * Links, unless the ELF is current.
 *
 * @returns whether it was linked now
 * @throws {BuildError} `LINK_FAILED`; the linker's messages went to `onDiagnostics`
 */
export async function link(state: BuildState, options: LinkOptions): Promise<boolean> {
  const { compiler, elf, root, env, signal, onDiagnostics } = options
  const script = guestFiles().linkerScript
  const objects = options.objects.map((product) => product.output.path)
  const flags = [
    ...['-static', '--gc-sections', '-z', 'max-page-size=4096', '-T', script],
    ...(options.stackSize === undefined ? [] : [`--defsym=__stack_size=${options.stackSize}`]),
    ...options.flags,
  ].flatMap((flag) => (compiler.linkerFlag === undefined ? [flag] : [compiler.linkerFlag, flag]))
  const parts = [...objects, ...options.libraries, ...compiler.libraries]
  const command = (output: string): string[] => [...compiler.ld, ...flags, '-o', output, ...parts]
  const key = hashTexts(compiler.version, ...command(elf))
  if (isCurrent(state['elf'], key)) return false
  await replaceFile(elf, async (temporary) => {
    const { status, output } = await runTool({ command: command(temporary), cwd: root, env, signal })
    if (output !== '') onDiagnostics(output)
    if (status === 0) return
    const lacking = missingRuntime(output)
    if (lacking.length > 0 && options.libraries.length === 0 && compiler.name === 'clang') {
      throw new BuildError({
        code: 'TOOLCHAIN_MISSING',
        message: `functions for floating point and wide integers expected with clang, got none of ${lacking.join(', ')}`,
        where: elf,
        remedy:
          'Build without --toolchain, which brings them; or install gcc-riscv64-unknown-elf, whose libgcc clang guests ' +
          'are then linked with, or compiler-rt for riscv64.',
        details: { status, output },
      })
    }
    const failure = new BuildError({
      code: 'LINK_FAILED',
      message: `objects that link expected, got exit status ${status} from the linker`,
      where: elf,
      remedy: 'Mend what the linker says: a function that is called but not defined, or too much code or data.',
      details: { status, output },
    })
    throw toolFailure(output, elf, failure)
  })
  const inputs = [
    ...options.objects.map((product) => product.output),
    ...[script, ...options.libraries].map(fingerprint),
  ]
  state['elf'] = { key, inputs, output: fingerprint(elf) }
  return true
}
