import { LoopCompiler } from '../jit/loop-compiler.ts'
import type { Expr, ForNode, Statement, WhileNode } from '../parser/ast.ts'
import type { PilError } from '../source/pil-error.ts'
import { instantiateCall, runAirGroup } from './airs.ts'
import { deferCall } from './calls.ts'
import { declareColumns, declareCommit, declareValues } from './columns.ts'
import { addConstraint } from './constraints.ts'
import { declareContainer, declarePackage, useContainer } from './containers.ts'
import { addHint } from './hints.ts'
import { includeFile } from './includes.ts'
import { findBinding } from './names.ts'
import { applyBinary } from './operators.ts'
import { applyPragma } from './pragmas.ts'
import type { Completion, Runtime } from './runtime.ts'
import { Scope } from './scope.ts'
import { isInt, type Value } from './value.ts'
import { assign, declareVariables, destructure } from './variables.ts'

/** Executes one statement. */
export function executeStatement(rt: Runtime, node: Statement, scope: Scope): Completion {
  rt.step(node.span)
  switch (node.kind) {
    case 'block':
      return rt.parts.executeAll(node.body, new Scope(scope))
    case 'declare':
      declareVariables(rt, node, scope)
      return 'next'
    case 'assign':
      assign(rt, node, scope)
      return 'next'
    case 'expression':
      executeExpression(rt, node.value, scope)
      return 'next'
    case 'if':
      return executeIf(rt, node, scope)
    case 'for':
      return executeFor(rt, node, scope)
    case 'while':
      return executeWhile(rt, node, scope)
    case 'doWhile':
      return executeDoWhile(rt, node, scope)
    case 'switch':
      return executeSwitch(rt, node, scope)
    case 'break':
    case 'continue':
      return node.kind
    case 'return':
      rt.returnValue = node.value === undefined ? undefined : rt.parts.evaluate(node.value, scope)
      return 'return'
    case 'constraint':
      addConstraint(rt, node, scope)
      return 'next'
    case 'when':
      return executeWhen(rt, node, scope)
    default:
      executeDeclaration(rt, node, scope)
      return 'next'
  }
}

function executeDeclaration(rt: Runtime, node: Statement, scope: Scope): void {
  switch (node.kind) {
    case 'destructure':
      destructure(rt, node, scope)
      break
    case 'column':
      declareColumns(rt, node, scope)
      break
    case 'value':
      declareValues(rt, node, scope)
      break
    case 'commit':
      declareCommit(rt, node, scope)
      break
    case 'hint':
      addHint(rt, node, scope)
      break
    case 'final':
      deferCall(rt, node, scope)
      break
    case 'container':
      declareContainer(rt, node, scope)
      break
    case 'use':
      useContainer(rt, node, scope)
      break
    case 'package':
      declarePackage(rt, node, scope)
      break
    case 'include':
      includeFile(rt, node, scope)
      break
    case 'airgroup':
      runAirGroup(rt, node, scope)
      break
    case 'instance':
      instantiateCall(rt, node, scope)
      break
    case 'pragma':
      applyPragma(rt, node, scope)
      break
    default:
    // Functions and airtemplates were declared when their block began; an empty statement does nothing.
  }
}

/** Statements in order, after the functions and templates among them were declared. */
export function executeAll(rt: Runtime, statements: readonly Statement[], scope: Scope): Completion {
  hoist(rt, statements, scope, (error) => {
    throw error
  })
  for (const statement of statements) {
    const completion = rt.parts.execute(statement, scope)
    if (completion !== 'next') return completion
  }
  return 'next'
}

/** Like {@link executeAll}, but an error is reported and ends only its statement; what it declares becomes silent. */
export function executeTolerant(rt: Runtime, statements: readonly Statement[], scope: Scope): void {
  hoist(rt, statements, scope, (error) => rt.report(error))
  for (const statement of statements) {
    try {
      // `return` leaves the body of an airtemplate; the other jumps have nowhere to go.
      const completion = rt.parts.execute(statement, scope)
      if (completion === 'return') return
      if (completion !== 'next') throw rt.error('PIL_CONTEXT', `${completion} outside a loop`, statement.span)
    } catch (error) {
      rt.report(error)
      poison(rt, statement, scope)
    }
  }
}

/** Declares functions and airtemplates ahead of the statements, so that they may be used before they are written. */
function hoist(rt: Runtime, statements: readonly Statement[], scope: Scope, fail: (error: PilError) => void): void {
  for (const node of statements) {
    if (node.kind !== 'function' && node.kind !== 'airtemplate') continue
    const known = scope.own(node.name)
    if (known !== undefined && !(node.kind === 'function' && node.isPrivate)) {
      fail(rt.error('PIL_NAME_TAKEN', `${node.name} is already declared`, node.span))
      continue
    }
    if (node.kind === 'function') rt.declareFunction(node, scope)
    else scope.declare(node.name, { kind: 'template', node })
  }
}

