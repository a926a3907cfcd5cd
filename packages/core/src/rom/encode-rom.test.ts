import { describe, expect, test } from 'vitest'
import { createRandom, randomRom } from '../testing/random-rom.ts'
import { decodeRom, encodeRom } from './encode-rom.ts'
import { RomError } from './rom-error.ts'
import { romHash } from './rom-hash.ts'
import { romFromJson, romToJson } from './rom-json.ts'

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(RomError)
    return (error as RomError).code
  }
  return 'accepted'
}

describe('decodeRom', () => {
  const encoded = encodeRom(randomRom(1))
  const changed = (at: number, value: number) => {
    const copy = encoded.slice()
    copy[at] = value
    return copy
  }

  test('refuses what is not an encoding, with a code that says why', () => {
    expect(codeOf(() => decodeRom(new Uint8Array(0)))).toBe('ROM_BAD_LENGTH')
    expect(codeOf(() => decodeRom(changed(0, 0)))).toBe('ROM_BAD_MAGIC')
    expect(codeOf(() => decodeRom(changed(4, 2)))).toBe('ROM_BAD_VERSION')
    expect(codeOf(() => decodeRom(changed(8, 9)))).toBe('ROM_BAD_HEADER')
    expect(codeOf(() => decodeRom(changed(10, 1)))).toBe('ROM_BAD_HEADER')
    expect(codeOf(() => decodeRom(changed(15, 0)))).toBe('ROM_BAD_HEADER')
    expect(codeOf(() => decodeRom(changed(19, 0xff)))).toBe('ROM_BAD_LENGTH')
    expect(codeOf(() => decodeRom(encoded.subarray(0, encoded.length - 1)))).toBe('ROM_BAD_LENGTH')
    expect(codeOf(() => decodeRom(Uint8Array.from([...encoded, 0])))).toBe('ROM_BAD_LENGTH')
    expect(codeOf(() => decodeRom(changed(28, 0xff)))).toBe('ROM_BAD_INSTRUCTION')
  })

  test('what it accepts is its only encoding: any single changed byte is refused or means another ROM', () => {
    const hash = toHex(romHash(randomRom(1)))
    for (let at = 0; at < encoded.length; at++) {
      const copy = changed(at, encoded[at]! ^ (1 << (at % 8)))
      const code = codeOf(() => {
        const rom = decodeRom(copy)
        expect(toHex(encodeRom(rom))).toBe(toHex(copy))
        expect(toHex(romHash(rom))).not.toBe(hash)
      })
      expect(code).toMatch(/^accepted$|^ROM_/)
    }
  })

  test('survives random damage', () => {
    const seed = 20
    console.log('seed', seed)
    const random = createRandom(seed)
    for (let round = 0; round < 5000; round++) {
      const copy = encoded.slice(0, random(4) === 0 ? random(encoded.length) : encoded.length)
      for (let i = random(6); i >= 0; i--) copy[random(copy.length)] = random(256)
      expect(codeOf(() => decodeRom(copy))).toMatch(/^accepted$|^ROM_/)
    }
  })
})

describe('encodeRom', () => {
  test('decodeRom and romFromJson invert it and romToJson', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const rom = randomRom(seed)
      const encoded = toHex(encodeRom(rom))
      expect(toHex(encodeRom(decodeRom(encodeRom(rom)))), `seed ${seed}`).toBe(encoded)
      expect(toHex(encodeRom(romFromJson(JSON.parse(JSON.stringify(romToJson(rom)))))), `seed ${seed}`).toBe(encoded)
    }
  })

  test('romHash: is pinned, because proofs depend on it', () => {
    expect(toHex(romHash(randomRom(1)))).toMatchInlineSnapshot(
      `"b6de8873411c3f087c1aa5724dbeef3a5bafdb3b08a5d478bc7f410cee64da3d"`,
    )
  })
})

describe('romFromJson', () => {
  const json = () => JSON.parse(JSON.stringify(romToJson(randomRom(3))))

  test('refuses every wrong field with its place', () => {
    const cases: readonly (readonly [string, (root: ReturnType<typeof json>) => unknown])[] = [
      ['format', (root) => Object.assign(root, { format: 'x' })],
      ['memoryMap', (root) => Object.assign(root, { memoryMap: 'toString' })],
      ['exitMode', (root) => Object.assign(root, { exitMode: undefined })],
      ['document', (root) => Object.assign(root, { surplus: 1 })],
      ['entry', (root) => Object.assign(root, { entry: 5 })],
      ['instructions', (root) => Object.assign(root, { instructions: {} })],
      ['instructions[2].op', (root) => Object.assign(root.instructions[2], { op: 'nope' })],
      ['instructions[2].a', (root) => Object.assign(root.instructions[2], { a: { ind: 1, width: 8 } })],
      ['instructions[2].b', (root) => Object.assign(root.instructions[2], { b: { reg: 1, imm: '0x0' } })],
      ['instructions[2].b', (root) => Object.assign(root.instructions[2], { b: { reg: 32 } })],
      ['instructions[2].b.width', (root) => Object.assign(root.instructions[2], { b: { ind: 0, width: 3 } })],
      ['instructions[2].jump[1]', (root) => Object.assign(root.instructions[2].jump, { 1: 2 ** 31 })],
      ['instructions[2].pc', (root) => Object.assign(root.instructions[2], { pc: '0x00' })],
      ['instructions[2].store', (root) => Object.assign(root.instructions[2], { store: 'c' })],
      ['data[0].bytes', (root) => Object.assign(root.data[0], { bytes: '0g' })],
      ['data[1].writable', (root) => Object.assign(root.data[1], { writable: 1 })],
    ]
    for (const [where, damage] of cases) {
      const root = json()
      damage(root)
      expect(() => romFromJson(root), where).toThrow(expect.objectContaining({ code: 'ROM_BAD_JSON', where }))
    }
    for (const value of [null, undefined, 1, 'x', [], {}]) expect(codeOf(() => romFromJson(value))).toBe('ROM_BAD_JSON')
  })

  test('refuses well-typed nonsense', () => {
    const twice = json()
    twice.instructions.push(twice.instructions[0])
    expect(codeOf(() => romFromJson(twice))).toBe('ROM_BAD_INSTRUCTION')
    const misplaced = json()
    misplaced.data[0].address = '0x1000'
    expect(codeOf(() => romFromJson(misplaced))).toBe('ROM_BAD_DATA')
    const overlapping = json()
    overlapping.data[1] = { ...overlapping.data[0] }
    expect(codeOf(() => romFromJson(overlapping))).toBe('ROM_BAD_DATA')
    const lost = json()
    lost.entry = '0x80000001'
    expect(codeOf(() => romFromJson(lost))).toBe('ROM_BAD_HEADER')
  })
})
