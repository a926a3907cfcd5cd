import { ZiskError } from '@zisk/core'

/** Why a program has no table. */
export type RomTableErrorCode = 'ROM_LINK_OUT_OF_RANGE' | 'ROM_TOO_LARGE'

/** A program that the AIRs cannot execute soundly, or not at all. */
export class RomTableError extends ZiskError<RomTableErrorCode> {
  override readonly name = 'RomTableError'
}
