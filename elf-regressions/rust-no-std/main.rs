//! Collatz sequences without the standard library: vectors, an ordered map, formatted text, wide and atomic integers, and
//! floating point in software. Input: u64 n. Outputs: hash of the printed text, longest sequence, its start, checksum.
#![no_std]
#![no_main]

extern crate alloc;

mod no_std;
mod zisk;

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use core::sync::atomic::{AtomicU64, Ordering};

static STEPS: AtomicU64 = AtomicU64::new(0);

fn collatz(start: u64) -> u64 {
    let mut x = start;
    let mut length = 0;
    while x != 1 {
        x = if x % 2 == 0 { x / 2 } else { 3 * x + 1 };
        length += 1;
    }
    STEPS.fetch_add(length, Ordering::SeqCst);
    length
}

#[no_mangle]
extern "C" fn main() -> i32 {
    let n = zisk::next_u64(100);
    let mut by_length: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for start in 1..=n {
        by_length.entry(collatz(start)).or_default().push(start);
    }
    let mut text = String::new();
    for (length, starts) in by_length.iter().rev().take(10) {
        text += &format!("{length:>4}: {} starts, first {:#x}\n", starts.len(), starts[0]);
    }
    let steps = STEPS.load(Ordering::SeqCst);
    text += &format!("mean {:.4}\n", steps as f64 / n as f64);
    let checksum = by_length.iter().fold(1u128, |sum, (length, starts)| {
        let total: u128 = starts.iter().map(|&start| u128::from(start)).sum();
        (sum * 1_000_003 + total * u128::from(*length)) % ((1 << 89) - 1)
    });
    text += &format!("checksum {checksum}\n");
    zisk::print(text.as_bytes());
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, byte| (h ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    let (longest, starts) = by_length.last_key_value().unwrap();
    zisk::set_output_u64(0, hash);
    zisk::set_output_u64(2, *longest);
    zisk::set_output_u64(4, starts[0]);
    zisk::set_output_u64(6, steps);
    0
}
