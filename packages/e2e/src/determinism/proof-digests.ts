/** Digests of proofs of fixed runs, made in several ways. Each way must give the same bytes. */
import { createHash } from 'node:crypto'
import {
  type Backend,
  createInlineEngine,
  createReferenceBackend,
  createThreadedEngine,
  createWasmBackend,
  prove,
  setup,
} from '@zisk/prover'
import { encodeProof, type HashName, type ProfileName } from '@zisk/verifier'
import { type TableSpec, tableMachine } from '../proving/table-machine.ts'

/** What is proved. */
interface Run {
  readonly name: string
  readonly tables: readonly TableSpec[]
  readonly profile: ProfileName
  readonly hash: HashName
  /** Whether it is small enough for the reference back end. */
  readonly isSmall: boolean
}

const SMALL: readonly TableSpec[] = [
  { logRows: 7, width: 9, fixed: 0, terms: 4 },
  { logRows: 5, width: 3, fixed: 0, terms: 2 },
]
/** Large enough that every phase has jobs for several workers. */
const LARGE: readonly TableSpec[] = [
  { logRows: 12, width: 20, fixed: 2, terms: 6 },
  { logRows: 10, width: 33, fixed: 0, terms: 4 },
]

const RUNS: readonly Run[] = [
  { name: 'small', tables: SMALL, profile: 'test', hash: 'blake3', isSmall: true },
  { name: 'small, Poseidon2', tables: SMALL, profile: 'test', hash: 'poseidon2', isSmall: true },
  { name: 'large', tables: LARGE, profile: 'std128', hash: 'blake3', isSmall: false },
]

/** Ways to prove. */
export type Way = 'reference' | 'inline' | '1 worker' | '2 workers' | '3 workers'

/** SHA-256 of the proof of every run, by run and way. */
export async function proofDigests(ways: readonly Way[]): Promise<Record<string, Record<string, string>>> {
  const digests: Record<string, Record<string, string>> = {}
  for (const { name, tables, profile, hash, isSmall } of RUNS) {
    const { program, witness } = tableMachine(tables)
    const ofRun: Record<string, string> = {}
    for (const way of ways) {
      if (way === 'reference' && !isSmall) continue
      ofRun[way] = await withBackend(way, async (backend) => {
        const key = await setup(program, { backend, hashes: [hash] })
        const proof = await prove({ key, witness, profile, hash, backend })
        return createHash('sha256').update(key.verifyingKey).update(encodeProof(proof)).digest('hex')
      })
    }
    digests[name] = ofRun
  }
  return digests
}

async function withBackend<T>(way: Way, work: (backend: Backend) => Promise<T>): Promise<T> {
  if (way === 'reference') return work(createReferenceBackend())
  const engine = way === 'inline' ? createInlineEngine() : createThreadedEngine({ threads: Number(way[0]) })
  try {
    return await work(createWasmBackend(engine))
  } finally {
    await engine.runner.close()
  }
}
