import { disassembleRom, encodeRom, hex, romHash, romToJson } from '@zisk/core'
import { locate, type Program } from '@zisk/sdk'
import type { Command } from 'commander'
import { CliError } from '../cli-error.ts'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { checkOutputFile, writeUserFile } from '../files/write-file.ts'
import type { Io } from '../io.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { addElfOptions, type ElfOptions, elfPath, loadProgramFromOptions } from '../options/elf-options.ts'
import { choiceParser } from '../options/integer-options.ts'
import { formatBytes, formatCount, formatTable } from '../report/text.ts'

interface RomOptions extends CommonOptions, ElfOptions {
  readonly output?: string
  readonly format?: 'binary' | 'json'
  readonly digest?: boolean
  readonly disassemble?: boolean
}

export function addRomCommand(program: Command, { io }: CommandContext): void {
  const command = program
    .command('rom')
    .description('Transpile a program to the ZisK ROM: summary, digest, disassembly, or the ROM itself.')
    .addHelpText(
      'after',
      '\nExamples:\n  zisk rom program.elf --disassemble\n  zisk rom program.elf --output program.rom --format binary',
    )
    .option('-o, --output <file>', 'write the ROM')
    .option(
      '--format <name>',
      'format of --output: binary (default) or json',
      choiceParser('--format', ['binary', 'json']),
    )
    .option('--digest', 'print the ROM digest (BLAKE3 of the canonical bytes) and nothing else')
    .option('--disassemble', 'print every ZisK instruction with its symbol')
  addElfOptions(command)
  addCommonOptions(command).action((elf: string | undefined, options: RomOptions) => rom(elf, options, io))
}

async function rom(argument: string | undefined, options: RomOptions, io: Io): Promise<void> {
  if (options.format !== undefined && options.output === undefined) {
    throw new CliError({
      code: 'USAGE',
      message: '--format expected with --output, got it alone',
      remedy: 'Name the file to write with --output.',
    })
  }
  const path = elfPath(argument, options)
  checkOutputFile('--output', options.output, [path])
  const program = await loadProgramFromOptions(path, options)
  if (options.output !== undefined) {
    const asJson = options.format === 'json'
    writeUserFile(options.output, asJson ? `${JSON.stringify(romToJson(program.rom))}\n` : encodeRom(program.rom))
  }
  if (options.json)
    io.stdout.write(`${JSON.stringify({ ok: true, command: 'rom', ...describe(program, options) }, null, 2)}\n`)
  else if (options.digest) io.stdout.write(`${digest(program)}\n`)
  else if (options.disassemble) disassemble(program, io)
  else io.stdout.write(summary(program))
}

const digest = ({ rom }: Program): string => Buffer.from(romHash(rom)).toString('hex')

const dataBytes = ({ rom }: Program): number => rom.data.reduce((sum, { bytes }) => sum + bytes.length, 0)

function describe(program: Program, options: RomOptions): object {
  const { rom } = program
  const { instructions } = rom
  const rows = options.disassemble ? Array.from({ length: instructions.length }, (_, row) => row) : undefined
  return {
    digest: digest(program),
    memoryMap: rom.memoryMap.name,
    exitBound: rom.exitMode === 'bound',
    entry: hex(rom.entry),
    instructions: instructions.length,
    dataBytes: dataBytes(program),
    ...(rows === undefined
      ? {}
      : {
          disassembly: rows.map((row) => ({
            pc: hex(instructions.columns.pc[row]!),
            text: disassembleRom(instructions.at(row)),
          })),
        }),
  }
}

function summary(program: Program): string {
  const { rom } = program
  return formatTable(
    [
      ['digest', digest(program)],
      ['memory map', rom.memoryMap.name],
      ['exit code', rom.exitMode === 'bound' ? 'bound' : 'not bound (ZisK ABI)'],
      ['entry', hex(rom.entry)],
      ['instructions', formatCount(rom.instructions.length)],
      ['data', formatBytes(dataBytes(program))],
    ],
    'll',
  )
}

function disassemble(program: Program, io: Io): void {
  const { instructions } = program.rom
  let symbol: string | undefined
  for (let row = 0; row < instructions.length; row++) {
    const inst = instructions.at(row)
    const place = locate(program, inst.pc)
    if (place.symbol !== symbol) {
      symbol = place.symbol
      io.stdout.write(`\n${symbol ?? '(no symbol)'}:\n`)
    }
    const encoding = inst.riscv === 0 ? '' : inst.riscv.toString(16).padStart((inst.riscv & 3) === 3 ? 8 : 4, '0')
    io.stdout.write(`  ${hex(inst.pc).padEnd(10)}  ${encoding.padEnd(8)}  ${disassembleRom(inst)}\n`)
  }
}
