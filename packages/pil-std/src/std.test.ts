import { type Air, type AirInstance, airCost, createChecker, LookupCounter, type Pilout } from '@zisk/air'
import { inv, mul, P, sub } from '@zisk/field'
import { describe, expect, test } from 'vitest'
import { compileText, complete, instanceOf } from './example.ts'

/** A program of one air group with the given templates and instances. */
function groupOf(body: string, instances: string, before = ''): Pilout {
  return compileText(`require "std.pil";\n${before}\n${body}\nairgroup G {\n${instances}\n}`)
}

function airNamed(program: Pilout, name: string): Air {
  return program.airGroups.flatMap((group) => group.airs).find((air) => air.name === name)!
}

const BOTH = 'airtemplate A(const int N = 2**3) { col witness x, y, m;'

describe('registry of buses', () => {
  test.each<[string, string, RegExp, string?]>([
    ['a bus that is proved only', 'lookup_proves(7, [x], m);', /bus 7 .*proved and never assumed/],
    ['a bus that is assumed only', 'lookup_assumes(7, [x]);', /bus 7 .*assumed and never proved/],
    [
      'tuples of different length',
      'lookup_assumes(7, [x]); lookup_proves(7, [x, y], m);',
      /tuples of 1 to 1 fields, this one has 2/,
    ],
    [
      'a tuple shorter than declared',
      'lookup_assumes(7, [x]); lookup_proves(7, [x], m);',
      /bus b \(id 7\) has tuples of 2 to 2/,
      'bus(7, "b", 2);',
    ],
    ['two names for one id', '', /id 7 is declared as b .* and as c/, 'bus(7, "b", 2); bus(7, "c", 2);'],
    ['two shapes for one id', '', /declared as b with 2 fields and as b with 3/, 'bus(7, "b", 2); bus(7, "b", 3);'],
    [
      'a declaration after a longer tuple',
      'lookup_assumes(7, [x, y]); bus(7, "b", 1);',
      /a tuple of 2 fields was put on its id 7 before/,
    ],
    ['bus 0, which pads tables', 'lookup_assumes(0, [x]);', /bus id 0/],
    [
      'a selector that is neither 0 nor 1',
      'lookup_assumes(7, [x], 2); lookup_proves(7, [x], m);',
      /a selector is 0 or 1, got 2/,
    ],
    [
      'a bus on sum and product',
      'permutation_assumes(7, [x], bus_type: PIOP_BUS_PROD); permutation_proves(7, [x]);',
      /is on the product and on the sum bus/,
    ],
    ['an unknown bus type', 'permutation_assumes(7, [x], bus_type: 9);', /unknown bus type 9/],
    [
      'a global term on a local bus',
      'direct_global_update_assumes(7, [5], bus_type: PIOP_BUS_LOCAL);',
      /belongs to no instance/,
    ],
    ['an id that is not in its list', 'lookup_assumes_dynamic([7, 8], 9, [x]);', /bus id 9 is not in the list/],
    ['an empty list of ids', 'lookup_assumes_dynamic([], y, [x]);', /1 to 256 bus ids, got 0/],
    ['a connection without columns', 'connection_init(7, []);', /1 to 128 columns, got 0/],
    ['a connection that does not end', 'connection_init(7, [x, y]);', /begun and not ended/],
    ['a frame that does not divide the rows', 'connection_init(7, [x, y], 3);', /divides 8, got 3/],
    [
      'a connected row outside',
      'connection_init(7, [x, y]); connection_update_one_cell(7, [x, 8, y, 0]);',
      /row 8 lies outside of its 8 rows/,
    ],
    [
      'a connected column outside',
      'connection_init(7, [x, y]); connection_update_one_cell(7, [x, 0, m, 0]);',
      /does not have the column/,
    ],
    ['a connection without its fixed columns', 'connection(7, [x, y], [x]);', /got 2 and 1/],
    [
      'a tuple on the table of a range',
      'range_check(x, 0, 15); lookup_proves(2**32, [y], m);',
      /ids from 2\^32 on belong/,
    ],
    ['an id of the library before its range', 'lookup_assumes(2**32, [y]);', /ids from 2\^32 on belong/],
    [
      'a lookup whose selector would be forced under a condition',
      'when (y) { lookup_assumes(7, [x], m); }',
      /inside when/,
    ],
    ['a direct term over columns', 'direct_update_assumes(7, [x]);', /direct term cannot use columns/],
    ['an empty range', 'range_check(x, 5, 5);', /needs min < max/],
    ['a range of more than half the field', 'range_check(x, 0, 2**63);', /more than half/],
    ['one of two ranges without a table', 'multi_range_check(x, 0, 2**20, 0, 1, y);', /it has no table/],
  ])('refuses %s', (_, body, message, before) => {
    expect(() => groupOf(`${BOTH} x * (1 - x) === 0; ${body} }`, 'A();', before)).toThrow(message)
  })

  test('refuses a table of more than 2^18 rows', () => {
    const table = 'airtemplate T(const int N = 2**18 + 1) { col fixed X = [0..2**18]; lookup_proves(7, [X]); }'
    expect(() => groupOf(`${BOTH} lookup_assumes(7, [x]); } ${table}`, 'A(); virtual T();')).toThrow(
      /at most 262144 rows/,
    )
  })

  test('a shorter tuple is allowed where the last fields are optional, and an open bus may stay one-sided', () => {
    const body = 'lookup_assumes(7, [x]); lookup_proves(7, [x, y, 0], m); lookup_assumes(8, [y]);'
    const program = groupOf(`${BOTH} ${body} }`, 'A();', 'bus(7, "b", 3, optional: 2); bus_open(8);')
    const instance = instanceOf(program, { air: 'A' }, { m: Array(8).fill(1n) })
    const failures = createChecker(program).check({ instances: [instance], publics: [], proofValues: [] }).failures
    expect(failures.filter((f) => f.kind === 'bus').map((f) => [f.bus, f.tuple, f.assumed])).toEqual([
      ['bus 8', [], 8n],
    ])
  })
})

