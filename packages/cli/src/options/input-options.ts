/** How a command line names the guest's input. */

import { dirname, resolve } from 'node:path'
import { createInput, type InputSource, type Program } from '@zisk/sdk'
import type { Command } from 'commander'
import { CliError } from '../cli-error.ts'
import { inFile, readUserFile } from '../files/read-file.ts'
import { checkOutputFile } from '../files/write-file.ts'
import type { Io } from '../io.ts'

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

/**
 * The framed input that the command line names for a program; an empty one when it names none.
 *
 * @param outputs files that the command will write, by option: a file that a JSON input names must be none of them
 */
export function inputFromOptions(
  options: InputOptions,
  program: Program,
  io: Io,
  outputs: Readonly<Record<string, string | undefined>> = {},
): InputSource {
  const path = options.input ?? options.inputRaw
  const source = inputSource(options, io, outputs)
  const name = path === '-' ? 'standard input' : path
  return { kind: 'ready', bytes: inFile(name, () => createInput(source, program.rom.memoryMap)) }
}

function inputSource(
  options: InputOptions,
  io: Io,
  outputs: Readonly<Record<string, string | undefined>>,
): InputSource {
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
    readFile: (path) => {
      const named = resolve(dirname(input), path)
      for (const [option, output] of Object.entries(outputs)) checkOutputFile(option, output, [named])
      return readUserFile(named, 'input')
    },
  }
}
