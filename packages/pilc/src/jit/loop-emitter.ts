import { findBinding } from '../eval/names.ts'
import type { Runtime } from '../eval/runtime.ts'
import type { Binding, FunctionBinding, Scope, Variable } from '../eval/scope.ts'
import { ArrayValue, isInt } from '../eval/value.ts'
import type { FixedStore } from '../fixed/fixed-store.ts'
import type { Expr, NameNode } from '../parser/ast.ts'
import type { Span } from '../source/source-file.ts'

/** Places in generated code that are filled in last; no string literal can contain them, they hold a control character. */
export const MARK: Readonly<Record<'round' | 'flush' | 'reload', string>> = {
  round: '\u0001round',
  flush: '\u0001flush',
  reload: '\u0001reload',
}

/** Thrown by the emitter for what stays with the interpreter. */
export class NotCompilable extends Error {
  override readonly name = 'NotCompilable'
}

/** What an outside name of a loop is. */
export type CellKind = 'int' | 'array' | 'column' | 'columns' | 'function'

/** An outside name of a loop with what it is bound to. */
export interface Cell {
  readonly kind: CellKind
  readonly node: NameNode
  readonly js: string
  readonly dimensions: number
  variable: Variable | undefined
  array: ArrayValue | undefined
  store: FixedStore | undefined
  fn: FunctionBinding | undefined
  value: unknown
  assigned: boolean
  read: boolean
  written: boolean
}

/** A name declared inside the loop. */
type Local = { readonly js: string; readonly dimensions: number; readonly isConst: boolean }

/** What a binding can be for a compiled loop. */
export function classify(binding: Binding | undefined): { kind: CellKind; dimensions: number } | undefined {
  if (binding === undefined) return undefined
  if (binding.kind === 'function') return { kind: 'function', dimensions: 0 }
  if (binding.kind !== 'variable' && binding.kind !== 'fixed') return undefined
  const { value } = binding
  if (isInt(value)) return { kind: 'int', dimensions: 0 }
  if (typeof value !== 'object') return undefined
  if (value instanceof ArrayValue) {
    if (value.writable && value.type === 'int') return { kind: 'array', dimensions: 1 + value.inner.length }
    const first = value.length > 0 ? value.get(0) : undefined
    const columns = !value.writable && typeof first === 'object' && first.tag === 'column' && first.kind === 'fixed'
    return columns ? { kind: 'columns', dimensions: 1 } : undefined
  }
  if (value.tag === 'column' && value.store !== undefined && value.store.external === undefined)
    return { kind: 'column', dimensions: 0 }
  return undefined
}

/** Names, cells and expressions of one loop under compilation. */
export class LoopEmitter {
  readonly rt: Runtime
  readonly cells: Map<string, Cell> = new Map()
  readonly spans: Span[] = []
  /** Set when the loop does more than fill columns: prints, calls functions, writes arrays. */
  hasEffects = false
  readonly #scope: Scope
  #locals: Map<string, Local>[] = []
  #count = 0

  constructor(rt: Runtime, scope: Scope) {
    this.rt = rt
    this.#scope = scope
  }

  fail(why: string): never {
    throw new NotCompilable(why)
  }

  /** Number under which generated code reports a place. */
  place(span: Span): number {
    return this.spans.push(span) - 1
  }

  withBlock<T>(body: () => T): T {
    this.#locals.push(new Map())
    try {
      return body()
    } finally {
      this.#locals.pop()
    }
  }

  declareLocal(name: string, dimensions: number, isConst: boolean): string {
    const block = this.#locals.at(-1)!
    if (block.has(name)) this.fail('a name declared twice')
    const js = `l${this.#count++}`
    block.set(name, { js, dimensions, isConst })
    return js
  }

