/**
 * Random valid modules that always end: calls and turns of loops use up fuel. NaNs are made equal before their bits can
 * be seen, since engines may choose those; everything else that a module does is defined.
 */

import type { Random } from '../../differential/random.ts'
import { OPS, type Op } from './operations.ts'
import { buildModule, constant, type FunctionSpec, type Type, typeList, unsigned } from './wasm-builder.ts'
import { IMPORTS } from './wasm-guest.ts'

const TYPES = ['i', 'l', 'f', 'd'] as const
const BLOCK_TYPES: Readonly<Record<Type | '', number>> = { i: 0x7f, l: 0x7e, f: 0x7d, d: 0x7c, '': 0x40 }
const DEFAULTS: Readonly<Record<Type | '', readonly number[]>> = {
  i: [0x41, 0],
  l: [0x42, 0],
  f: constant('f', 0n),
  d: constant('d', 0n),
  '': [],
}
/** Calls and turns of loops that one call from outside may take. */
const FUEL = 200
const FUNCTIONS = 20
/** Where the programs' own bytes lie; accesses rarely go elsewhere. */
const AREA = 4096
const AREA_BYTES = 4096
/** Where a record begins: for each call the index of a function in the table, and eight words that it takes. */
const RECORD = 32_768
export const CALL_BYTES = 72
/** Words that each call writes: result, memory, globals, pages. */
export const CALL_OUTPUT_BYTES = 32
export const MOST_CALLS: number = Math.floor((65_536 - RECORD) / CALL_BYTES)

/** Three mutable globals of each type, and the fuel before them. */
const GLOBALS = `i${'ilfd'.repeat(3)}`
const PASSIVE = Array.from({ length: 40 }, (_, i) => (i * 37) & 0xff)
/** Parameters, sixteen types of functions at most. */
const SIGNATURES = [':', ':i', 'i:i', 'il:l', 'fd:d', 'lf:f', 'iiii:', 'dl:i', 'lllll:l', 'ff:f', 'dd:d', 'ilfdilfd:']

const canonicalF = IMPORTS.length
const canonicalD = IMPORTS.length + 1
const FIRST = IMPORTS.length + 2

/** Makes every NaN the same. */
const canonical = (type: 'f' | 'd'): FunctionSpec => ({
  type: `${type}:${type}`,
  body: [0x20, 0, ...constant(type, type === 'f' ? 0x7fc00000n : 0x7ff8n << 48n), 0x20, 0, 0x20, 0].concat(
    type === 'f' ? [0x5b, 0x1b] : [0x61, 0x1b],
  ),
})

const BY_RESULT = new Map(TYPES.map((type) => [type, OPS.filter(({ result }) => result === type)]))
const DIVISIONS = new Set([0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82])
const TRAPPING_TRUNCATIONS = new Set([0xa8, 0xa9, 0xaa, 0xab, 0xae, 0xaf, 0xb0, 0xb1])
const LOADS: Readonly<Record<Type, readonly number[]>> = {
  i: [0x28, 0x2c, 0x2d, 0x2e, 0x2f],
  l: [0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35],
  f: [0x2a],
  d: [0x2b],
}
const STORES: Readonly<Record<Type, readonly number[]>> = {
  i: [0x36, 0x3a, 0x3b],
  l: [0x37, 0x3c, 0x3d, 0x3e],
  f: [0x38],
  d: [0x39],
}

/** Writes the body of one function. */
class Body {
  readonly locals: Type[]
  readonly #random: Random
  readonly #types: readonly string[]
  /** Index in the table by type; the table's end is empty. */
  readonly #functions: readonly string[]
  /** Result types of the blocks around, the innermost last; a loop takes none. */
  readonly #labels: { readonly takes: Type | ''; readonly isLoop: boolean }[] = []
  #budget: number

