/**
 * The prover's arithmetic as a few coarse, asynchronous calls on opaque handles. The order of the calls, the transcript
 * and the proof are the prover's; where columns lie and how they are transformed, hashed and folded is the back end's.
 */

import type { Air, ColumnMemory, Pilout, ReducedAir } from '@zisk/air'
import type { Ext } from '@zisk/field'
import type {
  AirShape,
  ConstraintContext,
  Digest,
  Hasher,
  InstanceClaim,
  ShardLayout,
  TreeOpening,
  TreeShape,
  WorkTemplate,
} from '@zisk/verifier'
import type { AirPrograms } from '../wasm/air-programs.ts'

/** Columns of one height: values on the trace domain in natural order, canonical. */
export interface ColumnMatrix {
  readonly logRows: number
  readonly columns: readonly BigUint64Array[]
}

/** Columns of one height that a back end has taken in. */
export interface HeldMatrix {
  readonly logRows: number
  readonly width: number
}

/** A committed list of matrices; back ends keep the extended columns and the tree behind it. */
export interface Commitment {
  readonly root: Digest
  readonly shape: TreeShape
}

/** A codeword over the extension. */
export interface Codeword {
  readonly logLength: number
}

/** One instance as the prover holds it. */
export interface ProverInstance {
  readonly shape: AirShape
  /** The AIR as compiled: hints, without intermediates. */
  readonly original: Air
  /** The AIR after degree reduction, made when it is asked for. */
  readonly reduced: () => ReducedAir
  /** What a back end may run for the AIR, made when it is asked for. */
  readonly programs: () => AirPrograms
  readonly segment: number
  readonly logRows: number
  /** Columns of stage 1, intermediates included, in the order of {@link AirShape.stage1}. */
  readonly stage1: HeldMatrix
  /** By custom column. */
  readonly custom: readonly BigUint64Array[]
  /** By air value; those of stage 1 are known. */
  readonly airValues: readonly bigint[]
  /** Contents of a fixed column. */
  readonly fixed: (column: number) => BigUint64Array
}

/** What is the same for all instances while stage 2 is computed. */
export interface RunContext extends ConstraintContext {
  readonly program: Pilout
}

/** Stage 2 of one instance. */
export interface Stage2Columns {
  /** Three base columns for each column of stage 2, in order; absent when there are none. */
  readonly matrix?: HeldMatrix
  readonly airValues: readonly Ext[]
  /** The air-group values that the AIR uses, in order. */
  readonly airGroupValues: readonly Ext[]
}

/** Arguments of {@link Backend.quotient}. */
export interface QuotientRequest {
  readonly layout: ShardLayout
  readonly instances: readonly ProverInstance[]
  readonly claims: readonly InstanceClaim[]
  /** Commitments of the layout's trees but the last, the quotient. */
  readonly trees: readonly Commitment[]
  readonly context: ConstraintContext
  readonly lambda: Ext
  readonly hasher: Hasher
}

/** Arguments of {@link Backend.deep}. */
export interface DeepRequest {
  readonly layout: ShardLayout
  readonly trees: readonly Commitment[]
  readonly evaluations: readonly Ext[]
  readonly z: Ext
  readonly mu: Ext
}

/** The transcript at the point where work is shown. */
export interface WorkSource {
  readonly checkWork: (nonce: bigint, bits: number) => boolean
  readonly workTemplate: () => WorkTemplate
}

/** What a commitment needs beside its matrices. */
export interface CommitOptions {
  readonly logBlowup: number
  readonly hasher: Hasher
  /** Whether stage 2 will still read the values on the trace domain; {@link Backend.forget} ends that. */
  readonly keepValues?: boolean
}

/**
 * A back end. The calls of one proof come one after the other, but for those that commit the fixed columns: they go on beside
 * those of stage 1.
 */
export interface Backend {
  /** Chooses what to keep for a shard. @throws ProverError PROVER_MEMORY_EXHAUSTED when it cannot be proved at all. */
  readonly fit: (layout: ShardLayout) => void
  /** Goes on with a shard as was chosen for it, after others were committed. */
  readonly resume: (layout: ShardLayout) => void
  /** Positions of the shards whose columns of stage 1 stay in memory until they are proved; the last is one of them. */
  readonly held: (layouts: readonly ShardLayout[]) => ReadonlySet<number>
  /** Whether a shard can be proved beside those that are held; others may have taken the memory meanwhile. */
  readonly hasRoom: (layout: ShardLayout) => boolean
  /** Where a witness source may put columns, so that {@link load} copies them once less. */
  readonly columnMemory?: ColumnMemory
  /** Takes columns in; the caller may drop them afterwards. @throws ProverError PROVER_INPUT_INVALID for a value >= p. */
  readonly load: (matrix: ColumnMatrix) => Promise<HeldMatrix>
  /** Extends and commits matrices, which belong to the commitment from then on. */
  readonly commit: (matrices: readonly HeldMatrix[], options: CommitOptions) => Promise<Commitment>
  /** Drops the values of a committed matrix on the trace domain. */
  readonly forget: (matrix: HeldMatrix) => void
  /** The columns, air values and sums of stage 2. @throws ProverError PROVER_DENOMINATOR_ZERO. */
  readonly stage2: (instance: ProverInstance, context: RunContext) => Promise<Stage2Columns>
  /** Computes and commits the quotient of every height. */
  readonly quotient: (request: QuotientRequest) => Promise<Commitment>
  /** The opened values at z, in layout order. */
  readonly evaluate: (layout: ShardLayout, trees: readonly Commitment[], z: Ext) => Promise<Ext[]>
  /** The DEEP codeword of every height, in layout order. */
  readonly deep: (request: DeepRequest) => Promise<Codeword[]>
  /** Commits a codeword in rows of 2^logArity neighbours. */
  readonly commitCodeword: (codeword: Codeword, logArity: number, hasher: Hasher) => Promise<Commitment>
  /** Folds a codeword and adds beta^(2^logArity) times another of the new length. */
  readonly fold: (codeword: Codeword, logArity: number, beta: Ext, rolledIn?: Codeword) => Promise<Codeword>
  /** The lowest 2^logDegree coefficients. */
  readonly coefficients: (codeword: Codeword, logDegree: number) => Promise<Ext[]>
  /** Opens sorted, distinct positions of the tallest level. */
  readonly open: (commitment: Commitment, positions: readonly number[]) => Promise<TreeOpening>
  /** The smallest nonce that shows `bits` bits of work. */
  readonly grind: (work: WorkSource, bits: number) => Promise<bigint>
  /**
   * Runs the calls of one proof; when it throws, everything that it reserved is given back. When the signal is aborted,
   * the call that runs then throws ProverError PROVER_CANCELLED.
   *
   * @param onWork called as pieces of work are done, with about the nanoseconds that each takes one core; a back end that
   * does not know them does not call
   */
  readonly session: <T>(
    work: () => Promise<T>,
    options?: { readonly signal?: AbortSignal | undefined; readonly onWork?: (nanoseconds: number) => void },
  ) => Promise<T>
  /** Gives back what commitments and codewords hold. */
  readonly release: (...handles: readonly (Commitment | Codeword)[]) => void
}
