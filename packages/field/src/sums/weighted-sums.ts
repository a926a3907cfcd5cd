/**
 * Sums of words times elements of the extension, for rows of words that share their weights: what a verifier does with all
 * that is opened. A small WebAssembly module runs at full speed from its first call, where integers of JavaScript are
 * objects; hosts that do not allow it get the same sums in plain arithmetic.
 */
import type { Ext, Felt } from '../goldilocks.ts'
import { decodeBase64 } from '../kernels/base64.ts'
import { EXT_ZERO, extAdd, extDot } from '../scalar-ext.ts'
import { wasm } from '../wasm/host.ts'
import { SUMS_MODULE_BASE64 } from './sums.gen.ts'

/** Bytes of a term in memory: the number of its word in the row, then the coordinates of its weight. */
export const TERM_BYTES = 32
/** The largest memory of wasm32, in pages. */
export const MAX_PAGES = 65536
const PAGE_BYTES = 65536
/** Place of the sum; the tables follow. */
const SUM = 0
const TABLES = 64

/** Sums over rows of some tables. */
export interface WeightedSums {
  /** Makes known which words of a row are summed with which weights; returns the number of the list. */
  readonly list: (places: readonly number[], weights: readonly Ext[]) => number
  /** Adds the words of the row that begins at word `at` of a table, times their weights in a list. */
  readonly add: (list: number, table: number, at: number) => void
  /** The sum of what was added since the last one was taken. */
  readonly take: () => Ext
}

/**
 * @param tables canonical words, copied
 * @param terms how many terms all lists have together at the most
 */
export function createWeightedSums(tables: readonly BigUint64Array[], terms: number): WeightedSums {
  return createWasmSums(tables, terms) ?? createScriptSums(tables)
}

/** The same in plain arithmetic. */
export function createScriptSums(tables: readonly BigUint64Array[]): WeightedSums {
  const lists: { readonly places: readonly number[]; readonly weights: readonly Ext[] }[] = []
  let sum: Ext = EXT_ZERO
  return {
    list: (places, weights) => lists.push({ places, weights }) - 1,
    add: (list, table, at) => {
      const { places, weights } = lists[list]!
      const words = places.map((place): Felt => tables[table]![at + place]!)
      sum = extAdd(sum, extDot(words, weights))
    },
    take: () => {
      const taken = sum
      sum = EXT_ZERO
      return taken
    },
  }
}

/** @returns `undefined` where the host has no WebAssembly, does not allow it, or has no memory for it */
export function createWasmSums(tables: readonly BigUint64Array[], terms: number): WeightedSums | undefined {
  const tableBytes = tables.reduce((bytes, words) => bytes + words.byteLength, 0)
  const pages = Math.ceil((TABLES + tableBytes + TERM_BYTES * terms) / PAGE_BYTES)
  try {
    const memory = new wasm.Memory({ initial: pages, maximum: pages })
    const module = new wasm.Module(decodeBase64(SUMS_MODULE_BASE64))
    const { add } = new wasm.Instance(module, { env: { memory } }).exports as unknown as Exports
    return sumsOver(memory.buffer, tables, add)
  } catch {
    return undefined
  }
}

interface Exports {
  readonly add: (row: number, terms: number, end: number, sum: number) => void
}

function sumsOver(buffer: ArrayBufferLike, tables: readonly BigUint64Array[], addRow: Exports['add']): WeightedSums {
  const view = new DataView(buffer)
  let free = TABLES
  const places = tables.map((words) => {
    const place = free
    new BigUint64Array(buffer, place, words.length).set(words)
    free += words.byteLength
    return place
  })
  const lists: { readonly begin: number; readonly end: number }[] = []
  return {
    list: (words, weights) => {
      const begin = free
      for (const [i, word] of words.entries()) {
        view.setUint32(free, word, true)
        for (const [k, coordinate] of weights[i]!.entries()) view.setBigUint64(free + 8 + 8 * k, coordinate, true)
        free += TERM_BYTES
      }
      return lists.push({ begin, end: free }) - 1
    },
    add: (list, table, at) => {
      const { begin, end } = lists[list]!
      addRow(places[table]! + 8 * at, begin, end, SUM)
    },
    take: () => {
      const sum = [0, 1, 2].map((k) => view.getBigUint64(SUM + 8 * k, true)) as unknown as Ext
      for (let k = 0; k < 3; k++) view.setBigUint64(SUM + 8 * k, 0n, true)
      return sum
    },
  }
}
