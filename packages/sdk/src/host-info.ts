/** What this machine offers: versions, cores, memory, WebAssembly features. */

import { existsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { defaultHome } from './home.ts'

/** Facts about the host, for `zisk info` and bug reports. */
export interface HostInfo {
  readonly node: string
  readonly v8: string
  readonly platform: string
  readonly cores: number
  /** Bytes of physical memory. */
  readonly memoryBytes: number
  /** Resident bytes of this process now. */
  readonly residentBytes: number
  readonly wasm: Readonly<Record<WasmFeature, boolean>>
  /** Folders of results that later commands read again, as far as they exist: keys and program commitments. */
  readonly caches: readonly string[]
}

/** WebAssembly features that the toolchain uses or could use. */
export type WasmFeature = 'simd' | 'signExtension' | 'threads' | 'tailCall' | 'relaxedSimd'

declare const WebAssembly: { validate(bytes: Uint8Array): boolean }

/** Body bytes of a one-function module `() -> ()` that validates only where the feature exists. */
const WASM_PROBES: Readonly<Record<WasmFeature, readonly number[]>> = {
  // v128.const 0; drop
  simd: [0xfd, 0x0c, ...new Array<number>(16).fill(0), 0x1a],
  // i64.const 0; i64.extend32_s; drop
  signExtension: [0x42, 0x00, 0xc4, 0x1a],
  // atomic.fence
  threads: [0xfe, 0x03, 0x00],
  // return_call 0
  tailCall: [0x12, 0x00],
  // v128.const 0 twice; i8x16.relaxed_swizzle; drop
  relaxedSimd: [
    ...[0xfd, 0x0c, ...new Array<number>(16).fill(0)],
    ...[0xfd, 0x0c, ...new Array<number>(16).fill(0)],
    ...[0xfd, 0x80, 0x02, 0x1a],
  ],
}

function validates(body: readonly number[]): boolean {
  const code = [0x00, ...body, 0x0b]
  return WebAssembly.validate(
    Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 4, 1, 0x60, 0, 0],
      ...[3, 2, 1, 0],
      ...[10, code.length + 2, 1, code.length, ...code],
    ]),
  )
}

/** Looks at the host; costs well under a millisecond. */
export function readHostInfo(home: string = defaultHome()): HostInfo {
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform}-${process.arch}`,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    residentBytes: process.memoryUsage.rss(),
    wasm: {
      simd: validates(WASM_PROBES.simd),
      signExtension: validates(WASM_PROBES.signExtension),
      threads: validates(WASM_PROBES.threads),
      tailCall: validates(WASM_PROBES.tailCall),
      relaxedSimd: validates(WASM_PROBES.relaxedSimd),
    },
    caches: [home].filter((folder) => existsSync(folder)),
  }
}
