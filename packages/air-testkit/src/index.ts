export type { DropOptions, DroppedRule } from './drop-rules.ts'
export { dropRules } from './drop-rules.ts'
export type { Forgery } from './forge.ts'
export { forgeWitness } from './forge.ts'
export type { RowJudge, RowVerdict } from './judge-row.ts'
export { createRowJudge } from './judge-row.ts'
export { isAccepted, judgeWith } from './judge-with.ts'
export { machineBench } from './machine-bench.ts'
export type { MutationOptions, MutationReport, Survivor } from './mutate.ts'
export { mutateRows } from './mutate.ts'
export type { Claim } from './operation-bench.ts'
export {
  BOUNDARY,
  claim,
  clientOf,
  complete,
  heightFor,
  isTrueOperation,
  machineSource,
  pushClaims,
} from './operation-bench.ts'
export { seededRandom } from './seeded-random.ts'
