/** Small programs in the text format of WebAssembly, each about one thing that a translation can get wrong. */

/** Values of the text format for `emit`: i64; `i`, `f` and `d` emit an i32, an f32's and an f64's bits. */
export interface CorpusCase {
  readonly name: string
  /** Instructions of a function without parameters and results; it may declare locals. */
  readonly body: string
  /** The trap that ends it; Node has to agree. */
  readonly trap?: string
}

const PAGE = 65_536
const OUT_OF_BOUNDS = 'memory access out of bounds'

const LOADS: readonly (readonly [name: string, type: string, bytes: number])[] = [
  ['i32.load', 'i', 4],
  ['i64.load', 'l', 8],
  ['f32.load', 'f', 4],
  ['f64.load', 'd', 8],
  ['i32.load8_s', 'i', 1],
  ['i32.load8_u', 'i', 1],
  ['i32.load16_s', 'i', 2],
  ['i32.load16_u', 'i', 2],
  ['i64.load8_s', 'l', 1],
  ['i64.load8_u', 'l', 1],
  ['i64.load16_s', 'l', 2],
  ['i64.load16_u', 'l', 2],
  ['i64.load32_s', 'l', 4],
  ['i64.load32_u', 'l', 4],
]
const STORES: readonly (readonly [name: string, value: string, bytes: number])[] = [
  ['i32.store', '(i32.const 0x89abcdef)', 4],
  ['i64.store', '(i64.const 0x89abcdef01234567)', 8],
  ['f32.store', '(f32.const -nan:0x234567)', 4],
  ['f64.store', '(f64.const -nan:0x4567890abcdef)', 8],
  ['i32.store8', '(i32.const 0x89abcdef)', 1],
  ['i32.store16', '(i32.const 0x89abcdef)', 2],
  ['i64.store8', '(i64.const 0x89abcdef01234567)', 1],
  ['i64.store16', '(i64.const 0x89abcdef01234567)', 2],
  ['i64.store32', '(i64.const 0x89abcdef01234567)', 4],
]
const emit = (type: string, value: string): string => `(call $${type} ${value})`

/** Where an access of some bytes just fits into a memory of one page, and where it does not: address and offset. */
const fits = (bytes: number): [string, number][] => [
  ['4096', 0],
  ['4097', 0],
  ['4000', 99],
  [`${PAGE - bytes}`, 0],
  ['0', PAGE - bytes],
  ['1', PAGE - bytes - 1],
]
const fails = (bytes: number): [string, number][] => [
  [`${PAGE - bytes + 1}`, 0],
  ['1', PAGE - bytes],
  ['0', PAGE],
  ['-1', 0],
  [`-${bytes}`, bytes],
  ['0x80000000', 0],
  ['0x7fffffff', 0],
  ['0', 0xffff_ffff],
  ['-1', 0xffff_ffff],
]

const ACCESSES: readonly CorpusCase[] = [
  ...LOADS.flatMap(([name, type, bytes]) => {
    const load = ([address, offset]: [string, number]): string =>
      emit(type, `(${name} offset=${offset} (i32.const ${address}))`)
    return [
      { name: `${name}: where it fits`, body: `(call $pattern) ${fits(bytes).map(load).join(' ')}` },
      ...fails(bytes).map((at) => ({ name: `${name} at ${at}`, body: load(at), trap: OUT_OF_BOUNDS })),
    ]
  }),
  ...STORES.flatMap(([name, value, bytes]) => {
    const store = ([address, offset]: [string, number]): string =>
      `(${name} offset=${offset} (i32.const ${address}) ${value})`
    const look = '(call $hash (i32.const 4000) (i32.const 300)) (call $hash (i32.const 65500) (i32.const 36))'
    return [
      {
        name: `${name}: where it fits`,
        body: `(call $pattern) ${fits(bytes)
          .filter(([address]) => address !== '0')
          .map((at) => `${store(at)} ${look}`)
          .join(' ')}`,
      },
      ...fails(bytes).map((at) => ({ name: `${name} at ${at}`, body: store(at), trap: OUT_OF_BOUNDS })),
    ]
  }),
]

const at = (...numbers: (number | string)[]): string => numbers.map((value) => `(i32.const ${value})`).join(' ')
const lookAtPattern = '(call $hash (i32.const 4000) (i32.const 400))'
const LENGTHS = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 64, 65]

