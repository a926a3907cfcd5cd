/**
 * The layout of a shard: which matrices are committed in which tree, and which of their columns are opened where. It
 * follows from the verifying key, the parameters and the list of instances; prover and verifier both compute it.
 */
import type { AirShape, ColumnKind, ColumnOpening } from '../key/air-shape.ts'
import { QUOTIENT_PIECES } from '../key/air-shape.ts'
import { type MatrixShape, type TreeShape, treeShape } from '../merkle/tree-shape.ts'
import { type FoldingSchedule, foldingSchedule } from '../parameters/folding.ts'
import type { Profile } from '../parameters/profile.ts'

/** Names an instance of an AIR and its height. */
export interface InstanceId {
  readonly air: number
  readonly segment: number
  readonly logRows: number
}

/** A committed tree of a shard. */
export interface LayoutTree {
  readonly name: 'fixed' | 'custom' | 'stage1' | 'stage2' | 'quotient'
  /** For `custom`: AIR and its custom commit. */
  readonly custom?: { readonly air: number; readonly commit: number }
  readonly shape: TreeShape
}

/** A committed column opened at z * w^offset. Its value is at the same position in the list of evaluations. */
export interface DeepTerm {
  readonly tree: number
  readonly matrix: number
  /** First base-field word of the column in the matrix row. */
  readonly word: number
  /** 1 for a base column, 3 for a column over the extension. */
  readonly width: 1 | 3
  readonly offset: number
}

/** Everything of one height. */
export interface HeightLayout {
  readonly logRows: number
  /** Positions in {@link ShardLayout.instances}. */
  readonly instances: readonly number[]
  /** Position of the first of {@link HeightLayout.terms} among all evaluations. */
  readonly firstEvaluation: number
  readonly terms: readonly DeepTerm[]
  /** Distinct row offsets of the terms, ascending. */
  readonly offsets: readonly number[]
}

/** One instance in its shard. */
export interface InstanceLayout extends InstanceId {
  readonly shape: AirShape
  /** Position of an opened value of this instance among all evaluations. */
  readonly evaluation: (kind: ColumnKind, position: number, offset: number) => number
}

/** Layout of one shard. */
export interface ShardLayout {
  readonly instances: readonly InstanceLayout[]
  readonly trees: readonly LayoutTree[]
  /** AIRs of the matrices of the fixed tree, in order. */
  readonly fixedAirs: readonly number[]
  /** Tallest first. */
  readonly heights: readonly HeightLayout[]
  readonly evaluations: number
  readonly folding: FoldingSchedule
  readonly logBlowup: number
  /** log2 of the number of positions a query chooses from. */
  readonly logPositions: number
}

/** Computes the layout. The instances are in order, their heights allowed. */
export function shardLayout(
  shapes: readonly AirShape[],
  profile: Pick<Profile, 'logBlowup' | 'maxLogArity' | 'logFinalDegree'>,
  instances: readonly InstanceId[],
): ShardLayout {
  const { logBlowup } = profile
  const logHeights = [...new Set(instances.map(({ logRows }) => logRows))].sort((x, y) => y - x)
  const places = new Places(shapes, logBlowup, instances, logHeights)
  const evaluationOf = instances.map(() => new Map<string, number>())
  const heights: HeightLayout[] = []
  let evaluations = 0
  for (const [h, logRows] of logHeights.entries()) {
    const members = instances.flatMap((instance, i) => (instance.logRows === logRows ? [i] : []))
    const terms: DeepTerm[] = []
    const shared = new Map<string, number>()
    for (const i of members) {
      const { air } = instances[i]!
      for (const opening of shapes[air]!.openings) {
        const { kind, position, offset } = opening
        const key = openingKey(kind, position, offset)
        const isShared = kind === 'fixed' || kind === 'custom'
        let evaluation = isShared ? shared.get(`${air}:${key}`) : undefined
        if (evaluation === undefined) {
          evaluation = evaluations + terms.length
          terms.push(places.term(i, opening))
          if (isShared) shared.set(`${air}:${key}`, evaluation)
        }
        evaluationOf[i]!.set(key, evaluation)
      }
    }
    if (h === 0) for (let piece = 0; piece < QUOTIENT_PIECES; piece++) terms.push(places.quotientTerm(piece))
    const offsets = [...new Set(terms.map(({ offset }) => offset))].sort((x, y) => x - y)
    heights.push({ logRows, instances: members, firstEvaluation: evaluations, terms, offsets })
    evaluations += terms.length
  }
  return {
    instances: instances.map((instance, i) => ({
      ...instance,
      shape: shapes[instance.air]!,
      evaluation: (kind, position, offset) => evaluationOf[i]!.get(openingKey(kind, position, offset))!,
    })),
    trees: places.trees,
    fixedAirs: fixedMatrices(shapes, logBlowup).map(({ air }) => air),
    heights,
    evaluations,
    folding: foldingSchedule(logHeights, profile),
    logBlowup,
    logPositions: logHeights[0]! + logBlowup,
  }
}

