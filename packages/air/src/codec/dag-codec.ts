import { type ExpressionDag, isColumn, isOperation, NODE } from '../model/expression.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { type Codec, integer, type Json, jsonError, jsonObject, list, uint } from './codec.ts'

/** Number of operand words that carry information. */
function arity(kind: number): number {
  if (isOperation(kind)) return kind === NODE.neg ? 1 : 2
  return isColumn(kind) || kind === NODE.airGroupValue ? 2 : 1
}

const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2)
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2)
const INT32_MAX = 0x7fff_ffff

/** One entry per node: kind, then the operand words it uses; operands of operations as distance to the node. */
export const dagCodec: Codec<ExpressionDag> = {
  write: (out, dag) => {
    list(integer).write(out, dag.constants)
    out.varint(dag.kinds.length)
    for (let id = 0; id < dag.kinds.length; id++) {
      const kind = dag.kinds[id]!
      out.byte(kind)
      out.varint(isOperation(kind) ? id - dag.a[id]! : dag.a[id]!)
      if (arity(kind) === 2) out.varint(isOperation(kind) ? id - dag.b[id]! : zigzag(dag.b[id]!))
    }
  },
  read: (input) => {
    const constants = list(integer).read(input)
    const count = input.count()
    const dag = emptyDag(count, constants)
    for (let id = 0; id < count; id++) {
      const kind = input.byte()
      if (kind > NODE.mul) throw input.error(`unknown expression kind ${kind}`)
      dag.kinds[id] = kind
      dag.a[id] = readWord(input, isOperation(kind) ? id : undefined, false)
      if (arity(kind) === 2) dag.b[id] = readWord(input, isOperation(kind) ? id : undefined, true)
    }
    return dag
  },
  toJson: (dag) => ({
    constants: dag.constants.map(integer.toJson),
    nodes: Array.from(dag.kinds, (kind, id): Json => {
      const words = [dag.a[id]!, dag.b[id]!].slice(0, arity(kind))
      return [KIND_NAMES[kind]!, ...words]
    }),
  }),
  fromJson: (json, path) => {
    const { constants, nodes, ...rest } = jsonObject(json, path)
    const extra = Object.keys(rest)[0]
    if (extra !== undefined) throw jsonError(`${path}.${extra}`, 'no such field', rest[extra])
    if (!Array.isArray(nodes)) throw jsonError(`${path}.nodes`, 'a list', nodes)
    const dag = emptyDag(nodes.length, list(integer).fromJson(constants, `${path}.constants`))
    nodes.forEach((node: unknown, id) => {
      const where = `${path}.nodes[${id}]`
      const kind = Array.isArray(node) ? KIND_NAMES.indexOf(String(node[0])) : -1
      if (!Array.isArray(node) || kind < 0 || node.length !== 1 + arity(kind))
        throw jsonError(where, '[kind, operands...]', node)
      dag.kinds[id] = kind
      dag.a[id] = jsonWord(node[1], where)
      if (arity(kind) === 2) dag.b[id] = jsonWord(node[2], where)
    })
    return dag
  },
}

/** Names of the node kinds in JSON, by code. */
const KIND_NAMES: readonly string[] = Object.keys(NODE)

function emptyDag(count: number, constants: readonly bigint[]): ExpressionDag {
  return { kinds: new Uint8Array(count), a: new Int32Array(count), b: new Int32Array(count), constants }
}

function readWord(input: ByteReader, node: number | undefined, signed: boolean): number {
  const raw = input.varint()
  const value = node !== undefined ? node - raw : signed ? unzigzag(raw) : raw
  if (Math.abs(value) > INT32_MAX) throw input.error(`operand ${value}`)
  return value
}

function jsonWord(json: unknown, path: string): number {
  if (typeof json !== 'number' || !Number.isInteger(json) || Math.abs(json) > INT32_MAX)
    throw jsonError(path, 'a 32-bit integer', json)
  return json
}

/** Column of 64-bit values, each stored in as many bytes as the largest needs. */
export const feltArray: Codec<BigUint64Array> = {
  write: (out: ByteWriter, values) => {
    // Typed arrays are little-endian on every platform that V8 supports.
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
    let low = 0
    let high = 0
    for (let i = 0; i < words.length; i += 2) {
      low |= words[i]!
      high |= words[i + 1]!
    }
    const width = high !== 0 ? 8 : low >>> 16 !== 0 ? 4 : low > 0xff ? 2 : 1
    out.varint(values.length)
    out.byte(width)
    const Narrow = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: undefined }[width]
    const narrow = Narrow === undefined ? values : new Narrow(values.length)
    if (narrow !== values) for (let i = 0; i < values.length; i++) narrow[i] = words[2 * i]!
    out.bytes(new Uint8Array(narrow.buffer, narrow.byteOffset, narrow.byteLength))
  },
  read: (input) => {
    const count = input.count()
    const width = input.byte()
    if (width !== 1 && width !== 2 && width !== 4 && width !== 8) throw input.error(`column width ${width}`)
    if (count * width > input.remaining) throw input.error(`column of ${count} values in ${input.remaining} bytes`)
    // A copy: a Buffer would give a view of itself when asked for a slice.
    const bytes = new Uint8Array(input.bytes(count * width))
    if (width === 8) return new BigUint64Array(bytes.buffer)
    const narrow = width === 4 ? new Uint32Array(bytes.buffer) : width === 2 ? new Uint16Array(bytes.buffer) : bytes
    const words = new Uint32Array(2 * count)
    for (let i = 0; i < count; i++) words[2 * i] = narrow[i]!
    return new BigUint64Array(words.buffer)
  },
  toJson: (values) => Array.from(values, (value) => (value < 2n ** 53n ? Number(value) : value.toString())),
  fromJson: (json, path) => {
    if (!Array.isArray(json)) throw jsonError(path, 'a list', json)
    const values = new BigUint64Array(json.length)
    json.forEach((value: unknown, i) => {
      const where = `${path}[${i}]`
      const parsed = typeof value === 'number' ? BigInt(uint.fromJson(value, where)) : integer.fromJson(value, where)
      if (parsed < 0n || parsed >= 1n << 64n) throw jsonError(where, 'a 64-bit value', value)
      values[i] = parsed
    })
    return values
  },
}
