import type { NameNode, NameSegment, Statement } from '../parser/ast.ts'
import { resolveNamespace, scopeRoot } from './names.ts'
import type { Runtime } from './runtime.ts'
import { type Namespace, Scope } from './scope.ts'

/** `container proof.a.b alias c { ... }`: makes the container unless it exists; the body runs the first time only. */
export function declareContainer(rt: Runtime, node: Statement & { kind: 'container' }, scope: Scope): void {
  const path = rt.pathText(node.path, scope)
  const first = path[0]!
  const rooted = first === 'proof' || first === 'airgroup' || first === 'air'
  const root = rooted ? scopeRoot(rt, first) : (rt.air?.namespace ?? rt.airGroup?.namespace ?? rt.proof)
  if (root === undefined) throw rt.error('PIL_CONTEXT', `there is no open ${first} here`, node.path.span)
  const names = rooted ? path.slice(1) : path
  if (names.length === 0) throw rt.error('PIL_SYNTAX', 'a container needs a name', node.path.span)
  let namespace: Namespace = root
  for (const name of names) {
    if (namespace.vars.has(name)) throw rt.error('PIL_NAME_TAKEN', `${name} is already a variable`, node.path.span)
    namespace = namespace.child(name)
  }
  if (!namespace.initialized) {
    namespace.initialized = true
    const completion = rt.parts.executeAll(node.body, new Scope(scope, { vars: namespace.vars }))
    if (completion !== 'next') throw rt.error('PIL_CONTEXT', `${completion} cannot leave a container`, node.span)
  }
  if (node.alias !== undefined) giveAlias(rt, node.alias, namespace, root, scope)
}

/** `use proof.a.b;` opens a container in the block; with an alias it gets a short name instead. */
export function useContainer(rt: Runtime, node: Statement & { kind: 'use' }, scope: Scope): void {
  const namespace = resolveNamespace(rt, node.path, scope)
  if (node.alias === undefined) scope.use(namespace)
  else giveAlias(rt, node.alias, namespace, rootOf(rt, node.path, scope), scope)
}

function rootOf(rt: Runtime, path: NameNode, scope: Scope): Namespace | undefined {
  const first = rt.segmentText(path.segments[0]!, scope)
  return first === 'proof' || first === 'airgroup' || first === 'air' ? scopeRoot(rt, first) : undefined
}

/** An alias is a name of the block; code that runs deeper (a template instantiated here) finds it at the scope, last. */
function giveAlias(
  rt: Runtime,
  alias: NameSegment,
  namespace: Namespace,
  root: Namespace | undefined,
  scope: Scope,
): void {
  const name = rt.segmentText(alias, scope)
  scope.declare(name, { kind: 'namespace', namespace })
  root?.aliases.set(name, namespace)
}

/** `package p { ... }`: names of the body are `p.name` outside and unprefixed inside. */
export function declarePackage(rt: Runtime, node: Statement & { kind: 'package' }, scope: Scope): void {
  const namespace = rt.proof.child(node.name)
  const inner = new Scope(scope, { vars: namespace.vars, home: namespace })
  const completion = rt.parts.executeAll(node.body, inner)
  if (completion !== 'next') throw rt.error('PIL_CONTEXT', `${completion} cannot leave a package`, node.span)
}
