export type { ExitMode, MemoryMapName, ZiskRom } from '@zisk/core'
export type { ExecutorKind, Outcome, RunCounts, TraceChunk } from '@zisk/emulator'
export { DEFAULT_CHUNK_SIZE, MAX_CHUNK_SIZE, MIN_CHUNK_SIZE } from '@zisk/emulator'
export { AbortedError } from './abort.ts'
export type { CheckedRun, CheckOptions, ExplainedFailure } from './check/check.ts'
export { check } from './check/check.ts'
export type { RowExplanation } from './check/explain.ts'
export type { ExecuteOptions, Execution } from './execute.ts'
export { EXECUTORS, execute, GuestError, outcomeError } from './execute.ts'
export { defaultHome } from './home.ts'
export type { HostInfo, WasmFeature } from './host-info.ts'
export { readHostInfo } from './host-info.ts'
export type { InputSource } from './input.ts'
export { createInput } from './input.ts'
export type { JsonInputErrorCode } from './json-input.ts'
export { JsonInputError, parseJsonInput } from './json-input.ts'
export type {
  AccessCount,
  FunctionCount,
  InstructionCount,
  OperationCount,
  Profile,
  ProfileOptions,
} from './profile.ts'
export { accessCounts, functionCounts, hotInstructions, operationCounts, profile } from './profile.ts'
export type { CodeLocation, LoadProgramOptions, Program } from './program.ts'
export { formatLocation, loadProgram, locate } from './program.ts'
export type { PlannedAirInstance, PlanOptions, ProofPlan } from './proving/plan.ts'
export { plan } from './proving/plan.ts'
export { PHASE_NAMES, type PhaseTime, type ProgressEvent, type ProvePhase } from './proving/progress.ts'
export type { ProvenRun, ProveOptions } from './proving/prove.ts'
export { prove } from './proving/prove.ts'
export type { HostOptions } from './proving/prover-session.ts'
export type { SetupReport } from './proving/setup.ts'
export { setup } from './proving/setup.ts'
export type { NamedProgram, VerifiedProof, VerifyOptions } from './proving/verify.ts'
export { verify } from './proving/verify.ts'
export type { ExecutedStep, TraceStepsOptions } from './steps.ts'
export { traceSteps } from './steps.ts'
