/**
 * Reading a committed matrix on all of its cosets, one after the other, where only some are kept: the coefficients are made
 * once, in the place of the first coset, which comes back at the end of the walk.
 */
import { pow, rootOfUnity } from '@zisk/field'
import type { Region } from './arena.ts'
import type { Engine } from './engine.ts'
import type { ExtendJob } from './extend-job.ts'
import { type BorrowedPanels, type PanelMatrix, type Panels, panelColumns, placeTargets } from './extension.ts'
import { runExtensions } from './run-extensions.ts'

/** A walk through the cosets of a matrix. Nobody else reads the matrix until it is finished. */
export class CosetWalk {
  readonly #engine: Engine
  readonly #matrix: PanelMatrix
  readonly #logBlowup: number
  /** The panels of the first coset while they hold coefficients. */
  #coefficients: Panels | undefined

  constructor(engine: Engine, matrix: PanelMatrix, logBlowup: number) {
    this.#engine = engine
    this.#matrix = matrix
    this.#logBlowup = logBlowup
  }

  /** The values on a coset; each is borrowed once, the first before the others. */
  async borrow(c: number): Promise<BorrowedPanels> {
    const { logRows, width, cosets } = this.#matrix
    const known = cosets[c]
    if (known !== undefined) return { panels: known, giveBack: () => {} }
    const engine = this.#engine
    this.#coefficients ??= await this.#interpolate()
    // Coefficients are those of f(s x) for the shift s of the first coset: the others lie w^c away.
    const shift = pow(rootOfUnity(logRows + this.#logBlowup), BigInt(c))
    const panels: Region[] = []
    const jobs = this.#coefficients.map((home, p): ExtendJob => {
      const { src, targets } = placeTargets(engine, home, { count: 1, keep: true })
      const [{ offset }] = targets as [Region]
      panels.push(...targets)
      const target = { plan: engine.forward(logRows, shift, offset), dst: offset }
      return { kind: 'extend', columns: panelColumns(width, p), src, work: src, cosets: [target] }
    })
    await runExtensions(engine, jobs)
    return { panels, giveBack: () => engine.release(...panels) }
  }

  /** Makes the matrix what it was. */
  async finish(): Promise<void> {
    const panels = this.#coefficients
    if (panels === undefined) return
    this.#coefficients = undefined
    const { logRows, width } = this.#matrix
    const engine = this.#engine
    const jobs = panels.map(({ offset }, p): ExtendJob => {
      const home = { plan: engine.forward(logRows, 1n, offset), dst: offset }
      return { kind: 'extend', columns: panelColumns(width, p), src: offset, work: offset, cosets: [home] }
    })
    await runExtensions(engine, jobs)
    this.#matrix.cosets = [panels, ...this.#matrix.cosets.slice(1)]
  }

  /** From the values on the first coset to coefficients, in place. */
  async #interpolate(): Promise<Panels> {
    const { logRows, width, cosets } = this.#matrix
    const engine = this.#engine
    const [panels, ...others] = cosets as readonly [Panels, ...Panels[]]
    const jobs = panels.map(({ offset }, p): ExtendJob => {
      const inverse = engine.inverse(logRows, offset)
      return { kind: 'extend', columns: panelColumns(width, p), src: offset, work: offset, inverse, cosets: [] }
    })
    await runExtensions(engine, jobs)
    this.#matrix.cosets = [undefined, ...others]
    return panels
  }
}
