/**
 * The operations that are not a function of their operands: public outputs, fcalls and halts. All but `halt` yield
 * `c = b` with the flag clear; the step loop sets that, here is the rest.
 *
 * Source: ZisK v0.18 `core/src/zisk_ops.rs` (opc_fcall_param, opc_fcall, opc_fcall_get).
 */

import {
  FCALL_NAMES,
  type HALT_CAUSE,
  haltCauseName,
  hex,
  OP,
  opcodeByCode,
  PRECOMPILE_CSRS,
  rangeContains,
} from '@zisk/core'
import { type FaultCode, GuestTrap } from '../faults.ts'
import type { MachineState } from '../machine-state.ts'

/** Most parameter words of one fcall. */
const MAX_FCALL_PARAMETERS = 386
const FCALL_INPUT_READY = 23n

/** Effect of an operation beyond its result. */
export interface HostCalls {
  /**
   * @param op operation code without an arithmetic meaning
   * @param riscv encoding of the RISC-V instruction it comes from
   * @throws {GuestTrap}
   */
  call(op: number, a: bigint, b: bigint, riscv: number): void
}

/** Replay: the effects have happened. */
export const NO_HOST_CALLS: HostCalls = { call: () => {} }

/** Host calls of a running machine. */
export class LiveHostCalls implements HostCalls {
  readonly #machine: MachineState

  constructor(machine: MachineState) {
    this.#machine = machine
  }

  call(op: number, a: bigint, b: bigint, riscv: number): void {
    switch (op) {
      case OP.PUBOUT:
        this.#machine.publish(a, b)
        break
      case OP.FCALL_PARAM:
        this.#passParameter(a, b)
        break
      case OP.FCALL:
        this.#startFcall(a)
        break
      case OP.FCALL_GET:
        this.#takeResult()
        break
      case OP.HALT:
        throw haltTrap(Number(b), a, riscv)
      default:
        throw unsupportedOperation(op)
    }
  }

  /** One word is the value itself, more are read from memory. */
  #passParameter(words: bigint, value: bigint): void {
    const { fcall, memory } = this.#machine
    if (BigInt(fcall.parameters.length) + words > BigInt(MAX_FCALL_PARAMETERS)) {
      const message = `fcall parameters expected at most ${MAX_FCALL_PARAMETERS} words`
      throw new GuestTrap('FCALL_PARAMETERS_FULL', message)
    }
    if (words === 1n) {
      fcall.parameters.push(value)
      return
    }
    const end = value + 8n * words
    for (let address = value; address < end; address += 8n) {
      if (address >= 1n << 32n || !memory.isReadable(Number(address), 8)) throw memory.readTrap(address, 8)
    }
    for (let address = value; address < end; address += 8n) fcall.parameters.push(memory.wordAt(Number(address)))
  }

  #startFcall(id: bigint): void {
    const { fcall, memory } = this.#machine
    if (id !== FCALL_INPUT_READY) {
      const name = FCALL_NAMES[Number(id)] ?? 'unknown'
      throw new GuestTrap('UNSUPPORTED_FCALL', `fcall ${id} (${name}) is not supported`, undefined, {
        id: Number(id),
        name,
      })
    }
    this.#assertInputReady(fcall.parameters[0] ?? 0n)
    fcall.parameters = []
    fcall.results = []
    fcall.resultsTaken = 0
    memory.setFreeInput(0n)
  }

  /** The guest is about to read input at this address: it must exist. */
  #assertInputReady(address: bigint): void {
    const { start, size } = this.#machine.memory.input
    // Neither the free-input word in front nor the zero word behind is input.
    const input = { start: start + 8, size: size - 16 }
    if (rangeContains(input, Number(address))) return
    const message = `input expected to reach ${hex(address)}, got ${input.size} bytes from ${hex(input.start)}`
    throw new GuestTrap('INPUT_NOT_READY', message, address)
  }

  /** Operand b has read the current result; the next one takes its place. */
  #takeResult(): void {
    const { fcall, memory } = this.#machine
    if (fcall.resultsTaken >= fcall.results.length) {
      throw new GuestTrap('FCALL_NO_RESULT', `fcall result ${fcall.resultsTaken} expected, got none`)
    }
    fcall.resultsTaken++
    memory.setFreeInput(fcall.results[fcall.resultsTaken] ?? 0n)
  }
}

function unsupportedOperation(op: number): GuestTrap {
  const name = opcodeByCode(op)?.name
  if (name === undefined) return new GuestTrap('ILLEGAL_INSTRUCTION', `operation code ${hex(op)} is not assigned`)
  return new GuestTrap('UNSUPPORTED_PRECOMPILE', `operation ${name} is not supported`, undefined, { name })
}

const HALT_FAULTS: Readonly<Record<keyof typeof HALT_CAUSE, FaultCode>> = {
  illegalInstruction: 'ILLEGAL_INSTRUCTION',
  unsupportedFloat: 'UNSUPPORTED_FLOAT',
  unsupportedPrecompile: 'UNSUPPORTED_PRECOMPILE',
  unsupportedEcall: 'UNSUPPORTED_ECALL',
  unknownCsr: 'UNKNOWN_CSR',
  readOnlyCsr: 'READ_ONLY_CSR',
}

function haltTrap(cause: number, a: bigint, riscv: number): GuestTrap {
  const name = haltCauseName(cause) ?? 'illegalInstruction'
  const csr = riscv >>> 20
  const details = { riscv: hex(riscv) }
  switch (name) {
    case 'illegalInstruction':
      return new GuestTrap(HALT_FAULTS[name], `illegal instruction ${hex(riscv)}`, undefined, details)
    case 'unsupportedFloat':
      return new GuestTrap(HALT_FAULTS[name], `floating-point instruction ${hex(riscv)}`, undefined, details)
    case 'unsupportedPrecompile': {
      const precompile = PRECOMPILE_CSRS[csr] ?? 'unknown'
      const message = `precompile ${precompile} (CSR ${hex(csr)}) is not supported`
      return new GuestTrap(HALT_FAULTS[name], message, undefined, { ...details, csr: hex(csr), name: precompile })
    }
    case 'unsupportedEcall':
      return new GuestTrap(HALT_FAULTS[name], `ecall ${a} is not supported`, undefined, { number: a.toString() })
    case 'unknownCsr':
    case 'readOnlyCsr': {
      const what = name === 'unknownCsr' ? 'unknown CSR' : 'write to read-only CSR'
      return new GuestTrap(HALT_FAULTS[name], `${what} ${hex(csr)}`, undefined, { ...details, csr: hex(csr) })
    }
  }
}
