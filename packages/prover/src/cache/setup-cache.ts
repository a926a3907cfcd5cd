/**
 * Keys kept between runs. An entry holds the compiled program, the verifying key and of every AIR what degree reduction and
 * compiling its expressions give, of which a proof reads what occurs in its run. Nothing is worked out again: an entry is found by what it was made
 * from, and a checksum covers it: that finds damage, not malice. Who can write to the folder decides what its owner's `verify`
 * compares with.
 */
import {
  decodeTrustedAir,
  decodeTrustedPilout,
  encodeAir,
  encodePilout,
  type Intermediate,
  type Pilout,
} from '@zisk/air'
import {
  decodeProgramKey,
  EMPTY_PROGRAM_KEY,
  encodeProgramKey,
  type HashName,
  type ProgramCommit,
} from '@zisk/verifier'
import {
  type CustomColumns,
  commitCustom,
  once,
  type ProvingKey,
  preparedKey,
  type SetupOptions,
  setup,
} from '../setup.ts'
import { artefactName, readArtefact, writeArtefact } from './artefact-store.ts'
import { decodePrograms, encodePrograms } from './programs-codec.ts'

/** Changes with the contents of entries, and with anything that setup computes differently from before. */
const FORMAT = 'setup 3'

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
  const known = stored === undefined ? undefined : readSetup(stored)
  if (known !== undefined) return { key: known, cache: 'loaded' }
  const key = await setup(await options.compile(), options)
  const content = concatBlocks([key.verifyingKey, encodePilout(key.program), ...airBlocks(key)])
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

function readSetup(content: Uint8Array): ProvingKey | undefined {
  const [verifyingKey, encoded, ...blocks] = splitBlocks(content)
  if (verifyingKey === undefined || encoded === undefined) return undefined
  try {
    const program = decodeTrustedPilout(encoded)
    const originals = program.airGroups.flatMap(({ airs }) => airs)
    if (blocks.length !== BLOCKS * originals.length) return undefined
    const reduced = once((i) => ({
      air: { ...decodeTrustedAir(blocks[BLOCKS * i]!), fixed: originals[i]!.fixed },
      intermediates: readIntermediates(blocks[BLOCKS * i + 1]!),
    }))
    const programs = once((i) => decodePrograms(blocks[BLOCKS * i + 2]!))
    return { program, originals, reduced, programs, ...preparedKey(verifyingKey) }
  } catch {
    return undefined
  }
}

/** Blocks of an AIR: after degree reduction, without its fixed columns, which the program has; its intermediates; its programs. */
const BLOCKS = 3

function airBlocks({ originals, reduced, programs }: ProvingKey): Uint8Array[] {
  return originals.flatMap((_, i) => {
    const { air, intermediates } = reduced(i)
    const words = Uint32Array.from(intermediates.flatMap(({ column, expression }) => [column, expression]))
    return [encodeAir({ ...air, fixed: [] }), new Uint8Array(words.buffer), encodePrograms(programs(i))]
  })
}

function readIntermediates(block: Uint8Array): Intermediate[] {
  const words = new Uint32Array(block.slice().buffer)
  return Array.from({ length: words.length / 2 }, (_, i) => ({ column: words[2 * i]!, expression: words[2 * i + 1]! }))
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