describe('cost of the sum bus', () => {
  /** Published shapes: stage-1 and custom columns, terms of degree 1 and 2, cells per row (ZisK v0.18). */
  test.each<[string, number, number, number, number]>([
    ['Main', 38, 8, 3, 68],
    ['Mem', 13, 5, 0, 28],
    ['RomData', 6, 1, 1, 18],
    ['InputData', 9, 6, 0, 27],
    ['MemAlign', 29, 10, 0, 53],
    ['MemAlignByte', 16, 5, 1, 34],
    ['MemAlignReadByte', 10, 3, 1, 25],
    ['MemAlignWriteByte', 14, 5, 1, 32],
    ['Arith', 44, 24, 2, 95],
    ['Binary', 39, 9, 0, 60],
    ['BinaryAdd', 10, 5, 0, 25],
    ['BinaryExtension', 29, 9, 1, 53],
  ])('an AIR of the shape of %s costs what is published, or less', (_, columns, linear, quadratic, published) => {
    // Ours has two linear terms in the running sum, where the published library has room for one.
    const cells = published - (linear % 2 === 0 ? 3 : 0)
    const terms = [
      ...Array.from({ length: linear }, (_, i) => `lookup_assumes(7, [x[${i % columns}], ${i}], sel);`),
      ...Array.from({ length: quadratic }, (_, i) => `lookup_assumes(7, [x[0] * x[1], ${100 + i}], sel);`),
    ]
    const body = `airtemplate A(const int N = 2**3) { col witness x[${columns - 1}], sel; ${terms.join(' ')} }`
    const program = groupOf(body, 'A();', 'bus_open(7);')
    const cost = airCost(program, airNamed(program, 'A'))
    expect(cost).toMatchObject({ cellsPerRow: cells, intermediates: 0, degree: 3 })
    expect(cost.cellsPerRow).toBe(columns + 3 * cost.stage2 + 6)
  })

  test('a custom commit counts its columns', () => {
    const body = `airtemplate Rom(const int N = 2**3) { commit stage(0) public(root) rom; col rom c[11]; col witness m;
      lookup_proves(7, [c[0], c[1], c[10]], m); }`
    const program = groupOf(body, 'Rom();', 'public root[4]; bus_open(7);')
    expect(airCost(program, airNamed(program, 'Rom')).cellsPerRow).toBe(21)
  })
})

