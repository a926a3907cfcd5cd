export type {
  Backend,
  Codeword,
  ColumnMatrix,
  Commitment,
  CommitOptions,
  DeepRequest,
  HeldMatrix,
  ProverInstance,
  QuotientRequest,
  RunContext,
  Stage2Columns,
  WorkSource,
} from './backend/backend.ts'
export { openFolderStore } from './cache/artefact-store.ts'
export {
  type CacheOptions,
  type CacheOutcome,
  type CommitCacheOptions,
  loadOrBuildCommit,
  loadOrBuildSetup,
  type SetupCacheOptions,
} from './cache/setup-cache.ts'
export { ProverError, type ProverErrorCode } from './errors.ts'
export { type EstimateRequest, estimateProof, type ProofEstimate } from './estimate.ts'
export { type ExpectedSize, expectedSize } from './estimate-size.ts'
export type { Phase, PhaseProgress } from './progress.ts'
export { prove } from './prove.ts'
export type { ProveRequest } from './prove-request.ts'
export { createReferenceBackend } from './reference/reference-backend.ts'
export type { PieceStore, WorkOptions } from './resume/work-pieces.ts'
export { type CustomColumns, commitCustom, type ProvingKey, type SetupOptions, setup } from './setup.ts'
export { createInlineEngine, type Engine } from './wasm/engine.ts'
export { createThreadedEngine, type ThreadOptions } from './wasm/threads.ts'
export { createWasmBackend, type Extension } from './wasm/wasm-backend.ts'
