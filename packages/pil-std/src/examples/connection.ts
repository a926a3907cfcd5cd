import { add, mul } from '@zisk/field'
import { type Example, instanceOf } from '../example.ts'

const ROWS = 8
const GATE = 'c === a + b + IS_MUL * (a * b - a - b)'

export const connection: Example = {
  name: 'connection',
  witness: (program) => {
    const [a, b, c]: [bigint[], bigint[], bigint[]] = [[3n], [1n], []]
    for (let row = 0; row < ROWS; row++) {
      c.push(row % 2 === 0 ? add(a[row]!, b[row]!) : mul(a[row]!, b[row]!))
      if (row + 1 < ROWS) {
        a.push(c[row]!)
        b.push(c[row]!)
      }
    }
    const instances = [instanceOf(program, { air: 'Circuit' }, { a, b, c })]
    return { instances, publics: [a[0]!, c.at(-1)!], proofValues: [] }
  },
  cells: {
    'Circuit.a': { reports: ['bus wires', GATE, 'L1 * (a - x) === 0'] },
    'Circuit.b': { reports: ['bus wires', GATE, 'L1 * (b - 1) === 0'] },
    'Circuit.c': { reports: ['bus wires', GATE, "L1' * (c - y) === 0"] },
  },
}
