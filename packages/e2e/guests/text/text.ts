// Writes a table of numbers as text, and reads it back.
import { commitU64, readU32 } from '@zisk/guest/assembly'

function write(n: u32): string {
  let text = ''
  let state: u32 = 1
  const lines = new Array<string>()
  for (let i: u32 = 0; i < n; i++) {
    state = state * 1664525 + 1013904223
    text = 'item-' + i.toString() + ': ' + (state >> 7).toString() + ', ' + ((state >> 3) & 0xfff).toString()
    lines.push(text)
  }
  return lines.join('\n')
}

export function main(): i32 {
  const text = write(readU32())
  const lines = text.split('\n')
  let hash: u64 = text.length
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]
    const colon = line.indexOf(': ')
    const comma = line.indexOf(', ', colon)
    if (!line.startsWith('item-')) throw new Error('an item expected')
    hash = hash * 31 + <u64>I32.parseInt(line.substring(5, colon))
    hash = hash * 31 + <u64>I32.parseInt(line.substring(colon + 2, comma))
    hash = hash * 31 + <u64>I32.parseInt(line.substring(comma + 2))
  }
  commitU64(hash)
  return 0
}
