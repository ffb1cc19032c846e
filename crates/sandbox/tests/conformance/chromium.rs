//! A headless Chromium, driven through its debugging pipe: real clicks in real pages.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long the start of a browser, and any one wait, may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Puts the pipe where Chromium looks for it: descriptors 3 and 4.
const PIPES: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null"#;

const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
];

/// A page's own document, or that of the one frame in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Document {
    Top,
    Frame,
}

/// A browser with one page in hand; it is ended when it is dropped.
pub(crate) struct Chromium {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    last_id: u64,
    /// The page in hand.
    session: String,
    profile: TempDir,
}

#[expect(
    clippy::disallowed_methods,
    reason = "where the browser is and whether it may be missing is for the machine to say"
)]
fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The browser of this machine. Without one, tests of pages say so and do nothing, except in CI,
/// where that is a failure.
#[expect(
    clippy::print_stderr,
    reason = "a test that is not run has to be noticed"
)]
fn find() -> Option<PathBuf> {
    let given = environment("CHROMIUM").map(PathBuf::from);
    let path = given.unwrap_or_else(|| "/usr/bin/chromium".into());
    if path.exists() {
        return Some(path);
    }
    let missing = format!(
        "THERE IS NO CHROMIUM at {}: pages are not tested",
        path.display()
    );
    assert!(environment("CI").is_none_or(|ci| ci != "true"), "{missing}");
    eprintln!("\n{missing}; install `chromium`, or name it with CHROMIUM=/path\n");
    None
}

impl Chromium {
    /// Starts a browser with a profile of its own; none where the machine has none.
    pub(crate) fn start() -> Option<Self> {
        let path = find()?;
        let profile = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", PIPES]).arg(path).args(FLAGS);
        command.arg(format!("--user-data-dir={}", profile.path().display()));
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        // It ends with the pipe, which ends with the browser.
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while output
                .read_until(0, &mut message)
                .is_ok_and(|length| length > 0)
            {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else {
                    break;
                };
                if sender.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let mut browser = Self {
            child,
            input,
            messages,
            last_id: 0,
            session: String::new(),
            profile,
        };
        let page = browser.ask("Target.createTarget", json!({ "url": "about:blank" }));
        browser.attach(&page["targetId"]);
        Some(browser)
    }

    fn attach(&mut self, target: &Value) {
        let attach = json!({ "targetId": target, "flatten": true });
        self.session.clear();
        let attached = self.ask("Target.attachToTarget", attach);
        attached["sessionId"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.session);
        self.ask("Page.enable", json!({}));
    }

    /// Asks the browser, or the page in hand, and waits for what it says.
    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        let answer = self.try_to_ask(method, parameters);
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].clone()
    }

    fn try_to_ask(&mut self, method: &str, parameters: Value) -> Value {
        self.last_id += 1;
        let mut message = json!({ "id": self.last_id, "method": method, "params": parameters });
        if !self.session.is_empty() && !method.starts_with("Target.") {
            message["sessionId"] = self.session.as_str().into();
        }
        let mut text = message.to_string().into_bytes();
        text.push(0);
        self.input.write_all(&text).unwrap();
        let started = Instant::now();
        loop {
            match self.messages.recv_timeout(Duration::from_secs(1)) {
                Ok(message) if message["id"] == self.last_id => return message,
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                ended @ Err(RecvTimeoutError::Disconnected) => {
                    ended.expect("the browser goes on until it is dropped");
                }
            }
            assert!(started.elapsed() < PATIENCE, "no answer to {method}");
        }
    }

    /// Opens an address in the page in hand.
    pub(crate) fn open(&mut self, url: &str) {
        self.ask("Page.navigate", json!({ "url": url }));
    }

    /// Runs a script in a document. None while there is no such document, or it is going away.
    pub(crate) fn run(&mut self, document: Document, script: &str) -> Option<Value> {
        let tree = self.ask("Page.getFrameTree", json!({}));
        let tree = &tree["frameTree"];
        let frame = match document {
            Document::Top => &tree["frame"]["id"],
            Document::Frame => &tree["childFrames"][0]["frame"]["id"],
        };
        let world = json!({ "frameId": frame.as_str()?, "worldName": "test" });
        let world = self.try_to_ask("Page.createIsolatedWorld", world);
        let context = world["result"]["executionContextId"].as_u64()?;
        let ask = json!({ "expression": script, "contextId": context, "returnByValue": true });
        let answer = self.try_to_ask("Runtime.evaluate", ask);
        answer["result"]["result"].get("value").cloned()
    }

    /// Waits until a script says something other than null, false or the empty text.
    pub(crate) fn wait(&mut self, document: Document, script: &str) -> Value {
        let started = Instant::now();
        loop {
            let found = self.run(document, script).unwrap_or_default();
            if !matches!(&found, Value::Null | Value::Bool(false)) && found != "" {
                return found;
            }
            assert!(started.elapsed() < PATIENCE, "never true: {script}");
            // What the browser reports meanwhile is of no interest.
            drop(self.messages.recv_timeout(Duration::from_millis(50)));
        }
    }

    /// Clicks on the link or button with the label, with the mouse.
    pub(crate) fn click(&mut self, document: Document, label: &str) {
        let label = Value::from(label);
        let place = self.wait(
            document,
            &format!(
                "document.readyState === 'complete' && (() => {{
                   const all = [...document.querySelectorAll('a, button')];
                   const box = all.find(one => one.textContent === {label})?.getBoundingClientRect();
                   return box ? [box.x + box.width / 2, box.y + box.height / 2] : null; }})()"
            ),
        );
        let offset = match document {
            Document::Top => json!([0, 0]),
            Document::Frame => self.wait(
                Document::Top,
                "(() => { const box = document.querySelector('iframe').getBoundingClientRect();
                   return [box.x, box.y]; })()",
            ),
        };
        let sum = |index: usize| place[index].as_f64().unwrap() + offset[index].as_f64().unwrap();
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": sum(0), "y": sum(1), "button": "left",
                                "clickCount": 1 });
            self.ask("Input.dispatchMouseEvent", event);
        }
    }

    /// Takes the window in hand that the page in hand has opened; gives the one it had.
    pub(crate) fn take_popup(&mut self) -> String {
        let started = Instant::now();
        loop {
            let targets = self.ask("Target.getTargets", json!({}));
            let targets = targets["targetInfos"].as_array().unwrap();
            let popup = targets.iter().find(|one| one["openerId"].is_string());
            if let Some(popup) = popup {
                let before = self.session.clone();
                let target = popup["targetId"].clone();
                self.attach(&target);
                return before;
            }
            assert!(started.elapsed() < PATIENCE, "no window was opened");
        }
    }

    /// Takes another page in hand.
    pub(crate) fn take(&mut self, session: String) {
        self.session = session;
    }

    /// Gives the page the size of a screen.
    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1,
                           "mobile": width < 600 });
        self.ask("Emulation.setDeviceMetricsOverride", size);
    }

    /// Writes down how the page looks.
    pub(crate) fn photograph(&mut self, path: &Path) {
        let image = self.ask("Page.captureScreenshot", json!({ "format": "png" }));
        let image = STANDARD.decode(image["data"].as_str().unwrap()).unwrap();
        std::fs::write(path, image).unwrap();
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The shell has become the browser: this is its process, and its children go with it.
        drop(self.child.kill());
        drop(self.child.wait());
        tracing::debug!(profile = %self.profile.path().display(), "the browser has ended");
    }
}
