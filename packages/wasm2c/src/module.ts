/** A WebAssembly module as it stands in its binary, bodies of functions not yet decoded. */

import type { Reader } from './reader.ts'

/** Value types, named by the letter that their C variables begin with. */
export type ValueType = 'i' | 'l' | 'f' | 'd'

/** A function's type; at most one result. */
export interface FunctionType {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

/** One text for equal types. */
export const typeKey = ({ params, results }: FunctionType): string => `${params.join('')}_${results.join('')}`

export interface ImportedFunction {
  readonly module: string
  readonly name: string
  readonly type: FunctionType
}

export interface DefinedFunction {
  readonly type: FunctionType
  readonly locals: readonly ValueType[]
  /** Stands at the first instruction. */
  readonly body: Reader
}

/** An initial value: an immediate's bits, or a global that is already set. */
export type Constant = { readonly bits: bigint } | { readonly global: number }

export interface Global {
  readonly type: ValueType
  readonly mutable: boolean
  readonly initial: Constant
}

export interface Limits {
  readonly minimum: number
  readonly maximum: number | undefined
}

export interface ElementSegment {
  readonly offset: Constant
  readonly functions: readonly number[]
}

export interface DataSegment {
  /** `undefined` for a passive segment. */
  readonly offset: Constant | undefined
  readonly bytes: Uint8Array
}

export interface WasmModule {
  readonly types: readonly FunctionType[]
  readonly imports: readonly ImportedFunction[]
  readonly functions: readonly DefinedFunction[]
  readonly table: Limits | undefined
  /** In pages. */
  readonly memory: Limits | undefined
  readonly globals: readonly Global[]
  /** Exported functions by name. */
  readonly exports: ReadonlyMap<string, number>
  readonly start: number | undefined
  readonly elements: readonly ElementSegment[]
  readonly data: readonly DataSegment[]
  /** Names from the name section, by function index. */
  readonly names: ReadonlyMap<number, string>
}

/** The type of a function, imported or defined. */
export function functionType(module: WasmModule, index: number): FunctionType {
  const imported = module.imports[index]
  return imported === undefined ? module.functions[index - module.imports.length]!.type : imported.type
}
