/** Jobs that cut their rows into blocks, at sizes of several blocks, against definitions that know of none. */
import { type Ext, extAdd, extScale, mul, P, pow } from '@zisk/field'
import { encodeProof, PANEL_WORDS, reverseBits } from '@zisk/verifier'
import { describe, expect, test } from 'vitest'
import type { Codeword } from '../backend/backend.ts'
import { createReferenceBackend } from '../reference/reference-backend.ts'
import { machineWitness } from '../testing/machine.ts'
import { proveMachine, setupMachine } from '../testing/proved-machine.ts'
import { createInlineEngine, type Engine } from './engine.ts'
import { cosetShift } from './extension.ts'
import { foldPanels, type PanelCodeword } from './folding.ts'
import { joiningBytes, joinPieces, separatePieces, separationBytes } from './pieces.ts'
import { LOG_PIECE_ROWS } from './pieces-job.ts'
import { readPlanar, reservePlanar } from './planar.ts'
import { createWasmBackend } from './wasm-backend.ts'

const SEED = 0x3c6ef372

/** Deterministic field elements, the largest and smallest among them. */
function felts(seed: number): () => bigint {
  let state = BigInt(seed)
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn
    return state % 11n === 0n ? 0n : state % 11n === 1n ? P - 1n : (state >> 3n) % P
  }
}

function extensions(seed: number, count: number): Ext[] {
  const next = felts(seed)
  return Array.from({ length: count }, (): Ext => [next(), next(), next()])
}

/** A codeword of the fast back end with these values, which come in the order of the reference: positions reversed. */
function panelCodeword(engine: Engine, values: readonly Ext[], logBlowup: number): PanelCodeword {
  const logLength = Math.log2(values.length)
  const column = reservePlanar(engine, values.length)
  for (const [position, value] of values.entries()) {
    const at = column.offset + 8 * placeOf(position, logLength, logBlowup)
    for (let k = 0; k < 3; k++) engine.arena.words(at + k * column.plane, 1)[0] = value[k]!
  }
  return { logLength, logBlowup, column }
}

/** Cosets one after the other, each in the order of its points. */
function placeOf(position: number, logLength: number, logBlowup: number): number {
  const exponent = reverseBits(position, logLength)
  const coset = exponent % 2 ** logBlowup
  return coset * 2 ** (logLength - logBlowup) + Math.floor(exponent / 2 ** logBlowup)
}

/** Index of the first element that differs, or -1: long lists are never printed. */
function firstDifference(got: readonly (readonly bigint[])[], expected: readonly Ext[]): number {
  return expected.findIndex((value, i) => value.some((word, k) => word !== got[i]![k]))
}

