/** One machine of operations: rows for claims, a client that makes them, and what the tests of every machine ask. */
import {
  type AirInstance,
  airCost,
  createChecker,
  createInstance,
  findAir,
  formatReport,
  type Pilout,
  type ProgramWitness,
} from '@zisk/air'
import { createRowJudge, type RowJudge } from './judge-row.ts'
import { type MutationReport, mutateRows } from './mutate.ts'
import { type Claim, clientOf, complete, heightFor, isTrueOperation } from './operation-bench.ts'

/** What a machine is made from. */
export interface MachineBenchOptions<Inputs> {
  /** With the client of `machineSource`. */
  readonly program: Pilout
  readonly air: string
  readonly fill: (
    instance: AirInstance,
    slice: { readonly inputs: Inputs; readonly from: number; readonly count: number },
  ) => void
  /** True claims; row i of the machine is for claim i. */
  readonly claims: readonly Claim[]
  /** Their operands. */
  readonly inputs: Inputs
}

/** A filled machine. */
export interface MachineBench {
  readonly machine: AirInstance
  readonly judge: RowJudge
  readonly cellsPerRow: number
  /** What the checker says of the honest rows. */
  readonly report: () => string
  /** Changes cells of rows, prints the score, and tells what nobody reported. */
  readonly mutate: (rows: readonly number[], seed: number) => MutationReport
}

/** Fills a machine for claims. */
export function machineBench<Inputs>(options: MachineBenchOptions<Inputs>): MachineBench {
  const { program, air, fill, claims, inputs } = options
  const machine = createInstance(program, { air, rows: heightFor(claims.length) })
  fill(machine, { inputs, from: 0, count: claims.length })
  const honest: ProgramWitness = complete(program, [clientOf(program, claims), machine])
  const judge = createRowJudge(program, honest)
  const place = findAir(program, air)
  return {
    machine,
    judge,
    cellsPerRow: airCost(program, program.airGroups[place.airGroup]!.airs[place.air]!).cellsPerRow,
    report: () => formatReport(createChecker(program).check(honest)),
    mutate: (rows, seed) => {
      const report = mutateRows(judge, { air, rows, seed, isTrue: isTrueOperation })
      console.log(`${air}: ${report.killed} of ${report.mutations} mutations reported`)
      return report
    },
  }
}
