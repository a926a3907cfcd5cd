/**
 * What of a proof is kept between processes: the roots and values of stage 1 of each shard, and every finished shard. A
 * piece is filed under everything that it follows from and has a checksum, so one that is damaged, or of another run, is
 * as good as absent. Pieces have the encoding of proofs, whose decoder they go through.
 */
import { createHash } from 'node:crypto'
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
import { artefactName, readArtefact, writeArtefact } from '../cache/artefact-store.ts'

/** Where a proof keeps its pieces. */
export interface WorkOptions {
  /** Folder of the pieces, made when missing; may be shared by several proofs. */
  readonly directory: string
  /** Names program and input, which decide the columns: the same bytes must mean the same columns. */
  readonly identity: Uint8Array
}

/** Name of a piece of a run: the run, and what the piece is. */
type PieceName = readonly ['start' | 'shard', number, Uint8Array]

/** The pieces of one proof. */
export class WorkFolder {
  readonly #directory: string
  readonly #run: Uint8Array
  readonly #statement: Statement & { readonly hash: number }
  readonly #plans: readonly (readonly InstanceId[])[]

  constructor(
    { directory, identity }: WorkOptions,
    statement: Statement & { readonly hash: number },
    plans: readonly (readonly InstanceId[])[],
  ) {
    this.#directory = directory
    this.#statement = statement
    this.#plans = plans
    const hash = createHash('sha256').update(identity)
    hash.update(Uint8Array.of(statement.profile, statement.hash)).update(statement.setupDigest)
    hash.update(encodeProgramKey(statement.programKey))
    const plan = plans.map((shard) => shard.map(({ air, segment, logRows }) => [air, segment, logRows]))
    const values = [statement.publics, statement.proofValues].map((list) => list.map(String))
    this.#run = hash.update(JSON.stringify([plan, values])).digest()
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

  async #read(k: number, name: PieceName): Promise<ShardProof | undefined> {
    const bytes = await readArtefact(this.#directory, this.#fileName(name))
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

  async #write(name: PieceName, shard: ShardProof): Promise<void> {
    const proof: Proof = { ...this.#statement, shards: [shard] }
    await writeArtefact(this.#directory, this.#fileName(name), encodeProof(proof))
  }

  #fileName([kind, k, challenge]: PieceName): string {
    return artefactName(kind, [this.#run, String(k), challenge])
  }
}

function readShard(bytes: Uint8Array): ShardProof | undefined {
  try {
    return decodeProof(bytes).shards[0]
  } catch {
    return undefined
  }
}
