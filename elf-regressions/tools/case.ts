/** How a case is built, what it is given and what must come out. */
export type Case = {
  /** Folder under `elf-regressions/`. */
  readonly name: string
  readonly description: string
  readonly build: Build
  /** Framed records, or raw bytes for a guest with the old memory map; no input file when absent. */
  readonly input?: Uint8Array
  /** Input of a benchmark run, more than a second of work for qemu-riscv64. */
  readonly bench?: Uint8Array
  /** The expectation for an input, worked out without running any RISC-V code. */
  readonly model: (input: Uint8Array | undefined) => Expectation
  /** False when qemu-riscv64 cannot run the guest, because Linux processes have no CSRs or other memory rights. */
  readonly qemu?: boolean
}

export type Build = {
  readonly language: 'C' | 'C++' | 'assembly' | 'Rust'
  readonly compiler: 'gcc' | 'clang' | 'cargo'
  readonly march: string
  /** Files besides those of the case folder, relative to `elf-regressions/`. */
  readonly sources?: readonly string[]
  /** Assembly text of cases that are generated. */
  readonly generated?: () => string
  readonly flags?: readonly string[]
  /** Linker script, when it is not that of the guest library. */
  readonly script?: string
  /** Start code, when it is not that of the guest library, with the ABI note. */
  readonly start?: readonly string[]
  /** Which library a Rust guest uses. */
  readonly library?: 'core' | 'std'
  /** Keeps debug information of this DWARF version. */
  readonly dwarf?: 4 | 5
}

export type Expectation =
  | {
      readonly exitCode: number
      readonly outputs: readonly number[]
      readonly uart?: string
      /** False for guests without the ABI note, whose a0 at the exit call means nothing. */
      readonly exitBound?: boolean
    }
  | { readonly fault: Fault; readonly uart?: string }

/** How a run fails; the codes are those of the emulator. */
export type Fault = {
  readonly code:
    | 'ILLEGAL_INSTRUCTION'
    | 'UNSUPPORTED_FLOAT'
    | 'UNSUPPORTED_ECALL'
    | 'UNKNOWN_CSR'
    | 'READ_ONLY_CSR'
    | 'INVALID_READ'
    | 'INVALID_WRITE'
    | 'STACK_OVERFLOW'
    | 'WRITE_TO_ROM'
    | 'WRITE_TO_INPUT'
    | 'WRITE_TO_CODE'
    | 'ACCESS_CROSSES_REGION'
    | 'NO_INSTRUCTION'
    | 'STEP_LIMIT'
  /** Symbol at the faulting instruction. */
  readonly symbol?: string
  /** Function that holds the faulting instruction, and its place in the sources, `path:line`. */
  readonly function?: string
  readonly source?: string
  /** Address of the access or of the jump target. */
  readonly address?: string
}

/** Splits 64-bit words in the low and high halves that `zisk_set_output_u64` publishes. */
export function outputWords(...values: readonly bigint[]): number[] {
  return values.flatMap((value) => [Number(value & 0xffff_ffffn), Number((value >> 32n) & 0xffff_ffffn)])
}