describe('range checks', () => {
  const program = groupOf('airtemplate A(const int N = 2**3) { col witness x; range_check(x, 0, 2**32 - 1); }', 'A();')
  const checker = createChecker(program)
  const high = 'std_range_high_0'

  /** Failing buses of a witness in which row 0 holds `x` and the high limb that a forger chose. */
  function forged(x: bigint, limb: bigint): string[] {
    const witness = complete(program, [instanceOf(program, { air: 'A' }, { x: [x] })])
    const instance = witness.instances[0]!
    const column = airNamed(program, 'A').witness.findIndex((c) => c.name === high)
    instance.witness[column]![0] = limb
    // Tables prove whatever is in them: give every tuple in range its multiplicity again.
    const refilled = complete(program, [instance])
    refilled.instances[0]!.witness[column]![0] = limb
    return checker
      .check(refilled, { stage2: false })
      .failures.filter((f) => f.kind === 'bus')
      .map((f) => f.bus)
  }

  test('the honest split holds at both ends', () => {
    expect(forged(0n, 0n)).toEqual([])
    expect(forged(2n ** 32n - 1n, 65535n)).toEqual([])
  })

  test('no choice of the high limb lets a value outside through', () => {
    for (const x of [2n ** 32n, P - 1n, P - 65536n, 1n << 48n])
      for (const low of [0n, 1n, 65535n]) {
        // The limb for which the low part is in its table, whatever that takes in the field.
        const limb = mul(sub(x, low), inv(65536n))
        expect(forged(x, limb), `x = ${x}, low = ${low}`).not.toEqual([])
      }
  })

  test('tables of ranges are shared, and no AIR of them exceeds the height of a part', () => {
    const body = `${BOTH} range_check(x, 0, 65535); range_check(y, 10, 65545); range_check(m, 0, 2**60); range_check(x, 0, 2**18 - 1); }`
    const shared = groupOf(body, 'A();')
    const tables = shared.airGroups[0]!.airs.filter((air) => air.template === 'StdTables')
    expect(tables.map((air) => air.rows)).toEqual([2 ** 13, 2 ** 13])
    const ids = new Set(shared.hints.filter((hint) => hint.name === 'bus').map((hint) => hint.fields['name']))
    // 0..65535 serves three limbs and two checks; 2^60 + 1 values leave 13 bits above three limbs.
    expect([...ids].map((name) => (name as { value: string }).value).sort()).toEqual([
      'range 0..262143',
      'range 0..65535',
      'range 0..8191',
    ])
  })

  test('a range in parts holds its values and no others', () => {
    // Three parts of 2^13 values, and 5424 values more.
    const [min, max] = [-10_000, 19_999]
    const program = groupOf(`${BOTH} range_check(x, ${min}, ${max}); }`, 'A();')
    const checker = createChecker(program)
    const isIn = (value: number): boolean => {
      const x = Array.from({ length: 8 }, () => (BigInt(value) + P) % P)
      return checker.check(complete(program, [instanceOf(program, { air: 'A' }, { x })]), { stage2: false }).ok
    }
    for (let border = min; border <= max; border += 2 ** 13) {
      expect(isIn(border), `${border}`).toBe(true)
      expect(isIn(border - 1), `${border - 1}`).toBe(border > min)
    }
    for (const value of [max, -1, 0]) expect(isIn(value), `${value}`).toBe(true)
    for (const value of [max + 1, max + 2 ** 13, min - 2 ** 13, 2 ** 40]) expect(isIn(value), `${value}`).toBe(false)
  })
})

