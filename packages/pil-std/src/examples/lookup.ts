import { complete, type Example, instanceOf } from '../example.ts'

const A = [0n, 15n, 3n, 9n, 1n, 15n, 2n, 0n]
const B = [0n, 15n, 5n, 0n, 0n, 0n, 6n, 1n]
const TABLES = ['bus xor of nibbles', 'bus squares']

export const lookup: Example = {
  name: 'lookup',
  witness: (program) => {
    const x = A.map((a, i) => a ^ B[i]!)
    const root = x.map((value) => BigInt(Math.floor(Math.sqrt(Number(value)))))
    const sel = x.map((value, i) => (root[i]! * root[i]! === value ? 1n : 0n))
    return complete(program, [instanceOf(program, { air: 'Client' }, { a: A, b: B, x, root, sel })])
  },
  cells: {
    'Client.a': { reports: TABLES },
    'Client.b': { reports: TABLES },
    'Client.x': { reports: TABLES },
    'Client.root': {
      reports: TABLES,
      free: { rows: (row) => row === 2 || row === 5, because: '6 and 15 are no squares: the rows are not selected' },
    },
    'Client.sel': { reports: [...TABLES, 'sel * (1 - sel) === 0'] },
    // Padding of the table proves tuples of bus 0, which nobody assumes.
    'VirtualTable0.multiplicity': { reports: [...TABLES, 'bus table 0'] },
  },
}
