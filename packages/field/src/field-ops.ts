/**
 * The operations of a field, as a value: code written over it runs on base elements, extension elements, or symbols.
 * The base field and the extension of `scalar.ts` and `scalar-ext.ts` implement it, and so does the oracle.
 */
export interface FieldOps<T> {
  readonly zero: T
  readonly one: T
  /** Embeds any integer, reduced modulo p. */
  readonly fromInteger: (x: bigint) => T
  readonly add: (a: T, b: T) => T
  readonly sub: (a: T, b: T) => T
  readonly neg: (a: T) => T
  readonly mul: (a: T, b: T) => T
  /** Multiplicative inverse. @throws {RangeError} on zero. */
  readonly inv: (a: T) => T
  readonly equals: (a: T, b: T) => boolean
}
