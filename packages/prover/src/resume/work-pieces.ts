/**
 * What of a proof is kept between processes: the roots and values of stage 1 of each shard, and every finished shard. A
 * piece is filed under everything that it follows from and has a checksum, so one that is damaged, or of another run, is
 * as good as absent. Pieces have the encoding of proofs, whose decoder they go through.
 */
import {
  DIGEST_BYTES,
  decodeProof,
  digestsEqual,
  encodeProgramKey,
  encodeProof,
  type InstanceId,
  type Proof,
  type ShardProof,
  type ShardStart,
  type Statement,
} from '@zisk/verifier'

/** Keeps bytes under what they were made from. */
export interface PieceStore {
  /** The bytes that were kept; undefined when there are none or they are damaged. */
  readonly read: (kind: string, madeFrom: readonly (string | Uint8Array)[]) => Promise<Uint8Array | undefined>
  readonly write: (kind: string, madeFrom: readonly (string | Uint8Array)[], bytes: Uint8Array) => Promise<void>
}

/** Where a proof keeps its pieces. */
export interface WorkOptions {
  /** May be shared by several proofs. */
  readonly store: PieceStore
  /** Names program and input, which decide the columns: the same bytes must mean the same columns. */
  readonly identity: Uint8Array
}

/** Name of a piece of a run: the run, and what the piece is. */
type PieceName = readonly ['start' | 'shard', number, Uint8Array]

/** The pieces of one proof. */
export class WorkPieces {
  readonly #store: PieceStore
  /** What all pieces of the run follow from. */
  readonly #run: readonly (string | Uint8Array)[]
  readonly #statement: Statement & { readonly hash: number }
  readonly #plans: readonly (readonly InstanceId[])[]

  constructor(
    { store, identity }: WorkOptions,
    statement: Statement & { readonly hash: number },
    plans: readonly (readonly InstanceId[])[],
  ) {
    this.#store = store
    this.#statement = statement
    this.#plans = plans
    const plan = plans.map((shard) => shard.map(({ air, segment, logRows }) => [air, segment, logRows]))
    const values = [statement.publics, statement.proofValues].map((list) => list.map(String))
    this.#run = [
      identity,
      Uint8Array.of(statement.profile, statement.hash),
      statement.setupDigest,
      encodeProgramKey(statement.programKey),
      JSON.stringify([plan, values]),
    ]
  }

  /** Stage 1 of shard k. */
  async start(k: number): Promise<ShardStart | undefined> {
    return this.#read(k, ['start', k, new Uint8Array(0)])
  }

  async keepStart(k: number, { instances, stage1Root }: ShardStart): Promise<void> {
    const rest = { quotientRoot: new Uint8Array(DIGEST_BYTES), evaluations: [], foldingRoots: [], finalPolynomial: [] }
    const shard: ShardProof = { instances, stage1Root, ...rest, nonce: 0n, openings: [], foldingOpenings: [] }
    await this.#write(['start', k, new Uint8Array(0)], shard)
  }

  /** The proof of shard k, for the roots `starts` of all shards, which `challenge` (T0) binds. */
  async shard(k: number, challenge: Uint8Array, start: ShardStart): Promise<ShardProof | undefined> {
    const shard = await this.#read(k, ['shard', k, challenge])
    return shard !== undefined && digestsEqual(shard.stage1Root, start.stage1Root) ? shard : undefined
  }

  async keepShard(k: number, challenge: Uint8Array, shard: ShardProof): Promise<void> {
    await this.#write(['shard', k, challenge], shard)
  }

  async #read(k: number, [kind, ...piece]: PieceName): Promise<ShardProof | undefined> {
    const bytes = await this.#store.read(kind, this.#madeFrom(piece))
    if (bytes === undefined) return undefined
    const shard = readShard(bytes)
    const plan = this.#plans[k]!
    const fits =
      shard?.instances.length === plan.length &&
      shard.instances.every(
        ({ air, segment, logRows }, i) =>
          air === plan[i]!.air && segment === plan[i]!.segment && logRows === plan[i]!.logRows,
      )
    return fits ? shard : undefined
  }

  async #write([kind, ...piece]: PieceName, shard: ShardProof): Promise<void> {
    const proof: Proof = { ...this.#statement, shards: [shard] }
    await this.#store.write(kind, this.#madeFrom(piece), encodeProof(proof))
  }

  #madeFrom([k, challenge]: readonly [number, Uint8Array]): (string | Uint8Array)[] {
    return [...this.#run, String(k), challenge]
  }
}

function readShard(bytes: Uint8Array): ShardProof | undefined {
  try {
    return decodeProof(bytes).shards[0]
  } catch {
    return undefined
  }
}
