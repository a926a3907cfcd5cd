/** Runs one WebAssembly module twice: in Node's engine, and translated to an ELF in the emulator. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { guestFiles, WASM_IMPORTS } from '@zisk/guest'
import { loadProgram, type Program } from '@zisk/sdk'
import { wasmToC } from '@zisk/wasm2c'
import wabt from 'wabt'
import { build, runProgram, writeFiles } from '../build-and-run.ts'

/** What a run printed, and the text of the trap that ended it. */
export interface WasmRun {
  readonly output: Buffer
  readonly trap: string | undefined
}

/** The part of the engine's interface that is used here; the typings of Node have none of it. */
interface Engine {
  Module: new (bytes: Uint8Array) => object
  Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> }
  RuntimeError: new () => Error
}
const { Module, Instance, RuntimeError } = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly

/** Imports that {@link runInNode} has; the first functions of a module under test. */
export const IMPORTS: readonly (readonly [string, string])[] = [
  ['zisk.next_record', ':i'],
  ['zisk.copy_record', 'i:'],
  ['zisk.write', 'ii:'],
]

/** The binary of a module in the text format. */
export async function assemble(text: string): Promise<Uint8Array> {
  const { parseWat } = await wabt()
  const module = parseWat('module.wat', text, { bulk_memory: true, multi_value: true, sat_float_to_int: true })
  try {
    return module.toBinary({}).buffer
  } finally {
    module.destroy()
  }
}

/** Compiles a module for {@link runInNode}. */
export const compileInNode = (bytes: Uint8Array): object => new Module(bytes)

/** Runs the module's main in Node. */
export function runInNode(module: object, records: readonly Uint8Array[]): WasmRun {
  const output: Buffer[] = []
  let next = 0
  const record = (): Uint8Array => records[next - 1] ?? new Uint8Array()
  const memory = (): Uint8Array => new Uint8Array((instance.exports['memory'] as { buffer: ArrayBuffer }).buffer)
  const instance = new Instance(module, {
    zisk: {
      next_record: () => {
        next++
        return record().length
      },
      copy_record: (to: number) => memory().set(record(), to >>> 0),
      write: (from: number, length: number) => output.push(Buffer.from(memory().slice(from, from + length))),
    },
  })
  try {
    ;(instance.exports['main'] as () => void)()
    return { output: Buffer.concat(output), trap: undefined }
  } catch (error) {
    if (!(error instanceof RuntimeError) && !(error instanceof RangeError)) throw error
    return { output: Buffer.concat(output), trap: error.message }
  }
}

/** Translates the module and builds it as TypeScript guests are built. Builds in one folder go one after the other. */
export async function buildWasm(folder: string, name: string, bytes: Uint8Array): Promise<Program> {
  writeFiles(folder, {
    [`${name}.c`]: wasmToC(bytes, { imports: WASM_IMPORTS, headers: ['zisk-host.h'], maxPages: 4096 }),
  })
  // One project for all, which share the objects of the guest library.
  const { elf } = await build(join(folder, `${name}.c`), {
    name: 'module',
    include: [guestFiles().wasmInclude],
    flags: ['-w', '-ffp-contract=off', '-mcpu=generic_rv64+m+a+c+unaligned_scalar_mem'],
  })
  return loadProgram(new Uint8Array(readFileSync(elf)))
}

/** Runs the module in the emulator. */
export async function runInEmulator(program: Program, records: readonly Uint8Array[]): Promise<WasmRun> {
  const { bytes, exitCode, execution } = await runProgram(program, records)
  if (exitCode === 0) return { output: bytes, trap: undefined }
  const panic = bytes.lastIndexOf('panic: ')
  if (exitCode !== 101 || panic === -1)
    throw new Error(`exit code 0 or a panic expected, got ${exitCode ?? execution.outcome.kind}`)
  return {
    output: bytes.subarray(0, panic),
    trap: bytes
      .subarray(panic + 7)
      .toString()
      .trimEnd(),
  }
}