describe('tables', () => {
  const table = (name: string, rows: number): string =>
    `airtemplate ${name}(const int N = ${rows}) { col fixed X = [0..N - 1]; col fixed Y; for (int i = 0; i < N; i++) { Y[i] = i + 1; } lookup_proves(${rows}, [X, Y]); }`

  test('small tables share an AIR, large ones keep their own', () => {
    const sizes = [10, 100, 1000, 65536]
    const uses = sizes.map((rows) => `lookup_assumes(${rows}, [x, y]);`).join(' ')
    const program = groupOf(
      `${BOTH} ${uses} } ${sizes.map((rows) => table(`T${rows}`, rows)).join(' ')}`,
      `A(); ${sizes.map((rows) => `virtual T${rows}();`).join(' ')}`,
    )
    const tables = program.airGroups[0]!.airs.filter((air) => air.template === 'StdTables')
    expect(tables.map((air) => air.rows).sort((a, b) => a - b)).toEqual([2048, 65536])
    const witness = complete(program, [
      instanceOf(program, { air: 'A' }, { x: [0n, 1n, 2n, 3n, 4n, 5n, 6n, 9n], y: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 10n] }),
    ])
    expect(createChecker(program).check(witness, { stage2: false }).ok).toBe(true)
    witness.instances[0]!.witness[0]![7] = 10n
    witness.instances[0]!.witness[1]![7] = 11n
    // (10, 11) is a row of every table but the first, yet only counted rows balance.
    const failures = createChecker(program).check(complete(program, [witness.instances[0]!]), {
      stage2: false,
    }).failures
    expect(failures.filter((f) => f.kind === 'bus').map((f) => f.bus)).toEqual(['bus 10'])
  })

  test('parts of a table stand side by side and share columns', () => {
    const parts = `airtemplate T(const int N = 2**13) { col fixed X = [0..N - 1]; col fixed Y; for (int i = 0; i < N; i++) { Y[i] = i ^ 5; }
      lookup_proves_part(7, [X, Y], [0, 0]); lookup_proves_part(7, [X, Y], [2**13, 1]); }`
    const program = groupOf(`${BOTH} lookup_assumes(7, [x, y]); } ${parts}`, 'A(); virtual T();')
    const tables = program.airGroups[0]!.airs.filter((air) => air.template === 'StdTables')
    // First row, the two columns of both parts; a multiplicity for each part.
    expect(tables.map(({ rows, fixed, witness }) => [rows, fixed.length, witness.length])).toEqual([[2 ** 13, 3, 3]])
    const checker = createChecker(program)
    const isIn = (x: bigint, y: bigint): boolean => {
      const column = (value: bigint): bigint[] => Array.from({ length: 8 }, () => value)
      const witness = complete(program, [instanceOf(program, { air: 'A' }, { x: column(x), y: column(y) })])
      return checker.check(witness, { stage2: false }).ok
    }
    expect(isIn(6n, 3n)).toBe(true)
    expect(isIn(2n ** 13n + 6n, 4n)).toBe(true)
    // A field of one part does not go with one of another.
    expect(isIn(6n, 4n)).toBe(false)
    expect(isIn(2n ** 13n + 6n, 3n)).toBe(false)
    expect(isIn(2n ** 14n, 5n)).toBe(false)
  })

  test.each([
    [
      'of another height',
      'airtemplate T(const int N = 2**12) { col fixed X = [0..N - 1]; lookup_proves_part(7, [X], [0]); }',
    ],
    [
      'with a shift missing',
      'airtemplate T(const int N = 2**13) { col fixed X = [0..N - 1]; lookup_proves_part(7, [X, X], [0]); }',
    ],
  ])('refuses a part %s', (_, table) => {
    expect(() => groupOf(`${BOTH} lookup_assumes(7, [x]); } ${table}`, 'A(); virtual T();')).toThrow(
      /a part of a table is a virtual AIR of 8192 rows with a shift for every field/,
    )
  })

  test('a run that uses a table in parts needs all AIRs that its parts lie in', () => {
    const airs = [17, 18].map((bits) => {
      return `airtemplate A${bits}(const int N = 2**3) { col witness x; range_check(x, 0, 2**${bits} - 1); }`
    })
    const program = groupOf(airs.join('\n'), 'A17(); A18();')
    const counter = new LookupCounter(program)
    // Sixteen parts of one range and sixteen of the other fill the first AIR; sixteen more are in the second.
    expect(counter.tables).toHaveLength(2)
    expect([...counter.tablesOf(0, 0)]).toEqual([0])
    expect([...counter.tablesOf(0, 1)]).toEqual([0, 1])
  })

  test('air groups share buses and tables', () => {
    const body = `${BOTH} range_check(x, 0, 255); lookup_proves(7, [x], m); } airtemplate B(const int N = 2**3) { col witness x; range_check(x, 0, 255); lookup_assumes(7, [x]); }`
    const program = compileText(`require "std.pil";\n${body}\nairgroup G { A(); }\nairgroup H { B(); }`)
    expect(program.airGroups.map((group) => group.airs.length)).toEqual([2, 1])
    const x = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 255n]
    const a = instanceOf(program, { air: 'A' }, { x, m: x.map(() => 1n) })
    const witness = complete(program, [a, instanceOf(program, { air: 'B' }, { x })])
    expect(createChecker(program).check(witness, { stage2: true }).ok).toBe(true)
    a.witness[2]![0] = 2n
    expect(
      createChecker(program)
        .check(witness, { stage2: true })
        .failures.map((f) => f.kind),
    ).toEqual(['bus', 'sum', 'global'])
  })
})

