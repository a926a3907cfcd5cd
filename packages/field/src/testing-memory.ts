/** A shared memory with kernels over it and a bump allocator: the stage on which tests and benchmarks run kernels. */
import { compileKernels, createKernels, type Kernels, type Offset } from './kernels/kernels.ts'
import { SCRATCH_BYTES } from './kernels/scratch.ts'
import { type WasmMemory, wasm } from './wasm/index.ts'

const PAGE_BYTES = 65536

export interface KernelMemory {
  readonly memory: WasmMemory
  readonly kernels: Kernels
  readonly words: BigUint64Array
  readonly bytes: Uint8Array
  /** Reserves bytes at a multiple of 64, cleared. @throws {RangeError} when the memory is full. */
  readonly allocate: (bytes: number) => Offset
  /** Reserves room for words and stores them. */
  readonly put: (values: readonly bigint[]) => Offset
  readonly get: (offset: Offset, count: number) => bigint[]
  /** Frees everything that was reserved. */
  readonly reset: () => void
}

export function createKernelMemory(totalBytes: number): KernelMemory {
  const pages = Math.ceil((totalBytes + SCRATCH_BYTES) / PAGE_BYTES)
  const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true })
  const words = new BigUint64Array(memory.buffer)
  let top = SCRATCH_BYTES
  const allocate = (size: number): Offset => {
    const offset = top
    top += Math.ceil(size / 64) * 64
    if (top > memory.buffer.byteLength) throw new RangeError(`expected at most ${totalBytes} bytes, got ${top}`)
    words.fill(0n, offset / 8, top / 8)
    return offset
  }
  return {
    memory,
    kernels: createKernels(compileKernels(), memory, 0),
    words,
    bytes: new Uint8Array(memory.buffer),
    allocate,
    put: (values) => {
      const offset = allocate(values.length * 8)
      words.set(values, offset / 8)
      return offset
    },
    get: (offset, count) => [...words.subarray(offset / 8, offset / 8 + count)],
    reset: () => {
      top = SCRATCH_BYTES
    },
  }
}
