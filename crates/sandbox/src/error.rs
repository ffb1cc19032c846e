//! `SandboxError`: why a sandbox could not be opened or used.

use std::path::PathBuf;

use crate::variant::VariantError;
use crate::world::WorldError;

/// Why a sandbox could not be opened or used.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A world lists an account id twice.
    #[error("the world has two accounts with the id `{account}`")]
    DuplicateAccount {
        /// The id.
        account: String,
    },
    /// A world lists a user twice.
    #[error("the world has two users with the name `{user}`")]
    DuplicateUser {
        /// The name.
        user: String,
    },
    /// A world's account has a connector that its library lacks.
    #[error("account `{account}` has the connector `{connector}`, which the library does not")]
    UnknownConnector {
        /// The account's id.
        account: String,
        /// The connector's name.
        connector: String,
    },
    /// A world's account has a cycle of a template that its library lacks.
    #[error(
        "account `{account}` has a cycle of the template `{template}`, which the library lacks"
    )]
    UnknownTemplate {
        /// The account's id.
        account: String,
        /// The template's id.
        template: String,
    },
    /// A switch could not be set.
    #[error("a variant is not valid")]
    Variant(#[from] VariantError),
    /// The world could not be read.
    #[error("the world is not valid")]
    World(#[from] WorldError),
    /// The rules of mischief could not be read.
    #[error("the faults are not valid: {reason}")]
    Faults {
        /// What is wrong with them.
        reason: String,
    },
    /// The database could not be read or written.
    #[error("the sandbox database {} cannot be used", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// Another process has the database open.
    #[error("the sandbox database {} is in use by another process", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The database holds something that is not a sandbox's.
    #[error("the sandbox database {} holds a record that cannot be read", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// Commits could not be stored; none is acknowledged any more.
    #[error("commits could not be stored")]
    NotStored {
        /// Why; not known when the thread of the database is gone.
        #[source]
        source: Option<std::sync::Arc<Self>>,
    },
    /// The directory of the database could not be made.
    #[error("the directory {} cannot be made", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The address could not be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// There is no such object to change.
    #[error("the sandbox has no {kind} `{name}`")]
    Missing {
        /// What kind of object.
        kind: &'static str,
        /// How it was named.
        name: String,
    },
}
