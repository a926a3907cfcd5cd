/** What is true of the memory and the operations of a run: everything else that a forger wants, nobody proves. */
import { type AirInstance, type CheckFailure, columnNamed, createInstance, type Pilout } from '@zisk/air'
import { isTrueOperation } from '@zisk/air-testkit'
import { ADDRESS, MEMORY_MAPS, OP } from '@zisk/core'

const [MEMORY, OPERATION] = [10n, 5000n]
const [LOAD, STORE] = [1n, 2n]
const LIMB = 2n ** 32n

/** A tuple with how often it is asked for. */
interface Asked {
  readonly tuple: readonly bigint[]
  readonly times: bigint
}

/** The world that a run sees. */
export interface World {
  readonly instance: AirInstance
  /** What the run publishes, in the order of values: two runs of a program without input publish the same. */
  readonly published: readonly string[]
}

/** The true ones of the tuples that a check finds unproved. */
export function trueWorld(program: Pilout, failures: readonly CheckFailure[]): World {
  const asked = (id: bigint): Asked[] =>
    failures.flatMap((failure) =>
      failure.kind === 'bus' && failure.id === id
        ? [{ tuple: failure.tuple, times: failure.assumed - failure.proved }]
        : [],
    )
  const operations = asked(OPERATION).filter(({ tuple, times }) => times > 0n && isTrue(tuple))
  const accesses = trueAccesses(asked(MEMORY))
  const instance = createInstance(program, { air: 'World' })
  fill(program, instance, ['access', 'accesses'], accesses)
  fill(program, instance, ['operation', 'operations'], operations)
  const published = operations.filter(({ tuple }) => tuple[0] === BigInt(OP.PUBOUT))
  return { instance, published: published.map(({ tuple, times }) => `${times} x ${tuple.join()}`).sort() }
}

function fill(
  program: Pilout,
  instance: AirInstance,
  [tuple, times]: readonly [string, string],
  all: readonly Asked[],
): void {
  for (const [row, entry] of all.entries()) {
    for (const [k, value] of entry.tuple.entries()) columnNamed(program, instance, `${tuple}[${k}]`)[row] = value
    columnNamed(program, instance, times)[row] = entry.times
  }
}

/** What the machines of operations prove, and the statement of public outputs. */
function isTrue(tuple: readonly bigint[]): boolean {
  const [op = 0n, a0 = 0n, a1 = 0n, b0 = 0n, b1 = 0n, c0 = 0n, c1 = 0n, flag = 0n] = tuple
  if (tuple.length > 8 || [a0, a1, b0, b1].some((limb) => limb >= LIMB)) return false
  if (op === BigInt(OP.PUBOUT)) return c0 === b0 && c1 === b1 && flag === 0n
  return op !== BigInt(OP.FLAG) && op !== BigInt(OP.COPYB) && isTrueOperation([OPERATION, ...tuple].join())
}

/** Accesses to RAM of whole bytes that agree with those before them; of several at a time reads come first. */
function trueAccesses(asked: readonly Asked[]): Asked[] {
  const bytes = new Map<bigint, bigint>()
  const { start, size } = MEMORY_MAPS['v0.18'].ram
  const ordered = asked.toSorted(
    (x, y) => Number((x.tuple[2] ?? 0n) - (y.tuple[2] ?? 0n)) || Number(x.tuple[0]! - y.tuple[0]!),
  )
  return ordered.filter(({ tuple, times }) => {
    const [op = 0n, address = 0n, step = 0n, width = 0n, v0 = 0n, v1 = 0n] = tuple
    const at = Number(address)
    if (times !== 1n || ![1n, 2n, 4n, 8n].includes(width) || at < start || at + Number(width) > start + size)
      return false
    if ((op !== LOAD && op !== STORE) || step >= 2n ** 40n || v0 >= LIMB || v1 >= LIMB) return false
    const value = BigInt.asUintN(8 * Number(width), v0 + v1 * LIMB)
    let held = 0n
    for (let i = 0n; i < width; i++) {
      held += (bytes.get(address + i) ?? 0n) << (8n * i)
      if (op === STORE) bytes.set(address + i, (value >> (8n * i)) & 0xffn)
    }
    return op === STORE || held === v0 + v1 * LIMB
  })
}

/** An aligned word of RAM that programs may use. */
export const WORD: number = ADDRESS.availableRam
