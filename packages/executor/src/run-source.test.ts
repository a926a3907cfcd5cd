/** A source that fills memory of the one who asks, several instances ahead, against one that has its own. */
import { createHash } from 'node:crypto'
import type { AirInstance, ColumnMemory, WitnessSource } from '@zisk/air'
import { expect, test } from 'vitest'
import { type PlanRunOptions, planRun } from './plan-run.ts'
import { fixtureProgram } from './testing/fixture.ts'
import { compileMachine } from './testing/machine.ts'

const program = compileMachine()
const { rom, input } = fixtureProgram('rust-panic')
const OPTIONS: PlanRunOptions = { input, chunkSize: 1024, maxLogRows: { main: 11, operations: 10 } }

/** Memory with something in it, for so many instances at a time. */
class DirtyMemory implements ColumnMemory {
  readonly out: Set<BigUint64Array> = new Set()
  /** Most instances that had columns at a time. */
  most = 0
  readonly #limit: number
  #instances = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  take(columns: number, rows: number): readonly BigUint64Array[] | undefined {
    if (this.#instances === this.#limit) return undefined
    this.most = Math.max(this.most, ++this.#instances)
    const buffer = new SharedArrayBuffer(8 * columns * rows)
    new Uint8Array(buffer).fill(0xa5)
    const taken = Array.from({ length: columns }, (_, i) => new BigUint64Array(buffer, 8 * rows * i, rows))
    for (const column of taken) this.out.add(column)
    return taken
  }

  giveBack(columns: readonly BigUint64Array[]): void {
    expect(columns.filter((column) => this.out.delete(column))).toHaveLength(columns.length)
    this.#instances--
  }
}

async function withSource<T>(options: PlanRunOptions, use: (source: WitnessSource) => Promise<T>): Promise<T> {
  const { source, close } = await planRun(program, rom, { ...OPTIONS, ...options })
  return await use(source).finally(close)
}

/** Tells instances with other contents apart. */
function digest({ witness, custom, airValues, ...plan }: AirInstance): string {
  const hash = createHash('sha256').update(JSON.stringify(plan)).update(airValues.join())
  for (const column of [...witness, ...custom]) hash.update(`${column!.length}:`).update(column!)
  return hash.digest('hex')
}

const expected = await withSource({ threads: 1 }, (source) =>
  Promise.all(source.instances.map(async (_, position) => digest(await source.instance(position)))),
)

test.each([
  [1, 4],
  [2, 0],
  [2, 4],
])('%i threads, memory for %i instances: the same columns, in the memory that was taken', async (threads, limit) => {
  const memory = new DirtyMemory(limit)
  await withSource({ threads }, async (source) => {
    for (const [position, instance] of expected.entries()) {
      const made = await source.instance(position, undefined, memory)
      expect(digest(made)).toBe(instance)
      const lent = made.witness.filter((column) => memory.out.has(column!)) as BigUint64Array[]
      expect(lent.length === 0 || lent.length === made.witness.filter((column) => column!.length > 0).length).toBe(true)
      if (lent.length > 0) memory.giveBack(lent)
    }
    expect(memory.out.size).toBe(0)
    if (threads > 1 && limit > 1) expect(memory.most).toBeGreaterThan(1)
  })
})

test('what was begun in vain is given back, and made again when asked for', async () => {
  const memory = new DirtyMemory(100)
  await withSource({ threads: 2 }, async (source) => {
    for (const position of [0, 3, 1]) {
      const { witness } = await source.instance(position, undefined, memory)
      expect(witness.map((column) => memory.out.has(column!))).toContain(true)
      memory.giveBack(witness.filter((column) => memory.out.has(column!)) as BigUint64Array[])
    }
    await source.stop!()
    expect(memory.out.size).toBe(0)
    const last = expected.length - 1
    expect(digest(await source.instance(last))).toBe(expected[last])
    expect(digest(await source.instance(2, undefined, memory))).toBe(expected[2])
  })
})
