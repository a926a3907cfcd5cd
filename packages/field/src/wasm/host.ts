/**
 * The part of the WebAssembly JavaScript interface that kernels use. TypeScript declares it only in its DOM library,
 * which would let browser globals into the whole workspace.
 */

/** A `WebAssembly.Memory`; `buffer` is a SharedArrayBuffer when the memory is shared. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike
  /** Adds pages of 64 KiB and returns the old number of pages. */
  grow(pages: number): number
}

/** A compiled module, opaque; it can be sent to a worker. */
export type WasmModule = { readonly wasmModule: never }

/** An instance of a module. */
export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>
}

type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>

interface WasmHost {
  readonly Memory: new (descriptor: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule, imports?: Imports) => WasmInstance
  readonly Global: new (descriptor: { value: 'i32' | 'i64'; mutable: boolean }, value: number | bigint) => unknown
  validate(bytes: Uint8Array): boolean
}

/** The host's `WebAssembly` object. */
export const wasm: WasmHost = (globalThis as unknown as { WebAssembly: WasmHost }).WebAssembly
