//! The gangplank command.

fn main() {}
