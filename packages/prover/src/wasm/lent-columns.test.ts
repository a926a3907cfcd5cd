/** Columns that a source fills in the memory of the back end. */
import { type ColumnMemory, sourceOf, type WitnessSource } from '@zisk/air'
import { encodeProof } from '@zisk/verifier'
import { describe, expect, test } from 'vitest'
import { machineWitness } from '../testing/machine.ts'
import { proveMachine, setupMachine } from '../testing/proved-machine.ts'
import { createInlineEngine } from './engine.ts'
import { createWasmBackend } from './wasm-backend.ts'

const machine = await setupMachine()
const witness = machineWitness([6, 5, 4])
const expected = encodeProof(await proveMachine(machine, witness))

/** A source that puts as many columns of each instance as it is told into the memory that it is given. */
function lending(columns: number): { readonly source: WitnessSource; readonly taken: number[] } {
  const source = sourceOf(witness)
  const taken: number[] = []
  const instance = async (position: number, _?: AbortSignal, memory?: ColumnMemory) => {
    const own = await source.instance(position)
    const room = memory?.take(columns, own.rows)
    taken.push(room?.length ?? 0)
    const first = own.witness.filter((column) => column?.length === own.rows) as BigUint64Array[]
    const lent = room?.slice(0, first.length) ?? []
    for (const [i, column] of lent.entries()) column.set(first[i]!)
    if (room !== undefined) memory!.giveBack(room.slice(first.length))
    return { ...own, witness: own.witness.map((column) => lent[first.indexOf(column!)] ?? column) }
  }
  return { source: { ...source, instance }, taken }
}

describe.each([1, 2, 40])('%i columns of each instance', (columns) => {
  test.each([[[[0, 1, 2, 3, 4]]], [[[1], [2], [3], [0, 4]]]])('shards %j: the same bytes', async (shards) => {
    const engine = createInlineEngine()
    const { source, taken } = lending(columns)
    for (let times = 0; times < 2; times++) {
      const before = engine.arena.snapshot()
      const proof = await proveMachine(machine, source, { backend: createWasmBackend(engine), shards })
      if (shards.length === 1) expect(encodeProof(proof)).toEqual(expected)
      else expect(proof).toEqual(await proveMachine(machine, witness, { shards }))
      expect(taken.splice(0)).toEqual(new Array(5).fill(columns))
      // Tables of transforms stay.
      if (times === 1) expect(engine.arena.snapshot()).toEqual(before)
    }
  })
})

test('nothing is lent when the arena is for the proof alone', async () => {
  const { source, taken } = lending(1)
  await proveMachine(machine, source, { backend: createWasmBackend(createInlineEngine(), 'recompute') })
  expect(taken).toEqual(new Array(5).fill(0))
})

test('a proof that fails leaves no loans behind', async () => {
  const engine = createInlineEngine()
  const backend = createWasmBackend(engine)
  const { source } = lending(1)
  await proveMachine(machine, source, { backend })
  const before = engine.arena.snapshot()
  const held: BigUint64Array[] = []
  const failing: WitnessSource = {
    ...source,
    instance: async (position, signal, memory) => {
      held.push(...(memory!.take(2, 64) ?? []))
      if (position === 3) throw new Error('enough')
      return source.instance(position, signal, memory)
    },
    stop: async () => engine.lent.giveBack(held.splice(0, 4)),
  }
  await expect(proveMachine(machine, failing, { backend })).rejects.toThrow('enough')
  expect(engine.arena.snapshot()).toEqual(before)
  engine.lent.giveBack(held)
  expect(engine.arena.snapshot()).toEqual(before)
  expect(encodeProof(await proveMachine(machine, source, { backend }))).toEqual(expected)
})
