export { type AirCost, airCost, cheapestAirCost } from './analysis/cost.ts'
export { formatExpression, leafLabel, signedFelt } from './analysis/format-expression.ts'
export { type Opening, openingsOf } from './analysis/openings.ts'
export {
  effectiveDegree,
  type Intermediate,
  MAX_CONSTRAINT_DEGREE,
  type ReducedAir,
  reduceDegree,
} from './analysis/reduce-degree.ts'
export { nodeStages, type StageScope, stageWidth } from './analysis/stages.ts'
export { type BusSummary, summarizeBuses } from './check/bus-summary.ts'
export {
  BUS_TERM_HINT,
  type BusKind,
  type BusSide,
  type BusTerm,
  busNames,
  busTerms,
  type TermValue,
} from './check/bus-terms.ts'
export { type Checker, type CheckOptions, createChecker } from './check/check.ts'
export { fillHintedColumns } from './check/fill-columns.ts'
export { completeWitness, fillMultiplicities } from './check/fill-multiplicities.ts'
export { LookupCounter, type LookupTable, type RunValues } from './check/lookup-counter.ts'
export {
  type BusFailure,
  type BusIdFailure,
  type BusOrigin,
  type CheckFailure,
  type CheckReport,
  type ConstraintFailure,
  formatFailure,
  formatReport,
  formatSkipped,
  type GlobalFailure,
  type NamedValue,
  type Origin,
  type SumFailure,
} from './check/report.ts'
export {
  type AirInstance,
  type BoundInstance,
  bindPlan,
  bindWitness,
  columnNamed,
  createInstance,
  expectInstance,
  expectInstanceShape,
  findAir,
  type InstanceOptions,
  type InstancePlan,
  type ProgramWitness,
} from './check/witness.ts'
export { decodeWitness, encodeWitness, witnessFromJson, witnessToJson } from './check/witness-codec.ts'
export { type ColumnMemory, sourceOf, type WitnessSource } from './check/witness-source.ts'
export type { Json } from './codec/codec.ts'
export {
  decodePilout,
  decodeTrustedAir,
  decodeTrustedPilout,
  encodeAir,
  encodePilout,
  piloutFromJson,
  piloutToJson,
} from './codec/pilout-codec.ts'
export { AirError, type AirErrorCode } from './errors.ts'
export { evaluateDag, type LeafValue } from './eval/evaluate.ts'
export { compileRowKernel, type RowKernel, type RowSource } from './eval/row-kernel.ts'
export { deriveStage2, type Stage2 } from './logup/derive.ts'
export { type Accumulator, type Fraction, type LogUpPlan, logUpPlan } from './logup/plan.ts'
export {
  type ExpressionDag,
  type ExprId,
  isColumn,
  isOperation,
  NODE,
  type NodeKind,
  nodeDegrees,
  visitReachable,
} from './model/expression.ts'
export { ExpressionBuilder, extractDag } from './model/expression-builder.ts'
export { type FixedContent, isUnavailable, materializeFixed, releaseFixed } from './model/fixed-column.ts'
export {
  type Air,
  type AirGroup,
  type AirGroupValue,
  type Constraint,
  type ConstraintRows,
  type CustomColumn,
  type CustomCommit,
  entryLabel,
  type FixedColumn,
  type GlobalConstraint,
  type Hint,
  type HintValue,
  type NamedEntry,
  type Pilout,
  type SourceRef,
  type StagedValue,
  sourceLabel,
  type WitnessColumn,
} from './model/pilout.ts'
export { AirBuilder, AirGroupBuilder, type AirOptions, PiloutBuilder } from './model/pilout-builder.ts'
export { validatePilout } from './model/validate.ts'
