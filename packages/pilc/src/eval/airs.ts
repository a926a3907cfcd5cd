import { AirBuilder } from '@zisk/air'
import type { AirGroupNode, CallNode, NameSegment } from '../parser/ast.ts'
import type { Span } from '../source/source-file.ts'
import { bindParameters, runFinals } from './calls.ts'
import { fixRows, numberOfRows } from './columns.ts'
import { AirContext, AirGroupContext } from './context.ts'
import { resolveBinding } from './names.ts'
import type { Runtime } from './runtime.ts'
import { Scope } from './scope.ts'
import { isInt } from './value.ts'

/** `airgroup G { ... }`: its final calls run when its last block closes. */
export function runAirGroup(rt: Runtime, node: AirGroupNode, scope: Scope): void {
  if (rt.airGroup !== undefined) throw rt.error('PIL_CONTEXT', 'an airgroup cannot stand inside another', node.span)
  const name = rt.segmentText(node.name, scope)
  let group = rt.airGroups.get(name)
  if (group === undefined) {
    group = new AirGroupContext(name, rt.builder.addAirGroup(name))
    rt.airGroups.set(name, group)
  }
  rt.airGroup = group
  try {
    rt.enter({ what: `airgroup ${name}`, span: node.span }, () => {
      rt.parts.executeTolerant(node.body, new Scope(scope, { vars: group.namespace.vars }))
    })
    runFinals(rt, group.finals)
  } finally {
    rt.airGroup = undefined
  }
}

/** `T(...) alias Name;` and `virtual T(...);`: builds one AIR from a template. */
export function instantiateCall(
  rt: Runtime,
  node: { readonly isVirtual: boolean; readonly call: CallNode; readonly alias: NameSegment | undefined },
  scope: Scope,
): void {
  const { call } = node
  const binding = resolveBinding(rt, call.callee, scope)
  if (binding.kind !== 'template')
    throw rt.error('PIL_TYPE', `${rt.pathText(call.callee, scope).join('.')} is not an airtemplate`, call.callee.span)
  const group = rt.airGroup
  if (group === undefined) throw rt.error('PIL_CONTEXT', 'an AIR can only be made inside an airgroup', call.span)
  const template = binding.node
  const args = rt.parts.evaluateArguments(call.args, scope)
  const name = airName(rt, group, node.alias === undefined ? template.name : rt.segmentText(node.alias, scope), node)
  const options = { name, template: template.name, rows: 1, source: rt.sourceRef(call.span) }
  const builder = node.isVirtual ? new AirBuilder(options, 0) : group.builder.addAir(options)
  const { isVirtual } = node
  const air = new AirContext({ name, template: template.name, group, isVirtual, builder, span: call.span })
  const outer = { air: rt.air, whenFactor: rt.whenFactor }
  rt.air = air
  rt.whenFactor = undefined
  try {
    rt.enter({ what: `${isVirtual ? 'virtual ' : ''}AIR ${name}`, span: call.span }, () => {
      const root = new Scope(undefined, { vars: air.namespace.vars })
      bindParameters(rt, template.parameters, args, {
        scope: root,
        what: `airtemplate ${template.name}`,
        span: call.span,
      })
      rt.parts.executeTolerant(template.body, root)
      runFinals(rt, air.finals)
      closeAir(rt, air, call.span)
    })
  } finally {
    rt.air = outer.air
    rt.whenFactor = outer.whenFactor
  }
}

function airName(
  rt: Runtime,
  group: AirGroupContext,
  wanted: string,
  node: { readonly isVirtual: boolean; readonly call: CallNode },
): string {
  if (node.isVirtual || !group.airNames.has(wanted)) {
    if (!node.isVirtual) group.airNames.add(wanted)
    return wanted
  }
  let name = wanted
  for (let i = 2; group.airNames.has(name); i++) name = `${wanted}_${i}`
  rt.warn('PIL_AIR_NAME_REPEATED', `there is an AIR named ${wanted} already: this one is ${name}`, node.call.span)
  group.airNames.add(name)
  return name
}

/** Hands the contents of the fixed columns over and settles the number of rows. */
function closeAir(rt: Runtime, air: AirContext, span: Span): void {
  if (!air.isVirtual && !air.rowsRefused && isInt(numberOfRows(air))) fixRows(rt, air, span)
  air.fixedStores.forEach((store, index) => {
    air.builder.setFixedContent(index, store.content())
    store.release()
  })
  if (air.isVirtual || air.builder.logHeights === undefined) return
  const fixed = air.fixedStores.findIndex((store) => !store.fitsAnyHeight)
  if (fixed >= 0)
    throw rt.error(
      'PIL_CONTEXT',
      `${air.labels.fixed[fixed]} has values for one height only: fill it with "..." or remove "#pragma heights"`,
      span,
    )
}
