/** Columns in the arena that are lent to a witness source, which fills them in place. */
import type { ColumnMemory } from '@zisk/air'
import { PANEL_WORDS } from '@zisk/verifier'
import type { Address, Arena, Region } from './arena.ts'

/** As many columns as a panel has, in a region that has the size of the panel or less. */
interface Loan {
  readonly region: Region
  /** Columns that are still out. */
  out: number
}

/** Lends columns of an arena. */
export class LentColumns implements ColumnMemory {
  readonly #arena: Arena
  readonly #loans: Map<BigUint64Array, { readonly loan: Loan; readonly address: Address }> = new Map()
  #bytes = 0
  /** Most bytes that may be out. */
  maxBytes = 0

  constructor(arena: Arena) {
    this.#arena = arena
  }

  take(columns: number, rows: number): readonly BigUint64Array[] | undefined {
    const bytes = 8 * columns * rows
    if (this.#bytes + bytes > this.maxBytes) return undefined
    const taken: BigUint64Array[] = []
    for (let first = 0; first < columns; first += PANEL_WORDS) {
      const count = Math.min(PANEL_WORDS, columns - first)
      const region = this.#arena.reserve(8 * rows * count)
      this.#bytes += region.bytes
      const loan = { region, out: count }
      for (let i = 0; i < count; i++) {
        const address = region.offset + 8 * rows * i
        const column = this.#arena.words(address, rows)
        this.#loans.set(column, { loan, address })
        taken.push(column)
      }
    }
    return taken
  }

  /** Where a column lies, if it is one of these. */
  addressOf(column: BigUint64Array): Address | undefined {
    return this.#loans.get(column)?.address
  }

  /** Takes columns back; others are left alone. */
  giveBack(columns: readonly BigUint64Array[]): void {
    for (const column of columns) {
      const entry = this.#loans.get(column)
      if (entry === undefined) continue
      this.#loans.delete(column)
      const { loan } = entry
      loan.out--
      if (loan.out > 0) continue
      this.#arena.release(loan.region)
      this.#bytes -= loan.region.bytes
    }
  }

  /** Forgets all loans, whose memory somebody else has given back. */
  forget(): void {
    this.#loans.clear()
    this.#bytes = 0
  }
}
