/**
 * A ROM as JSON, for people and scripts. Numbers above 2^31 are hexadecimal strings.
 */

import { hex } from '../errors.ts'
import { opcodeByCode, opcodeByName } from '../isa/opcodes.ts'
import { MEMORY_MAPS, type MemoryMapName } from '../memory-map.ts'
import { checkedRom, ROM_FORMAT_VERSION } from './encode-rom.ts'
import { type IndirectWidth, type RomInstruction, SOURCE, type Source, STORE, type Store } from './instruction.ts'
import { InstructionTableBuilder } from './instruction-table.ts'
import { romError } from './rom-error.ts'
import type { DataSegment, ExitMode, ZiskRom } from './zisk-rom.ts'

/** An operand: the previous result, a register, a 64-bit immediate, a word, or `width` bytes at `a` plus an offset. */
export type OperandJson =
  | 'c'
  | { readonly reg: number }
  | { readonly imm: string }
  | { readonly mem: string }
  | { readonly ind: number; readonly width: IndirectWidth }

/** One instruction; absent fields are 0 or false. */
export interface InstructionJson {
  readonly pc: string
  readonly op: string
  readonly a: OperandJson
  readonly b: OperandJson
  readonly store?: OperandJson
  readonly storePc?: true
  readonly setPc?: true
  readonly jump: readonly [withFlag: number, withoutFlag: number]
  readonly riscv?: string
}

/** JSON form of a ROM. */
export interface RomJson {
  readonly format: 'zisk-rom'
  readonly version: number
  readonly memoryMap: MemoryMapName
  readonly exitMode: ExitMode
  readonly entry: string
  readonly instructions: readonly InstructionJson[]
  /** `bytes` in hexadecimal, two digits per byte. */
  readonly data: readonly { readonly address: string; readonly writable: boolean; readonly bytes: string }[]
  readonly codeInRam: readonly { readonly start: string; readonly size: number }[]
}

/** The JSON form of a ROM; {@link romFromJson} is its inverse. */
export function romToJson(rom: ZiskRom): RomJson {
  const instructions: InstructionJson[] = []
  for (let row = 0; row < rom.instructions.length; row++) instructions.push(toJson(rom.instructions.at(row)))
  return {
    format: 'zisk-rom',
    version: ROM_FORMAT_VERSION,
    memoryMap: rom.memoryMap.name,
    exitMode: rom.exitMode,
    entry: hex(rom.entry),
    instructions,
    data: rom.data.map(({ address, writable, bytes }) => ({ address: hex(address), writable, bytes: toHex(bytes) })),
    codeInRam: rom.codeInRam.map(({ start, size }) => ({ start: hex(start), size })),
  }
}

function toJson(inst: RomInstruction): InstructionJson {
  const { op, aSrc, aLow, aHigh, bSrc, bLow, bHigh, indWidth, store, storeOffset } = inst
  return {
    pc: hex(inst.pc),
    op: opcodeByCode(op)?.name ?? hex(op),
    a: operandToJson(aSrc, aLow, aHigh, indWidth),
    b: operandToJson(bSrc, bLow, bHigh, indWidth),
    ...(store === STORE.NONE ? {} : { store: storeToJson(store, storeOffset, indWidth) }),
    ...(inst.storePc ? { storePc: true } : {}),
    ...(inst.setPc ? { setPc: true } : {}),
    jump: [inst.jmpOffset1, inst.jmpOffset2],
    ...(inst.riscv === 0 ? {} : { riscv: hex(inst.riscv) }),
  }
}

function operandToJson(source: Source, low: number, high: number, width: IndirectWidth): OperandJson {
  if (source === SOURCE.C) return 'c'
  if (source === SOURCE.REG) return { reg: low }
  if (source === SOURCE.MEM) return { mem: hex(low) }
  if (source === SOURCE.IND) return { ind: low, width }
  return { imm: hex((BigInt(high) << 32n) | BigInt(low)) }
}

function storeToJson(store: Store, offset: number, width: IndirectWidth): OperandJson {
  if (store === STORE.REG) return { reg: offset }
  return store === STORE.MEM ? { mem: hex(offset) } : { ind: offset, width }
}

function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/**
 * Reads the JSON form.
 *
 * @param json the parsed document
 * @throws {RomError} for anything that {@link romToJson} does not produce
 */
