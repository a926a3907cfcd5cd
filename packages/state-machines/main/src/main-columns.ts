import { FLAG } from '@zisk/core'
import { INSTRUCTION_FIELDS, type InstructionField } from '@zisk/witness'
import type { MainColumnLabel } from './main-columns.gen.ts'

/** Bits of a flags word, from bit 1 on, by the column that holds them. */
export const FLAG_COLUMNS: readonly (readonly [column: MainColumnLabel, bit: number])[] = [
  ['a_src_imm', FLAG.A_IMM],
  ['a_src_mem', FLAG.A_MEM],
  ['is_precompiled', FLAG.PRECOMPILED],
  ['b_src_imm', FLAG.B_IMM],
  ['b_src_mem', FLAG.B_MEM],
  ['is_external_op', FLAG.EXTERNAL],
  ['store_pc', FLAG.STORE_PC],
  ['store_mem', FLAG.STORE_MEM],
  ['store_ind', FLAG.STORE_IND],
  ['set_pc', FLAG.SET_PC],
  ['m32', FLAG.M32],
  ['b_src_ind', FLAG.B_IND],
  ['a_src_reg', FLAG.A_REG],
  ['b_src_reg', FLAG.B_REG],
  ['store_reg', FLAG.STORE_REG],
]

/** Fields of the instruction that Main has under the same name. */
export const COPIED_FIELDS: readonly (InstructionField & MainColumnLabel)[] = INSTRUCTION_FIELDS.filter(
  (name) => name !== 'flags',
)

/** Columns that depend on the step. */
export const VALUE_COLUMNS: readonly MainColumnLabel[] = [
  'a[0]',
  'a[1]',
  'b[0]',
  'b[1]',
  'c[0]',
  'c[1]',
  'flag',
  'pc',
  'step',
  'a_reg_prev_mem_step',
  'b_reg_prev_mem_step',
  'store_reg_prev_mem_step',
  'store_reg_prev_value[0]',
  'store_reg_prev_value[1]',
]
