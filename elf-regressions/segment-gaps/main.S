/* Visits code, constants, data and zeros in segments with gaps between them. */
#include "layout.h"
  .text
  .globl main
main:
  addi sp, sp, -16
  sd ra, 8(sp)
  la a0, near
  lwu s0, 0(a0)
  la t0, middle
  jalr t0
  la t0, far
  jalr t0
  la a0, first
  ld a1, 0(a0)
  add s0, s0, a1
  la a0, odd
  lbu a1, 0(a0)
  add s0, s0, a1
  lbu a1, 4(a0)
  add s0, s0, a1
  la a0, far_data
  ld a1, 0(a0)
  add s0, s0, a1
  la a0, zeros
  ld a1, 0(a0)
  add s0, s0, a1
  sd s0, 8(a0)
  ld a1, 8(a0)
  li t0, ZISK_OUTPUT
  sd a1, 0(t0)
  ld ra, 8(sp)
  addi sp, sp, 16
  li a0, 0
  ret

  .section .text.middle, "ax", @progbits
middle:
  la a0, far_constant
  ld a1, 0(a0)
  add s0, s0, a1
  ret

  .section .text.far, "ax", @progbits
far:
  addi s0, s0, 100
  ret

  .section .rodata.near, "a", @progbits
near:
  .word 1
  .section .rodata.far, "a", @progbits
far_constant:
  .dword 20
  .section .data.first, "aw", @progbits
first:
  .dword 3000
  .section .data.odd, "aw", @progbits
odd:
  .byte 4, 5, 6, 7, 8
  .section .data.far, "aw", @progbits
far_data:
  .dword 50000
  .section .bss.far, "aw", @nobits
zeros:
  .zero 16
