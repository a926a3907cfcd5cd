import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, type GuestRun, runGuest, writeFiles } from './build-and-run.ts'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'zisk-guest-'))
})
afterAll(() => rmSync(work, { recursive: true }))

/** Builds and runs one source file. */
async function runSource(name: string, source: string, records: readonly Uint8Array[] = []): Promise<GuestRun> {
  writeFiles(work, { [name]: source })
  return runGuest((await build(join(work, name))).elf, records)
}

const ENDED = { exitCode: 0 }
const INT_MIN = -(2 ** 31)

describe('the C library', () => {
  test('memory, strings, numbers, sorting, heap, floating point, input and output', async () => {
    const source = readFileSync(join(import.meta.dirname, 'c-library.c'), 'utf8')
    const input = [
      Buffer.from('hello'),
      new Uint8Array(0),
      Uint8Array.of(1, 2, 3, 4),
      Uint8Array.of(0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88),
    ]
    const run = await runSource('c-library.c', source, input)
    expect(run.text).toBe(
      [
        `[-1][   42][42   ][00042][+42][ 42][007][${INT_MIN}]`,
        '[4294967295][ff][FF][0xff][010][10][     00a]',
        `[${-(2n ** 63n)}][${2n ** 64n - 1n}][${2n ** 40n}][4][44][1]`,
        '[text][   right][left    ][cu][   7][c][%][0x80000000]',
        '[][(null)]',
        '[longer ] of 16, [5]',
        'puts',
        'a line that is longer than the buffer of printf, which holds one hundred and twenty-eight bytes, ' +
          'so that it is emptied in the middle of this text',
        '',
      ].join('\n'),
    )
    expect(run.exitCode).toBe(7)
    // "abcdef", 0x11223344 and 0x99, byte after byte.
    expect(run.outputs.slice(0, 5)).toEqual([0x64636261, 0x33446665, 0x00991122, 0, 0].slice(0, 5))
    expect(run.outputs).toHaveLength(64)
    expect(run.outputs[63]).toBe(0xffffffff)
  })

  test.each([
    ['a record of another size', 'zisk_read_u64();', 'panic: input record expected 8 bytes, got 3\n'],
    [
      'too much output',
      'char b[257] = {0}; zisk_commit(b, 257);',
      'panic: public output expected at most 256 bytes, got 257\n',
    ],
    ['output word 64', 'zisk_set_output(64, 1);', 'panic: public output word expected below 64, got 64\n'],
    ['abort', 'abort();', 'panic: abort() was called\n'],
    [
      'a conversion of floating point',
      'volatile double x = 1; printf("%f", x);',
      'panic: printf has no conversion %f\n',
    ],
    ['a failed assertion', 'assert(1 > 2);', 'panic: main.c:6: assertion failed: 1 > 2\n'],
  ])('panics with its message and exit code 101 on %s', async (_name, body, text) => {
    const source = `#include <assert.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <zisk.h>\nint main(void) {\n  ${body}\n  return 0;\n}\n`
    const run = await runSource('main.c', source, [Uint8Array.of(1, 2, 3)])
    expect(run).toMatchObject({ exitCode: 101, text })
  })

  test('the exit code is part of the statement: the ELF carries the note', async () => {
    const run = await runSource('note.c', 'int main(void) { return 3; }')
    expect(run.execution.program.rom.exitMode).toBe('bound')
    expect(run.exitCode).toBe(3)
  })
})

describe('C++', () => {
  test('new, delete, virtual calls, static objects and templates', async () => {
    const run = await runSource(
      'objects.cc',
      `#include <zisk.hpp>
struct Shape { virtual ~Shape() {} virtual uint32_t area() const = 0; };
struct Square : Shape { uint32_t side; Square(uint32_t s) : side(s) {} uint32_t area() const override { return side * side; } };
struct alignas(64) Line { uint32_t x[16]; };
struct Counter { uint32_t value; Counter() : value(40) {} };
static Counter counter;
static Counter &local() { static Counter once; once.value++; return once; }
int main() {
  Shape *shape = new Square(zisk::read_as<uint32_t>());
  zisk::commit(shape->area());
  delete shape;
  Line *line = new Line[3]();
  zisk::commit(uint32_t(reinterpret_cast<uintptr_t>(line) % 64));
  delete[] line;
  local();
  zisk::commit(counter.value + local().value);
  zisk::print("done\\n");
  return 0;
}
`,
      [Uint8Array.of(9, 0, 0, 0)],
    )
    expect(run).toMatchObject({ ...ENDED, text: 'done\n', outputs: [81, 0, 82] })
  })
})

describe('Zig', () => {
  test('records, allocator, output and panic', async () => {
    const source = `const zisk = @import("zisk");
pub const panic = zisk.panic;
export fn main() c_int {
    const text = zisk.read();
    const copy = zisk.allocator.alloc(u8, text.len) catch @panic("no memory");
    defer zisk.allocator.free(copy);
    @memcpy(copy, text);
    zisk.print("{s} {d}\\n", .{ copy, zisk.readU64() });
    zisk.commitU32(@intCast(copy.len));
    zisk.commit(copy[0..4]);
    zisk.setOutput(2, copy[zisk.readU32()]);
    return 0;
}
`
    const input = (index: number): Uint8Array[] => [
      Buffer.from('text'),
      Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0),
      Uint8Array.of(index, 0, 0, 0),
    ]
    const run = await runSource('root.zig', source, input(1))
    expect(run).toMatchObject({ ...ENDED, text: 'text 5\n', outputs: [4, 0x74786574, 0x65] })
    const failed = await runSource('root.zig', source, input(4))
    expect(failed).toMatchObject({ exitCode: 101, text: 'text 5\npanic: index out of bounds: index 4, len 4\n' })
  })
})
