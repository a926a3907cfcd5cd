import { join } from 'node:path'
import {
  createChecker,
  decodePilout,
  decodeWitness,
  encodePilout,
  entryLabel,
  formatReport,
  isUnavailable,
  materializeFixed,
  type Pilout,
  type ProgramWitness,
  piloutFromJson,
  piloutToJson,
  releaseFixed,
  witnessFromJson,
} from '@zisk/air'
import { type ErrorDetail, EXIT_STATUS, ZiskError } from '@zisk/core'
import { columnsModule, compilePil, formatDiagnostic, type PilDiagnostic } from '@zisk/pilc'
import type { Command } from 'commander'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { inFile, parseUserJson, readUserFile, requireFolder } from '../files/read-file.ts'
import { checkOutputFile, makeUserFolder, writeUserFile } from '../files/write-file.ts'
import type { Io } from '../io.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { choiceParser, countParser } from '../options/integer-options.ts'
import { piloutInfo, renderPiloutInfo } from '../report/pilout-info.ts'

interface PilOptions extends CommonOptions {
  readonly include: readonly string[]
}

interface CompileOptions extends PilOptions {
  readonly output?: string
  readonly format: 'binary' | 'json'
  readonly fixed?: string
  readonly columns?: string
}

interface InfoOptions extends PilOptions {
  readonly maxDegree?: number
}

interface CheckOptions extends PilOptions {
  readonly maxFailures: number
}

/** A PIL program with errors; each of them has been printed. */
class PilCompileError extends ZiskError<'PIL_COMPILE_FAILED'> {
  override readonly name = 'PilCompileError'
}

export function addPilCommand(program: Command, context: CommandContext): void {
  const pil = program
    .command('pil')
    .description('Compile PIL2, show what it costs, check witnesses.')
    .addHelpText('after', '\nExamples:\n  zisk pil info machine.pil\n  zisk pil check machine.pil witness.bin')
  addCompile(pil, context)
  addInfo(pil, context)
  addCheck(pil, context)
}

const collect = (folder: string, folders: readonly string[]): readonly string[] => [...folders, folder]

function addPilOptions(command: Command): Command {
  return addCommonOptions(
    command
      .argument('<file>', 'PIL source (.pil) or compiled program')
      .option(
        '-I, --include <dir>',
        'folder searched for included files, before those that the program names with #pragma include_path; may be repeated',
        collect,
        [],
      ),
  )
}

function addCompile(pil: Command, { io }: CommandContext): void {
  addPilOptions(pil.command('compile').description('Compile a PIL program.'))
    .option('-o, --output <file>', 'write the compiled program')
    .option('--format <name>', 'binary or json', choiceParser('--format', ['binary', 'json']), 'binary')
    .option('--fixed <dir>', 'write the values of every fixed column, 8 bytes a row, little-endian')
    .option('--columns <dir>', 'write a typed columns.gen.ts module per AIR')
    .addHelpText(
      'after',
      '\nExamples:\n  zisk pil compile machine.pil -o machine.pilout\n  zisk pil compile machine.pil -I lib --columns src/gen',
    )
    .action((file: string, options: CompileOptions) => {
      checkOutputFile('--output', options.output, [file])
      const program = loadPilout(file, options, io)
      if (options.output !== undefined) {
        const json = options.format === 'json'
        writeUserFile(options.output, json ? `${JSON.stringify(piloutToJson(program))}\n` : encodePilout(program))
      }
      if (options.fixed !== undefined) writeFixedColumns(program, options.fixed, io)
      if (options.columns !== undefined) writeColumnModules(program, options.columns)
      const airs = program.airGroups.reduce((sum, group) => sum + group.airs.length, 0)
      io.stdout.write(
        options.json
          ? `${JSON.stringify({ ok: true, command: 'pil compile', program: program.name, airs }, null, 2)}\n`
          : `${program.name}: ${airs} AIRs\n`,
      )
    })
}

