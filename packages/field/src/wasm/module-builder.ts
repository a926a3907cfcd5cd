/**
 * A WebAssembly module under construction: imports (functions, one memory, globals), functions and exports, to bytes.
 * Imports of functions come before the first own function, since both share one index space.
 */
import { concatenate, name, section, signed, unsigned, vector } from './encoding.ts'
import type { Expression, ValueType } from './expression.ts'
import { FunctionBuilder, type FunctionRef, type Signature, signatureBytes, valueTypeByte } from './function-builder.ts'

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const KIND = { function: 0, memory: 2, global: 3 } as const

/** Bounds in pages of 64 KiB; a shared memory needs both, and the one imported must lie within them. */
export interface MemoryLimits {
  readonly minPages: number
  readonly maxPages: number
  readonly shared: boolean
}

export class ModuleBuilder {
  readonly #types: number[][] = []
  readonly #typeIndex = new Map<string, number>()
  readonly #imports: number[][] = []
  readonly #exports: number[][] = []
  readonly #globals: number[][] = []
  readonly #functions: FunctionBuilder[] = []
  #importedFunctions = 0
  #importedGlobals = 0

  importMemory(module: string, field: string, { minPages, maxPages, shared }: MemoryLimits): void {
    const limits = [shared ? 0x03 : 0x01, ...unsigned(minPages), ...unsigned(maxPages)]
    this.#imports.push([...name(module), ...name(field), KIND.memory, ...limits])
  }

  importFunction(module: string, field: string, signature: Signature): FunctionRef {
    if (this.#functions.length > 0) throw new RangeError('expected imports before the first function')
    this.#imports.push([...name(module), ...name(field), KIND.function, ...unsigned(this.#type(signature))])
    return { signature, index: this.#importedFunctions++ }
  }

  /** An imported immutable global, as an expression. */
  importGlobal(module: string, field: string, type: ValueType): Expression {
    if (this.#globals.length > 0) throw new RangeError('expected imported globals before own ones')
    this.#imports.push([...name(module), ...name(field), KIND.global, valueTypeByte(type), 0])
    return { type, opcode: [0x23, ...unsigned(this.#importedGlobals++)], operands: [] }
  }

  /** An exported immutable i32 global with a constant value. */
  exportConstant(field: string, value: number): void {
    const index = this.#importedGlobals + this.#globals.length
    this.#globals.push([valueTypeByte('i32'), 0, 0x41, ...signed(BigInt.asIntN(32, BigInt(value))), 0x0b])
    this.#exports.push([...name(field), KIND.global, ...unsigned(index)])
  }

  /** A new function, exported under `exportName` when it is given; fill it through the builder that is returned. */
  function<const P extends readonly ValueType[]>(
    signature: Signature & { readonly params: P },
    exportName?: string,
  ): FunctionBuilder<P> {
    const builder = new FunctionBuilder<P>(this.#importedFunctions + this.#functions.length, signature)
    this.#type(signature)
    this.#functions.push(builder)
    if (exportName !== undefined) {
      this.#exports.push([...name(exportName), KIND.function, ...unsigned(builder.index)])
    }
    return builder
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    const bodies = this.#functions.flatMap((f) => f.toParts())
    const count = unsigned(this.#functions.length)
    const codeSize = bodies.reduce((sum, { length }) => sum + length, count.length)
    return concatenate([
      HEADER,
      section(1, vector(this.#types)),
      section(2, vector(this.#imports)),
      section(3, vector(this.#functions.map(({ signature }) => unsigned(this.#type(signature))))),
      this.#globals.length === 0 ? [] : section(6, vector(this.#globals)),
      section(7, vector(this.#exports)),
      [10, ...unsigned(codeSize), ...count],
      ...bodies,
    ])
  }

  #type(signature: Signature): number {
    const bytes = signatureBytes(signature)
    const key = bytes.join()
    const known = this.#typeIndex.get(key)
    if (known !== undefined) return known
    this.#typeIndex.set(key, this.#types.length)
    return this.#types.push(bytes) - 1
  }
}