/** Position of the evaluation of one piece of the quotient: the last of the greatest height. */
export function quotientEvaluation({ heights }: Pick<ShardLayout, 'heights'>, piece: number): number {
  const { firstEvaluation, terms } = heights[0]!
  return firstEvaluation + terms.length - QUOTIENT_PIECES + piece
}

/** The matrices of all committed fixed columns, one per AIR that has any, in AIR order. */
export function fixedMatrices(shapes: readonly AirShape[], logBlowup: number): { air: number; shape: MatrixShape }[] {
  return shapes
    .filter(({ fixed }) => fixed.length > 0)
    .map(({ index, air, fixed }) => ({
      air: index,
      shape: { logLength: air.logHeights[0]! + logBlowup, width: fixed.length },
    }))
}

/** Finds the tree, matrix and word of every column. */
class Places {
  readonly trees: LayoutTree[] = []
  readonly #shapes: readonly AirShape[]
  readonly #instances: readonly InstanceId[]
  readonly #fixedMatrix = new Map<number, number>()
  readonly #customTree = new Map<string, number>()
  readonly #stage2Matrix = new Map<number, number>()
  readonly #treeOf = new Map<LayoutTree['name'], number>()

  constructor(
    shapes: readonly AirShape[],
    logBlowup: number,
    instances: readonly InstanceId[],
    logHeights: readonly number[],
  ) {
    this.#shapes = shapes
    this.#instances = instances
    const shapeOf = ({ air }: InstanceId) => shapes[air]!
    if (instances.some((instance) => shapeOf(instance).fixed.length > 0)) {
      const matrices = fixedMatrices(shapes, logBlowup)
      for (const [m, { air }] of matrices.entries()) this.#fixedMatrix.set(air, m)
      this.#add({ name: 'fixed', shape: treeShape(matrices.map(({ shape }) => shape)) })
    }
    for (const instance of instances) {
      const { custom, index } = shapeOf(instance)
      for (const [commit, columns] of custom.entries()) {
        if (this.#customTree.has(`${index}:${commit}`)) continue
        this.#customTree.set(`${index}:${commit}`, this.trees.length)
        const matrix = { logLength: instance.logRows + logBlowup, width: columns.length }
        this.#add({ name: 'custom', custom: { air: index, commit }, shape: treeShape([matrix]) })
      }
    }
    const stage1 = instances.map((instance) => ({
      logLength: instance.logRows + logBlowup,
      width: shapeOf(instance).stage1.length,
    }))
    this.#add({ name: 'stage1', shape: treeShape(stage1) })
    const stage2: MatrixShape[] = []
    for (const [i, instance] of instances.entries()) {
      const width = 3 * shapeOf(instance).stage2.length
      if (width === 0) continue
      this.#stage2Matrix.set(i, stage2.length)
      stage2.push({ logLength: instance.logRows + logBlowup, width })
    }
    if (stage2.length > 0) this.#add({ name: 'stage2', shape: treeShape(stage2) })
    // One for all instances: what a lower one adds has a degree that fits too.
    const quotient = { logLength: logHeights[0]! + logBlowup, width: 3 * QUOTIENT_PIECES }
    this.#add({ name: 'quotient', shape: treeShape([quotient]) })
  }

  term(instance: number, { kind, position, offset }: ColumnOpening): DeepTerm {
    const { air } = this.#instances[instance]!
    switch (kind) {
      case 'fixed':
        return this.#term('fixed', this.#fixedMatrix.get(air)!, position, 1, offset)
      case 'custom': {
        let commit = 0
        let word = position
        for (const columns of this.#shapes[air]!.custom) {
          if (word < columns.length) break
          word -= columns.length
          commit++
        }
        return { tree: this.#customTree.get(`${air}:${commit}`)!, matrix: 0, word, width: 1, offset }
      }
      case 'stage1':
        return this.#term('stage1', instance, position, 1, offset)
      case 'stage2':
        return this.#term('stage2', this.#stage2Matrix.get(instance)!, 3 * position, 3, offset)
    }
  }

  quotientTerm(piece: number): DeepTerm {
    return this.#term('quotient', 0, 3 * piece, 3, 0)
  }

  #term(name: LayoutTree['name'], matrix: number, word: number, width: 1 | 3, offset: number): DeepTerm {
    return { tree: this.#treeOf.get(name)!, matrix, word, width, offset }
  }

  #add(tree: LayoutTree): void {
    this.#treeOf.set(tree.name, this.trees.length)
    this.trees.push(tree)
  }
}

function openingKey(kind: ColumnKind, position: number, offset: number): string {
  return `${kind}:${position}:${offset}`
}
