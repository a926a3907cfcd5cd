export { MAIN_MAX_LOG_ROWS, type MainOptions, MainTrace } from './main-trace.ts'
