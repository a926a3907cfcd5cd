/** Puts function bodies together into the bytes of a WebAssembly module. */

import { WASM_TYPE, WasmCode } from './wasm-code.ts'

const MAGIC_AND_VERSION = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
const SECTION = { TYPE: 1, IMPORT: 2, FUNCTION: 3, EXPORT: 7, CODE: 10 } as const
const FUNC_TYPE = 0x60
const FUNC_REF = 0x70
const IMPORT_KIND = { TABLE: 1, MEMORY: 2 } as const
const EXPORT_KIND_FUNCTION = 0
const HAS_MINIMUM_ONLY = 0
const HAS_MAXIMUM = 1

/** A function signature in value types. */
export interface WasmSignature {
  readonly params: readonly number[]
  readonly results: readonly number[]
}

/** One function: its signature by index, its locals beyond the parameters, its code without the final `end`. */
export interface WasmFunction {
  readonly type: number
  readonly i32Locals: number
  readonly i64Locals: number
  readonly code: WasmCode
  /** Name under which it is exported. */
  readonly exportName?: string
}

/** What a module imports from `env`: `memory` of a fixed number of pages and, when asked for, `table`. */
export interface WasmImports {
  readonly memoryPages: number
  readonly table: boolean
}

/** Encodes a module. Functions are numbered from 0 in order. */
export function encodeModule(
  signatures: readonly WasmSignature[],
  functions: readonly WasmFunction[],
  imports: WasmImports,
): Uint8Array {
  const module = new WasmCode()
  module.append(MAGIC_AND_VERSION)
  section(module, SECTION.TYPE, (out) => {
    out.unsigned(signatures.length)
    for (const { params, results } of signatures) {
      out.byte(FUNC_TYPE)
      vector(out, params)
      vector(out, results)
    }
  })
  section(module, SECTION.IMPORT, (out) => {
    out.unsigned(imports.table ? 2 : 1)
    importName(out, 'memory', IMPORT_KIND.MEMORY)
    out.byte(HAS_MAXIMUM)
    out.unsigned(imports.memoryPages)
    out.unsigned(imports.memoryPages)
    if (!imports.table) return
    importName(out, 'table', IMPORT_KIND.TABLE)
    out.byte(FUNC_REF)
    out.byte(HAS_MINIMUM_ONLY)
    out.unsigned(1)
  })
  section(module, SECTION.FUNCTION, (out) =>
    vector(
      out,
      functions.map(({ type }) => type),
    ),
  )
  section(module, SECTION.EXPORT, (out) => {
    out.unsigned(functions.filter(({ exportName }) => exportName !== undefined).length)
    for (const [index, { exportName }] of functions.entries()) {
      if (exportName === undefined) continue
      name(out, exportName)
      out.byte(EXPORT_KIND_FUNCTION)
      out.unsigned(index)
    }
  })
  section(module, SECTION.CODE, (out) => {
    out.unsigned(functions.length)
    for (const fn of functions) {
      const body = new WasmCode()
      body.unsigned(2)
      body.unsigned(fn.i32Locals)
      body.byte(WASM_TYPE.I32)
      body.unsigned(fn.i64Locals)
      body.byte(WASM_TYPE.I64)
      body.append(fn.code.bytes)
      body.end()
      out.unsigned(body.length)
      out.append(body.bytes)
    }
  })
  return module.bytes.slice()
}

function section(module: WasmCode, id: number, write: (out: WasmCode) => void): void {
  const content = new WasmCode()
  write(content)
  module.byte(id)
  module.unsigned(content.length)
  module.append(content.bytes)
}

function vector(out: WasmCode, items: readonly number[]): void {
  out.unsigned(items.length)
  for (const item of items) out.unsigned(item)
}

function name(out: WasmCode, text: string): void {
  const bytes = new TextEncoder().encode(text)
  out.unsigned(bytes.length)
  out.append(bytes)
}

function importName(out: WasmCode, field: string, kind: number): void {
  name(out, 'env')
  name(out, field)
  out.byte(kind)
}
