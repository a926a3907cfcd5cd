import { describe, expect, test } from 'vitest'
import { HALT_CAUSE, haltCauseName } from './halt-cause.ts'
import { OP, OPCODES, opcodeByCode, opcodeByName } from './opcodes.ts'
import { isPureOperation } from './semantics.ts'

describe('OPCODES', () => {
  test('codes ascend and names are distinct', () => {
    for (let i = 1; i < OPCODES.length; i++) expect(OPCODES[i]!.code).toBeGreaterThan(OPCODES[i - 1]!.code)
    expect(new Set(OPCODES.map((info) => info.name)).size).toBe(OPCODES.length)
  })

  test('every entry is found by code and by name, and no other code is', () => {
    for (const info of OPCODES) {
      expect(opcodeByCode(info.code)).toBe(info)
      expect(opcodeByName(info.name)).toBe(info)
    }
    const codes = new Set(OPCODES.map((info) => info.code))
    for (let code = -1; code <= 256; code++) if (!codes.has(code)) expect(opcodeByCode(code)).toBeUndefined()
    expect(opcodeByName('no such operation')).toBeUndefined()
  })

  test('OP names the same codes as the table', () => {
    for (const [name, code] of Object.entries(OP)) expect(opcodeByCode(code)?.name).toBe(name.toLowerCase())
  })

  test('m32 marks the operations on 32 bits, but not the sign extension to 64', () => {
    expect(OPCODES.filter((info) => info.m32).every((info) => info.name.endsWith('_w'))).toBe(true)
    expect(opcodeByName('signextend_w')!.m32).toBe(false)
    expect(opcodeByName('add_w')!.m32).toBe(true)
  })

  test('operations proved by other state machines are external, and binary and arithmetic ones are pure', () => {
    for (const info of OPCODES) {
      expect(info.isExternal).toBe(info.type !== 'internal' && info.type !== 'fcall')
      if (['binary', 'binaryE', 'arithAm32', 'arithA32'].includes(info.type)) {
        expect(isPureOperation(info.code), info.name).toBe(true)
      }
      if (info.isPrecompiled) expect(isPureOperation(info.code), info.name).toBe(false)
    }
  })
})

test('haltCauseName: inverts the table and knows nothing else', () => {
  for (const [name, code] of Object.entries(HALT_CAUSE)) expect(haltCauseName(code)).toBe(name)
  expect(haltCauseName(0)).toBeUndefined()
  expect(new Set(Object.values(HALT_CAUSE)).size).toBe(Object.keys(HALT_CAUSE).length)
})
