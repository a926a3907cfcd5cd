import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '../differential/random.ts'
import { build, runGuest, writeFiles } from './build-and-run.ts'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-division-'))
})
afterAll(() => rmSync(work, { recursive: true }))

/** Quotients of the pairs in the record, each as double and, of the pair as floats, as float. */
const C = `#include <zisk.h>
int main(void) {
  zisk_record r = zisk_read();
  const double *v = (const double *)r.data;
  for (size_t i = 0; i < r.length / 8; i += 2) {
    double q = v[i] / v[i + 1];
    float f = (float)v[i] / (float)v[i + 1];
    zisk_write(&q, 8);
    zisk_write(&f, 4);
  }
  return 0;
}
`
const ZIG = `const zisk = @import("zisk");
pub const panic = zisk.panic;
extern fn zisk_write(bytes: *const anyopaque, length: usize) void;
export fn main() c_int {
    const bytes = zisk.read();
    var i: usize = 0;
    while (i < bytes.len) : (i += 16) {
        const a: f64 = @bitCast(bytes[i..][0..8].*);
        const b: f64 = @bitCast(bytes[i + 8 ..][0..8].*);
        const q = a / b;
        const f = @as(f32, @floatCast(a)) / @as(f32, @floatCast(b));
        zisk_write(&q, 8);
        zisk_write(&f, 4);
    }
    return 0;
}
`

const EDGES = [0, 1, 3, 0.1, 1.5, 5e-324, 1e-323, 2.2250738585072009e-308, 2.2250738585072014e-308, 1e-310, 2 ** -1060]
const SINGLES = [
  2 ** -149,
  3 * 2 ** -149,
  2 ** -126,
  2 ** -126 * (1 - 2 ** -23),
  1e-39,
  3.4028234663852886e38,
  2 ** 100,
]
const HUGE = [1.7976931348623157e308, 2 ** 1023, 1e300, Number.POSITIVE_INFINITY, Number.NaN, 2 ** 53 - 1, 2 ** 52 + 1]
const NUMBERS = [...EDGES, ...SINGLES, ...HUGE].flatMap((value) => [value, -value])

/** Pairs of numbers: all corners with each other, and random ones, many with a small quotient. */
function pairs(): Float64Array {
  const random = createRandom(20261121)
  const bits = new DataView(new ArrayBuffer(8))
  const any = (exponent: number): number => {
    bits.setBigUint64(0, (BigInt(exponent) << 52n) | (random.operand() & 0xfffffffffffffn))
    return random.chance(0.5) ? bits.getFloat64(0) : -bits.getFloat64(0)
  }
  const small = Array.from({ length: 1500 }, () => {
    const exponent = 1100 + random.below(900)
    return [any(exponent - 1020 - random.below(80)), any(exponent)]
  })
  // As floats: quotients around 2^-126.
  const single = Array.from({ length: 1500 }, () => {
    const exponent = 1023 + random.below(100)
    return [any(exponent - 115 - random.below(45)), any(exponent)]
  })
  return Float64Array.from([
    ...NUMBERS.flatMap((a) => NUMBERS.flatMap((b) => [a, b])),
    ...small.flat(),
    ...single.flat(),
  ])
}

describe('division of double and float is that of Node, subnormal quotients too', () => {
  test.each([
    ['C', 'main.c', C],
    ['C plus plus', 'main.cc', C],
    ['Zig', 'main.zig', ZIG],
  ] as const)('%s', async (name, file, source) => {
    const folder = join(work, name.replace(/\W+/g, '-'))
    writeFiles(folder, { [file]: source })
    const values = pairs()
    const { bytes, exitCode } = await runGuest((await build(folder)).elf, [new Uint8Array(values.buffer)])
    expect(exitCode).toBe(0)
    expect(bytes.length).toBe((values.length / 2) * 12)
    const wrong: string[] = []
    for (let i = 0; i < values.length; i += 2) {
      const [a, b] = [values[i]!, values[i + 1]!]
      const double = bytes.readDoubleLE(6 * i)
      const float = bytes.readFloatLE(6 * i + 8)
      // A quotient of floats as a double has enough bits to be rounded twice.
      const single = Math.fround(Math.fround(a) / Math.fround(b))
      if (!Object.is(double, a / b)) wrong.push(`${a} / ${b}: ${a / b} expected, got ${double}`)
      if (!Object.is(float, single)) wrong.push(`${a} / ${b} as floats: ${single} expected, got ${float}`)
    }
    expect(wrong).toEqual([])
  })
})
