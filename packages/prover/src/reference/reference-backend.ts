/**
 * The reference back end: every step by its definition, in scalar arithmetic, for small sizes. It is the oracle of the
 * fast back end and needs nothing but JavaScript.
 */
import { evaluateDag, NODE } from '@zisk/air'
import {
  EXT_ONE,
  EXT_ZERO,
  type Ext,
  extAdd,
  extField,
  extFromFelt,
  extInv,
  extMul,
  extPow,
  extSub,
  P,
  rootOfUnity,
} from '@zisk/field'
import {
  airValuesInOrder,
  cosetPoint,
  extBatchInverse,
  extPowers,
  foldRow,
  type HeightLayout,
  QUOTIENT_PIECES,
  reverseBits,
  rowSelector,
  type ShardLayout,
  shiftPoint,
  type TreeShape,
  treeShape,
} from '@zisk/verifier'
import type { Backend, Codeword, Commitment, DeepRequest, QuotientRequest } from '../backend/backend.ts'
import { notCanonical } from '../errors.ts'
import { deriveReferenceStage2, type ReferenceMatrix } from './stage2.ts'
import { extend, interpolate, interpolateCoset, interpolateReversed } from './transform.ts'
import { buildTree, openTree, type Tree } from './tree.ts'

/** A matrix as polynomials and on its extended domain. */
interface Extended {
  readonly coefficients: readonly (readonly bigint[])[]
  /** By column; positions in bit-reversed order. */
  readonly values: readonly BigUint64Array[]
}

interface ReferenceCommitment extends Commitment {
  readonly matrices: readonly Extended[]
  readonly tree: Tree
}

interface ReferenceCodeword extends Codeword {
  /** Positions in bit-reversed order. */
  readonly values: readonly Ext[]
}

/** Creates the back end; it holds nothing. */
export function createReferenceBackend(): Backend {
  return {
    fit: () => {},
    resume: () => {},
    held: (layouts) => new Set([layouts.length - 1]),
    hasRoom: () => true,
    load: async ({ logRows, columns }) => {
      if (columns.some((column) => column.some((value) => value >= P))) throw notCanonical()
      return { logRows, width: columns.length, columns } satisfies ReferenceMatrix
    },
    commit: async (matrices, { logBlowup, hasher }) => {
      const polynomials = (matrices as readonly ReferenceMatrix[]).map(({ logRows, columns }) => ({
        logRows,
        coefficients: columns.map((column) => interpolate(column)),
      }))
      return commitPolynomials(polynomials, logBlowup, (shape, word) => buildTree(hasher, shape, word))
    },
    forget: () => {},
    stage2: async (instance, context) => deriveReferenceStage2(instance, context),
    quotient: async (request) => {
      const { layout, hasher } = request
      const pieces = { logRows: layout.heights[0]!.logRows, coefficients: quotientPieces(request) }
      return commitPolynomials([pieces], layout.logBlowup, (shape, word) => buildTree(hasher, shape, word))
    },
    evaluate: async (layout, trees, z) => evaluateTerms(layout, trees as readonly ReferenceCommitment[], z),
    deep: async (request) => request.layout.heights.map((height) => deepCodeword(request, height)),
    commitCodeword: async (codeword, logArity, hasher) => {
      const { values, logLength } = codeword as ReferenceCodeword
      const arity = 2 ** logArity
      const shape = treeShape([{ logLength: logLength - logArity, width: 3 * arity }])
      const word = (_: number, row: number, column: number): bigint =>
        rowOf(values, row, logArity)[Math.floor(column / 3)]![column % 3]!
      const tree = buildTree(hasher, shape, word)
      return { root: tree.nodes[0]![0]!, shape, tree, matrices: [] } satisfies ReferenceCommitment
    },
    fold: async (codeword, logArity, beta, rolledIn) => {
      const { values, logLength } = codeword as ReferenceCodeword
      const arity = 2 ** logArity
      const weight = extPow(beta, BigInt(arity))
      const folded = Array.from({ length: values.length / arity }, (_, row) => {
        const value = foldRow(rowOf(values, row, logArity), logLength, row, beta)
        if (rolledIn === undefined) return value
        return extAdd(value, extMul(weight, (rolledIn as ReferenceCodeword).values[row]!))
      })
      return { logLength: logLength - logArity, values: folded } satisfies ReferenceCodeword
    },
    coefficients: async (codeword, logDegree) => {
      const { values } = codeword as ReferenceCodeword
      const coordinates = [0, 1, 2].map((i) => interpolateReversed(values.map((value) => value[i]!)))
      return Array.from({ length: 2 ** logDegree }, (_, k) => coordinates.map((c) => c[k]!) as unknown as Ext)
    },
    open: async (commitment, positions) => openTree((commitment as ReferenceCommitment).tree, positions),
    grind: async (work, bits) => {
      let nonce = 0n
      while (!work.checkWork(nonce, bits)) nonce++
      return nonce
    },
    session: (work) => work(),
    release: () => {},
  }
}

