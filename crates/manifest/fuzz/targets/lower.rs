//! Any text as a manifest that becomes desired state, with secrets in it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gangplank_manifest_fuzz::lower(bytes));
