import { expect, test } from 'vitest'
import { AlignmentInputs, columnWords, OperationInputs } from './index.ts'

const COUNT = 5000

test('inputs keep what was appended while they grow', () => {
  const operations = new OperationInputs()
  const accesses = new AlignmentInputs()
  for (let i = 0; i < COUNT; i++) {
    operations.push(i & 255, i, -1, -i, i >> 1)
    const value = BigInt(i) << 40n
    accesses.push({ address: 8 * i, width: 4, isWrite: i % 2 === 1, memStep: 2 ** 37 + i, value, word0: 1n, word1: 2n })
  }
  expect(operations.length).toBe(COUNT)
  expect(accesses.length).toBe(COUNT)
  for (let i = 0; i < COUNT; i++) {
    expect([operations.op[i], operations.a[2 * i], operations.a[2 * i + 1]]).toEqual([i & 255, i, 0xffff_ffff])
    expect([operations.b[2 * i], operations.b[2 * i + 1]]).toEqual([-i >>> 0, i >> 1])
    expect([accesses.address[i], accesses.width[i], accesses.isWrite[i]]).toEqual([8 * i, 4, i % 2])
    expect([accesses.memStep[i], accesses.value[i]]).toEqual([2 ** 37 + i, BigInt(i) << 40n])
    expect([accesses.word0[i], accesses.word1[i]]).toEqual([1n, 2n])
  }
})

test('the words of a column are its values', () => {
  const column = new BigUint64Array(4).subarray(1)
  const words = columnWords(column)
  words[2] = 7
  words[5] = 1
  expect([...column]).toEqual([0n, 7n, 1n << 32n])
})
