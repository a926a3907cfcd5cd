import { ZiskError, type ZiskErrorOptions } from '@zisk/core'

/** What can be wrong with a compiled PIL program or with a witness for it. */
export type AirErrorCode =
  | 'PILOUT_ENCODING_INVALID'
  | 'PILOUT_MODEL_INVALID'
  | 'WITNESS_ENCODING_INVALID'
  | 'FIXED_COLUMN_UNAVAILABLE'
  | 'HEIGHT_NOT_ALLOWED'
  | 'WITNESS_SHAPE_INVALID'
  | 'DEGREE_NOT_REDUCIBLE'

/** Error of the compiled model, its codec, and the evaluators over it. */
export class AirError extends ZiskError<AirErrorCode> {
  override readonly name = 'AirError'

  constructor(options: ZiskErrorOptions<AirErrorCode>) {
    super(options)
  }
}
