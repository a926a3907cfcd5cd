/** Cells of rows that a forger would fill: whatever makes most constraints hold, range checks last. */
import { inv, toFelt } from '@zisk/field'

const LIMB = 2n ** 32n

/** Chunks of 16 bits of a number of 64 bits, under the names of a column array. */
export function chunkCells(name: string, value: bigint): Record<string, bigint> {
  return Object.fromEntries([0, 1, 2, 3].map((i) => [`${name}[${i}]`, (value >> BigInt(16 * i)) & 0xffffn]))
}

/** A number of 64 bits as two limbs. */
export function limbs(value: bigint): readonly [bigint, bigint] {
  return [value % LIMB, value / LIMB]
}

/** The three carries that make the first three limbs of a product hold in the field, given what each has to be. */
export function carryCells(a: bigint, b: bigint, rest: readonly [bigint, bigint, bigint]): Record<string, bigint> {
  const x = [0n, 16n, 32n, 48n].map((shift) => (a >> shift) & 0xffffn)
  const y = [0n, 16n, 32n, 48n].map((shift) => (b >> shift) & 0xffffn)
  const cells: Record<string, bigint> = {}
  let carry = 0n
  for (let limb = 0; limb < 3; limb++) {
    let sum = carry + rest[limb]!
    for (const [i, p] of x.entries())
      for (const [j, q] of y.entries()) if ((i + j) >> 1 === limb) sum += p * q * ((i + j) % 2 === 1 ? 0x1_0000n : 1n)
    carry = sum % LIMB === 0n ? sum / LIMB : toFelt(sum) * inv(LIMB)
    const fits = carry >= -0x1_0000n && carry < 0x4_0000n
    const above = fits ? (carry - (((carry % 0x1_0000n) + 0x1_0000n) % 0x1_0000n)) / 0x1_0000n : 0n
    cells[`carry_high[${limb}]`] = toFelt(above)
    cells[`carry_low[${limb}]`] = toFelt(carry - 0x1_0000n * above)
  }
  return cells
}

/** All combinations of bits under these names. */
export function* allBits(names: readonly string[]): Iterable<Record<string, bigint>> {
  for (let bits = 0; bits < 2 ** names.length; bits++)
    yield Object.fromEntries(names.map((name, i) => [name, BigInt((bits >> i) & 1)]))
}
