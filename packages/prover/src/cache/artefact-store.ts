/**
 * Files that can be made again: each has a name that says what it was made from, and a checksum. A file that is missing,
 * cut short, changed or of another format is as good as absent. Writing never leaves half a file behind: the bytes go to
 * a name of their own, reach the disk, and take the final name at once; writers of the same file do not disturb each other.
 */
import { createHash, randomUUID } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '@zisk/core/make-folder'
import { ProverError } from '../errors.ts'
import type { PieceStore } from '../resume/work-pieces.ts'

const MAGIC = new TextEncoder().encode('zisk-artefact-1\n')
const CHECKSUM_BYTES = 32
const HEADER_BYTES = MAGIC.length + CHECKSUM_BYTES

/** The name of what was made from `parts`, in a folder shared by several kinds. */
export function artefactName(kind: string, parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    const bytes = typeof part === 'string' ? new TextEncoder().encode(part) : part
    hash.update(`${bytes.length}:`).update(bytes)
  }
  return `${kind}-${hash.digest('hex').slice(0, 40)}.bin`
}

/**
 * Keeps the pieces of proofs in a folder, which is made when it is missing.
 *
 * @throws ProverError WORK_FOLDER_NOT_WRITABLE now, and when a piece cannot be written
 */
export function openFolderStore(directory: string): PieceStore {
  try {
    makeFolder(directory)
    accessSync(directory, constants.W_OK)
  } catch (error) {
    throw notWritable(directory, error)
  }
  return {
    read: (kind, madeFrom) => readArtefact(directory, artefactName(kind, madeFrom)),
    write: async (kind, madeFrom, bytes) => {
      try {
        await writeArtefact(directory, artefactName(kind, madeFrom), bytes)
      } catch (error) {
        throw notWritable(directory, error)
      }
    },
  }
}

function notWritable(directory: string, error: unknown): ProverError {
  return new ProverError({
    code: 'WORK_FOLDER_NOT_WRITABLE',
    message: `folder of finished parts expected to be writable, got ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    where: directory,
    remedy: 'Name a folder that can be written and has room; what is finished stays, and a proof goes on from it.',
    cause: error,
  })
}

/** The bytes stored under a name; undefined when there are none or they are damaged. */
export async function readArtefact(directory: string, name: string): Promise<Uint8Array | undefined> {
  let file: Uint8Array
  try {
    const { buffer, byteOffset, length } = await readFile(join(directory, name))
    file = new Uint8Array(buffer, byteOffset, length)
  } catch {
    return undefined
  }
  if (file.length < HEADER_BYTES || !isEqual(file.subarray(0, MAGIC.length), MAGIC)) return undefined
  const content = file.subarray(HEADER_BYTES)
  return isEqual(file.subarray(MAGIC.length, HEADER_BYTES), checksum(content)) ? content : undefined
}

/** Stores bytes under a name; the folder is made when it is missing. @throws the error of the file system. */
export async function writeArtefact(directory: string, name: string, content: Uint8Array): Promise<void> {
  makeFolder(directory)
  const temporary = join(directory, `.${name}.${randomUUID()}`)
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(MAGIC)
      await file.writeFile(checksum(content))
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, join(directory, name))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

function checksum(content: Uint8Array): Uint8Array {
  return createHash('sha256').update(content).digest()
}

function isEqual(x: Uint8Array, y: Uint8Array): boolean {
  return x.length === y.length && x.every((byte, i) => byte === y[i])
}
