/** A program of the alignment machines, a client in place of Main, and a stand-in for the memory machines. */
import {
  type AirInstance,
  columnNamed,
  completeWitness,
  createInstance,
  type Pilout,
  type ProgramWitness,
} from '@zisk/air'
import { heightFor, machineSource } from '@zisk/air-testkit'
import { compilePilOrThrow } from '@zisk/pilc'
import type { UnalignedAccess } from '@zisk/witness'
import { AlignmentInputs } from '@zisk/witness'

const LIMB = 2n ** 32n
const WORD = 2n ** 64n
const LOAD = 1n
const STORE = 2n

/** A tuple of the memory bus. */
export type MemoryTuple = readonly [op: bigint, address: bigint, step: bigint, bytes: bigint, v0: bigint, v1: bigint]

/** What an access does to the words that it touches. */
export function effect({ address, width, isWrite, value, word0, word1 }: UnalignedAccess): {
  readonly loaded: bigint
  readonly after: readonly [bigint, bigint]
  readonly isDouble: boolean
} {
  const shift = BigInt(8 * (address % 8))
  const mask = (1n << BigInt(8 * width)) - 1n
  const both = word0 + WORD * word1
  const after = isWrite ? (both & ~(mask << shift)) | ((value & mask) << shift) : both
  return { loaded: (both >> shift) & mask, after: [after % WORD, after / WORD], isDouble: (address % 8) + width > 8 }
}

/** A load with the value that the words hold, or a store. */
export function access(
  entry: Omit<UnalignedAccess, 'value' | 'word1'> & { readonly value?: bigint; readonly word1?: bigint },
): UnalignedAccess {
  const word1 = (entry.address % 8) + entry.width > 8 ? (entry.word1 ?? 0n) : 0n
  const whole = { ...entry, word1, value: entry.value ?? 0n }
  return entry.isWrite ? whole : { ...whole, value: effect(whole).loaded }
}

export function inputsOf(accesses: readonly UnalignedAccess[]): AlignmentInputs {
  const inputs = new AlignmentInputs()
  for (const entry of accesses) inputs.push(entry)
  return inputs
}

/** Compiles alignment machines with a client and a memory that believe what they are told. */
export function compileMachine(files: readonly string[], body: string): Pilout {
  const { sources, ...rest } = machineSource({ files, body, folders: ['packages/state-machines/mem-align/pil'] })
  const main = sources['main.pil']!.replace('bus_open(MEMORY_BUS_ID);', 'bus_open(OPERATION_BUS_ID);').replace(
    'airgroup Zisk {',
    `airtemplate Accesses(const int N = 2**10, const int proves) {
    #pragma heights 10..16
    col witness op, address, step, bytes, v[2], sel;
    if (proves) {
        permutation_proves(MEMORY_BUS_ID, [op, address, step, bytes, v[0], v[1]], sel);
    } else {
        permutation_assumes(MEMORY_BUS_ID, [op, address, step, bytes, v[0], v[1]], sel);
    }
}
airgroup Zisk {
    Accesses(proves: 0) alias MainPart;
    Accesses(proves: 1) alias MemoryPart;`,
  )
  return compilePilOrThrow({ ...rest, sources: { 'main.pil': main } })
}

function tuplesInstance(program: Pilout, air: string, tuples: readonly MemoryTuple[]): AirInstance {
  const instance = createInstance(program, { air, rows: heightFor(tuples.length) })
  for (const [field, label] of ['op', 'address', 'step', 'bytes', 'v[0]', 'v[1]'].entries()) {
    const column = columnNamed(program, instance, label)
    for (const [row, tuple] of tuples.entries()) column[row] = tuple[field]!
  }
  columnNamed(program, instance, 'sel').fill(1n, 0, tuples.length)
  return instance
}

/** What Main and the memory machines say about accesses, with the machines' instances. */
export function memoryWitness(
  program: Pilout,
  accesses: readonly UnalignedAccess[],
  machines: readonly AirInstance[],
): ProgramWitness {
  const asked: MemoryTuple[] = []
  const words: MemoryTuple[] = []
  for (const entry of accesses) {
    const { after, isDouble } = effect(entry)
    const step = BigInt(entry.memStep)
    const base = BigInt(entry.address - (entry.address % 8))
    const { value } = entry
    const op = entry.isWrite ? STORE : LOAD
    asked.push([op, BigInt(entry.address), step, BigInt(entry.width), value % LIMB, value / LIMB])
    for (const [i, before] of [entry.word0, entry.word1].slice(0, isDouble ? 2 : 1).entries()) {
      const at = base + 8n * BigInt(i)
      words.push([LOAD, at, step, 8n, before % LIMB, before / LIMB])
      if (entry.isWrite) words.push([STORE, at, step + 1n, 8n, after[i]! % LIMB, after[i]! / LIMB])
    }
  }
  const instances = [
    tuplesInstance(program, 'MainPart', asked),
    tuplesInstance(program, 'MemoryPart', words),
    ...machines,
  ]
  return completeWitness(program, { instances, publics: [], proofValues: [] })
}

/**
 * Whether what a row puts on the bus is one access and exactly its effect on memory, or nothing at all. Words read of more
 * than 32 bits per limb and addresses that are no integers have no provider, so anything may be said about them; words
 * written must not have more bits, because memory takes what it is given.
 */
export function isTrueRow(tuples: ReadonlyMap<string, bigint>): boolean {
  const proved: MemoryTuple[] = []
  const assumed = new Map<string, MemoryTuple>()
  for (const [key, multiplicity] of tuples) {
    const [, ...fields] = key.split(',').map(BigInt)
    while (fields.length < 6) fields.push(0n)
    const tuple = fields as unknown as MemoryTuple
    if (multiplicity === 1n) proved.push(tuple)
    else assumed.set(`${tuple[0]} ${tuple[1]} ${tuple[2]}`, tuple)
  }
  const [one] = proved
  if (one === undefined) return assumed.size === 0
  const [op, address, step, bytes, v0, v1] = one
  const isWide = (tuple: MemoryTuple) => tuple[4] >= LIMB || tuple[5] >= LIMB
  const reads = [...assumed.values()].filter(([kind]) => kind === LOAD)
  // Main asks for four widths.
  if (address >= LIMB || ![1n, 2n, 4n, 8n].includes(bytes) || reads.some(isWide)) return true
  if (v0 >= LIMB || v1 >= LIMB) return op === STORE
  const base = address - (address % 8n)
  const word = (i: bigint, kind: bigint): bigint | undefined => {
    const tuple = assumed.get(`${kind} ${base + 8n * i} ${step + (kind === STORE ? 1n : 0n)}`)
    return tuple === undefined ? undefined : tuple[4] + LIMB * tuple[5]
  }
  const entry = {
    address: Number(address),
    width: Number(bytes),
    isWrite: op === STORE,
    memStep: 0,
    value: v0 + LIMB * v1,
    word0: word(0n, LOAD) ?? 0n,
    word1: word(1n, LOAD) ?? 0n,
  }
  const { loaded, after, isDouble } = effect(entry)
  const words = isDouble ? [0n, 1n] : [0n]
  if (words.some((i) => word(i, LOAD) === undefined)) return false
  if (assumed.size !== words.length * (entry.isWrite ? 2 : 1)) return false
  return entry.isWrite ? words.every((i) => word(i, STORE) === after[Number(i)]) : entry.value === loaded
}