const BULK: readonly CorpusCase[] = [
  ...[0, 1, 3, 4, 7, 8, 9, 16, 31].map((distance) => ({
    name: `memory.copy, ${distance} bytes apart`,
    body: LENGTHS.flatMap((length) => [
      `(call $pattern) (memory.copy ${at(4100 + distance, 4100, length)}) ${lookAtPattern}`,
      `(memory.copy ${at(4101, 4101 + distance, length)}) ${lookAtPattern}`,
    ]).join(' '),
  })),
  ...[0, 1, 5].map((misaligned) => ({
    name: `memory.fill at 4096 + ${misaligned}`,
    body: LENGTHS.map(
      (length) => `(call $pattern) (memory.fill ${at(4096 + misaligned, 0x1a5, length)}) ${lookAtPattern}`,
    ).join(' '),
  })),
  {
    name: 'memory.init',
    body: LENGTHS.filter((length) => length <= 20)
      .map((length) => `(call $pattern) (memory.init $passive ${at(4103, 20 - length, length)}) ${lookAtPattern}`)
      .join(' '),
  },
  {
    name: 'nothing, at the edge',
    body: `(memory.copy ${at(PAGE, 0, 0)}) (memory.copy ${at(0, PAGE, 0)}) (memory.fill ${at(PAGE, 1, 0)})
      (memory.init $passive ${at(PAGE, 20, 0)}) (memory.init $active ${at(0, 0, 0)})`,
  },
  {
    name: 'all of the memory, and back',
    body: `(call $pattern) (memory.copy ${at(8192, 4000, 400)}) (memory.copy ${at(32768, 4096, 32768)})
      (call $hash (i32.const 4000) (i32.const 61536)) (memory.fill ${at(8192, 0, PAGE - 8192)})`,
  },
  ...[
    ['memory.copy to the end', `(memory.copy ${at(PAGE - 3, 4096, 4)})`],
    ['memory.copy from the end', `(memory.copy ${at(4096, PAGE - 3, 4)})`],
    ['memory.copy of nothing behind the end', `(memory.copy ${at(PAGE + 1, 0, 0)})`],
    ['memory.copy of nothing from behind the end', `(memory.copy ${at(0, PAGE + 1, 0)})`],
    ['memory.copy of all addresses', `(memory.copy ${at(0, 0, -1)})`],
    ['memory.copy around the end of addresses', `(memory.copy ${at(4096, -8, 16)})`],
    ['memory.fill to the end', `(memory.fill ${at(PAGE - 3, 0, 4)})`],
    ['memory.fill of nothing behind the end', `(memory.fill ${at(PAGE + 1, 0, 0)})`],
    ['memory.fill around the end of addresses', `(memory.fill ${at(-1, 0, 2)})`],
    ['memory.init behind the segment', `(memory.init $passive ${at(4096, 1, 20)})`],
    ['memory.init of nothing behind the segment', `(memory.init $passive ${at(4096, 21, 0)})`],
    ['memory.init to the end', `(memory.init $passive ${at(PAGE - 3, 0, 4)})`],
    ['memory.init around', `(memory.init $passive ${at(4096, -1, 2)})`],
    ['memory.init from an active segment', `(memory.init $active ${at(4096, 0, 1)})`],
    ['memory.init from a dropped segment', `(data.drop $passive) (memory.init $passive ${at(4096, 0, 1)})`],
  ].map(([name, body]) => ({ name: name!, body: body!, trap: OUT_OF_BOUNDS })),
]

const GROWTH: readonly CorpusCase[] = [
  {
    name: 'memory.grow',
    body: [0, 1, 0, -1, 65_536, 4, 1]
      .map((pages) => `${emit('i', `(memory.grow (i32.const ${pages}))`)} ${emit('i', '(memory.size)')}`)
      .join(' '),
  },
  {
    name: 'what has grown is 0 and can be used',
    body: `(local $end i32) (local.set $end (i32.shl (memory.size) (i32.const 16)))
      (call $hash (i32.sub (local.get $end) (i32.const 1000)) (i32.const 1000))
      (i64.store (i32.sub (local.get $end) (i32.const 8)) (i64.const -2))
      ${emit('l', '(i64.load offset=65528 (i32.sub (local.get $end) (i32.const 65536)))')}`,
  },
  ...['i32.load8_u', 'i64.load'].map((name) => ({
    name: `${name} behind what has grown`,
    body: `(drop (memory.grow (i32.const 1)))
      (drop (${name} (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const ${name === 'i64.load' ? 7 : 0}))))`,
    trap: OUT_OF_BOUNDS,
  })),
  {
    name: 'memory.fill behind what has grown',
    body: `(drop (memory.grow (i32.const 1)))
      (memory.fill (i32.shl (memory.size) (i32.const 16)) (i32.const 0) (i32.const 1))`,
    trap: OUT_OF_BOUNDS,
  },
]

