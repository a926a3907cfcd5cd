/**
 * BLAKE3 without the objects that a streaming hash makes for each block. Verifying a proof compresses some twenty thousand
 * blocks, the transcript some hundred kilobytes, and a program is megabytes long. Tests tie it to the audited
 * implementation of `@noble/hashes`.
 *
 * Source: BLAKE3 paper, section 2.
 */
import { CHUNK_BYTES, type Compressor, FLAG } from './blake3-compressor.ts'
import { scriptCompressor } from './blake3-script.ts'
import { createWasmCompressor } from './blake3-wasm.ts'

/** The two functions that are exported below. */
export interface Blake3 {
  readonly blake3: (...parts: readonly Uint8Array[]) => Uint8Array
  readonly blake3Node: (left: Uint8Array, right: Uint8Array) => Uint8Array
}

const FASTEST = createBlake3(createWasmCompressor() ?? scriptCompressor)

/** BLAKE3 of any number of bytes, which may come in parts. */
export const blake3: Blake3['blake3'] = FASTEST.blake3

/** BLAKE3 of `left` and `right`, 32 bytes each. */
export const blake3Node: Blake3['blake3Node'] = FASTEST.blake3Node

/** BLAKE3 over one way to compress. */
export function createBlake3(compressor: Compressor): Blake3 {
  return {
    blake3: (...parts) => hash(new Tree(compressor), parts),
    blake3Node: (left, right) => compressor.pair(left, right, FLAG.chunkStart | FLAG.chunkEnd | FLAG.root),
  }
}

function hash(tree: Tree, parts: readonly Uint8Array[]): Uint8Array {
  /** What came and is in no chunk yet. The last chunk stays here, whole or not, since the root is marked. */
  let pending: Uint8Array = new Uint8Array(0)
  for (const part of parts) {
    if (part.length === 0) continue
    let at = 0
    if (pending.length > 0) {
      at = Math.min(part.length, CHUNK_BYTES - pending.length)
      pending = joined(pending, part.subarray(0, at))
      if (at === part.length) continue
      tree.push(pending, 0)
    }
    for (; part.length - at > CHUNK_BYTES; at += CHUNK_BYTES) tree.push(part, at)
    pending = part.subarray(at)
  }
  return tree.finish(pending)
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

/** The chunks before the last one: chaining values of whole subtrees, of which each is larger than the next. */
class Tree {
  readonly #compressor: Compressor
  readonly #subtrees: Uint8Array[] = []
  #chunks = 0

  constructor(compressor: Compressor) {
    this.#compressor = compressor
  }

  /** Adds the chunk of 1024 bytes at a position. */
  push(bytes: Uint8Array, at: number): void {
    let subtree = this.#compressor.chunk(bytes, at, CHUNK_BYTES, this.#chunks, 0)
    this.#chunks++
    for (let count = this.#chunks; count % 2 === 0; count /= 2)
      subtree = this.#compressor.pair(this.#subtrees.pop()!, subtree, FLAG.parent)
    this.#subtrees.push(subtree)
  }

  /** The root, with the last chunk. */
  finish(last: Uint8Array): Uint8Array {
    const rootFlag = this.#subtrees.length === 0 ? FLAG.root : 0
    let value = this.#compressor.chunk(last, 0, last.length, this.#chunks, rootFlag)
    for (let i = this.#subtrees.length - 1; i >= 0; i--)
      value = this.#compressor.pair(this.#subtrees[i]!, value, FLAG.parent | (i === 0 ? FLAG.root : 0))
    return value
  }
}
