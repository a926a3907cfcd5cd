/**
 * One WebAssembly function under construction: parameters and locals, statements in program order, structured control.
 * Bodies are closures, so nesting in the generator is nesting in the function.
 */
import { ByteSink, unsigned, vector } from './encoding.ts'
import { type Expression, expression, i32Constant, type Local, type ValueType } from './expression.ts'
import { i32 } from './integers.ts'

const TYPE_BYTE: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b }
const VOID_BLOCK = 0x40
const VECTOR_CONSTANT = 0x0c

/** Parameter and result types of a function. At most one result. */
export interface Signature {
  readonly params: readonly ValueType[]
  readonly result?: ValueType | undefined
}

/** The target of a branch: the end of a block or the start of a loop. */
export interface Label {
  readonly depth: number
}

/** A function that can be called; `index` is its place in the module's function index space. */
export interface FunctionRef {
  readonly signature: Signature
  readonly index: number
}

export function signatureBytes({ params, result }: Signature): number[] {
  const results = result === undefined ? [] : [[TYPE_BYTE[result]]]
  return [0x60, ...vector(params.map((type) => [TYPE_BYTE[type]])), ...vector(results)]
}

export function valueTypeByte(type: ValueType): number {
  return TYPE_BYTE[type]
}

/** A call as an expression (or as a statement where the function has no result). */
export function call(target: FunctionRef, ...args: readonly Expression[]): Expression {
  const { params, result } = target.signature
  if (args.length !== params.length) throw new TypeError(`expected ${params.length} arguments, got ${args.length}`)
  return expression(result ?? 'void', [0x10, ...unsigned(target.index)], args, params)
}

/** One local for each parameter type. */
export type Params<P extends readonly ValueType[]> = { readonly [K in keyof P]: Local }

export class FunctionBuilder<P extends readonly ValueType[] = readonly ValueType[]> implements FunctionRef {
  readonly signature: Signature
  readonly index: number
  readonly params: Params<P>
  readonly #locals: ValueType[] = []
  readonly #code = new ByteSink()
  /** Vector constants, 18 bytes each, are set to locals once at the entry of the function. */
  readonly #constants = new Map<string, HoistedConstant>()
  /** The same by expression, for expressions that are used many times. */
  readonly #hoisted = new Map<Expression, HoistedConstant>()
  #depth = 0

  constructor(index: number, signature: Signature & { readonly params: P }) {
    this.index = index
    this.signature = signature
    this.params = signature.params.map((type, i) => makeLocal(type, i)) as unknown as Params<P>
  }

  /** A fresh local, zero at first. */
  local(type: ValueType): Local {
    this.#locals.push(type)
    return makeLocal(type, this.params.length + this.#locals.length - 1)
  }

  /** A fresh local that holds `value`: the value is computed here, once. */
  let(value: Expression): Local {
    if (value.type === 'void') throw new TypeError('expected a value, got a statement')
    const local = this.local(value.type)
    this.set(local, value)
    return local
  }

  set(target: Local, value: Expression): void {
    this.emit(expression('void', [0x21, ...unsigned(target.index)], [value], [target.type]))
  }

  /** Appends a statement. @throws {TypeError} when it leaves a value. */
  emit(statement: Expression): void {
    if (statement.type !== 'void') throw new TypeError(`expected a statement, got a value of type ${statement.type}`)
    this.#write(statement)
  }

  /** A block; a branch to its label leaves it. */
  block(body: (label: Label) => void): void {
    this.#nest([0x02, VOID_BLOCK], body)
  }

  /** A loop; a branch to its label starts it again, falling through leaves it. */
  loop(body: (label: Label) => void): void {
    this.#nest([0x03, VOID_BLOCK], body)
  }

  if(condition: Expression, then: () => void, otherwise?: () => void): void {
    this.#expect(condition, 'i32')
    this.#write(condition)
    this.#nest([0x04, VOID_BLOCK], () => {
      then()
      if (otherwise !== undefined) {
        this.#code.push(0x05)
        otherwise()
      }
    })
  }

  branch(label: Label): void {
    this.#code.push(0x0c)
    this.#code.append(unsigned(this.#depth - label.depth))
  }

  branchIf(label: Label, condition: Expression): void {
    this.#expect(condition, 'i32')
    this.#write(condition)
    this.#code.push(0x0d)
    this.#code.append(unsigned(this.#depth - label.depth))
  }

  /** Runs the body for counter = start, start + step, ... while counter < end (unsigned); `end` must not change. */
  for(counter: Local, start: Expression, end: Expression, step: number | Expression, body: () => void): void {
    const increment = typeof step === 'number' ? i32Constant(step) : step
    this.set(counter, start)
    this.if(i32.lt_u(counter, end), () => {
      this.loop((again) => {
        body()
        this.set(counter, i32.add(counter, increment))
        this.branchIf(again, i32.lt_u(counter, end))
      })
    })
  }

  /** Returns `value`, or nothing from a function without result. */
  return(value?: Expression): void {
    const { result } = this.signature
    if (value !== undefined) {
      if (result === undefined) throw new TypeError('expected no return value')
      this.#expect(value, result)
      this.#write(value)
    } else if (result !== undefined) {
      throw new TypeError(`expected a return value of type ${result}`)
    }
    this.#code.push(0x0f)
  }

  /** The entry of the code section, in parts: locals, code, end. A function with a result must end in `return`. */
  toParts(): ArrayLike<number>[] {
    const runs: { type: ValueType; count: number }[] = []
    for (const type of this.#locals) {
      const last = runs.at(-1)
      if (last?.type === type) last.count++
      else runs.push({ type, count: 1 })
    }
    const locals = vector(runs.map(({ type, count }) => [...unsigned(count), TYPE_BYTE[type]]))
    const tail = this.signature.result === undefined ? [0x0b] : [0x00, 0x0b]
    const entry = [...this.#constants.values()].flatMap((local) => [...local.constant, 0x21, ...unsigned(local.index)])
    const size = locals.length + entry.length + this.#code.length + tail.length
    return [unsigned(size), locals, entry, this.#code.view(), tail]
  }

  #nest(opening: readonly number[], body: (label: Label) => void): void {
    this.#code.append(opening)
    this.#depth++
    body({ depth: this.#depth })
    this.#depth--
    this.#code.push(0x0b)
  }

  #expect(value: Expression, type: ValueType): void {
    if (value.type !== type) throw new TypeError(`expected a value of type ${type}, got ${value.type}`)
  }

  #write(node: Expression): void {
    const { opcode, operands } = node
    if (opcode[0] === 0xfd && opcode[1] === VECTOR_CONSTANT) {
      this.#code.append(this.#hoist(node).opcode)
      return
    }
    for (let i = 0; i < operands.length; i++) this.#write(operands[i]!)
    this.#code.append(opcode)
  }

  #hoist(node: Expression): HoistedConstant {
    const known = this.#hoisted.get(node)
    if (known !== undefined) return known
    const key = node.opcode.join()
    const hoisted = this.#constants.get(key) ?? { ...this.local('v128'), constant: node.opcode }
    this.#constants.set(key, hoisted)
    this.#hoisted.set(node, hoisted)
    return hoisted
  }
}

/** A local that is set to a vector constant at the entry of the function. */
interface HoistedConstant extends Local {
  readonly constant: readonly number[]
}

function makeLocal(type: ValueType, index: number): Local {
  return { type, index, opcode: [0x20, ...unsigned(index)], operands: [] }
}
