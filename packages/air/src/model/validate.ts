import { P } from '@zisk/field'
import { AirError } from '../errors.ts'
import { type ExpressionDag, isOperation, NODE } from './expression.ts'
import type { FixedContent } from './fixed-column.ts'
import type { Air, GlobalConstraint, Hint, HintValue, Pilout, SourceRef } from './pilout.ts'

/** Largest row offset of a column; published AIRs use up to 71. */
const MAX_ROW_OFFSET = 4096
const MAX_LOG_ROWS = 32

/** How many entries of each leaf kind exist where a DAG is used. */
interface Scope {
  readonly witness: number
  readonly fixed: number
  readonly custom: number
  readonly airValues: number
}

/**
 * Checks that every reference of a program points at something: columns, constants, operands, files, publics, heights.
 *
 * @throws AirError PILOUT_MODEL_INVALID naming the first offence.
 */
export function validatePilout(program: Pilout): void {
  checkDag(program, program.expressions, { witness: 0, fixed: 0, custom: 0, airValues: 0 }, 'program')
  checkRoots(program, program, 'program')
  for (const group of program.airGroups) {
    for (const value of group.airGroupValues) checkFelt(value.defaultValue, `${group.name}.${value.name}`)
    for (const air of group.airs) checkAir(program, air, `${group.name}.${air.name}`)
  }
}

function checkAir(program: Pilout, air: Air, where: string): void {
  checkSource(program, air.source, where)
  if (air.rows < 1 || air.rows > 2 ** MAX_LOG_ROWS || !Number.isInteger(Math.log2(air.rows)))
    fail(where, `${air.rows} rows: a power of two up to 2^${MAX_LOG_ROWS} is expected`)
  if (air.logHeights.length === 0) fail(where, 'no height is allowed')
  air.logHeights.forEach((logRows, i) => {
    if (!Number.isInteger(logRows) || logRows > MAX_LOG_ROWS || (i > 0 && logRows <= air.logHeights[i - 1]!))
      fail(where, `allowed heights ${air.logHeights.join(', ')} are not ascending logarithms up to ${MAX_LOG_ROWS}`)
  })
  for (const column of [...air.witness, ...air.fixed, ...air.customColumns])
    if (column.source !== undefined) checkSource(program, column.source, `${where}.${column.name}`)
  for (const column of air.witness) if (column.stage < 1) fail(`${where}.${column.name}`, `stage ${column.stage}`)
  for (const column of air.fixed) checkContent(column.content, `${where}.${column.name}`)
  for (const commit of air.customCommits)
    for (const index of commit.publics) checkIndex(index, program.publics.length, `${where}.${commit.name}`, 'public')
  for (const column of air.customColumns)
    checkIndex(column.commit, air.customCommits.length, `${where}.${column.name}`, 'custom commit')
  const scope = {
    witness: air.witness.length,
    fixed: air.fixed.length,
    custom: air.customColumns.length,
    airValues: air.airValues.length,
  }
  checkDag(program, air.expressions, scope, where)
  checkRoots(program, air, where)
  for (const { rows, label } of air.constraints)
    if (rows.kind === 'everyFrame' && Math.max(rows.offsetMin, rows.offsetMax) > MAX_ROW_OFFSET)
      fail(`${where}: ${label}`, `frame of offsets -${rows.offsetMin}..${rows.offsetMax}`)
}

function checkContent(content: FixedContent, where: string): void {
  if (content.kind === 'pattern')
    for (const value of [...content.head, ...content.cycle, ...content.tail]) checkFelt(value, where)
  if (content.kind === 'values') for (const value of content.values) checkFelt(value, where)
}

function checkDag(program: Pilout, dag: ExpressionDag, scope: Scope, where: string): void {
  for (const value of dag.constants) checkFelt(value, `${where}: constant`)
  const limits = {
    [NODE.constant]: dag.constants.length,
    [NODE.witness]: scope.witness,
    [NODE.fixed]: scope.fixed,
    [NODE.custom]: scope.custom,
    [NODE.airValue]: scope.airValues,
    [NODE.airGroupValue]: program.airGroups.length,
    [NODE.proofValue]: program.proofValues.length,
    [NODE.public]: program.publics.length,
    [NODE.challenge]: program.challenges.length,
  } as Readonly<Record<number, number>>
  for (let id = 0; id < dag.kinds.length; id++) {
    const kind = dag.kinds[id]!
    const a = dag.a[id]!
    const b = dag.b[id]!
    const at = `${where}: expression ${id}`
    if (kind > NODE.mul) fail(at, `kind ${kind}`)
    checkIndex(a, limits[kind] ?? id, at, 'operand')
    if (kind === NODE.airGroupValue) checkIndex(b, program.airGroups[a]!.airGroupValues.length, at, 'air-group value')
    else if (isOperation(kind)) checkIndex(b, kind === NODE.neg ? 1 : id, at, 'operand')
    else if (Math.abs(b) > MAX_ROW_OFFSET) fail(at, `row offset ${b}`)
  }
}

function checkRoots(
  program: Pilout,
  scope: {
    readonly expressions: ExpressionDag
    readonly constraints: readonly GlobalConstraint[]
    readonly hints: readonly Hint[]
  },
  where: string,
): void {
  const nodes = scope.expressions.kinds.length
  for (const { expression, label, source, trail } of scope.constraints) {
    checkIndex(expression, nodes, `${where}: ${label}`, 'expression')
    for (const ref of [source, ...trail]) checkSource(program, ref, `${where}: ${label}`)
  }
  const checkValue = (value: HintValue, at: string): void => {
    if (value.kind === 'expression') checkIndex(value.expression, nodes, at, 'expression')
    else if (value.kind === 'array') for (const item of value.items) checkValue(item, at)
    else if (value.kind === 'record') for (const field of Object.values(value.fields)) checkValue(field, at)
  }
  for (const { name, fields, source, trail } of scope.hints) {
    for (const ref of [source, ...trail]) checkSource(program, ref, `${where}: @${name}`)
    for (const value of Object.values(fields)) checkValue(value, `${where}: @${name}`)
  }
}

function checkSource(program: Pilout, source: SourceRef, where: string): void {
  checkIndex(source.file, program.files.length, where, 'source file')
}

function checkIndex(index: number, limit: number, where: string, what: string): void {
  if (!Number.isInteger(index) || index < 0 || index >= limit) fail(where, `${what} ${index} of ${limit}`)
}

function checkFelt(value: bigint, where: string): void {
  if (value < 0n || value >= P) fail(where, `${value} is not a canonical field element`)
}

function fail(where: string, message: string): never {
  throw new AirError({ code: 'PILOUT_MODEL_INVALID', message: `compiled program: ${message}`, where })
}
