/** Runs of small programs as a forger writes them into Main and Rom: any cell may be another, the rest follows from it. */
import { fileURLToPath } from 'node:url'
import {
  type AirInstance,
  type CheckFailure,
  columnNamed,
  completeWitness,
  createChecker,
  createInstance,
  entryLabel,
  type Pilout,
} from '@zisk/air'
import { createRowJudge } from '@zisk/air-testkit'
import { ADDRESS, evaluateOperation, OP } from '@zisk/core'
import { toFelt } from '@zisk/field'
import { compilePilOrThrow } from '@zisk/pilc'
import { assemble, BITS, type Bit, type Instruction, type RomRow } from './instructions.ts'
import { trueWorld } from './world.ts'

const ROOT = new URL('../../../../../', import.meta.url)
const ROWS = 2 ** 10
const LIMB = 2n ** 32n
const REGISTERS = 31

/** Main and Rom with a world of tuples. */
export const program: Pilout = compilePilOrThrow({
  file: fileURLToPath(new URL('steps.pil', import.meta.url)),
  include: ['pil', 'pil/std', 'packages/state-machines/main/pil', 'packages/state-machines/rom/pil'].map((path) =>
    fileURLToPath(new URL(path, ROOT)),
  ),
})
const checker = createChecker(program)
const tables = createRowJudge(
  program,
  completeWitness(program, {
    instances: [createInstance(program, { air: 'Main', rows: 2 ** 10 })],
    publics: [],
    proofValues: [],
  }),
)

/** Cells of a row or values of a segment, by name; negative numbers are taken modulo p. */
export type Cells = Readonly<Record<string, bigint | number>>

/** What a forger makes of a run. */
export interface Forgery {
  /** By row of the whole run. */
  readonly rows?: Readonly<Record<number, Cells>>
  /** By segment. */
  readonly segments?: Readonly<Record<number, Cells>>
  /** Rows of RegisterReads; an honest run of so few steps has none. */
  readonly reads?: readonly Cells[]
  /** Multiplicities by row of Rom. */
  readonly rom?: Readonly<Record<number, bigint | number>>
  /** Number of segments, where it is not that of the honest run. */
  readonly segmentCount?: number
}

/** A line of 32 bytes that is in RAM when the run starts. */
export interface DataLine {
  readonly address: number
  readonly words: readonly bigint[]
}

/** A program with its initial data. */
export interface Program {
  readonly code: readonly Instruction[]
  readonly data?: readonly DataLine[]
}

/** What a check says about a run, and what the run publishes. */
export interface Outcome {
  readonly failures: readonly CheckFailure[]
  /** Labels of the constraints and names of the buses that fail, each once. */
  readonly reasons: readonly string[]
  readonly published: readonly string[]
}

/** Runs a program as it is, or as the forger wants it. */
export function outcomeOf(source: Program, forgery: Forgery = {}): Outcome {
  const { instances, published } = runOf(source, forgery)
  const failures = check(instances)
  const texts = failures.map((failure) =>
    failure.kind === 'bus' ? `bus ${failure.bus}` : failure.kind === 'sum' ? 'sum' : failure.label,
  )
  return { failures, reasons: [...new Set(texts)], published }
}

/** The instances of a run with its world, without tables, and what it publishes. */
export function runOf(
  source: Program,
  forgery: Forgery = {},
): { readonly instances: readonly AirInstance[]; readonly published: readonly string[] } {
  const instances = new Run(source, forgery).instances()
  const { instance, published } = trueWorld(program, check(instances))
  return { instances: [...instances, instance], published }
}

/** What fails, given that tables prove whatever is in them, as often as it is asked for. */
function check(instances: readonly AirInstance[]): readonly CheckFailure[] {
  const { failures } = checker.check(
    { instances, publics: [], proofValues: [] },
    { sums: false, stage2: false, maxFailures: 10_000 },
  )
  return failures.filter(
    (failure) => failure.kind !== 'bus' || !tables.isInTable([failure.id, ...failure.tuple].join()),
  )
}

