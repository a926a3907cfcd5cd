// Counts the words of a text and lists them in order of their counts, then of the alphabet.
import { commitU32, readU32 } from '@zisk/guest/assembly'

function makeText(n: u32): string {
  const words = new Array<string>()
  let state: u32 = 1
  for (let i: u32 = 0; i < n; i++) {
    state = state * 1664525 + 1013904223
    let word = ''
    const length: u32 = 2 + ((state >> 9) & 3)
    for (let j: u32 = 0; j < length; j++) word += String.fromCharCode(97 + ((state >> (10 + 2 * j)) & 3))
    words.push(word)
  }
  return words.join(' ')
}

export function main(): i32 {
  const words = makeText(readU32()).split(' ')
  const counts = new Map<string, i32>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    counts.set(word, counts.has(word) ? counts.get(word) + 1 : 1)
  }
  const list = counts.keys()
  const lines = new Array<string>()
  for (let i = 0; i < list.length; i++) lines.push(counts.get(list[i]).toString().padStart(6, '0') + ' ' + list[i])
  lines.sort()
  const text = lines.join('\n')
  let hash: u32 = list.length
  for (let i = 0; i < text.length; i++) hash = hash * 31 + text.charCodeAt(i)
  commitU32(hash)
  return 0
}