/** The values that fold together at one place, in the order of their points. */
function rowOf(values: readonly Ext[], row: number, logArity: number): Ext[] {
  const arity = 2 ** logArity
  return Array.from({ length: arity }, (_, k) => values[row * arity + reverseBits(k, logArity)]!)
}

interface PolynomialMatrix {
  readonly logRows: number
  readonly coefficients: readonly (readonly bigint[])[]
}

function commitPolynomials(
  matrices: readonly PolynomialMatrix[],
  logBlowup: number,
  build: (shape: TreeShape, word: Tree['word']) => Tree,
): ReferenceCommitment {
  const extended = matrices.map(({ logRows, coefficients }) => ({
    coefficients,
    values: coefficients.map((column) => extend(column, logRows + logBlowup)),
  }))
  const shape = treeShape(
    matrices.map(({ logRows, coefficients }) => ({ logLength: logRows + logBlowup, width: coefficients.length })),
  )
  const tree = build(shape, (m, position, column) => extended[m]!.values[column]![position]!)
  return { root: tree.nodes[0]![0]!, shape, matrices: extended, tree }
}

/** The quotient: the sum of what the heights add to it, in pieces of the greatest height's length. */
function quotientPieces(request: QuotientRequest): bigint[][] {
  const { heights } = request.layout
  const rows = 2 ** heights[0]!.logRows
  const sums = [0, 1, 2].map(() => new Array<bigint>(QUOTIENT_PIECES * rows).fill(0n))
  let weight = EXT_ONE
  for (const height of heights) {
    const summand = heightQuotient(request, height, weight)
    weight = summand.next
    for (const [k, coefficients] of summand.coordinates.entries())
      for (const [i, coefficient] of coefficients.entries()) sums[k]![i] = (sums[k]![i]! + coefficient) % P
  }
  return Array.from({ length: QUOTIENT_PIECES }, (_, piece) =>
    sums.map((coefficients) => coefficients.slice(piece * rows, (piece + 1) * rows)),
  ).flat()
}

/**
 * The constraints of one height, combined by powers of lambda, over the vanishing polynomial: values on the coset of twice
 * the height, which is the first part of every extended column, then coefficients.
 *
 * @param first The power of lambda that comes first
 */
function heightQuotient(
  request: QuotientRequest,
  height: HeightLayout,
  first: Ext,
): { readonly coordinates: readonly bigint[][]; readonly next: Ext } {
  const { lambda } = request
  const { logRows } = height
  const logLength = logRows + Math.log2(QUOTIENT_PIECES)
  const evaluators = height.instances.map((i) => pointEvaluator(request, i, logLength))
  const values = Array.from({ length: 2 ** logLength }, (_, position) => {
    const x = extFromFelt(cosetPoint(logLength, position))
    let sum = EXT_ZERO
    let weight = first
    for (const { evaluator, constraints } of evaluators) {
      const nodes = evaluator(position)
      for (const { rows, expression } of constraints) {
        sum = extAdd(sum, extMul(weight, extMul(rowSelector(rows, logRows, x), nodes[expression]!)))
        weight = extMul(weight, lambda)
      }
    }
    return extMul(sum, extInv(extSub(extPow(x, 2n ** BigInt(logRows)), EXT_ONE)))
  })
  const count = evaluators.reduce((sum, { constraints }) => sum + constraints.length, 0)
  return {
    coordinates: [0, 1, 2].map((i) => interpolateCoset(values.map((value) => value[i]!))),
    next: extMul(first, extPow(lambda, BigInt(count))),
  }
}

