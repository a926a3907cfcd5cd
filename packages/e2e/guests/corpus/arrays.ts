function list(items: i32[]): void {
  console.log(items.length.toString() + ': ' + items.join(','))
}

export function arrays(): void {
  console.log('arrays')
  const a: i32[] = []
  for (let i = 0; i < 40; i++) a.push((i * 29) % 41)
  list(a)
  console.log(a.pop().toString() + ' ' + a.shift().toString() + ' ' + a.unshift(-5).toString())
  list(a.splice(5, 3))
  list(a.splice(-3))
  list(a.slice(2, 8))
  list(a.slice(-4))
  list(a.concat([1, 2, 3]))
  a.sort((x, y) => x - y)
  list(a)
  a.reverse()
  list(a)
  list(a.map<i32>((x) => x * x).filter((x) => x % 3 == 1))
  console.log(a.reduce<i32>((sum, x) => (sum * 3 + (x & 7)) % 9973, 1).toString())
  console.log([a.indexOf(7), a.indexOf(-100), a.lastIndexOf(7), a.findIndex((x) => x < 4)].join(' '))
  console.log((a.includes(7) ? 'has 7 ' : '') + (a.every((x) => x < 100) ? 'all below ' : '') + (a.some((x) => x < -10) ? '' : 'none below'))
  list(new Array<i32>(5).fill(1).fill(3, 1, 4))
  a.length = 3
  list(a)
  list(a.copyWithin(0, 1))

  const grid: i32[][] = []
  for (let i = 0; i < 4; i++) {
    const row: i32[] = []
    for (let j = 0; j < 5; j++) row.push(i * j)
    grid.push(row)
  }
  console.log(grid.map<string>((row) => row.join(' ')).join(' / '))

  // Sorting 1000 items by a key keeps the order of equal ones.
  const items: i32[] = []
  let state: i32 = 12345
  for (let i = 0; i < 1000; i++) {
    state = (state * 1103 + 12345) & 0xffff
    items.push(((state >> 6) << 10) | i)
  }
  items.sort((x, y) => (x >> 12) - (y >> 12))
  let hash: i32 = 0
  for (let i = 0; i < items.length; i++) hash = ((hash << 5) ^ (hash >> 27) ^ items[i]) | 0
  console.log(hash.toString())

  const bytes = new Uint8Array(8)
  bytes[0] = <u8>300
  bytes[1] = <u8>-1
  bytes.set([1, 2, 3], 4)
  bytes.fill(9, 2, 4)
  console.log(bytes.join(' ') + ' ' + bytes.subarray(3, 6).join(' ') + ' ' + bytes.slice(-2).join(' '))
  const shorts = Int16Array.wrap(bytes.buffer, 2, 2)
  shorts[1] = <i16>-2
  console.log(shorts.join(' ') + ' ' + bytes.join(' '))
  const words = new Uint32Array(3)
  words[0] = 0xffffffff
  words[2] = 7
  console.log(words.join(' ') + ' ' + words.reverse().join(' ') + ' ' + words.indexOf(7).toString())
  const clamped = new Uint8ClampedArray(3)
  clamped[0] = 300
  clamped[1] = -5
  console.log(clamped.join(' '))
  const view = new DataView(new ArrayBuffer(16))
  view.setUint16(1, 0xabcd, true)
  view.setInt32(4, -2)
  view.setFloat64(8, -0.1)
  let text = ''
  for (let i = 0; i < 16; i++) text += view.getUint8(i).toString(16) + ' '
  console.log(text + view.getUint16(1).toString() + ' ' + view.getInt32(4, true).toString())
}
