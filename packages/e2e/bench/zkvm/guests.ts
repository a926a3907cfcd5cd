/** The guests whose runs are proven, and inputs for runs of about a given number of steps. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute, type InputSource, loadProgram, type Program } from '@zisk/sdk'
import { FIXTURES_FOLDER } from '../../src/fixtures.ts'

/** A guest with inputs of any size. */
export interface BenchGuest {
  readonly name: string
  /** Folder in `elf-regressions`. */
  readonly folder: string
  /** Input records for size n, from 1. */
  readonly records: (n: number) => readonly Uint8Array[]
  /** First output words for size n where the host can compute them. */
  readonly expected?: (n: number) => readonly number[]
}

/** A guest with an input. */
export interface SizedRun {
  readonly elf: string
  readonly records: readonly Uint8Array[]
  readonly steps: number
  /** Seconds of the execution alone. */
  readonly seconds: number
  /** All output words, as executed. */
  readonly outputs: readonly number[]
}

const u64 = (value: number): Uint8Array => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer)

/** Output words of a digest, `order` as the guest writes them. */
function hashChain(algorithm: string, order: 'big' | 'little'): (n: number) => readonly number[] {
  return (n) => {
    let digest: Buffer = Buffer.alloc(32)
    for (let i = 0; i < n; i++) digest = createHash(algorithm).update(digest).digest()
    return Array.from({ length: 8 }, (_, i) =>
      order === 'big' ? digest.readUInt32BE(4 * i) : digest.readUInt32LE(4 * i),
    )
  }
}

/** Words of pseudo-random letters from a fixed seed: about a third of them occur again. */
function text(words: number): Uint8Array {
  let state = 0x2545f491
  const next = (bound: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) % bound
  }
  const list = Array.from({ length: words }, () => `w${next(2 * words).toString(36)}`)
  return new TextEncoder().encode(list.join(' '))
}

export const GUESTS: readonly BenchGuest[] = [
  { name: 'fibonacci', folder: 'fibonacci', records: (n) => [u64(n)] },
  {
    name: 'sha256-chain',
    folder: 'sha256-chain',
    records: (n) => [u64(n)],
    expected: hashChain('sha256', 'big'),
  },
  {
    name: 'keccak-chain',
    folder: 'keccak-chain',
    records: (n) => [u64(n)],
    expected: hashChain('sha3-256', 'little'),
  },
  { name: 'quicksort', folder: 'quicksort', records: (n) => [new Uint8Array([...u64(n), ...u64(1)])] },
  { name: 'rust-hash-map', folder: 'rust-std', records: (n) => [text(n), u64(1)] },
]

/** The largest run of a guest of at most `maxSteps` steps; undefined when its smallest has more. */
export async function sizedRun(guest: BenchGuest, maxSteps: number): Promise<SizedRun | undefined> {
  const elf = join(FIXTURES_FOLDER, guest.folder, 'program.elf')
  const program = loadProgram(readFileSync(elf))
  const fits = async (n: number): Promise<boolean> => (await run(program, guest.records(n), maxSteps)) !== undefined
  if (!(await fits(1))) return undefined
  let low = 1
  let high = 2
  while (await fits(high)) [low, high] = [high, 2 * high]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (await fits(middle)) low = middle
    else high = middle
  }
  const records = guest.records(low)
  const { steps, seconds, outputs } = (await run(program, records, maxSteps))!
  const wrong = guest.expected?.(low).findIndex((word, i) => word !== outputs[i]) ?? -1
  if (wrong >= 0) throw new Error(`${guest.name}: output word ${wrong} differs from the host's`)
  return { elf, records, steps, seconds, outputs }
}

async function run(program: Program, records: readonly Uint8Array[], maxSteps: number) {
  const input: InputSource = { kind: 'records', records }
  const { outcome, seconds } = await execute(program, { input, maxSteps })
  if (outcome.kind !== 'exited') return undefined
  return { steps: outcome.steps, seconds, outputs: [...outcome.publics] }
}
