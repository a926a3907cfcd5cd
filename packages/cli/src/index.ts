export type { Io, OutputStream } from './io.ts'
export { createProcessIo } from './io.ts'
export { runCli } from './main.ts'
