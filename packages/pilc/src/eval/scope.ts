import type { AirTemplateNode, FunctionNode, VariableType } from '../parser/ast.ts'
import type { Span } from '../source/source-file.ts'
import type { Value } from './value.ts'

/** A variable: `int`, `expr`, `string` or `fe`, constant or not, possibly an array. */
export interface Variable {
  readonly kind: 'variable'
  readonly type: VariableType
  readonly isConst: boolean
  /** Published programs give parameters a new value although they are constant: a warning, not an error. */
  readonly isParameter?: boolean
  /** Undefined for a constant not assigned yet. */
  value: Value | undefined
  readonly span: Span
}

export interface FunctionBinding {
  readonly kind: 'function'
  readonly node: FunctionNode
  /** Namespace of the package that declares it. */
  readonly home: Namespace | undefined
}

/** What a name stands for. */
export type Binding =
  | Variable
  /** A column, public, air value, ...: never assigned. */
  | { readonly kind: 'fixed'; readonly value: Value; readonly span: Span }
  | FunctionBinding
  | { readonly kind: 'template'; readonly node: AirTemplateNode }
  | { readonly kind: 'namespace'; readonly namespace: Namespace }
  /** Its declaration failed and was reported; uses are silent. */
  | { readonly kind: 'poison' }

/** A container, a package, or the root of a scope (`proof`, `airgroup`, `air`). */
export class Namespace {
  readonly name: string
  readonly vars: Map<string, Binding> = new Map()
  readonly children: Map<string, Namespace> = new Map()
  /** Set once the body of its container has run. */
  initialized = false
  /** Aliases given to containers of this scope; seen where nothing nearer has the name. */
  readonly aliases: Map<string, Namespace> = new Map()

  constructor(name: string) {
    this.name = name
  }

  child(name: string): Namespace {
    let child = this.children.get(name)
    if (child === undefined) {
      child = new Namespace(this.name === '' ? name : `${this.name}.${name}`)
      this.children.set(name, child)
    }
    return child
  }

  /** A variable of that name, else the container of that name. */
  member(name: string): Binding | undefined {
    const binding = this.vars.get(name)
    if (binding !== undefined) return binding
    const namespace = this.children.get(name)
    return namespace === undefined ? undefined : { kind: 'namespace', namespace }
  }
}

/** A block of names. The chain of parents ends at the frame of a function or at the root of a scope. */
export class Scope {
  readonly parent: Scope | undefined
  /** Package whose names this code sees unprefixed. */
  readonly home: Namespace | undefined
  #vars: Map<string, Binding> | undefined
  #uses: Namespace[] | undefined

  constructor(
    parent?: Scope,
    options: { readonly vars?: Map<string, Binding>; readonly home?: Namespace | undefined } = {},
  ) {
    this.parent = parent
    this.#vars = options.vars
    this.home = options.home ?? parent?.home
  }

  /** The binding in this block alone. */
  own(name: string): Binding | undefined {
    return this.#vars?.get(name)
  }

  declare(name: string, binding: Binding): void {
    this.#vars ??= new Map()
    this.#vars.set(name, binding)
  }

  /** Makes the members of a container visible in this block. */
  use(namespace: Namespace): void {
    this.#uses ??= []
    this.#uses.push(namespace)
  }

  /** The nearest binding in the chain. */
  find(name: string): Binding | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const binding = scope.#vars?.get(name)
      if (binding !== undefined) return binding
      if (scope.#uses === undefined) continue
      // A parameter is nearer than a member of a container that the body opens.
      const parameter = scope.parent?.parent === undefined ? scope.parent?.own(name) : undefined
      if (parameter !== undefined) return parameter
      for (let i = scope.#uses.length - 1; i >= 0; i--) {
        const member = scope.#uses[i]!.member(name)
        if (member !== undefined) return member
      }
    }
    return undefined
  }

  /** All names in the chain, for suggestions. */
  *names(): Iterable<string> {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      if (scope.#vars !== undefined) yield* scope.#vars.keys()
      for (const namespace of scope.#uses ?? []) yield* namespace.vars.keys()
    }
  }
}