  constructor(random: Random, types: readonly string[], functions: readonly string[], type: string) {
    this.#random = random
    this.#types = types
    this.#functions = functions
    this.#budget = 60 + random.below(200)
    const own = Array.from({ length: 1 + random.below(6) }, () => random.pick(TYPES))
    this.locals = [...([...type.split(':')[0]!] as Type[]), ...own]
    this.#labels.push({ takes: (type.split(':')[1] ?? '') as Type | '', isLoop: false })
  }

  write(): number[] {
    const result = this.#labels[0]!.takes
    const spend = [...this.#spendFuel(), 0x41, 0, 0x48, 0x04, 0x40, ...DEFAULTS[result], 0x0f, 0x0b]
    const statements = Array.from({ length: 4 }, () => this.#statements(4)).flat()
    return [...spend, ...statements, ...(result === '' ? [] : this.#value(result, 5))]
  }

  /** Leaves what fuel is left. */
  #spendFuel(): number[] {
    return [0x23, 0, 0x41, 1, 0x6b, 0x24, 0, 0x23, 0]
  }

  #localOf(type: Type): number | undefined {
    const found = this.locals.flatMap((local, i) => (local === type ? [i] : []))
    return found.length === 0 ? undefined : this.#random.pick(found)
  }

  #globalOf(type: Type): number {
    return 1 + 4 * this.#random.below(3) + TYPES.indexOf(type)
  }

  #leaf(type: Type): number[] {
    const local = this.#localOf(type)
    const kind = this.#random.below(5)
    if (kind < 2 && local !== undefined) return [0x20, local]
    if (kind === 2) return [0x23, this.#globalOf(type)]
    if (type === 'f' && this.#random.chance(0.5)) return [...constant('i', this.#random.operand()), 0xb2]
    if (type === 'd' && this.#random.chance(0.5)) return [...constant('l', this.#random.operand()), 0xb9]
    return constant(type, this.#random.operand())
  }

  /** Instructions that leave one value. */
  #value(type: Type, depth: number): number[] {
    const random = this.#random
    if (depth <= 0 || this.#budget-- <= 0) return this.#leaf(type)
    const inner = (of: Type): number[] => this.#value(of, depth - 1)
    switch (random.below(18)) {
      case 0:
        return this.#leaf(type)
      case 1:
      case 2:
        return [...this.#address(depth), random.pick(LOADS[type]), 0, ...this.#offset()]
      case 3:
        return this.#block(0x02, type, () => [...this.#statements(depth - 1), ...inner(type)])
      case 4:
        return this.#block(0x03, type, () => [...this.#statements(depth - 1), ...inner(type)])
      case 5:
        return [
          ...inner('i'),
          ...this.#block(0x04, type, () => [
            ...this.#statements(depth - 2),
            ...inner(type),
            0x05,
            ...this.#statements(depth - 2),
            ...inner(type),
          ]),
        ]
      case 6:
        return [...inner(type), ...inner(type), ...inner('i'), 0x1b]
      case 7: {
        const local = this.#localOf(type)
        return local === undefined ? this.#leaf(type) : [...inner(type), 0x22, local]
      }
      case 8:
        return this.#call(type, depth) ?? this.#leaf(type)
      case 9: {
        const label = this.#label(type)
        return label === undefined ? this.#leaf(type) : [...inner(type), ...inner('i'), 0x0d, ...label]
      }
      case 10:
        if (type !== 'i') return this.#operation(type, depth)
        return random.chance(0.8) ? [0x3f, 0] : [...constant('i', BigInt(random.below(3))), 0x40, 0]
      default:
        return this.#operation(type, depth)
    }
  }

  #operation(type: Type, depth: number): number[] {
    const random = this.#random
    let op = random.pick(BY_RESULT.get(type)!)
    if (TRAPPING_TRUNCATIONS.has(op.opcode) && random.chance(0.95)) op = random.pick(BY_RESULT.get(type)!)
    const operands = op.operands.flatMap((operand, i) => [
      ...this.#value(operand, depth - 1),
      ...this.#guard(op, operand, i),
    ])
    return [...operands, ...op.bytes]
  }

  /** What stands between an operand and its operation: no zero is divided by, mostly, and no NaN shows its bits. */
  #guard({ opcode }: Op, type: Type, i: number): number[] {
    if (i === 1 && DIVISIONS.has(opcode) && this.#random.chance(0.97))
      return type === 'i' ? [0x41, 1, 0x72] : [0x42, 1, 0x84]
    if (opcode === 0xbc || (opcode === 0x98 && i === 1)) return [0x10, canonicalF]
    if (opcode === 0xbd || (opcode === 0xa6 && i === 1)) return [0x10, canonicalD]
    return []
  }

  /** An address in the area, or rarely any. */
  #address(depth: number): number[] {
    const address = this.#value('i', depth - 1)
    return this.#random.chance(0.98) ? [...address, ...constant('i', BigInt(AREA_BYTES - 64)), 0x71] : address
  }

  #offset(): number[] {
    return unsigned(this.#random.chance(0.99) ? AREA + this.#random.below(56) : this.#random.below(2 ** 32))
  }

  #block(opcode: number, type: Type | '', content: () => number[]): number[] {
    this.#labels.push({ takes: opcode === 0x03 ? '' : type, isLoop: opcode === 0x03 })
    const bytes = content()
    this.#labels.pop()
    return [opcode, BLOCK_TYPES[type], ...bytes, 0x0b]
  }

