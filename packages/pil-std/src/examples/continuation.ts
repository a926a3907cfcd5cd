import { complete, type Example, instanceOf } from '../example.ts'

/** Heights of the segments: instances of one AIR may differ. */
const SEGMENTS = [8, 16, 8]
const FIRST = 100n
const STATE = ['bus counter state', 'bus range 0..65535']

export const continuation: Example = {
  name: 'continuation',
  witness: (program) => {
    let value = FIRST
    const instances = SEGMENTS.map((rows, segment) => {
      const counter = Array.from({ length: rows }, (_, r) => value + BigInt(r))
      const instance = instanceOf(program, { air: 'Counter', rows, segment }, { counter })
      const next = value + BigInt(rows)
      const isLast = segment === SEGMENTS.length - 1 ? 1n : 0n
      instance.airValues.splice(0, 4, BigInt(segment), isLast, value, next)
      value = next
      return instance
    })
    return complete(program, instances, { publics: [FIRST, value] })
  },
  cells: {
    'Counter.counter': {
      reports: [
        'L1 * (counter - segment_first) === 0',
        "(1 - L1') * (counter' - counter - 1) === 0",
        "L1' * (segment_next - counter - 1) === 0",
      ],
    },
    'Counter.segment': { reports: STATE },
    'Counter.is_last': { reports: [...STATE, 'is_last * (1 - is_last) === 0', 'sel * (1 - sel) === 0'] },
    'Counter.segment_first': { reports: [...STATE, 'L1 * (counter - segment_first) === 0'] },
    'Counter.segment_next': { reports: [...STATE, "L1' * (segment_next - counter - 1) === 0"] },
    'VirtualTable0.multiplicity': { reports: STATE },
  },
}
