import { complete, type Example, instanceOf } from '../example.ts'

/** A loop over lines 1 to 3 and a line that is never reached. */
const LINES = [1n, 2n, 3n, 4n]
const STEP = [10n, 20n, 30n, 40n]
const NEXT = [2n, 3n, 1n, 4n]

export const customCommit: Example = {
  name: 'custom_commit',
  witness: (program) => {
    const line: bigint[] = []
    const step: bigint[] = []
    const next: bigint[] = []
    const sum: bigint[] = []
    let at = 1n
    let total = 0n
    for (let r = 0; r < 16; r++) {
      const k = LINES.indexOf(at)
      line.push(at)
      step.push(STEP[k]!)
      next.push(NEXT[k]!)
      total += STEP[k]!
      sum.push(total)
      at = NEXT[k]!
    }
    const code = instanceOf(program, { air: 'Program' }, { line: LINES, step: STEP, next: NEXT })
    const run = instanceOf(program, { air: 'Run' }, { line, step, next, sum })
    return complete(program, [code, run])
  },
  cells: {
    'Program.multiplicity': { reports: ['bus program'] },
    'Run.line': { reports: ['bus program', 'L1 * (line - 1) === 0', "(1 - L1') * (line' - next) === 0"] },
    'Run.step': { reports: ['bus program', "sum === ('sum) * (1 - L1) + step"] },
    'Run.next': { reports: ['bus program', "(1 - L1') * (line' - next) === 0"] },
    'Run.sum': {
      reports: ["sum === ('sum) * (1 - L1) + step"],
    },
  },
}
