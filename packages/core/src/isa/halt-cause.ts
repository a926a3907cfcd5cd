/**
 * Why an `OP.HALT` instruction stops the guest.
 *
 * The transpiler never refuses an instruction: what cannot run becomes `halt` with `b` = IMM and `bLow` = one of these
 * codes, and faults only when it is executed. The particulars are in the `riscv` word of the same ROM instruction:
 * for CSR causes the CSR number is `riscv >>> 20`.
 */
export const HALT_CAUSE = {
  /** A reserved or unknown encoding, or one of an extension that the machine does not have. */
  illegalInstruction: 1,
  /** An instruction of the F or D extension. */
  unsupportedFloat: 2,
  /** A precompile call; `PRECOMPILE_CSRS` names it by its CSR number. */
  unsupportedPrecompile: 3,
  /**
   * An `ecall` whose number (a7) is not 93. It halts in the trap code of the BIOS: the number is the value of operand
   * `a`, the guest's `ecall` is at x1 - 4.
   */
  unsupportedEcall: 4,
  /** An access to a CSR at or above 0x800 that the machine does not have. */
  unknownCsr: 5,
  /** A write to a read-only CSR; the assembler's `unimp` (0xC0001073, a write to `cycle`) is one. */
  readOnlyCsr: 6,
} as const

/** Name of a halt cause. */
export type HaltCauseName = keyof typeof HALT_CAUSE

const NAMES: ReadonlyMap<number, HaltCauseName> = new Map(
  Object.entries(HALT_CAUSE).map(([name, code]) => [code, name as HaltCauseName]),
)

/** Name of the cause in the `bLow` of a halt instruction, or `undefined` when the code is not assigned. */
export function haltCauseName(code: number): HaltCauseName | undefined {
  return NAMES.get(code)
}
