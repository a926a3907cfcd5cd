export { buildWitness, type RunWitness, type WitnessOptions } from './build-witness.ts'
export { ExecutorError, type ExecutorErrorCode } from './executor-error.ts'
