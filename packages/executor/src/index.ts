export { buildWitness, type RunWitness } from './build-witness.ts'
export type { HeightLimits } from './components.ts'
export type { ExecuteRunOptions } from './execute-run.ts'
export { ExecutorError, type ExecutorErrorCode } from './executor-error.ts'
export { decodeChunk, encodeChunk } from './plan-codec.ts'
export {
  type PlanLimits,
  type PlanProgress,
  type PlanRunOptions,
  planRun,
  type RunPlan,
  resumeRun,
} from './plan-run.ts'
export { DEFAULT_SHARD_CELLS, type PlannedInstance, planShards } from './plan-shards.ts'