const CONTROL: readonly CorpusCase[] = [
  {
    name: 'br_table with and without values',
    body: [-1, 0, 1, 2, 3, 4, 5, 6, 0x7fffffff]
      .map((index) => `(call $switch (i32.const ${index})) (call $switchValue (i32.const ${index}))`)
      .join(' '),
  },
  {
    name: 'a branch over three blocks leaves the values of the outermost one',
    body: `(local $i i32)
      (call $i (block (result i32) (i32.const 1)
        (block (result i32) (i32.const 2) (block (result i32) (i32.const 3)
          (br 2 (i32.const 99)) (drop) (drop) (unreachable)) (drop) (drop) (unreachable)) (drop) (drop) (unreachable)))
      (call $i (i32.add (i32.const 1000) (block (result i32) (i32.const 5) (i32.const 6)
        (br_if 0 (i32.const 7) (i32.const 1)) (drop) (drop))))
      (call $i (i32.add (i32.const 1000) (block (result i32) (i32.const 5) (i32.const 6)
        (br_if 0 (i32.const 7) (i32.const 0)) (i32.add) (i32.add))))`,
  },
  {
    name: 'blocks with parameters and several results',
    body: `(local $x i32) (local $y i64) (local $m i32) (local $n i32)
      (i32.const 7) (i64.const 9)
      (block (param i32 i64) (result i64 i32) (local.set $y) (local.set $x) (local.get $y) (local.get $x))
      (call $i) (call $l)
      (i32.const 5) (i32.const 1)
      (loop $again (param i32 i32) (result i32)
        (local.set $n) (local.set $m) (local.get $m)
        (local.tee $n (i32.add (local.get $n) (i32.const 3))) (i32.lt_u (local.get $n) (i32.const 40))
        (br_if $again) (i32.mul))
      (call $i)
      (i32.const 8) (if (param i32) (result i32) (i32.const 0) (then (i32.const 1) (i32.add)))
      (call $i)
      (i32.const 8) (if (param i32) (result i32) (i32.const 1) (then (i32.const 1) (i32.add)) (else (i32.const 2) (i32.mul)))
      (call $i)`,
  },
  {
    name: 'ifs with and without else',
    body: [0, 1, 2]
      .map(
        (c) => `(call $i (if (result i32) (i32.const ${c}) (then (i32.const 10)) (else (i32.const 20))))
        (if (i32.const ${c}) (then (call $i (i32.const 30))))
        (if (i32.const ${c}) (then) (else (call $i (i32.const 40))))
        (block $out (if (i32.const ${c}) (then (br $out)) (else (call $i (i32.const 50)))) (call $i (i32.const 60)))
        (call $i (if (result i32) (i32.const ${c}) (then (i32.const 1) (br 0) (unreachable)) (else (i32.const 2))))`,
      )
      .join(' '),
  },
  {
    name: 'what cannot be reached',
    body: `(block (br 0) (i32.add) (drop) (if (then (nop)) (else (i64.const 1) (drop))) (loop (br 0)))
      (block (br_table 0 0 (i32.const 1)) (call_indirect (type $case) (i32.const 0)) (f64.const 1) (drop))
      (block (return) (memory.fill) (br_table 0 (i32.const 1)) (select (result i32)) (drop))`,
  },
  {
    name: 'operands are taken from left to right',
    body: `(call $i (i32.sub (call $next) (i32.mul (call $next) (call $next))))
      (call $i (i32.sub (global.get $counter) (call $next)))
      (call $i (i32.add (global.get $counter) (block (result i32) (drop (call $next)) (global.get $counter))))
      (call $i (select (call $next) (call $next) (i32.and (call $next) (i32.const 1))))
      (i32.store (call $place) (i32.load (call $place))) (call $i (i32.load (i32.const 4096)))`,
  },
  {
    name: 'a local keeps what was taken from it before',
    body: `(local $a i32) (local $b i64) (local.set $a (i32.const 5))
      (call $i (i32.sub (local.get $a) (local.tee $a (i32.const 3)))) (call $i (local.get $a))
      (call $l (i64.sub (local.get $b) (local.tee $b (i64.extend_i32_s (i32.const -3)))))`,
  },
  { name: 'unreachable', body: '(unreachable)', trap: 'unreachable' },
  {
    name: 'unreachable in a block with a result',
    body: '(call $i (block (result i32) (unreachable)))',
    trap: 'unreachable',
  },
]

