//! Any bytes as a roster.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gangplank_manifest_fuzz::roster(bytes));