function setAirValues(instance: AirInstance, values: Cells): void {
  const { airValues } = program.airGroups[instance.airGroup]!.airs[instance.air]!
  const at = new Map(airValues.map((entry, i) => [entryLabel(entry), i]))
  for (const [label, value] of Object.entries(values)) {
    if (!at.has(label)) throw new RangeError(`no air value ${label}`)
    instance.airValues[at.get(label)!] = toFelt(BigInt(value))
  }
}

interface Register {
  value: readonly [bigint, bigint]
  step: bigint
}

class Run {
  readonly #rom: readonly RomRow[]
  readonly #data: readonly DataLine[]
  readonly #forgery: Forgery
  readonly #registers = new Map<bigint, Register>()
  readonly #memory = new Map<bigint, bigint>()
  readonly #executions: bigint[]

  constructor({ code, data = [] }: Program, forgery: Forgery) {
    this.#rom = assemble(code)
    this.#executions = this.#rom.map(() => 0n)
    this.#data = data
    this.#forgery = forgery
    for (const { address, words } of data)
      for (const [k, word] of words.entries()) this.#write(BigInt(address + 8 * k), 8n, word)
  }

  instances(): AirInstance[] {
    const segments: AirInstance[] = []
    let before: Row | undefined
    let row = 0
    let isLast = false
    let carried: Cells = { segment_initial_pc: ADDRESS.romEntry, first_step: 0 }
    while (!isLast) {
      const segment = segments.length
      const first = row
      const list: Row[] = []
      for (; row < first + ROWS; row++) {
        before = this.#step(row, before, list.length === 0 ? carried : undefined)
        list.push(before)
      }
      const { segmentCount } = this.#forgery
      isLast =
        segmentCount === undefined ? before!['next_pc'] === BigInt(ADDRESS.romExit) : segment + 1 === segmentCount
      const { instance, next } = this.#segment(segment, list, { carried, isLast })
      segments.push(instance)
      carried = next
    }
    return [...segments, ...this.#readsInstances(), this.#romInstance()]
  }

  #step(index: number, before: Row | undefined, carried: Cells | undefined): Row {
    const given = this.#forgery.rows?.[index] ?? {}
    const row: Row = {}
    const put = (name: string, value: () => bigint): bigint => {
      row[name] = given[name] === undefined ? toFelt(value()) : toFelt(BigInt(given[name]!))
      return row[name]
    }
    const last = (limb: number): bigint =>
      carried === undefined ? before![`c[${limb}]`]! : toFelt(BigInt(carried[`segment_previous_c[${limb}]`] ?? 0))
    const pc = put('pc', () => (carried === undefined ? before!['next_pc']! : BigInt(carried['segment_initial_pc']!)))
    const step = put('step', () => (carried === undefined ? before!['step']! + 1n : BigInt(carried['first_step']!)))
    const at = this.#rom.findIndex(({ line }) => line === pc)
    if (at < 0) throw new RangeError(`no instruction at ${pc}`)
    this.#executions[at]! += 1n
    const { line: _, flags, ...fields } = this.#rom[at]!
    for (const [name, value] of Object.entries(fields)) put(name, () => value)
    for (const [name, bit] of Object.entries(BITS)) put(name, () => (flags & BigInt(bit) ? 1n : 0n))
    const is = (bit: Bit): boolean => row[bit] === 1n
    const time = 1n + 4n * step
    // Operands.
    const [readA, readB] = [
      is('a_src_mem')
        ? this.#read(row['a_offset_imm0']!, 8n)
        : this.#registerOr(is('a_src_reg'), row['a_offset_imm0']!),
      [0n, 0n] as const,
    ]
    for (const limb of [0, 1] as const)
      put(`a[${limb}]`, () =>
        is('a_src_imm')
          ? [row['a_offset_imm0']!, is('b_src_imm') || is('b_src_ind') || is('store_ind') ? 0n : row['imm1_width']!][
              limb
            ]!
          : is('a_src_mem') || is('a_src_reg')
            ? readA[limb]
            : last(limb),
      )
    this.#link('a', row, put, time)
    const [a0, a1] = [row['a[0]']!, row['a[1]']!]
    const address = row['b_offset_imm0']! + (is('b_src_ind') ? a0 : 0n)
    const fromB =
      is('b_src_mem') || is('b_src_ind')
        ? this.#read(toFelt(address), is('b_src_ind') ? row['imm1_width']! : 8n)
        : this.#registerOr(is('b_src_reg'), row['b_offset_imm0']!, readB)
    const isRead = is('b_src_mem') || is('b_src_ind') || is('b_src_reg')
    for (const limb of [0, 1] as const)
      put(`b[${limb}]`, () =>
        is('b_src_imm')
          ? [row['b_offset_imm0']!, is('store_ind') ? 0n : row['imm1_width']!][limb]!
          : isRead
            ? fromB[limb]
            : last(limb),
      )
    this.#link('b', row, put, time + 1n)
    // Operation.
    const m = is('m32') ? 0n : LIMB
    const op = Number(row['op'])
    const result = evaluateOperation(op, a0 + a1 * m, row['b[0]']! + row['b[1]']! * (op === OP.COPYB ? LIMB : m))
    const c0 = put('c[0]', () => result.c % LIMB)
    const c1 = put('c[1]', () => result.c / LIMB)
    const flag = put('flag', () => (result.flag ? 1n : 0n))
    // Store.
    const [jump1, jump2] = [row['jmp_offset1']!, row['jmp_offset2']!]
    const stored = is('store_pc') ? ([toFelt(pc + jump2), 0n] as const) : ([c0, c1] as const)
    if (is('store_mem') || is('store_ind')) {
      const to = toFelt(row['store_offset']! + (is('store_ind') ? a0 : 0n))
      this.#write(to, is('store_ind') ? row['imm1_width']! : 8n, stored[0] + stored[1] * LIMB)
    }
    this.#link('store', row, put, time + 2n, stored)
    const set = row['set_pc']!
    row['next_pc'] = toFelt(set * (c0 + jump1) + (1n - set) * (pc + jump2) + flag * (jump1 - jump2))
    return row
  }

