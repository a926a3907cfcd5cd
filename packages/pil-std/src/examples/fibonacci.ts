import { field } from '@zisk/field'
import { type Example, instanceOf } from '../example.ts'

const ROWS = 64

export const fibonacci: Example = {
  name: 'fibonacci',
  witness: (program) => {
    const a = [1n]
    const b = [1n]
    for (let i = 1; i < ROWS; i++) {
      a.push(b[i - 1]!)
      b.push(field.add(a[i - 1]!, b[i - 1]!))
    }
    const instances = [instanceOf(program, { air: 'Fibonacci', rows: ROWS }, { a, b })]
    return { instances, publics: [1n, 1n, b.at(-1)!], proofValues: [] }
  },
  cells: {
    'Fibonacci.a': { reports: ['L1 * (a - first) === 0', /^\(1 - L1'\) \* \((a' - b|b' - \(a \+ b\))\) === 0$/] },
    'Fibonacci.b': {
      reports: [
        'L1 * (b - second) === 0',
        /^\(1 - L1'\) \* \((a' - b|b' - \(a \+ b\))\) === 0$/,
        "L1' * (b - last) === 0",
      ],
    },
  },
}
