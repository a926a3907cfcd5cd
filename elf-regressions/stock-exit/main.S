/* Start and exit as the guests of ZisK itself do it: no ABI note, and whatever is in a0 at the exit call. */
#include "layout.h"
#define MARCHID_ZISK 0xFFFEEEE
  .section .text.start, "ax", @progbits
  .globl _start
_start:
  .option push
  .option norelax
  la gp, _global_pointer
  .option pop
  la sp, _init_stack_top
  call main
  csrr t0, marchid
  li t1, MARCHID_ZISK
  bne t0, t1, 1f
  li a7, ZISK_EXIT_CALL
  ecall
1:
  j 1b

  .text
  .globl main
main:
  li t0, ZISK_OUTPUT
  li a0, 1234567
  sw a0, 0(t0)
  sw a0, 252(t0)
  ret
