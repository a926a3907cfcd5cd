/** How a command line names a program. */

import type { LoadProgramOptions, Program } from '@zisk/sdk'
import type { Command } from 'commander'
import { CliError } from '../cli-error.ts'
import { inFile, readUserFile } from '../files/read-file.ts'
import { choiceParser } from './integer-options.ts'

/** Options of {@link addElfOptions}. */
export interface ElfOptions {
  readonly elf?: string
  readonly memoryMap?: NonNullable<LoadProgramOptions['memoryMap']>
  readonly exitCode?: 'a0' | 'note'
}

/** Adds the positional ELF, its twin `--elf`, and how to load it. */
export function addElfOptions(command: Command): Command {
  return addElfLoadingOptions(command.argument('[elf]', 'RISC-V program (RV64IMAC ELF), in place of --elf'))
}

/** Adds `--elf` and how to load it. */
export function addElfLoadingOptions(command: Command): Command {
  return command
    .option('-e, --elf <file>', 'RISC-V program (RV64IMAC ELF)')
    .option(
      '--memory-map <name>',
      'memory map of the guest: v0.18 or v0.12 (default: found from its code)',
      choiceParser('--memory-map', ['v0.18', 'v0.12']),
    )
    .option(
      '--exit-code <source>',
      'a0: a0 at exit is the exit code; note: only for ELFs with a ZisK ABI note (default)',
      choiceParser('--exit-code', ['a0', 'note']),
    )
}

/** The path of the program: the argument or `--elf`. */
export function elfPath(argument: string | undefined, options: ElfOptions): string {
  const path = argument ?? options.elf
  if (path === undefined || (argument !== undefined && options.elf !== undefined && argument !== options.elf)) {
    throw new CliError({
      code: 'USAGE',
      message: `one program expected, got ${path === undefined ? 'none' : `'${argument}' and --elf '${options.elf}'`}`,
      remedy: 'Name the ELF file as the argument or with --elf.',
    })
  }
  return path
}

/** Reads and transpiles the program that the command line names. */
export async function loadProgramFromOptions(path: string, options: ElfOptions): Promise<Program> {
  // Loaded here, so that commands that need no program start without the transpiler.
  const { loadProgram } = await import('@zisk/sdk')
  const bytes = readUserFile(path, 'ELF')
  return inFile(path, () =>
    loadProgram(bytes, {
      memoryMap: options.memoryMap,
      exitMode: options.exitCode === 'a0' ? 'bound' : undefined,
    }),
  )
}
