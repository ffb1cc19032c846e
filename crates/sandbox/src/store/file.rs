//! `File`: the database itself. What a transaction wrote is on disk when it has been committed.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::SandboxError;
use crate::ledger::{LedgerCommit, LedgerRequest};
use crate::state::{Instance, Record, SignIn};
use crate::token::Token;
use crate::world::{Account, PartnerUser, World};

/// Changed only with a table of who reads which.
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS accounts (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS users (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS sign_ins (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS requests (number INTEGER PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS commits (number INTEGER PRIMARY KEY, body TEXT NOT NULL);
";

/// The database of a sandbox.
#[derive(Debug)]
pub(super) struct File {
    connection: Connection,
    path: PathBuf,
}

/// What a database holds.
pub(crate) struct Stored {
    pub(crate) world: World,
    pub(crate) seed: u64,
    pub(crate) counter: u64,
    pub(crate) tokens: HashMap<String, Token>,
    pub(crate) sign_ins: HashMap<String, SignIn>,
    pub(crate) last_request: u64,
    pub(crate) last_commit: u64,
}

/// What one request changed, as it is to be written.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Bodies of accounts by key; none for one that is gone.
    pub(crate) accounts: Vec<(String, Option<String>)>,
    /// Bodies of users and sign-in tokens; none for one that is gone.
    pub(crate) people: Vec<(Record, Option<String>)>,
    /// Bodies of tokens by their text.
    pub(crate) tokens: Vec<(String, String)>,
    pub(crate) requests: Vec<LedgerRequest>,
    pub(crate) commits: Vec<LedgerCommit>,
    pub(crate) counter: Option<u64>,
    /// Body of the instance without its accounts, if an import changed its library.
    pub(crate) world: Option<String>,
}

/// Either kind of thing that can go wrong with a database.
enum Trouble {
    Database(rusqlite::Error),
    Record(serde_json::Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<serde_json::Error> for Trouble {
    fn from(error: serde_json::Error) -> Self {
        Self::Record(error)
    }
}

/// Makes a new file one that nobody else reads: it holds credentials. What stands in the way of that is
/// told by the opening that follows.
fn keep_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}

impl File {
    /// Opens the file for this process alone, and makes it when it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, SandboxError> {
        if let Some(directory) = path.parent().filter(|one| !one.as_os_str().is_empty()) {
            std::fs::create_dir_all(directory).map_err(|source| SandboxError::Directory {
                path: directory.to_owned(),
                source,
            })?;
        }
        keep_private(path);
        let open = || -> Result<Connection, Trouble> {
            let connection = Connection::open(path)?;
            // Another process that is about to end is waited for.
            connection.busy_timeout(Duration::from_secs(2))?;
            connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES} COMMIT;"))?;
            Ok(connection)
        };
        let connection = open().map_err(|trouble| explain(path, trouble))?;
        Ok(Self {
            connection,
            path: path.to_owned(),
        })
    }

    /// Reads all that is stored; nothing for a new file.
    pub(super) fn load(&self) -> Result<Option<Stored>, SandboxError> {
        let load = || -> Result<Option<Stored>, Trouble> {
            let Some(world) = self.meta::<World>("world")? else {
                return Ok(None);
            };
            let accounts = self.bodies::<Account>("SELECT body FROM accounts ORDER BY key")?;
            let users = self.bodies::<PartnerUser>("SELECT body FROM users ORDER BY key")?;
            let world = World {
                users,
                accounts,
                ..world
            };
            Ok(Some(Stored {
                world,
                seed: self.meta("seed")?.unwrap_or_default(),
                counter: self.meta("counter")?.unwrap_or_default(),
                tokens: self.keyed("SELECT token, body FROM tokens")?,
                sign_ins: self.keyed("SELECT key, body FROM sign_ins")?,
                last_request: self
                    .meta("requests_before")?
                    .unwrap_or(0)
                    .max(self.last("requests")?),
                last_commit: self
                    .meta("commits_before")?
                    .unwrap_or(0)
                    .max(self.last("commits")?),
            }))
        };
        load().map_err(|trouble| explain(&self.path, trouble))
    }

    /// Writes an instance into a new file.
    pub(super) fn begin(&mut self, instance: &Instance) -> Result<(), SandboxError> {
        let transaction = |connection: &mut Connection| -> Result<(), Trouble> {
            let transaction = connection.transaction()?;
            put_meta(&transaction, "world", &instance.world_without_accounts())?;
            put_meta(&transaction, "seed", &instance.identity.seed())?;
            put_meta(&transaction, "counter", &instance.counter)?;
            for (key, account) in &instance.accounts {
                let body = serde_json::to_string(account)?;
                put_account(&transaction, key, Some(&body))?;
            }
            for user in instance.people.users() {
                let body = serde_json::to_string(user)?;
                put_record(&transaction, &Record::user(user), Some(&body))?;
            }
            Ok(transaction.commit()?)
        };
        transaction(&mut self.connection).map_err(|trouble| explain(&self.path, trouble))
    }

    /// Writes batches in their order, in one transaction; they are on disk when this returns.
    pub(super) fn write(&mut self, batches: &[Batch]) -> Result<(), SandboxError> {
        let transaction = |connection: &mut Connection| -> Result<(), Trouble> {
            let transaction = connection.transaction()?;
            // Of several bodies of one account the last one counts.
            let accounts: BTreeMap<&str, Option<&str>> = batches
                .iter()
                .flat_map(|batch| &batch.accounts)
                .map(|(key, body)| (key.as_str(), body.as_deref()))
                .collect();
            for (key, body) in accounts {
                put_account(&transaction, key, body)?;
            }
            for batch in batches {
                put_batch(&transaction, batch)?;
            }
            Ok(transaction.commit()?)
        };
        transaction(&mut self.connection).map_err(|trouble| explain(&self.path, trouble))
    }

    /// The rows of the ledger.
    pub(super) fn ledger(&self) -> Result<(Vec<LedgerRequest>, Vec<LedgerCommit>), SandboxError> {
        let load = || -> Result<_, Trouble> {
            Ok((
                self.bodies("SELECT body FROM requests ORDER BY number")?,
                self.bodies("SELECT body FROM commits ORDER BY number")?,
            ))
        };
        load().map_err(|trouble| explain(&self.path, trouble))
    }

    /// Forgets the rows of the ledger, and keeps their last numbers.
    pub(super) fn reset_ledger(&mut self) -> Result<(), SandboxError> {
        let last = |table| self.last(table);
        let reset = || -> Result<(u64, u64), Trouble> { Ok((last("requests")?, last("commits")?)) };
        let (requests, commits) = reset().map_err(|trouble| explain(&self.path, trouble))?;
        let transaction = |connection: &mut Connection| -> Result<(), Trouble> {
            let transaction = connection.transaction()?;
            if requests > 0 {
                put_meta(&transaction, "requests_before", &requests)?;
            }
            if commits > 0 {
                put_meta(&transaction, "commits_before", &commits)?;
            }
            transaction.execute_batch("DELETE FROM requests; DELETE FROM commits;")?;
            Ok(transaction.commit()?)
        };
        transaction(&mut self.connection).map_err(|trouble| explain(&self.path, trouble))
    }

    fn meta<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Trouble> {
        let text = "SELECT value FROM meta WHERE name = ?1";
        let mut statement = self.connection.prepare_cached(text)?;
        let value: Option<String> = statement.query_row([name], |row| row.get(0)).optional()?;
        Ok(value
            .map(|value| serde_json::from_str(&value))
            .transpose()?)
    }

    fn last(&self, table: &str) -> Result<u64, Trouble> {
        let text = format!("SELECT coalesce(max(number), 0) FROM {table}");
        let last: i64 = self.connection.query_row(&text, [], |row| row.get(0))?;
        Ok(u64::try_from(last).unwrap_or_default())
    }

    fn bodies<T: DeserializeOwned>(&self, text: &str) -> Result<Vec<T>, Trouble> {
        let mut statement = self.connection.prepare(text)?;
        let mut rows = statement.query([])?;
        let mut bodies = Vec::new();
        while let Some(row) = rows.next()? {
            let body = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            bodies.push(serde_json::from_str(body)?);
        }
        Ok(bodies)
    }

    fn keyed<T: DeserializeOwned>(&self, text: &str) -> Result<HashMap<String, T>, Trouble> {
        let mut statement = self.connection.prepare(text)?;
        let mut rows = statement.query([])?;
        let mut found = HashMap::new();
        while let Some(row) = rows.next()? {
            let body = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            found.insert(row.get(0)?, serde_json::from_str(body)?);
        }
        Ok(found)
    }
}

fn put_meta<T: Serialize>(
    transaction: &Transaction<'_>,
    name: &str,
    value: &T,
) -> Result<(), Trouble> {
    put_meta_text(transaction, name, &serde_json::to_string(value)?)
}

/// Writes a record that is JSON already.
fn put_meta_text(transaction: &Transaction<'_>, name: &str, value: &str) -> Result<(), Trouble> {
    let text = "INSERT OR REPLACE INTO meta VALUES (?1, ?2)";
    transaction
        .prepare_cached(text)?
        .execute(params![name, value])?;
    Ok(())
}

fn put_account(
    transaction: &Transaction<'_>,
    key: &str,
    body: Option<&str>,
) -> Result<(), Trouble> {
    let Some(body) = body else {
        let text = "DELETE FROM accounts WHERE key = ?1";
        transaction.prepare_cached(text)?.execute([key])?;
        return Ok(());
    };
    let text = "INSERT OR REPLACE INTO accounts VALUES (?1, ?2)";
    transaction
        .prepare_cached(text)?
        .execute(params![key, body])?;
    Ok(())
}

/// Writes a user or a sign-in token, or removes it where it is gone.
fn put_record(
    transaction: &Transaction<'_>,
    record: &Record,
    body: Option<&str>,
) -> Result<(), Trouble> {
    let (table, key) = match record {
        Record::User(key) => ("users", key),
        Record::SignIn(key) => ("sign_ins", key),
    };
    if let Some(body) = body {
        let text = format!("INSERT OR REPLACE INTO {table} VALUES (?1, ?2)");
        transaction
            .prepare_cached(&text)?
            .execute(params![key, body])?;
    } else {
        let text = format!("DELETE FROM {table} WHERE key = ?1");
        transaction.prepare_cached(&text)?.execute([key])?;
    }
    Ok(())
}

/// Writes all of a batch but its accounts.
fn put_batch(transaction: &Transaction<'_>, batch: &Batch) -> Result<(), Trouble> {
    for (record, body) in &batch.people {
        put_record(transaction, record, body.as_deref())?;
    }
    for (token, body) in &batch.tokens {
        let text = "INSERT OR REPLACE INTO tokens VALUES (?1, ?2)";
        transaction
            .prepare_cached(text)?
            .execute(params![token, body])?;
    }
    for request in &batch.requests {
        let text = "INSERT OR REPLACE INTO requests VALUES (?1, ?2)";
        let body = serde_json::to_string(request)?;
        transaction
            .prepare_cached(text)?
            .execute(params![number(request.number), body])?;
    }
    for commit in &batch.commits {
        let text = "INSERT INTO commits VALUES (?1, ?2)";
        let body = serde_json::to_string(commit)?;
        transaction
            .prepare_cached(text)?
            .execute(params![number(commit.number), body])?;
    }
    if let Some(world) = &batch.world {
        put_meta_text(transaction, "world", world)?;
    }
    if let Some(counter) = batch.counter {
        put_meta(transaction, "counter", &counter)?;
    }
    Ok(())
}

fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn explain(path: &Path, trouble: Trouble) -> SandboxError {
    let path = path.to_owned();
    match trouble {
        Trouble::Record(source) => SandboxError::Record { path, source },
        Trouble::Database(error)
            if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) =>
        {
            SandboxError::Busy { path }
        }
        Trouble::Database(source) => SandboxError::Database { path, source },
    }
}
