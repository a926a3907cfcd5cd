import {
  type Air,
  type ExpressionDag,
  entryLabel,
  formatExpression,
  type Hint,
  type HintValue,
  materializeFixed,
  type Pilout,
  type SourceRef,
  type StagedValue,
  sourceLabel,
} from '@zisk/air'
import type { CompilePilResult } from '../compile-pil.ts'
import { formatDiagnostic } from '../source/diagnostic.ts'

/** Rows of a fixed column that a description shows. */
const SHOWN_ROWS = 20

/** A compilation as text: printed lines, findings, and the compiled form in a fixed order. */
export function describeResult(result: CompilePilResult, printed: readonly string[]): string {
  const lines: string[] = []
  if (printed.length > 0) lines.push('output', ...printed.map((line) => `  ${line}`))
  for (const diagnostic of result.diagnostics) lines.push(formatDiagnostic(diagnostic))
  if (result.pilout !== undefined) lines.push(...describeProgram(result.pilout))
  return `${lines.join('\n')}\n`
}

function describeProgram(program: Pilout): string[] {
  const lines = [`program ${program.name}`]
  if (program.publics.length > 0) lines.push(`  publics ${program.publics.map(entryLabel).join(', ')}`)
  describeValues(lines, 'proof values', program.proofValues)
  describeValues(lines, 'challenges', program.challenges)
  for (const { label, expression, source, trail } of program.constraints)
    lines.push(
      `  global ${show(program, undefined, program.expressions, expression)} === 0  "${label}"${place(program, source, trail)}`,
    )
  for (const hint of program.hints) lines.push(`  ${describeHint(program, undefined, program.expressions, hint)}`)
  for (const group of program.airGroups) {
    lines.push(`airgroup ${group.name}`)
    for (const value of group.airGroupValues)
      lines.push(
        `  air-group value ${entryLabel(value)} stage ${value.stage} ${value.aggregate} default ${value.defaultValue}`,
      )
    for (const air of group.airs) lines.push(...describeAir(program, air).map((line) => `  ${line}`))
  }
  return lines
}

function describeAir(program: Pilout, air: Air): string[] {
  const lines = [`air ${air.name} of ${air.template}, ${air.rows} rows, heights 2^${air.logHeights.join(' 2^')}`]
  for (const column of air.witness) {
    const bits = column.bits === undefined ? '' : ` bits ${column.bits.size}${column.bits.signed ? ' signed' : ''}`
    lines.push(`  witness ${entryLabel(column)} stage ${column.stage}${bits}`)
  }
  for (const column of air.fixed) {
    const { content } = column
    if (content.kind === 'external') {
      lines.push(`  fixed ${entryLabel(column)} external ${content.file} column ${content.column}`)
      continue
    }
    const rows = Math.min(air.rows, 2 ** 16)
    const values =
      air.rows > rows ? ['…'] : [...materializeFixed(content, air.rows, column.name)].slice(0, SHOWN_ROWS).map(signed)
    lines.push(`  fixed ${entryLabel(column)} ${content.kind} ${values.join(' ')}`)
  }
  for (const commit of air.customCommits)
    lines.push(`  commit ${commit.name} stage ${commit.stage} publics ${commit.publics.join(' ')}`)
  for (const column of air.customColumns)
    lines.push(`  custom ${entryLabel(column)} of ${air.customCommits[column.commit]!.name}`)
  describeValues(lines, 'air values', air.airValues)
  for (const { label, expression, source, trail } of air.constraints)
    lines.push(`  ${show(program, air, air.expressions, expression)} === 0  "${label}"${place(program, source, trail)}`)
  for (const hint of air.hints) lines.push(`  ${describeHint(program, air, air.expressions, hint)}`)
  return lines
}

function describeValues(lines: string[], what: string, values: readonly StagedValue[]): void {
  if (values.length > 0)
    lines.push(`  ${what} ${values.map((value) => `${entryLabel(value)}@${value.stage}`).join(', ')}`)
}

function place(program: Pilout, source: SourceRef, trail: readonly SourceRef[]): string {
  return `  ${[source, ...trail].map((ref) => sourceLabel(program, ref)).join(' < ')}`
}

function describeHint(program: Pilout, air: Air | undefined, dag: ExpressionDag, hint: Hint): string {
  const value = (field: HintValue): string => {
    switch (field.kind) {
      case 'expression':
        return show(program, air, dag, field.expression)
      case 'integer':
        return String(field.value)
      case 'string':
        return JSON.stringify(field.value)
      case 'array':
        return `[${field.items.map(value).join(', ')}]`
      case 'record':
        return fields(field.fields)
    }
  }
  const fields = (record: Readonly<Record<string, HintValue>>) =>
    `{${Object.entries(record)
      .map(([name, field]) => `${name}: ${value(field)}`)
      .join(', ')}}`
  return `hint ${hint.name}${fields(hint.fields)}`
}

function show(program: Pilout, air: Air | undefined, dag: ExpressionDag, expression: number): string {
  return formatExpression(program, air, dag, expression)
}

function signed(value: bigint): string {
  return String(value > 2n ** 63n ? value - 0xffff_ffff_0000_0001n : value)
}