function pointEvaluator(request: QuotientRequest, i: number, logLength: number) {
  const { layout, claims, context, instances } = request
  const { shape, logRows, evaluation } = layout.instances[i]!
  const { air } = shape
  const claim = claims[i]!
  const airValues = airValuesInOrder(air.airValues, claim)
  const step = 2 ** (logLength - logRows)
  const height = layout.heights.find((candidate) => candidate.logRows === logRows)!
  const cheap = new Map<number, BigUint64Array>()
  const fixedColumn = (column: number): BigUint64Array => {
    const known = cheap.get(column) ?? extend(interpolate(instances[i]!.fixed(column)), logLength)
    cheap.set(column, known)
    return known
  }
  const committed = (kind: 'fixed' | 'custom' | 'stage1' | 'stage2', position: number, offset: number, at: number) => {
    const term = height.terms[evaluation(kind, position, offset) - height.firstEvaluation]!
    const { values } = (request.trees[term.tree] as ReferenceCommitment).matrices[term.matrix]!
    const word = (k: number) => values[term.word + k]![at]!
    return term.width === 1 ? extFromFelt(word(0)) : ([word(0), word(1), word(2)] as Ext)
  }
  const custom = shape.custom.flat()
  const evaluator = (position: number) =>
    evaluateDag(air.expressions, extField, (kind, a, b): Ext => {
      const exponent = reverseBits(position, logLength) + b * step
      const size = 2 ** logLength
      const at = reverseBits(((exponent % size) + size) % size, logLength)
      switch (kind) {
        case NODE.witness: {
          const stage = air.witness[a]!.stage === 1 ? 'stage1' : 'stage2'
          return committed(stage, shape[stage].indexOf(a), b, at)
        }
        case NODE.fixed: {
          const place = shape.fixed.indexOf(a)
          return place < 0 ? extFromFelt(fixedColumn(a)[at]!) : committed('fixed', place, b, at)
        }
        case NODE.custom:
          return committed('custom', custom.indexOf(a), b, at)
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
    })
  return { evaluator, constraints: air.constraints }
}

function evaluateTerms(layout: ShardLayout, trees: readonly ReferenceCommitment[], z: Ext): Ext[] {
  return layout.heights.flatMap(({ logRows, terms }) => {
    const root = rootOfUnity(logRows)
    return terms.map(({ tree, matrix, word, width, offset }) => {
      const { coefficients } = trees[tree]!.matrices[matrix]!
      const point = shiftPoint(z, root, offset)
      const coordinates = Array.from({ length: width }, (_, i) => horner(coefficients[word + i]!, point))
      return combineCoordinates(coordinates)
    })
  })
}

/** a0 + a1 X + a2 X^2 for coordinates that are extension elements themselves. */
function combineCoordinates(coordinates: readonly Ext[]): Ext {
  return coordinates.reduceRight((sum, coordinate) => extAdd(extMul(sum, [0n, 1n, 0n]), coordinate), EXT_ZERO)
}

function horner(coefficients: readonly bigint[], x: Ext): Ext {
  return coefficients.reduceRight((sum, coefficient) => extAdd(extMul(sum, x), extFromFelt(coefficient)), EXT_ZERO)
}

function deepCodeword({ layout, trees, evaluations, z, mu }: DeepRequest, height: HeightLayout): ReferenceCodeword {
  const logLength = height.logRows + layout.logBlowup
  const root = rootOfUnity(height.logRows)
  const powers = extPowers(mu, height.terms.length)
  const points = height.offsets.map((offset) => shiftPoint(z, root, offset))
  const values = Array.from({ length: 2 ** logLength }, (_, position) => {
    const x = extFromFelt(cosetPoint(logLength, position))
    const inverses = extBatchInverse(points.map((point) => extSub(x, point)))
    let value = EXT_ZERO
    for (const [j, { tree, matrix, word, width, offset }] of height.terms.entries()) {
      const columns = (trees[tree] as ReferenceCommitment).matrices[matrix]!.values
      const f = [0, 1, 2].map((i) => (i < width ? columns[word + i]![position]! : 0n)) as unknown as Ext
      const difference = extSub(f, evaluations[height.firstEvaluation + j]!)
      const scaled = extMul(powers[j]!, inverses[height.offsets.indexOf(offset)]!)
      value = extAdd(value, extMul(scaled, difference))
    }
    return value
  })
  return { logLength, values }
}
