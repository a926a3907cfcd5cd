/** The witness of a run as its prover consumes it: an instance at a time, made when asked for. */
import type { AirInstance, InstancePlan, ProgramWitness } from './witness.ts'

/** The witness of a run: shapes first, contents on demand, as often as asked, the same each time. */
export interface WitnessSource {
  readonly instances: readonly InstancePlan[]
  readonly publics: readonly bigint[]
  readonly proofValues: readonly bigint[]
  /**
   * Computes an instance by its position in {@link WitnessSource.instances}. The caller drops the columns when done; they
   * may lie in shared memory. The prover asks in shard order in its first pass, each instance once, so that a source
   * which lists tables after the instances that look into them has counted all lookups when it is asked for the tables.
   * Columns of stage 1 may be ones taken from `memory`, which then belong to the caller.
   */
  readonly instance: (position: number, signal?: AbortSignal, memory?: ColumnMemory) => Promise<AirInstance>
  /** Ends what was begun for later; nothing is written to taken memory afterwards, and what is left of it is given back. */
  readonly stop?: () => Promise<void>
}

/** Memory in which the one who asks for instances wants their columns, to take them in without a copy. */
export interface ColumnMemory {
  /** Room for columns of so many rows, with anything in it; undefined when there is no room. */
  readonly take: (columns: number, rows: number) => readonly BigUint64Array[] | undefined
  /** Gives back columns that will not be handed over. */
  readonly giveBack: (columns: readonly BigUint64Array[]) => void
}

/** A witness that is complete already, as a source. */
export function sourceOf({ instances, publics, proofValues }: ProgramWitness): WitnessSource {
  return {
    instances: instances.map(({ airGroup, air, segment, rows }) => ({ airGroup, air, segment, rows })),
    publics,
    proofValues,
    instance: async (position) => instances[position]!,
  }
}
