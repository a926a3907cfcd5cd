export { type DataLine, LINE_BYTES, type RomTable, romInstance, romTable } from './rom-table.ts'
export { RomTableError, type RomTableErrorCode } from './rom-table-error.ts'
