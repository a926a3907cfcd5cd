import { expect, test } from 'vitest'
import { abortable } from './abort.ts'

const reason = new Error('enough')
const aborted = { name: 'AbortedError', code: 'ABORTED', exitStatus: 'interrupted', cause: reason }

test('work that nobody cancels gives its result, or its own error', async () => {
  const { signal } = new AbortController()
  expect(await abortable(signal, () => Promise.resolve(7))).toBe(7)
  expect(await abortable(undefined, () => Promise.resolve(7))).toBe(7)
  await expect(abortable(signal, () => Promise.reject(reason))).rejects.toBe(reason)
})

test.each([
  ['returns', () => Promise.resolve(7)],
  ['throws', () => Promise.reject(new Error('another'))],
])('cancelled work that %s all the same is cancelled work', async (_, end) => {
  const controller = new AbortController()
  const work = (): Promise<number> => {
    controller.abort(reason)
    return end()
  }
  await expect(abortable(controller.signal, work)).rejects.toMatchObject(aborted)
})

test('work is not begun after the signal', async () => {
  const work = (): never => {
    throw new Error('begun')
  }
  await expect(abortable(AbortSignal.abort(reason), work)).rejects.toMatchObject(aborted)
})
