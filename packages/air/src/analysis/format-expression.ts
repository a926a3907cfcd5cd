import { P } from '@zisk/field'
import { type ExpressionDag, type ExprId, isColumn, NODE } from '../model/expression.ts'
import { type Air, entryLabel, type Pilout } from '../model/pilout.ts'

/** Deepest nesting printed before an ellipsis. */
const MAX_DEPTH = 12

/**
 * An expression in PIL spelling, for reports: `(a[0] + 'b) * L1`. Long expressions are cut with an ellipsis.
 *
 * @param air The AIR whose columns the leaves name, or undefined for a global expression.
 */
export function formatExpression(program: Pilout, air: Air | undefined, dag: ExpressionDag, root: ExprId): string {
  let budget = 60
  const show = (id: ExprId, depth: number): string => {
    const kind = dag.kinds[id]!
    const a = dag.a[id]!
    const b = dag.b[id]!
    if (depth > MAX_DEPTH || budget-- < 0) return '…'
    if (kind === NODE.constant) return signedFelt(dag.constants[a]!).toString()
    if (kind === NODE.neg) return `-${show(a, depth + 1)}`
    if (kind === NODE.mul) return `${show(a, depth + 1)} * ${show(b, depth + 1)}`
    if (kind === NODE.add || kind === NODE.sub) {
      const sum = `${show(a, depth + 1)} ${kind === NODE.add ? '+' : '-'} ${show(b, depth + 1)}`
      return depth === 0 ? sum : `(${sum})`
    }
    return leafLabel(program, air, kind, a, b)
  }
  return show(root, 0)
}

/** Spelling of a leaf with its row offset: `x'`, `'x`, `x'3`, `2'x`. */
export function leafLabel(program: Pilout, air: Air | undefined, kind: number, a: number, b: number): string {
  if (!isColumn(kind)) return valueLabel(program, air, kind, a, b)
  const columns = kind === NODE.witness ? air?.witness : kind === NODE.fixed ? air?.fixed : air?.customColumns
  const column = columns?.[a]
  const label = column === undefined ? `column ${a}` : entryLabel(column)
  if (b === 0) return label
  if (b > 0) return `${label}'${b === 1 ? '' : b}`
  return `${b === -1 ? '' : -b}'${label}`
}

function valueLabel(program: Pilout, air: Air | undefined, kind: number, a: number, b: number): string {
  const entry =
    kind === NODE.airValue
      ? air?.airValues[a]
      : kind === NODE.airGroupValue
        ? program.airGroups[a]?.airGroupValues[b]
        : kind === NODE.proofValue
          ? program.proofValues[a]
          : kind === NODE.public
            ? program.publics[a]
            : program.challenges[a]
  return entry === undefined ? `value ${a}` : entryLabel(entry)
}

/** The integer of least absolute value that a field element stands for: p - 1 reads as -1. */
export function signedFelt(value: bigint): bigint {
  return value > P / 2n ? value - P : value
}
