export { inputDataInstances } from './input-data-instances.ts'
export { MEM_MAX_LOG_ROWS, memInstances } from './mem-instances.ts'
export { MemoryCollector } from './memory-collector.ts'
export { MemoryError, type MemoryErrorCode } from './memory-error.ts'
export {
  READ_ONLY_MAX_LOG_ROWS,
  type ReadOnlyLine,
  type RomDataWitness,
  romDataInstances,
} from './rom-data-instances.ts'
export { orderByWord, WordAccesses } from './word-accesses.ts'
