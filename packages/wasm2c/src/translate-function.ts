/**
 * Translates the body of a function. Each place of the value stack is a C variable per type, named by its height
 * (`i3` holds an i32 at height 3), blocks are labels and branches are gotos: the C compiler sees through all of it.
 */

import type { StackUse } from './call-graph.ts'
import { type DefinedFunction, type FunctionType, functionType, type ValueType, type WasmModule } from './module.ts'
import { type Access, LOADS, OPERATIONS, STORES } from './operations.ts'
import { littleEndian } from './parse-module.ts'
import { Reader } from './reader.ts'
import { unsupported } from './wasm-error.ts'

export const C_TYPES: Readonly<Record<ValueType, string>> = { i: 'u32', l: 'u64', f: 'f32', d: 'f64' }
const BLOCK_RESULTS: Readonly<Record<number, ValueType>> = { [-1]: 'i', [-2]: 'l', [-3]: 'f', [-4]: 'd' }

/** Return address and saved registers of a function. */
const SAVED_BYTES = 128

/** Names of the module's things in C. */
export interface Names {
  readonly function: (index: number) => string
  readonly global: (index: number) => string
  /** Name of a function's type, the same for equal types. */
  readonly type: (type: FunctionType) => string
}

interface Label {
  readonly id: number
  readonly kind: 'block' | 'loop' | 'if' | 'else' | 'function'
  /** Height of the stack below the block's parameters. */
  readonly height: number
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

/** A C constant of exactly these bits. */
export function constant(type: ValueType, bits: bigint): string {
  const hex = `0x${bits.toString(16)}`
  if (type === 'i') return `${hex}u`
  if (type === 'l') return `${hex}ull`
  return type === 'f' ? `F32_OF_BITS(${hex}u)` : `F64_OF_BITS(${hex}ull)`
}

/** The C function's head, without a semicolon or body. */
export function signature(name: string, { params, results }: FunctionType): string {
  const list = params.map((type, i) => `${C_TYPES[type]} x${i}`).join(', ')
  return `${results[0] === undefined ? 'void' : C_TYPES[results[0]]} ${name}(${list === '' ? 'void' : list})`
}

/** A translated function. */
export interface TranslatedFunction extends StackUse {
  /** C text from head to closing brace. */
  readonly text: (options: { readonly checksStack: boolean }) => string
}

/** Translates the defined function of that index. */
export function translateFunction(module: WasmModule, names: Names, index: number): TranslatedFunction {
  const defined = module.functions[index - module.imports.length]!
  const body = new BodyTranslator(module, names, defined)
  const lines = body.translate()
  const { type, locals } = defined
  const declared = [
    ...locals.map((local, i) => `${C_TYPES[local]} x${type.params.length + i} = 0;`),
    ...[...body.variables].sort().map((name) => `${C_TYPES[name[0] as ValueType]} ${name};`),
  ]
  return {
    calls: body.calls,
    frameBytes: SAVED_BYTES + 8 * (locals.length + body.variables.size),
    text: ({ checksStack }) =>
      [
        `static ${signature(names.function(index), type)} {`,
        ...(checksStack ? ['CHECK_STACK();'] : []),
        ...declared,
        ...lines,
        '}',
      ].join('\n'),
  }
}

class BodyTranslator {
  readonly variables = new Set<string>()
  readonly calls = new Set<number>()
  readonly #module: WasmModule
  readonly #names: Names
  readonly #function: DefinedFunction
  readonly #reader: Reader
  readonly #lines: string[] = []
  readonly #stack: ValueType[] = []
  readonly #labels: Label[] = []
  #nextLabel = 0

  constructor(module: WasmModule, names: Names, defined: DefinedFunction) {
    this.#module = module
    this.#names = names
    this.#function = defined
    const { bytes, at, end } = defined.body
    this.#reader = new Reader(bytes, at, end)
  }

  translate(): readonly string[] {
    const { type } = this.#function
    this.#openLabel('function', [], type.results)
    while (this.#labels.length > 0) this.#instruction(this.#reader.byte())
    return this.#lines
  }

  #emit(line: string): void {
    this.#lines.push(line)
  }

  #name(type: ValueType, height: number): string {
    const name = `${type}${height}`
    this.variables.add(name)
    return name
  }

