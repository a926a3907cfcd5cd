import { materializeFixed, releaseFixed } from '@zisk/air'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePil } from '../compile-pil.ts'

/** Fixed columns and output of a program, with or without compiled loops. */
function run(
  source: string,
  compileLoops: boolean,
): { columns: Map<string, bigint[]>; lines: string[]; errors: string[] } {
  const lines: string[] = []
  const { pilout, diagnostics } = compilePil({
    file: 'p.pil',
    sources: { 'p.pil': source },
    compileLoops,
    output: (line) => lines.push(line),
  })
  const columns = new Map<string, bigint[]>()
  for (const air of pilout?.airGroups[0]?.airs ?? [])
    for (const column of air.fixed)
      columns.set(column.name, [...materializeFixed(column.content, air.rows, column.name)])
  return {
    columns,
    lines,
    errors: diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.line}:${d.message}`),
  }
}

function expectSame(source: string): ReturnType<typeof run> {
  const compiled = run(source, true)
  expect(compiled).toEqual(run(source, false))
  return compiled
}

const inAir = (body: string, rows = 2 ** 9) => `airtemplate T(const int N = ${rows}) { ${body} } airgroup G { T(); }`

describe('compiled loops', () => {
  test('agree with the interpreter on a table with every kind of statement', () => {
    const { columns } = expectSame(
      inAir(`
      col fixed A = [0..255]..., X, Y[2];
      col fixed Z;
      const int MASK = 2**70 - 1;
      int table[4][2];
      for (int i = 0; i < 4; i++) { table[i][1] = i * i; }
      int total = 0;
      int k = 0;
      while (k < N) {
        int [a, twice] = [A[k], A[k] * 2];
        if (a == 7 || (a > 200 && !(a % 2))) { X[k] = a << 40; } else if (a < 3) { X[k] = -1; } else { X[k] = a ** 3; }
        switch (a % 5) { case 0: Y[0][k] = 1; case 1, 2: Y[1][k] = table[a % 4][1]; default: Y[0][k] = 5; Y[1][k] += 1; }
        int inner[3] = [a, twice, 9];
        for (int j = 0; j < 3; ++j) { if (j == 1) continue; Z[k] += inner[j]; if (Z[k] > 300) break; }
        total += (a & MASK) | (k ^ 3);
        k++;
      }
      println(total, k);
      `),
    )
    expect(columns.get('X')!.slice(0, 8)).toEqual([
      0xffff_ffff_0000_0000n,
      0xffff_ffff_0000_0000n,
      0xffff_ffff_0000_0000n,
      27n,
      64n,
      125n,
      216n,
      7n << 40n,
    ])
  })

  test('call functions of the program with variables handed over both ways', () => {
    const { lines } = expectSame(
      inAir(`
      int air.counter = 0;
      function bump(const int by): int { air.counter += by; return air.counter; }
      function quiet() { air.counter += 1; }
      int sum = 0;
      for (int i = 0; i < 500; i++) { sum += bump(by: i % 3); counter += 1; quiet(); }
      println(sum, air.counter);
      `),
    )
    expect(lines).toHaveLength(1)
  })

  test('leave computed names to the interpreter', () => {
    const { lines } = expectSame(
      inAir(`
      package P { function f0(): int { return 5; } function f1(): int { return 7; } }
      int s = 0;
      for (int i = 0; i < 400; i++) { s += P.\`f\${i % 2}\`(); P.\`f\${i % 2}\`(); }
      println(s);
      `),
    )
    expect(lines).toEqual(['2400'])
  })

  test('report errors at their place in the program', () => {
    const { errors } = expectSame(
      'airtemplate T(const int N = 512) {\n col fixed X;\n for (int i = 0; i < N; i++) {\n  X[i + 20] = i; }\n}\nairgroup G { T(); }',
    )
    expect(errors).toEqual(['4:index 512 is outside [0, 511]'])
    expect(expectSame('int s = 0;\nfor (int i = 0; i < 900; i++) {\n s += 5 / (800 - i);\n}').errors).toEqual([
      '3:division by zero',
    ])
    expect(expectSame('for (int i = 0; i < 900; i++) {\n if (i == 777) error("bad", i);\n}').errors).toEqual([
      '2:bad 777',
    ])
  })

  test('long columns wait for their rows; later reads and changes of their inputs see the same values', () => {
    const long = (tail: string) =>
      inAir(`col fixed A = [0..9]...; col fixed X; for (int i = 0; i < N; i++) { X[i] = A[i] * 3; } ${tail}`, 2 ** 15)
    expect(expectSame(long('A[4] = 1000;')).columns.get('X')![4]).toBe(12n)
    expect(expectSame(long('println(X[5]);')).lines).toEqual(['15'])
    expect(expectSame(long('X[6] = 1;')).columns.get('X')!.slice(5, 8)).toEqual([15n, 1n, 21n])
    expect(expectSame(long('for (int j = 0; j < N; j++) { X[j] += 1; }')).columns.get('X')![9]).toBe(28n)
    expect(expectSame(long('Tables.fill(7, X, 0, 3);')).columns.get('X')!.slice(2, 4)).toEqual([7n, 9n])
  })

  test('rows that were released are made again, and count once', () => {
    const rows = 2 ** 15
    const text = inAir('col fixed X; for (int i = 0; i < N; i++) { X[i] = X[i] + i; }', rows)
    const limits = { rounds: rows + 10, fixedBytes: rows * 8 }
    const { pilout } = compilePil({ file: 'f.pil', sources: { 'f.pil': text }, limits })
    const { fixed } = pilout!.airGroups[0]!.airs[0]!
    for (let time = 0; time < 3; time++) {
      expect(materializeFixed(fixed[0]!.content, rows, 'X')[rows - 1]).toBe(BigInt(rows - 1))
      releaseFixed(fixed)
    }
  })

  test('agree with the interpreter on random arithmetic', () => {
    const leaf = fc.oneof(
      fc.constantFrom('i', 'x', 'K', '7', '0', '255', '0xFFFFFFFF', '0x8000000000000000', '9007199254740991', '3'),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map((value) => `(${value})`),
    )
    const tree = fc.letrec<{ e: string }>((tie) => ({
      e: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc
          .tuple(fc.constantFrom('+', '-', '*', '&', '|', '^', '<', '>=', '==', '!=', '&&', '||'), tie('e'), tie('e'))
          .map(([op, a, b]) => `(${a} ${op} ${b})`),
        tie('e').map((a) => `(${a} >> 5)`),
        tie('e').map((a) => `(${a} << 9)`),
        tie('e').map((a) => `(${a} % 1000003)`),
        tie('e').map((a) => `(${a} / 12345)`),
        tie('e').map((a) => `(-${a})`),
        fc.tuple(tie('e'), tie('e'), tie('e')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
      ),
    })).e
    fc.assert(
      fc.property(tree, (expression) => {
        expectSame(
          inAir(
            `const int K = 12; int x = 1; col fixed X; for (int i = 0; i < N; i++) { x = ${expression} % (2**80); X[i] = x; } println(x);`,
            128,
          ),
        )
      }),
      { numRuns: 150, seed: 20251120 },
    )
  })
})
