/**
 * The state of one guest machine. Registers, last result and pc lie in guest memory's host-private area, so that the
 * interpreter and compiled code can take turns on the same machine.
 */

import { ADDRESS, EXIT_CODE_PUBOUT_INDEX, PUBLIC_OUTPUT_WORDS, type ZiskRom } from '@zisk/core'
import { type EmulatorFault, GuestTrap } from './faults.ts'
import { GuestMemory, HOST_LAYOUT } from './guest-memory.ts'
import type { Uart } from './uart.ts'

/** Where the machine stands. `ended`: it has executed the exit instruction. */
export type MachineStatus = 'running' | 'ended' | 'faulted'

/** What a machine is made of. */
export interface MachineOptions {
  readonly rom: ZiskRom
  /** Framed input, a multiple of 8 bytes (see `frameInput`). */
  readonly input: Uint8Array
  readonly uart: Uart
}

/** One guest machine, at first before the first instruction of the BIOS. */
export class MachineState {
  readonly rom: ZiskRom
  readonly memory: GuestMemory
  /** x0..x31: a view of guest memory. x0 is never written. */
  readonly registers: BigUint64Array
  readonly uart: Uart
  /** The 64 public output words published so far. */
  readonly publics: Uint32Array = new Uint32Array(PUBLIC_OUTPUT_WORDS)
  exitWord = 0n
  /** Parameters of the next fcall and results of the last one. */
  readonly fcall: { parameters: bigint[]; results: readonly bigint[]; resultsTaken: number } = {
    parameters: [],
    results: [],
    resultsTaken: 0,
  }
  /** ROM instructions executed. */
  steps = 0
  status: MachineStatus = 'running'
  /** Set when the status is `faulted`. */
  fault: EmulatorFault | undefined = undefined
  /** `[c of the previous instruction, pc of the next]`: a view of guest memory. */
  readonly #control: BigUint64Array
  readonly #published = new Set<bigint>()

  /** @throws {EmulatorError} when guest memory cannot be made */
  constructor(options: MachineOptions) {
    this.rom = options.rom
    this.uart = options.uart
    this.memory = new GuestMemory(options.rom, options.input)
    const { buffer } = this.memory.memory
    this.registers = new BigUint64Array(buffer, HOST_LAYOUT.registers, 32)
    this.#control = new BigUint64Array(buffer, HOST_LAYOUT.lastC, 2)
    this.pc = BigInt(ADDRESS.romEntry)
  }

  /** Result of the previous instruction; 0 after a fault, behind which nothing reads it. */
  get lastC(): bigint {
    return this.#control[0]!
  }

  set lastC(value: bigint) {
    this.#control[0] = value
  }

  /** pc of the next instruction. */
  get pc(): bigint {
    return this.#control[1]!
  }

  set pc(value: bigint) {
    this.#control[1] = value
  }

  /** Words published so far, each once; the BIOS publishes 33 before it ends a run. */
  get publishedWords(): number {
    return this.#published.size
  }

  /**
   * Keeps a published word: index 0..31 are two output words each, 32 is the exit word.
   *
   * @throws {GuestTrap} when there is no such word or it was published before: no proof says so of a run
   */
  publish(index: bigint, word: bigint): void {
    if (index > EXIT_CODE_PUBOUT_INDEX) {
      throw publicationTrap(index, `published word expected from 0 to ${EXIT_CODE_PUBOUT_INDEX}, got ${index}`)
    }
    if (this.#published.has(index)) {
      throw publicationTrap(index, `published words expected to be published once, got word ${index} again`)
    }
    this.#published.add(index)
    if (index === BigInt(EXIT_CODE_PUBOUT_INDEX)) {
      this.exitWord = word
    } else {
      this.publics[2 * Number(index)] = Number(word & 0xffff_ffffn)
      this.publics[2 * Number(index) + 1] = Number(word >> 32n)
    }
  }
}

function publicationTrap(index: bigint, message: string): GuestTrap {
  return new GuestTrap('INVALID_PUBLICATION', message, undefined, { index: index.toString() })
}
