//! Reads numbers; publishes how many there are, their sum and the largest.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use zisk_guest::{commit_u32, commit_u64, println};

zisk_guest::entrypoint!(main);

fn main() {
    let numbers: Vec<u32> = zisk_guest::read().chunks_exact(4).map(|b| u32::from_le_bytes(b.try_into().unwrap())).collect();
    let largest = *numbers.iter().max().expect("the input has no numbers");
    let sum: u64 = numbers.iter().map(|&number| u64::from(number)).sum();
    println!("the sum of {} numbers is {sum}", numbers.len());

    commit_u32(numbers.len() as u32);
    commit_u64(sum);
    commit_u32(largest);
}