/** Marks the names of a failed declaration, so that their uses are not reported as well. */
function poison(rt: Runtime, node: Statement, scope: Scope): void {
  switch (node.kind) {
    case 'declare':
    case 'column':
    case 'value':
      for (const name of node.names) {
        if (typeof name.name !== 'string') continue
        if (name.scope === undefined) {
          if (scope.own(name.name) === undefined) scope.declare(name.name, { kind: 'poison' })
          continue
        }
        const root =
          name.scope === 'air' ? rt.air?.namespace : name.scope === 'proof' ? rt.proof : rt.airGroup?.namespace
        if (root !== undefined && !root.vars.has(name.name)) root.vars.set(name.name, { kind: 'poison' })
      }
      return
    case 'destructure':
      for (const name of node.names)
        if (name !== undefined && scope.own(name) === undefined) scope.declare(name, { kind: 'poison' })
      return
    case 'use':
    case 'container':
      if (typeof node.alias === 'string' && scope.own(node.alias) === undefined)
        scope.declare(node.alias, { kind: 'poison' })
      return
    case 'if':
      poisonNested(rt, node.then, scope)
      if (node.otherwise !== undefined) poisonNested(rt, node.otherwise, scope)
      return
    case 'for':
    case 'while':
    case 'block':
      poisonNested(rt, node, scope)
      return
    default:
  }
}

/** Within a block only names with a scope word outlive the block. */
function poisonNested(rt: Runtime, node: Statement, scope: Scope): void {
  const inner = new Scope(scope)
  if (node.kind === 'block') for (const statement of node.body) poison(rt, statement, inner)
  else if (node.kind === 'for' || node.kind === 'while') poisonNested(rt, node.body, scope)
  else poison(rt, node, inner)
}

/** A call, an instance, or a value that nobody uses. */
function executeExpression(rt: Runtime, value: Expr, scope: Scope): void {
  if (value.kind === 'call') {
    const binding = findBinding(rt, value.callee, scope)
    if (binding?.kind === 'template') instantiateCall(rt, { isVirtual: false, call: value, alias: undefined }, scope)
    else rt.parts.callNode(value, scope)
    return
  }
  rt.parts.evaluate(value, scope)
  rt.warn('PIL_STATEMENT_WITHOUT_EFFECT', 'this expression is no constraint: did you mean "... === 0"?', value.span)
}

function executeIf(rt: Runtime, node: Statement & { kind: 'if' }, scope: Scope): Completion {
  const condition = rt.truthy(rt.parts.evaluate(node.condition, scope), node.condition.span)
  const branch = condition ? node.then : node.otherwise
  return branch === undefined ? 'next' : executeBody(rt, branch, scope)
}

/** A body that is a single statement is a block all the same. */
function executeBody(rt: Runtime, node: Statement, scope: Scope): Completion {
  return rt.parts.execute(node, node.kind === 'block' ? scope : new Scope(scope))
}

function executeFor(rt: Runtime, node: ForNode, outer: Scope): Completion {
  const compiler = new LoopCompiler(rt, node)
  const scope = new Scope(outer)
  if (node.init !== undefined) rt.parts.execute(node.init, scope)
  for (;;) {
    if (compiler.run(scope)) return 'next'
    if (node.condition !== undefined && !rt.truthy(rt.parts.evaluate(node.condition, scope), node.condition.span))
      return 'next'
    rt.step(node.span)
    const completion = executeBody(rt, node.body, scope)
    if (completion === 'break') return 'next'
    if (completion === 'return') return completion
    for (const step of node.step) rt.parts.execute(step, scope)
  }
}

function executeWhile(rt: Runtime, node: WhileNode, scope: Scope): Completion {
  const compiler = new LoopCompiler(rt, node)
  for (;;) {
    if (compiler.run(scope)) return 'next'
    if (!rt.truthy(rt.parts.evaluate(node.condition, scope), node.condition.span)) return 'next'
    rt.step(node.span)
    const completion = executeBody(rt, node.body, scope)
    if (completion === 'break') return 'next'
    if (completion === 'return') return completion
  }
}

function executeDoWhile(rt: Runtime, node: Statement & { kind: 'doWhile' }, scope: Scope): Completion {
  for (;;) {
    rt.step(node.span)
    const completion = executeBody(rt, node.body, scope)
    if (completion === 'break') return 'next'
    if (completion === 'return') return completion
    if (!rt.truthy(rt.parts.evaluate(node.condition, scope), node.condition.span)) return 'next'
  }
}

/** The first case with the value, else the default; a case never falls through to the next. */
function executeSwitch(rt: Runtime, node: Statement & { kind: 'switch' }, scope: Scope): Completion {
  const value = rt.parts.evaluate(node.value, scope)
  let chosen = node.cases.find((entry) => entry.values?.some((label) => sameLabel(rt, value, label, scope)))
  chosen ??= node.cases.find((entry) => entry.values === undefined)
  if (chosen === undefined) return 'next'
  const completion = rt.parts.executeAll(chosen.body, new Scope(scope))
  return completion === 'break' ? 'next' : completion
}

function sameLabel(rt: Runtime, value: Value, label: Expr, scope: Scope): boolean {
  const wanted = rt.parts.evaluate(label, scope)
  if (value === wanted) return true
  if (isInt(value) || isInt(wanted) || typeof value === 'string' || typeof wanted === 'string') return false
  return applyBinary(rt, '==', value, wanted, label.span) === 1
}

/** `when (c) { ... }`: every constraint in the body is multiplied by `c`. */
function executeWhen(rt: Runtime, node: Statement & { kind: 'when' }, scope: Scope): Completion {
  const outer = rt.whenFactor
  const condition = rt.parts.evaluate(node.condition, scope)
  rt.whenFactor = outer === undefined ? condition : applyBinary(rt, '*', outer, condition, node.condition.span)
  try {
    return executeBody(rt, node.body, scope)
  } finally {
    rt.whenFactor = outer
  }
}
