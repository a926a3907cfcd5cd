/**
 * The quotient: for each height, on each of the two cosets that make up the domain of twice the height, all constraints of
 * all instances are combined and divided by the vanishing polynomial, which is one constant there; then the two cosets are
 * put together into two pieces of coefficients. What the lower heights give is added to the coefficients of the greatest.
 */
import { NODE } from '@zisk/air'
import { EXT_ONE, EXT_ZERO, type Ext, extFromFelt, extMul, extScale, inv, pow, rootOfUnity, sub } from '@zisk/field'
import { airValuesInOrder, type HeightLayout, type ShardLayout } from '@zisk/verifier'
import type { QuotientRequest } from '../backend/backend.ts'
import type { Address, Region } from './arena.ts'
import { type LeafBinding, runExpression } from './column-program.ts'
import type { PanelCommitment } from './committed.ts'
import type { Engine } from './engine.ts'
import {
  type BorrowedPanels,
  borrowCoset,
  columnIn,
  cosetShift,
  type PanelMatrix,
  type Panels,
  ROW_BYTES,
} from './extension.ts'
import { cheapColumns } from './fixed-on-coset.ts'
import type { Job } from './jobs.ts'
import { joiningBytes, joinPieces, separatePieces, separationBytes } from './pieces.ts'
import { fillPlanar, type PlanarColumn, planarBytes, planarIn } from './planar.ts'
import type { RowKind } from './quotient-program.ts'
import { runExtensions } from './run-extensions.ts'

/** The two pieces of the quotient as one panel of coefficients, of the greatest height. */
export async function quotientPanel(engine: Engine, request: QuotientRequest): Promise<Region> {
  const { heights } = request.layout
  const [{ logRows }, second] = heights as [HeightLayout, HeightLayout | undefined]
  const workBytes = heights.map((h) => Math.max(separationBytes(engine, h.logRows), joiningBytes(engine, h.logRows)))
  // Together, since the others are added to the first: its panel, theirs one after the other, and work space.
  const [panel, lower, work] = engine.arena.reserveTogether([
    ROW_BYTES * 2 ** logRows,
    second === undefined ? 0 : ROW_BYTES * 2 ** second.logRows,
    Math.max(...workBytes),
  ]) as [Region, Region, Region]
  let weight: Ext = EXT_ONE
  for (const [h, height] of heights.entries()) {
    weight = await fillPanel(engine, request, height, { panel: h === 0 ? panel : lower, work, weight })
    if (h > 0) await joinPieces(engine, { lower, logRows: height.logRows }, { panel, logRows }, work)
  }
  engine.release(lower, work)
  return panel
}

/** Fills a panel with the two pieces of what one height adds to the quotient; returns the next power of lambda. */
async function fillPanel(
  engine: Engine,
  request: QuotientRequest,
  height: HeightLayout,
  { panel, work, weight }: { readonly panel: Region; readonly work: Region; readonly weight: Ext },
): Promise<Ext> {
  const rows = 2 ** height.logRows
  const [first, second] = engine.arena.reserveTogether([planarBytes(rows), planarBytes(rows)]) as [Region, Region]
  const sums = [planarIn(first, rows), planarIn(second, rows)]
  let next = weight
  for (const [member, i] of height.instances.entries())
    next = await addInstance(engine, request, i, { sums, weight: next, isFirst: member === 0 })
  const columns = sums.flatMap(({ offset, plane }) => [0, 1, 2].map((k) => offset + k * plane))
  await engine.runner.run(
    engine.ranges(rows, 2).map((range): Job => ({ kind: 'gather', columns, panel: panel.offset, ...range })),
  )
  const { offset } = panel
  const inverse = engine.inverse(height.logRows, offset)
  await runExtensions(engine, [{ kind: 'extend', columns: 6, src: offset, work: offset, inverse, cosets: [] }])
  await separatePieces(engine, panel, work, height.logRows)
  engine.release(first, second)
  return next
}

/** The sums of a height on both cosets as far as they go. */
interface RunningSums {
  readonly sums: readonly PlanarColumn[]
  /** The power of lambda that comes next. */
  readonly weight: Ext
  /** Whether nothing was written yet. */
  readonly isFirst: boolean
}

/** Adds the constraints of one instance; returns the next power of lambda. */
async function addInstance(
  engine: Engine,
  request: QuotientRequest,
  i: number,
  { sums, weight, isFirst }: RunningSums,
): Promise<Ext> {
  const { layout, lambda, context } = request
  const { shape, logRows } = layout.instances[i]!
  const rows = 2 ** logRows
  const combination = request.instances[i]!.programs().quotient
  const powers: Ext[] = [weight]
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
    const { compiled } = combination
    // Without constraints there is nothing over the extension, and no program writes the upper coordinates.
    if (isFirst && compiled.outputs[0] === false) fillPlanar(engine, sum, EXT_ZERO, 1)
    await runExpression(engine, compiled, binding, rows, [sum], !isFirst)
    columns.giveBack()
    engine.release(...selectors)
  }
  return powers[powers.length - 1]!
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
      return [committed >= 0 ? columnIn(fixed, committed) : cheap.places.get(a)!]
    }
    const selector = selectors[a - shape.air.customColumns.length]
    if (selector !== undefined) return [selector.offset]
    const commit = shape.custom.findIndex((columns) => columns.includes(a))
    return [columnIn(customs[commit]!, shape.custom[commit]!.indexOf(a))]
  }
  return {
    place,
    giveBack: () => {
      engine.release(...cheap.regions)
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
