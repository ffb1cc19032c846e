//! The binary while it runs: what it has said so far, and signals for it.

use super::{Bench, Ended};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process, and the files that it writes to.
pub(crate) struct Running {
    child: Child,
    said: [PathBuf; 2],
}

impl Running {
    /// Starts `apply --auto-approve` with these arguments on the bench's manifest.
    pub(crate) fn apply(bench: &Bench, args: &[&str]) -> Self {
        let all = [&["apply", "--auto-approve", "manifest.yaml"], args].concat();
        Self::start(bench, bench.command(&all))
    }

    /// Starts a command.
    pub(crate) fn start(bench: &Bench, mut command: Command) -> Self {
        let said = ["out", "err"].map(|name| bench.folder.path().join(format!("said.{name}")));
        let [out, err] = said.each_ref().map(|path| File::create(path).unwrap());
        let child = command.stdin(Stdio::null()).stdout(out).stderr(err).spawn();
        Self {
            child: child.unwrap(),
            said,
        }
    }

    /// Waits until something is so.
    #[track_caller]
    pub(crate) fn until(&mut self, bench: &Bench, what: &str, is_so: impl Fn(&Self) -> bool) {
        let patience = Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(Instant::now() < patience, "never: {what}\n{}", self.said());
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended before: {what}\n{}", self.said());
            bench.rest(Duration::from_millis(2));
        }
    }

    /// Waits until the server has the request that a fault holds.
    #[track_caller]
    pub(crate) fn until_struck(&mut self, bench: &Bench) {
        self.until(bench, "the fault", |_| {
            bench.ledger().requests.iter().any(|it| it.fault.is_some())
        });
    }

    /// Waits until it says this on standard error.
    #[track_caller]
    pub(crate) fn until_said(&mut self, bench: &Bench, text: &str) {
        self.until(bench, text, |running| running.said().contains(text));
    }

    /// What it has said on standard error.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.said[1]).unwrap()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Ends it without a word.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end; also says how long that took.
    #[track_caller]
    pub(crate) fn end(mut self, bench: &Bench) -> (Ended, Duration) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "it does not end\n{}",
                self.said()
            );
            bench.rest(Duration::from_millis(2));
        };
        let ended = Ended {
            code: status.code().expect("ended by itself"),
            stdout: fs::read_to_string(&self.said[0]).unwrap(),
            stderr: self.said(),
        };
        (ended, began.elapsed())
    }
}

/// The newest file of receipts that the bench has, below its folder.
pub(crate) fn receipts(bench: &Bench) -> String {
    let folder = bench.folder.path().join(".gangplank/receipts");
    let mut files: Vec<(std::time::SystemTime, PathBuf)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.metadata().unwrap().modified().unwrap(), entry.path()))
        .collect();
    files.sort();
    let (_, newest) = files.pop().unwrap();
    let below = newest.strip_prefix(bench.folder.path()).unwrap();
    below.to_str().unwrap().to_owned()
}

/// The records of the newest file of receipts.
pub(crate) fn records(bench: &Bench) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(bench.folder.path().join(receipts(bench))).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines
        .map(|line: serde_json::Value| line["record"].clone())
        .collect()
}
