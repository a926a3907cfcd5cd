import { blake3Hasher } from './blake3.ts'
import type { Hasher, HashName } from './hasher.ts'
import { poseidon2Hasher } from './poseidon2.ts'

const HASHERS: readonly Hasher[] = [blake3Hasher, poseidon2Hasher]

/** The hasher of this number, if there is one. */
export function hasherWithId(id: number): Hasher | undefined {
  return HASHERS.find((hasher) => hasher.id === id)
}

/** The hasher of this name, if there is one. */
export function hasherNamed(name: HashName): Hasher | undefined {
  return HASHERS.find((hasher) => hasher.name === name)
}
