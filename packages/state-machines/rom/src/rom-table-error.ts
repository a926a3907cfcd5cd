import { ZiskError } from '@zisk/core'

/** Why a program has no table. */
export type RomTableErrorCode = 'ROM_LINK_OUT_OF_RANGE'

/** A program that the AIRs cannot execute soundly. */
export class RomTableError extends ZiskError<RomTableErrorCode> {
  override readonly name = 'RomTableError'
}
