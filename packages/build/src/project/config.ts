/** What a project may say about how it is built, in `zisk.config.ts` or by flags. */

import { z } from 'zod'

/** Languages that `zisk build` knows. */
export const LANGUAGES = ['c', 'cpp', 'zig', 'rust', 'typescript'] as const
export type LanguageName = (typeof LANGUAGES)[number]

/** Compilers of C and C++; `zig` is the one that `zisk toolchain install` brings. */
export const C_COMPILERS = ['zig', 'clang', 'gcc'] as const
export type CCompilerName = (typeof C_COMPILERS)[number]

export const OPTIMIZATIONS = ['speed', 'size', 'debug'] as const
export type Optimization = (typeof OPTIMIZATIONS)[number]

/** A configuration of a guest project. Paths are relative to the file that holds it. */
export interface GuestConfig {
  /** Name of the ELF; the folder's name when absent. */
  readonly name?: string | undefined
  /** Found from the sources when absent. */
  readonly language?: LanguageName | undefined
  /** Source files and folders; `src`, or the folder itself, when absent. */
  readonly sources?: readonly string[] | undefined
  /** Folders of header files. */
  readonly include?: readonly string[] | undefined
  /** Flags for the compiler, behind our own. */
  readonly flags?: readonly string[] | undefined
  /** Flags for the linker. */
  readonly linkFlags?: readonly string[] | undefined
  /** `speed` when absent: fewest steps, which is what a proof costs. */
  readonly optimize?: Optimization | undefined
  /** `zig` when absent. */
  readonly toolchain?: CCompilerName | undefined
  /** Bytes of the stack, a multiple of 16, at most 112 MiB; 1 MiB when absent. */
  readonly stackSize?: number | undefined
  /** Where the ELF goes; `build/NAME.elf` when absent. */
  readonly output?: string | undefined
}

const texts = z.array(z.string().min(1))
const shape = {
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots, dashes and underscores expected')
    .optional(),
  language: z.enum(LANGUAGES).optional(),
  sources: texts.min(1).optional(),
  include: texts.optional(),
  flags: texts.optional(),
  linkFlags: texts.optional(),
  optimize: z.enum(OPTIMIZATIONS).optional(),
  toolchain: z.enum(C_COMPILERS).optional(),
  stackSize: z
    .int()
    .min(4096)
    .max(112 * 2 ** 20)
    .multipleOf(16)
    .optional(),
  output: z.string().min(1).optional(),
}

/** Checks a configuration; unknown keys are errors. */
export const guestConfigSchema: z.ZodType<GuestConfig> = z.strictObject(shape)

/** Keys of a configuration. */
export const GUEST_CONFIG_KEYS: readonly string[] = Object.keys(shape)

/** Gives `zisk.config.ts` its types; returns what it gets. */
export function defineConfig(config: GuestConfig): GuestConfig {
  return config
}
