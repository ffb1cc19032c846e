//! The embedded sandbox behind `--sandbox`: no account, no network, no server of one's own.

use gangplank_sandbox::{Listening, Sandbox, SandboxError, SandboxOptions};
use std::path::Path;

/// Where the embedded sandbox keeps what it holds, unless told otherwise.
pub(crate) const DEFAULT_DATABASE: &str = ".gangplank/sandbox.db";

/// A sandbox that listens on a free port of the loopback for as long as this lives.
#[derive(Debug)]
pub(crate) struct Embedded {
    listening: Listening,
    /// Client id and secret that it accepts.
    pub(crate) credentials: (String, String),
}

impl Embedded {
    /// Opens the database, made if missing, and starts to listen.
    pub(crate) async fn start(database: &Path) -> Result<Self, SandboxError> {
        let sandbox = Sandbox::open(SandboxOptions {
            database: Some(database.to_owned()),
            ..SandboxOptions::default()
        })?;
        let listening = sandbox.listen(([127, 0, 0, 1], 0).into()).await?;
        Ok(Self {
            listening,
            credentials: sandbox.credentials(),
        })
    }

    /// The base URL of its API.
    pub(crate) fn url(&self) -> String {
        self.listening.url()
    }

    /// Stops listening and lets go of the database.
    pub(crate) async fn stop(self) {
        self.listening.shutdown().await;
    }
}
