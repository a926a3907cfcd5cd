/** Runs a random module in Node and as an ELF, and says where they differ. */

import { createRandom } from '../../differential/random.ts'
import { CALL_OUTPUT_BYTES, MOST_CALLS, randomCall, randomModule } from './random-module.ts'
import { buildWasm, compileInNode, runInEmulator, runInNode, type WasmRun } from './wasm-guest.ts'

/** Calls in a row, the last of which may trap, and what they do in Node. */
interface Sequence {
  readonly record: Uint8Array
  readonly expected: WasmRun
}

/** What was compared: calls with a result, and the texts of traps. */
export interface RandomRun {
  readonly calls: number
  readonly traps: readonly string[]
  /** The first difference. */
  readonly difference: string | undefined
}

/**
 * Builds the module of a seed below `folder` and compares calls until so many sequences have been run; a trap ends a
 * sequence, and the next one begins with fresh memory.
 */
export async function compareRandomModule(seed: number, folder: string, sequences: number): Promise<RandomRun> {
  const random = createRandom(seed)
  const bytes = randomModule(random)
  const calls = Array.from({ length: MOST_CALLS }, () => randomCall(random))
  const runs = sequencesOf(compileInNode(bytes), calls, sequences)
  const program = await buildWasm(folder, 'random', bytes)
  let difference: string | undefined
  for (const { record, expected } of runs) {
    const got = await runInEmulator(program, [record])
    difference ??= differenceOf(expected, got)
  }
  return {
    calls: runs.reduce((sum, { expected }) => sum + expected.output.length / CALL_OUTPUT_BYTES, 0),
    traps: runs.flatMap(({ expected }) => expected.trap ?? []),
    difference,
  }
}

function sequencesOf(module: object, calls: readonly Uint8Array[], most: number): Sequence[] {
  const found: Sequence[] = []
  for (let at = 0; at < calls.length && found.length < most; ) {
    const { output, trap } = runInNode(module, [Buffer.concat(calls.slice(at))])
    const end = trap === undefined ? calls.length : at + output.length / CALL_OUTPUT_BYTES + 1
    // Again with this record alone: a program can read the record where it lies.
    const record = Buffer.concat(calls.slice(at, end))
    found.push({ record, expected: runInNode(module, [record]) })
    at = end
  }
  return found
}

function differenceOf(expected: WasmRun, got: WasmRun): string | undefined {
  const length = Math.min(expected.output.length, got.output.length)
  const at = expected.output.subarray(0, length).findIndex((byte, i) => byte !== got.output[i])
  const word = ['result', 'memory', 'globals', 'pages'][(Math.max(at, 0) % CALL_OUTPUT_BYTES) >> 3]
  if (at >= 0) return `${word} of call ${Math.floor(at / CALL_OUTPUT_BYTES)}`
  if (expected.output.length !== got.output.length || expected.trap !== got.trap)
    return `${expected.trap ?? 'no trap'} after ${expected.output.length} bytes expected, got ${got.trap ?? 'none'} after ${got.output.length}`
  return undefined
}
