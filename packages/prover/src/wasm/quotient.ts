/**
 * The quotient: on each of the two cosets that make up the domain of twice the height, all constraints of all instances
 * are combined and divided by the vanishing polynomial, which is one constant there; then the two cosets are put together
 * into two pieces of coefficients.
 */
import { type Air, type Constraint, ExpressionBuilder, type ExprId, NODE } from '@zisk/air'
import { EXT_ONE, EXT_ZERO, type Ext, extFromFelt, extMul, extScale, inv, pow, rootOfUnity, sub } from '@zisk/field'
import { airValuesInOrder, type HeightLayout, type ShardLayout } from '@zisk/verifier'
import type { QuotientRequest } from '../backend/backend.ts'
import type { Address, Region } from './arena.ts'
import {
  type CompiledExpression,
  compileExpression,
  type LeafBinding,
  type LeafTypes,
  runExpression,
} from './column-program.ts'
import type { PanelCommitment } from './committed.ts'
import { copyInto } from './copy-expression.ts'
import type { Engine } from './engine.ts'
import type { ExtendJob } from './extend-job.ts'
import {
  type BorrowedPanels,
  borrowCoset,
  columnIn,
  cosetShift,
  loadColumns,
  type PanelMatrix,
  type Panels,
  ROW_BYTES,
} from './extension.ts'
import { fillPlanar, type PlanarColumn, planarBytes, planarIn, reversedBasePowers } from './planar.ts'
import { runExtensions } from './run-extensions.ts'

/** Size of a base column. */
function columnBytes(rows: number): number {
  return planarBytes(rows) / 3
}

/** The two pieces of a height's quotient as one panel of coefficients. */
export async function quotientPanel(engine: Engine, request: QuotientRequest, height: HeightLayout): Promise<Region> {
  const { arena } = engine
  const rows = 2 ** height.logRows
  // Everything that is not of one instance, in one memory: sums, panel, and the columns of separatePieces.
  const [first, second, panel, work] = arena.reserveTogether([
    planarBytes(rows),
    planarBytes(rows),
    ROW_BYTES * rows,
    (2 * 3 + 1) * columnBytes(rows),
  ]) as [Region, Region, Region, Region]
  const kernels = engine.kernelsAt(panel.offset)
  const sums = [planarIn(first, rows), planarIn(second, rows)]
  for (const sum of sums) fillPlanar(engine, sum, EXT_ZERO)
  let weight: Ext = EXT_ONE
  for (const i of height.instances) weight = await addInstance(engine, request, i, sums, weight)
  arena.clear(panel)
  for (const [c, sum] of sums.entries())
    for (let k = 0; k < 3; k++)
      kernels.copyStrided(sum.offset + k * sum.plane, 8, panel.offset + 8 * (3 * c + k), ROW_BYTES, rows)
  const { offset } = panel
  const inverse = engine.inverse(height.logRows, offset)
  await runExtensions(engine, [{ kind: 'extend', src: offset, work: offset, inverse, cosets: [] }])
  separatePieces(engine, panel, work, height.logRows)
  engine.release(first, second, work)
  return panel
}