export function romFromJson(json: unknown): ZiskRom {
  const root = object(json, 'document', ROOT_KEYS)
  if (root.format !== 'zisk-rom') throw bad('format', 'zisk-rom', root.format)
  if (root.version !== ROM_FORMAT_VERSION) {
    throw romError('ROM_BAD_VERSION', `version expected ${ROM_FORMAT_VERSION}, got ${String(root.version)}`)
  }
  const memoryMap = root.memoryMap
  if (typeof memoryMap !== 'string' || !Object.hasOwn(MEMORY_MAPS, memoryMap)) {
    throw bad('memoryMap', Object.keys(MEMORY_MAPS).join(' or '), memoryMap)
  }
  const exitMode = root.exitMode
  if (exitMode !== 'bound' && exitMode !== 'unbound') throw bad('exitMode', 'bound or unbound', exitMode)
  const rows = array(root.instructions, 'instructions')
  const builder = new InstructionTableBuilder(rows.length)
  const pcs = new Set<number>()
  rows.forEach((row, index) => {
    const inst = instructionFromJson(row, `instructions[${index}]`)
    if (pcs.has(inst.pc)) throw romError('ROM_BAD_INSTRUCTION', 'pcs expected distinct', hex(inst.pc))
    pcs.add(inst.pc)
    builder.push(inst)
  })
  return checkedRom({
    memoryMap: memoryMap as MemoryMapName,
    exitMode,
    entry: u32(root.entry, 'entry'),
    columns: builder.build().columns,
    data: array(root.data, 'data').map((segment, index) => segmentFromJson(segment, `data[${index}]`)),
    codeInRam: array(root.codeInRam, 'codeInRam').map((range, index) => {
      const fields = object(range, `codeInRam[${index}]`, ['start', 'size'])
      return { start: u32(fields.start, 'start'), size: integer(fields.size, 'size', 0, 2 ** 32 - 1) }
    }),
  })
}

function instructionFromJson(json: unknown, where: string): RomInstruction {
  const fields = object(json, where, INSTRUCTION_KEYS)
  const info = typeof fields.op === 'string' ? opcodeByName(fields.op) : undefined
  if (info === undefined) throw bad(`${where}.op`, 'name of an operation', fields.op)
  const a = operandFromJson(fields.a, `${where}.a`)
  const b = operandFromJson(fields.b, `${where}.b`)
  const to = fields.store === undefined ? undefined : operandFromJson(fields.store, `${where}.store`)
  if (a.src === SOURCE.IND) throw bad(`${where}.a`, 'a source other than ind', 'ind')
  if (to !== undefined && (to.src === SOURCE.C || to.src === SOURCE.IMM)) {
    throw bad(`${where}.store`, 'reg, mem or ind', fields.store)
  }
  if (to !== undefined && b.width !== 0 && to.width !== 0 && b.width !== to.width) {
    throw bad(`${where}.store`, `width ${b.width} as the operand`, to.width)
  }
  const jump = array(fields.jump, `${where}.jump`)
  if (jump.length !== 2) throw bad(`${where}.jump`, 'two offsets', jump.length)
  return {
    pc: u32(fields.pc, `${where}.pc`),
    op: info.code,
    aSrc: a.src,
    aLow: a.low,
    aHigh: a.high,
    bSrc: b.src,
    bLow: b.low,
    bHigh: b.high,
    indWidth: to !== undefined && to.width !== 0 ? to.width : b.width,
    store: to === undefined ? STORE.NONE : STORE_OF[to.src as keyof typeof STORE_OF],
    storeOffset: to?.low ?? 0,
    storePc: flag(fields.storePc, `${where}.storePc`),
    setPc: flag(fields.setPc, `${where}.setPc`),
    jmpOffset1: i32(jump[0], `${where}.jump[0]`),
    jmpOffset2: i32(jump[1], `${where}.jump[1]`),
    riscv: fields.riscv === undefined ? 0 : u32(fields.riscv, `${where}.riscv`),
  }
}

