export type { HostFunction, TranslateOptions } from './translate-module.ts'
export { wasmToC } from './translate-module.ts'
export type { WasmErrorCode } from './wasm-error.ts'
export { WasmError } from './wasm-error.ts'