/** Adds the constraints of one instance to the sums of both cosets; returns the next power of lambda. */
async function addInstance(
  engine: Engine,
  request: QuotientRequest,
  i: number,
  sums: readonly PlanarColumn[],
  firstWeight: Ext,
): Promise<Ext> {
  const { layout, lambda, context } = request
  const { shape, logRows } = layout.instances[i]!
  const rows = 2 ** logRows
  const combination = combinationOf(shape.air, context.challenges.length)
  const powers: Ext[] = [firstWeight]
  for (const _ of shape.air.constraints) powers.push(extMul(powers[powers.length - 1]!, lambda))
  for (const [c, sum] of sums.entries()) {
    const shift = cosetShift(logRows, 1, c)
    const overVanishing = inv(sub(pow(shift, BigInt(rows)), 1n))
    const selectors = combination.selectors.map((kind) => selectorColumn(engine, kind, logRows, shift, overVanishing))
    const columns = await leafPlaces(engine, request, i, c, selectors)
    const scalar = scalarLeaves(request, i)
    const binding: LeafBinding = {
      column: columns.place,
      scalar: (kind, a, b) => {
        const constraint = a - context.challenges.length
        if (kind !== NODE.challenge || constraint < 0) return scalar(kind, a, b)
        // On every row the selector is the constant 1 / (x^n - 1).
        const isEveryRow = shape.air.constraints[constraint]!.rows.kind === 'everyRow'
        return isEveryRow ? extScale(powers[constraint]!, overVanishing) : powers[constraint]!
      },
    }
    await runExpression(engine, combination.compiled, binding, rows, [sum])
    columns.giveBack()
    engine.release(...selectors)
  }
  return powers[powers.length - 1]!
}

type RowKind = Exclude<Constraint['rows'], { readonly kind: 'everyRow' }>

/** All constraints of an AIR as one expression. */
interface Combination {
  readonly compiled: CompiledExpression
  /** Columns that divide by the vanishing polynomial of some rows, as custom columns after those of the AIR. */
  readonly selectors: readonly RowKind[]
}

/** Compiled once for each AIR. */
const COMBINATIONS = new WeakMap<Air, Combination>()

function combinationOf(air: Air, challengeCount: number): Combination {
  const known = COMBINATIONS.get(air) ?? combineConstraints(air, challengeCount)
  COMBINATIONS.set(air, known)
  return known
}

/** Sum of weight * constraint, by rows; constraint k has as weight the challenge after all others and k more. */
function combineConstraints(air: Air, challengeCount: number): Combination {
  const e = new ExpressionBuilder()
  const node = copyInto(
    e,
    air.expressions,
    air.constraints.map(({ expression }) => expression),
  )
  const selectors: RowKind[] = []
  const sums = new Map<string, ExprId>()
  for (const [k, { rows, expression }] of air.constraints.entries()) {
    const key = JSON.stringify(rows)
    if (rows.kind !== 'everyRow' && !sums.has(key)) selectors.push(rows)
    const term = e.mul(node(expression), e.challenge(challengeCount + k))
    sums.set(key, e.add(sums.get(key) ?? e.constant(0n), term))
  }
  let output = sums.get(JSON.stringify({ kind: 'everyRow' })) ?? e.constant(0n)
  for (const [s, rows] of selectors.entries()) {
    const selector = e.custom(air.customColumns.length + s)
    output = e.add(output, e.mul(selector, sums.get(JSON.stringify(rows))!))
  }
  const { dag, map } = e.extract([output])
  const isSelector = (kind: number, a: number) => kind === NODE.custom && a >= air.customColumns.length
  const types: LeafTypes = {
    isExt: (kind, a) => {
      if (kind === NODE.witness) return air.witness[a]!.stage === 2
      if (kind === NODE.airValue) return air.airValues[a]!.stage === 2
      return kind === NODE.airGroupValue || kind === NODE.challenge
    },
    stride: (kind, a) => (isSelector(kind, a) ? 8 : ROW_BYTES),
  }
  return { compiled: compileExpression(dag, [map(output)], types, true), selectors }
}

