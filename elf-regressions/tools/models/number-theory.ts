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

/** `base ^ exponent % modulus`, repeated on its own result. */
export function repeatedPower(base: bigint, exponent: bigint, modulus: bigint, repetitions: number): bigint {
  let x = base % modulus
  for (let round = 0; round < repetitions; round++) {
    let power = 1n
    let square = x
    for (let rest = exponent; rest > 0n; rest >>= 1n) {
      if (rest & 1n) power = (power * square) % modulus
      square = (square * square) % modulus
    }
    x = power
  }
  return x
}
