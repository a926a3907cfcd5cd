import { P as PRIME } from '@zisk/field'
import type { NameNode, VariableType } from '../parser/ast.ts'
import { PoisonSignal } from '../source/pil-error.ts'
import type { Span } from '../source/source-file.ts'
import { nearestName } from '../source/suggest.ts'
import { intLog2 } from './int.ts'
import type { Runtime } from './runtime.ts'
import type { Binding, Namespace, Scope } from './scope.ts'
import { defaultValue, isInt, type Value } from './value.ts'

const SCOPE_WORDS: ReadonlySet<string> = new Set(['air', 'airgroup', 'proof'])
const BUILTIN_NAMES: readonly string[] = [
  'N',
  'BITS',
  'AIR_ID',
  'AIRGROUP_ID',
  'AIR_NAME',
  'AIRGROUP',
  'AIRTEMPLATE',
  'VIRTUAL',
  'PRIME',
]

/** Root namespace of a scope word, when that scope is open. */
export function scopeRoot(rt: Runtime, word: 'air' | 'airgroup' | 'proof'): Namespace | undefined {
  if (word === 'proof') return rt.proof
  return word === 'air' ? rt.air?.namespace : rt.airGroup?.namespace
}

/** The namespace a declaration with this scope word goes to. */
export function requireScope(rt: Runtime, word: 'air' | 'airgroup' | 'proof', span: Span): Namespace {
  const root = scopeRoot(rt, word)
  if (root !== undefined) return root
  throw rt.error('PIL_CONTEXT', `there is no open ${word} here`, span)
}

/**
 * What an unprefixed name stands for: the blocks around, the private functions of the file, the package, the program,
 * the AIR, the air group, and last the container aliases of the open scopes.
 */
function findSimple(rt: Runtime, name: string, scope: Scope, span: Span): Binding | undefined {
  return (
    scope.find(name) ??
    rt.privates.get(span.file)?.get(name) ??
    scope.home?.member(name) ??
    rt.proof.vars.get(name) ??
    rt.air?.namespace.vars.get(name) ??
    rt.airGroup?.namespace.vars.get(name) ??
    builtin(rt, name, span) ??
    findAlias(rt, name) ??
    rt.proof.member(name)
  )
}

function findAlias(rt: Runtime, name: string): Binding | undefined {
  for (const root of [rt.air?.namespace, rt.airGroup?.namespace, rt.proof]) {
    const namespace = root?.aliases.get(name)
    if (namespace !== undefined) return { kind: 'namespace', namespace }
  }
  return undefined
}

/** The binding of a name or dotted path, or undefined. */
export function findBinding(rt: Runtime, node: NameNode, scope: Scope): Binding | undefined {
  const path = rt.pathText(node, scope)
  const first = path[0]!
  if (path.length === 1) return findSimple(rt, first, scope, node.span)
  let at: Namespace | undefined
  if (SCOPE_WORDS.has(first)) at = scopeRoot(rt, first as 'air' | 'airgroup' | 'proof')
  else {
    const binding = findSimple(rt, first, scope, node.span)
    if (binding?.kind === 'poison') return binding
    at = binding?.kind === 'namespace' ? binding.namespace : undefined
  }
  for (let i = 1; i < path.length - 1 && at !== undefined; i++) {
    const member: Binding | undefined = at.member(path[i]!)
    if (member?.kind === 'poison') return member
    at = member?.kind === 'namespace' ? member.namespace : undefined
  }
  const last = path.at(-1)!
  const found = at?.member(last)
  if (found !== undefined || path.length > 2) return found
  return SCOPE_WORDS.has(first) && at !== undefined ? builtin(rt, last, node.span) : undefined
}

/** The binding of a name, or an error that suggests the nearest one. */
export function resolveBinding(rt: Runtime, node: NameNode, scope: Scope): Binding {
  const binding = findBinding(rt, node, scope)
  if (binding === undefined) throw unknownName(rt, node, scope)
  if (binding.kind === 'poison') throw new PoisonSignal()
  return binding
}

