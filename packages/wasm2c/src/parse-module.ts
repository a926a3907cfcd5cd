/** Decodes the sections of a WebAssembly binary. Source: WebAssembly Core Specification 2.0, section 5.5. */

import type {
  Constant,
  DataSegment,
  DefinedFunction,
  ElementSegment,
  FunctionType,
  Global,
  ImportedFunction,
  Limits,
  ValueType,
  WasmModule,
} from './module.ts'
import { Reader } from './reader.ts'
import { unsupported, WasmError } from './wasm-error.ts'

const VALUE_TYPES: Readonly<Record<number, ValueType>> = { 127: 'i', 126: 'l', 125: 'f', 124: 'd' }
const FUNCREF = 0x70
/** What is filled while the sections are read. */
interface Parts {
  types: FunctionType[]
  imports: ImportedFunction[]
  declared: number[]
  functions: DefinedFunction[]
  table: Limits | undefined
  memory: Limits | undefined
  globals: Global[]
  exports: Map<string, number>
  start: number | undefined
  elements: ElementSegment[]
  data: DataSegment[]
  names: Map<number, string>
}

/**
 * Reads a module that the engine has validated, and refuses what the translator does not know.
 *
 * @throws {WasmError} `WASM_INVALID`, `WASM_UNSUPPORTED`
 */
export function parseModule(bytes: Uint8Array): WasmModule {
  validate(bytes)
  const parts: Parts = {
    types: [],
    imports: [],
    declared: [],
    functions: [],
    table: undefined,
    memory: undefined,
    globals: [],
    exports: new Map(),
    start: undefined,
    elements: [],
    data: [],
    names: new Map(),
  }
  for (const reader = new Reader(bytes, 8); !reader.done; ) {
    const id = reader.byte()
    readSection(id, reader.part(reader.u32()), parts)
  }
  return parts
}

/** The part of the engine's interface that is used here; the typings of Node have none of it. */
const { Module } = (globalThis as unknown as { WebAssembly: { readonly Module: new (bytes: Uint8Array) => object } })
  .WebAssembly

/** Types, indexes and nesting are checked by the engine, so that nothing behind this has to check them again. */
function validate(bytes: Uint8Array): void {
  try {
    new Module(new Uint8Array(bytes))
  } catch (error) {
    throw new WasmError({
      code: 'WASM_INVALID',
      message: `a valid WebAssembly module expected, got ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Compile the module again.',
      cause: error,
    })
  }
}

function readSection(id: number, reader: Reader, parts: Parts): void {
  switch (id) {
    case 0:
      if (reader.name() === 'name') readNames(reader, parts)
      return
    case 1:
      parts.types = reader.vector(() => functionTypeOf(reader))
      return
    case 2:
      reader.vector(() => readImport(reader, parts))
      return
    case 3:
      parts.declared = reader.vector(() => reader.u32())
      return
    case 4: {
      const tables = reader.vector(() => readTable(reader))
      if (tables.length > 1) throw unsupported('several tables')
      parts.table = tables[0]
      return
    }
    case 5: {
      const memories = reader.vector(() => readLimits(reader))
      if (memories.length > 1) throw unsupported('several memories')
      parts.memory = memories[0]
      return
    }
    case 6:
      parts.globals = reader.vector(() => readGlobal(reader))
      return
    case 7:
      reader.vector(() => {
        const name = reader.name()
        const kind = reader.byte()
        const index = reader.u32()
        if (kind === 0) parts.exports.set(name, index)
      })
      return
    case 8:
      parts.start = reader.u32()
      return
    case 9:
      parts.elements = reader.vector(() => readElements(reader))
      return
    case 10:
      parts.functions = reader
        .vector(() => reader.part(reader.u32()))
        .map((body, i) => readFunction(body, parts.types[parts.declared[i]!]!))
      return
    case 11:
      parts.data = reader.vector(() => readData(reader))
      return
    case 12: // The count of data segments, which the engine has compared.
      return
    default:
      throw unsupported(`a section of kind ${id}`)
  }
}

function valueType(reader: Reader): ValueType {
  const code = reader.byte()
  const type = VALUE_TYPES[code]
  if (type === undefined) throw unsupported(`a value of type 0x${code.toString(16)}`)
  return type
}

function functionTypeOf(reader: Reader): FunctionType {
  const form = reader.byte()
  if (form !== 0x60) throw unsupported(`a type of form 0x${form.toString(16)}`)
  return { params: reader.vector(() => valueType(reader)), results: reader.vector(() => valueType(reader)) }
}

function readImport(reader: Reader, parts: Parts): void {
  const module = reader.name()
  const name = reader.name()
  const kind = reader.byte()
  if (kind !== 0) throw unsupported(`the import ${module}.${name}, which is no function`)
  parts.imports.push({ module, name, type: parts.types[reader.u32()]! })
}

function readLimits(reader: Reader): Limits {
  const flags = reader.byte()
  if (flags > 1) throw unsupported('a shared or 64-bit memory or table')
  const minimum = reader.u32()
  return { minimum, maximum: flags === 1 ? reader.u32() : undefined }
}

function readTable(reader: Reader): Limits {
  if (reader.byte() !== FUNCREF) throw unsupported('a table of other things than functions')
  return readLimits(reader)
}

function readGlobal(reader: Reader): Global {
  const type = valueType(reader)
  return { type, mutable: reader.byte() === 1, initial: readConstant(reader) }
}

function readConstant(reader: Reader): Constant {
  const opcode = reader.byte()
  const value = constantOf(opcode, reader)
  if (reader.byte() !== 0x0b) throw unsupported('an initial value that is computed')
  return value
}

function constantOf(opcode: number, reader: Reader): Constant {
  switch (opcode) {
    case 0x41:
      return { bits: BigInt.asUintN(32, reader.signed(32)) }
    case 0x42:
      return { bits: BigInt.asUintN(64, reader.signed(64)) }
    case 0x43:
    case 0x44:
      return { bits: littleEndian(reader.take(opcode === 0x43 ? 4 : 8)) }
    case 0x23:
      return { global: reader.u32() }
    default:
      throw unsupported(`opcode 0x${opcode.toString(16)} in an initial value`)
  }
}

/** Bytes as one unsigned integer, the lowest first. */
export function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function readElements(reader: Reader): ElementSegment {
  const flags = reader.u32()
  if (flags !== 0) throw unsupported('a passive or declared element segment')
  return { offset: readConstant(reader), functions: reader.vector(() => reader.u32()) }
}

function readData(reader: Reader): DataSegment {
  const flags = reader.u32()
  if (flags === 2) reader.u32()
  const offset = flags === 1 ? undefined : readConstant(reader)
  return { offset, bytes: reader.take(reader.u32()) }
}

function readFunction(body: Reader, type: FunctionType): DefinedFunction {
  if (type.results.length > 1) throw unsupported('a function with several results')
  const groups = body.vector(() => ({ count: body.u32(), type: valueType(body) }))
  // Engines accept at most 50000 locals (WebAssembly JavaScript Interface, section 8.3).
  return { type, locals: groups.flatMap(({ count, type }) => Array<ValueType>(count).fill(type)), body }
}

/** Function names; a damaged name section says nothing, as the specification wants. */
function readNames(reader: Reader, parts: Parts): void {
  try {
    while (!reader.done) {
      const kind = reader.byte()
      const part = reader.part(reader.u32())
      if (kind === 1) part.vector(() => parts.names.set(part.u32(), part.name()))
    }
  } catch (error) {
    if (!(error instanceof WasmError)) throw error
  }
}
