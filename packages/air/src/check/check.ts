/**
 * The checker: constraints, global constraints and buses of a program over a witness, without any proof.
 *
 * It finds every failure there is, not the first: each constraint in each row, each tuple that does not balance.
 */
import { type Ext, type Felt, toFelt } from '@zisk/field'
import type { Air, Pilout } from '../model/pilout.ts'
import { checkBusIds } from './check-bus-ids.ts'
import { type BusKernel, busScopes, checkBuses, compileBuses, DEFAULT_TUPLES_PER_PASS } from './check-buses.ts'
import {
  type ConstraintKernel,
  checkConstraints,
  checkGlobalConstraints,
  compileConstraints,
  type FailureSink,
} from './check-constraints.ts'
import { checkStage2, stage2Work } from './check-stage2.ts'
import { checkSum } from './check-sums.ts'
import type { CheckFailure, CheckReport } from './report.ts'
import { bindWitness, type ProgramWitness } from './witness.ts'

/** What to check. */
export interface CheckOptions {
  /** Failures described in the report; all are counted. Default 10,000. */
  readonly maxFailures?: number
  /** Bus tuples held in memory at a time; more are counted in several passes. Default 2^23, about 1 GiB. */
  readonly tuplesPerPass?: number
  /**
   * Also sum the buses at a random point (1 to 2 million tuples per minute). By default when there are at most 2^17
   * tuples.
   */
  readonly sums?: boolean
  /**
   * Also derive the running sums at a random point and evaluate their constraints (about a microsecond per row and
   * node). By default when that takes a few seconds at most.
   */
  readonly stage2?: boolean
  /** Source of the random points: a uniform field element per call. */
  readonly random?: () => Felt
}

const DEFAULT_MAX_FAILURES = 10_000
const SUM_BY_DEFAULT = 1 << 17
const STAGE2_BY_DEFAULT = 1 << 21

/** A program compiled for checking; several witnesses may be checked one after the other. */
export interface Checker {
  readonly program: Pilout
  /**
   * Checks a witness.
   *
   * @throws AirError WITNESS_SHAPE_INVALID, HEIGHT_NOT_ALLOWED or FIXED_COLUMN_UNAVAILABLE when it cannot be read.
   */
  readonly check: (witness: ProgramWitness, options?: CheckOptions) => CheckReport
}

/** Prepares a program; each AIR is compiled when its first instance is checked. */
export function createChecker(program: Pilout): Checker {
  const constraintKernels = new Map<Air, ConstraintKernel>()
  const busKernels = new Map<Air, BusKernel>()
  const constraintsOf = (air: Air): ConstraintKernel =>
    memo(constraintKernels, air, () => compileConstraints(program, air))
  const busesOf = (air: Air): BusKernel => memo(busKernels, air, () => compileBuses(program, air))
  return {
    program,
    check: (witness, options = {}) => {
      const failures: CheckFailure[] = []
      const random = options.random ?? randomFelt
      const limit = options.maxFailures ?? DEFAULT_MAX_FAILURES
      let failureCount = 0
      const sink: FailureSink<CheckFailure> = {
        add: (make) => {
          failureCount++
          if (failures.length < limit) failures.push(make())
        },
      }
      const instances = bindWitness(program, witness)
      let evaluations = 0
      for (const instance of instances)
        evaluations += checkConstraints(program, witness, instance, constraintsOf(instance.definition), sink)
      evaluations += checkGlobalConstraints(program, witness, sink)
      const kernelOf = (instance: { readonly definition: Air }): BusKernel => busesOf(instance.definition)
      const tuplesPerPass = options.tuplesPerPass ?? DEFAULT_TUPLES_PER_PASS
      const scopes = busScopes({ program, witness, instances, kernelOf })
      for (const scope of scopes) checkBusIds(scope, sink)
      let tuples = 0
      for (const scope of scopes) tuples += checkBuses(scope, { failures: sink, tuplesPerPass })
      const skipped: ('sums' | 'stage2')[] = []
      if (options.sums ?? tuples <= SUM_BY_DEFAULT) {
        const point = { alpha: randomExt(random), gamma: randomExt(random) }
        for (const scope of scopes) {
          const failure = checkSum(scope, point)
          if (failure !== undefined) sink.add(() => failure)
        }
      } else skipped.push('sums')
      if (options.stage2 ?? stage2Work(program, instances) <= STAGE2_BY_DEFAULT) {
        const challenges = program.challenges.map(() => randomExt(random))
        evaluations += checkStage2(program, witness, instances, challenges, sink)
      } else skipped.push('stage2')
      return { ok: failureCount === 0, failures, failureCount, evaluations, tuples, skipped }
    },
  }
}

function memo<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}

function randomExt(random: () => Felt): Ext {
  return [random(), random(), random()]
}

/** Uniform up to a bias of 2^-32; the checker's points need no more. */
function randomFelt(): Felt {
  return toFelt(crypto.getRandomValues(new BigUint64Array(1))[0]!)
}
