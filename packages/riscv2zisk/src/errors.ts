import { type ErrorDetail, ZiskError } from '@zisk/core'

/** What can be wrong with an ELF file. */
export type ElfErrorCode =
  | 'ELF_TOO_SHORT'
  | 'ELF_BAD_MAGIC'
  | 'ELF_BAD_CLASS'
  | 'ELF_BAD_ENDIAN'
  | 'ELF_BAD_VERSION'
  | 'ELF_BAD_MACHINE'
  | 'ELF_BAD_TYPE'
  | 'ELF_RELOCATABLE'
  | 'ELF_DYNAMIC'
  | 'ELF_BAD_HEADER'
  | 'ELF_TRUNCATED'
  | 'ELF_OVERSIZE'
  | 'ELF_MISMATCH'
  | 'ELF_OVERLAP'
  | 'ELF_OUT_OF_REGION'
  | 'ELF_WRITABLE_OUTSIDE_RAM'
  | 'ELF_NO_CODE'
  | 'ELF_BAD_ENTRY'

/** An ELF file that cannot become a ZisK program. */
export class ElfError extends ZiskError<ElfErrorCode> {
  override readonly name = 'ElfError'
}

/** The particulars of an {@link ElfError}. */
interface ElfErrorParts {
  readonly where?: string
  readonly remedy?: string
  readonly details?: Readonly<Record<string, ErrorDetail>>
}

const DEFAULT_REMEDY =
  'Check that the file is complete and is a static RV64 executable (ELF64, little-endian, ET_EXEC).'

/** Builds an {@link ElfError}; the message must say what was expected and what came. */
export function elfError(code: ElfErrorCode, message: string, parts: ElfErrorParts = {}): ElfError {
  return new ElfError({ code, message, remedy: DEFAULT_REMEDY, ...parts })
}
