//! The engine: the sandbox without sockets. A request goes in, an answer comes out.
//!
//! | step | file |
//! | --- | --- |
//! | what is asked for: a route, the token endpoint, nothing | `target.rs` |
//! | the way of a request, step by step | `pipeline.rs` |
//! | what mischief does, and where on the way | `mischief.rs` |
//! | bodies that are not what they should be | `spoil.rs`, `bomb.rs` |
//! | writes that are done later, writes that are not seen yet | `late.rs`, `stale.rs` |
//! | an outcome as an answer: headers, bodies of errors | `answer.rs` |

mod answer;
mod bomb;
mod core;
mod late;
mod mischief;
mod pipeline;
mod spoil;
mod stale;
mod target;

pub use core::Core;
