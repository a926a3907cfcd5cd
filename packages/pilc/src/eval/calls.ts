import type { Argument, CallNode, Parameter, Statement } from '../parser/ast.ts'
import type { Span } from '../source/source-file.ts'
import { nearestName } from '../source/suggest.ts'
import { BUILTINS } from './builtins.ts'
import { findBinding, resolveBinding, unknownName } from './names.ts'
import type { CallArguments, Runtime } from './runtime.ts'
import { type FunctionBinding, Scope } from './scope.ts'
import { ArrayValue, describeValue, type Value } from './value.ts'
import { convert } from './variables.ts'

/** Evaluates a call: a function of the program, else a builtin. Airtemplates are instantiated by statements only. */
export function callNode(rt: Runtime, call: CallNode, scope: Scope): Value | undefined {
  const binding = findBinding(rt, call.callee, scope)
  if (binding === undefined) {
    const name = rt.pathText(call.callee, scope).join('.')
    const builtin = BUILTINS.get(name)
    if (builtin === undefined) throw suggestBuiltin(rt, call, name, scope)
    return builtin(rt, call, scope)
  }
  const resolved = resolveBinding(rt, call.callee, scope)
  if (resolved.kind === 'function')
    return rt.parts.callFunction(resolved, rt.parts.evaluateArguments(call.args, scope), call.span)
  const name = rt.pathText(call.callee, scope).join('.')
  // `int degree = degree(x);`: a variable does not hide the builtin of its name.
  const builtin = resolved.kind === 'template' ? undefined : BUILTINS.get(name)
  if (builtin !== undefined) return builtin(rt, call, scope)
  if (resolved.kind === 'template')
    throw rt.error('PIL_CONTEXT', `the airtemplate ${name} is instantiated by a statement of its own`, call.span)
  throw rt.error('PIL_TYPE', `${name} is not a function`, call.callee.span)
}

function suggestBuiltin(rt: Runtime, call: CallNode, name: string, scope: Scope): Error {
  const near = nearestName(name, BUILTINS.keys())
  if (near === undefined) return unknownName(rt, call.callee, scope)
  return rt.error('PIL_NAME_UNKNOWN', `unknown function ${name}`, call.callee.span, `did you mean ${near}?`)
}

/** Evaluates the arguments of a call in the caller's scope. */
export function evaluateArguments(rt: Runtime, args: readonly Argument[], scope: Scope): CallArguments {
  const positional: Value[] = []
  const named = new Map<string, Value>()
  for (const arg of args) {
    const value = rt.parts.evaluate(arg.value, scope)
    if (arg.spread) {
      if (!(value instanceof ArrayValue))
        throw rt.error('PIL_TYPE', `only an array can be spread, got ${describeValue(value)}`, arg.value.span)
      positional.push(...value.values())
    } else if (arg.name === undefined) positional.push(value)
    else if (named.has(arg.name)) throw rt.error('PIL_ARGUMENT', `argument ${arg.name} is given twice`, arg.value.span)
    else named.set(arg.name, value)
  }
  return { positional, named }
}

/** Declares the parameters of a call in the callee's scope. */
export function bindParameters(
  rt: Runtime,
  parameters: readonly Parameter[],
  args: CallArguments,
  target: { readonly scope: Scope; readonly what: string; readonly span: Span },
): void {
  const { scope, what, span } = target
  if (args.positional.length > parameters.length)
    throw rt.error('PIL_ARGUMENT', `${what} takes ${parameters.length} arguments, got ${args.positional.length}`, span)
  for (const name of args.named.keys()) {
    if (parameters.some((parameter) => parameter.name === name)) continue
    const near = nearestName(
      name,
      parameters.map((parameter) => parameter.name),
    )
    const remedy = near === undefined ? undefined : `did you mean ${near}?`
    throw rt.error('PIL_ARGUMENT', `${what} has no parameter ${name}`, span, remedy)
  }
  parameters.forEach((parameter, i) => {
    let value: Value | undefined = args.positional[i]
    if (args.named.has(parameter.name)) {
      if (value !== undefined) throw rt.error('PIL_ARGUMENT', `argument ${parameter.name} is given twice`, span)
      value = args.named.get(parameter.name)
    }
    if (value === undefined) {
      if (parameter.defaultValue === undefined)
        throw rt.error('PIL_ARGUMENT', `${what} needs the argument ${parameter.name}`, span)
      value = rt.parts.evaluate(parameter.defaultValue, scope)
    }
    scope.declare(parameter.name, {
      kind: 'variable',
      type: parameter.type,
      isConst: parameter.isConst,
      isParameter: true,
      value: passValue(rt, value, parameter, span),
      span: parameter.span,
    })
  })
}

