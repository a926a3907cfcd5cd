/**
 * Frame of a self-checking assembly program. Register use: s0 checksum, s1 group number, s2 case in the group, s3 checks
 * done. A wrong result ends the program with the group number as exit code and outputs {group, case, got, wanted};
 * success ends it with exit code 0 and outputs {checksum, checks}.
 */
import { outputWords } from '../case.ts'
import { BOUNDARIES, hex, u64 } from './words.ts'

export class AssemblyTest {
  /** What the loops over operands run through; a table in ROM. */
  readonly operands: readonly bigint[]
  #groups = 0
  #checksum = 0n
  #checks = 0
  readonly #code: string[] = []
  readonly #data: string[] = []

  constructor(operands: readonly bigint[] = BOUNDARIES) {
    this.operands = operands
    this.table('operands', operands)
    this.data('operands_end:')
  }

  /** Starts a group; its number is the exit code when one of its checks fails. */
  group(title: string): number {
    this.#groups++
    if (this.#groups > 255) throw new Error('an exit code has 8 bits')
    this.#code.push(`\n  /* group ${this.#groups}: ${title} */`, `  li s1, ${this.#groups}`, '  li s2, 0')
    return this.#groups
  }

  code(...lines: readonly string[]): void {
    this.#code.push(
      ...lines.flatMap((text) => text.split('\n')).map((line) => (/^[\w.$]+:/.test(line) ? line : `  ${line}`)),
    )
  }

  data(...lines: readonly string[]): void {
    this.#data.push(...lines)
  }

  /** Puts a table of 64-bit words under a label. */
  table(label: string, words: readonly bigint[]): void {
    this.#data.push('  .balign 8', `${label}:`)
    for (let i = 0; i < words.length; i += 8)
      this.#data.push(
        `  .dword ${words
          .slice(i, i + 8)
          .map(hex)
          .join(', ')}`,
      )
  }

  /** Records in the model that the program mixes these values in, one check each, through `CHECK`. */
  expect(values: readonly bigint[]): void {
    for (const value of values) {
      this.#checksum = u64(u64((this.#checksum << 1n) | (this.#checksum >> 63n)) + u64(value))
      this.#checks++
    }
  }

  /** Checks that a register has a value; clobbers t0 and t1. */
  check(register: string, value: bigint): void {
    this.code(`li t1, ${hex(value)}`, `CHECK ${register}, t1`)
    this.expect([value])
  }

  /** The whole program. */
  text(): string {
    return [HEAD, ...this.#code, TAIL, ...this.#data, ''].join('\n')
  }

  outputs(): number[] {
    return outputWords(this.#checksum, BigInt(this.#checks))
  }
}

const HEAD = `#include "layout.h"

/* Compares, counts and mixes one result; clobbers t0. */
  .macro CHECK got, want
  mv a6, \\got
  mv a7, \\want
  bne a6, a7, 90f
  srli t0, s0, 63
  slli s0, s0, 1
  or s0, s0, t0
  add s0, s0, a6
  addi s2, s2, 1
  addi s3, s3, 1
  j 91f
90:
  j failed
91:
  .endm

  .text
  .globl main
  .type main, @function
main:
  addi sp, sp, -16
  sd ra, 8(sp)
  li s0, 0
  li s3, 0`

const TAIL = `
  li a0, 0
finish:
  li t0, ZISK_OUTPUT
  sd s0, 0(t0)
  sd s3, 8(t0)
  ld ra, 8(sp)
  addi sp, sp, 16
  ret

failed:
  li t0, ZISK_OUTPUT
  sw s1, 0(t0)
  sw s2, 4(t0)
  sd a6, 8(t0)
  sd a7, 16(t0)
  mv a0, s1
  j zisk_exit
  .size main, . - main

  .section .rodata`
