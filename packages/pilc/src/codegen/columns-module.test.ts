import { createInstance } from '@zisk/air'
import { describe, expect, test } from 'vitest'
import { compilePilOrThrow } from '../compile-pil.ts'
import { BINARY_ADD, binaryAddAirValues, binaryAddColumns } from '../testing/binary-add-columns.gen.ts'
import { columnsModule } from './columns-module.ts'

const SOURCE = `
public root[4];
airtemplate Add(const int N = 2**10) {
  commit public(root) rom;
  col rom line;
  col fixed L1 = [1, 0...];
  col witness bits(32) a[2], b[2];
  col witness stage(2) gsum;
  col witness bits(16) c_chunks[2][2];
  col witness bits(64, signed) offset;
  col witness wide[20];
  airval segment;
  airval stage(2) im;
  airval last[2];
  for (int i = 0; i < 2; i++) { col witness local; local === a[i]; }
  L1 * (offset - segment - last[1]) === im;
}
airgroup Zisk { Add() alias BinaryAdd; }
`
const program = compilePilOrThrow({ file: 'add.pil', sources: { 'add.pil': SOURCE } })

describe('columnsModule', () => {
  test('the committed module is what the program gives', async () => {
    await expect(columnsModule(program, 'BinaryAdd')).toMatchFileSnapshot('../testing/binary-add-columns.gen.ts')
  })

  test('the view names the columns of an instance in the order of the program', () => {
    const instance = createInstance(program, { air: BINARY_ADD.air })
    const columns = binaryAddColumns(instance)
    const air = program.airGroups[0]!.airs[0]!
    const position = (name: string, ...index: number[]) =>
      air.witness.findIndex((column) => column.name === name && column.index.join() === index.join())
    expect(columns.a[1]).toBe(instance.witness[position('a', 1)])
    expect(columns.c_chunks[1][0]).toBe(instance.witness[position('c_chunks', 1, 0)])
    expect(columns.offset).toBe(instance.witness[position('offset')])
    expect(columns.wide[19]).toBe(instance.witness[position('wide', 19)])
    expect(columns.local_2).toBe(instance.witness.at(-1))
    expect(columns.line).toBe(instance.custom[0])
    expect(BINARY_ADD.bits).toEqual({ a: 32, b: 32, c_chunks: 16, offset: -64 })
  })

  test('air values come in the order of the program', () => {
    expect(binaryAddAirValues({ segment: 7n, last: [8n, 9n] })).toEqual([7n, 0n, 8n, 9n])
  })

  test('an unknown AIR is refused by name', () => {
    expect(() => columnsModule(program, 'BinaryAd')).toThrow('BinaryAd; the program has BinaryAdd')
  })
})
