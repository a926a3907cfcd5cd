/** Forged witnesses of the examples that take more than one changed cell: each breaks one constraint and nothing else. */
import type { ProgramWitness } from '@zisk/air'
import { add, inv, mul, P } from '@zisk/field'

/** Changes a witness; applied twice it does the same. */
export type Forgery = (witness: ProgramWitness) => void

/** Writes values from row 0 on into a column, by positions of instance and column. */
function put(witness: ProgramWitness, at: number, column: number, values: readonly bigint[]): void {
  witness.instances[at]!.witness[column]!.set(values)
}

function set(list: readonly bigint[], index: number, value: bigint): void {
  ;(list as bigint[])[index] = value
}

const squares = (keys: readonly bigint[]): bigint[] => keys.map((key) => key * key)
const suits = (ranks: readonly bigint[]): bigint[] => ranks.map((r) => (r === 1n ? 7n : r === 7n ? 9n : (r * r) % 4n))
const ONES = Array<bigint>(8).fill(1n)
const HALF = inv(2n)

/** The circuit from other inputs. */
const circuit =
  (a0: bigint, b0: bigint): Forgery =>
  (witness) => {
    const [a, b, c]: [bigint[], bigint[], bigint[]] = [[a0], [b0], []]
    for (let row = 0; row < 8; row++) {
      c.push(row % 2 === 0 ? add(a[row]!, b[row]!) : mul(a[row]!, b[row]!))
      a.push(c[row]!)
      b.push(c[row]!)
    }
    for (const [column, values] of [a, b, c].entries()) put(witness, 0, column, values.slice(0, 8))
    set(witness.publics, 1, c[7]!)
  }

/** A run of the program of the custom commit through the given rows of it. */
const run =
  (rows: readonly number[]): Forgery =>
  (witness) => {
    const [line, step, next] = witness.instances[0]!.custom as [BigUint64Array, BigUint64Array, BigUint64Array]
    let sum = 0n
    const sums = rows.map((row) => (sum = add(sum, step[row]!)))
    for (const [column, source] of [line, step, next].entries())
      put(
        witness,
        1,
        column,
        rows.map((row) => source[row]!),
      )
    put(witness, 1, 3, sums)
  }

/** Rows of the program in the order of execution from a row on. */
function followed(witness: ProgramWitness, from: number, count: number): number[] {
  const [line, , next] = witness.instances[0]!.custom as [BigUint64Array, BigUint64Array, BigUint64Array]
  const rows = [from]
  while (rows.length < count) rows.push(line.indexOf(next[rows.at(-1)!]!))
  return rows
}

/** Cells of row `row` of Ranges, by column: 0 to 7 as declared, from 8 on the high limbs. */
const ranges =
  (row: number, cells: Readonly<Record<number, bigint>>): Forgery =>
  (witness) => {
    for (const [column, value] of Object.entries(cells)) witness.instances[0]!.witness[Number(column)]![row] = value
  }

/** The segment of Ranges and its high limb. */
const segment =
  (value: bigint, high: bigint): Forgery =>
  (witness) => {
    witness.instances[0]!.airValues.splice(0, 2, value, high)
  }

/** x / 2^16 in the field: the limb that makes the one below it 0. */
const shifted = (x: bigint): bigint => mul(((x % P) + P) % P, inv(65536n))