  /** A block that can be left with such a value. */
  #label(type: Type | ''): number[] | undefined {
    const found = this.#labels.flatMap(({ takes, isLoop }, i) => (takes === type && !isLoop ? [i] : []))
    return found.length === 0 ? undefined : unsigned(this.#labels.length - 1 - this.#random.pick(found))
  }

  #call(result: Type | '', depth: number): number[] | undefined {
    const random = this.#random
    const found = this.#functions.flatMap((type, i) => (type.split(':')[1] === result ? [i] : []))
    if (found.length === 0 || depth < 2) return undefined
    const index = random.pick(found)
    const type = this.#functions[index]!
    const values = [...type.split(':')[0]!].flatMap((of) => this.#value(of as Type, depth - 2))
    if (random.chance(0.5)) return [...values, 0x10, ...unsigned(FIRST + index)]
    const at = random.chance(0.98) ? index : random.below(FUNCTIONS + 3)
    return [...values, ...constant('i', BigInt(at)), 0x11, ...unsigned(this.#types.indexOf(type)), 0]
  }

  #statements(depth: number): number[] {
    return Array.from({ length: this.#random.below(4) }, () => this.#statement(depth)).flat()
  }

  #statement(depth: number): number[] {
    const random = this.#random
    if (depth <= 0 || this.#budget-- <= 0) return [0x01]
    const type = random.pick(TYPES)
    const value = (of: Type = type): number[] => this.#value(of, depth)
    switch (random.below(14)) {
      case 0:
      case 1: {
        const local = this.#localOf(type)
        return local === undefined ? [0x01] : [...value(), 0x21, local]
      }
      case 2:
        return [...value(), 0x24, this.#globalOf(type)]
      case 3:
      case 4: {
        const seen = type === 'f' ? [0x10, canonicalF] : type === 'd' ? [0x10, canonicalD] : []
        return [...this.#address(depth), ...value(), ...seen, random.pick(STORES[type]), 0, ...this.#offset()]
      }
      case 5:
        return [...value(), 0x1a]
      case 6:
        return [
          ...value('i'),
          ...this.#block(0x04, '', () => [
            ...this.#statements(depth - 1),
            ...(random.chance(0.5) ? [0x05, ...this.#statements(depth - 1)] : []),
          ]),
        ]
      case 7:
        return this.#block(0x02, '', () => this.#statements(depth - 1))
      case 8:
        // Again while a value says so and fuel is left.
        return this.#block(0x03, '', () => [
          ...this.#statements(depth - 1),
          ...[...value('i'), ...this.#spendFuel(), 0x41, 0, 0x4a, 0x71, 0x0d, 0],
        ])
      case 9: {
        const label = this.#label('')
        return label === undefined ? [0x01] : [...value('i'), 0x0d, ...label]
      }
      case 10: {
        const labels = Array.from({ length: 1 + random.below(5) }, () => this.#label(''))
        if (labels.includes(undefined)) return [0x01]
        const table = [0x0e, ...unsigned(labels.length - 1), ...labels.flatMap((label) => label!)]
        return this.#block(0x02, '', () => [
          ...[...value('i'), 0x41, 7, 0x71],
          ...this.#deeper(table, labels.length),
          ...this.#deadCode(depth),
        ])
      }
      case 11:
        return this.#call('', depth) ?? [0x01]
      case 12:
        return this.#bulk(depth)
      default: {
        const label = this.#label('')
        if (label === undefined || random.chance(0.5)) return [...value('i'), 0x1a]
        const leave = this.#deeper([0x0c, ...label], 1)
        return [...value('i'), ...this.#block(0x04, '', () => [...leave, ...this.#deadCode(depth)])]
      }
    }
  }

  /** A branch that was written one block further out: labels of one byte, one more each. */
  #deeper(branch: readonly number[], labels: number): number[] {
    return branch.map((byte, i) => (i >= branch.length - labels ? byte + 1 : byte))
  }

  /** Valid instructions that are never reached, some with operands from nowhere. */
  #deadCode(depth: number): number[] {
    const wild = [[0x6a, 0x1a], [0x1b, 0x1a], [0xa2, 0xaa, 0x1a], [0x00]]
    return this.#random.chance(0.5) ? this.#random.pick(wild) : this.#statements(depth - 1)
  }

  #bulk(depth: number): number[] {
    const random = this.#random
    const place = (): number[] => [...this.#address(depth - 1), ...constant('i', BigInt(AREA)), 0x6a]
    const length = [...this.#value('i', depth - 2), 0x41, 31, 0x71]
    switch (random.below(5)) {
      case 0:
        return [...place(), ...this.#value('i', depth - 2), ...length, 0xfc, 11, 0]
      case 1: {
        const from = constant('i', BigInt(random.below(random.chance(0.95) ? 9 : 60)))
        return [...place(), ...from, ...length, 0xfc, 8, 0, 0]
      }
      case 2:
        return random.chance(0.02) ? [0xfc, 9, 0] : [0x01]
      default:
        return [...place(), ...place(), ...length, 0xfc, 10, 0, 0]
    }
  }
}

const TO_I64: Readonly<Record<Type, readonly number[]>> = {
  i: [0xad],
  l: [],
  f: [0x10, canonicalF, 0xbc, 0xad],
  d: [0x10, canonicalD, 0xbd],
}
const FROM_I64: Readonly<Record<Type, readonly number[]>> = { i: [0xa7], l: [], f: [0xa7, 0xbe], d: [0xbf] }

/** Calls a function with the words of a call at `local 0`, and stores its result at 0. */
function wrapper(type: string, index: number): FunctionSpec {
  const [params, result] = type.split(':') as [string, Type | '']
  const values = [...params].flatMap((param, i) => [0x20, 0, 0x29, 0, 8 + 8 * i, ...FROM_I64[param as Type]])
  const call = [...values, 0x10, ...unsigned(FIRST + index)]
  return {
    type: 'i:',
    body: result === '' ? call : [0x41, 0, ...call, ...TO_I64[result], 0x37, 0, 0],
  }
}

/** main: for each call of the record the wrapper, then result, area, globals and pages as four words. */
function mainFunction(wrapperType: number): FunctionSpec {
  const times = (bytes: readonly number[]): number[] => [0x42, ...signed64(0x100000001b3n), 0x7e, ...bytes, 0x7c]
  const word = (at: number, bytes: readonly number[]): number[] => [0x41, at, ...bytes, 0x37, 0, 0]
  const globals = [...GLOBALS].flatMap((type, i) => (i === 0 ? [] : times([0x23, i, ...TO_I64[type as Type]])))
  const hashArea = [
    ...[0x42, 0, 0x21, 3, 0x41, 0, 0x21, 2, 0x03, 0x40],
    ...[0x20, 3, ...times([0x20, 2, 0x29, 0, ...unsigned(AREA)]), 0x21, 3],
    ...[0x20, 2, 0x41, 8, 0x6a, 0x22, 2, ...constant('i', BigInt(AREA_BYTES)), 0x49, 0x0d, 0, 0x0b],
  ]
  return {
    type: ':',
    // End of the record, the call's place, a place in the area, a hash.
    locals: 'iiil',
    body: [
      ...[0x10, 0, ...constant('i', BigInt(RECORD)), 0x6a, 0x21, 0, ...constant('i', BigInt(RECORD)), 0x22, 1, 0x10, 1],
      ...[0x02, 0x40, 0x03, 0x40, 0x20, 1, 0x20, 0, 0x4f, 0x0d, 1],
      ...[...constant('i', BigInt(FUEL)), 0x24, 0, ...word(0, [0x42, 0])],
      ...[0x20, 1, 0x20, 1, 0x28, 0, 0, 0x11, wrapperType, 0],
      ...hashArea,
      ...word(8, [0x20, 3]),
      ...word(16, [0x42, 0, ...globals]),
      ...word(24, [0x3f, 0, 0xad]),
      ...[0x41, 0, 0x41, CALL_OUTPUT_BYTES, 0x10, 2],
      ...[0x20, 1, ...constant('i', BigInt(CALL_BYTES)), 0x6a, 0x21, 1, 0x0c, 0, 0x0b, 0x0b],
    ],
  }
}

const signed64 = (value: bigint): number[] => constant('l', value).slice(1)

/** A module that calls its {@link FUNCTIONS} functions as a record says. */
export function randomModule(random: Random): Uint8Array {
  const functionTypes = Array.from({ length: FUNCTIONS }, () => random.pick(SIGNATURES))
  const helpers = [canonical('f'), canonical('d')]
  const shells = [
    ...helpers,
    ...functionTypes.map((type) => ({ type, body: [] })),
    ...functionTypes.map(wrapper),
    { type: ':', body: [] },
  ]
  const types = typeList({ imports: IMPORTS, functions: shells })
  const functions = functionTypes.map((type) => {
    const body = new Body(random, types, functionTypes, type)
    const bytes = body.write()
    return { type, locals: body.locals.slice(type.split(':')[0]!.length).join(''), body: bytes }
  })
  const grows = random.chance(0.7)
  return buildModule({
    imports: IMPORTS,
    functions: [...helpers, ...functions, ...functionTypes.map(wrapper), mainFunction(types.indexOf('i:'))],
    memory: [1, grows ? 4 : 1],
    // The functions, an empty entry, and what main calls.
    table: [
      ...functionTypes.map((_, i) => FIRST + i),
      undefined,
      ...functionTypes.map((_, i) => FIRST + FUNCTIONS + i),
    ],
    globals: GLOBALS,
    data: PASSIVE,
    main: FIRST + 2 * FUNCTIONS,
  })
}

/** One record's part: a call of a random function on random words. */
export function randomCall(random: Random): Uint8Array {
  const words = BigUint64Array.from({ length: CALL_BYTES / 8 }, (_, i) =>
    i === 0 ? BigInt(FUNCTIONS + 1 + random.below(FUNCTIONS)) : random.operand(),
  )
  return new Uint8Array(words.buffer)
}
