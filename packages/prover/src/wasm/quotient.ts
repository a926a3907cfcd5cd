/**
 * The quotient: on each of the two cosets that make up the domain of twice the height, all constraints of all instances
 * are combined and divided by the vanishing polynomial, which is one constant there; then the two cosets are put together
 * into two pieces of coefficients.
 */
import { type Air, type Constraint, ExpressionBuilder, type ExprId, NODE } from '@zisk/air'
import {
  EXT_ONE,
  type Ext,
  extFromFelt,
  extMul,
  extScale,
  GENERATOR,
  inv,
  mul,
  type Offset,
  pow,
  rootOfUnity,
  sub,
} from '@zisk/field'
import { airValuesInOrder, type HeightLayout, PANEL_WORDS, QUOTIENT_PIECES, type ShardLayout } from '@zisk/verifier'
import type { QuotientRequest } from '../backend/backend.ts'
import type { Region } from './arena.ts'
import {
  type CompiledExpression,
  compileExpression,
  type LeafBinding,
  type LeafTypes,
  runExpression,
} from './column-program.ts'
import { extendMatrices, type PanelCommitment, type PanelMatrix } from './committed.ts'
import { copyInto } from './copy-expression.ts'
import type { Engine } from './engine.ts'
import { type PlanarColumn, reservePlanar, reversedBasePowers } from './planar.ts'

const ROW_BYTES = 8 * PANEL_WORDS

/** The two pieces of a height's quotient as one panel of coefficients. */
export async function quotientPanel(engine: Engine, request: QuotientRequest, height: HeightLayout): Promise<Region> {
  const { kernels, arena } = engine
  const rows = 2 ** height.logRows
  const sums = Array.from({ length: QUOTIENT_PIECES }, () => {
    const sum = reservePlanar(engine, rows)
    for (let k = 0; k < 3; k++) kernels.fillPowers(sum.offset + k * sum.plane, rows, 0n, 1n)
    return sum
  })
  let weight: Ext = EXT_ONE
  for (const i of height.instances) weight = await addInstance(engine, request, i, sums, weight)
  const panel = arena.reserveZeroed(ROW_BYTES * rows)
  for (const [c, sum] of sums.entries())
    for (let k = 0; k < 3; k++)
      kernels.copyStrided(sum.offset + k * sum.plane, 8, panel.offset + 8 * (3 * c + k), ROW_BYTES, rows)
  await engine.runner.run([
    {
      kind: 'extend',
      panel: panel.offset,
      inverse: engine.transforms(height.logRows, request.layout.logBlowup).inverse,
      cosets: [],
    },
  ])
  separatePieces(engine, panel, height.logRows)
  for (const { region } of sums) arena.release(region)
  return panel
}

/** Shift of coset c of the two. */
function shiftOf(logRows: number, c: number): bigint {
  return mul(GENERATOR, pow(rootOfUnity(logRows + 1), BigInt(c)))
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
  const cheap = await cheapColumns(engine, request, i)
  const powers: Ext[] = [firstWeight]
  for (const _ of shape.air.constraints) powers.push(extMul(powers[powers.length - 1]!, lambda))
  for (const [c, sum] of sums.entries()) {
    const shift = shiftOf(logRows, c)
    const overVanishing = inv(sub(pow(shift, BigInt(rows)), 1n))
    const selectors = combination.selectors.map((kind) => selectorColumn(engine, kind, logRows, shift, overVanishing))
    const scalar = scalarLeaves(request, i)
    const binding: LeafBinding = {
      column: leafPlaces(request, i, c * 2 ** (layout.logBlowup - 1), cheap, selectors),
      scalar: (kind, a, b) => {
        const constraint = a - context.challenges.length
        if (kind !== NODE.challenge || constraint < 0) return scalar(kind, a, b)
        // On every row the selector is the constant 1 / (x^n - 1).
        const isEveryRow = shape.air.constraints[constraint]!.rows.kind === 'everyRow'
        return isEveryRow ? extScale(powers[constraint]!, overVanishing) : powers[constraint]!
      },
    }
    await runExpression(engine, combination.compiled, binding, rows, [sum])
    engine.release(...selectors)
  }
  engine.release(...cheap.regions)
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
  const { arena, kernels } = engine
  const rows = 2 ** logRows
  const root = rootOfUnity(logRows)
  const region = arena.reserve(8 * rows)
  const column = region.offset
  const points = arena.reserve(8 * rows)
  const constant = arena.reserve(8 * rows)
  kernels.fillPowers(points.offset, rows, shift, root)
  const minusRow = (dst: Offset, row: number): void => {
    kernels.fillPowers(constant.offset, rows, row >= 0 ? pow(root, BigInt(row)) : inv(pow(root, BigInt(-row))), 1n)
    kernels.subColumns(points.offset, constant.offset, dst, rows)
  }
  if (kind.kind === 'everyFrame') {
    kernels.fillPowers(column, rows, overVanishing, 1n)
    const factor = arena.reserve(8 * rows)
    const excluded = [
      ...Array.from({ length: kind.offsetMin }, (_, row) => row),
      ...Array.from({ length: kind.offsetMax }, (_, row) => -1 - row),
    ]
    for (const row of excluded) {
      minusRow(factor.offset, row)
      kernels.mulColumns(column, factor.offset, column, rows)
    }
    arena.release(factor)
  } else {
    minusRow(column, kind.kind === 'firstRow' ? 0 : -1)
    kernels.inverseColumn(column, column, rows)
  }
  engine.release(points, constant)
  return region
}