/** By name of the example. */
export const FORGERIES: Readonly<Record<string, readonly Forgery[]>> = {
  fibonacci: [
    (witness) => {
      // Another last number, and the public that says so.
      witness.instances[0]!.witness[1]!.fill(5n, -1)
      set(witness.publics, 2, 5n)
    },
  ],
  permutation: [
    (witness) => {
      // A pair that comes twice and is counted once, with selector 2.
      const keys = [5n, 2n, 8n, 3n, 8n, 4n, 7n, 6n]
      put(witness, 0, 0, keys)
      put(witness, 0, 1, squares(keys))
      put(witness, 1, 2, [...ONES.slice(2), 2n, 0n])
    },
    (witness) => {
      // A row before the first selected one.
      const keys = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n]
      put(witness, 1, 0, keys)
      put(witness, 1, 1, squares(keys))
      put(witness, 1, 2, [0n, ...ONES])
    },
    (witness) => {
      const keys = [3n, 2n, 4n, 5n, 6n, 7n, 8n, 9n]
      put(witness, 1, 0, keys)
      put(witness, 1, 1, squares(keys))
    },
  ],
  product: [
    (witness) => {
      // One card as two halves.
      put(witness, 0, 0, [5n, 2n, 8n, 3n, 6n, 4n, 5n])
      put(witness, 0, 1, suits([5n, 2n, 8n, 3n, 6n, 4n, 5n]))
      put(witness, 0, 2, [HALF, 1n, 1n, 1n, 1n, 1n, HALF])
    },
    (witness) => {
      // A card that is dealt twice and held once, with selector 2.
      put(witness, 0, 0, [5n, 2n, 8n, 3n, 6n, 4n, 8n])
      put(witness, 0, 1, suits([5n, 2n, 8n, 3n, 6n, 4n, 8n]))
      put(witness, 0, 2, ONES.slice(1))
      put(witness, 1, 2, [...ONES.slice(1), 2n])
    },
    (witness) => {
      const ranks = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]
      put(witness, 1, 0, ranks)
      put(witness, 1, 1, suits(ranks))
      put(witness, 1, 2, [0n, ...ONES])
    },
    (witness) => {
      const ranks = [2n, 1n, 3n, 4n, 5n, 6n, 7n, 8n]
      put(witness, 1, 0, ranks)
      put(witness, 1, 1, suits(ranks))
    },
  ],
  connection: [
    circuit(3n, 5n),
    (witness) => {
      put(witness, 0, 2, [...witness.instances[0]!.witness[2]!.slice(0, 7), 5n])
      set(witness.publics, 1, 5n)
    },
  ],
  custom_commit: [
    (witness) => run(followed(witness, 1, 16))(witness),
    (witness) => run([...followed(witness, 0, 15), 5])(witness),
  ],
  publics: [
    (witness) => {
      put(witness, 0, 0, [2n, 0n, 0n])
      put(witness, 0, 1, [2n, 2n, 2n])
    },
    (witness) => {
      set(witness.publics, 2, 9n)
      set(witness.proofValues, 0, 9n)
    },
  ],
  ranges: [
    ranges(0, { 0: 300n }),
    ranges(0, { 1: 2000n }),
    ranges(0, { 2: 200n }),
    // Limbs of a checked value: the low one too large, the high one too large.
    ranges(0, { 3: 2n ** 20n, 8: 0n }),
    ranges(0, { 3: 2n ** 32n, 8: 65536n }),
    // Three limbs of the distance from below, then of the one from above; the top one as a quotient in the field.
    ranges(1, { 9: 2n ** 20n - 1n, 10: 15n }),
    ranges(1, { 10: 15n }),
    ranges(1, { 4: P - 100n, 9: shifted(-95n), 10: shifted(shifted(-95n)) }),
    ranges(0, { 11: 2n ** 20n - 1n, 12: 15n }),
    ranges(0, { 12: 15n }),
    ranges(1, { 4: 2n ** 36n + 100n, 11: shifted(-100n), 12: shifted(shifted(-100n)) }),
    ranges(0, { 5: 5000n }),
    // A selector that names the range 0..31, made for a limb.
    ranges(0, { 5: 20n, 6: 2n }),
    ranges(0, { 7: 2n }),
    segment(2n ** 17n, 0n),
    segment(2n ** 20n, 16n),
  ],
  machine: [
    (witness) => set(witness.publics, 0, 8n),
    (witness) => set(witness.publics, 1, 8n),
    (witness) => witness.instances[1]!.witness[0]!.fill(2n, 15),
    (witness) => {
      // A wrong result.
      witness.instances[0]!.witness[3]![7] = 55n
      witness.instances[1]!.witness[3]![7] = 55n
      set(witness.publics, 1, 55n)
    },
    (witness) => {
      // The accumulator changes between two operations, 0 to 100.
      const [cpu, alu] = witness.instances
      cpu!.witness[2]![7] = 100n
      cpu!.witness[3]![7] = 109n
      alu!.witness[1]![7] = 100n
      alu!.witness[3]![7] = 109n
      set(witness.publics, 1, 109n)
    },
    (witness) => {
      // An operand of more than 16 bits.
      const [cpu, alu] = witness.instances
      cpu!.witness[1]![7] = 70_000n
      cpu!.witness[3]![7] = 70_000n
      alu!.witness[2]![7] = 70_000n
      alu!.witness[3]![7] = 70_000n
      set(witness.publics, 1, 70_000n)
    },
  ],
  continuation: [
    (witness) => {
      // The last segment begins elsewhere.
      const last = witness.instances[2]!
      for (let row = 0; row < last.rows; row++) last.witness[0]![row] = 224n + BigInt(row)
      last.airValues[3] = 232n
      set(witness.publics, 1, 232n)
    },
    (witness) => {
      // The last segment hands on another state than its own.
      witness.instances[2]!.airValues[3] = 500n
      set(witness.publics, 1, 500n)
    },
  ],
}

/** Parts that no forgery of this size can do without, with the reason why they stand there. */
export const UNFORGED: Readonly<Record<string, string>> = {
  'continuation Counter: assumes range 0..65535':
    'segment ids rise by one from 0: leaving the range takes as many instances as it has values',
  'continuation Counter: is_last * (1 - is_last) === 0':
    'other multiplicities of the two ends cancel only against a second chain through the same states, which a counter has not',
}
