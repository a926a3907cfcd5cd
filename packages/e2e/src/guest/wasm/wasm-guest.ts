/** Runs one WebAssembly module twice: in Node's engine, and translated to an ELF in the emulator. */

import { join } from 'node:path'
import { guestFiles, WASM_IMPORTS } from '@zisk/guest'
import { wasmToC } from '@zisk/wasm2c'
import { build, runGuest, writeFiles } from '../build-and-run.ts'

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

/** Translates the module and builds it as TypeScript guests are built; gives the ELF's path. */
export async function buildWasm(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const source = join(folder, name, `${name}.c`)
  writeFiles(folder, {
    [`${name}/${name}.c`]: wasmToC(bytes, { imports: WASM_IMPORTS, headers: ['zisk-host.h'], maxPages: 4096 }),
  })
  const { elf } = await build(source, {
    include: [guestFiles().wasmInclude],
    flags: ['-w', '-ffp-contract=off', '-mcpu=generic_rv64+m+a+c+unaligned_scalar_mem'],
  })
  return elf
}

/** Runs the ELF in the emulator. */
export async function runInEmulator(elf: string, records: readonly Uint8Array[]): Promise<WasmRun> {
  const { bytes, exitCode } = await runGuest(elf, records)
  if (exitCode === 0) return { output: bytes, trap: undefined }
  const panic = bytes.lastIndexOf('panic: ')
  if (exitCode !== 101 || panic === -1) throw new Error(`exit code 0 or a panic expected, got ${exitCode}`)
  return {
    output: bytes.subarray(0, panic),
    trap: bytes
      .subarray(panic + 7)
      .toString()
      .trimEnd(),
  }
}
