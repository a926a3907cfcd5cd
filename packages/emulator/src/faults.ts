/**
 * What a guest can do wrong. A fault ends the run and is a result, not a crash: the machine is left as it was before the
 * faulting instruction.
 */

import { type ErrorDetail, hex, ZiskError } from '@zisk/core'

/** Stable identifiers of all guest faults. */
export type FaultCode =
  | 'ILLEGAL_INSTRUCTION'
  | 'UNSUPPORTED_FLOAT'
  | 'UNSUPPORTED_PRECOMPILE'
  | 'UNSUPPORTED_ECALL'
  | 'UNSUPPORTED_FCALL'
  | 'FCALL_PARAMETERS_FULL'
  | 'FCALL_NO_RESULT'
  | 'INPUT_NOT_READY'
  | 'UNKNOWN_CSR'
  | 'READ_ONLY_CSR'
  | 'INVALID_READ'
  | 'READ_BEYOND_INPUT'
  | 'INVALID_WRITE'
  | 'STACK_OVERFLOW'
  | 'WRITE_TO_ROM'
  | 'WRITE_TO_INPUT'
  | 'WRITE_TO_CODE'
  | 'ACCESS_CROSSES_REGION'
  | 'NO_INSTRUCTION'
  | 'INVALID_PUBLICATION'

/** Thrown by memory and operations at the moment of a fault; the executor adds pc, step and registers. */
export class GuestTrap {
  readonly code: FaultCode
  readonly message: string
  /** Address of a faulting access, any 64-bit value. */
  readonly address: bigint | undefined
  readonly details: Readonly<Record<string, ErrorDetail>>

  constructor(
    code: FaultCode,
    message: string,
    address?: bigint | undefined,
    details: Readonly<Record<string, ErrorDetail>> = {},
  ) {
    this.code = code
    this.message = message
    this.address = address
    this.details = details
  }
}

/** Where the machine stood when a trap was raised. */
export interface FaultContext {
  /** Address of the RISC-V instruction (of its first ROM instruction); any 64-bit value for `NO_INSTRUCTION`. */
  readonly pc: bigint
  /** Address of the ROM instruction: differs from `pc` inside an expansion of several ROM instructions. */
  readonly romPc: bigint
  /** Number of ROM instructions executed before the faulting one. */
  readonly step: number
  /** x0..x31 before the faulting instruction. */
  readonly registers: BigUint64Array
}

/** A guest fault with its place and a register dump. */
export class EmulatorFault extends ZiskError<FaultCode> {
  override readonly name: string = 'EmulatorFault'
  readonly pc: bigint
  readonly romPc: bigint
  readonly step: number
  readonly address: bigint | undefined
  readonly registers: BigUint64Array

  constructor(trap: GuestTrap, context: FaultContext) {
    super({
      code: trap.code,
      message: trap.message,
      where: `pc ${hex(context.pc)}, step ${context.step}`,
      remedy: REMEDIES[trap.code],
      details: {
        ...trap.details,
        pc: hex(context.pc),
        step: context.step,
        ...(trap.address === undefined ? {} : { address: hex(trap.address) }),
        registers: Array.from(context.registers, hex),
      },
      exitStatus: 'guestFailed',
    })
    this.pc = context.pc
    this.romPc = context.romPc
    this.step = context.step
    this.address = trap.address
    this.registers = context.registers
  }
}

const BAD_POINTER = 'Look for a null or wild pointer, or a stack that has grown out of RAM, in the function at this pc.'

const REMEDIES: Readonly<Record<FaultCode, string>> = {
  ILLEGAL_INSTRUCTION: 'Build for rv64imac; a deliberate trap (unimp, abort, panic) ends here too.',
  UNSUPPORTED_FLOAT: 'Build with a soft-float ABI: -march=rv64imac -mabi=lp64.',
  UNSUPPORTED_PRECOMPILE: 'Use a software implementation of this function.',
  UNSUPPORTED_ECALL: 'Only exit (a7 = 93) exists; link against a bare-metal runtime.',
  UNSUPPORTED_FCALL: 'Use a software implementation of this function.',
  FCALL_PARAMETERS_FULL: 'Start the fcall before passing more parameters.',
  FCALL_NO_RESULT: 'Read at most as many result words as the fcall returns.',
  INPUT_NOT_READY: 'Give the guest as many input records as it reads.',
  UNKNOWN_CSR: 'Only the CSRs of the ZisK system interface exist at and above 0x800.',
  READ_ONLY_CSR: 'A deliberate trap (unimp, abort, panic) ends here; else do not write this CSR.',
  INVALID_READ: BAD_POINTER,
  READ_BEYOND_INPUT: 'Give the guest as much input as it reads: --input FILE or --input-raw FILE.',
  INVALID_WRITE: BAD_POINTER,
  STACK_OVERFLOW: 'Bound the recursion, which the input may decide, or build with a larger stackSize.',
  WRITE_TO_ROM: 'Constants are read-only; place data that the program changes in RAM.',
  WRITE_TO_INPUT: 'Copy the input into RAM before changing it.',
  WRITE_TO_CODE: 'Self-modifying code is not supported.',
  ACCESS_CROSSES_REGION: BAD_POINTER,
  NO_INSTRUCTION: 'Look for a wild function pointer or a smashed return address.',
  INVALID_PUBLICATION:
    'Only the exit path of the BIOS publishes, once: look for a wild jump into it, 0x1110 to 0x114c.',
}
