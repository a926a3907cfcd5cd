//! Counts words with the standard library: HashMap, String, iterators, sorting and println!.
//! Input: record 0 the text, record 1 u64 repetitions. Outputs: number of words, of different words, and a hash of the counts.

mod system;
mod zisk;

use std::collections::HashMap;

fn count(text: &str) -> HashMap<String, u64> {
    let mut counts = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    counts
}

fn main() {
    let record = zisk::next_record();
    let (text, repetitions) = if record.is_empty() {
        ("to be or not to be", 1)
    } else {
        (std::str::from_utf8(record).expect("the text is not UTF-8"), zisk::next_u64(1))
    };
    let mut counts = HashMap::new();
    let mut total = 0;
    for _ in 0..repetitions {
        counts = count(text);
        total += counts.values().sum::<u64>();
    }
    let mut sorted: Vec<_> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    for (word, count) in sorted.iter().take(8) {
        println!("{count:4} {word:?}");
    }
    let hash = sorted.iter().fold(0xcbf2_9ce4_8422_2325u64, |h, (word, count)| {
        word.bytes().fold(h ^ count, |h, byte| (h ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
    });
    zisk::set_output_u64(0, total);
    zisk::set_output_u64(2, sorted.len() as u64);
    zisk::set_output_u64(4, hash);
}
