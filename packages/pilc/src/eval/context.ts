import type { AirBuilder, AirGroupBuilder, NamedEntry } from '@zisk/air'
import type { FixedStore } from '../fixed/fixed-store.ts'
import type { CallNode } from '../parser/ast.ts'
import type { TrailStep } from '../source/pil-error.ts'
import type { Span } from '../source/source-file.ts'
import { type FunctionBinding, Namespace, type Scope } from './scope.ts'

/** A call put off until its scope closes. */
interface FinalCall {
  readonly binding: FunctionBinding
  readonly priority: number
  readonly order: number
  readonly call: CallNode
  readonly scope: Scope
  readonly trail: readonly TrailStep[]
}

/** Calls put off until a scope closes: one per function, the highest priority first, then in order of request. */
export class FinalQueue {
  readonly #known = new Set<FunctionBinding['node']>()
  readonly #pending: FinalCall[] = []
  #order = 0

  add(call: Omit<FinalCall, 'order'>): void {
    if (this.#known.has(call.binding.node)) return
    this.#known.add(call.binding.node)
    this.#pending.push({ ...call, order: this.#order++ })
  }

  /** Takes the next call; calls added while one runs take their place by priority. */
  next(): FinalCall | undefined {
    if (this.#pending.length === 0) return undefined
    let best = 0
    for (let i = 1; i < this.#pending.length; i++) {
      const call = this.#pending[i]!
      const first = this.#pending[best]!
      if (call.priority > first.priority || (call.priority === first.priority && call.order < first.order)) best = i
    }
    return this.#pending.splice(best, 1)[0]
  }
}

/** An air group while it is open. */
export class AirGroupContext {
  readonly name: string
  readonly builder: AirGroupBuilder
  readonly namespace: Namespace = new Namespace('airgroup')
  readonly finals: FinalQueue = new FinalQueue()
  /** Names of its AIRs. */
  readonly airNames: Set<string> = new Set()
  /** Labels of its air-group values, by index. */
  readonly valueLabels: string[] = []
  readonly valueNames: Set<string> = new Set()

  constructor(name: string, builder: AirGroupBuilder) {
    this.name = name
    this.builder = builder
  }
}

/** File of `#pragma extern_fixed_file`. */
export interface ExternalFile {
  /** As the program names it. */
  readonly path: string
  /** Where it is, when its columns can be read. */
  readonly found: string | undefined
  readonly rows: number
  readonly span: Span
  /** How many of its columns are taken. */
  columns: number
}

/** One AIR (or virtual AIR) while it is built, and as the owner of its columns afterwards. */
export class AirContext {
  readonly name: string
  readonly template: string
  readonly group: AirGroupContext
  readonly isVirtual: boolean
  /** For a virtual AIR it collects columns that never reach the program. */
  readonly builder: AirBuilder
  readonly namespace: Namespace = new Namespace('air')
  readonly finals: FinalQueue = new FinalQueue()
  readonly span: Span
  /** Set when the first column exists: from then on `N` is fixed. */
  rows: number | undefined
  /** Set when `N` was read and found wrong. */
  rowsRefused = false
  /** Owner of the columns that are not committed: they cannot be used in an expression of this AIR. */
  #uncommitted: AirContext | undefined
  /** File of the fixed columns that follow. */
  externalFile: ExternalFile | undefined
  readonly commits: Map<string, { readonly index: number }> = new Map()
  /** Contents of the fixed columns, by index. */
  readonly fixedStores: FixedStore[] = []
  /** Columns made by `col fixed virtual(R)`. */
  uncommitted = 0
  /** Labels of what expressions name by index, for texts. */
  readonly labels: {
    readonly witness: string[]
    readonly fixed: string[]
    readonly custom: string[]
    readonly airValue: string[]
  } = { witness: [], fixed: [], custom: [], airValue: [] }

  constructor(options: {
    readonly name: string
    readonly template: string
    readonly group: AirGroupContext
    readonly isVirtual: boolean
    readonly builder: AirBuilder
    readonly span: Span
  }) {
    this.name = options.name
    this.template = options.template
    this.group = options.group
    this.isVirtual = options.isVirtual
    this.builder = options.builder
    this.span = options.span
  }

  uncommittedOwner(): AirContext {
    this.#uncommitted ??= new AirContext({ ...this, name: `${this.name} (columns that are not committed)` })
    return this.#uncommitted
  }
}

/** `name[i][j]`. */
export function indexedLabel(entry: NamedEntry): string {
  return entry.name + entry.index.map((i) => `[${i}]`).join('')
}
