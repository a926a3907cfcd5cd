export { columnWords } from './column-words.ts'
export { grown } from './growable-column.ts'
export { InstanceWriter, setNumber } from './instance-writer.ts'
export { INSTRUCTION_FIELDS, type InstructionField, instructionFields } from './instruction-fields.ts'
export { AlignmentInputs, type UnalignedAccess } from './memory/alignment-inputs.ts'
export { type MemoryInputs, MemoryInputsGenerator, type MemoryWants } from './memory/memory-inputs.ts'
export { orderByWord, WordAccesses } from './memory/word-accesses.ts'
export { OperationInputs } from './operation-inputs.ts'
export type { OperationSlice } from './operation-slice.ts'
export { setAirValues } from './operation-slice.ts'
export {
  OperationComponent,
  type OperationComponentOptions,
  type OperationMachine,
} from './operations/operation-component.ts'
export type { BusDevice, Counter, InputsGenerator, Metrics } from './roles/bus-device.ts'
export type { ComponentBuilder } from './roles/component-builder.ts'
export { describePlan, type Instance, type InstanceCtx, type InstanceType } from './roles/instance.ts'
export type { CheckPoint, Plan, PlannedComponent, Planner } from './roles/plan.ts'
export { planSlices } from './roles/plan-slices.ts'
export { MIN_LOG_ROWS, segmentHeights } from './segment-heights.ts'
