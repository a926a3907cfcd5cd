import type { Statement } from '../parser/ast.ts'
import { parseFile } from '../parser/parse-file.ts'
import { SourceFile } from '../source/source-file.ts'
import type { Runtime } from './runtime.ts'
import { Scope } from './scope.ts'

/**
 * `require "f"` (once per program; also by the name under which a file in another folder was required before) and `include "f"` (as if its text stood here).
 */
export function includeFile(rt: Runtime, node: Statement & { kind: 'include' }, scope: Scope): void {
  const path = rt.parts.evaluate(node.path, scope)
  if (typeof path !== 'string') throw rt.error('PIL_TYPE', 'the path of a file must be a string', node.path.span)
  const found = rt.files.find(path, node.span.file.path)
  if (found === undefined && node.once && rt.requiredNames.has(path)) return
  if (found === undefined)
    throw rt.error(
      'PIL_FILE_NOT_FOUND',
      `cannot find ${JSON.stringify(path)}`,
      node.path.span,
      `it was looked for in ${searched(rt, node)}: add its folder with -I, or in the program with #pragma include_path`,
    )
  if (node.once) {
    rt.requiredNames.add(path)
    if (rt.required.has(found.path)) return
    rt.required.add(found.path)
  }
  if (rt.including.has(found.path)) {
    const chain = [...rt.including, found.path].map((name) => JSON.stringify(name)).join(' includes ')
    throw rt.error('PIL_INCLUDE_CYCLE', `cyclic include: ${chain}`, node.path.span, 'use require for shared files')
  }
  const file = new SourceFile(found.path, found.text)
  const statements = parseFile(file, (error) => rt.report(error))
  rt.including.add(found.path)
  try {
    rt.enter({ what: `${node.once ? 'require' : 'include'} ${JSON.stringify(path)}`, span: node.span }, () => {
      // What is required once belongs to the program, wherever it is asked for first.
      rt.parts.executeTolerant(statements, node.once ? new Scope(undefined, { vars: rt.proof.vars }) : scope)
    })
  } finally {
    rt.including.delete(found.path)
  }
}

/** The folders that were searched, in words. */
function searched(rt: Runtime, node: Statement): string {
  return [...rt.files.searched(node.span.file.path), 'the standard library'].join(', ')
}