describe(`several blocks (seed ${SEED})`, () => {
  test.each([
    [15, 1, 3],
    [15, 1, 1],
    [16, 2, 2],
  ])('folding 2^%i values of rate 2^-%i by 2^%i', async (logLength, logBlowup, logArity) => {
    const engine = createInlineEngine()
    const values = extensions(SEED + logArity, 2 ** logLength)
    const rolledIn = extensions(SEED - logArity, 2 ** (logLength - logArity))
    const [beta] = extensions(SEED + 100, 1) as [Ext]
    const folded = await foldPanels(
      engine,
      panelCodeword(engine, values, logBlowup),
      logArity,
      beta,
      panelCodeword(engine, rolledIn, logBlowup),
    )
    const reference = await createReferenceBackend().fold({ logLength, values } as Codeword, logArity, beta, {
      logLength: folded.logLength,
      values: rolledIn,
    } as Codeword)
    const expected = (reference as unknown as { readonly values: readonly Ext[] }).values
    expect(folded.column.count).toBe(expected.length)
    const got = expected.map((_, position) =>
      readPlanar(engine, folded.column, placeOf(position, folded.logLength, logBlowup)),
    )
    expect(firstDifference(got, expected)).toBe(-1)
  })

  test.each([3, LOG_PIECE_ROWS, LOG_PIECE_ROWS + 1, LOG_PIECE_ROWS + 3])(
    'the pieces of a quotient of 2^%i rows',
    async (logRows) => {
      const engine = createInlineEngine()
      const rows = 2 ** logRows
      const pieces = [extensions(SEED, rows), extensions(SEED + 1, rows)] as const
      const panel = engine.arena.reserve(8 * PANEL_WORDS * rows)
      const words = engine.arena.words(panel.offset, PANEL_WORDS * rows)
      const at = (coefficient: number, column: number) => PANEL_WORDS * reverseBits(coefficient, logRows) + column
      for (const c of [0, 1]) {
        const shift = cosetShift(logRows, 1, c)
        const constant = pow(shift, BigInt(rows))
        for (let i = 0, power = 1n; i < rows; i++, power = mul(power, shift)) {
          const onCoset = extScale(extAdd(pieces[0][i]!, extScale(pieces[1][i]!, constant)), power)
          for (let k = 0; k < 3; k++) words[at(i, 3 * c + k)] = onCoset[k]!
        }
      }
      const work = engine.arena.reserve(separationBytes(engine, logRows))
      await separatePieces(engine, panel, work, logRows)
      for (const [piece, expected] of pieces.entries()) {
        const got = expected.map((_, i) => [0, 1, 2].map((k) => words[at(i, 3 * piece + k)]!))
        expect(firstDifference(got, expected), `piece ${piece}`).toBe(-1)
      }
    },
  )

  test.each([
    [4, 3],
    [6, 2],
    [LOG_PIECE_ROWS + 3, LOG_PIECE_ROWS + 2],
    [LOG_PIECE_ROWS + 4, LOG_PIECE_ROWS + 1],
  ])('the pieces of 2^%i rows with those of 2^%i rows added', async (logRows, logLower) => {
    const engine = createInlineEngine()
    /** Coefficients of a polynomial in two pieces, and a panel with them. */
    const panelOf = (seed: number, log: number) => {
      const rows = 2 ** log
      const coefficients = [...extensions(seed, rows), ...extensions(seed + 1, rows)]
      const panel = engine.arena.reserve(8 * PANEL_WORDS * rows)
      const words = engine.arena.words(panel.offset, PANEL_WORDS * rows)
      const at = (i: number, k: number) => PANEL_WORDS * reverseBits(i % rows, log) + 3 * Math.floor(i / rows) + k
      for (const [i, coefficient] of coefficients.entries())
        for (const [k, word] of coefficient.entries()) words[at(i, k)] = word
      const read = () => coefficients.map((_, i) => [0, 1, 2].map((k) => words[at(i, k)]!))
      return { coefficients, panel, read }
    }
    const [upper, lower] = [panelOf(SEED, logRows), panelOf(SEED + 2, logLower)]
    const work = engine.arena.reserve(joiningBytes(engine, logLower))
    await joinPieces(engine, { lower: lower.panel, logRows: logLower }, { panel: upper.panel, logRows }, work)
    const expected = upper.coefficients.map((coefficient, i) =>
      i < lower.coefficients.length ? extAdd(coefficient, lower.coefficients[i]!) : coefficient,
    )
    expect(firstDifference(upper.read(), expected)).toBe(-1)
    expect(firstDifference(lower.read(), lower.coefficients)).toBe(-1)
  })

  test('a whole proof of 2^12 rows: the bytes of the reference back end', async () => {
    const machine = await setupMachine(8)
    const prove = (backend: ReturnType<typeof createReferenceBackend>) =>
      proveMachine(machine, machineWitness([12], 8), { backend })
    const fast = await prove(createWasmBackend(createInlineEngine()))
    const reference = await prove(createReferenceBackend())
    expect(Buffer.compare(encodeProof(fast), encodeProof(reference))).toBe(0)
  })
})
