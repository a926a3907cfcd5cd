/* Start and exit of a ZisK 0.12 guest: no ABI note, and whatever is in a0 at the exit call. */
#include "layout.h"
  .section .text.start, "ax", @progbits
  .globl _start
_start:
  .option push
  .option norelax
  la gp, _global_pointer
  .option pop
  la sp, _init_stack_top
  call main
  li a7, ZISK_EXIT_CALL
  ecall
