import type { Pilout } from '@zisk/air'
import { parseFile } from '../parser/parse-file.ts'
import type { PilDiagnostic } from '../source/diagnostic.ts'
import type { FileFinder } from '../source/file-finder.ts'
import type { SourceFile } from '../source/source-file.ts'
import { callFunction, callNode, evaluateArguments, runFinals } from './calls.ts'
import { evaluateExpression } from './expressions.ts'
import type { PilLimits } from './limits.ts'
import { Runtime, type RuntimeParts } from './runtime.ts'
import { Scope } from './scope.ts'
import { executeAll, executeStatement, executeTolerant } from './statements.ts'

/** How the evaluator reaches the world. */
export interface EvaluatorHost {
  readonly limits: PilLimits
  readonly output: (text: string) => void
  readonly files: FileFinder
  readonly compileLoops: boolean
}

/** Runs a program and gives what it built; the program is whole only when no diagnostic is an error. */
export function evaluateProgram(
  name: string,
  source: SourceFile,
  host: EvaluatorHost,
): { pilout: Pilout; diagnostics: PilDiagnostic[] } {
  const rt = makeRuntime(name, host)
  const scope = new Scope(undefined, { vars: rt.proof.vars })
  try {
    const statements = parseFile(source, (error) => rt.report(error))
    rt.required.add(source.path)
    rt.including.add(source.path)
    rt.parts.executeTolerant(statements, scope)
    runFinals(rt, rt.proofFinals)
  } catch (error) {
    const known = rt.asPilError(error)
    if (known === undefined) throw error
    if (known.code !== 'PIL_COMPILE_FAILED') rt.reportLast(known)
  }
  for (const store of rt.fixedStores) store.rewind()
  return { pilout: rt.builder.build(), diagnostics: rt.diagnostics }
}

function makeRuntime(name: string, host: EvaluatorHost): Runtime {
  const parts: RuntimeParts = {
    evaluate: (expr, scope) => evaluateExpression(rt, expr, scope),
    execute: (statement, scope) => executeStatement(rt, statement, scope),
    executeAll: (statements, scope) => executeAll(rt, statements, scope),
    executeTolerant: (statements, scope) => executeTolerant(rt, statements, scope),
    callFunction: (binding, args, span) => callFunction(rt, binding, args, span),
    evaluateArguments: (args, scope) => evaluateArguments(rt, args, scope),
    callNode: (call, scope) => callNode(rt, call, scope),
  }
  const rt: Runtime = new Runtime({ name, parts, ...host })
  return rt
}
