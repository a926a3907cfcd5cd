import { type ExprId, NODE, PiloutBuilder, type SourceRef } from '@zisk/air'
import type { FixedStore } from '../fixed/fixed-store.ts'
import type { TableAnalysis } from '../fixed/table-analysis.ts'
import type { Argument, CallNode, Expr, FunctionNode, NameNode, NameSegment, Statement } from '../parser/ast.ts'
import { errorDiagnostic, type PilDiagnostic, type PilWarningCode, warningDiagnostic } from '../source/diagnostic.ts'
import type { FileFinder } from '../source/file-finder.ts'
import { PilError, type PilErrorCode, PoisonSignal, type TrailStep } from '../source/pil-error.ts'
import type { SourceFile, Span } from '../source/source-file.ts'
import { type AirContext, type AirGroupContext, FinalQueue } from './context.ts'
import { type Int, IntError, normalizeInt } from './int.ts'
import type { PilLimits } from './limits.ts'
import { type Binding, type FunctionBinding, Namespace, type Scope } from './scope.ts'
import { type CellBudget, CellLimit, describeValue, isInt, type Value } from './value.ts'

const MAX_DIAGNOSTICS = 1000

/** How a statement ended. */
export type Completion = 'next' | 'break' | 'continue' | 'return'

/** Evaluated arguments of a call. */
export interface CallArguments {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

/** The mutually recursive parts of the evaluator, bound once at start. */
export interface RuntimeParts {
  evaluate(expr: Expr, scope: Scope): Value
  execute(statement: Statement, scope: Scope): Completion
  /** Runs statements in `scope`, functions and templates first. */
  executeAll(statements: readonly Statement[], scope: Scope): Completion
  /** Runs statements one by one; an error is reported and ends only its statement. */
  executeTolerant(statements: readonly Statement[], scope: Scope): void
  callFunction(binding: FunctionBinding, args: CallArguments, span: Span): Value | undefined
  evaluateArguments(args: readonly Argument[], scope: Scope): CallArguments
  callNode(call: CallNode, scope: Scope): Value | undefined
}

/** Everything one compilation shares. */
export class Runtime {
  readonly builder: PiloutBuilder
  readonly limits: PilLimits
  readonly parts: RuntimeParts
  readonly proof: Namespace = new Namespace('proof')
  readonly proofFinals: FinalQueue = new FinalQueue()
  readonly privates: Map<SourceFile, Map<string, FunctionBinding>> = new Map()
  readonly airGroups: Map<string, AirGroupContext> = new Map()
  readonly diagnostics: PilDiagnostic[] = []
  /** Text of `println`, in order. */
  readonly output: (text: string) => void
  /** Finds what `include`, `require` and pragmas name. */
  readonly files: FileFinder
  /** False to run every loop in the interpreter. */
  readonly compileLoops: boolean
  /** Every fixed column, those of virtual AIRs included. */
  readonly fixedStores: FixedStore[] = []
  /** Files taken by `require`. */
  readonly required: Set<string> = new Set()
  /** Names by which files were required. */
  readonly requiredNames: Set<string> = new Set()
  /** Files whose text is being evaluated, outermost first. */
  readonly including: Set<string> = new Set()
  readonly labels: { readonly public: string[]; readonly proofValue: string[]; readonly challenge: string[] } = {
    public: [],
    proofValue: [],
    challenge: [],
  }
  /** Elements that arrays may still take. */
  readonly cellBudget: CellBudget
  /** Rounds that compiled loops have run. */
  readonly loopCounter: { rounds: number } = { rounds: 0 }
  /** Results of `Tables.analyze`, by id. */
  readonly analyses: TableAnalysis[] = []
  air: AirContext | undefined
  airGroup: AirGroupContext | undefined
  returnValue: Value | undefined
  /** Product of the conditions of the enclosing `when` blocks. */
  whenFactor: Value | undefined
  /** Set by `#pragma transpile` for the next loop. */
  compileNextLoop = false
  #trail: TrailStep[] = []
  #steps = 0
  #columns = 0
  #fixedBytes = 0
  #errors = 0
  readonly #findings = new Set<string>()

  constructor(options: {
    readonly name: string
    readonly limits: PilLimits
    readonly parts: RuntimeParts
    readonly output: (text: string) => void
    readonly files: FileFinder
    readonly compileLoops: boolean
  }) {
    this.builder = new PiloutBuilder(options.name)
    this.limits = options.limits
    this.parts = options.parts
    this.output = options.output
    this.files = options.files
    this.compileLoops = options.compileLoops
    this.cellBudget = { left: options.limits.cells }
  }

