import { nodeDegrees, visitReachable } from '../model/expression.ts'
import type { Air, Pilout } from '../model/pilout.ts'
import { effectiveDegree, MAX_CONSTRAINT_DEGREE, reduceDegree } from './reduce-degree.ts'
import { stageWidth } from './stages.ts'

/** What an AIR costs; the unit of every width is base-field cells per row. */
export interface AirCost {
  /** Witness columns of stage 1, without intermediates. */
  readonly stage1: number
  readonly customColumns: number
  readonly fixedColumns: number
  /** Witness columns of stage 2 and later (each takes three cells), without intermediates. */
  readonly stage2: number
  /** Columns that degree reduction adds. */
  readonly intermediates: number
  /** All committed cells per row: stage 1, custom, stage 2, intermediates and the quotient. */
  readonly cellsPerRow: number
  readonly constraints: number
  /** Largest degree of a constraint as written, before degree reduction. */
  readonly degree: number
  /** Degree that the constraints are brought to; the quotient has one piece less. */
  readonly reducedDegree: number
  /** Nodes that the constraints reach: additions, multiplications and leaves to evaluate per row. */
  readonly nodes: number
}

/**
 * Cost of an AIR. With the sum bus of the standard library the cells are `w1 + 3 (1 + n_im) + 6`: stage 1, the running
 * sum and its n_im partial sums over the cubic extension, and the quotient in two pieces.
 */
export function airCost(program: Pilout, air: Air, maxDegree: number = MAX_CONSTRAINT_DEGREE): AirCost {
  const degrees = nodeDegrees(air.expressions)
  const reduced = reduceDegree(program, air, maxDegree)
  const stage2 = air.witness.filter((column) => column.stage >= 2).length
  const witnessCells = reduced.air.witness.reduce((cells, column) => cells + stageWidth(column.stage), 0)
  let nodes = 0
  const roots = air.constraints.map((constraint) => constraint.expression)
  visitReachable(air.expressions, roots, () => nodes++)
  return {
    stage1: air.witness.length - stage2,
    customColumns: air.customColumns.length,
    fixedColumns: air.fixed.length,
    stage2,
    intermediates: reduced.intermediates.length,
    cellsPerRow: witnessCells + air.customColumns.length + 3 * (maxDegree - 1),
    constraints: air.constraints.length,
    degree: air.constraints.reduce((top, c) => Math.max(top, effectiveDegree(c.rows, degrees[c.expression]!)), 0),
    reducedDegree: maxDegree,
    nodes,
  }
}

/**
 * The least cells per row that an AIR can have when its constraints may keep a degree up to `maxDegree`: a larger degree
 * saves intermediate columns and adds pieces of the quotient. The prover of this project uses one degree for all.
 */
export function cheapestAirCost(program: Pilout, air: Air, maxDegree: number): AirCost {
  let best = airCost(program, air, maxDegree)
  for (let degree = maxDegree - 1; degree >= 2; degree--) {
    const cost = airCost(program, air, degree)
    if (cost.cellsPerRow < best.cellsPerRow) best = cost
  }
  return best
}
