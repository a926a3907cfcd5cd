export { MAIN_MAX_LOG_ROWS, MainComponent, type MainOptions } from './main-component.ts'
