/**
 * The ZisK ABI note: an ELF note with owner "ZisK" and type 1 whose descriptor is a u32 version.
 */

import type { ElfSection, ElfSegment } from './elf-image.ts'

const OWNER = 'ZisK'
const TYPE_ABI = 1

interface NoteSource {
  readonly file: Uint8Array
  readonly segments: readonly ElfSegment[]
  readonly sections: readonly ElfSection[]
}

/** Version of the ZisK ABI that the file declares in a note section or segment, or `undefined`. */
export function readAbiVersion({ file, segments, sections }: NoteSource): number | undefined {
  const noteSections = sections.filter((section) => section.type === 'note')
  const noteSegments = segments.filter((segment) => segment.type === 'note')
  const places =
    noteSections.length > 0 ? noteSections : noteSegments.map(({ offset, fileBytes }) => ({ offset, size: fileBytes }))
  // Notes that overlap many times over would take forever to read.
  let budget = file.length
  for (const { offset, size } of places) {
    if (offset + size > file.length) continue
    budget -= size
    if (budget < 0) return undefined
    const version = findAbiNote(file.subarray(offset, offset + size))
    if (version !== undefined) return version
  }
  return undefined
}

function findAbiNote(notes: Uint8Array): number | undefined {
  const view = new DataView(notes.buffer, notes.byteOffset, notes.byteLength)
  let at = 0
  while (at + 12 <= notes.length) {
    const nameBytes = view.getUint32(at, true)
    const descriptorBytes = view.getUint32(at + 4, true)
    const type = view.getUint32(at + 8, true)
    const descriptor = at + 12 + alignTo4(nameBytes)
    const end = descriptor + alignTo4(descriptorBytes)
    if (descriptor + descriptorBytes > notes.length) return undefined
    if (type === TYPE_ABI && descriptorBytes >= 4 && isOwner(notes, at + 12, nameBytes)) {
      return view.getUint32(descriptor, true)
    }
    at = end
  }
  return undefined
}

/** Whether the name is the owner's, with its terminating zero. */
function isOwner(notes: Uint8Array, at: number, nameBytes: number): boolean {
  if (nameBytes !== OWNER.length + 1 || notes[at + OWNER.length] !== 0) return false
  for (let i = 0; i < OWNER.length; i++) if (notes[at + i] !== OWNER.charCodeAt(i)) return false
  return true
}

function alignTo4(size: number): number {
  return Math.ceil(size / 4) * 4
}
