import type { ExprId } from '@zisk/air'
import type { FixedStore } from '../fixed/fixed-store.ts'
import type { VariableType } from '../parser/ast.ts'
import type { AirContext } from './context.ts'
import type { Int } from './int.ts'

/** A value of the evaluator. Expressions that are constant are integers. */
export type Value = Int | string | ExprValue | ColumnValue | ArrayValue

/** An expression that depends on columns or on values known only when proving. */
export interface ExprValue {
  readonly tag: 'expr'
  readonly id: ExprId
  /** The AIR whose columns or air values it reads; null when it reads none. */
  readonly owner: AirContext | null
}

/** A column as such: usable as an expression, and, when fixed, readable and writable row by row. */
export interface ColumnValue {
  readonly tag: 'column'
  readonly kind: 'witness' | 'fixed' | 'custom'
  readonly owner: AirContext
  readonly index: number
  readonly label: string
  readonly id: ExprId
  /** Contents of a fixed column. */
  readonly store: FixedStore | undefined
}

/** How many elements the arrays of a program may still take. */
export interface CellBudget {
  left: number
}

/** Thrown when the arrays of a program hold too much. */
export class CellLimit extends Error {
  override readonly name = 'CellLimit'
}

/**
 * An array. Elements come into being when they are first touched, so that the large arrays of published programs
 * cost nothing until used.
 */
export class ArrayValue {
  readonly tag = 'array'
  readonly type: VariableType
  /** Each element may be assigned once. */
  readonly isConst: boolean
  readonly length: number
  /** Lengths of the nested dimensions; empty for a one-dimensional array. */
  readonly inner: readonly number[]
  /** False for arrays of columns, publics and the like. */
  readonly writable: boolean
  readonly #items: (Value | undefined)[]
  readonly #budget: CellBudget | undefined

  constructor(options: {
    readonly budget?: CellBudget | undefined
    readonly type: VariableType
    readonly isConst: boolean
    readonly dims: readonly number[]
    readonly items?: readonly (Value | undefined)[]
    readonly writable?: boolean
  }) {
    this.type = options.type
    this.isConst = options.isConst
    this.length = options.dims[0]!
    this.inner = options.dims.slice(1)
    this.writable = options.writable ?? true
    this.#budget = options.budget
    this.#items = options.items === undefined ? [] : [...options.items]
  }

  /** The element, or undefined when it is an element of a constant array not assigned yet. */
  get(index: number): Value | undefined {
    const item = this.#items[index]
    if (item !== undefined) return item
    if (this.inner.length > 0) {
      const { type, isConst, inner: dims } = this
      this.#count()
      const nested = new ArrayValue({ type, isConst, dims, budget: this.#budget })
      this.#items[index] = nested
      return nested
    }
    return this.isConst ? undefined : defaultValue(this.type)
  }

  /** True when the element has been given a value. */
  has(index: number): boolean {
    return this.#items[index] !== undefined
  }

  set(index: number, value: Value): void {
    if (this.#items[index] === undefined) this.#count()
    this.#items[index] = value
  }

  #count(): void {
    if (this.#budget !== undefined && --this.#budget.left < 0) throw new CellLimit()
  }

  /** All elements, with the default of the type where none was assigned. */
  values(): Value[] {
    return Array.from({ length: this.length }, (_, i) => this.get(i) ?? defaultValue(this.type))
  }
}

/** Value of a variable that was declared without one. */
export function defaultValue(type: VariableType): Value {
  return type === 'string' ? '' : 0
}

/** An array of given values, one-dimensional as far as this level knows. */
export function arrayOf(items: readonly Value[], type: VariableType = 'expr'): ArrayValue {
  return new ArrayValue({ type, isConst: false, dims: [items.length], items })
}

export function isInt(value: Value | undefined): value is Int {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** True for what can take part in an expression as a non-constant. */
export function isSymbolic(value: Value): value is ExprValue | ColumnValue {
  return typeof value === 'object' && value.tag !== 'array'
}

/** How a message names the kind of a value. */
export function describeValue(value: Value): string {
  if (isInt(value)) {
    const digits = String(value)
    return digits.length > 24 ? 'a large integer' : `the integer ${digits}`
  }
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`
  if (value.tag === 'array') return `an array of ${value.length}`
  return value.tag === 'column' ? `the ${value.kind} column ${value.label}` : 'an expression'
}
