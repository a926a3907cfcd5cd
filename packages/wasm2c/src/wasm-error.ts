import { ZiskError, type ZiskErrorOptions } from '@zisk/core'

/** Codes of modules that are not translated. */
export type WasmErrorCode = 'WASM_INVALID' | 'WASM_UNSUPPORTED' | 'WASM_IMPORT_UNKNOWN'

/** A WebAssembly module that cannot be translated. */
export class WasmError extends ZiskError<WasmErrorCode> {
  override readonly name = 'WasmError'

  constructor(options: Omit<ZiskErrorOptions<WasmErrorCode>, 'exitStatus'>) {
    super({ exitStatus: 'failed', ...options })
  }
}

/** The error of a module that uses what the translator does not know. */
export function unsupported(what: string, where?: string): WasmError {
  return new WasmError({
    code: 'WASM_UNSUPPORTED',
    message: `WebAssembly 1.0 with sign extension, saturating conversions and bulk memory expected, got ${what}`,
    where,
    remedy: 'Compile without that feature.',
  })
}