describe('selectors', () => {
  test('a fractional selector that would balance is reported', () => {
    const program = groupOf(`${BOTH} col witness sel; lookup_assumes(7, [x], sel); lookup_proves(7, [x], m); }`, 'A();')
    const half = inv(2n)
    const witness = complete(program, [instanceOf(program, { air: 'A' }, { x: [5n, 5n], sel: [half, half], m: [1n] })])
    const report = createChecker(program).check(witness)
    expect(report.failures.map((f) => (f.kind === 'constraint' ? `${f.row} ${f.label}` : f.kind))).toEqual([
      '0 sel * (1 - sel) === 0',
      '1 sel * (1 - sel) === 0',
    ])
  })

  test('a switch of a global term is forced to 0 or 1, even where no instance is', () => {
    // With switch 2 two timelines of a memory region would open.
    const program = groupOf(
      'airtemplate A(const int N = 2**3) { airval x; direct_update_assumes(7, [x]); direct_global_update_proves(7, [5], enable); direct_global_update_proves(7, [5], enable); }',
      'A();',
      'proofval enable;',
    )
    const checker = createChecker(program)
    const check = (enable: bigint, segments: number) => {
      const instances = Array.from({ length: segments }, (_, segment) => instanceOf(program, { air: 'A', segment }, {}))
      for (const instance of instances) instance.airValues[0] = 5n
      const report = checker.check({ instances, publics: [], proofValues: [enable] })
      return report.failures.map((failure) => (failure.kind === 'global' ? failure.label : failure.kind))
    }
    expect(check(1n, 2)).toEqual([])
    expect(check(0n, 0)).toEqual([])
    expect(check(2n, 4)).toEqual(['global_selectors[i] * (1 - global_selectors[i]) === 0'])
    expect(check(inv(2n), 1)).toEqual(['global_selectors[i] * (1 - global_selectors[i]) === 0'])
  })

  test('each selector is constrained once', () => {
    const program = groupOf(
      `${BOTH} lookup_assumes(7, [x], m); lookup_assumes(7, [y], m); permutation_proves(7, [x], m); }`,
      'A();',
    )
    const labels = airNamed(program, 'A').constraints.map((c) => c.label)
    expect(labels.filter((label) => label === 'sel * (1 - sel) === 0').length).toBe(1)
  })
})

