/**
 * Compares the decoder with `riscv64-unknown-elf-objdump` on all halfwords and on random words.
 *
 * usage: node --conditions=zisk-source --import tsx packages/riscv2zisk/scripts/compare-objdump.ts [words] [seed]
 */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, disassemble, isCompressed } from '../src/index.ts'

const wordCount = Number(process.argv[2] ?? 300_000)
let state = Number(process.argv[3] ?? 1) >>> 0
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state
}
const MAJOR_OPCODES = [0x03, 0x07, 0x0f, 0x13, 0x17, 0x1b, 0x23, 0x27, 0x2f, 0x33, 0x37, 0x3b, 0x43, 0x53, 0x63, 0x67]

const folder = mkdtempSync(join(tmpdir(), 'compare-objdump-'))
interface Difference {
  readonly encoding: number
  readonly ours: string
  readonly theirs: string
}

function compare(encodings: readonly number[], size: 2 | 4): Difference[] {
  const code = join(folder, 'code.bin')
  writeFileSync(code, size === 2 ? Uint16Array.from(encodings) : Uint32Array.from(encodings))
  const dump = execFileSync('riscv64-unknown-elf-objdump', ['-b', 'binary', '-m', 'riscv:rv64', '-D', code], {
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
  })
  const differences: Difference[] = []
  let index = 0
  for (const line of dump.split('\n')) {
    const match = /^\s*([0-9a-f]+):\s+([0-9a-f ]+?)\s*\t(.*)$/.exec(line)
    if (match === null) continue
    const pc = Number.parseInt(match[1]!, 16)
    const encoding = encodings[index++]
    if (encoding === undefined || pc !== (index - 1) * size) throw new Error(`lost step at ${line}`)
    const theirs = normalise(match[3]!)
    const ours = normalise(disassemble(decode(encoding), pc))
    if (ours !== theirs && !isSame(ours, theirs)) differences.push({ encoding, ours, theirs })
  }
  if (index !== encodings.length) throw new Error(`objdump showed ${index} of ${encodings.length} instructions`)
  return differences
}

function normalise(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ?[<#].*$/, '')
    .replace(/0x/g, '')
    .trim()
}

/** objdump omits the i of immediate forms of compressed instructions, and writes their HINTs as `c.name operands`. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  add: 'addi',
  addw: 'addiw',
  and: 'andi',
  sll: 'slli',
  srl: 'srli',
  sra: 'srai',
}

/** Ways of writing one instruction, and floating-point operands, do not matter here. */
function isSame(ours: string, theirs: string): boolean {
  const [name = '', operands = ''] = theirs.split(' ')
  if (ours === `${SHORT_FORMS[name]} ${operands}`) return true
  // HINTs: only the register x0 and the immediate 0 distinguish them from what they abbreviate.
  if (name.startsWith('c.') && /zero|64/.test(theirs)) return true
  if (/^mv (\w+),\1$/.test(ours) && operands.endsWith(',0')) return true
  if (ours === 'nop' && name === 'c.nop') return true
  if (/^li zero/.test(ours) && name === 'c.nop') return true
  // Reserved fields of fences do not matter to the machine; branches between x0 have two pseudo-instructions.
  if (/^fence/.test(ours) && name === '.4byte') return true
  if (/^b(ge|le|lt|gt)z zero/.test(ours)) return true
  // Reserved rounding modes and c.addi16sp by 0, which objdump shows all the same.
  if (/^\.word/.test(ours) && theirs.endsWith(',unknown')) return true
  if (ours === '.half 6101') return true
  const mnemonic = (text: string) => text.split(' ')[0]!.replace(/^c\./, '')
  if (/^f(?!ence)|^c\.f/.test(ours))
    return mnemonic(ours) === mnemonic(theirs).replace(/sp$/, '') || /^(fr|fs|fmv|fneg|fabs|fl|fs)/.test(theirs)
  if (/^\.(half|word) /.test(ours)) return /^\.[24]byte|^unimp/.test(theirs)
  if (/^csr/.test(ours)) return /^(csr|rd|f[rs]|unimp)/.test(theirs)
  return false
}

function report(what: string, differences: readonly Difference[]): void {
  console.log(`${what}: ${differences.length} differences`)
  const groups = new Map<string, Difference[]>()
  for (const difference of differences) {
    const key = `${difference.ours.split(' ')[0]} / ${difference.theirs.split(' ')[0]}`
    groups.set(key, [...(groups.get(key) ?? []), difference])
  }
  for (const [key, group] of groups) {
    const { encoding, ours, theirs } = group[0]!
    console.log(`  ${group.length} x ${key}, first 0x${encoding.toString(16)}: ${ours} | ${theirs}`)
  }
}

try {
  const halves = Array.from({ length: 0x10000 }, (_, half) => half).filter(isCompressed)
  const words = Array.from({ length: wordCount }, () => {
    const opcode = [...MAJOR_OPCODES, 0x6f, 0x73][random() % (MAJOR_OPCODES.length + 2)]!
    // Random upper bits seldom hit the few legal values of funct7, so half of the words get one of those.
    const legal = [0, 1, 0x20][random() % 3]! * 2 ** 25
    const upper = random() % 2 === 0 ? (random() & 0x01ffff80) + legal : random() & 0xffffff80
    return (upper | opcode) >>> 0
  })
  report('halfwords', compare(halves, 2))
  report('words', compare(words, 4))
} finally {
  rmSync(folder, { recursive: true })
}
