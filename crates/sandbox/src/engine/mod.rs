//! The engine: the sandbox without sockets. A request goes in, an answer comes out.
//!
//! | step | file |
//! | --- | --- |
//! | what is asked for: a route, the token endpoint, nothing | `target.rs` |
//! | the way of a request, step by step | `pipeline.rs` |
//! | an outcome as an answer: headers, bodies of errors | `answer.rs` |

mod answer;
mod core;
mod pipeline;
mod target;

pub use core::Core;
