import { type Example, instanceOf } from '../example.ts'

const KEYS = [5n, 2n, 8n, 3n, 9n, 4n, 7n, 6n]
const STEPS = "(1 - L1') * sel' * (key' - key - 1) === 0"

export const permutation: Example = {
  name: 'permutation',
  witness: (program) => {
    const value = KEYS.map((key) => key * key)
    const key = [...KEYS].sort((x, y) => Number(x - y))
    const sorted = { key, value: key.map((k) => k * k), sel: key.map(() => 1n) }
    const instances = [
      instanceOf(program, { air: 'Source' }, { key: KEYS, value }),
      instanceOf(program, { air: 'Sorted' }, sorted),
    ]
    return { instances, publics: [], proofValues: [] }
  },
  cells: {
    'Source.key': { reports: ['bus pairs'] },
    'Source.value': { reports: ['bus pairs'] },
    'Sorted.key': {
      reports: ['bus pairs', STEPS],
      free: { rows: (row) => row >= KEYS.length, because: 'rows that are not selected send nothing' },
    },
    'Sorted.value': {
      reports: ['bus pairs'],
      free: { rows: (row) => row >= KEYS.length, because: 'rows that are not selected send nothing' },
    },
    'Sorted.sel': { reports: ['bus pairs', 'sel * (1 - sel) === 0', "(1 - L1') * sel' * (1 - sel) === 0", STEPS] },
  },
}
