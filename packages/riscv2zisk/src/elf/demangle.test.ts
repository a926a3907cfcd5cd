import { describe, expect, test } from 'vitest'
import { createRandom } from '../testing/mutate-elf.ts'
import { demangle } from './demangle.ts'

describe('demangle', () => {
  test.each([
    ['main', 'main'],
    ['_start', '_start'],
    ['_RNvC6_123foo3bar', '123foo::bar'],
    ['_RNvNtCs1234_7mycrate3foo3bar', 'mycrate::foo::bar'],
    ['_RNvMs_NtCs1234_7mycrate3fooNtB4_3Bar3new', '<mycrate::foo::Bar>::new'],
    ['_RNvXCs1_7mycrateNtB2_3FooNtB2_5Clone5clone', '<mycrate::Foo as mycrate::Clone>::clone'],
    ['_RINvCs1_7mycrate3foolNtB2_3BarE', 'mycrate::foo::<i32, mycrate::Bar>'],
    ['_RNCNvCs1_7mycrate3foos_0B3_', 'mycrate::foo::{closure#1}'],
    ['_RINvCs1_7mycrate3fooRShE', 'mycrate::foo::<&[u8]>'],
    ['_RINvCs1_7mycrate3fooAhj10_E', 'mycrate::foo::<[u8; 16]>'],
    ['_RINvCs1_7mycrate3fooFUKCThlEEuE', 'mycrate::foo::<unsafe extern "C" fn((u8, i32))>'],
    ['_RINvCs1_7mycrate3fooDNtB2_5TraitEL_E', 'mycrate::foo::<dyn mycrate::Trait>'],
    ['_RNvMsa_NtCsarAEYh2Zmv_4core3numj7checked', '<usize>::checked'],
    ['_ZN4core3fmt9Formatter3pad17h0123456789abcdefE', 'core::fmt::Formatter::pad'],
    [
      '_ZN59_$LT$core..fmt..Arguments$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE',
      '<core::fmt::Arguments as core::fmt::Display>::fmt',
    ],
    ['_ZN3foo3barEi', 'foo::bar'],
    ['_ZNK3foo3barEv', 'foo::bar'],
    ['_Z3barv', 'bar'],
  ])('%s', (name, readable) => {
    expect(demangle(name)).toBe(readable)
  })

  test.each([
    '_R',
    '_RNvC',
    '_RB_',
    '_RNvNvB_',
    '_RINvC1a1bTTTTE',
    '_ZN',
    '_ZN5fooE',
    '_ZSt4move',
    '_Z99x',
    '_RIC1aB_E',
  ])('what is not understood stays as it is: %s', (name) => {
    expect(demangle(name)).toBe(name)
  })

  test('damaged names neither throw nor explode', () => {
    const random = createRandom(3)
    const base =
      '_RINvMs6_NtCsd6ICAKuHaoJ_9hashbrown3rawINtB6_8RawTableTNtNtCs1_5alloc6string6StringyEE14reserve_rehashNCB5_0E'
    const alphabet = '_RNvMsICBTEFDAS0123456789abLKp'
    for (let round = 0; round < 20_000; round++) {
      const letters = [...base]
      for (let i = random(8); i >= 0; i--) letters[2 + random(letters.length - 2)] = alphabet[random(alphabet.length)]!
      expect(demangle(letters.join('')).length < 5000).toBe(true)
    }
    // Every tuple repeats the previous one twice.
    const bomb = `_RINvC1a1bT${'hhET'.repeat(3)}${Array.from({ length: 40 }, (_, i) => `TB${i.toString(36)}_B${i.toString(36)}_E`).join('')}EE`
    expect(demangle(bomb).length).toBeLessThan(5000)
  })
})
