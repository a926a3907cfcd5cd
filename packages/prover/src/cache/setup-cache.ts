/**
 * Keys kept between runs. An entry holds what is expensive: the compiled program and the roots of the committed columns.
 * Everything else of a key follows from them; it is computed again when an entry is read, and its digest compared.
 */
import { decodePilout, encodePilout, type Pilout } from '@zisk/air'
import {
  type CommitmentRoot,
  decodeProgramKey,
  digestsEqual,
  EMPTY_PROGRAM_KEY,
  encodeProgramKey,
  type HashName,
  type ProgramCommit,
} from '@zisk/verifier'
import { type CustomColumns, commitCustom, keyOf, type ProvingKey, type SetupOptions, setup } from '../setup.ts'
import { artefactName, readArtefact, writeArtefact } from './artefact-store.ts'

/** Changes with the contents of entries, and with anything that setup computes differently from before. */
const FORMAT = 'setup 1'

/** Whether an entry was found, or made and stored, or made only because the folder cannot be written. */
export type CacheOutcome = 'loaded' | 'stored' | 'notStored'

/** Where entries are kept. */
export interface CacheOptions {
  /** Folder of the entries, made when missing. */
  readonly directory: string
  /**
   * What the value is made from, such as a digest of source files and the version of their compiler: the same bytes
   * must mean the same value.
   */
  readonly identity: string | Uint8Array
}

/** Options of {@link loadOrBuildSetup}. */
export interface SetupCacheOptions extends CacheOptions, SetupOptions {
  /** Compiles the program; called only when no entry fits. */
  readonly compile: () => Pilout | Promise<Pilout>
}

/**
 * The key of a program from the cache, or made and stored. A damaged or stale entry is made again. A folder that cannot
 * be written is no error.
 *
 * @throws what `compile` and {@link setup} throw.
 */
export async function loadOrBuildSetup(
  options: SetupCacheOptions,
): Promise<{ readonly key: ProvingKey; readonly cache: CacheOutcome }> {
  const { directory, identity, hashes = ['blake3'], singles } = options
  const name = artefactName('setup', [FORMAT, identity, hashes.join(), singles?.join() ?? '*'])
  const stored = await readArtefact(directory, name)
  const known = stored === undefined ? undefined : readSetup(stored, singles)
  if (known !== undefined) return { key: known, cache: 'loaded' }
  const key = await setup(await options.compile(), options)
  const roots = { ...EMPTY_PROGRAM_KEY, commits: [{ name: 'fixed', logRows: 0, roots: key.fixedRoots }] }
  const content = concatBlocks([key.prepared.digest, encodeProgramKey(roots), encodePilout(key.program)])
  return { key, cache: await store(directory, name, content) }
}

/** Options of {@link loadOrBuildCommit}. */
export interface CommitCacheOptions extends CacheOptions {
  readonly key: ProvingKey
  readonly backend: SetupOptions['backend']
  readonly hashes?: readonly HashName[]
  /** Makes the columns; called only when no entry fits. */
  readonly columns: () => CustomColumns
}

/**
 * The roots of one guest program's custom columns from the cache, or made and stored. `identity` names the guest program
 * (its ROM hash); entries of other setups are other entries.
 *
 * @throws what {@link commitCustom} throws.
 */
export async function loadOrBuildCommit(
  options: CommitCacheOptions,
): Promise<{ readonly commit: ProgramCommit; readonly cache: CacheOutcome }> {
  const { directory, identity, key, backend, hashes = ['blake3'] } = options
  const name = artefactName('commit', [FORMAT, identity, key.prepared.digest, hashes.join()])
  const stored = await readArtefact(directory, name)
  const known = stored === undefined ? undefined : readCommits(stored)?.[0]
  if (known !== undefined) return { commit: known, cache: 'loaded' }
  const commit = await commitCustom(key, { backend, hashes }, options.columns())
  const content = encodeProgramKey({ ...EMPTY_PROGRAM_KEY, commits: [commit] })
  return { commit, cache: await store(directory, name, content) }
}

function readSetup(content: Uint8Array, singles: readonly string[] | undefined): ProvingKey | undefined {
  const [digest, roots, program] = splitBlocks(content)
  const fixed = roots === undefined ? undefined : readCommits(roots)?.[0]
  if (digest === undefined || fixed === undefined || program === undefined) return undefined
  try {
    const key = keyOf(decodePilout(program), fixed.roots as CommitmentRoot[], singles)
    return digestsEqual(key.prepared.digest, digest) ? key : undefined
  } catch {
    return undefined
  }
}

function readCommits(content: Uint8Array): readonly ProgramCommit[] | undefined {
  try {
    return decodeProgramKey(content).commits
  } catch {
    return undefined
  }
}

async function store(directory: string, name: string, content: Uint8Array): Promise<CacheOutcome> {
  try {
    await writeArtefact(directory, name, content)
    return 'stored'
  } catch {
    return 'notStored'
  }
}

function concatBlocks(blocks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(blocks.reduce((sum, { length }) => sum + 4 + length, 0))
  let at = 0
  for (const block of blocks) {
    new DataView(out.buffer).setUint32(at, block.length, true)
    out.set(block, at + 4)
    at += 4 + block.length
  }
  return out
}

function splitBlocks(content: Uint8Array): Uint8Array[] {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength)
  const blocks: Uint8Array[] = []
  for (let at = 0; at + 4 <= content.length; ) {
    const length = view.getUint32(at, true)
    blocks.push(content.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return blocks
}
