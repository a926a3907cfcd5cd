/**
 * What a TypeScript (AssemblyScript) guest sees of the machine: input records, public outputs, UART text, exit, panic.
 * The C header, the Zig module and the Rust crate have the same calls. Code at the top of the entry file is the program;
 * an exported `main(): i32` runs after it and gives the exit code.
 */

@external("zisk", "next_record") declare function nextRecord(): u32
@external("zisk", "copy_record") declare function copyRecord(to: usize): void
@external("zisk", "commit") declare function commitBytes(from: usize, length: u32): void
@external("zisk", "write") declare function writeBytes(from: usize, length: u32): void

/** Takes the next input record. Behind the last record comes an empty one; a read behind that is a fault. */
export function read(): Uint8Array {
  const record = new Uint8Array(nextRecord())
  copyRecord(record.dataStart)
  return record
}

/** Takes the next record as a little-endian integer. Panics unless it has exactly that size. */
@external("zisk", "read_u32") export declare function readU32(): u32
@external("zisk", "read_u64") export declare function readU64(): u64

/** Appends bytes to the public output: byte i lies in word i / 4, lowest byte first. Panics beyond 256 bytes. */
export function commit(bytes: Uint8Array): void {
  commitBytes(bytes.dataStart, bytes.length)
}
@external("zisk", "commit_u32") export declare function commitU32(value: u32): void
@external("zisk", "commit_u64") export declare function commitU64(value: u64): void

/** Sets public output word `id`, and independently of what was committed. Panics unless id < 64. */
@external("zisk", "set_output") export declare function setOutput(id: u32, value: u32): void

/** Prints text on the UART; `console.log` does so with a newline. */
@external("zisk", "print") export declare function print(text: string): void

/** Prints bytes on the UART. */
export function write(bytes: Uint8Array): void {
  writeBytes(bytes.dataStart, bytes.length)
}

/** Ends the run. A code other than 0 is a failure, and part of what is proven. */
@external("zisk", "exit") export declare function exit(code: i32): void

/** Prints "panic: ", the message and a newline; ends the run with exit code 101. */
export function panic(message: string): void {
  print('panic: ' + message + '\n')
  exit(101)
}
