/* Overwrites its own next instruction. This code lies in RAM, where a store is otherwise allowed. */
  .text
  .globl main, fault
main:
  la a0, next
  li a1, 0x13
fault:
  sw a1, 0(a0)
  fence.i
next:
  li a0, 0
  ret