/** The namespace (container or package) that a path names. */
export function resolveNamespace(rt: Runtime, node: NameNode, scope: Scope): Namespace {
  if (node.segments.length === 1 && typeof node.segments[0] === 'string' && SCOPE_WORDS.has(node.segments[0]))
    return requireScope(rt, node.segments[0] as 'air' | 'airgroup' | 'proof', node.span)
  const binding = resolveBinding(rt, node, scope)
  if (binding.kind === 'namespace') return binding.namespace
  throw rt.error('PIL_TYPE', `${rt.pathText(node, scope).join('.')} is not a container`, node.span)
}

/** Value of a name. */
export function readName(rt: Runtime, node: NameNode, scope: Scope): Value {
  const binding = resolveBinding(rt, node, scope)
  switch (binding.kind) {
    case 'variable':
      return binding.value ?? unassigned(rt, rt.pathText(node, scope).join('.'), binding.type, node.span)
    case 'fixed':
      return binding.value
    case 'function':
      throw rt.error('PIL_TYPE', `${binding.node.name} is a function: call it`, node.span)
    case 'template':
      throw rt.error('PIL_TYPE', `${binding.node.name} is an airtemplate: instantiate it`, node.span)
    default:
      throw rt.error('PIL_TYPE', `${rt.pathText(node, scope).join('.')} is a container, not a value`, node.span)
  }
}

/** What a constant reads before it is assigned: 0 or "". Published programs do so, mostly by mistake. */
export function unassigned(rt: Runtime, what: string, type: VariableType, span: Span): Value {
  const value = defaultValue(type)
  rt.warn('PIL_UNASSIGNED', `${what} has no value yet: it reads as ${JSON.stringify(value)}`, span)
  return value
}

/** An error for a name nobody knows, with the nearest known one. */
export function unknownName(rt: Runtime, node: NameNode, scope: Scope): Error {
  const path = rt.pathText(node, scope)
  const shown = path.join('.')
  const near = nearestName(path.at(-1)!, candidates(rt, path, scope))
  const prefix = path.slice(0, -1).join('.')
  const remedy = near === undefined ? undefined : `did you mean ${prefix === '' ? near : `${prefix}.${near}`}?`
  if (path.length > 1 && (path[0] === 'air' || path[0] === 'airgroup') && scopeRoot(rt, path[0]) === undefined)
    return rt.error('PIL_CONTEXT', `${shown}: there is no open ${path[0]} here`, node.span)
  return rt.error('PIL_NAME_UNKNOWN', `unknown name ${shown}`, node.span, remedy)
}

function candidates(rt: Runtime, path: readonly string[], scope: Scope): Iterable<string> {
  if (path.length === 1)
    return [
      ...scope.names(),
      ...rt.proof.vars.keys(),
      ...(rt.air?.namespace.vars.keys() ?? []),
      ...(rt.airGroup?.namespace.vars.keys() ?? []),
      ...BUILTIN_NAMES,
    ]
  let at: Namespace | undefined = SCOPE_WORDS.has(path[0]!)
    ? scopeRoot(rt, path[0] as 'air' | 'airgroup' | 'proof')
    : undefined
  for (const segment of path.slice(1, -1)) at = at?.children.get(segment)
  return at === undefined ? [] : [...at.vars.keys(), ...at.children.keys()]
}

function builtin(rt: Runtime, name: string, span: Span): Binding | undefined {
  const value = builtinValue(rt, name, span)
  return value === undefined ? undefined : { kind: 'fixed', value, span }
}

function builtinValue(rt: Runtime, name: string, span: Span): Value | undefined {
  const { air, airGroup } = rt
  switch (name) {
    case 'PRIME':
      return PRIME
    case 'VIRTUAL':
      return air?.isVirtual === true ? 1 : 0
    case 'AIRGROUP':
      return airGroup?.name ?? ''
    case 'AIRGROUP_ID':
      return airGroup?.builder.id ?? -1
    case 'AIR_NAME':
      return air?.name ?? ''
    case 'AIRTEMPLATE':
      return air?.template ?? ''
    case 'AIR_ID':
      return air === undefined || air.isVirtual ? -1 : air.builder.id
    case 'BITS': {
      const rows = air?.namespace.vars.get('N')
      return rows?.kind === 'variable' && isInt(rows.value)
        ? rt.int(span, () => intLog2(rows.value as number))
        : undefined
    }
    default:
      return undefined
  }
}
