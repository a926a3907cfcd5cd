export { ARITH_DIV } from './arith-div-columns.gen.ts'
export { ARITH_MACHINES } from './arith-machines.ts'
export { ARITH_MUL } from './arith-mul-columns.gen.ts'
