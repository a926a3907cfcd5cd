/* Start and exit of a guest: run constructors and main, then exit with its result.
   No preprocessor, because the Rust crate assembles this file too; the numbers are those of layout.h. */

  .section .text.start, "ax", @progbits
  .globl _start
  .type _start, @function
_start:
  .option push
  .option norelax
  la gp, _global_pointer
  .option pop
  la sp, _init_stack_top
  la s0, __init_array_start
  la s1, __init_array_end
  bgeu s0, s1, 2f
1:
  ld t0, 0(s0)
  jalr t0
  addi s0, s0, 8
  bltu s0, s1, 1b
2:
  call main
  .size _start, . - _start

/* void zisk_exit(int code): never returns. */
  .globl zisk_exit
  .type zisk_exit, @function
zisk_exit:
  li t0, 0xA001FFF8 /* ZISK_LINUX_FLAG */
  ld t0, 0(t0)
  beqz t0, 3f
  mv s0, a0
  li a0, 1
  li a1, 0xA0010000 /* ZISK_OUTPUT */
  li a2, 256 /* ZISK_OUTPUT_BYTES */
  li a7, 64 /* LINUX_WRITE_CALL */
  ecall
  mv a0, s0
3:
  li a7, 93 /* ZISK_EXIT_CALL */
  ecall
4:
  j 4b
  .size zisk_exit, . - zisk_exit
