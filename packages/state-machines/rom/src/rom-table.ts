import { FLAG, hex, type ZiskRom } from '@zisk/core'
import { columnWords, INSTRUCTION_FIELDS, type InstructionField, instructionFields, MIN_LOG_ROWS } from '@zisk/witness'
import { RomTableError } from './rom-table-error.ts'

const WORDS_PER_LINE = 4
/** Bytes of memory that one data row defines. */
export const LINE_BYTES: number = 8 * WORDS_PER_LINE
/** mem_op of the words of a line, in the place of its flags. */
const STORE = 2
const ROM_INIT = 4
/** log2 of the largest height of Rom, as in `rom.pil`. */
const MAX_LOG_ROWS = 21
/** The custom columns of Rom. */
export const ROM_COLUMNS: readonly RomColumn[] = ['is_data', 'line', ...INSTRUCTION_FIELDS, 'last_limb']
/** The columns that hold the limbs of a data row, in order. */
const LIMB_COLUMNS: readonly RomColumn[] = [...INSTRUCTION_FIELDS.filter((name) => name !== 'flags'), 'last_limb']

type RomColumn = 'is_data' | 'line' | InstructionField | 'last_limb'

/** A line of initial memory: 32 bytes at a multiple of 32. Words that the program does not define are 0. */
export interface DataLine {
  readonly address: number
  readonly writable: boolean
  readonly words: BigUint64Array
}

/** The contents of the custom columns of Rom: the instructions by table row, then the data lines, writable ones first. */
export interface RomTable {
  readonly logRows: number
  readonly instructionCount: number
  /** Initial contents of RAM, then of read-only memory, each ascending. */
  readonly writableLines: readonly DataLine[]
  readonly readOnlyLines: readonly DataLine[]
  /** By column name. */
  readonly columns: Readonly<Record<RomColumn, BigUint64Array>>
}

/**
 * Lays a program out as the rows of Rom. The columns depend on nothing but the program.
 *
 * @throws {RomTableError}
 */
export function romTable(rom: ZiskRom): RomTable {
  const { instructions } = rom
  checkSize(rom)
  checkLinks(rom)
  const all = dataLines(rom)
  const writableLines = all.filter(({ writable }) => writable)
  const readOnlyLines = all.filter(({ writable }) => !writable)
  const lines = [...writableLines, ...readOnlyLines]
  const used = instructions.length + lines.length
  const logRows = Math.max(MIN_LOG_ROWS, Math.ceil(Math.log2(used)))
  const rows = 2 ** logRows
  const columns = {
    is_data: new BigUint64Array(rows),
    line: new BigUint64Array(rows),
    ...instructionFields(instructions, rows),
    last_limb: new BigUint64Array(rows),
  }
  const isData = columnWords(columns.is_data)
  const lineNumbers = columnWords(columns.line)
  const flags = columnWords(columns.flags)
  for (let row = 0; row < instructions.length; row++)
    if (flags[2 * row] !== 0) lineNumbers[2 * row] = instructions.columns.pc[row]!
  const limbs = LIMB_COLUMNS.map((name) => columnWords(columns[name]))
  for (const [i, { address, writable, words }] of lines.entries()) {
    const at = 2 * (instructions.length + i)
    isData[at] = 1
    lineNumbers[at] = address
    flags[at] = writable ? STORE : ROM_INIT
    const halves = columnWords(words)
    for (let k = 0; k < limbs.length; k++) limbs[k]![at] = halves[k]!
  }
  return { logRows, instructionCount: instructions.length, writableLines, readOnlyLines, columns }
}

/** Counts the rows before any are made. */
function checkSize({ instructions, data }: ZiskRom): void {
  let lines = 0
  let end = 0
  for (const { address, bytes } of data) {
    const first = Math.max(end, Math.floor(address / LINE_BYTES))
    end = Math.max(first, Math.ceil((address + bytes.length) / LINE_BYTES))
    lines += end - first
  }
  const rows = instructions.length + lines
  if (rows <= 2 ** MAX_LOG_ROWS) return
  throw new RomTableError({
    code: 'ROM_TOO_LARGE',
    message: `a program to prove expected at most ${2 ** MAX_LOG_ROWS} rows, got ${instructions.length} instructions and ${lines} lines of ${LINE_BYTES} bytes of initial memory`,
    remedy: 'Give large data to the guest as input: code and initial data together are limited to about 64 MiB.',
    details: { expected: 2 ** MAX_LOG_ROWS, instructions: instructions.length, lines },
    exitStatus: 'limitReached',
  })
}

/** A stored link address is one limb of 32 bits, which no constraint checks: the program has to see to it. */
function checkLinks({ instructions }: ZiskRom): void {
  const { flags, pc, jmpOffset2 } = instructions.columns
  for (let row = 0; row < instructions.length; row++) {
    const link = pc[row]! + jmpOffset2[row]!
    if (!(flags[row]! & FLAG.STORE_PC) || (link >= 0 && link < 2 ** 32)) continue
    throw new RomTableError({
      code: 'ROM_LINK_OUT_OF_RANGE',
      message: `link address of the instruction at ${hex(pc[row]!)} expected 32 bits, got ${link}`,
      remedy: 'Transpile the ELF again with this version.',
    })
  }
}

/** The initial memory of a program by lines, ascending. */
function dataLines({ data }: ZiskRom): readonly DataLine[] {
  const lines: DataLine[] = []
  for (const { address: start, bytes, writable } of data) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let offset = 0; offset < bytes.length; offset += 8) {
      const at = start + offset
      const address = at - (at % LINE_BYTES)
      let line = lines.at(-1)
      if (line?.address !== address) {
        line = { address, writable, words: new BigUint64Array(WORDS_PER_LINE) }
        lines.push(line)
      }
      line.words[(at - address) / 8] = view.getBigUint64(offset, true)
    }
  }
  return lines
}
