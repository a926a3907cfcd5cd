export { type PilDiagnostic, formatDiagnostic } from './source/diagnostic.ts'
export { PilError, type PilErrorCode } from './source/pil-error.ts'