  #push(type: ValueType, expression: string): void {
    this.#emit(`${this.#name(type, this.#stack.length)} = ${expression};`)
    this.#stack.push(type)
  }

  #pop(): string {
    const type = this.#stack.pop()!
    return this.#name(type, this.#stack.length)
  }

  #openLabel(kind: Label['kind'], params: readonly ValueType[], results: readonly ValueType[]): Label {
    const label = { id: this.#nextLabel++, kind, height: this.#stack.length - params.length, params, results }
    this.#labels.push(label)
    return label
  }

  #instruction(opcode: number): void {
    const operation = OPERATIONS.get(opcode)
    if (operation !== undefined) this.#operate(operation)
    else if (opcode >= 0x28 && opcode <= 0x35) this.#load(LOADS[opcode - 0x28]!)
    else if (opcode >= 0x36 && opcode <= 0x3e) this.#store(STORES[opcode - 0x36]!)
    else if (opcode >= 0x41 && opcode <= 0x44) this.#constant(opcode)
    else if (opcode === 0xfc) this.#prefixed(0xfc00 + this.#reader.u32())
    else this.#control(opcode)
  }

  #operate({ operands, result, c }: NonNullable<ReturnType<typeof OPERATIONS.get>>): void {
    const b = operands.length === 2 ? this.#pop() : ''
    this.#push(result, c(this.#pop(), b))
  }

  #constant(opcode: number): void {
    const reader = this.#reader
    if (opcode === 0x41) this.#push('i', constant('i', BigInt.asUintN(32, reader.signed(32))))
    else if (opcode === 0x42) this.#push('l', constant('l', BigInt.asUintN(64, reader.signed(64))))
    else if (opcode === 0x43) this.#push('f', constant('f', littleEndian(reader.take(4))))
    else this.#push('d', constant('d', littleEndian(reader.take(8))))
  }

  /** Emits the check of an access and gives its C place. */
  #place(address: string, access: Access): string {
    this.#reader.u32() // The alignment is a hint.
    const offset = this.#reader.u32()
    this.#emit(`CHECK_ACCESS(${address}, ${offset + access.bytes}ull);`)
    return `PLACE(${access.memory}, ${address}, ${offset}ull)`
  }

  #load(access: Access): void {
    const place = this.#place(this.#pop(), access)
    const widen = access.memory.startsWith('s') ? (access.value === 'i' ? '(u32)(s32)' : '(u64)(s64)') : ''
    this.#push(access.value, `${widen}${place}`)
  }

  #store(access: Access): void {
    const value = this.#pop()
    const place = this.#place(this.#pop(), access)
    this.#emit(`${place} = (${access.memory})${value};`)
  }

  #prefixed(opcode: number): void {
    const reader = this.#reader
    const operation = OPERATIONS.get(opcode)
    if (operation !== undefined) {
      this.#operate(operation)
      return
    }
    const three = (): [string, string, string] => {
      const count = this.#pop()
      const from = this.#pop()
      return [this.#pop(), from, count]
    }
    switch (opcode) {
      case 0xfc08: {
        const segment = reader.u32()
        reader.byte()
        this.#emit(`MEMORY_INIT(${segment}, ${three().join(', ')});`)
        return
      }
      case 0xfc09:
        this.#emit(`DATA_DROP(${reader.u32()});`)
        return
      case 0xfc0a:
        reader.take(2)
        this.#emit(`memory_copy(${three().join(', ')});`)
        return
      case 0xfc0b:
        reader.byte()
        this.#emit(`memory_fill(${three().join(', ')});`)
        return
      default:
        throw unsupported(`opcode 0x${opcode.toString(16)}`, `byte ${reader.at} of the module`)
    }
  }

  #control(opcode: number): void {
    const reader = this.#reader
    switch (opcode) {
      case 0x00:
        this.#emit('trap_unreachable();')
        this.#unreachable()
        return
      case 0x01:
        return
      case 0x02:
      case 0x03:
      case 0x04:
        this.#block(opcode)
        return
      case 0x05:
        this.#else()
        return
      case 0x0b:
        this.#end()
        return
      case 0x0c:
        this.#branch(reader.u32())
        this.#unreachable()
        return
      case 0x0d: {
        const condition = this.#pop()
        this.#emit(`if (${condition}) {`)
        this.#branch(reader.u32())
        this.#emit('}')
        return
      }
      case 0x0e:
        this.#branchTable()
        return
      case 0x0f:
        this.#branch(this.#labels.length - 1)
        this.#unreachable()
        return
      case 0x10: {
        const index = reader.u32()
        this.calls.add(index)
        this.#call(this.#names.function(index), functionType(this.#module, index))
        return
      }
      case 0x11:
        this.#callIndirect()
        return
      case 0x1a:
        this.#pop()
        return
      case 0x1c:
        reader.vector(() => reader.byte())
        this.#select()
        return
      case 0x1b:
        this.#select()
        return
      case 0x20:
        this.#localGet(reader.u32())
        return
      case 0x21:
        this.#emit(`x${reader.u32()} = ${this.#pop()};`)
        return
      case 0x22: {
        const top = this.#name(this.#stack.at(-1)!, this.#stack.length - 1)
        this.#emit(`x${reader.u32()} = ${top};`)
        return
      }
      case 0x23: {
        const index = reader.u32()
        this.#push(this.#module.globals[index]!.type, this.#names.global(index))
        return
      }
      case 0x24:
        this.#emit(`${this.#names.global(reader.u32())} = ${this.#pop()};`)
        return
      case 0x3f:
        reader.byte()
        this.#push('i', 'MEMORY_PAGES()')
        return
      case 0x40:
        reader.byte()
        this.#push('i', `memory_grow(${this.#pop()})`)
        return
      default:
        throw unsupported(`opcode 0x${opcode.toString(16)}`, `byte ${reader.at} of the module`)
    }
  }

  #localGet(index: number): void {
    const { type, locals } = this.#function
    this.#push(type.params[index] ?? locals[index - type.params.length]!, `x${index}`)
  }

  #select(): void {
    const condition = this.#pop()
    const second = this.#pop()
    const type = this.#stack.at(-1)!
    const first = this.#pop()
    this.#push(type, `${condition} ? ${first} : ${second}`)
  }

  #blockType(): FunctionType {
    const code = Number(this.#reader.signed(33))
    if (code >= 0) return this.#module.types[code]!
    if (code === -64) return { params: [], results: [] }
    const result = BLOCK_RESULTS[code]
    if (result === undefined) throw unsupported('a block of another type', `byte ${this.#reader.at} of the module`)
    return { params: [], results: [result] }
  }

  #block(opcode: number): void {
    const { params, results } = this.#blockType()
    const condition = opcode === 0x04 ? this.#pop() : undefined
    const { id } = this.#openLabel(opcode === 0x02 ? 'block' : opcode === 0x03 ? 'loop' : 'if', params, results)
    if (opcode === 0x03) this.#emit(`L${id}:;`)
    // No braces: compilers bound how deep those are nested.
    if (condition !== undefined) this.#emit(`if (!${condition}) goto E${id};`)
  }

  #else(): void {
    const label = this.#labels.pop()!
    const { id, height, params } = label
    this.#labels.push({ ...label, kind: 'else' })
    this.#stack.length = height
    this.#stack.push(...params)
    this.#emit(`goto L${id};`)
    this.#emit(`E${id}:;`)
  }

  #end(): void {
    const { id, kind, height, results } = this.#labels.pop()!
    this.#stack.length = height
    this.#stack.push(...results)
    if (kind === 'if') this.#emit(`E${id}:;`)
    if (kind !== 'loop') this.#emit(`L${id}:;`)
    if (kind === 'function' && results.length > 0) this.#emit(`return ${this.#pop()};`)
  }

  /** Moves the values that a label takes to its height, and jumps. */
  #branch(depth: number): void {
    const { id, kind, height, params, results } = this.#labels[this.#labels.length - 1 - depth]!
    const values = kind === 'loop' ? params : results
    const from = this.#stack.length - values.length
    // From below: a place is read before a value from above is moved there.
    if (from !== height)
      values.forEach((type, i) => {
        this.#emit(`${this.#name(type, height + i)} = ${this.#name(type, from + i)};`)
      })
    this.#emit(`goto L${id};`)
  }

  #branchTable(): void {
    const index = this.#pop()
    const depths = this.#reader.vector(() => this.#reader.u32())
    const other = this.#reader.u32()
    this.#emit(`switch (${index}) {`)
    const cases = new Map<number, number[]>()
    depths.forEach((depth, i) => {
      if (depth !== other) cases.set(depth, [...(cases.get(depth) ?? []), i])
    })
    for (const [depth, values] of cases) {
      this.#emit(values.map((value) => `case ${value}:`).join(' '))
      this.#branch(depth)
    }
    this.#emit('default:')
    this.#branch(other)
    this.#emit('}')
    this.#unreachable()
  }

  #call(callee: string, { params, results }: FunctionType): void {
    const values = params.map(() => this.#pop()).reverse()
    const text = `${callee}(${values.join(', ')})`
    if (results[0] === undefined) this.#emit(`${text};`)
    else this.#push(results[0], text)
  }

  #callIndirect(): void {
    const type = this.#module.types[this.#reader.u32()]!
    this.#reader.u32()
    if (type.results.length > 1) throw unsupported('a function with several results')
    this.calls.add(-1)
    const index = this.#pop()
    const name = this.#names.type(type)
    this.#emit(`CHECK_CALL(${index}, ID_${name});`)
    this.#call(`((${name})wasm_table[${index}].code)`, type)
  }

  /** Skips instructions that cannot be reached, to the `end` or `else` of the innermost block. */
  #unreachable(): void {
    const reader = this.#reader
    for (let depth = 0; ; ) {
      const opcode = reader.byte()
      if (opcode >= 0x02 && opcode <= 0x04) depth++
      if (depth === 0 && (opcode === 0x05 || opcode === 0x0b)) {
        this.#control(opcode)
        return
      }
      if (opcode === 0x0b) depth--
      skipImmediates(opcode, reader)
    }
  }
}

