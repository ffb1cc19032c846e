//! Secrets that a program prints: no shell, a scrubbed environment, a bound on time and size.

use crate::error::CommandError;
use crate::{env, file};
use gangplank_model::{Secret, SecretsSpec};
use rustix::process::{Pid, Signal, kill_process_group};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

/// No secret is larger than this.
const LIMIT: u64 = 64 * 1024;
/// How long a program may take when nobody says otherwise, in seconds.
const SECONDS: u64 = 30;
/// What every program is given of our environment.
const ALWAYS: [&str; 3] = ["PATH", "HOME", "LANG"];

/// Runs a program in the manifest's folder and takes what it prints, less one newline at the end.
pub(crate) async fn run(
    folder: &str,
    words: &[String],
    spec: &SecretsSpec,
) -> Result<Secret, CommandError> {
    let (program, arguments) = words.split_first().ok_or(CommandError::Empty)?;
    let folder = if folder.is_empty() { "." } else { folder };
    let names = ALWAYS
        .into_iter()
        .chain(spec.command_env.iter().map(String::as_str));
    let mut command = Command::new(located(folder, program)?);
    command
        .args(arguments)
        .env_clear()
        .envs(names.filter_map(|name| Some((name, env::given(name)?))))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0);
    let seconds = spec.command_timeout.unwrap_or(SECONDS);
    match tokio::time::timeout(Duration::from_secs(seconds), output(command)).await {
        Ok(output) => output,
        Err(_) => Err(CommandError::TimedOut(seconds)),
    }
}

/// A name is looked for in `PATH`; a path with a folder is below the manifest's folder, as the
/// system would not promise, or absolute.
fn located(folder: &str, program: &str) -> Result<std::path::PathBuf, CommandError> {
    if program.starts_with('/') || !program.contains('/') {
        return Ok(program.into());
    }
    let folder = std::path::Path::new(folder).canonicalize();
    folder
        .map(|folder| folder.join(program))
        .map_err(|error| CommandError::Start(error.kind()))
}

/// A program with all that it started. Dropped, they are killed, unless the program has ended.
struct Group {
    leader: Child,
}

impl Drop for Group {
    fn drop(&mut self) {
        // There is an id until the leader was waited for, and until then it is given to nobody else.
        let id = self.leader.id().and_then(|id| i32::try_from(id).ok());
        if let Some(group) = id.and_then(Pid::from_raw) {
            // It fails only where nobody of the group is left.
            kill_process_group(group, Signal::KILL).ok();
        }
    }
}

async fn output(mut command: Command) -> Result<Secret, CommandError> {
    let leader = command
        .spawn()
        .map_err(|error| CommandError::Start(error.kind()))?;
    let mut group = Group { leader };
    let mut bytes = Zeroizing::new(Vec::new());
    if let Some(stdout) = group.leader.stdout.take() {
        stdout
            .take(LIMIT + 1)
            .read_to_end(&mut bytes)
            .await
            .map_err(|error| CommandError::Read(error.kind()))?;
    }
    if bytes.len() as u64 > LIMIT {
        return Err(CommandError::TooLarge(LIMIT));
    }
    let status = group
        .leader
        .wait()
        .await
        .map_err(|error| CommandError::Read(error.kind()))?;
    if !status.success() {
        return Err(CommandError::Failed(status.to_string()));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| CommandError::NotUnicode)?;
    let text = file::without_newline(text);
    if text.is_empty() {
        return Err(CommandError::Empty);
    }
    Ok(Secret::new(text.to_owned()))
}
