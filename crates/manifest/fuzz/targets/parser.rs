//! Any bytes as a manifest.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gangplank_manifest_fuzz::parser(bytes));
