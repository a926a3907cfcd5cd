/** Worker threads for COUNT and EXPAND of one run. */

import { encodePilout } from '@zisk/air'
import { encodeRom } from '@zisk/core'
import type { TraceChunk } from '@zisk/emulator'
import type { Metrics } from '@zisk/witness'
import type { Piscina } from 'piscina'
import type { ComponentOptions } from './components.ts'
import { ExecutorError } from './executor-error.ts'
import type { ExpandedInstances, ExpandRequest } from './run-context.ts'
import type { WitnessReply, WitnessTask, WitnessWorkerData } from './witness-worker.ts'

/** Chunks per thread that are under way or wait: enough that no thread runs dry. */
const CHUNKS_PER_THREAD = 2

/** Worker threads that know one program. Destroy the pool when done: it keeps the process alive. */
export class WitnessPool {
  /** Chunks to have under way so that no thread waits. */
  readonly capacity: number
  /** Loaded with the first pool: most commands, and small runs, have none. */
  readonly #pool: Promise<Piscina>
  readonly #underWay: Set<Promise<WitnessReply>> = new Set()

  constructor({ program, rom, ...options }: ComponentOptions, threads: number) {
    this.capacity = CHUNKS_PER_THREAD * threads
    const workerData: WitnessWorkerData = {
      ...options,
      program: shared(encodePilout(program)),
      rom: shared(encodeRom(rom)),
    }
    // From source this module is a .ts file and so is the worker; in the package both are .js.
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
    const poolOptions = {
      filename: new URL(`./witness-worker${extension}`, import.meta.url).href,
      name: 'witnessTask',
      minThreads: threads,
      maxThreads: threads,
      workerData,
    }
    this.#pool = import('piscina').then(({ Piscina }) => new Piscina(poolOptions))
  }

  async count(chunk: TraceChunk): Promise<readonly Metrics[]> {
    const reply = await this.#run({ kind: 'count', chunk })
    if (reply.kind !== 'counted') throw unexpected(reply)
    return reply.counts
  }

  async expand(request: ExpandRequest, configs: readonly Metrics[]): Promise<ExpandedInstances> {
    const reply = await this.#run({ kind: 'expand', request, configs })
    if (reply.kind !== 'expanded') throw unexpected(reply)
    return reply.expanded
  }

  /** Ends the threads once the tasks under way are done: the pool cannot end a thread that is about to answer. */
  async destroy(): Promise<void> {
    await Promise.allSettled(this.#underWay)
    await (await this.#pool).destroy()
  }

  async #run(task: WitnessTask): Promise<WitnessReply> {
    const promise: Promise<WitnessReply> = this.#pool.then((pool) => pool.run(task))
    this.#underWay.add(promise)
    return await promise.finally(() => this.#underWay.delete(promise))
  }
}

function unexpected(reply: WitnessReply): Error {
  if (reply.kind !== 'failed') return new Error(`a reply of another kind expected, got ${reply.kind}`)
  const { code, message, ...rest } = reply.error
  return new ExecutorError({ ...rest, code: 'WITNESS_FAILED', message: `${code}: ${message}` })
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}