  #findLocal(node: NameNode): Local | undefined {
    if (node.segments.length !== 1) return undefined
    for (let i = this.#locals.length - 1; i >= 0; i--) {
      const local = this.#locals[i]!.get(node.segments[0] as string)
      if (local !== undefined) return local
    }
    return undefined
  }

  /** The cell of an outside name. */
  cell(node: NameNode): Cell {
    if (node.segments.some((segment) => typeof segment !== 'string')) this.fail('a computed name')
    const key = node.segments.join('.')
    const known = this.cells.get(key)
    if (known !== undefined) return known
    const binding = findBinding(this.rt, node, this.#scope)
    const kind = classify(binding)
    if (kind === undefined) this.fail(`${key} is no integer, array or fixed column`)
    const cell: Cell = {
      ...kind,
      node,
      js: `c${this.cells.size}`,
      variable: undefined,
      array: undefined,
      store: undefined,
      fn: undefined,
      value: undefined,
      assigned: false,
      read: false,
      written: false,
    }
    bindCell(cell, binding!)
    this.cells.set(key, cell)
    return cell
  }

  // ---- expressions ----

  /** JavaScript of an integer expression. */
  int(node: Expr): string {
    switch (node.kind) {
      case 'int':
        return typeof node.value === 'bigint' ? `${node.value}n` : node.value < 0 ? `(${node.value})` : `${node.value}`
      case 'name':
        return this.#intName(node)
      case 'unary':
        if (node.op === '+') return this.int(node.operand)
        return node.op === '-' ? `neg(${this.int(node.operand)})` : `(${this.condition(node)}?1:0)`
      case 'binary': {
        const call = CALLS[node.op]
        if (call === undefined) return `(${this.condition(node)}?1:0)`
        return `${call}(${this.int(node.left)},${this.int(node.right)})`
      }
      case 'ternary':
        return `(${this.condition(node.condition)}?${this.int(node.then)}:${this.int(node.otherwise)})`
      case 'index':
        return this.#readIndex(node)
      case 'call':
        return this.#intCall(node)
      default:
        return this.fail(`${node.kind} in a loop`)
    }
  }

  /** JavaScript of a condition, as a boolean. */
  condition(node: Expr): string {
    if (node.kind === 'unary' && node.op === '!') return `!(${this.condition(node.operand)})`
    if (node.kind === 'binary') {
      if (node.op === '&&' || node.op === '||')
        return `((${this.condition(node.left)})${node.op}(${this.condition(node.right)}))`
      const compare = COMPARISONS[node.op]
      if (compare !== undefined) return `(${this.int(node.left)}${compare}${this.int(node.right)})`
    }
    return `(${this.int(node)})!==0`
  }

  /** JavaScript of a text, for messages. */
  text(node: Expr): string {
    if (node.kind === 'string') return JSON.stringify(node.value)
    if (node.kind === 'template') {
      const parts = node.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : this.text(part)))
      return `(""${parts.map((part) => `+${part}`).join('')})`
    }
    return `String(${this.int(node)})`
  }

  #intName(node: NameNode): string {
    const local = this.#findLocal(node)
    if (local !== undefined) return local.dimensions === 0 ? local.js : this.fail('an array as an integer')
    const cell = this.cell(node)
    return cell.kind === 'int' ? cell.js : this.fail('no integer')
  }

  /** JavaScript of an array, with the number of dimensions left. */
  array(node: Expr): { js: string; dimensions: number; columns: boolean; cell: Cell | undefined } | undefined {
    if (node.kind === 'name') {
      const local = this.#findLocal(node)
      if (local !== undefined)
        return local.dimensions > 0
          ? { js: local.js, dimensions: local.dimensions, columns: false, cell: undefined }
          : undefined
      const cell = this.cell(node)
      if (cell.kind !== 'array' && cell.kind !== 'columns') return undefined
      return { js: cell.js, dimensions: cell.dimensions, columns: cell.kind === 'columns', cell }
    }
    if (node.kind !== 'index') return undefined
    const base = this.array(node.base)
    if (base === undefined || base.dimensions < 2) return undefined
    return { ...base, js: `nested(${base.js},${this.int(node.index)})`, dimensions: base.dimensions - 1 }
  }

  /** A fixed column: a cell of its own, or an element of an array of columns. */
  column(node: Expr): { cell: Cell } | { js: string } | undefined {
    if (node.kind === 'name') {
      if (this.#findLocal(node) !== undefined) return undefined
      const cell = this.cell(node)
      return cell.kind === 'column' ? { cell } : undefined
    }
    if (node.kind !== 'index') return undefined
    const base = this.array(node.base)
    if (base === undefined || !base.columns || base.dimensions !== 1) return undefined
    this.hasEffects = true
    return { js: `storeAt(${base.js},${this.int(node.index)})` }
  }

  #readIndex(node: Expr & { kind: 'index' }): string {
    const column = this.column(node.base)
    const index = this.int(node.index)
    if (column !== undefined) {
      if ('js' in column) return `readStore(${column.js},${index})`
      column.cell.read = true
      return `readRow(${column.cell.js}h,${index},${column.cell.js}n)`
    }
    const array = this.array(node.base)
    if (array === undefined || array.dimensions !== 1 || array.columns) return this.fail('an index')
    if (array.cell !== undefined) array.cell.read = true
    return `element(${array.js},${index})`
  }

  #intCall(node: Expr & { kind: 'call' }): string {
    const known = this.isProgramFunction(node.callee)
    const name = node.callee.segments.join('.')
    if (!known) {
      const arg = node.args[0]
      if (node.args.length !== 1 || arg === undefined || arg.spread || arg.name !== undefined) return this.fail(name)
      if (name === 'log2') return `log2(${this.int(arg.value)})`
      const array = name === 'length' ? this.array(arg.value) : undefined
      return array === undefined ? this.fail(name) : `${array.js}.length`
    }
    return this.call(node)
  }

  isConstLocal(node: NameNode): boolean {
    return this.#findLocal(node)?.isConst === true
  }

  isProgramFunction(callee: NameNode): boolean {
    if (callee.segments.some((segment) => typeof segment !== 'string')) this.fail('a computed name')
    return findBinding(this.rt, callee, this.#scope) !== undefined
  }

  /** A call whose value nobody wants. */
  callStatement(node: Expr & { kind: 'call' }): string {
    return this.call(node).replace('T=call(', 'T=run(')
  }

  /** A call of a function of the program, which the interpreter runs. */
  call(node: Expr & { kind: 'call' }): string {
    if (this.#findLocal(node.callee) !== undefined) this.fail('a call of a variable')
    const cell = this.cell(node.callee)
    if (cell.kind !== 'function') this.fail('no function')
    this.hasEffects = true
    const args = node.args.map((arg) => {
      if (arg.spread) this.fail('a spread argument')
      const array = arg.value.kind === 'name' || arg.value.kind === 'index' ? this.array(arg.value) : undefined
      return `[${JSON.stringify(arg.name ?? null)},${array === undefined ? this.int(arg.value) : array.js}]`
    })
    // Outside variables live in locals of the generated code: hand them back around the call.
    return `(${MARK.flush},T=call(${cell.js},[${args.join(',')}],${this.place(node.span)}),${MARK.reload},T)`
  }
}

/** Fills in what a cell is bound to. */
export function bindCell(cell: Cell, binding: Binding): void {
  if (binding.kind === 'function') cell.fn = binding
  else if (binding.kind === 'variable' || binding.kind === 'fixed') {
    const { value } = binding
    cell.variable = binding.kind === 'variable' ? binding : undefined
    cell.array = value instanceof ArrayValue ? value : undefined
    cell.store = typeof value === 'object' && value.tag === 'column' ? value.store : undefined
    cell.value = value
  }
}

const CALLS: Readonly<Record<string, string | undefined>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
  '**': 'pow',
  '<<': 'shl',
  '>>': 'shr',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
}

const COMPARISONS: Readonly<Record<string, string | undefined>> = {
  '==': '===',
  '!=': '!==',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
}

/** Operator of `op=` as a call, undefined for `=`. */
export function compoundCall(op: string): string | undefined {
  return op === '=' ? undefined : CALLS[op.slice(0, -1)]
}