/** 1 over the polynomial that vanishes on the rows, on the coset. */
function selectorColumn(engine: Engine, kind: RowKind, logRows: number, shift: bigint, overVanishing: bigint): Region {
  const rows = 2 ** logRows
  const root = rootOfUnity(logRows)
  const sizes = new Array<number>(4).fill(8 * rows)
  const [region, points, constant, factor] = engine.arena.reserveTogether(sizes) as [Region, Region, Region, Region]
  const column = region.offset
  const kernels = engine.kernelsAt(column)
  kernels.fillPowers(points.offset, rows, shift, root)
  const minusRow = (dst: Address, row: number): void => {
    kernels.fillPowers(constant.offset, rows, row >= 0 ? pow(root, BigInt(row)) : inv(pow(root, BigInt(-row))), 1n)
    kernels.subColumns(points.offset, constant.offset, dst, rows)
  }
  if (kind.kind === 'everyFrame') {
    kernels.fillPowers(column, rows, overVanishing, 1n)
    const excluded = [
      ...Array.from({ length: kind.offsetMin }, (_, row) => row),
      ...Array.from({ length: kind.offsetMax }, (_, row) => -1 - row),
    ]
    for (const row of excluded) {
      minusRow(factor.offset, row)
      kernels.mulColumns(column, factor.offset, column, rows)
    }
  } else {
    minusRow(column, kind.kind === 'firstRow' ? 0 : -1)
    kernels.inverseColumn(column, column, rows)
  }
  engine.release(points, constant, factor)
  return region
}

/** The fixed columns that are not committed, on one of the two cosets. */
async function cheapColumns(engine: Engine, request: QuotientRequest, i: number, c: number) {
  const { shape, logRows } = request.layout.instances[i]!
  const { fixed } = request.instances[i]!
  const { kinds, a } = shape.air.expressions
  const used = new Set<number>()
  for (const [id, kind] of kinds.entries()) if (kind === NODE.fixed && !shape.fixed.includes(a[id]!)) used.add(a[id]!)
  const columns = [...used].sort((x, y) => x - y)
  const { trace } = await loadColumns(engine, { logRows, columns: columns.map((column) => fixed(column)) })
  const panels = trace ?? []
  const shift = cosetShift(logRows, 1, c)
  await runExtensions(
    engine,
    panels.map(({ offset }): ExtendJob => {
      const cosets = [{ plan: engine.forward(logRows, shift, offset), dst: offset }]
      return { kind: 'extend', src: offset, work: offset, inverse: engine.inverse(logRows, offset), cosets }
    }),
  )
  return { columns, panels }
}

/** Where the columns of an instance lie on one of the two cosets. */
async function leafPlaces(
  engine: Engine,
  request: QuotientRequest,
  i: number,
  c: number,
  selectors: readonly Region[],
): Promise<{ readonly place: LeafBinding['column']; readonly giveBack: () => void }> {
  const { layout } = request
  const { shape, air } = layout.instances[i]!
  const borrowed: BorrowedPanels[] = []
  const onCoset = async (matrix: PanelMatrix): Promise<Panels> => {
    const panels = await borrowCoset(engine, matrix, layout.logBlowup, c * 2 ** (layout.logBlowup - 1))
    borrowed.push(panels)
    return panels.panels
  }
  const matrices = matricesOf(layout, request.trees as readonly PanelCommitment[], i, air)
  const stage1 = await onCoset(matrices.stage1)
  const stage2 = shape.stage2.length > 0 ? await onCoset(matrices.stage2!) : []
  const fixed = shape.fixed.length > 0 ? await onCoset(matrices.fixed!) : []
  const customs: Panels[] = []
  for (const commit of shape.custom.keys()) customs.push(await onCoset(matrices.custom(commit)))
  const cheap = await cheapColumns(engine, request, i, c)
  const place: LeafBinding['column'] = (kind, a) => {
    if (kind === NODE.witness) {
      if (shape.air.witness[a]!.stage === 1) return [columnIn(stage1, shape.stage1.indexOf(a))]
      return [0, 1, 2].map((k) => columnIn(stage2, 3 * shape.stage2.indexOf(a) + k))
    }
    if (kind === NODE.fixed) {
      const committed = shape.fixed.indexOf(a)
      return [committed >= 0 ? columnIn(fixed, committed) : columnIn(cheap.panels, cheap.columns.indexOf(a))]
    }
    const selector = selectors[a - shape.air.customColumns.length]
    if (selector !== undefined) return [selector.offset]
    const commit = shape.custom.findIndex((columns) => columns.includes(a))
    return [columnIn(customs[commit]!, shape.custom[commit]!.indexOf(a))]
  }
  return {
    place,
    giveBack: () => {
      engine.release(...cheap.panels)
      for (const panels of borrowed) panels.giveBack()
    },
  }
}

