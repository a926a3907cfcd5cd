import { ZiskError } from '@zisk/core'

/** What can be wrong with a run that is not the guest's doing. */
export type EmulatorErrorCode = 'GUEST_MEMORY_UNAVAILABLE' | 'INVALID_RUN_OPTION' | 'ROM_DATA_OUT_OF_RANGE'

/** A run that cannot start. */
export class EmulatorError extends ZiskError<EmulatorErrorCode> {
  override readonly name: string = 'EmulatorError'
}
