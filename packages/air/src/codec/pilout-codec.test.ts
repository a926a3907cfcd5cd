import { P } from '@zisk/field'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AirError } from '../errors.ts'
import type { Pilout } from '../model/pilout.ts'
import { PiloutBuilder } from '../model/pilout-builder.ts'
import { decodePilout, encodePilout, piloutFromJson, piloutToJson } from './pilout-codec.ts'

const SOURCE = { file: 0, line: 3, column: 7 }

/** A program that uses every field of the model once. */
function sample(): Pilout {
  const program = new PiloutBuilder('sample')
  program.addFile('main.pil')
  const e = program.expressions
  program.addPublic({ name: 'root', index: [0] })
  program.addProofValue({ name: 'pv', index: [], stage: 1 })
  program.addChallenge({ name: 'alpha', index: [], stage: 2 })
  const group = program.addAirGroup('Group')
  group.addAirGroupValue({ name: 'total', index: [], stage: 2, aggregate: 'sum', defaultValue: 0n })
  const air = group.addAir({ name: 'Å', template: 'T', rows: 4, logHeights: [2, 3], source: SOURCE })
  air.addWitness({ name: 'x', index: [1, 0], stage: 1, bits: { size: 64, signed: true }, source: SOURCE })
  air.addFixed({ name: 'L1', index: [], content: { kind: 'pattern', head: [1n], cycle: [P - 1n], tail: [] } })
  air.addFixed({ name: 'V', index: [], content: { kind: 'values', values: BigUint64Array.of(1n, 2n, 3n, 300n) } })
  air.addFixed({ name: 'E', index: [], content: { kind: 'external', file: 'e.bin', column: 2 } })
  air.addCustomCommit({ name: 'rom', stage: 0, publics: [0] })
  air.addCustomColumn({ name: 'line', index: [], commit: 0 })
  air.addAirValue({ name: 'segment', index: [], stage: 1 })
  const expression = e.sub(
    e.mul(e.witness(0, -1), e.add(e.fixed(0, 2), e.airValue(0))),
    e.neg(e.add(e.mul(e.custom(0), e.challenge(0)), e.add(e.public(0), e.proofValue(0)))),
  )
  const base = { expression, label: 'a === b', source: SOURCE, trail: [SOURCE] }
  air.addConstraint({ ...base, rows: { kind: 'everyRow' } })
  air.addConstraint({ ...base, rows: { kind: 'firstRow' } })
  air.addConstraint({ ...base, rows: { kind: 'lastRow' } })
  air.addConstraint({ ...base, rows: { kind: 'everyFrame', offsetMin: 1, offsetMax: 2 } })
  air.addHint({
    name: 'bus',
    fields: {
      id: { kind: 'expression', expression: e.constant(5n) },
      big: { kind: 'integer', value: -(2n ** 300n) },
      nested: { kind: 'array', items: [{ kind: 'record', fields: { s: { kind: 'string', value: 'ü' } } }] },
    },
    source: SOURCE,
    trail: [],
  })
  program.addConstraint({ ...base, expression: e.sub(e.airGroupValue(0, 0), e.public(0)) })
  return program.build()
}

describe('pilout codec', () => {
  test('damaged bytes give a program or an AirError, never anything else', () => {
    const bytes = encodePilout(sample())
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodePilout(bytes.subarray(0, length)), `cut at ${length}`).toThrow(AirError)
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = bytes.slice()
        for (const [at, value] of changes) damaged[at] = value
        expectTotal(() => encodePilout(decodePilout(damaged)))
      }),
      { seed: 20261, numRuns: 2000 },
    )
  })

  test('trailing bytes, another version and a foreign file are refused', () => {
    const bytes = encodePilout(sample())
    expect(() => decodePilout(Uint8Array.of(...bytes, 0))).toThrow(/after the end/)
    const other = bytes.slice()
    other['zisk-pilout'.length] = 9
    expect(() => decodePilout(other)).toThrow(/version 9/)
    expect(() => decodePilout(new TextEncoder().encode('{}'))).toThrow(/not a pilout/)
  })

  test('any JSON value gives a program or an AirError', () => {
    const json = piloutToJson(sample()) as Record<string, unknown>
    const names = Object.keys(json)
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
        expectTotal(() => piloutFromJson({ ...json, [name]: value }))
      }),
      { seed: 20262, numRuns: 500 },
    )
    expect(() => piloutFromJson({ ...json, extra: 1 })).toThrow(/no such field/)
  })

  test.each<[string, (p: Pilout) => Pilout]>([
    ['a leaf without a column', (p) => editAir(p, { witness: [] })],
    ['a public that does not exist', (p) => ({ ...p, publics: [] })],
    ['a file that does not exist', (p) => ({ ...p, files: [] })],
    ['heights out of order', (p) => editAir(p, { logHeights: [3, 2] })],
    ['rows that are no power of two', (p) => editAir(p, { rows: 6 })],
  ])('%s is refused', (_, edit) => {
    expect(() => decodePilout(encodePilout(edit(sample())))).toThrow(
      expect.objectContaining({ code: 'PILOUT_MODEL_INVALID' }),
    )
  })

  test('both forms give the program back', () => {
    const program = sample()
    expect(decodePilout(encodePilout(program))).toEqual(program)
    expect(piloutFromJson(JSON.parse(JSON.stringify(piloutToJson(program))))).toEqual(program)
    expect(encodePilout(decodePilout(encodePilout(program)))).toEqual(encodePilout(program))
  })

  test('a lazy column is encoded as its values', () => {
    const program = sample()
    const load = (): BigUint64Array => BigUint64Array.of(1n, 2n, 3n, 300n)
    const fixed = program.airGroups[0]!.airs[0]!.fixed.map((column) =>
      column.name === 'V' ? { ...column, content: { kind: 'lazy' as const, load } } : column,
    )
    expect(encodePilout(editAir(program, { fixed }))).toEqual(encodePilout(program))
  })
})

function expectTotal(decode: () => unknown): void {
  try {
    decode()
  } catch (error) {
    expect(error).toBeInstanceOf(AirError)
  }
}

function editAir(program: Pilout, edit: object): Pilout {
  const [group] = program.airGroups
  return { ...program, airGroups: [{ ...group!, airs: [{ ...group!.airs[0]!, ...edit }] }] }
}