  // ---- errors ----

  /** An error at `span` with the call trail of the moment. */
  error(code: PilErrorCode, message: string, span: Span | undefined, remedy?: string): PilError {
    return new PilError({ code, message, span, trail: [...this.#trail], remedy })
  }

  /** Runs an integer operation and places its error. */
  int<T>(span: Span, operation: () => T): T {
    try {
      return operation()
    } catch (error) {
      throw this.placed(error, span)
    }
  }

  /** An error of an integer operation with its place; any other error as it is. */
  placed(error: unknown, span: Span): unknown {
    return error instanceof IntError ? this.error('PIL_ARITHMETIC', error.message, span) : error
  }

  /** Reports an error, or rethrows what is none. Throws when too many were reported. */
  report(error: unknown): void {
    if (error instanceof PoisonSignal) return
    const known = this.asPilError(error)
    if (known === undefined) throw error
    if (known instanceof TooManyErrors) throw known
    if (!this.#isNew(known.code, known.span, known.message)) return
    this.diagnostics.push(errorDiagnostic(known))
    this.#errors++
    if (known.code === 'PIL_LIMIT') throw new TooManyErrors()
    if (this.#errors < this.limits.errors) return
    this.reportLast(this.error('PIL_LIMIT', `stopped after ${this.#errors} errors`, undefined))
    throw new TooManyErrors()
  }

  /** A stack overflow and a column that does not fit in memory count as limits of ours. */
  asPilError(error: unknown): PilError | undefined {
    if (error instanceof PilError) return error
    if (error instanceof CellLimit)
      return this.error('PIL_LIMIT', `arrays hold more than ${this.limits.cells} elements`, this.#trail.at(-1)?.span)
    if (!(error instanceof RangeError)) return undefined
    const stack = /call stack/i.test(error.message)
    const message = stack ? 'the program nests too deeply' : 'a column or a text does not fit in memory'
    return this.error('PIL_LIMIT', message, this.#trail.at(-1)?.span)
  }

  /** False when the same finding at the same place was made before: in another instance, in another round of a loop. */
  #isNew(code: string, span: Span | undefined, message: string): boolean {
    const key = `${code} ${span?.file.path} ${span?.start} ${message}`
    if (this.#findings.has(key)) return false
    this.#findings.add(key)
    return true
  }

  /** Adds a last diagnostic for an error that ended the compilation. */
  reportLast(error: PilError): void {
    this.diagnostics.push(errorDiagnostic(error))
  }

  /** Node of the constant 0. */
  zero(): ExprId {
    return this.builder.expressions.constant(0n)
  }

  warn(code: PilWarningCode, message: string, span: Span | undefined): void {
    if (this.diagnostics.length < MAX_DIAGNOSTICS && this.#isNew(code, span, message))
      this.diagnostics.push(warningDiagnostic({ code, message, span, trail: [...this.#trail] }))
  }

  // ---- limits ----

  step(span: Span): void {
    if (++this.#steps > this.limits.steps)
      throw this.error('PIL_LIMIT', `the program takes more than ${this.limits.steps} steps`, span)
  }

  countColumns(count: number, span: Span): void {
    this.#columns += count
    if (this.#columns > this.limits.columns)
      throw this.error('PIL_LIMIT', `the program declares more than ${this.limits.columns} columns and values`, span)
  }

  /** Accounts for a column that is about to be written row by row. */
  countFixed(store: FixedStore, span: Span): void {
    if (store.isOpen) return
    this.#fixedBytes += store.rows * 8
    if (this.#fixedBytes > this.limits.fixedBytes)
      throw this.error('PIL_LIMIT', `written fixed columns exceed ${this.limits.fixedBytes} bytes`, span)
  }

  checkExpressions(span: Span): void {
    if (this.builder.expressions.size > this.limits.expressions)
      throw this.error('PIL_LIMIT', `the program needs more than ${this.limits.expressions} expression nodes`, span)
  }

  checkShifts(span: Span): void {
    if (this.builder.expressions.shiftWork > this.limits.shiftedNodes)
      throw this.error('PIL_LIMIT', `row offsets move more than ${this.limits.shiftedNodes} expression nodes`, span)
  }

  // ---- trail ----

  get trail(): readonly TrailStep[] {
    return this.#trail
  }

  /** Runs `body` one call deeper. */
  enter<T>(step: TrailStep, body: () => T): T {
    if (this.#trail.length >= this.limits.callDepth)
      throw this.error('PIL_LIMIT', `calls nest more than ${this.limits.callDepth} deep`, step.span)
    this.#trail.push(step)
    try {
      return body()
    } finally {
      this.#trail.pop()
    }
  }

  /** Runs `body` with another trail: for calls that were put off. */
  withTrail<T>(trail: readonly TrailStep[], body: () => T): T {
    const saved = this.#trail
    this.#trail = [...trail]
    try {
      return body()
    } finally {
      this.#trail = saved
    }
  }

  // ---- sources ----

  sourceRef(span: Span): SourceRef {
    const { line, column } = span.file.position(span.start)
    return { file: this.builder.addFile(span.file.path), line, column }
  }

  /** Call sites within the open AIR (or the program) that led here, innermost first. */
  trailRefs(): SourceRef[] {
    const outermost = this.#trail.findLastIndex((step) => step.isCall !== true) + 1
    return this.#trail
      .slice(outermost)
      .map((step) => this.sourceRef(step.span))
      .reverse()
  }

  // ---- expressions ----

  /** Node of a value inside an expression of the current AIR (or of the program, outside AIRs). */
  exprId(value: Value, span: Span): ExprId {
    if (isInt(value)) return this.builder.expressions.constant(BigInt(value))
    if (typeof value === 'object' && value.tag !== 'array') return value.id
    throw this.error('PIL_TYPE', `expected an expression, got ${describeValue(value)}`, span)
  }

  /** The value of a node: an integer when it is constant. */
  fromExprId(id: ExprId, owner: AirContext | null): Value {
    const expressions = this.builder.expressions
    if (expressions.kind(id) === NODE.constant) return normalizeInt(expressions.constantValue(id)!)
    return { tag: 'expr', id, owner }
  }

  ownerOf(value: Value): AirContext | null {
    return typeof value === 'object' && value.tag !== 'array' ? value.owner : null
  }

  /** The one AIR that two operands belong to. */
  commonOwner(a: Value, b: Value, span: Span): AirContext | null {
    const x = this.ownerOf(a)
    const y = this.ownerOf(b)
    if (x === null || y === null || x === y) return x ?? y
    throw this.error('PIL_CONTEXT', `an expression cannot mix columns of the AIRs ${x.name} and ${y.name}`, span)
  }

  // ---- conversions ----

  toInt(value: Value | undefined, span: Span, what = 'an integer'): Int {
    if (isInt(value)) return value
    const got = value === undefined ? 'nothing' : describeValue(value)
    throw this.error('PIL_TYPE', `expected ${what}, got ${got}`, span)
  }

  /** An integer in `[minimum, maximum]` as a number. */
  toNumber(value: Value | undefined, span: Span, range: { minimum: number; maximum: number; what: string }): number {
    const int = this.toInt(value, span, range.what)
    if (typeof int === 'number' && int >= range.minimum && int <= range.maximum) return int
    throw this.error('PIL_ARGUMENT', `${range.what} must be in [${range.minimum}, ${range.maximum}], got ${int}`, span)
  }

  truthy(value: Value, span: Span): boolean {
    return this.toInt(value, span, 'an integer condition') !== 0
  }

  /** A name segment as text. */
  segmentText(segment: NameSegment, scope: Scope): string {
    if (typeof segment === 'string') return segment
    const text = this.parts.evaluate(segment, scope)
    if (typeof text === 'string' && text !== '') return text
    throw this.error('PIL_TYPE', 'a name cannot be empty', segment.span)
  }

  /** Names of a path node as text. */
  pathText(path: NameNode, scope: Scope): string[] {
    return path.segments.map((segment) => this.segmentText(segment, scope))
  }

  declareFunction(node: FunctionNode, scope: Scope): void {
    const binding: Binding = { kind: 'function', node, home: scope.home }
    if (!node.isPrivate) {
      scope.declare(node.name, binding)
      return
    }
    let table = this.privates.get(node.span.file)
    if (table === undefined) {
      table = new Map()
      this.privates.set(node.span.file, table)
    }
    table.set(node.name, binding)
  }
}

/** Ends a compilation after its last reported error. */
export class TooManyErrors extends PilError {
  constructor() {
    super({ code: 'PIL_COMPILE_FAILED', message: 'too many errors' })
  }
}
