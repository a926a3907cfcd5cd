/** Options that several commands have, declared once. */

import { dirname, resolve } from 'node:path'
import {
  createInput,
  DEFAULT_CHUNK_SIZE,
  EXECUTORS,
  type ExecutorKind,
  type InputSource,
  type LoadProgramOptions,
  loadProgram,
  MAX_CHUNK_SIZE,
  MIN_CHUNK_SIZE,
  type Program,
} from '@zisk/sdk'
import type { Command } from 'commander'
import { CliError } from '../cli-error.ts'
import { inFile, readUserFile } from '../files/read-file.ts'
import type { Io } from '../io.ts'
import { choiceParser, countParser, powerOfTwoParser } from './integer-options.ts'

/** Adds `--json` and `--debug`. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print exactly one JSON document on stdout')
    .option('--debug', 'print stack traces of failures')
}

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
export function loadProgramFromOptions(path: string, options: ElfOptions): Program {
  const bytes = readUserFile(path, 'ELF')
  return inFile(path, () =>
    loadProgram(bytes, {
      memoryMap: options.memoryMap,
      exitMode: options.exitCode === 'a0' ? 'bound' : undefined,
    }),
  )
}

/** Options of {@link addInputOptions}. */
export interface InputOptions {
  readonly input?: string
  readonly inputRaw?: string
}

/** Adds `--input` and `--input-raw`. */
export function addInputOptions(command: Command): Command {
  return command
    .option('-i, --input <file>', 'input records (raw bytes for v0.12 programs), typed values (.json), or - for stdin')
    .option('--input-raw <file>', 'plain bytes, passed as one record; - for stdin')
}

/** The framed input that the command line names for a program; an empty one when it names none. */
export function inputFromOptions(options: InputOptions, program: Program, io: Io): InputSource {
  const path = options.input ?? options.inputRaw
  const source = inputSource(options, io)
  const name = path === '-' ? 'standard input' : path
  return { kind: 'ready', bytes: inFile(name, () => createInput(source, program.rom.memoryMap)) }
}

function inputSource(options: InputOptions, io: Io): InputSource {
  const { input, inputRaw } = options
  if (input !== undefined && inputRaw !== undefined) {
    throw new CliError({
      code: 'USAGE',
      message: 'one input expected, got --input and --input-raw',
      remedy: 'Use --input for framed records or JSON, --input-raw for plain bytes.',
    })
  }
  const read = (path: string): Uint8Array => (path === '-' ? io.readStdin() : readUserFile(path, 'input'))
  if (inputRaw !== undefined) return { kind: 'raw', bytes: read(inputRaw) }
  if (input === undefined) return { kind: 'records', records: [] }
  if (!input.endsWith('.json')) return { kind: 'framed', bytes: read(input) }
  return {
    kind: 'json',
    text: new TextDecoder().decode(read(input)),
    readFile: (path) => readUserFile(resolve(dirname(input), path), 'input'),
  }
}

/** Options of {@link addThreadOptions}. */
export interface ThreadOptions {
  readonly threads?: number
}

/** Options of {@link addRunOptions}. */
export interface RunOptions extends ThreadOptions {
  readonly maxSteps: number
  readonly chunkSize?: number
}

/** Options of {@link addExecutionOptions}. */
export interface ExecutionOptions extends RunOptions {
  readonly executor: ExecutorKind
}

/** ZisK's default step limit. */
const DEFAULT_MAX_STEPS = 2 ** 36 - 1
const MAX_THREADS = 1024

/** Adds `--threads`. */
export function addThreadOptions(command: Command): Command {
  return command.option(
    '--threads <count>',
    'worker threads (default: ZISK_THREADS or the number of cores)',
    countParser('--threads', 1, MAX_THREADS),
  )
}

/** Adds step limit, chunk size and threads. */
export function addRunOptions(command: Command): Command {
  return addThreadOptions(command)
    .option(
      '-n, --max-steps <count>',
      'stop with status 5 after this many steps',
      countParser('--max-steps', 1, Number.MAX_SAFE_INTEGER),
      DEFAULT_MAX_STEPS,
    )
    .option(
      '--chunk-size <steps>',
      `steps per minimal-trace chunk, a power of two (default: ZISK_CHUNK_SIZE or ${DEFAULT_CHUNK_SIZE})`,
      powerOfTwoParser('--chunk-size', MIN_CHUNK_SIZE, MAX_CHUNK_SIZE),
    )
}

/** Adds step limit, chunk size, threads and executor. */
export function addExecutionOptions(command: Command): Command {
  return addRunOptions(command).option(
    '--executor <name>',
    EXECUTORS.join(' or '),
    choiceParser('--executor', EXECUTORS),
    EXECUTORS[0],
  )
}

/** Chunk size of the option, else of `ZISK_CHUNK_SIZE`, else `undefined`. */
export function chunkSizeFromOptions(options: RunOptions, io: Io): number | undefined {
  if (options.chunkSize !== undefined) return options.chunkSize
  const value = io.env['ZISK_CHUNK_SIZE']
  return value === undefined ? undefined : powerOfTwoParser('ZISK_CHUNK_SIZE', MIN_CHUNK_SIZE, MAX_CHUNK_SIZE)(value)
}

/** Threads of the option, else of `ZISK_THREADS`, else `undefined`. */
export function threadsFromOptions(options: ThreadOptions, io: Io): number | undefined {
  if (options.threads !== undefined) return options.threads
  const value = io.env['ZISK_THREADS']
  return value === undefined ? undefined : countParser('ZISK_THREADS', 1, MAX_THREADS)(value)
}
