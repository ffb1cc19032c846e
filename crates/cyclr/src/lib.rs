//! A typed async client of the Cyclr REST API.
//!
//! It stands alone: no other room's types, and nothing of the sandbox. Requests are values without
//! I/O ([`Request`], typed by their answer as [`Call`]); [`Client::send`] is the only function that
//! sends. Every [`Error`] says with what [`Certainty`] the call may have happened.
//!
//! ```no_run
//! use gangplank_cyclr::resource::account::{self, AccountBody};
//! use gangplank_cyclr::{Client, Config, Page, Sensitive};
//!
//! # async fn example() -> Result<(), gangplank_cyclr::Error> {
//! // `gangplank sandbox` prints the URL and the credentials of a twin to try this on.
//! let secret = Sensitive::new("demo-secret".to_owned());
//! let client = Client::new(Config::new("http://127.0.0.1:8070", "demo".to_owned(), secret))?;
//! let body = AccountBody { id: Some("acme"), name: Some("Acme Ltd"), ..AccountBody::default() };
//! client.send(account::create(&body).request()).await?;
//! let accounts = client.pages(account::list).await?;
//! assert_eq!(accounts[0].id, "acme");
//! # Ok(())
//! # }
//! ```

mod base_url;
mod body;
mod client;
mod departure;
mod disguise;
mod error;
mod exchange;
mod limit;
mod listing;
mod page;
mod region;
mod request;
pub mod resource;
mod response;
pub mod retry;
mod scrub;
mod sensitive;
mod token;
mod transport;

pub use body::Body;
pub use client::{Client, Config};
pub use departure::Departure;
pub use error::{Certainty, Error, ErrorKind};
pub use limit::{Rate, RateError, Urgency};
pub use listing::Pager;
pub use page::{Identified, Page, Rows};
pub use region::Region;
pub use request::{Call, Method, Request};
pub use response::Response;
pub use scrub::Scrubber;
pub use sensitive::Sensitive;
pub use transport::{Exchange, Failure, Incoming, Outgoing, Transport};
