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
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A SOPS file.
    #[error(transparent)]
    Sops(#[from] SopsError),
    /// A command.
    #[error(transparent)]
    Command(#[from] CommandError),
}

/// Why the vault gave nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub enum VaultError {
    /// Nobody said where it is.
    #[error(
        "no vault is named; write `secrets: {{ vault: {{ address: ... }} }}` or set VAULT_ADDR"
    )]
    NoAddress,
    /// The address would send the token in the clear, or is none.
    #[error("the vault's address is not https://host, nor http:// on this machine")]
    BadAddress,
    /// Nobody said as whom.
    #[error(
        "no token for the vault; set VAULT_TOKEN, or write `auth` in `secrets: {{ vault: ... }}`"
    )]
    NoToken,
    /// The token or the namespace cannot stand in a header.
    #[error("{0} holds characters that no header may have")]
    BadHeader(&'static str),
    /// What logs in could not be read.
    #[error("the login to the vault lacks {reference}: {reason}")]
    Login {
        /// The reference.
        reference: String,
        /// Why, in words.
        reason: String,
    },
    /// The CA file is missing or no PEM.
    #[error("the vault's CA file cannot be used: {0}")]
    CaFile(String),
    /// The client could not be made.
    #[error("no HTTP client could be made for the vault")]
    NoClient,
    /// No answer, twice.
    #[error("the vault does not answer: {0}")]
    Unreachable(&'static str),
    /// It leads elsewhere, where no token goes.
    #[error(
        "the vault redirects to another address, which is not followed; name that address itself"
    )]
    Redirect,
    /// 400 or 401 to a login.
    #[error("the vault refuses the login ({0}); check role, secret and mount")]
    LoginRefused(u16),
    /// 403.
    #[error("the vault refuses (403); the token is wrong, has expired or may not read {0}")]
    Forbidden(&'static str),
    /// 404.
    #[error("the vault has nothing at this path, or it was deleted")]
    Missing,
    /// 503.
    #[error("the vault is sealed or not ready (503); unseal it")]
    Sealed,
    /// Another status.
    #[error("the vault answers with status {0}")]
    Status(u16),
    /// No JSON of the known form.
    #[error("the vault's answer cannot be understood; is a Vault or an OpenBao at its address?")]
    Answer,
    /// Larger than any secret.
    #[error("the vault's answer is larger than {0} bytes; is it the right path?")]
    TooLarge(usize),
    /// Not a key-value engine.
    #[error("the mount is no key-value engine; only those are read")]
    Engine,
    /// No such field.
    #[error("the vault's secret has no such field; it has {0}")]
    NoField(String),
    /// A map, a list or null.
    #[error("the field is no text; only text, numbers and flags are read")]
    NotText,
    /// An empty text.
    #[error("the field is empty")]
    Empty,
}

impl VaultError {
    /// The reference of the login that could not be read, in words.
    pub fn login(&self) -> Option<&str> {
        match self {
            Self::Login { reference, .. } => Some(reference),
            _ => None,
        }
    }
}

/// Why a SOPS file gave nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SopsError {
    /// The file could not be read.
    #[error("{0}")]
    File(String),
    /// Not YAML and not JSON.
    #[error("the file is no YAML or JSON with one map in it")]
    Syntax,
    /// No `sops` section, or without age recipients.
    #[error("the file has no `sops` section with age recipients; encrypt it with `sops --age`")]
    NotSops,
    /// No age key was given.
    #[error("no age key; set SOPS_AGE_KEY or SOPS_AGE_KEY_FILE")]
    NoKey,
    /// The key file could not be read.
    #[error("the age keys in SOPS_AGE_KEY_FILE cannot be read")]
    KeyFile,
    /// None of the keys opens it.
    #[error("none of the age keys opens the file; is it encrypted for another recipient?")]
    WrongKey,
    /// A value does not decrypt.
    #[error("a value of the file does not decrypt; the file was changed or is damaged")]
    Damaged,
    /// The code over all values differs.
    #[error(
        "the file's MAC does not match; it was changed without sops, and nothing of it is used"
    )]
    Mac,
    /// No such key.
    #[error("the file has no such key")]
    NoValue,
    /// Several ways to read the key.
    #[error("the key fits several values, since names in the file hold dots")]
    Ambiguous,
    /// A map, a list or null.
    #[error("the value is no text; only text, numbers and flags are read")]
    NotText,
    /// Bytes that are no UTF-8.
    #[error("the value is not valid UTF-8")]
    NotUnicode,
    /// An empty text.
    #[error("the value is empty")]
    Empty,
    /// Outside of what the MAC covers.
    #[error("the value is not encrypted and the MAC does not cover it; encrypt it")]
    Uncovered,
}

/// Why a command gave nothing. What it wrote on standard error is never kept.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommandError {
    /// Nobody allowed commands.
    #[error("commands are not run unless --allow-commands says so")]
    NotAllowed,
    /// It could not be started.
    #[error("the program cannot be started: {0}")]
    Start(std::io::ErrorKind),
    /// Its output could not be read.
    #[error("the program's output cannot be read: {0}")]
    Read(std::io::ErrorKind),
    /// It took too long.
    #[error("the program, or one that it started, did not end within {0} s; all were stopped")]
    TimedOut(u64),
    /// It failed.
    #[error("the program ended with {0}; run it by hand to see why")]
    Failed(String),
    /// Larger than any secret.
    #[error("the program printed more than {0} bytes and was stopped; is it the right one?")]
    TooLarge(u64),
    /// Nothing.
    #[error("the program printed nothing")]
    Empty,
    /// Not text.
    #[error("the program printed what is not valid UTF-8")]
    NotUnicode,
}
