import { commitU64, readU32 } from '@zisk/guest/assembly'

export function main(): i32 {
  const n = <i32>readU32()
  const a = new Uint64Array(n * n)
  const b = new Uint64Array(n * n)
  const c = new Uint64Array(n * n)
  for (let i = 0; i < n * n; i++) {
    a[i] = <u64>i * 0x9e3779b97f4a7c15
    b[i] = a[i] ^ (a[i] >> 29)
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum: u64 = 0
      for (let k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j]
      c[i * n + j] = sum
    }
  }
  let hash: u64 = 0
  for (let i = 0; i < n * n; i++) hash = hash * 31 + c[i]
  commitU64(hash)
  return 0
}
