import type { EmulatorFault } from './faults.ts'

/** How a run ended. `steps` counts the ROM instructions executed. */
export type Outcome =
  | {
      readonly kind: 'exited'
      readonly steps: number
      /** The word that the BIOS published at index 32: the guest's exit code, or 0 when the ROM does not bind it. */
      readonly exitWord: bigint
      /** The 64 public output words. */
      readonly publics: Uint32Array
      /** Words published, each once: 33 unless the program went around the exit path of the BIOS. */
      readonly publishedWords: number
    }
  | { readonly kind: 'fault'; readonly steps: number; readonly fault: EmulatorFault }
  | { readonly kind: 'stepLimit'; readonly steps: number }
  | { readonly kind: 'aborted'; readonly steps: number; readonly reason: unknown }
