/** Recursion whose depth the input decides, which is to say the prover: it must not get from the stack into the data. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MEMORY_MAPS } from '@zisk/core'
import { locate } from '@zisk/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, runGuest, writeFiles } from './build-and-run.ts'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-stack-'))
})
afterAll(() => rmSync(work, { recursive: true }))

const u32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer)

/** Goes as deep as the input says, with a frame of some size, between data that must stay 0. */
const C = (frame: number): string => `#include <zisk.h>
static volatile uint8_t data[1 << 16];
__attribute__((noinline)) uint32_t deep(uint32_t n) {
  volatile uint8_t frame[${frame}];
  frame[n % ${frame}] = 0xff;
  return n == 0 ? 0 : deep(n - 1) + frame[n % ${frame}];
}
int main(void) {
  uint32_t sum = deep(zisk_read_u32());
  for (uint32_t i = 0; i < sizeof data; i++) if (data[i] != 0) return 1;
  zisk_commit_u32(sum);
  return 0;
}
`
const ZIG = `const zisk = @import("zisk");
pub const panic = zisk.panic;
fn deep(n: u32) u32 {
    var frame: [64]u8 = undefined;
    const at: *volatile u8 = &frame[n % 64];
    at.* = 1;
    return if (n == 0) 0 else @call(.never_inline, deep, .{n - 1}) + at.*;
}
export fn main() c_int {
    zisk.commitU32(deep(zisk.readU32()));
    return 0;
}
`

async function overflows(elf: string, depth: number): Promise<string | undefined> {
  const { execution } = await runGuest(elf, [u32(depth)])
  const { outcome, program } = execution
  if (outcome.kind !== 'fault') throw new Error(`a fault expected, got ${outcome.kind}`)
  const { ram } = MEMORY_MAPS['v0.18']
  expect(outcome.fault.code).toBe('STACK_OVERFLOW')
  expect(Number(outcome.fault.address)).toBeLessThan(ram.start)
  return locate(program, Number(outcome.fault.pc)).symbol
}

describe.each([
  ['small frames', 16, 1000, 10 ** 6],
  ['frames larger than a page', 10_000, 50, 200],
  ['frames larger than the stack', 2 ** 21, 0, 1],
] as const)('C with %s', (_, frame, fits, tooDeep) => {
  test('a recursion that goes too deep is a stack overflow, whatever the size of the stack', async () => {
    writeFiles(work, { 'deep.c': C(frame) })
    const stackSize = frame > 2 ** 20 ? 4 * 2 ** 20 : undefined
    const { elf } = await build(join(work, 'deep.c'), stackSize === undefined ? {} : { stackSize })
    const run = await runGuest(elf, [u32(fits)])
    expect([run.exitCode, run.outputs]).toEqual([0, fits === 0 ? [] : [255 * fits]])
    expect(await overflows(elf, tooDeep)).toBe('deep')
    expect(await overflows(elf, 2 ** 32 - 1)).toBe('deep')
  })
})

test('a larger stack holds more, up to 112 MiB', async () => {
  writeFiles(work, { 'deep.c': C(10_000) })
  const { elf } = await build(join(work, 'deep.c'), { stackSize: 112 * 2 ** 20 })
  expect((await runGuest(elf, [u32(10_000)])).outputs).toEqual([2_550_000])
  expect(await overflows(elf, 12_000)).toBe('deep')
})

test('Zig', async () => {
  writeFiles(work, { 'deep.zig': ZIG })
  const { elf } = await build(join(work, 'deep.zig'))
  expect((await runGuest(elf, [u32(100)])).outputs).toEqual([100])
  await overflows(elf, 10 ** 6)
})
