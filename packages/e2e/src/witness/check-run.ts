import { type Checker, createChecker, formatReport, type Pilout } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import { type PlanRunOptions, planRun } from '@zisk/executor'

/** What a check of a run found. */
export interface RunCheck {
  readonly steps: number
  /** `all hold`, or the failures. */
  readonly report: string
  readonly holds: boolean
  /** Used rows of all instances of an AIR, and how many instances there are. */
  readonly rowsOf: (air: string) => { readonly used: number; readonly instances: number }
}

/** Checks runs against every constraint and every bus of the machine. */
export class RunChecker {
  readonly #program: Pilout
  readonly #checker: Checker

  constructor(program: Pilout) {
    this.#program = program
    this.#checker = createChecker(program)
  }

  async check(rom: ZiskRom, options: PlanRunOptions = {}): Promise<RunCheck> {
    const { source, steps, close } = await planRun(this.#program, rom, { threads: 1, ...options })
    try {
      const instances = await Promise.all(source.instances.map((_, position) => source.instance(position)))
      const { publics, proofValues } = source
      const found = this.#checker.check({ instances, publics, proofValues }, { sums: false, stage2: false })
      const rowsOf = (name: string): { used: number; instances: number } => {
        const airs = this.#program.airGroups[0]!.airs
        const own = instances.filter(({ air }) => airs[air]!.name === name)
        const used = own.map(({ air, rows, witness, airValues }) => {
          const { witness: columns, airValues: values } = airs[air]!
          const padding = values.findIndex((value) => value.name === 'padding_size')
          if (padding >= 0) return rows - Number(airValues[padding])
          const sel = columns.findIndex((column) => column.name === 'sel')
          return sel < 0 ? rows : witness[sel]!.filter((value) => value === 1n).length
        })
        return { used: used.reduce((sum, count) => sum + count, 0), instances: own.length }
      }
      return { steps, report: formatReport(found), holds: found.failures.length === 0, rowsOf }
    } finally {
      await close()
    }
  }
}