describe('computed bus ids', () => {
  const ranges = 'const int r = range_bus(0, 15); const int s = range_bus(0, 255); range_check(y, 0, 255);'
  const reports = (program: Pilout, columns: Readonly<Record<string, readonly bigint[]>>) => {
    const witness = complete(program, [instanceOf(program, { air: 'A' }, columns)])
    return createChecker(program)
      .check(witness, { sums: true, stage2: true })
      .failures.map((failure) =>
        failure.kind === 'id'
          ? `row ${failure.row} id ${failure.id}`
          : 'label' in failure
            ? failure.label
            : failure.kind,
      )
  }
  const eight = (value: bigint): bigint[] => Array.from({ length: 8 }, () => value)
  const base = 2n ** 32n

  test('the list is forced: neither the padding of tables nor another range can be named', () => {
    const program = groupOf(`${BOTH} ${ranges} dynamic_range_check([r], m, x); }`, 'A();')
    const listed = 'id_is_listed === 0'
    expect(reports(program, { x: eight(15n), m: eight(base) })).toEqual([])
    const pad = reports(program, { x: [...eight(15n).slice(1), 0n], m: [...eight(base).slice(1), 0n] })
    // The padding of the table says that it has been used.
    expect(pad).toEqual([listed, 'row 7 id 0', 'row 272 id 0'])
    const other = reports(program, { x: [...eight(15n).slice(1), 200n], m: [...eight(base).slice(1), base + 1n] })
    expect(other).toEqual([listed, `row 7 id ${base + 1n}`])
  })

  test('without the constraint the buses balance under a foreign id: the checker still reports it', () => {
    const program = groupOf(`${BOTH} ${ranges} dynamic_range_check([r], m, x, id_is_checked: 1); }`, 'A();')
    const pad = { x: [...eight(15n).slice(1), 0n], m: [...eight(base).slice(1), 0n] }
    expect(reports(program, pad)).toEqual(['row 7 id 0', 'row 272 id 0'])
  })

  test('a long list is a table, and selected rows alone are held to it', () => {
    const program = groupOf(
      `${BOTH} col witness sel; const int ids[4] = [range_bus(0, 3), range_bus(0, 7), range_bus(0, 15), range_bus(0, 31)];
       range_check(y, 0, 255); dynamic_range_check(ids, m, x, sel); }`,
      'A();',
    )
    const labels = airNamed(program, 'A').constraints.map(({ label }) => label)
    expect(labels).not.toContain('id_is_listed === 0')
    const sel = [1n, 1n, 1n, 1n, 1n, 1n, 1n, 0n]
    const m = [base, base + 1n, base + 2n, base + 3n, base, base, base, 12345n]
    expect(reports(program, { x: [3n, 7n, 15n, 31n, 0n, 1n, 2n, 99n], m, sel })).toEqual([])
    // The byte range exists, but is not in the list.
    const forged = reports(program, { x: eight(3n), m: [base + 4n, ...m.slice(1)], sel })
    expect(forged).toContain(`row 0 id ${base + 4n}`)
    expect(forged).toContain('bus')
  })

  test('opposite multiplicities cannot cancel a foreign id', () => {
    const body = `${BOTH} bus(7, "b", 1); lookup_dynamic([7, 8, 9], y, [x], m); }`
    const program = groupOf(body, 'A();', 'bus_open(7); bus_open(8); bus_open(9);')
    const found = reports(program, { x: [5n, 5n], y: [4n, 4n, 7n, 7n, 7n, 7n, 7n, 7n], m: [1n, P - 1n] })
    expect(found).toContain('bus')
    expect(found).toContain('row 0 id 4')
  })

  test('a bus term with a computed id and no list is no program', () => {
    const text =
      'airtemplate A(const int N = 8) { col witness x; @bus_term{name: "b", side: "free", scope: "row", id: x, multiplicity: 1, tuple: [x]}; x === x; } airgroup G { A(); }'
    const program = compileText(text)
    const witness = { instances: [instanceOf(program, { air: 'A' }, {})], publics: [], proofValues: [] }
    expect(() => createChecker(program).check(witness)).toThrow(/ids must be an array/)
  })
})

