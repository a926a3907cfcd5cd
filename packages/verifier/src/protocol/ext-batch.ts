import { EXT_ONE, type Ext, extInv, extMul } from '@zisk/field'

/** Inverses of extension elements with one inversion. @throws {RangeError} when one of them is zero. */
export function extBatchInverse(values: readonly Ext[]): Ext[] {
  const prefix: Ext[] = []
  let product: Ext = EXT_ONE
  for (const value of values) {
    prefix.push(product)
    product = extMul(product, value)
  }
  let suffix = extInv(product)
  const inverses = new Array<Ext>(values.length)
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = extMul(suffix, prefix[i]!)
    suffix = extMul(suffix, values[i]!)
  }
  return inverses
}

/** 1, x, x^2, ... (`count` of them). */
export function extPowers(x: Ext, count: number): Ext[] {
  const powers: Ext[] = []
  let power: Ext = EXT_ONE
  for (let i = 0; i < count; i++) {
    powers.push(power)
    power = extMul(power, x)
  }
  return powers
}