const ROOT_KEYS = [
  'format',
  'version',
  'memoryMap',
  'exitMode',
  'entry',
  'instructions',
  'data',
  'codeInRam',
] as const satisfies readonly (keyof RomJson)[]
const INSTRUCTION_KEYS = [
  'pc',
  'op',
  'a',
  'b',
  'store',
  'storePc',
  'setPc',
  'jump',
  'riscv',
] as const satisfies readonly (keyof InstructionJson)[]
const STORE_OF = { [SOURCE.REG]: STORE.REG, [SOURCE.MEM]: STORE.MEM, [SOURCE.IND]: STORE.IND } as const

interface OperandFields {
  readonly src: Source
  readonly low: number
  readonly high: number
  readonly width: IndirectWidth
}

function operandFromJson(json: unknown, where: string): OperandFields {
  if (json === 'c') return { src: SOURCE.C, low: 0, high: 0, width: 0 }
  const fields = object(json, where, ['reg', 'imm', 'mem', 'ind', 'width'])
  const kinds = Object.keys(fields).filter((key) => key !== 'width')
  if (kinds.length !== 1 || (fields.ind === undefined) !== (fields.width === undefined)) {
    throw bad(where, 'one of reg, imm, mem, or ind with width', Object.keys(fields).join(', '))
  }
  if (fields.reg !== undefined) return { src: SOURCE.REG, low: integer(fields.reg, where, 1, 31), high: 0, width: 0 }
  if (fields.mem !== undefined) return { src: SOURCE.MEM, low: u32(fields.mem, where), high: 0, width: 0 }
  if (fields.imm !== undefined) {
    const value = hexadecimal(fields.imm, `${where}.imm`, 16)
    return { src: SOURCE.IMM, low: Number(value & 0xffff_ffffn), high: Number(value >> 32n), width: 0 }
  }
  const { width } = fields
  if (width !== 1 && width !== 2 && width !== 4 && width !== 8) throw bad(`${where}.width`, '1, 2, 4 or 8', width)
  return { src: SOURCE.IND, low: i32(fields.ind, where), high: 0, width }
}

function segmentFromJson(json: unknown, where: string): DataSegment {
  const fields = object(json, where, ['address', 'writable', 'bytes'])
  const text = fields.bytes
  if (typeof text !== 'string' || text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) {
    throw bad(`${where}.bytes`, 'pairs of lower-case hexadecimal digits', text)
  }
  if (typeof fields.writable !== 'boolean') throw bad(`${where}.writable`, 'true or false', fields.writable)
  const bytes = Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  )
  return { address: u32(fields.address, `${where}.address`), writable: fields.writable, bytes }
}

/** Checks that a value is an object without keys other than these. */
function object<K extends string>(json: unknown, where: string, keys: readonly K[]): { readonly [key in K]?: unknown } {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad(where, 'an object', json)
  const stranger = Object.keys(json).find((key) => !(keys as readonly string[]).includes(key))
  if (stranger !== undefined) throw bad(where, `only the keys ${keys.join(', ')}`, stranger)
  return json as { readonly [key in K]?: unknown }
}

function array(json: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(json)) throw bad(where, 'an array', json)
  return json
}

function integer(json: unknown, where: string, min: number, max: number): number {
  if (typeof json !== 'number' || !Number.isInteger(json) || json < min || json > max) {
    throw bad(where, `an integer from ${min} to ${max}`, json)
  }
  return json
}

const i32 = (json: unknown, where: string): number => integer(json, where, -(2 ** 31), 2 ** 31 - 1)
const u32 = (json: unknown, where: string): number => Number(hexadecimal(json, where, 8))

function hexadecimal(json: unknown, where: string, digits: number): bigint {
  if (typeof json !== 'string' || json.length > digits + 2 || !/^0x(0|[1-9a-f][0-9a-f]*)$/.test(json)) {
    throw bad(where, `0x and at most ${digits} lower-case hexadecimal digits`, json)
  }
  return BigInt(json)
}

function flag(json: unknown, where: string): boolean {
  if (json !== undefined && json !== true) throw bad(where, 'true or absent', json)
  return json === true
}

function bad(where: string, expected: string, got: unknown): Error {
  const shown =
    typeof got === 'string' ? JSON.stringify(got.slice(0, 40)) : typeof got === 'object' ? typeof got : String(got)
  return romError('ROM_BAD_JSON', `${where} expected ${expected}, got ${shown}`, where)
}
