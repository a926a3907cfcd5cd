export { type CompilePilOptions, type CompilePilResult, compilePil, compilePilOrThrow } from './compile-pil.ts'
export { DEFAULT_LIMITS, type PilLimits } from './eval/limits.ts'
export { formatDiagnostic, type PilDiagnostic, type PilWarningCode } from './source/diagnostic.ts'
export { PilError, type PilErrorCode } from './source/pil-error.ts'