/** The fixed columns that are not committed, extended. */
interface CheapColumns {
  readonly matrix: PanelMatrix | undefined
  /** Fixed columns of the AIR, in the order of the matrix. */
  readonly columns: readonly number[]
  readonly regions: readonly Region[]
}

async function cheapColumns(engine: Engine, request: QuotientRequest, i: number): Promise<CheapColumns> {
  const { shape, logRows } = request.layout.instances[i]!
  const { fixed } = request.instances[i]!
  const { kinds, a } = shape.air.expressions
  const used = new Set<number>()
  for (const [id, kind] of kinds.entries()) if (kind === NODE.fixed && !shape.fixed.includes(a[id]!)) used.add(a[id]!)
  const columns = [...used].sort((x, y) => x - y)
  if (columns.length === 0) return { matrix: undefined, columns, regions: [] }
  const values = { logRows, columns: columns.map((column) => fixed[column]!) }
  const [matrix] = await extendMatrices(engine, [values], request.layout.logBlowup)
  return { matrix, columns, regions: matrix!.regions }
}

/** Where the columns of an instance lie on a coset. */
function leafPlaces(
  request: QuotientRequest,
  i: number,
  coset: number,
  cheap: CheapColumns,
  selectors: readonly Region[],
): LeafBinding['column'] {
  const { layout } = request
  const trees = request.trees as readonly PanelCommitment[]
  const { shape, air } = layout.instances[i]!
  const columnOf = (matrix: PanelMatrix, word: number, width: number): Offset[] =>
    Array.from({ length: width }, (_, k) => {
      const panel = matrix.cosets[coset]![Math.floor((word + k) / PANEL_WORDS)]!
      return panel + 8 * ((word + k) % PANEL_WORDS)
    })
  const { stage1Matrix, stage2Matrix, fixedMatrix, customMatrix } = matricesOf(layout, trees, i, air)
  const customs = shape.custom.flatMap((columns, commit) => columns.map((column, word) => ({ column, commit, word })))
  return (kind, a) => {
    if (kind === NODE.witness) {
      const isFirst = shape.air.witness[a]!.stage === 1
      return isFirst
        ? columnOf(stage1Matrix, shape.stage1.indexOf(a), 1)
        : columnOf(stage2Matrix!, 3 * shape.stage2.indexOf(a), 3)
    }
    if (kind === NODE.fixed) {
      const committed = shape.fixed.indexOf(a)
      return committed >= 0
        ? columnOf(fixedMatrix!, committed, 1)
        : columnOf(cheap.matrix!, cheap.columns.indexOf(a), 1)
    }
    const selector = selectors[a - shape.air.customColumns.length]
    if (selector !== undefined) return [selector.offset]
    const custom = customs.find(({ column }) => column === a)!
    return columnOf(customMatrix(custom.commit), custom.word, 1)
  }
}

function matricesOf(layout: ShardLayout, trees: readonly PanelCommitment[], i: number, air: number) {
  const treeNamed = (name: string) => trees[layout.trees.findIndex((tree) => tree.name === name)]
  const withStage2 = layout.instances.flatMap(({ shape }, k) => (shape.stage2.length > 0 ? [k] : []))
  const withFixed = layout.fixedAirs
  return {
    stage1Matrix: treeNamed('stage1')!.matrices[i]!,
    stage2Matrix: treeNamed('stage2')?.matrices[withStage2.indexOf(i)],
    fixedMatrix: treeNamed('fixed')?.matrices[withFixed.indexOf(air)],
    customMatrix: (commit: number): PanelMatrix =>
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
function separatePieces(engine: Engine, panel: Region, logRows: number): void {
  const { arena, kernels } = engine
  const rows = 2 ** logRows
  const columns = [0, 1].map((c) => {
    const shift = shiftOf(logRows, c)
    const unshift = reversedBasePowers(engine, inv(shift), logRows)
    const planes = [0, 1, 2].map((k) => {
      const region = arena.reserve(8 * rows)
      kernels.copyStrided(panel.offset + 8 * (3 * c + k), ROW_BYTES, region.offset, 8, rows)
      kernels.mulColumns(region.offset, unshift.offset, region.offset, rows)
      return region
    })
    arena.release(unshift)
    return { planes, constant: pow(shift, BigInt(rows)) }
  })
  const [first, second] = columns as [(typeof columns)[number], (typeof columns)[number]]
  const scale = inv(sub(first.constant, second.constant))
  for (let k = 0; k < 3; k++) {
    const [r0, r1] = [first.planes[k]!.offset, second.planes[k]!.offset]
    // Q1 = (R0 - R1) / (s0 - s1), Q0 = R0 - s0 Q1
    kernels.subColumns(r0, r1, r1, rows)
    kernels.scaleColumn(r1, r1, scale, rows)
    kernels.copyStrided(r1, 8, panel.offset + 8 * (3 + k), ROW_BYTES, rows)
    kernels.scaleColumn(r1, r1, first.constant, rows)
    kernels.subColumns(r0, r1, r0, rows)
    kernels.copyStrided(r0, 8, panel.offset + 8 * k, ROW_BYTES, rows)
  }
  for (const { planes } of columns) engine.release(...planes)
}
