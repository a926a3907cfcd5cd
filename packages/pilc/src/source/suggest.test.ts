import { expect, test } from 'vitest'
import { nearestName } from './suggest.ts'

test('nearestName finds slips of the pen and nothing else', () => {
  const names = ['lookup_assumes', 'lookup_proves', 'range_check', 'N', 'segment_id']
  expect(nearestName('lookup_asumes', names)).toBe('lookup_assumes')
  expect(nearestName('range_chekc', names)).toBe('range_check')
  expect(nearestName('SEGMENT_ID', names)).toBe('segment_id')
  expect(nearestName('permutation', names)).toBeUndefined()
  expect(nearestName('x', ['yy'])).toBeUndefined()
  expect(nearestName('D', ['A', 'B'])).toBeUndefined()
  expect(nearestName('n', ['A', 'N'])).toBe('N')
})