const CALLS: readonly CorpusCase[] = [
  {
    name: 'many parameters of all types',
    body: `(call $many ${Array.from({ length: 6 }, (_, i) => `(i32.const ${-i}) (i64.const ${-i * 3}) (f32.const ${i}.25) (f64.const -${i}.125)`).join(' ')})`,
  },
  { name: 'recursion', body: '(call $i (call $fib (i32.const 18))) (call $i (call $even (i32.const 1001)))' },
  {
    name: 'calls through the table',
    body: '(call $i (call_indirect (type $unary) (i32.const 20) (global.get $tableAt)))',
  },
  {
    name: 'an empty entry of the table',
    body: '(call_indirect (type $case) (i32.add (global.get $tableAt) (i32.const 3)))',
    trap: 'null function or function signature mismatch',
  },
  {
    name: 'a function of another type',
    body: '(call_indirect (type $case) (global.get $tableAt))',
    trap: 'null function or function signature mismatch',
  },
  ...['(i32.add (global.get $tableAt) (i32.const 4))', '(i32.const -1)', '(i32.const 0x80000000)'].map((index) => ({
    name: `an entry outside the table, ${index}`,
    body: `(call_indirect (type $case) ${index})`,
    trap: 'table index is out of bounds',
  })),
]

const VALUES: readonly CorpusCase[] = [
  {
    name: 'globals of all types',
    body: `(call $i (global.get $gi)) (call $l (global.get $gl)) (call $f (global.get $gf)) (call $d (global.get $gd))
      (global.set $gi (i32.const -7)) (global.set $gl (i64.const -8)) (global.set $gf (f32.const -0)) (global.set $gd (f64.const -inf))
      (call $i (global.get $gi)) (call $l (global.get $gl)) (call $f (global.get $gf)) (call $d (global.get $gd))`,
  },
  {
    name: 'bits of a NaN survive being moved',
    body: ['0x7fa00001', '0xffc12345', '0xff800001', '0x7fc00000']
      .map(
        (bits) => `(call $f (call $sameF (f32.reinterpret_i32 (i32.const ${bits}))))
        (f32.store (i32.const 4100) (f32.reinterpret_i32 (i32.const ${bits}))) (call $f (f32.load (i32.const 4100)))
        (call $f (f32.neg (f32.reinterpret_i32 (i32.const ${bits})))) (call $f (f32.abs (f32.reinterpret_i32 (i32.const ${bits}))))
        (call $f (f32.copysign (f32.reinterpret_i32 (i32.const ${bits})) (f32.const -1)))
        (call $f (f32.copysign (f32.const 2) (f32.reinterpret_i32 (i32.const ${bits}))))`,
      )
      .join(' ')
      .concat(
        ...['0x7ff4000000000001', '0xfff8000012345678', '0xfff0000000000001'].map(
          (bits) => `(call $d (call $sameD (f64.reinterpret_i64 (i64.const ${bits}))))
        (f64.store (i32.const 4101) (f64.reinterpret_i64 (i64.const ${bits}))) (call $d (f64.load (i32.const 4101)))
        (call $d (f64.neg (f64.reinterpret_i64 (i64.const ${bits})))) (call $d (f64.abs (f64.reinterpret_i64 (i64.const ${bits}))))
        (call $d (f64.copysign (f64.const 2) (f64.reinterpret_i64 (i64.const ${bits}))))`,
        ),
      ),
  },
  {
    name: 'select',
    body: [0, 1, -1, 256]
      .map(
        (c) => `(call $i (select (i32.const 1) (i32.const 2) (i32.const ${c})))
        (call $l (select (i64.const 1) (i64.const 2) (i32.const ${c}))) (call $d (select (f64.const 1) (f64.const -0) (i32.const ${c})))
        (call $f (select (result f32) (f32.const 1) (f32.const -0) (i32.const ${c})))`,
      )
      .join(' '),
  },
]

