import { P } from '@zisk/field'
import { complete, type Example, instanceOf } from '../example.ts'

const RANGES = [/^bus range \d+\.\.\d+$/]

export const ranges: Example = {
  name: 'ranges',
  witness: (program) => {
    const instance = instanceOf(
      program,
      { air: 'Ranges' },
      {
        byte: [0n, 255n, 1n, 2n, 3n, 100n, 200n, 128n],
        odd: [3n, 1002n, 4n, 500n, 3n, 999n, 1000n, 1001n],
        signed: [P - 128n, 127n, 0n, P - 1n, 1n, 2n, 3n, P - 64n],
        wide: [0n, 2n ** 32n - 1n, 65535n, 65536n, 2n ** 31n, P - 1n, 7n, 8n],
        wider: [P - 5n, 2n ** 36n, 0n, P - 1n, 65536n, 2n ** 32n, 12345n, 2n ** 35n],
        either: [0n, 1000n, 15n, 1031n, 7n, 1016n, 3n, 1001n],
        is_small: [1n, 0n, 1n, 0n, 1n, 0n, 1n, 0n],
        sel: [1n, 1n, 1n, 1n, 1n, 0n, 1n, 1n],
      },
    )
    instance.airValues[0] = 1_000_000n
    return complete(program, [instance])
  },
  cells: {
    'Ranges.byte': { reports: RANGES },
    'Ranges.odd': { reports: RANGES },
    'Ranges.signed': { reports: RANGES },
    'Ranges.wide': {
      reports: RANGES,
      free: { rows: (row) => row === 5, because: 'the range check is not selected there' },
    },
    'Ranges.wider': { reports: RANGES },
    'Ranges.either': { reports: RANGES },
    // Another value than 0 and 1 names a bus that does not exist.
    'Ranges.is_small': { reports: [...RANGES, 'bus range 0..15 / range 1000..1031', 'sel * (1 - sel) === 0'] },
    'Ranges.sel': { reports: [...RANGES, 'sel * (1 - sel) === 0'] },
    'Ranges.std_range_high_0': {
      reports: RANGES,
      free: { rows: (row) => row === 5, because: 'the range check is not selected there' },
    },
    'Ranges.std_range_high_1': { reports: RANGES },
    'Ranges.std_range_high_2': { reports: RANGES },
    'Ranges.std_range_high_3': { reports: RANGES },
    'Ranges.std_range_high_4': { reports: RANGES },
    'Ranges.segment': { reports: RANGES },
    'Ranges.std_range_high_5': { reports: RANGES },
    'VirtualTable0.multiplicity': { reports: RANGES },
    // Padding of the table proves tuples of bus 0, which nobody assumes.
    'VirtualTable1.multiplicity': { reports: [...RANGES, 'bus table 8'] },
  },
}
