export { ARITH_DIV } from './arith-div-columns.gen.ts'
export { ARITH_MUL } from './arith-mul-columns.gen.ts'
export { fillArithDiv } from './fill-arith-div.ts'
export { fillArithMul } from './fill-arith-mul.ts'