/** Growth comes last: what stands behind it would meet a larger memory. */
export const CORPUS: readonly CorpusCase[] = [...CONTROL, ...CALLS, ...VALUES, ...ACCESSES, ...BULK, ...GROWTH]

/** What runs out of stack; a module of its own, since it takes much code. */
export const STACK_CORPUS: readonly CorpusCase[] = [
  { name: 'recursion that is deep', body: '(call $l (call $sum (i64.const 2000)))' },
  ...[
    ['a function that calls itself', '(drop (call $deep (i32.const 1)))'],
    ['two functions that call each other', '(drop (call $ping (i32.const 1)))'],
    ['through the table', '(drop (call $deepIndirect (i32.const 1)))'],
    ['with many values at hand', '(drop (call $wide (i64.const 1)))'],
    ['with a chain of other calls at the end', '(drop (call $chained (i64.const 1)))'],
  ].map(([name, body]) => ({
    name: `endless recursion, ${name}`,
    body: body!,
    trap: 'Maximum call stack size exceeded',
  })),
]

const LETTERS = { i: 'i32', l: 'i64', f: 'f32', d: 'f64' } as const
const emitters = `
  (func $l (param i64) (i64.store (i32.const 0) (local.get 0)) (call $write (i32.const 0) (i32.const 8)))
  (func $i (param i32) (call $l (i64.extend_i32_u (local.get 0))))
  (func $f (param f32) (call $i (i32.reinterpret_f32 (local.get 0))))
  (func $d (param f64) (call $l (i64.reinterpret_f64 (local.get 0))))
  (func $hash (param $at i32) (param $n i32) (local $hash i64)
    (block $done (loop $next
      (br_if $done (i32.eqz (local.get $n)))
      (local.set $hash (i64.add (i64.mul (local.get $hash) (i64.const 0x100000001b3)) (i64.load8_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br $next)))
    (call $l (local.get $hash)))
  (func $pattern (local $i i32)
    (loop $next
      (i32.store8 offset=4000 (local.get $i) (i32.add (i32.mul (local.get $i) (i32.const 151)) (i32.const 0x87)))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 400))))
    (i64.store (i32.const 65528) (i64.const 0xf1e2d3c4b5a69788)))
  (func $next (result i32)
    (global.set $counter (i32.add (global.get $counter) (i32.const 1))) (global.get $counter))
  (func $place (result i32) (i32.add (i32.const 4096) (i32.shl (i32.and (call $next) (i32.const 1)) (i32.const 2))))`

const callees = `
  (func $switch (param i32)
    (block $a (block $b (block $c (block $d (br_table $a $b $c $b $a $d (local.get 0)))
      (call $i (i32.const 4)) (return)) (call $i (i32.const 3)) (br $a)) (call $i (i32.const 2)))
    (call $i (i32.const 1)))
  (func $switchValue (param i32)
    (call $i (block $a (result i32) (i32.const 1) (i32.const 2)
      (call $i (block $b (result i32) (i32.const 3) (br_table $a $b $a $b (i32.const 77) (local.get 0))))
      (i32.add))))
  (func $many (param ${'i32 i64 f32 f64 '.repeat(6)})
    ${Array.from({ length: 24 }, (_, i) => `(call $${'ilfd'[i % 4]} (local.get ${i}))`).join(' ')})
  (func $fib (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
      (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func $even (param i32) (result i32)
    (if (result i32) (local.get 0) (then (call $odd (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 1))))
  (func $odd (param i32) (result i32)
    (if (result i32) (local.get 0) (then (call $even (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0))))
  (func $sameF (param f32) (result f32) (local.get 0))
  (func $sameD (param f64) (result f64) (local.get 0))`

