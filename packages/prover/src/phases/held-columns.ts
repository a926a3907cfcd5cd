/** Which columns of stage 1 are in memory between the commitment of a shard and its proof. */
import type { ShardStart } from '@zisk/verifier'
import type { PlannedShard, Session } from './session.ts'
import { type CommittedShard, commitAgain, commitStage1 } from './stage1.ts'

/** The shards whose columns of stage 1 are in memory: the last that was committed, and those that stay. */
export class HeldColumns {
  readonly #session: Session
  readonly #columns = new Map<number, CommittedShard>()

  constructor(session: Session) {
    this.#session = session
  }

  /** Commits a shard and keeps its columns, until the next one at least. Where there is no room, the oldest make it. */
  async commit(shard: PlannedShard): Promise<CommittedShard> {
    const { held, backend } = this.#session
    for (const k of this.#columns.keys()) if (!held.has(k) || !backend.hasRoom(shard.layout)) this.drop(k)
    const committed = await commitStage1(this.#session, shard)
    this.#columns.set(shard.k, committed)
    return committed
  }

  /** Hands the columns of a shard over, made again when they are not there. */
  async take(shard: PlannedShard, start: ShardStart): Promise<CommittedShard> {
    const committed = this.#columns.get(shard.k)
    this.#columns.delete(shard.k)
    if (committed !== undefined) return committed
    for (const k of this.#columns.keys()) if (!this.#session.held.has(k)) this.drop(k)
    return commitAgain(this.#session, shard, start)
  }

  drop(k: number): void {
    const committed = this.#columns.get(k)
    if (committed !== undefined) this.#session.backend.release(committed.stage1)
    this.#columns.delete(k)
  }
}
