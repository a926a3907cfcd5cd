import { describe, expect, test } from 'vitest'
import { projectPositions } from './tree-shape.ts'

describe('projections of positions', () => {
  test('go down and up, each once and in order', () => {
    expect(projectPositions([0, 1, 5, 6, 7], 3, 1)).toEqual([0, 1])
    expect(projectPositions([0, 1, 3], 2, 4)).toEqual([0, 4, 12])
    expect(projectPositions([2, 3], 4, 4)).toEqual([2, 3])
    expect(projectPositions([], 4, 0)).toEqual([])
  })

  test('do not depend on the order of what is given', () => {
    expect(projectPositions([7, 0, 6, 1, 0], 3, 2)).toEqual([0, 3])
    expect(projectPositions([3, 1, 3], 2, 3)).toEqual([2, 6])
  })
})
