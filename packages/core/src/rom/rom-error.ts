import { ZiskError } from '../errors.ts'

/** What can be wrong with a stored ROM. */
export type RomErrorCode =
  | 'ROM_BAD_MAGIC'
  | 'ROM_BAD_VERSION'
  | 'ROM_BAD_LENGTH'
  | 'ROM_BAD_HEADER'
  | 'ROM_BAD_INSTRUCTION'
  | 'ROM_BAD_DATA'
  | 'ROM_BAD_JSON'

/** A stored ROM that is not the encoding of any program. */
export class RomError extends ZiskError<RomErrorCode> {
  override readonly name = 'RomError'
}

/** Builds a {@link RomError}; the message must say what was expected and what came. */
export function romError(code: RomErrorCode, message: string, where?: string): RomError {
  const remedy = 'transpile the ELF again'
  return new RomError({ code, message, where, remedy })
}