function matricesOf(layout: ShardLayout, trees: readonly PanelCommitment[], i: number, air: number) {
  const treeNamed = (name: string) => trees[layout.trees.findIndex((tree) => tree.name === name)]
  const withStage2 = layout.instances.flatMap(({ shape }, k) => (shape.stage2.length > 0 ? [k] : []))
  return {
    stage1: treeNamed('stage1')!.matrices[i]!,
    stage2: treeNamed('stage2')?.matrices[withStage2.indexOf(i)],
    fixed: treeNamed('fixed')?.matrices[layout.fixedAirs.indexOf(air)],
    custom: (commit: number): PanelMatrix =>
      trees[layout.trees.findIndex(({ custom }) => custom?.air === air && custom.commit === commit)]!.matrices[0]!,
  }
}

/** Values that are the same in all rows. */
function scalarLeaves(request: QuotientRequest, i: number): (kind: number, a: number, b: number) => Ext {
  const { layout, claims, context } = request
  const { shape } = layout.instances[i]!
  const claim = claims[i]!
  const airValues = airValuesInOrder(shape.air.airValues, claim)
  return (kind, a, b) => {
    switch (kind) {
      case NODE.airValue:
        return airValues[a]!
      case NODE.airGroupValue:
        return claim.airGroupValues[shape.airGroupValues.indexOf(b)]!
      case NODE.proofValue:
        return extFromFelt(context.proofValues[a]!)
      case NODE.public:
        return extFromFelt(context.publics[a]!)
      default:
        return context.challenges[a]!
    }
  }
}

/**
 * From the coefficients of both cosets to those of the pieces. On coset c the quotient is Q0 + s Q1 with s = x^n, one
 * constant; the transform took values as if on the subgroup, so coefficient i carries shift^i.
 */
function separatePieces(engine: Engine, panel: Region, work: Region, logRows: number): void {
  const kernels = engine.kernelsAt(panel.offset)
  const rows = 2 ** logRows
  const columnAt = (i: number): Address => work.offset + i * columnBytes(rows)
  const columns = [0, 1].map((c) => {
    const shift = cosetShift(logRows, 1, c)
    const unshift = columnAt(0)
    reversedBasePowers(engine, inv(shift), logRows, unshift)
    const planes = [0, 1, 2].map((k) => {
      const plane = columnAt(1 + 3 * c + k)
      kernels.copyStrided(panel.offset + 8 * (3 * c + k), ROW_BYTES, plane, 8, rows)
      kernels.mulColumns(plane, unshift, plane, rows)
      return plane
    })
    return { planes, constant: pow(shift, BigInt(rows)) }
  })
  const [first, second] = columns as [(typeof columns)[number], (typeof columns)[number]]
  const scale = inv(sub(first.constant, second.constant))
  for (let k = 0; k < 3; k++) {
    const [r0, r1] = [first.planes[k]!, second.planes[k]!]
    // Q1 = (R0 - R1) / (s0 - s1), Q0 = R0 - s0 Q1
    kernels.subColumns(r0, r1, r1, rows)
    kernels.scaleColumn(r1, r1, scale, rows)
    kernels.copyStrided(r1, 8, panel.offset + 8 * (3 + k), ROW_BYTES, rows)
    kernels.scaleColumn(r1, r1, first.constant, rows)
    kernels.subColumns(r0, r1, r0, rows)
    kernels.copyStrided(r0, 8, panel.offset + 8 * k, ROW_BYTES, rows)
  }
}
