/** Translates a WebAssembly module to one C file, which includes `wasm-runtime.h` of the guest library. */

import { stackCheckers } from './call-graph.ts'
import { type Constant, functionType, typeKey, type WasmModule } from './module.ts'
import { parseModule } from './parse-module.ts'
import { C_TYPES, constant, type Names, signature, translateFunction } from './translate-function.ts'
import { unsupported, WasmError } from './wasm-error.ts'

const PAGE_BYTES = 65_536
/** A negative i32 is then never a valid address, which makes a check one comparison of a sign-extended register. */
const MAX_PAGES = 32_767
const MAX_TABLE = 1_000_000

/** A C function that stands for an import. */
export interface HostFunction {
  readonly symbol: string
  /** Letters of parameters and result, i32 `i`, i64 `l`, f32 `f`, f64 `d`: `iil_i`. */
  readonly type: string
}

export interface TranslateOptions {
  /** Functions that the module may import, by `module.name`. */
  readonly imports: Readonly<Record<string, HostFunction>>
  /** C headers with the host functions. */
  readonly headers?: readonly string[] | undefined
  /** Pages of 64 KiB that the memory may grow to when the module sets no lower maximum; at most 32767. */
  readonly maxPages: number
}

/**
 * C text of a module. Its `main` sets up memory, runs the start function and then the export `main`, whose i32 result
 * is the exit code.
 *
 * @throws {WasmError} `WASM_INVALID`, `WASM_UNSUPPORTED`, `WASM_IMPORT_UNKNOWN`
 */
export function wasmToC(bytes: Uint8Array, options: TranslateOptions): string {
  const module = parseModule(bytes)
  const names = namesOf(module, options)
  const first = module.imports.length
  const functions = module.functions.map((_, i) => translateFunction(module, names, first + i))
  const checkers = stackCheckers(module, functions)
  return [
    ...memoryLines(module, options),
    `#define WASM_LARGEST_FRAME ${functions.reduce((most, { frameBytes }) => Math.max(most, frameBytes), 0)}`,
    '#include "wasm-runtime.h"',
    ...(options.headers ?? []).map((header) => `#include "${header}"`),
    ...module.globals.map(
      ({ type, initial }, i) =>
        `static ${C_TYPES[type]} ${names.global(i)}${type === 'i' || type === 'l' ? ` = ${constant(type, bitsOf(module, initial))}` : ''};`,
    ),
    ...functions.map((_, i) => `static ${signature(names.function(first + i), functionType(module, first + i))};`),
    ...tableLines(module, names),
    ...dataLines(module),
    ...functions.map(({ text }, i) => text({ checksStack: checkers.has(first + i) })),
    ...mainLines(module, names),
    '',
  ].join('\n')
}

function namesOf(module: WasmModule, { imports }: TranslateOptions): Names {
  const functions = [
    ...module.imports.map(({ module: from, name, type }) => {
      const host = Object.hasOwn(imports, `${from}.${name}`) ? imports[`${from}.${name}`] : undefined
      if (host?.type === typeKey(type)) return host.symbol
      throw new WasmError({
        code: 'WASM_IMPORT_UNKNOWN',
        message: `an import that the guest library has expected, got ${from}.${name} of type ${typeKey(type)}`,
        remedy: `Leave out what needs it; there are ${Object.keys(imports).join(', ')}.`,
      })
    }),
    ...module.functions.map((_, i) => {
      const index = module.imports.length + i
      const own = (module.names.get(index) ?? '').replace(/[^A-Za-z0-9]+/g, '_').slice(0, 80)
      return `w${index}_${own}`
    }),
  ]
  const types = new Map<string, string>()
  for (const type of module.types) types.set(typeKey(type), `T_${typeKey(type)}`)
  return {
    function: (index) => functions[index]!,
    global: (index) => `g${index}`,
    type: (type) => types.get(typeKey(type))!,
  }
}

function bitsOf(module: WasmModule, value: Constant): bigint {
  return 'bits' in value ? value.bits : bitsOf(module, module.globals[value.global]!.initial)
}

function memoryLines({ memory }: WasmModule, { maxPages }: TranslateOptions): string[] {
  const { minimum, maximum = MAX_PAGES } = memory ?? { minimum: 0, maximum: 0 }
  const limit = Math.min(maximum, maxPages, MAX_PAGES)
  if (minimum > limit) throw unsupported(`a memory of ${minimum} pages of 64 KiB where ${limit} are possible`)
  return [`#define WASM_MIN_BYTES ${minimum * PAGE_BYTES}ull`, `#define WASM_MAX_BYTES ${limit * PAGE_BYTES}ull`]
}

/** The table never changes while the program runs. */
function tableLines(module: WasmModule, names: Names): string[] {
  const size = module.table?.minimum ?? 0
  if (size > MAX_TABLE) throw unsupported(`a table of ${size} functions`)
  const types = [...new Map(module.types.map((type) => [names.type(type), type]))].filter(
    ([, { results }]) => results.length < 2,
  )
  const entries = new Map<number, number>()
  for (const { offset, functions } of module.elements) {
    const start = Number(bitsOf(module, offset))
    if (start + functions.length > size) throw unsupported('an element segment that does not fit its table')
    for (const [i, index] of functions.entries()) entries.set(start + i, index)
  }
  return [
    ...types.map(([name, type], i) => `typedef ${signature(`(*${name})`, type)};\nenum { ID_${name} = ${i + 1} };`),
    `#define WASM_TABLE_SIZE ${size}u`,
    `static const wasm_entry wasm_table[${Math.max(1, size)}] = {`,
    ...[...entries].map(
      ([at, index]) =>
        `[${at}] = {ID_${names.type(functionType(module, index))}, (void (*)(void))${names.function(index)}},`,
    ),
    '};',
  ]
}

function dataLines({ data }: WasmModule): string[] {
  return data.flatMap(({ offset, bytes }, i) => [
    `static const u8 data_${i}[${Math.max(1, bytes.length)}] = {${bytes.join(',')}};`,
    // An active segment is dropped once it lies in memory.
    `static u32 data_bytes_${i} = ${offset === undefined ? bytes.length : 0};`,
  ])
}

function mainLines(module: WasmModule, names: Names): string[] {
  const entry = module.exports.get('main')
  const key = entry === undefined ? '_' : typeKey(functionType(module, entry))
  if (key !== '_' && key !== '_i') {
    throw new WasmError({
      code: 'WASM_UNSUPPORTED',
      message: `a function main without parameters that gives nothing or an i32 expected, got the type ${key}`,
      remedy: 'Take the input from the library; give main no parameters.',
    })
  }
  return [
    'int main(void) {',
    'CHECK_STACK();',
    ...module.globals.flatMap(({ type, initial }, i) =>
      type === 'f' || type === 'd' ? [`${names.global(i)} = ${constant(type, bitsOf(module, initial))};`] : [],
    ),
    ...module.data.flatMap(({ offset, bytes }, i) =>
      offset === undefined ? [] : [`memory_set(${bitsOf(module, offset)}ull, data_${i}, ${bytes.length}ull);`],
    ),
    ...(module.start === undefined ? [] : [`${names.function(module.start)}();`]),
    ...(entry === undefined ? [] : [`${key === '_i' ? 'return (int)' : ''}${names.function(entry)}();`]),
    ...(key === '_i' ? [] : ['return 0;']),
    '}',
  ]
}
