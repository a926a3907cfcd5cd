import { InstructionTableBuilder, MEMORY_MAPS, type ZiskRom } from '@zisk/core'
import { expect, test } from 'vitest'
import { LINE_BYTES, romTable } from './rom-table.ts'

const CONSTANTS = 0x8000_0000

function programWith(data: ZiskRom['data']): ZiskRom {
  const instructions = new InstructionTableBuilder().build()
  const memoryMap = MEMORY_MAPS['v0.18']
  return { memoryMap, exitMode: 'bound', entry: CONSTANTS, instructions, data, codeInRam: [] }
}

const bytesAt = (address: number, bytes: number) => ({ address, writable: true, bytes: new Uint8Array(bytes) })

test('segments that share a line of initial memory have one row for it', () => {
  const { writableLines } = romTable(programWith([bytesAt(0xa004_0008, 8), bytesAt(0xa004_0018, 16)]))
  expect(writableLines.map(({ address }) => address)).toEqual([0xa004_0000, 0xa004_0020])
})

test('a program with more rows than Rom has is refused, with their number, before they are made', () => {
  const last = 2 ** 21 * LINE_BYTES
  const large = programWith([bytesAt(0xa004_0000, last + 8), bytesAt(0xa004_0000 + last + 16, 8)])
  const code = 'ROM_TOO_LARGE'
  const details = { expected: 2 ** 21, instructions: 0, lines: 2 ** 21 + 1 }
  expect(() => romTable(large)).toThrow(expect.objectContaining({ code, details, exitStatus: 'limitReached' }))
})
