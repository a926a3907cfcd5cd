export { VerificationError, type VerificationErrorCode } from './errors.ts'
export { digestsEqual } from './hash/bytes.ts'
export {
  DIGEST_BYTES,
  type Digest,
  type Hasher,
  type HashName,
  type Transcript,
  type WorkTemplate,
} from './hash/hasher.ts'
export { hasherNamed, hasherWithId } from './hash/hashers.ts'
export { type AirShape, airShapes, type ColumnKind, type ColumnOpening, QUOTIENT_PIECES } from './key/air-shape.ts'
export { isCheapFixed } from './key/cheap-fixed.ts'
export { type CommitmentRoot, findRoot } from './key/commitment-root.ts'
export {
  decodeProgramKey,
  EMPTY_PROGRAM_KEY,
  encodeProgramKey,
  PROGRAM_PARAMETERS,
  type ProgramCommit,
  type ProgramKey,
  type ProgramParameter,
  programDigest,
} from './key/program-key.ts'
export {
  decodeVerifyingKey,
  encodeVerifyingKey,
  type ProgramValue,
  setupDigest,
  type VerifyingKey,
} from './key/verifying-key.ts'
export { type OpenedRows, openingSize, type TreeOpening, verifyOpening } from './merkle/multi-proof.ts'
export {
  type MatrixShape,
  PANEL_WORDS,
  paddedWords,
  projectPositions,
  type TreeLevel,
  type TreeShape,
  treeShape,
} from './merkle/tree-shape.ts'
export { type FoldingRound, type FoldingSchedule, foldingSchedule } from './parameters/folding.ts'
export { PROFILES, type Profile, type ProfileName, profileNamed, type Regime } from './parameters/profile.ts'
export {
  type HeightShape,
  type ProofShape,
  type SoundnessReport,
  type SoundnessTerm,
  soundness,
} from './parameters/soundness.ts'
export {
  type InspectedInstance,
  inspectProof,
  type ProofInspection,
  type ProofSection,
} from './proof/inspect-proof.ts'
export type { InstanceClaim, Proof, ShardProof } from './proof/proof.ts'
export { decodeProof, encodeProof, PROOF_VERSION } from './proof/proof-codec.ts'
export { cosetPoint, reverseBits, subgroupPoint } from './protocol/domain.ts'
export { extBatchInverse, extPowers } from './protocol/ext-batch.ts'
export {
  embed,
  type RunStart,
  type ShardStart,
  ShardTranscript,
  type Statement,
  startRun,
} from './protocol/fiat-shamir.ts'
export {
  type DeepTerm,
  fixedMatrices,
  type HeightLayout,
  type InstanceId,
  type InstanceLayout,
  type LayoutTree,
  type ShardLayout,
  shardLayout,
} from './protocol/layout.ts'
export { airValuesInOrder, type ConstraintContext, rowSelector, shiftPoint } from './verify/constraint-check.ts'
export { foldRow } from './verify/folding-check.ts'
export { MAX_SEGMENTS } from './verify/instances.ts'
export {
  type PreparedKey,
  prepareVerifyingKey,
  type VerificationResult,
  type VerifiedRun,
  type VerifyOptions,
  verify,
  verifyProof,
} from './verify/verify.ts'
export {
  type VerifyZiskOptions,
  verifyZisk,
  type ZiskStatement,
  type ZiskVerificationResult,
} from './zisk/verify-zisk.ts'
