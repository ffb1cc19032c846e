//! Any text as an address.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gangplank_manifest_fuzz::address(bytes));
