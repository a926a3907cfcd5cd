/** Functions that the units need beside themselves. */

import { HOST_LAYOUT } from '../guest-memory.ts'
import { DISPATCH_ENTRIES, JIT_LAYOUT, type JitVariant } from './layout.ts'
import { UNIT_TYPE } from './unit-code.ts'
import { W, WASM_TYPE, WasmCode } from './wasm-code.ts'
import { encodeModule, type WasmFunction, type WasmSignature } from './wasm-module.ts'

const { I32 } = WASM_TYPE

/** Signatures of every module: units, `(pc, remaining) -> (pc, remaining)`, and the runner. */
export const SIGNATURES: readonly WasmSignature[] = [
  { params: [I32, I32], results: [I32, I32] },
  { params: [I32, I32], results: [] },
]
const RUN_TYPE = 1

/**
 * Module with `notCompiled`, which stands in the table for units that do not exist and returns at once, and `run`, which
 * goes from unit to unit until one of them makes no progress or there is none at the pc.
 */
export function encodeRunner(variant: JitVariant, memoryPages: number): Uint8Array {
  return encodeModule(
    SIGNATURES,
    [
      { ...notCompiled(), exportName: 'notCompiled' },
      { ...run(variant), exportName: 'run' },
    ],
    { memoryPages, table: true },
  )
}

function notCompiled(): WasmFunction {
  const code = new WasmCode()
  code.localGet(0)
  code.localGet(1)
  return { type: UNIT_TYPE, i32Locals: 0, i64Locals: 0, code }
}

function run(variant: JitVariant): WasmFunction {
  const [pc, remaining, before, entry] = [0, 1, 2, 3]
  const code = new WasmCode()
  code.open(W.BLOCK)
  code.open(W.LOOP)
  code.localGet(pc)
  code.i32(1)
  code.op(W.I32_SHR_U)
  code.i32(DISPATCH_ENTRIES - 1)
  code.op(W.I32_AND)
  code.i32(3)
  code.op(W.I32_SHL)
  code.memory(W.I64_LOAD, JIT_LAYOUT.dispatch[variant])
  code.localTee(entry)
  code.op(W.I32_WRAP_I64)
  code.localGet(pc)
  code.op(W.I32_NE)
  code.opIndex(W.BR_IF, 1)
  code.localGet(remaining)
  code.localSet(before)
  code.localGet(pc)
  code.localGet(remaining)
  code.localGet(entry)
  code.i64(32n)
  code.op(W.I64_SHR_U)
  code.op(W.I32_WRAP_I64)
  code.opIndex(W.CALL_INDIRECT, UNIT_TYPE)
  code.unsigned(0)
  code.localSet(remaining)
  code.localSet(pc)
  code.localGet(remaining)
  code.localGet(before)
  code.op(W.I32_NE)
  code.opIndex(W.BR_IF, 0)
  code.end()
  code.end()
  code.i32(0)
  code.localGet(pc)
  code.op(W.I64_EXTEND_I32_U)
  code.memory(W.I64_STORE, HOST_LAYOUT.pc)
  code.i32(0)
  code.localGet(remaining)
  code.memory(W.I32_STORE, JIT_LAYOUT.remaining)
  return { type: RUN_TYPE, i32Locals: 1, i64Locals: 1, code }
}
