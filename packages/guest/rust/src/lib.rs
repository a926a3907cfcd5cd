//! What a Rust guest of the ZisK machine sees: input records, public outputs, UART text, exit, panic. The C header
//! `zisk.h` and the Zig module have the same calls.
//!
//! ```ignore
//! #![no_main]
//! zisk_guest::entrypoint!(main);
//!
//! fn main() {
//!     let n = zisk_guest::read_u64();
//!     zisk_guest::commit_u64(n * n);
//! }
//! ```
#![no_std]

mod heap;
#[cfg(not(feature = "std"))]
mod panic;
mod start;
mod system;

use core::fmt;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use heap::allocate;

const INPUT_RECORDS: usize = 0x4000_0008;
const INPUT_END: usize = 0x7FFF_FFF8;
const UART: usize = 0xA000_0200;
const OUTPUT: usize = 0xA001_0000;
/// Public output words of a run.
pub const OUTPUT_WORDS: usize = 64;
const OUTPUT_BYTES: usize = 4 * OUTPUT_WORDS;
/// Not 0 when the guest runs as a Linux process, see `layout.h`.
const LINUX_FLAG: usize = 0xA001_FFF8;

static NEXT_RECORD: AtomicUsize = AtomicUsize::new(INPUT_RECORDS);
static COMMITTED: AtomicUsize = AtomicUsize::new(0);

extern "C" {
    fn zisk_exit(code: i32) -> !;
}

/// Takes the next input record; the bytes are 8-byte aligned. Behind the last record comes an empty one; a read behind
/// that is a fault.
pub fn read() -> &'static [u8] {
    let at = NEXT_RECORD.load(Relaxed);
    // The input is mapped for the whole run, and ends with a length of 0.
    let length = unsafe { *(at as *const u64) } as usize;
    // Whoever proves a run chooses every word of the input, lengths too. A record that left it would be memory that the
    // program itself changes, and the next one could begin anywhere.
    assert!(length <= INPUT_END - 8 - at, "input record reaches behind the end of the input");
    let record = unsafe { core::slice::from_raw_parts((at + 8) as *const u8, length) };
    NEXT_RECORD.store(at + 8 + record.len().div_ceil(8) * 8, Relaxed);
    record
}

/// Takes the next record as `N` bytes. Panics unless it has exactly that many.
pub fn read_array<const N: usize>() -> [u8; N] {
    let record = read();
    match record.try_into() {
        Ok(bytes) => bytes,
        Err(_) => panic!("input record expected {N} bytes, got {}", record.len()),
    }
}

/// Takes the next record as a little-endian integer. Panics unless it has exactly that size.
pub fn read_u32() -> u32 {
    u32::from_le_bytes(read_array())
}

/// Takes the next record as a little-endian integer. Panics unless it has exactly that size.
pub fn read_u64() -> u64 {
    u64::from_le_bytes(read_array())
}

/// Appends bytes to the public output: byte i lies in word i / 4, lowest byte first. Panics beyond 256 bytes.
pub fn commit(bytes: &[u8]) {
    let start = COMMITTED.load(Relaxed);
    assert!(
        bytes.len() <= OUTPUT_BYTES - start,
        "public output expected at most {OUTPUT_BYTES} bytes, got {}",
        start + bytes.len()
    );
    unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), (OUTPUT + start) as *mut u8, bytes.len()) }
    COMMITTED.store(start + bytes.len(), Relaxed);
}

pub fn commit_u32(value: u32) {
    commit(&value.to_le_bytes())
}

pub fn commit_u64(value: u64) {
    commit(&value.to_le_bytes())
}

/// Sets public output word `id`, independently of what was committed. Panics unless it is below 64.
pub fn set_output(id: usize, value: u32) {
    assert!(id < OUTPUT_WORDS, "public output word expected below {OUTPUT_WORDS}, got {id}");
    unsafe { (OUTPUT as *mut u32).add(id).write_volatile(value) }
}

/// Prints bytes on the UART.
pub fn write(text: &[u8]) {
    for byte in text {
        unsafe { (UART as *mut u8).write_volatile(*byte) }
    }
    if unsafe { (LINUX_FLAG as *const u64).read_volatile() } != 0 {
        unsafe {
            core::arch::asm!("ecall", inout("a0") 2usize => _, in("a1") text.as_ptr(), in("a2") text.len(), in("a7") 64)
        }
    }
}

/// The UART as a [`fmt::Write`].
pub struct Uart;

impl fmt::Write for Uart {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        write(text.as_bytes());
        Ok(())
    }
}

/// Prints formatted text on the UART.
#[macro_export]
macro_rules! print {
    ($($part:tt)*) => {{
        let _ = ::core::fmt::Write::write_fmt(&mut $crate::Uart, ::core::format_args!($($part)*));
    }};
}

/// [`print!`] with a newline.
#[macro_export]
macro_rules! println {
    ($($part:tt)*) => {{
        $crate::print!($($part)*);
        $crate::write(b"\n");
    }};
}

/// Ends the run. A code other than 0 is a failure, and part of what is proven.
pub fn exit(code: i32) -> ! {
    unsafe { zisk_exit(code) }
}

/// What the function of [`entrypoint!`] may return.
pub trait ExitStatus {
    fn code(self) -> i32;
}

impl ExitStatus for () {
    fn code(self) -> i32 {
        0
    }
}

impl ExitStatus for i32 {
    fn code(self) -> i32 {
        self
    }
}

/// An error is printed, and the exit code is 1.
impl<T: ExitStatus, E: fmt::Debug> ExitStatus for Result<T, E> {
    fn code(self) -> i32 {
        match self {
            Ok(value) => value.code(),
            Err(error) => {
                println!("error: {error:?}");
                1
            }
        }
    }
}

/// Makes a function the program. The crate is `#![no_main]`.
#[macro_export]
macro_rules! entrypoint {
    ($main:path) => {
        #[export_name = "main"]
        extern "C" fn zisk_main() -> i32 {
            $crate::ExitStatus::code($main())
        }
    };
}
