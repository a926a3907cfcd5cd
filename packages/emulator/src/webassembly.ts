/**
 * The part of the WebAssembly JavaScript interface that the emulator uses. TypeScript declares it only in its DOM
 * library, which would let browser globals into the whole workspace.
 */

/** A `WebAssembly.Memory`. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** A compiled module, opaque. */
export type WasmModule = { readonly wasmModule: never }

/** An instance of a module. */
export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>
}

/** A table of functions, for calls from one compiled region into another. */
export interface WasmTable {
  readonly length: number
  get(index: number): unknown
  set(index: number, value: unknown): void
  grow(by: number): number
}

interface WebAssemblyInterface {
  readonly Memory: new (descriptor: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (
    module: WasmModule,
    imports?: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => WasmInstance
  readonly Table: new (descriptor: { element: 'anyfunc'; initial: number; maximum?: number }) => WasmTable
  validate(bytes: Uint8Array): boolean
}

/** The host's `WebAssembly` object. */
export const wasm: WebAssemblyInterface = (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly
