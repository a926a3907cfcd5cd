import type { Pilout } from '@zisk/air'
import type { ZiskRom } from '@zisk/core'
import { ARITH_MACHINES } from '@zisk/sm-arith'
import { BINARY_MACHINES } from '@zisk/sm-binary'
import { MainComponent } from '@zisk/sm-main'
import { MemComponent } from '@zisk/sm-mem'
import { MemAlignComponent } from '@zisk/sm-mem-align'
import { RomComponent, romTable } from '@zisk/sm-rom'
import { type ComponentBuilder, OperationComponent } from '@zisk/witness'

/** log2 of the largest height of an instance, by family of AIRs; what the AIRs allow when absent. */
export interface HeightLimits {
  readonly main?: number | undefined
  /** Mem, RomData and InputData. */
  readonly mem?: number | undefined
  /** Operation and alignment machines. */
  readonly operations?: number | undefined
}

/** log2 of the largest height of an operation machine. */
const OPERATIONS_MAX_LOG_ROWS = 20

/** What the components are made from: plain data but for the program. */
export interface ComponentOptions {
  readonly program: Pilout
  readonly rom: ZiskRom
  readonly maxLogRows: HeightLimits
  /** Rows of Main between two reads of all registers; what the AIR allows when absent. */
  readonly maxGapRows?: number | undefined
  /** Operations from which a machine for them alone has instances; see `OperationComponentOptions`. */
  readonly minOwnRows?: number | undefined
}

/** All components of the machine, in the order of their AIRs. */
export function createComponents({
  program,
  rom,
  maxLogRows,
  maxGapRows,
  minOwnRows,
}: ComponentOptions): readonly ComponentBuilder[] {
  const table = romTable(rom)
  const operations = maxLogRows.operations ?? OPERATIONS_MAX_LOG_ROWS
  const main = new MainComponent({ program, rom, fields: table.columns, maxLogRows: maxLogRows.main, maxGapRows })
  return [
    main,
    new RomComponent({ program, rom, table, mainRows: (steps) => main.rowsOf(steps) }),
    new MemComponent({
      program,
      rom,
      writableLines: table.writableLines,
      readOnlyLines: table.readOnlyLines,
      maxLogRows: maxLogRows.mem,
    }),
    new MemAlignComponent({ program, rom, maxLogRows: operations }),
    new OperationComponent({ program, rom, machines: BINARY_MACHINES, maxLogRows: operations, minOwnRows }),
    new OperationComponent({ program, rom, machines: ARITH_MACHINES, maxLogRows: operations }),
  ]
}
