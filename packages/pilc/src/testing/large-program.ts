/**
 * A made-up program of the size and features of the largest published one: 35 AIRs, 40,000 lines with included
 * equation files, a bus that clusters its terms at the end of each AIR, and tables of millions of rows.
 */

/** Sources by path; the root is `main.pil`. */
export function largeProgram(): Record<string, string> {
  const sources: Record<string, string> = { 'bus.pil': BUS }
  for (let e = 0; e < EQUATIONS; e++) sources[`equations/e${e}.pil`] = equationFile(e)
  sources['main.pil'] = [
    'require "bus.pil"',
    equationAir(),
    WIDE_AIR,
    TABLE_AIR,
    machineAir(),
    'airgroup Large {',
    ...names(2).map((i) => `  Equations() alias Equations${i};`),
    '  Wide();',
    ...names(6).map((i) => `  Table(k: ${i}) alias Table${i};`),
    ...names(26).map((i) => `  Machine(w: ${30 + i}) alias Machine${i};`),
    '}',
    'total === 0;',
  ].join('\n')
  return sources
}

const EQUATIONS = 20
const CHUNKS = 32
const LINES_PER_EQUATION = 1900

function names(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** A chunked product of 16-limb numbers, as a generator of modular equations writes it, one term per line. */
function equationFile(e: number): string {
  const lines = [`const expr eq${e}_chunks[${CHUNKS}];`]
  for (let c = 0; c < CHUNKS; c++) {
    const terms: string[] = []
    for (let i = Math.max(0, c - 15); i <= Math.min(15, c); i++)
      terms.push(
        i % 2 === 1 ? `x1'(${i}) * y1'(${c - i})` : `chunks[${i % 6}]'(${i}) * chunks[${(c - i) % 6}]'(${c - i})`,
      )
    const quotient = `q0'(${c % 16}) * 0x${((e * 7919 + c * 104729) % 65536).toString(16)}`
    lines.push(
      `eq${e}_chunks[${c}] = ${terms.length === 0 ? '0' : terms.join('\n    + ')}\n    - x3'(${c % 16}) + ${quotient};`,
    )
  }
  const written = lines.join('\n').split('\n').length
  const notes = names(Math.max(0, LINES_PER_EQUATION - written)).map(
    (k) => `// step ${k} of the derivation of equation ${e}`,
  )
  return [...notes, ...lines, ''].join('\n')
}

function equationAir(): string {
  return `
airtemplate Equations(const int N = 2**18) {
  const int CLOCKS = 16;
  col fixed CLK_0 = [1, 0:(CLOCKS - 1)]...;
  const expr CLK[CLOCKS];
  for (int i = 0; i < CLOCKS; ++i) { CLK[i] = (i)'CLK_0; }
  col witness bits(16) x1, y1, x2, y2, x3, y3, q0, q1, q2, s;
  col witness bits(1) sel_op[11];
  const expr chunks[6] = [x1, y1, x2, y2, x3, y3];
${names(EQUATIONS)
  .map((e) => `  include "equations/e${e}.pil"`)
  .join('\n')}
  for (int c = 0; c < ${CHUNKS}; c++) {
    expr sum = 0;
${names(EQUATIONS)
  .map((e) => `    sum += sel_op[${e % 11}] * eq${e}_chunks[c];`)
  .join('\n')}
    CLK[c % CLOCKS] * sum === 0;
  }
  for (int i = 0; i < 6; i++) { bus(101, [chunks[i]]); }
}`
}

function machineAir(): string {
  const lines = names(60).map(
    (k) =>
      `  c[${k % 30}] * f[${k % 20}] + c[${(k * 7) % 30}]' - 'c[${(k * 3) % 30}] * ${k} === (1 - f[${(k + 3) % 20}]) * c[${(k * 11) % 30}];`,
  )
  return `
airtemplate Machine(const int N = 2**21, const int w) {
  col witness bits(32) c[w];
  col witness bits(1) f[20];
  for (int i = 0; i < 20; i++) { f[i] * (1 - f[i]) === 0; bus(101, [c[i]], f[i]); }
${lines.join('\n')}
}`
}

const WIDE_AIR = `
airtemplate Wide(const int N = 2**17) {
  col witness bits(1) st[1600];
  col fixed K = [1, 0...];
  for (int i = 0; i < 1600; i++) { st[i] * (1 - st[i]) === 0; }
  const expr C[320];
  for (int x = 0; x < 320; x++) { C[x] = st[x] + st[x + 320] + st[x + 640] + st[x + 960] + st[x + 1280]; }
  for (int i = 0; i < 534; i++) {
    expr acc = 0;
    for (int j = 0; j < 3; j++) { acc += (C[(i * 3 + j) % 320] + C[(i * 3 + j + 319) % 320] + st[(i * 3 + j) % 1600]) * 145 ** j; }
    bus(133, [acc, st[i]', st[i + 1]', st[i + 2]'], K);
  }
}`

const TABLE_AIR = `
airtemplate Table(const int N = 2**22, const int k) {
  col fixed A = [0..255]...;
  col fixed B = [0:256..255:256]...;
  col fixed C, D, E;
  for (int i = 0; i < N; i++) {
    const int a = A[i];
    const int shifted = a << (B[i] & 63);
    switch (a % 4) {
      case 0: C[i] = (a * i + k) & 0xFFFF;
      case 1, 2: C[i] = shifted & 0xFFFFFFFF;
      default: if (shifted & 0x80000000) { C[i] = shifted | 0xFFFFFFFF00000000; } else { C[i] = shifted; }
    }
    D[i] = a > 128 ? (i >> 3) : i % 7;
    E[i] = k;
  }
  col witness m;
  bus(125, [A, B, C, D, E], m);
}`

const BUS = `
function bus(const int id, const expr tuple[], const expr sel = 1) {
  container air.std.bus { int n = 0; const expr s[750]; const expr e[750]; }
  if (!defined(std_alpha)) { challenge stage(2) std_alpha; challenge stage(2) std_gamma; }
  expr acc = 0;
  for (int i = length(tuple) - 1; i >= 0; i--) { acc = (acc + tuple[i]) * std_alpha; }
  air.std.bus.s[air.std.bus.n] = sel;
  air.std.bus.e[air.std.bus.n] = acc + id + std_gamma;
  air.std.bus.n++;
  on final air close();
  on final airgroup close_group();
}
private function close() {
  use air.std.bus;
  airgroupval aggregate(sum) default(0) result;
  col witness stage(2) gsum;
  col fixed air.FIRST = [1, 0...];
  expr sum = 0;
  for (int i = 0; i + 1 < n; i = i + 2) {
    col witness stage(2) im;
    im * e[i] * e[i + 1] === s[i] * e[i + 1] + s[i + 1] * e[i];
    @im_col{reference: im, numerator: s[i] * e[i + 1] + s[i + 1] * e[i], denominator: e[i] * e[i + 1]};
    sum += im;
  }
  gsum - 'gsum * (1 - FIRST) - sum === 0;
  FIRST' * (result - gsum) === 0;
}
private function close_group() { proof.total += result; }
expr total = 0;
`
