import { type AirInstance, createInstance, type Pilout } from '@zisk/air'
import {
  type AlignmentMachine,
  type AlignmentSlice,
  alignmentMachine,
  fillMemAlign,
  fillMemAlignReadByte,
  fillMemAlignWord,
  fillMemAlignWriteByte,
} from '@zisk/sm-mem-align'
import { AlignmentInputs, MIN_LOG_ROWS, segmentHeights } from '@zisk/witness'

/** log2 of the largest height of an alignment machine. */
const MAX_LOG_ROWS = 20

const FILLS: Readonly<Record<AlignmentMachine, (instance: AirInstance, slice: AlignmentSlice) => void>> = {
  MemAlign: fillMemAlign,
  MemAlignWord: fillMemAlignWord,
  MemAlignReadByte: fillMemAlignReadByte,
  MemAlignWriteByte: fillMemAlignWriteByte,
}

/**
 * Fills the instances that prove the accesses which are not of whole aligned words, one access per row.
 *
 * @param maxLogRows log2 of the largest height of an instance
 */
export function alignmentInstances(
  program: Pilout,
  accesses: AlignmentInputs,
  maxLogRows: number = MAX_LOG_ROWS,
): readonly AirInstance[] {
  const machines = Object.keys(FILLS).map((air) => [air as AlignmentMachine, new AlignmentInputs()] as const)
  const inputsOf = new Map(machines)
  for (let i = 0; i < accesses.length; i++) {
    const [address, width, isWrite] = [accesses.address[i]!, accesses.width[i]!, accesses.isWrite[i] === 1]
    inputsOf.get(alignmentMachine(address, width, isWrite))!.push({
      address,
      width,
      isWrite,
      memStep: accesses.memStep[i]!,
      value: accesses.value[i]!,
      word0: accesses.word0[i]!,
      word1: accesses.word1[i]!,
    })
  }
  return machines.flatMap(([air, inputs]) => {
    let from = 0
    return segmentHeights(inputs.length, { minLogRows: MIN_LOG_ROWS, maxLogRows }).map((rows, segment) => {
      const instance = createInstance(program, { air, rows, segment })
      const count = Math.min(rows, inputs.length - from)
      FILLS[air](instance, { inputs, from, count })
      from += count
      return instance
    })
  })
}