/** Arrays pass by reference, scalars are converted. */
function passValue(rt: Runtime, value: Value, parameter: Parameter, span: Span): Value {
  if (parameter.dimensions === 0) {
    if (value instanceof ArrayValue)
      throw rt.error('PIL_TYPE', `argument ${parameter.name} must be one value, got ${describeValue(value)}`, span)
    return convert(rt, value, parameter.type, span)
  }
  if (value instanceof ArrayValue) return value
  throw rt.error('PIL_TYPE', `argument ${parameter.name} must be an array, got ${describeValue(value)}`, span)
}

/** Runs a function of the program. */
export function callFunction(
  rt: Runtime,
  binding: FunctionBinding,
  args: CallArguments,
  span: Span,
): Value | undefined {
  const { node } = binding
  const frame = new Scope(undefined, { home: binding.home })
  bindParameters(rt, node.parameters, args, { scope: frame, what: `function ${node.name}`, span })
  return rt.enter({ what: `function ${node.name}`, span, isCall: true }, () => {
    rt.returnValue = undefined
    // The body is a block of its own: it may declare a name of a parameter anew.
    const completion = rt.parts.executeAll(node.body, new Scope(frame))
    const value = completion === 'return' ? rt.returnValue : undefined
    rt.returnValue = undefined
    return value === undefined ? undefined : returned(rt, value, binding, span)
  })
}

function returned(rt: Runtime, value: Value, { node }: FunctionBinding, span: Span): Value {
  if (node.returns === undefined || value instanceof ArrayValue) return value
  if (node.returns.dimensions > 0)
    throw rt.error('PIL_TYPE', `function ${node.name} must return an array, got ${describeValue(value)}`, span)
  return convert(rt, value, node.returns.type, span)
}

/** `on final ... f(...)`: puts a call off until a scope closes. */
export function deferCall(rt: Runtime, node: Statement & { kind: 'final' }, scope: Scope): void {
  const queue = node.scope === 'proof' ? rt.proofFinals : node.scope === 'air' ? rt.air?.finals : rt.airGroup?.finals
  if (queue === undefined) throw rt.error('PIL_CONTEXT', `there is no open ${node.scope} here`, node.span)
  if (rt.whenFactor !== undefined)
    throw rt.error('PIL_CONTEXT', 'a call cannot be put off inside when: its condition would be lost', node.span)
  const priority =
    node.priority === undefined
      ? 0
      : rt.toNumber(rt.parts.evaluate(node.priority, scope), node.priority.span, {
          minimum: 0,
          maximum: 1_000_000,
          what: 'the priority of a final call',
        })
  const binding = resolveBinding(rt, node.call.callee, scope)
  if (binding.kind !== 'function')
    throw rt.error('PIL_TYPE', 'only a function can be called at the end', node.call.span)
  queue.add({ binding, priority, call: node.call, scope, trail: rt.trail })
}

/** Runs the calls put off to the end of a scope. */
export function runFinals(rt: Runtime, queue: { next(): ReturnType<Runtime['proofFinals']['next']> }): void {
  for (let final = queue.next(); final !== undefined; final = queue.next()) {
    const { call, binding, scope, trail } = final
    try {
      rt.withTrail(trail, () => rt.parts.callFunction(binding, rt.parts.evaluateArguments(call.args, scope), call.span))
    } catch (error) {
      rt.report(error)
    }
  }
}
