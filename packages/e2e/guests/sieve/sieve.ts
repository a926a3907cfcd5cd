import { commitU32, readU32 } from '@zisk/guest/assembly'

export function main(): i32 {
  const n = <i32>readU32()
  const composite = new Uint8Array(n)
  let count: u32 = 0
  let sum: u32 = 0
  for (let i = 2; i < n; i++) {
    if (composite[i]) continue
    count++
    sum += i
    for (let j = 2 * i; j < n; j += i) composite[j] = 1
  }
  commitU32(count)
  commitU32(sum)
  return 0
}