/** Steps over what follows an opcode. */
function skipImmediates(opcode: number, reader: Reader): void {
  const immediates = opcode === 0xfc ? prefixedImmediates(reader.u32(), reader) : immediatesOf(opcode)
  if (immediates === undefined) throw unsupported(`opcode 0x${opcode.toString(16)}`, `byte ${reader.at} of the module`)
  for (const kind of immediates) SKIP[kind](reader)
}

const SKIP = {
  u: (reader: Reader): unknown => reader.u32(),
  v: (reader: Reader): unknown => reader.vector(() => reader.u32()),
  s: (reader: Reader): unknown => reader.signed(33),
  l: (reader: Reader): unknown => reader.signed(64),
  f: (reader: Reader): unknown => reader.take(4),
  d: (reader: Reader): unknown => reader.take(8),
}
type Immediate = keyof typeof SKIP

/** What follows each opcode that is not an operation on values; i32 constants fit the reading of 33 bits. */
const IMMEDIATES: ReadonlyMap<number, readonly Immediate[]> = new Map<number, readonly Immediate[]>([
  ...[0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b].map((opcode) => [opcode, []] as const),
  ...[0x0c, 0x0d, 0x10, 0x20, 0x21, 0x22, 0x23, 0x24, 0x3f, 0x40].map((opcode) => [opcode, ['u']] as const),
  ...[0x02, 0x03, 0x04, 0x41].map((opcode) => [opcode, ['s']] as const),
  [0x0e, ['v', 'u']],
  [0x11, ['u', 'u']],
  [0x1c, ['v']],
  [0x42, ['l']],
  [0x43, ['f']],
  [0x44, ['d']],
  ...[...LOADS, ...STORES].map((_, i) => [0x28 + i, ['u', 'u']] as const),
])

const immediatesOf = (opcode: number): readonly Immediate[] | undefined =>
  OPERATIONS.has(opcode) ? [] : IMMEDIATES.get(opcode)

function prefixedImmediates(opcode: number, reader: Reader): readonly Immediate[] {
  if (opcode < 8) return []
  if (opcode === 8 || opcode === 10) return ['u', 'u']
  if (opcode === 9 || opcode === 11) return ['u']
  throw unsupported(`opcode 0x${(0xfc00 + opcode).toString(16)}`, `byte ${reader.at} of the module`)
}
