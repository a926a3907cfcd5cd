/** What the prover is asked for. */
import type { ProgramWitness, WitnessSource } from '@zisk/air'
import type { Hasher, HashName, ProfileName, ProgramKey } from '@zisk/verifier'
import type { Backend } from './backend/backend.ts'
import type { Phase, PhaseProgress } from './progress.ts'
import type { WorkOptions } from './resume/work-pieces.ts'
import type { ProvingKey } from './setup.ts'

/** What is proved, and how. */
export interface ProveRequest {
  readonly key: ProvingKey
  readonly witness: ProgramWitness | WitnessSource
  /** Key of the guest program; that of no program when absent. */
  readonly programKey?: ProgramKey
  /** Positions in `witness.instances` of the instances of each shard; one shard with all of them when absent. */
  readonly shards?: readonly (readonly number[])[]
  readonly profile: ProfileName
  readonly hash?: HashName | Hasher
  readonly backend: Backend
  /** Keeps what is done, and goes on from what was kept. The bytes of the proof are the same. */
  readonly work?: WorkOptions
  readonly signal?: AbortSignal
  /** Called when a phase of a shard begins. Shards whose columns do not stay in memory enter `stage1` twice. */
  readonly onPhase?: (phase: Phase, shard: number, progress: PhaseProgress) => void
  /** Called within a phase whenever another hundredth of the whole is done, with what is left of the phase. */
  readonly onProgress?: (progress: PhaseProgress) => void
}
