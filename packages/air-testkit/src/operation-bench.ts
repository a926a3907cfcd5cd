/** A program of machines and a client that assumes operations, for tests. */
import { fileURLToPath } from 'node:url'
import {
  type AirInstance,
  columnNamed,
  completeWitness,
  createInstance,
  type Pilout,
  type ProgramWitness,
} from '@zisk/air'
import { evaluateOperation, isPureOperation, OPCODES } from '@zisk/core'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const LIMB = 0xffff_ffffn

/** Operands at the corners of every width: 0, 1, -1, ends of signed and unsigned words, multiples of 256. */
export const BOUNDARY: readonly bigint[] = [
  0n,
  1n,
  2n,
  7n,
  0x80n,
  0xffn,
  0x100n,
  0x7fffn,
  0x8000n,
  0x1_0000n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 31n + 1n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 32n + 1n,
  0x1234_5678_9abc_de00n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 63n + 1n,
  2n ** 64n - 2n ** 32n,
  2n ** 64n - 2n ** 31n,
  2n ** 64n - 0x100n,
  2n ** 64n - 7n,
  2n ** 64n - 2n,
  2n ** 64n - 1n,
]

/** An operation with its claimed result; the oracle's unless a forger says otherwise. */
export interface Claim {
  readonly op: number
  readonly a: bigint
  readonly b: bigint
  readonly c: bigint
  readonly flag: boolean
}

/** The true claim about an operation; operands of 32-bit operations lose their high halves, as Main sends them. */
export function claim(op: number, a: bigint, b: bigint): Claim {
  const { m32 } = OPCODES.find(({ code }) => code === op)!
  const x = m32 ? a & LIMB : a
  const y = m32 ? b & LIMB : b
  return { op, a: x, b: y, ...evaluateOperation(op, x, y) }
}

/**
 * Whether a tuple `5000,op,a0,a1,b0,b1,c0,c1,flag` is what the oracle says. Operands beyond 32 bits per limb never reach
 * a machine, so anything may be said about them.
 */
export function isTrueOperation(tuple: string): boolean {
  const [, op = 0n, a0 = 0n, a1 = 0n, b0 = 0n, b1 = 0n, c0 = 0n, c1 = 0n, flag = 0n] = tuple.split(',').map(BigInt)
  if (op > 255n || !isPureOperation(Number(op))) return false
  if ([a0, a1, b0, b1].some((limb) => limb > LIMB)) return true
  const truth = evaluateOperation(Number(op), a0 + (a1 << 32n), b0 + (b1 << 32n))
  return c0 === (truth.c & LIMB) && c1 === truth.c >> 32n && flag === (truth.flag ? 1n : 0n)
}

/** Appends the operands of claims to the inputs of a machine, and returns the inputs. */
export function pushClaims<T extends { push(op: number, a0: number, a1: number, b0: number, b1: number): void }>(
  inputs: T,
  claims: readonly Claim[],
): T {
  for (const { op, a, b } of claims)
    inputs.push(op, Number(a & LIMB), Number(a >> 32n), Number(b & LIMB), Number(b >> 32n))
  return inputs
}

/** What the compiler needs for `require FILE; AIR` with a client of the operation bus. */
export function machineSource(options: {
  readonly files: readonly string[]
  readonly body: string
  /** Folders of PIL files below the root of the repository. */
  readonly folders: readonly string[]
}): { readonly file: string; readonly sources: Readonly<Record<string, string>>; readonly include: readonly string[] } {
  const text = `
${options.files.map((file) => `require "${file}";`).join('\n')}
airtemplate Client(const int N = 2**10) {
    #pragma heights 10..16
    col witness op, a[2], b[2], c[2], flag, sel;
    lookup_assumes(OPERATION_BUS_ID, [op, a[0], a[1], b[0], b[1], c[0], c[1], flag], sel);
}
airgroup Zisk {
    Client();
    ${options.body}
}
${['MEMORY', 'MEMORY_CONTINUATION', 'ROM', 'MAIN_CONTINUATION'].map((bus) => `bus_open(${bus}_BUS_ID);`).join('\n')}
`
  const include = ['pil', 'pil/std', ...options.folders].map((folder) => ROOT + folder)
  return { file: 'main.pil', sources: { 'main.pil': text }, include }
}

/** The client's instance for claims. */
export function clientOf(program: Pilout, claims: readonly Claim[]): AirInstance {
  const instance = createInstance(program, { air: 'Client', rows: heightFor(claims.length) })
  const set = (label: string, value: (claim: Claim) => bigint) => {
    const column = columnNamed(program, instance, label)
    for (const [row, entry] of claims.entries()) column[row] = value(entry)
  }
  set('op', ({ op }) => BigInt(op))
  for (const name of ['a', 'b', 'c'] as const) {
    set(`${name}[0]`, (entry) => entry[name] & LIMB)
    set(`${name}[1]`, (entry) => entry[name] >> 32n)
  }
  set('flag', ({ flag }) => (flag ? 1n : 0n))
  set('sel', () => 1n)
  return instance
}

/** Smallest allowed height with room for `count` rows. */
export function heightFor(count: number): number {
  return Math.max(1024, 2 ** Math.ceil(Math.log2(Math.max(count, 1))))
}

/** Completes a witness of machines and a client. */
export function complete(program: Pilout, instances: readonly AirInstance[]): ProgramWitness {
  return completeWitness(program, { instances, publics: [], proofValues: [] })
}
