import { findBinding } from '../eval/names.ts'
import type { Runtime } from '../eval/runtime.ts'
import type { Scope } from '../eval/scope.ts'
import type { Value } from '../eval/value.ts'
import { DeferredFill } from '../fixed/fixed-store.ts'
import type { ForNode, WhileNode } from '../parser/ast.ts'
import { bindCell, type Cell, classify, LoopEmitter, MARK, NotCompilable } from './loop-emitter.ts'
import { faultMessage, LOOP_FUNCTIONS } from './loop-runtime.ts'
import { emitFor, emitWhile } from './statement-emitter.ts'

/** Rounds that the interpreter runs before a loop is compiled. */
const HOT_ROUNDS = 100
/** Columns this long are worth compiling at once, and worth leaving until their rows are asked for. */
const LONG_COLUMN = 1 << 14
/** Failed attempts after which a loop is left to the interpreter for good. */
const MAX_FAILURES = 3

/** Generated code of a loop: takes the cells, gives the function that runs it. */
type Factory = (functions: Readonly<Record<string, unknown>>, cells: readonly Cell[], host: LoopHost) => () => void

/** What generated code asks of the evaluator. */
interface LoopHost {
  readonly maxRounds: number
  readonly counter: { rounds: number }
  readonly call: (cell: Cell, args: readonly [string | null, Value][], place: number) => Value
  readonly run: (cell: Cell, args: readonly [string | null, Value][], place: number) => undefined
  readonly print: (text: string) => void
  readonly raise: (code: 'PIL_USER_ERROR' | 'PIL_ASSERT', text: string, place: number) => never
  readonly fault: (error: unknown, place: number) => unknown
  readonly tooLong: (place: number) => never
  readonly open: (cell: Cell) => Uint32Array
}

interface Compiled {
  readonly factory: Factory
  readonly cells: readonly Cell[]
  readonly emitter: LoopEmitter
}

/** What is known of a loop over all its runs. */
interface LoopRecord {
  rounds: number
  failures: number
  compiled: Compiled | undefined
}

const RECORDS = new WeakMap<ForNode | WhileNode, LoopRecord>()

/** Runs one execution of a loop, from some round on as generated JavaScript. */
export class LoopCompiler {
  readonly #rt: Runtime
  readonly #node: ForNode | WhileNode
  readonly #record: LoopRecord
  readonly #forced: boolean
  #round = 0

  constructor(rt: Runtime, node: ForNode | WhileNode) {
    this.#rt = rt
    this.#node = node
    let record = RECORDS.get(node)
    if (record === undefined) {
      record = { rounds: 0, failures: 0, compiled: undefined }
      RECORDS.set(node, record)
    }
    this.#record = record
    this.#forced = rt.compileNextLoop
    rt.compileNextLoop = false
  }

