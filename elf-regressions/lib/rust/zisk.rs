//! What a Rust guest sees of the machine: input records, public outputs, UART text, memory, exit.
#![allow(dead_code)]

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

const INPUT_RECORDS: usize = 0x4000_0008;
const UART: usize = 0xA000_0200;
const OUTPUT: usize = 0xA001_0000;
/// Not 0 when the guest runs as a Linux process, see `layout.h`.
const LINUX_FLAG: usize = 0xA001_FFF8;

static NEXT_RECORD: AtomicUsize = AtomicUsize::new(INPUT_RECORDS);
static HEAP_TOP: AtomicUsize = AtomicUsize::new(0);

extern "C" {
    fn zisk_exit(code: i32) -> !;
    static _kernel_heap_bottom: u8;
    static _kernel_heap_top: u8;
}

/// The next input record, empty when there is none left.
pub fn next_record() -> &'static [u8] {
    let at = NEXT_RECORD.load(Relaxed);
    // The input is mapped for the whole run, and ends with a length of 0.
    let record = unsafe { core::slice::from_raw_parts((at + 8) as *const u8, *(at as *const u64) as usize) };
    NEXT_RECORD.store(at + 8 + (record.len() + 7) / 8 * 8, Relaxed);
    record
}

/// The next record as a little-endian u64.
pub fn next_u64(otherwise: u64) -> u64 {
    next_record().first_chunk().map_or(otherwise, |bytes| u64::from_le_bytes(*bytes))
}

/// Sets public output number `id`, 0 to 63.
pub fn set_output(id: usize, value: u32) {
    assert!(id < 64);
    unsafe { (OUTPUT as *mut u32).add(id).write_volatile(value) }
}

/// Sets outputs `id` (low half) and `id + 1`.
pub fn set_output_u64(id: usize, value: u64) {
    set_output(id, value as u32);
    set_output(id + 1, (value >> 32) as u32);
}

pub fn print(text: &[u8]) {
    for byte in text {
        unsafe { (UART as *mut u8).write_volatile(*byte) }
    }
    if unsafe { (LINUX_FLAG as *const u64).read_volatile() } != 0 {
        unsafe {
            core::arch::asm!("ecall", inout("a0") 2usize => _, in("a1") text.as_ptr(), in("a2") text.len(), in("a7") 64)
        }
    }
}

pub fn exit(code: i32) -> ! {
    unsafe { zisk_exit(code) }
}

/// Memory from the heap, which is never given back. Null when there is none left.
pub fn allocate(bytes: usize, align: usize) -> *mut u8 {
    let bottom = &raw const _kernel_heap_bottom as usize;
    let start = (HEAP_TOP.load(Relaxed).max(bottom) + align - 1) & !(align - 1);
    let end = start + bytes;
    if end > &raw const _kernel_heap_top as usize {
        return core::ptr::null_mut();
    }
    HEAP_TOP.store(end, Relaxed);
    start as *mut u8
}
