export { RomComponent, type RomOptions } from './rom-component.ts'
export { type DataLine, LINE_BYTES, type RomTable, romTable } from './rom-table.ts'
export { RomTableError, type RomTableErrorCode } from './rom-table-error.ts'
