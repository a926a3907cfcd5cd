//! The functions that Rust's standard library calls on `target_os = "zkvm"`. The module around this one brings what they
//! need of the machine.

use super::{allocate, exit, write};

#[no_mangle]
extern "C" fn sys_halt() {
    exit(0)
}

#[no_mangle]
extern "C" fn sys_panic(_: *const u8, _: usize) -> ! {
    // The standard library has printed the message already.
    exit(101)
}

#[no_mangle]
unsafe extern "C" fn sys_write(_: u32, bytes: *const u8, count: usize) {
    write(core::slice::from_raw_parts(bytes, count))
}

#[no_mangle]
unsafe extern "C" fn sys_log(bytes: *const u8, count: usize) {
    write(core::slice::from_raw_parts(bytes, count))
}

#[no_mangle]
extern "C" fn sys_read(_: u32, _: *mut u8, _: usize) -> usize {
    0
}

/// The same bytes in every run.
#[no_mangle]
unsafe extern "C" fn sys_rand(words: *mut u32, count: usize) {
    let mut x: u32 = 0x9e37_79b9;
    for i in 0..count {
        x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        words.add(i).write(x);
    }
}

#[no_mangle]
extern "C" fn sys_getenv(_: *mut u32, _: usize, _: *const u8, _: usize) -> usize {
    usize::MAX
}

#[no_mangle]
extern "C" fn sys_argc() -> usize {
    0
}

#[no_mangle]
extern "C" fn sys_argv(_: *mut u32, _: usize, _: usize) -> usize {
    0
}

#[no_mangle]
extern "C" fn sys_alloc_words(words: usize) -> *mut u32 {
    allocate(4 * words, 4).cast()
}

#[no_mangle]
extern "C" fn sys_alloc_aligned(bytes: usize, align: usize) -> *mut u8 {
    allocate(bytes, align)
}