function addInfo(pil: Command, { io }: CommandContext): void {
  addPilOptions(pil.command('info').description('Show columns, constraints, degrees, buses and cells per row.'))
    .option(
      '--max-degree <degree>',
      'show the least cells with constraints up to this degree (without it: degree 3, as zisk proves)',
      countParser('--max-degree', 2, 17),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  zisk pil info machine.pil\n  zisk pil info zisk.pilout --json\n  zisk pil info machine.pil --max-degree 5',
    )
    .action((file: string, options: InfoOptions) => {
      const info = piloutInfo(loadPilout(file, options, io), options.maxDegree)
      io.stdout.write(
        options.json
          ? `${JSON.stringify({ ok: true, command: 'pil info', ...info }, null, 2)}\n`
          : renderPiloutInfo(info),
      )
    })
}

function addCheck(pil: Command, context: CommandContext): void {
  const { io } = context
  addPilOptions(pil.command('check').description('Check every constraint and bus of a program on a witness.'))
    .argument('<witness>', 'witness file, binary or .json')
    .option('--max-failures <count>', 'failures described', countParser('--max-failures', 1, 1_000_000), 100)
    .addHelpText(
      'after',
      '\nExamples:\n  zisk pil check machine.pil witness.bin\n  zisk pil check machine.pilout witness.json --json',
    )
    .action((file: string, witnessFile: string, options: CheckOptions) => {
      // A witness that cannot be read is said before a long compilation.
      const bytes = readUserFile(witnessFile, 'witness')
      const program = loadPilout(file, options, io)
      const report = inFile(witnessFile, () =>
        createChecker(program).check(decodeUserWitness(program, bytes, witnessFile), {
          maxFailures: options.maxFailures,
        }),
      )
      if (!report.ok) context.setExitStatus(EXIT_STATUS.failed)
      const document = { command: 'pil check', ...report }
      const bigintText = (_key: string, value: unknown): unknown =>
        typeof value === 'bigint' ? value.toString() : value
      io.stdout.write(
        options.json ? `${JSON.stringify(document, bigintText, 2)}\n` : `${formatReport(report).trimEnd()}\n`,
      )
    })
}

/** Compiles a `.pil` file, or decodes anything else as a compiled program. Diagnostics go to stderr. */
function loadPilout(file: string, options: PilOptions, io: Io): Pilout {
  const bytes = readUserFile(file, 'PIL')
  for (const folder of options.include) requireFolder(folder)
  if (file.endsWith('.json')) return inFile(file, () => piloutFromJson(parseUserJson(bytes, file)))
  if (!file.endsWith('.pil')) return inFile(file, () => decodePilout(bytes))
  const output = (line: string): void => io.stderr.write(`${line}\n`)
  const { pilout, diagnostics } = compilePil({ file, include: options.include, output })
  for (const diagnostic of diagnostics) io.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
  if (pilout !== undefined) return pilout
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  throw new PilCompileError({
    code: 'PIL_COMPILE_FAILED',
    message: `PIL program expected to compile, got ${errors.length} error${errors.length === 1 ? '' : 's'}`,
    where: file,
    remedy: 'Mend the first error first; later ones may follow from it.',
    // As text they have been printed.
    ...(options.json ? { details: { errors: errors.map(diagnosticToJson) } } : {}),
  })
}

function diagnosticToJson({ file, line, column, code, message }: PilDiagnostic): ErrorDetail {
  return { file, line, column, code, message }
}

function decodeUserWitness(program: Pilout, bytes: Uint8Array, file: string): ProgramWitness {
  return file.endsWith('.json') ? witnessFromJson(program, parseUserJson(bytes, file)) : decodeWitness(program, bytes)
}

function writeFixedColumns(program: Pilout, directory: string, io: Io): void {
  makeUserFolder(directory)
  for (const air of program.airGroups.flatMap((group) => group.airs)) {
    for (const column of air.fixed) {
      const label = `${air.name}.${entryLabel(column)}`
      if (isUnavailable(column.content)) {
        io.stderr.write(`${label} is not written: its rows come from a file that is not there\n`)
        continue
      }
      const values = materializeFixed(column.content, air.rows, label)
      writeUserFile(
        join(directory, `${label}.bin`),
        new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      )
    }
    releaseFixed(air.fixed)
  }
}

function writeColumnModules(program: Pilout, directory: string): void {
  makeUserFolder(directory)
  for (const air of program.airGroups.flatMap((group) => group.airs)) {
    writeUserFile(join(directory, `${air.name}.columns.gen.ts`), columnsModule(program, air.name))
  }
}
