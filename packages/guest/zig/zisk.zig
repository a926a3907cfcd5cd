//! What a Zig guest sees of the machine: input records, public outputs, UART text, exit, panic.
//! `export fn main() c_int` is the program; `pub const panic = zisk.panic;` in the root file gives panics a message.

const std = @import("std");

const c = struct {
    const Record = extern struct { data: [*]const u8, length: usize };
    extern fn zisk_read() Record;
    extern fn zisk_read_u32() u32;
    extern fn zisk_read_u64() u64;
    extern fn zisk_commit(bytes: [*]const u8, length: usize) void;
    extern fn zisk_set_output(id: c_uint, value: u32) void;
    extern fn zisk_write(bytes: [*]const u8, length: usize) void;
    extern fn zisk_exit(code: c_int) noreturn;
    extern fn malloc(bytes: usize) ?[*]u8;
    extern fn aligned_alloc(alignment: usize, bytes: usize) ?[*]u8;
    extern fn free(block: [*]u8) void;
};

/// Takes the next input record, whose bytes stay readable for the whole run. Behind the last record comes an empty
/// one; a read behind that is a fault.
pub fn read() []const u8 {
    const record = c.zisk_read();
    return record.data[0..record.length];
}

/// Takes the next record as a little-endian integer. Panics unless it has exactly that size.
pub fn readU32() u32 {
    return c.zisk_read_u32();
}

pub fn readU64() u64 {
    return c.zisk_read_u64();
}

/// Appends bytes to the public output: byte i lies in word i / 4, lowest byte first. Panics beyond 256 bytes.
pub fn commit(bytes: []const u8) void {
    c.zisk_commit(bytes.ptr, bytes.len);
}

pub fn commitU32(value: u32) void {
    commit(std.mem.asBytes(&value));
}

pub fn commitU64(value: u64) void {
    commit(std.mem.asBytes(&value));
}

/// Sets public output word `id`, below 64.
pub fn setOutput(id: u32, value: u32) void {
    c.zisk_set_output(id, value);
}

/// Prints on the UART.
pub fn write(bytes: []const u8) void {
    c.zisk_write(bytes.ptr, bytes.len);
}

/// Prints formatted text, at most 1024 bytes of it.
pub fn print(comptime format: []const u8, arguments: anytype) void {
    var buffer: [1024]u8 = undefined;
    write(std.fmt.bufPrint(&buffer, format, arguments) catch &buffer);
}

/// Ends the run. A code other than 0 is a failure, and part of what is proven.
pub fn exit(code: c_int) noreturn {
    c.zisk_exit(code);
}

/// Prints the message and ends the run with exit code 101.
pub const panic = std.debug.FullPanic(panicWithMessage);

fn panicWithMessage(message: []const u8, _: ?usize) noreturn {
    write("panic: ");
    write(message);
    write("\n");
    exit(101);
}

/// The heap of the guest library.
pub const allocator: std.mem.Allocator = .{ .ptr = undefined, .vtable = &.{
    .alloc = allocate,
    .resize = std.mem.Allocator.noResize,
    .remap = std.mem.Allocator.noRemap,
    .free = release,
} };

fn allocate(_: *anyopaque, length: usize, alignment: std.mem.Alignment, _: usize) ?[*]u8 {
    return c.aligned_alloc(@max(16, alignment.toByteUnits()), length);
}

fn release(_: *anyopaque, memory: []u8, _: std.mem.Alignment, _: usize) void {
    c.free(memory.ptr);
}
