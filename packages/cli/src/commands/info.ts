import { hex } from '@zisk/core'
import { defaultHome, type HostInfo, type Program, readHostInfo } from '@zisk/sdk'
import type { Command } from 'commander'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import type { Io } from '../io.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { addElfOptions, type ElfOptions, elfPath, loadProgramFromOptions } from '../options/elf-options.ts'
import { formatBytes, formatCount, formatTable } from '../report/text.ts'
import { VERSION } from '../version.ts'

type InfoOptions = CommonOptions & ElfOptions

export function addInfoCommand(program: Command, { io }: CommandContext): void {
  const command = program
    .command('info')
    .description('Tell about this machine, or with a program about its ELF.')
    .addHelpText('after', '\nExamples:\n  zisk info\n  zisk info program.elf --json')
  addCommonOptions(addElfOptions(command)).action(async (elf: string | undefined, options: InfoOptions) => {
    const describe = elf === undefined && options.elf === undefined ? describeHost : describeElf
    io.stdout.write(await describe(elf, options, io))
  })
}

function toJson(document: object): string {
  return `${JSON.stringify({ ok: true, command: 'info', ...document }, null, 2)}\n`
}

function describeHost(_elf: string | undefined, options: InfoOptions, io: Io): string {
  const host: HostInfo = readHostInfo(defaultHome(io.env))
  if (options.json) return toJson({ version: VERSION, ...host })
  const wasm = Object.entries(host.wasm).map(([name, has]) => `${has ? '+' : '-'}${name}`)
  return formatTable(
    [
      ['zisk', VERSION],
      ['node', `${host.node} (V8 ${host.v8})`],
      ['platform', host.platform],
      ['cores', String(host.cores)],
      ['memory', `${formatBytes(host.memoryBytes)}, this process ${formatBytes(host.residentBytes)}`],
      ['wasm', wasm.join(' ')],
      [
        'caches',
        host.caches.length === 0 ? 'none yet: keys are kept when they are first needed' : host.caches.join(' '),
      ],
    ],
    'll',
  )
}

async function describeElf(argument: string | undefined, options: InfoOptions): Promise<string> {
  const path = elfPath(argument, options)
  const program = await loadProgramFromOptions(path, options)
  if (options.json) return toJson({ elf: path, ...elfToJson(program) })
  return [facts(path, program), 'Segments\n', segments(program), 'Sections\n', sections(program)].join('')
}

const MEMORY_MAP_REASON = { option: 'as asked', code: 'found from its code', default: 'the default' } as const

const access = (row: { readable?: boolean; writable: boolean; executable: boolean }): string =>
  `${row.readable === false ? '-' : 'r'}${row.writable ? 'w' : '-'}${row.executable ? 'x' : '-'}`

function facts(path: string, { elf, rom, memoryMapFrom }: Program): string {
  return formatTable(
    [
      ['file', path],
      ['entry', hex(elf.entry)],
      ['memory map', `${rom.memoryMap.name} (${MEMORY_MAP_REASON[memoryMapFrom]})`],
      ['exit code', rom.exitMode === 'bound' ? 'bound' : 'not bound (ZisK ABI)'],
      ['ABI note', elf.abiVersion === undefined ? 'none' : `version ${elf.abiVersion}`],
      ['symbols', formatCount(elf.symbols.length)],
      ['ROM', `${formatCount(rom.instructions.length)} instructions, ${formatBytes(dataBytes(rom.data))} of data`],
    ],
    'll',
  )
}

const dataBytes = (data: Program['rom']['data']): number => data.reduce((sum, { bytes }) => sum + bytes.length, 0)

function segments({ elf }: Program): string {
  return formatTable(
    elf.segments.map((s) => [
      '',
      s.type,
      hex(s.address),
      formatBytes(s.fileBytes),
      formatBytes(s.memoryBytes),
      access(s),
    ]),
    'lllrrl',
  )
}

function sections({ elf }: Program): string {
  return formatTable(
    elf.sections
      .filter((s) => s.allocated)
      .map((s) => ['', s.name, s.type, hex(s.address), formatBytes(s.size), access(s)]),
    'llllrl',
  )
}

function elfToJson({ elf, rom, memoryMapFrom }: Program): object {
  return {
    entry: hex(elf.entry),
    memoryMap: rom.memoryMap.name,
    memoryMapFrom,
    exitBound: rom.exitMode === 'bound',
    abiVersion: elf.abiVersion ?? null,
    symbols: elf.symbols.length,
    instructions: rom.instructions.length,
    dataBytes: dataBytes(rom.data),
    segments: elf.segments.map((s) => ({ ...s, address: hex(s.address) })),
    sections: elf.sections.map(({ name, type, address, size, writable, executable, allocated }) => ({
      name,
      type,
      address: hex(address),
      size,
      allocated,
      writable,
      executable,
    })),
  }
}
