//! An OpenBao server of one test.

use crate::tool;
use gangplank_model::{SecretRef, VaultAuth, VaultEngine};
use gangplank_secrets::Options;
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) struct Bao {
    pub(crate) address: String,
    pub(crate) folder: TempDir,
    program: PathBuf,
    tls: bool,
    child: Child,
}

impl Drop for Bao {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Bao {
    /// Starts a server in memory, unsealed, whose root token is `root`.
    pub(crate) async fn start(tls: bool) -> Option<Self> {
        let program = tool("bao")?;
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut command = Command::new(&program);
        command
            .args([
                "server",
                "-dev",
                "-dev-no-store-token",
                "-dev-root-token-id=root",
            ])
            .arg(format!("-dev-listen-address=127.0.0.1:{port}"))
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if tls {
            command
                .arg("-dev-tls")
                .arg(format!("-dev-tls-cert-dir={}", folder.path().display()));
        }
        let scheme = if tls { "https" } else { "http" };
        let bao = Self {
            address: format!("{scheme}://127.0.0.1:{port}"),
            folder,
            program,
            tls,
            child: command.spawn().unwrap(),
        };
        let started = Instant::now();
        while !bao.command(&["status"]).status().unwrap().success() {
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "bao does not start"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Some(bao)
    }

    /// The file of the authority that the server's certificate comes from.
    pub(crate) fn authority(&self) -> String {
        let mut names = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.find(|name| name.ends_with("-ca.pem")).unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .env("BAO_ADDR", &self.address)
            .env("BAO_TOKEN", "root")
            .env("HOME", self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if self.tls {
            command.env("BAO_SKIP_VERIFY", "true");
        }
        command
    }

    /// Runs the real client as root, and takes what it prints.
    #[track_caller]
    pub(crate) fn run(&self, args: &[&str]) -> String {
        let output = self
            .command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Options that log in with the token in a file of the folder.
    pub(crate) fn options(&self, token: &str) -> Options {
        fs::write(self.folder.path().join("token"), token).unwrap();
        let mut options = Options::default();
        options.spec.vault.address = Some(self.address.clone());
        options.spec.vault.auth = Some(VaultAuth::Token(self.file("token")));
        options
    }

    /// A reference to a file of the folder.
    pub(crate) fn file(&self, path: &str) -> SecretRef {
        SecretRef::File {
            folder: self.folder.path().to_str().unwrap().to_owned(),
            path: path.to_owned(),
        }
    }
}

/// A reference into the vault.
pub(crate) fn vault(path: &str, field: &str, engine: Option<VaultEngine>) -> SecretRef {
    SecretRef::Vault {
        path: path.to_owned(),
        field: field.to_owned(),
        engine,
    }
}