describe('product bus', () => {
  const columns = { x: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n], y: [8n, 7n, 6n, 5n, 4n, 3n, 2n, 1n] }
  const check = (program: Pilout, instances: AirInstance[]) =>
    createChecker(program)
      .check({ instances, publics: [], proofValues: [] }, { sums: true, stage2: true })
      .failures.map((failure) => failure.kind)

  test('costs half of the sum for a permutation without selectors', () => {
    const pairs = 4
    const cells = (bus: string) => {
      const body = Array.from(
        { length: pairs },
        (_, i) =>
          `permutation_assumes(${i + 1}, [x, ${i}], bus_type: ${bus}); permutation_proves(${i + 1}, [y, ${i}], bus_type: ${bus});`,
      )
      const program = groupOf(`${BOTH} ${body.join(' ')} x * m === 0; }`, 'A();')
      const cost = airCost(program, airNamed(program, 'A'))
      expect(cost.intermediates).toBe(0)
      return cost.stage2
    }
    expect([cells('PIOP_BUS_SUM'), cells('PIOP_BUS_PROD')]).toEqual([4, 1 + 2])
  })

  test('factors of every degree, and selectors of either sign', () => {
    const program = groupOf(
      `${BOTH} permutation(7, [x], m, bus_type: PIOP_BUS_PROD); permutation_assumes(7, [x * y], y, bus_type: PIOP_BUS_PROD);
       permutation_proves(7, [x * x], y, bus_type: PIOP_BUS_PROD); }`,
      'A();',
    )
    const selected = { x: [5n, 5n, 1n, 0n], y: [0n, 0n, 1n, 1n], m: [1n, P - 1n] }
    expect(check(program, [instanceOf(program, { air: 'A' }, selected)])).toEqual([])
    const alone = { ...selected, m: [1n] }
    expect(check(program, [instanceOf(program, { air: 'A' }, alone)])).toEqual(['bus', 'sum', 'global'])
  })

  test('of the run: instances balance against each other', () => {
    const program = groupOf(
      'airtemplate A(const int N = 2**3) { col witness x; permutation_assumes(7, [x], bus_type: PIOP_BUS_PROD); } airtemplate B(const int N = 2**3) { col witness y; permutation_proves(7, [y], bus_type: PIOP_BUS_PROD); }',
      'A(); B();',
    )
    const instances = [
      instanceOf(program, { air: 'A' }, { x: columns.x }),
      instanceOf(program, { air: 'B' }, { y: columns.y }),
    ]
    expect(check(program, instances)).toEqual([])
    expect(check(program, instances.slice(0, 1))).toContain('global')
    instances[1]!.witness[0]![3] = 9n
    expect(check(program, instances)).toEqual(['bus', 'bus', 'sum', 'global'])
  })

  test('local: one instance does not balance another', () => {
    const program = groupOf(
      `${BOTH} permutation_assumes(7, [x], bus_type: PIOP_BUS_LOCAL); permutation_proves(7, [y], bus_type: PIOP_BUS_LOCAL); x * m === 0; }`,
      'A();',
    )
    const segment = (index: number, x: readonly bigint[], y: readonly bigint[]) =>
      instanceOf(program, { air: 'A', segment: index }, { x, y })
    const ones = columns.x.map(() => 1n)
    expect(check(program, [segment(0, columns.x, columns.y), segment(1, ones, ones)])).toEqual([])
    const crossed = check(program, [segment(0, columns.x, ones), segment(1, ones, columns.y)])
    expect(crossed.filter((kind) => kind === 'constraint').length).toBe(2)
    expect(crossed.filter((kind) => kind === 'sum').length).toBe(2)
    expect(crossed).toContain('bus')
  })
})

describe('connections', () => {
  const CELLS = `connection_init(7, [x, y, m]); connection_update_one_cell(7, [x, 1, y, 2]);
    connection_update_one_cell_batch(7, [[y, 2, m, 3], [x, 1, m, 3]]);
    connection_update_multiple_cells(7, [m, 5, m, 6, m, 7, y, 0]); connection_connect(7);`
  const failures = (body: string, cells: Readonly<Record<string, readonly bigint[]>>) => {
    const program = groupOf(`${BOTH} ${body} }`, 'A();')
    const instances = [instanceOf(program, { air: 'A' }, cells)]
    return createChecker(program)
      .check({ instances, publics: [], proofValues: [] })
      .failures.map(({ kind }) => kind)
  }
  const honest = {
    x: [10n, 5n, 12n, 13n, 14n, 15n, 16n, 17n],
    y: [9n, 21n, 5n, 23n, 24n, 25n, 26n, 27n],
    m: [30n, 31n, 32n, 5n, 34n, 9n, 9n, 9n],
  }

  test('hold for equal cells, in any order and however often they are connected', () => {
    expect(failures(CELLS, honest)).toEqual([])
  })

  test.each([
    ['x', 1],
    ['y', 2],
    ['m', 3],
    ['m', 5],
    ['m', 6],
    ['m', 7],
    ['y', 0],
  ] as const)('report cell %s[%i], and none that is connected to nothing', (column, row) => {
    const changed = { ...honest, [column]: honest[column].with(row, 77n) }
    expect(failures(CELLS, changed)).toContain('bus')
    expect(failures(CELLS, { ...honest, x: honest.x.with(4, 77n) })).toEqual([])
  })

  test('repeat over frames', () => {
    const body =
      'connection_init(7, [x, y], 4); connection_update_one_cell(7, [x, 1, y, 2]); connection_connect(7); x * m === x * m;'
    const cells = { x: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n], y: [0n, 0n, 2n, 0n, 0n, 0n, 6n, 0n] }
    expect(failures(body, cells)).toEqual([])
    expect(failures(body, { ...cells, y: cells.y.with(6, 7n) })).toContain('bus')
  })
})