  /** Takes over what the access before left in a register, and leaves what this one does. */
  #link(
    operand: 'a' | 'b' | 'store',
    row: Row,
    put: (name: string, value: () => bigint) => bigint,
    time: bigint,
    stored?: readonly [bigint, bigint],
  ): void {
    const bit = operand === 'store' ? 'store_reg' : (`${operand}_src_reg` as const)
    const uses = row[bit] === 1n
    const number = row[operand === 'store' ? 'store_offset' : `${operand}_offset_imm0`]!
    const register = this.#register(number)
    put(`${operand}_reg_prev_mem_step`, () => (uses ? register.step : 0n))
    if (operand === 'store')
      for (const limb of [0, 1] as const) put(`store_reg_prev_value[${limb}]`, () => (uses ? register.value[limb] : 0n))
    if (uses)
      this.#registers.set(number, { value: stored ?? [row[`${operand}[0]`]!, row[`${operand}[1]`]!], step: time })
  }

  #register(number: bigint): Register {
    return this.#registers.get(number) ?? { value: [0n, 0n], step: 0n }
  }

  #registerOr(
    uses: boolean,
    number: bigint,
    otherwise: readonly [bigint, bigint] = [0n, 0n],
  ): readonly [bigint, bigint] {
    return uses ? this.#register(number).value : otherwise
  }

  #read(address: bigint, width: bigint): readonly [bigint, bigint] {
    let value = 0n
    for (let i = 0n; i < width && i < 8n; i++) value += (this.#memory.get(address + i) ?? 0n) << (8n * i)
    return [value % LIMB, value / LIMB]
  }

  #write(address: bigint, width: bigint, value: bigint): void {
    for (let i = 0n; i < width && i < 8n; i++) this.#memory.set(address + i, (value >> (8n * i)) & 0xffn)
  }

  /** The instance of a segment, and what the next one starts with. */
  #segment(
    segment: number,
    rows: readonly Row[],
    { carried, isLast }: { readonly carried: Cells; readonly isLast: boolean },
  ): { readonly instance: AirInstance; readonly next: Cells } {
    const instance = createInstance(program, { air: 'Main', rows: ROWS, segment })
    for (const label of Object.keys(rows[0]!)) {
      if (label === 'next_pc') continue
      const column = columnNamed(program, instance, label)
      for (const [r, row] of rows.entries()) column[r] = row[label]!
    }
    const last = rows.at(-1)!
    const values: Record<string, bigint | number> = {
      main_segment: segment,
      is_last_segment: isLast ? 1 : 0,
      ...carried,
      next_step: last['step']! + 1n,
      segment_next_pc: last['next_pc']!,
      'segment_last_c[0]': last['c[0]']!,
      'segment_last_c[1]': last['c[1]']!,
    }
    for (let r = 0; r < REGISTERS; r++) {
      const { value, step } = this.#register(BigInt(r + 1))
      values[`last_reg_mem_step[${r}]`] = step
      for (const limb of [0, 1] as const) values[`last_reg_value[${r}][${limb}]`] = value[limb]
    }
    Object.assign(values, this.#forgery.segments?.[segment])
    setAirValues(instance, values)
    const felt = (name: string): bigint => toFelt(BigInt(values[name] ?? 0))
    const end = 4n * felt('next_step')
    for (let r = 0; r < REGISTERS; r++)
      this.#registers.set(BigInt(r + 1), {
        value: [felt(`last_reg_value[${r}][0]`), felt(`last_reg_value[${r}][1]`)],
        step: end,
      })
    const next = {
      first_step: felt('next_step'),
      segment_initial_pc: felt('segment_next_pc'),
      'segment_previous_c[0]': felt('segment_last_c[0]'),
      'segment_previous_c[1]': felt('segment_last_c[1]'),
    }
    return { instance, next }
  }

  #readsInstances(): AirInstance[] {
    const { reads } = this.#forgery
    if (reads === undefined) return []
    const instance = createInstance(program, { air: 'RegisterReads', rows: ROWS })
    for (const [row, cells] of reads.entries())
      for (const [label, value] of Object.entries(cells))
        columnNamed(program, instance, label)[row] = toFelt(BigInt(value))
    return [instance]
  }

  #romInstance(): AirInstance {
    const instance = createInstance(program, {
      air: 'Rom',
      rows: ROWS * Math.ceil((this.#rom.length + this.#data.length) / ROWS),
    })
    const put = (row: number, cells: Cells): void => {
      for (const [label, value] of Object.entries(cells))
        columnNamed(program, instance, label)[row] = toFelt(BigInt(value))
    }
    for (const [row, fields] of this.#rom.entries()) put(row, { ...fields, multiplicity: this.#executions[row]! })
    const limbs = [
      'a_offset_imm0',
      'b_offset_imm0',
      'imm1_width',
      'op',
      'store_offset',
      'jmp_offset1',
      'jmp_offset2',
      'last_limb',
    ]
    for (const [i, { address, words }] of this.#data.entries()) {
      const values = words.flatMap((word) => [word % LIMB, word / LIMB])
      const contents = Object.fromEntries(limbs.map((name, k) => [name, values[k] ?? 0n]))
      put(this.#rom.length + i, { is_data: 1, line: address, flags: 2, multiplicity: 1, ...contents })
    }
    for (const [row, multiplicity] of Object.entries(this.#forgery.rom ?? {})) put(Number(row), { multiplicity })
    return instance
  }
}

type Row = Record<string, bigint>