const CHAIN = Array.from({ length: 14 }, (_, n) => n)
const deepCallees = `
  (func $sum (param i64) (result i64)
    (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 0))
      (else (i64.xor (i64.mul (call $sum (i64.sub (local.get 0) (i64.const 1))) (i64.const 31)) (local.get 0)))))
  (func $deep (param i32) (result i32) (i32.xor (i32.mul (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.const 31)) (local.get 0)))
  (func $ping (param i32) (result i32) (i32.xor (i32.mul (call $pong (i32.add (local.get 0) (i32.const 1))) (i32.const 31)) (local.get 0)))
  (func $pong (param i32) (result i32) (i32.xor (i32.mul (call $ping (i32.add (local.get 0) (i32.const 3))) (i32.const 37)) (local.get 0)))
  (func $deepIndirect (type $unary) (i32.xor (i32.mul
    (call_indirect (type $unary) (i32.add (local.get 0) (i32.const 1)) (i32.add (global.get $tableAt) (i32.const 2))) (i32.const 31)) (local.get 0)))
  (func $wide (param i64) (result i64) (local ${'i64 '.repeat(200)})
    ${Array.from({ length: 200 }, (_, i) => `(local.set ${i + 1} (i64.add (i64.rotl (local.get ${i}) (i64.const 13)) (i64.const ${i * i + 3})))`).join(' ')}
    (call $wide (i64.add (local.get 200) (i64.const 1)))
    ${Array.from({ length: 200 }, (_, i) => `(local.get ${i + 1}) (i64.xor)`).join(' ')})
  (func $clean (local $at i32) (local.set $at (i32.const 32768))
    (loop $next (if (i64.ne (i64.load (local.get $at)) (i64.const 0)) (then (unreachable)))
      (br_if $next (i32.ne (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const 65536)))))
  (func $chained (param i64) (result i64)
    (i64.xor
      (if (result i64) (i64.eqz (i64.and (local.get 0) (i64.const 63))) 
        (then (call $chain0 (local.get 0)) (call $clean)) (else (i64.const 1)))
      (i64.mul (call $chained (i64.add (local.get 0) (i64.const 1))) (i64.const 7))))
  ${CHAIN.map(chainLink).join('\n')}`

/** A function with many values alive over its call of the next one: together more than the stack's reserve. */
function chainLink(n: number): string {
  const count = 400
  const values = Array.from({ length: count }, (_, i) => i)
  const inner = n + 1 < CHAIN.length ? `(call $chain${n + 1} (local.get ${count}))` : `(local.get ${count})`
  return `(func $chain${n} (param i64) (result i64) (local ${'i64 '.repeat(count)})
    ${values.map((i) => `(local.set ${i + 1} (i64.add (i64.rotl (local.get ${i}) (i64.const 13)) (i64.const ${i * i + 3})))`).join(' ')}
    ${inner} ${values.map((i) => `(local.get ${i + 1}) (i64.xor)`).join(' ')})`
}

/** A module whose main runs the cases that the record names by their indexes, in a memory of these pages. */
export function corpusModule(cases: readonly CorpusCase[], minimum: number, maximum: number): string {
  const isDeep = cases === STACK_CORPUS
  return `(module
  (type $case (func)) (type $unary (func (param i32) (result i32)))
  (import "zisk" "next_record" (func $nextRecord (result i32)))
  (import "zisk" "copy_record" (func $copyRecord (param i32)))
  (import "zisk" "write" (func $write (param i32 i32)))
  (memory (export "memory") ${minimum} ${maximum})
  (table ${cases.length + 4 + (isDeep ? CHAIN.length : 0)} funcref)
  (elem (i32.const 0) ${cases.map((_, i) => `$case${i}`).join(' ')} $double $gap ${isDeep ? `$deepIndirect ${CHAIN.map((n) => `$chain${n}`).join(' ')}` : ''})
  (data $passive "\\00\\01\\02\\ff\\fe\\80\\7fzisk passive ")
  (data $active (i32.const 4300) "active")
  (global $counter (mut i32) (i32.const 0)) (global $tableAt i32 (i32.const ${cases.length}))
  ${Object.entries(LETTERS)
    .map(
      ([letter, type]) =>
        `(global $g${letter} (mut ${type}) (${type}.const ${letter === 'f' ? 'nan:0x200001' : '-42'}))`,
    )
    .join(' ')}
  ${emitters} ${isDeep ? deepCallees : callees}
  (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
  (func $gap (param f64))
  ${cases.map(({ body }, i) => `(func $case${i} ${body})`).join('\n')}
  (func (export "main") (local $n i32) (local $i i32)
    (local.set $n (call $nextRecord)) (call $copyRecord (i32.const 16))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
      (call_indirect (type $case) (i32.load16_u offset=16 (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 2)))
      (br $next)))))`
}
