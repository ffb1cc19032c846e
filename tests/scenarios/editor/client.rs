//! A client of a language server over standard input and output, with as much of the protocol as is needed.

use crate::support::root;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

/// The YAML language server, with our schema for every file.
pub(super) struct Editor {
    server: Child,
    answers: BufReader<ChildStdout>,
    settings: Value,
    requests: u64,
    diagnostics: BTreeMap<String, Value>,
}

impl Editor {
    /// Starts it; `None`, and a word about it, where it is not installed. CI must have it.
    #[expect(clippy::disallowed_methods, reason = "CI says of itself that it is CI")]
    pub(super) fn start() -> Option<Self> {
        let program =
            root().join("tests/editor/node_modules/yaml-language-server/bin/yaml-language-server");
        let node = Command::new("node")
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        if !program.is_file() || !node.is_ok_and(|status| status.success()) {
            let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(
                !is_ci,
                "yaml-language-server is missing, and CI must not skip its tests"
            );
            println!(
                "SKIPPED: yaml-language-server is missing; tests/editor/install.sh installs it"
            );
            return None;
        }
        let mut server = Command::new("node")
            .args([program.to_str()?, "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let answers = BufReader::new(server.stdout.take().unwrap());
        let schema = format!(
            "file://{}",
            root().join("schemas/manifest.schema.json").display()
        );
        let settings = json!({
            "yaml": {
                "validate": true, "hover": true, "completion": true,
                "schemaStore": { "enable": false },
                "schemas": { schema: "*.yaml" },
            },
        });
        let mut editor = Self {
            server,
            answers,
            settings,
            requests: 0,
            diagnostics: BTreeMap::new(),
        };
        editor.ask("initialize", &json!({
            "processId": std::process::id(),
            "rootUri": null,
            "capabilities": {
                "textDocument": {
                    "completion": { "completionItem": { "snippetSupport": true, "documentationFormat": ["markdown"] } },
                    "hover": { "contentFormat": ["markdown"] },
                },
                "workspace": { "configuration": true },
            },
        }));
        editor.tell("initialized", &json!({}));
        let settings = json!({ "settings": editor.settings });
        editor.tell("workspace/didChangeConfiguration", &settings);
        Some(editor)
    }

    /// Opens a text; returns what is wrong with it.
    pub(super) fn open(&mut self, text: &str) -> (String, Value) {
        self.requests += 1;
        // Beside the examples, whose first line leads to the schema from there.
        let uri = format!(
            "file://{}/manifests/{}.yaml",
            root().display(),
            self.requests
        );
        self.tell(
            "textDocument/didOpen",
            &json!({
                "textDocument": { "uri": uri, "languageId": "yaml", "version": 1, "text": text },
            }),
        );
        while !self.diagnostics.contains_key(&uri) {
            let message = self.receive();
            self.handle(&message);
        }
        let diagnostics = self.diagnostics[&uri].clone();
        (uri, diagnostics)
    }

    /// Asks about the place of `¦` in a text.
    pub(super) fn at(&mut self, method: &str, text: &str) -> Value {
        let at = text.find('¦').expect("a place");
        let before = &text[..at];
        let line = before.matches('\n').count();
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .encode_utf16()
            .count();
        let (uri, _) = self.open(&text.replace('¦', ""));
        self.ask(
            &format!("textDocument/{method}"),
            &json!({
                "textDocument": { "uri": uri },
                "position": { "line": line, "character": column },
            }),
        )
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let mut message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                return message["result"].take();
            }
            self.handle(&message);
        }
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// What the server says and asks of itself.
    fn handle(&mut self, message: &Value) {
        let params = &message["params"];
        match message["method"].as_str() {
            Some("textDocument/publishDiagnostics") => {
                let uri = params["uri"].as_str().unwrap_or_default().to_owned();
                self.diagnostics.insert(uri, params["diagnostics"].clone());
            }
            Some("workspace/configuration") => {
                let items = params["items"].as_array().cloned().unwrap_or_default();
                let section = |item: &Value| {
                    self.settings[item["section"].as_str().unwrap_or_default()].clone()
                };
                let result: Vec<Value> = items.iter().map(section).collect();
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }));
            }
            Some(_) if message.get("id").is_some() => {
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
            }
            Some(_) | None => {}
        }
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let input = self.server.stdin.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        input.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            let read = self.answers.read_line(&mut line).unwrap();
            assert!(read > 0, "the language server ended");
            match line.trim().split_once(": ") {
                Some(("Content-Length", count)) => length = count.parse().unwrap(),
                Some(_) => {}
                None if line.trim().is_empty() => break,
                None => panic!("{line:?} is no header"),
            }
        }
        let mut body = vec![0; length];
        self.answers.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
