/** How a case is built, what it is given and what must come out. */
export type Case = {
  /** Folder under `elf-regressions/`. */
  readonly name: string
  readonly description: string
  readonly build: Build
  /** Framed records; no input file when absent. */
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
  /** Linker script, when it is not `lib/zisk.ld`. */
  readonly script?: string
  /** Start code, when it is not `lib/crt0.S` with the ABI note. */
  readonly start?: readonly string[]
  /** Keeps debug information of this DWARF version. */
  readonly dwarf?: 4 | 5
}

export type Expectation =
  | { readonly exitCode: number; readonly outputs: readonly number[]; readonly uart?: string }
  | { readonly fault: Fault; readonly uart?: string }

export type Fault = {
  readonly kind:
    | 'illegal-instruction'
    | 'unsupported-float'
    | 'unsupported-csr'
    | 'unknown-ecall'
    | 'unmapped-read'
    | 'unmapped-write'
    | 'write-to-rom'
    | 'write-to-input'
    | 'jump-outside-code'
    | 'step-limit'
  /** Symbol at the faulting instruction. */
  readonly symbol?: string
  /** Address of the access or of the jump target, as `0x` text. */
  readonly address?: string
}

/** Splits 64-bit words in the low and high halves that `zisk_set_output_u64` publishes. */
export function outputWords(...values: readonly bigint[]): number[] {
  return values.flatMap((value) => [Number(value & 0xffff_ffffn), Number((value >> 32n) & 0xffff_ffffn)])
}
