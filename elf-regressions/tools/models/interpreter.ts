import { outputWords } from '../case.ts'

/** A program in the language of the interpreter guest. */
export function interpretedProgram(size: number): string {
  return `
fn fib(n) { if n < 2 { return n; } return fib(n - 1) + fib(n - 2); }
fn gcd(a, b) { while b { t = a % b; a = b; b = t; } return a; }
fn prime(n) {
  d = 2;
  while d * d <= n { if n % d == 0 { return 0; } d = d + 1; }
  return n > 1;
}
fn even(n) { if n == 0 { return 1; } return !even(n - 1); }
n = ${size};
print fib(n);
i = 0; count = 0;
while i < n * n { if prime(i) && i % 4 != 1 || i == 9 { count = count + 1; } i = i + 1; }
print count;
print gcd(n * 360360, 2 * 3 * 5 * 7 * n * n);
x = 27; steps = 0;
while x != 1 { if x % 2 { x = 3 * x + 1; } else { x = x / 2; } steps = steps + 1; }
print steps;
print -(n - 100) * (1 + 2) % 17 - 9223372036854775807;
print even(n) + 10 * even(n + 1);
print 1 + 2 * 3 - 8 / 4 >= 5 && !(2 > 3);
`
}

/** What the program prints, from the mathematics of each line. */
export function interpreterExpectation(size: number): { outputs: number[]; uart: string } {
  let [a, b] = [0n, 1n]
  for (let i = 0; i < size; i++) [a, b] = [b, a + b]
  const isPrime = (n: number): boolean => n > 1 && !/^(..+?)\1+$/.test('1'.repeat(n))
  const below = Array.from({ length: size * size }, (_, i) => i)
  const count = below.filter((i) => (isPrime(i) && i % 4 !== 1) || i === 9).length
  const common = (x: number, y: number): number => (y === 0 ? x : common(y, x % y))
  // Precedence: the remainder applies to the whole product before the subtraction.
  const wrapped = BigInt.asIntN(64, BigInt((-(size - 100) * 3) % 17) - 9_223_372_036_854_775_807n)
  const even = size % 2 === 0
  const printed = [
    a,
    BigInt(count),
    BigInt(common(size * 360_360, 210 * size * size)),
    111n,
    wrapped,
    even ? 1n : 10n,
    1n,
  ]
  const hash = printed.reduce(
    (h, value) => BigInt.asUintN(64, (h ^ BigInt.asUintN(64, value)) * 0x100000001b3n),
    0xcbf29ce484222325n,
  )
  return { outputs: outputWords(hash, BigInt(printed.length), 1n), uart: `${printed.join('\n')}\n` }
}
