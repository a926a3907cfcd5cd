/* Runs from RAM: calls, a loop over a table next to the code's page, and outputs. */
#include "layout.h"
  .text
  .globl main
main:
  la a0, table
  li a1, 0
  li a2, 4
1:
  ld a3, 0(a0)
  add a1, a1, a3
  addi a0, a0, 8
  addi a2, a2, -1
  bnez a2, 1b
  li t0, ZISK_OUTPUT
  sw a1, 0(t0)
  la a3, main
  srli a3, a3, 12
  sw a3, 4(t0)
  li a0, 0
  ret
  .data
  .balign 8
table:
  .dword 1, 20, 300, 4000
