/* Addresses of the ZisK memory map, for C and for the assembler. */
#define ZISK_INPUT_RECORDS 0x40000008
#define ZISK_INPUT_END 0x7FFFFFF8
#define ZISK_UART 0xA0000200
#define ZISK_OUTPUT 0xA0010000
#define ZISK_OUTPUT_BYTES 256
#define ZISK_EXIT_CALL 93

/* Last word of the output window, never published. It reads 0 under ZisK; the image that runs the same ELF under
   qemu-riscv64 sets it, and the runtime then also sends the UART to stderr and the outputs to stdout. */
#define ZISK_LINUX_FLAG 0xA001FFF8
#define LINUX_WRITE_CALL 64
