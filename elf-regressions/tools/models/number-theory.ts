/** Fibonacci numbers by doubling, other than the loop of the guest. */
export function fibonacciModulo(n: number, modulus: bigint): bigint {
  let a = 0n
  let b = 1n
  for (const bit of n.toString(2)) {
    const twice = (a * (2n * b - a + modulus)) % modulus
    const next = (a * a + b * b) % modulus
    ;[a, b] = bit === '1' ? [next, (twice + next) % modulus] : [twice, next]
  }
  return a
}
