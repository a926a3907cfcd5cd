//! Reads numbers; publishes how many there are, their sum and the largest.

const std = @import("std");
const zisk = @import("zisk");

pub const panic = zisk.panic;

export fn main() c_int {
    const numbers = std.mem.bytesAsSlice(u32, zisk.read());
    if (numbers.len == 0) @panic("the input has no numbers");

    var sum: u64 = 0;
    var largest: u32 = 0;
    for (numbers) |number| {
        sum += number;
        largest = @max(largest, number);
    }
    zisk.print("the sum of {d} numbers is {d}\n", .{ numbers.len, sum });

    zisk.commitU32(@intCast(numbers.len));
    zisk.commitU64(sum);
    zisk.commitU32(largest);
    return 0;
}
