/* The note that promises "a0 is the exit code at the exit call": owner "ZisK", type 1, version 1. */
  .section .note.zisk.abi, "a", @note
  .balign 4
  .word 5            /* bytes of the owner, with its terminator */
  .word 4            /* bytes of the descriptor */
  .word 1            /* type: ABI version */
  .asciz "ZisK"
  .balign 4
  .word 1            /* version */
