import { describe, expect, test } from 'vitest'
import { P } from './goldilocks.ts'
import { poseidon2, poseidon2Hash, poseidon2Node } from './poseidon2.ts'
import { POSEIDON2_WIDTHS, poseidon2Parameters } from './poseidon2-parameters.ts'

const count = (n: number): bigint[] => Array.from({ length: n }, (_, i) => BigInt(i))

describe('parameters', () => {
  test('the first and some later constants are the published ones', () => {
    expect(POSEIDON2_WIDTHS.map((width) => poseidon2Parameters(width).full[0]![0])).toEqual([
      0xdd5743e7f2a5a5d9n,
      0x13dcf33aba214f46n,
      0x15ebea3fc73397c3n,
    ])
    const { full, partial } = poseidon2Parameters(12)
    expect([full[1]![0], full[3]![11], partial[0], partial[21]]).toEqual([
      0x7913beee58e3817fn,
      0xa95c63971a19bfa7n,
      0x4adf842aa75d4316n,
      0xf7bb62a8da4c961bn,
    ])
    expect(full[7]![11]).toBe(0x962deba3e9a2cd94n)
  })

  test('all constants are canonical and in the right number', () => {
    for (const width of POSEIDON2_WIDTHS) {
      const { full, partial, diagonal } = poseidon2Parameters(width)
      expect([full.flat().length, partial.length, diagonal.length]).toEqual([8 * width, 22, width])
      expect([...full.flat(), ...partial, ...diagonal].every((x) => x >= 0n && x < P)).toBe(true)
    }
  })
})

describe('permutation', () => {
  test('the published vectors of pil2-proofman for the input 0, 1, 2, ..', () => {
    expect(poseidon2(count(16))).toEqual([
      9639188652563994454n,
      12273372933164734616n,
      2905147255612444119n,
      17581461329934617288n,
      14390794100096760072n,
      5468485695976078057n,
      2832370985856357627n,
      1116111836864400812n,
      14997632823506024332n,
      3976503894892102369n,
      14874978986912301676n,
      12458748982184310703n,
      103345454961107931n,
      3354965064850558444n,
      14413825288474057217n,
      4214638127285300968n,
    ])
    expect(poseidon2(count(12))).toEqual([
      138186169299091649n,
      2237493815125627916n,
      7098449130000758157n,
      16681569560651424230n,
      2885694034573886267n,
      1987263728465303211n,
      4895658260063552408n,
      16782691522897809445n,
      6250362358359317026n,
      8723968546836371205n,
      17025428646788054631n,
      7660698892044183277n,
    ])
    expect(poseidon2(count(8))[0]).toBe(14266028122062624699n)
  })

  test('other widths are refused', () => {
    for (const n of [0, 4, 9, 20]) expect(() => poseidon2(count(n))).toThrow(RangeError)
    expect(() => poseidon2Node([count(4)])).toThrow(RangeError)
  })
})

describe('sponge and nodes', () => {
  test('a block of at most the rate is one permutation, padded with zeros', () => {
    expect(poseidon2Hash(count(5))).toEqual(poseidon2([...count(5), ...Array(11).fill(0n)]).slice(0, 4))
    expect(poseidon2Hash(count(8), 12)).toEqual(poseidon2([...count(8), 0n, 0n, 0n, 0n]).slice(0, 4))
    expect(poseidon2Hash([])).toEqual([0n, 0n, 0n, 0n])
  })

  test('later blocks carry the first four cells in the capacity', () => {
    const first = poseidon2([...count(12), 0n, 0n, 0n, 0n])
    const second = poseidon2([12n, ...Array(11).fill(0n), ...first.slice(0, 4)])
    expect(poseidon2Hash(count(13))).toEqual(second.slice(0, 4))
  })

  test('a node is the truncated permutation of its children', () => {
    const children = [0, 1, 2, 3].map((c) => count(16).slice(4 * c, 4 * c + 4))
    expect(poseidon2Node(children)).toEqual(poseidon2(count(16)).slice(0, 4))
    expect(poseidon2Node(children.slice(0, 2))).toEqual(poseidon2(count(8)).slice(0, 4))
  })
})
