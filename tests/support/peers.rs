//! The real peers of the secrets: an OpenBao server behind a proxy that counts, SOPS and age.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A variable of the test's own environment.
#[expect(
    clippy::disallowed_methods,
    reason = "tools are found where the test was started"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A tool of `tests/peers.sh`. Without it, tests say so and do nothing, except in CI, where that is a
/// failure.
pub(crate) fn tool(name: &str) -> Option<PathBuf> {
    let own = super::root().join("target/peers/bin");
    let path = variable("PATH").unwrap_or_default();
    let found = std::iter::once(own)
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    if found.is_none() {
        let missing = format!("THERE IS NO {name}: secrets are not tested against it");
        assert!(variable("CI").is_none_or(|ci| ci != "true"), "{missing}");
        eprintln!("\n{missing}; run tests/peers.sh\n");
    }
    found
}

/// Runs a tool to its end and takes what it prints.
#[track_caller]
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// An OpenBao server in memory, and the proxy that stands before it.
pub(crate) struct Vault {
    pub(crate) proxy: Proxy,
    program: PathBuf,
    address: String,
    home: TempDir,
    child: Child,
}

impl Drop for Vault {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Vault {
    /// Starts it, unsealed, with the root token `root` and a version 2 engine at `secret`.
    pub(crate) fn start() -> Option<Self> {
        let program = tool("bao")?;
        let home = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let child = Command::new(&program)
            .args([
                "server",
                "-dev",
                "-dev-no-store-token",
                "-dev-root-token-id=root",
            ])
            .arg(format!("-dev-listen-address=127.0.0.1:{port}"))
            .env("HOME", home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let vault = Self {
            proxy: Proxy::start(port),
            program,
            address: format!("http://127.0.0.1:{port}"),
            home,
            child,
        };
        let started = Instant::now();
        while !vault
            .command(&["status"])
            .output()
            .unwrap()
            .status
            .success()
        {
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "bao does not start"
            );
        }
        Some(vault)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .env("BAO_ADDR", &self.address)
            .env("BAO_TOKEN", "root")
            .env("HOME", self.home.path());
        command
    }

    /// Runs the real client as root, past the proxy.
    #[track_caller]
    pub(crate) fn run(&self, args: &[&str]) -> String {
        output(&mut self.command(args)).trim().to_owned()
    }

    /// A role that may read everything: its id and its secret.
    pub(crate) fn role(&self) -> (String, String) {
        let policy = self.home.path().join("policy.hcl");
        fs::write(&policy, "path \"*\" { capabilities = [\"read\"] }").unwrap();
        self.run(&["policy", "write", "reader", policy.to_str().unwrap()]);
        self.run(&["auth", "enable", "approle"]);
        self.run(&["write", "auth/approle/role/ci", "token_policies=reader"]);
        (
            self.run(&["read", "-field=role_id", "auth/approle/role/ci/role-id"]),
            self.run(&[
                "write",
                "-f",
                "-field=secret_id",
                "auth/approle/role/ci/secret-id",
            ]),
        )
    }
}

/// One request as the proxy saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// `GET /v1/secret/data/acme`.
    pub(crate) line: String,
    /// When its answer was passed on.
    pub(crate) answered: jiff::Timestamp,
}

#[derive(Debug, Default)]
struct State {
    seen: Vec<Seen>,
    /// Reads of secrets that wait for each other, and how many of them are to meet.
    waiting: usize,
    meeting: usize,
    met: bool,
    closed: bool,
}

/// Passes requests on, one a connection, and notes them.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) address: String,
    state: Arc<(Mutex<State>, Condvar)>,
    listener: Option<JoinHandle<()>>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.0.lock().unwrap().closed = true;
        // One more connection, so that the listener looks.
        TcpStream::connect(self.address.trim_start_matches("http://")).ok();
        if let Some(listener) = self.listener.take() {
            listener.join().ok();
        }
    }
}

impl Proxy {
    fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::<(Mutex<State>, Condvar)>::default();
        let shared = state.clone();
        let listener = thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.0.lock().unwrap().closed {
                    break;
                }
                let shared = shared.clone();
                thread::spawn(move || pass(stream.unwrap(), port, &shared));
            }
        });
        Self {
            address,
            state,
            listener: Some(listener),
        }
    }

    /// Holds reads of secrets back until so many are under way at once, for five seconds at most.
    pub(crate) fn meet(&self, many: usize) {
        let mut state = self.state.0.lock().unwrap();
        (state.meeting, state.waiting, state.met) = (many, 0, false);
    }

    /// Whether those met.
    pub(crate) fn met(&self) -> bool {
        self.state.0.lock().unwrap().met
    }

    /// The requests so far, which are then forgotten.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state.0.lock().unwrap().seen)
    }
}

fn pass(mut client: TcpStream, port: u16, shared: &(Mutex<State>, Condvar)) {
    let mut request = Vec::new();
    let mut buffer = [0; 8192];
    let (head, body) = loop {
        let read = client.read(&mut buffer).unwrap_or(0);
        request.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let line = line.to_lowercase();
                line.strip_prefix("content-length: ")?.parse().ok()
            });
            if body.len() >= length.unwrap_or(0) {
                break (head.to_owned(), body.to_owned());
            }
        }
        if read == 0 {
            return;
        }
    };
    let line = head.lines().next().unwrap_or_default();
    let line = line.trim_end_matches(" HTTP/1.1").to_owned();
    if line.starts_with("GET") && !line.contains("/sys/") {
        hold(shared);
    }
    let mut server = TcpStream::connect(("127.0.0.1", port)).unwrap();
    // One request a connection, so that its end is the answer's end.
    server
        .write_all(format!("{head}\r\nConnection: close\r\n\r\n{body}").as_bytes())
        .unwrap();
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).unwrap();
    client.write_all(&answer).ok();
    let answered = jiff::Timestamp::now();
    shared.0.lock().unwrap().seen.push(Seen { line, answered });
}

fn hold((state, changed): &(Mutex<State>, Condvar)) {
    let mut state = state.lock().unwrap();
    if state.meeting == 0 {
        return;
    }
    state.waiting += 1;
    if state.waiting >= state.meeting {
        state.met = true;
        changed.notify_all();
    }
    let limit = Duration::from_secs(5);
    let (state, _) = changed
        .wait_timeout_while(state, limit, |state| !state.met)
        .unwrap();
    drop(state);
}

/// Makes an age key in a folder; its file and its recipient.
pub(crate) fn age_key(keygen: &Path, folder: &Path) -> (PathBuf, String) {
    let file = folder.join("age-key");
    output(Command::new(keygen).arg("-o").arg(&file));
    let text = fs::read_to_string(&file).unwrap();
    let recipient = text
        .lines()
        .find_map(|line| line.strip_prefix("# public key: "));
    (file, recipient.unwrap().to_owned())
}

/// Encrypts a YAML text for a recipient.
pub(crate) fn sops(program: &Path, recipient: &str, text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("plain.yaml");
    fs::write(&plain, text).unwrap();
    output(
        Command::new(program)
            .args(["--disable-version-check", "encrypt", "--age", recipient])
            .arg(&plain)
            .current_dir(folder.path()),
    )
}
