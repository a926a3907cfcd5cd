export { inputDataInstances } from './input-data-instances.ts'
export { MemComponent, type MemOptions } from './mem-component.ts'
export { MEM_MAX_LOG_ROWS, memInstances } from './mem-instances.ts'
export { MemoryError, type MemoryErrorCode } from './memory-error.ts'
export {
  READ_ONLY_MAX_LOG_ROWS,
  type ReadOnlyLine,
  type RomDataWitness,
  romDataInstances,
} from './rom-data-instances.ts'
