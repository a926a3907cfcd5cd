/**
 * The search for work with BLAKE3: nonces four by four, one in each lane. Of the message, which is one block, only word 8
 * changes from nonce to nonce, so most of the first round is computed once; of the last round only what the first word of
 * the digest needs is. Nothing is transposed, and no digest is written.
 */
import { type Expression, i32, i32x4, type Local, type ModuleBuilder, v128 } from '../wasm/index.ts'
import { BLAKE3_IV, BLAKE3_MESSAGE, BLAKE3_NODE, BLAKE3_QUARTERS, BLAKE3_ROUNDS, emitQuarter } from './blake3.ts'

/** The word of the message that changes. */
export const BLAKE3_WORK_WORD = 8

/** Scratch places: the state before the first quarter round that uses the word. */
const PREPARED = BLAKE3_MESSAGE + 16 * 24
/** The quarter round of the first round that uses the word; the other ones before and beside it do not depend on it. */
const CHANGED_QUARTER = BLAKE3_WORK_WORD / 2
/** What words 0 and 8 of the last state, which make the first word of the digest, come from. */
const LAST_QUARTERS = [0, 1, 2, 3, 4, 6]

/** Emits `blake3Work`; see the interface `Kernels`. */
export function emitBlake3Work(module: ModuleBuilder, scratch: Expression): void {
  const f = module.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'], result: 'i32' }, 'blake3Work')
  const [message, length, step, mask, count] = f.params
  const base = f.let(scratch)
  for (let i = 0; i < 16; i++) f.emit(v128.store(base, v128.load32_splat(message, 4 * i), BLAKE3_MESSAGE + 16 * i))
  const v: Local[] = BLAKE3_IV.map((word) => f.let(i32x4.const([word, word, word, word])))
  for (const word of BLAKE3_IV.slice(0, 4)) v.push(f.let(i32x4.const([word, word, word, word])))
  v.push(f.let(i32x4.const([0, 0, 0, 0])), f.let(i32x4.const([0, 0, 0, 0])))
  v.push(f.let(i32x4.splat(length)), f.let(i32x4.splat(i32.const(BLAKE3_NODE))))
  for (const quarter of BLAKE3_QUARTERS.keys())
    if (quarter !== CHANGED_QUARTER) emitQuarter(f, base, v, { round: 0, quarter })
  for (const [i, word] of v.entries()) f.emit(v128.store(base, word, PREPARED + 16 * i))

  const place = BLAKE3_MESSAGE + 16 * BLAKE3_WORK_WORD
  const word = f.let(i32x4.add(v128.load(base, place), i32x4.mul(i32x4.splat(step), i32x4.const([0, 1, 2, 3]))))
  const stride = f.let(i32x4.splat(i32.shl(step, i32.const(2))))
  const masks = f.let(i32x4.splat(mask))
  const i = f.local('i32')
  f.for(i, i32.const(0), count, 4, () => {
    f.emit(v128.store(base, word, place))
    for (const [k, local] of v.entries()) f.set(local, v128.load(base, PREPARED + 16 * k))
    emitQuarter(f, base, v, { round: 0, quarter: CHANGED_QUARTER })
    for (let round = 1; round < BLAKE3_ROUNDS; round++)
      for (const quarter of round === BLAKE3_ROUNDS - 1 ? LAST_QUARTERS : BLAKE3_QUARTERS.keys())
        emitQuarter(f, base, v, { round, quarter })
    const missing = v128.and(v128.xor(v[0]!, v[8]!), masks)
    const found = f.let(i32x4.eq(missing, i32x4.const([0, 0, 0, 0])))
    f.if(v128.any_true(found), () => {
      for (let lane = 0; lane < 4; lane++)
        f.if(i32x4.extract_lane(found, lane), () => f.return(i32.add(i, i32.const(lane))))
    })
    f.set(word, i32x4.add(word, stride))
  })
  f.return(count)
}
