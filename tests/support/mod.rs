//! A bench for one test: a sandbox that listens, a folder for manifests, and the real binary.

pub(crate) mod fleet;
pub(crate) mod layout;
pub(crate) mod peers;
pub(crate) mod running;
pub(crate) mod scene;

use gangplank_sandbox::{
    Answer, Ledger, LedgerRequest, Listening, Request, Sandbox, SandboxOptions,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{fs, str};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// What the binary left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Fails, with everything that was said, unless the exit code is this one.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// The last line of standard output.
    pub(crate) fn last_line(&self) -> &str {
        self.stdout.lines().next_back().unwrap_or_default()
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).expect("standard output is JSON")
    }
}

/// The top of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// Runs the binary in a folder, with nothing of our own environment but these variables.
pub(crate) fn gangplank(
    folder: &Path,
    variables: &BTreeMap<String, String>,
    args: &[&str],
) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_gangplank"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .envs(variables)
        .output()
        .unwrap();
    Ended {
        code: output.status.code().expect("ended by itself"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A sandbox on a free port, and a folder whose manifests point at it.
pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: TempDir,
    pub(crate) variables: BTreeMap<String, String>,
    url: String,
    _listening: Listening,
    runtime: Runtime,
}

impl Bench {
    /// Starts with the demo world: the standard library, no account.
    pub(crate) fn new() -> Self {
        Self::with(SandboxOptions::default())
    }

    /// Starts with a world of its own.
    pub(crate) fn with(options: SandboxOptions) -> Self {
        let runtime = Runtime::new().unwrap();
        let sandbox = Sandbox::open(options).unwrap();
        let listening = runtime
            .block_on(sandbox.listen("127.0.0.1:0".parse().unwrap()))
            .unwrap();
        let (id, secret) = sandbox.credentials();
        let variables = [("CLIENT_ID", id), ("CLIENT_SECRET", secret)];
        Self {
            url: listening.url(),
            sandbox,
            folder: tempfile::tempdir().unwrap(),
            variables: variables
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
            _listening: listening,
            runtime,
        }
    }

    /// The base URL of the instance's API.
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// Sets a variable for every later run.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Writes `manifest.yaml`: the instance, then this text.
    pub(crate) fn manifest(&self, text: &str) {
        let instance = format!(
            "version: 1\ninstances:\n  test:\n    api_url: {}\n    client_id: {{ env: CLIENT_ID }}\n    \
             client_secret: {{ env: CLIENT_SECRET }}\n",
            self.url
        );
        self.write("manifest.yaml", &(instance + text));
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// Runs the binary in the folder.
    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        gangplank(self.folder.path(), &self.variables, args)
    }

    /// Plans `manifest.yaml`.
    pub(crate) fn plan(&self) -> Ended {
        self.run(&[
            "plan",
            "--detailed-exitcode",
            "--with-secrets",
            "manifest.yaml",
        ])
    }

    /// Applies `manifest.yaml`.
    pub(crate) fn apply(&self) -> Ended {
        self.run(&["apply", "--auto-approve", "--settle", "1", "manifest.yaml"])
    }

    /// Waits, while the server goes on.
    pub(crate) fn rest(&self, duration: Duration) {
        self.runtime
            .block_on(async { tokio::time::sleep(duration).await });
    }

    /// Starts an apply of `manifest.yaml`, and does not wait for its end.
    pub(crate) fn start_apply(&self) -> Child {
        self.command(&["apply", "--auto-approve", "--settle", "1", "manifest.yaml"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// The binary, in the folder and with the variables, to be started with streams of one's own.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gangplank"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(&self.variables)
            .stdin(Stdio::null());
        command
    }

    /// What the server saw since the ledger was last reset.
    pub(crate) fn ledger(&self) -> Ledger {
        self.sandbox.ledger()
    }

    /// The writes that the server saw: account, and method with route.
    pub(crate) fn writes(&self) -> Vec<(String, String)> {
        let ledger = self.ledger();
        let commits: BTreeMap<u64, &str> = ledger
            .commits
            .iter()
            .map(|commit| (commit.request, commit.id.as_str()))
            .collect();
        let account = |request: &LedgerRequest| match (&request.account, request.path.as_str()) {
            // A partner call has no account header: the id is in its path, or was in its body.
            (None, "/v1.0/accounts") => commits[&request.number].to_owned(),
            (None, path) => path.rsplit('/').next().unwrap_or_default().to_owned(),
            (Some(account), _) => account.clone(),
        };
        ledger
            .writes()
            .map(|request| (account(request), request.route.clone()))
            .collect()
    }

    /// The routes of the writes alone.
    pub(crate) fn write_routes(&self) -> Vec<String> {
        self.writes().into_iter().map(|(_, route)| route).collect()
    }

    /// Makes one call in process, as another client than the binary.
    pub(crate) fn call(&self, method: &str, uri: &str, body: &serde_json::Value) -> Answer {
        let (id, secret) = self.sandbox.credentials();
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let kind = "application/x-www-form-urlencoded";
        let token = self.handle("POST", "/oauth/token", ("Content-Type", kind), form);
        let token: serde_json::Value = serde_json::from_slice(&token.body).unwrap();
        let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
        self.handle(method, uri, ("Authorization", &bearer), body.to_string())
    }

    fn handle(
        &self,
        method: &str,
        uri: &str,
        header: (&'static str, &str),
        body: String,
    ) -> Answer {
        let mut request = Request {
            method: method.parse().unwrap(),
            uri: uri.parse().unwrap(),
            body: body.into(),
            ..Request::default()
        };
        let (name, value) = header;
        request.headers.insert(name, value.parse().unwrap());
        self.sandbox.handle(&request)
    }

    /// How many rows a list has, asked in process and not noted in the ledger.
    pub(crate) fn rows(&self, path: &str) -> usize {
        let uri = format!("{path}?page=1&pageSize=1");
        let answer = self.call("GET", &uri, &serde_json::Value::Null);
        self.sandbox.reset_ledger();
        answer.headers["Total-Pages"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap()
    }

    /// Asserts that nothing differs any more, that saying so takes no write, and that no natural
    /// key has two objects.
    #[track_caller]
    pub(crate) fn expect_converged(&self) {
        self.sandbox.reset_ledger();
        let plan = self.plan().expect(0);
        assert!(
            plan.last_line()
                .starts_with("Plan: 0 to add, 0 to change, 0 to remove, "),
            "{}",
            plan.stdout
        );
        assert_eq!(self.write_routes(), Vec::<String>::new());
        assert!(
            self.ledger().duplicates.is_empty(),
            "{:?}",
            self.ledger().duplicates
        );
    }
}
