/** Puts WebAssembly modules together for tests. Types are letters: i32 `i`, i64 `l`, f32 `f`, f64 `d`. */

export type Type = 'i' | 'l' | 'f' | 'd'

const CODES: Readonly<Record<string, number>> = { i: 0x7f, l: 0x7e, f: 0x7d, d: 0x7c }

export interface FunctionSpec {
  /** Parameters and result: `il:i`. */
  readonly type: string
  readonly locals?: string
  readonly body: readonly number[]
}

export interface ModuleSpec {
  /** `module.name` and type. */
  readonly imports: readonly (readonly [name: string, type: string])[]
  readonly functions: readonly FunctionSpec[]
  /** Pages at the start and at most. */
  readonly memory: readonly [number, number]
  /** Function indexes; `undefined` leaves an entry empty. */
  readonly table?: readonly (number | undefined)[]
  /** Types of mutable globals that begin at 0. */
  readonly globals?: string
  /** A passive segment. */
  readonly data?: readonly number[]
  /** Types that only indirect calls name. */
  readonly types?: readonly string[]
  /** Index of the function that is exported as main. */
  readonly main: number
}

export function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(Math.floor(value / 0x80))]
}

function signed(value: bigint): number[] {
  const low = Number(value & 0x7fn)
  const rest = value >> 7n
  return (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40) ? [low] : [low | 0x80, ...signed(rest)]
}

const littleEndian = (bits: bigint, length: number): number[] =>
  Array.from({ length }, (_, i) => Number((bits >> BigInt(8 * i)) & 0xffn))

/** The instruction that pushes a constant of these bits. */
export function constant(type: Type, bits: bigint): number[] {
  if (type === 'i') return [0x41, ...signed(BigInt.asIntN(32, bits))]
  if (type === 'l') return [0x42, ...signed(BigInt.asIntN(64, bits))]
  return type === 'f' ? [0x43, ...littleEndian(bits, 4)] : [0x44, ...littleEndian(bits, 8)]
}

const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()]
const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content]
const text = (value: string): number[] => vector([...Buffer.from(value)].map((byte) => [byte]))
const types = (letters: string): number[] => vector([...letters].map((letter) => [CODES[letter]!]))

/** All function types of a module, in the order of their indexes. */
export function typeList({ imports, functions, types: more = [] }: Omit<ModuleSpec, 'main' | 'memory'>): string[] {
  return [...new Set([...imports.map(([, type]) => type), ...functions.map(({ type }) => type), ...more])]
}

export function buildModule(spec: ModuleSpec): Uint8Array {
  const { imports, functions, memory, table, globals = '', data } = spec
  const list = typeList(spec)
  const typeIndex = (type: string): number[] => unsigned(list.indexOf(type))
  const elements = (table ?? []).flatMap((index, at) =>
    index === undefined ? [] : [[0, ...constant('i', BigInt(at)), 0x0b, 1, ...unsigned(index)]],
  )
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(list.map((type) => [0x60, ...type.split(':').flatMap(types)]))),
    ...section(
      2,
      vector(
        imports.map(([name, type]) => {
          const [from, ...rest] = name.split('.') as [string, ...string[]]
          return [...text(from), ...text(rest.join('.')), 0, ...typeIndex(type)]
        }),
      ),
    ),
    ...section(3, vector(functions.map(({ type }) => typeIndex(type)))),
    ...(table === undefined ? [] : section(4, [1, 0x70, 0, ...unsigned(table.length)])),
    ...section(5, [1, 1, ...unsigned(memory[0]), ...unsigned(memory[1])]),
    ...section(6, vector([...globals].map((type) => [CODES[type]!, 1, ...constant(type as Type, 0n), 0x0b]))),
    ...section(
      7,
      vector([
        [...text('main'), 0, ...unsigned(spec.main)],
        [...text('memory'), 2, 0],
      ]),
    ),
    ...section(9, vector(elements)),
    ...(data === undefined ? [] : section(12, [1])),
    ...section(
      10,
      vector(
        functions.map(({ locals = '', body }) => {
          const content = [...vector([...locals].map((type) => [1, CODES[type]!])), ...body, 0x0b]
          return [...unsigned(content.length), ...content]
        }),
      ),
    ),
    ...(data === undefined ? [] : section(11, [1, 1, ...unsigned(data.length), ...data])),
  ])
}
