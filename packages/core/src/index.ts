export type { ErrorDetail, ExitStatusName, ZiskErrorJson, ZiskErrorOptions } from './errors.ts'
export { EXIT_STATUS, hex, ZiskError } from './errors.ts'