  /** Called before each round: true when the rest of the loop has been run here. */
  run(scope: Scope): boolean {
    const record = this.#record
    const first = this.#round++ === 0
    const hot = ++record.rounds >= HOT_ROUNDS && (first || record.rounds % HOT_ROUNDS === 0)
    if (record.failures >= MAX_FAILURES || !this.#rt.compileLoops) return false
    if (!hot && !(first && (this.#forced || (this.#rt.air?.rows ?? 0) >= LONG_COLUMN))) return false
    const compiled = this.#compile(scope)
    if (compiled === undefined) return false
    this.#start(compiled, scope, first)
    return true
  }

  #compile(scope: Scope): Compiled | undefined {
    const known = this.#record.compiled
    if (known !== undefined && this.#rebind(known, scope)) return known
    const emitter = new LoopEmitter(this.#rt, scope)
    try {
      const body = this.#node.kind === 'for' ? emitFor(emitter, this.#node) : emitWhile(emitter, this.#node)
      const cells = [...emitter.cells.values()]
      const factory = new Function('F', 'C', 'H', generate(body, cells)) as Factory
      this.#record.compiled = { factory, cells, emitter }
      return this.#record.compiled
    } catch (error) {
      if (!(error instanceof NotCompilable)) throw error
      this.#record.failures++
      return undefined
    }
  }

  /** Binds the cells of known code to the names of this run; false when they are of another kind now. */
  #rebind(known: Compiled, scope: Scope): boolean {
    for (const cell of known.cells) {
      const binding = findBinding(this.#rt, cell.node, scope)
      const kind = classify(binding)
      if (binding === undefined || kind?.kind !== cell.kind || kind.dimensions !== cell.dimensions) return false
      bindCell(cell, binding)
      if (cell.assigned && (cell.variable === undefined || cell.variable.isConst)) return false
    }
    return true
  }

  #start(compiled: Compiled, scope: Scope, first: boolean): void {
    const rt = this.#rt
    const { cells, emitter } = compiled
    const trail = rt.trail
    const bound = cells.map((cell) => ({ ...cell }))
    let filled = false
    const host: LoopHost = {
      maxRounds: rt.limits.rounds,
      counter: rt.loopCounter,
      call: (cell, args, place) => {
        const value = rt.parts.callFunction(cell.fn!, splitArguments(args), emitter.spans[place]!)
        return rt.toInt(value, emitter.spans[place]!)
      },
      run: (cell, args, place) => {
        rt.parts.callFunction(cell.fn!, splitArguments(args), emitter.spans[place]!)
        return undefined
      },
      print: rt.output,
      raise: (code, text, place) => {
        throw rt.withTrail(trail, () => rt.error(code, text, emitter.spans[place]))
      },
      fault: (error, place) => {
        const fault = faultMessage(error)
        return fault === undefined
          ? error
          : rt.withTrail(trail, () => rt.error(fault.code, fault.message, emitter.spans[place]))
      },
      tooLong: (place) => {
        throw rt.error('PIL_LIMIT', `the loops take more than ${rt.limits.rounds} rounds`, emitter.spans[place])
      },
      open: (cell) => {
        if (cell.written && !filled) rt.countFixed(cell.store!, emitter.spans[0]!)
        return cell.written ? cell.store!.openHalves() : cell.store!.readHalves()
      },
    }
    const fill = compiled.factory(LOOP_FUNCTIONS, bound, host)
    const run = () => {
      if (!filled) fill()
      else {
        // What is filled again counts once.
        const { rounds } = rt.loopCounter
        rt.loopCounter.rounds = 0
        fill()
        rt.loopCounter.rounds = rounds
      }
      filled = true
    }
    if (first && this.#canDefer(bound, emitter, scope)) defer(bound, run)
    else run()
  }

  /** True when the loop only fills long columns that nothing has touched, from constants and other columns. */
  #canDefer(cells: readonly Cell[], emitter: LoopEmitter, scope: Scope): boolean {
    if (emitter.hasEffects) return false
    const targets = cells.filter((cell) => cell.written)
    if (targets.length === 0 || targets.some((cell) => cell.store!.rows < LONG_COLUMN || cell.store!.assigned))
      return false
    for (const cell of cells) {
      if (cell.kind === 'array' && cell.array?.isConst !== true) return false
      const own = cell.node.segments.length === 1 && scope.own(cell.node.segments[0] as string) === cell.variable
      if (cell.assigned && !own) return false
    }
    return true
  }
}

function splitArguments(args: readonly [string | null, Value][]): { positional: Value[]; named: Map<string, Value> } {
  const positional = args.filter(([name]) => name === null).map(([, value]) => value)
  const named = new Map(args.filter(([name]) => name !== null).map(([name, value]) => [name!, value]))
  return { positional, named }
}

/** Leaves the loop until a row of one of its columns is wanted, or a column it reads is about to change. */
function defer(cells: readonly Cell[], run: () => void): void {
  const sources = cells.filter((cell) => cell.kind === 'column' && !cell.written).map((cell) => cell.store!)
  const fill = new DeferredFill(() => {
    run()
    for (const source of sources) source.release()
  })
  for (const cell of cells) if (cell.written) cell.store!.defer(fill)
  for (const source of sources) source.beforeChange(() => fill.pin())
}

/** The whole generated function. */
function generate(body: string, cells: readonly Cell[]): string {
  const ints = cells.filter((cell) => cell.kind === 'int')
  const assigned = ints.filter((cell) => cell.assigned)
  const at = (cell: Cell) => `C[${cells.indexOf(cell)}]`
  const names = Object.keys(LOOP_FUNCTIONS).join(',')
  const load = ints.map((cell) => `const ${cell.js}v=${at(cell)}.value;`).join('')
  const objects = cells
    .map((cell) => {
      if (cell.kind === 'array' || cell.kind === 'columns') return `const ${cell.js}=${at(cell)}.array;`
      if (cell.kind === 'function') return `const ${cell.js}=${at(cell)};`
      return cell.kind === 'column' ? `const ${cell.js}n=${at(cell)}.store.rows;` : ''
    })
    .join('')
  const open = cells.map((cell) => (cell.kind === 'column' ? `const ${cell.js}h=H.open(${at(cell)});` : '')).join('')
  const start = ints.map((cell) => `let ${cell.js}=${cell.js}v;`).join('')
  const flush = assigned.map((cell) => `${at(cell)}.variable.value=${cell.js}`).join(',')
  const reload = ints
    .filter((cell) => cell.variable !== undefined)
    .map((cell) => `${cell.js}=${at(cell)}.variable.value`)
    .join(',')
  const code = body
    .replaceAll(MARK.round, 'if(++K>H.maxRounds)H.tooLong(P);')
    .replaceAll(MARK.flush, flush === '' ? '0' : flush)
    .replaceAll(MARK.reload, reload === '' ? '0' : reload)
  return `"use strict";const {${names}}=F;const {call,run,print,raise}=H;${load}${objects}
return()=>{${open}${start}let P=0,K=H.counter.rounds,T;
try{${code}}catch(e){throw H.fault(e,P)}finally{H.counter.rounds=K;${flush}}}`
}
