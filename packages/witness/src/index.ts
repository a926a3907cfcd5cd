export type { UnalignedAccess } from './alignment-inputs.ts'
export { AlignmentInputs } from './alignment-inputs.ts'
export { grown } from './growable-column.ts'
export { OperationInputs } from './operation-inputs.ts'
