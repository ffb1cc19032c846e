//! Why a secret could not be read; never with its value.

/// The reason, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The environment has no such variable.
    #[error("environment variable {0} is not set; set it where this command runs")]
    EnvMissing(String),
    /// The variable is there and empty.
    #[error("environment variable {0} is empty; set it to the secret")]
    EnvEmpty(String),
    /// The variable is not Unicode.
    #[error("environment variable {0} is not valid UTF-8")]
    EnvNotUnicode(String),
    /// The path would leave the manifest's folder.
    #[error("file {0} lies outside the manifest's folder; give a relative path below it")]
    FileOutside(String),
    /// Not a regular file.
    #[error("file {0} is not a regular file")]
    FileKind(String),
    /// Larger than any secret.
    #[error("file {0} is larger than {1} bytes; is it the right file?")]
    FileTooLarge(String, u64),
    /// Nothing in it.
    #[error("file {0} is empty; write the secret into it")]
    FileEmpty(String),
    /// Not text.
    #[error("file {0} is not valid UTF-8")]
    FileNotUnicode(String),
    /// The system said no.
    #[error("file {path} cannot be read")]
    FileUnreadable {
        /// The path as written.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}
