//! How fast the sandbox is: over HTTP, the server on one thread and so on one core at most, the clients
//! on another. `cargo bench -p gangplank-sandbox` prints the figures beside those to beat.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

mod client;

use std::time::{Duration, Instant};

use gangplank_sandbox::{Generate, Sandbox, SandboxOptions, World};

use crate::client::{Load, token};

/// How long each figure is measured.
const WHILE: Duration = Duration::from_secs(4);
/// Connections at once.
const CONNECTIONS: usize = 64;
/// Accounts that installs are spread over.
const ACCOUNTS: usize = 2_000;

fn main() {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    reads("GET one account's connectors, in memory", 40_000.0);
    installs("POST install, in memory", None, 15_000.0);
    let database = directory.path().join("sandbox.db");
    installs("POST install, SQLite", Some(database), 5_000.0);
    loading();
}

/// Serves a sandbox on a thread of its own for as long as `work` takes.
fn serve(options: SandboxOptions, work: impl FnOnce(std::net::SocketAddr)) {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime can be made")
    };
    let (tell, told) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            runtime().block_on(async move {
                let sandbox = Sandbox::open(options).expect("the sandbox opens");
                let listening = sandbox
                    .listen(([127, 0, 0, 1], 0).into())
                    .await
                    .expect("a port of the loopback is free");
                tell.send(listening.address()).expect("somebody listens");
                drop(stopped.await);
                listening.shutdown().await;
            });
        });
        work(told.recv().expect("the server has started"));
        drop(stop);
    });
}

fn world(accounts: usize) -> World {
    World::generate(Generate {
        accounts,
        ..Generate::default()
    })
}

fn reads(what: &str, goal: f64) {
    let options = SandboxOptions {
        world: world(10),
        ..SandboxOptions::default()
    };
    serve(options, |address| {
        let token = token(address);
        let request = format!(
            "GET /v1.0/account/connectors?page=1&pageSize=100 HTTP/1.1\r\nHost: {address}\r\n\
             Authorization: Bearer {token}\r\nX-Cyclr-Account: customer-0000001\r\n\r\n"
        );
        let load = Load::run(address, CONNECTIONS, WHILE, move |_| request.clone());
        say(what, &load, goal);
    });
}

fn installs(what: &str, database: Option<std::path::PathBuf>, goal: f64) {
    let options = SandboxOptions {
        world: world(ACCOUNTS),
        database,
        ..SandboxOptions::default()
    };
    serve(options, |address| {
        let token = token(address);
        let load = Load::run(address, CONNECTIONS, WHILE, move |number| {
            let account = number % ACCOUNTS + 1;
            let body =
                format!(r#"{{"Name":"Mailchimp {number}","AuthValue":"key","Properties":[]}}"#);
            format!(
                "POST /v1.0/connectors/Pipedrive/install HTTP/1.1\r\nHost: {address}\r\n\
                 Authorization: Bearer {token}\r\nX-Cyclr-Account: customer-{account:07}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
        });
        say(what, &load, goal);
    });
}

fn loading() {
    let started = Instant::now();
    let world = world(100_000);
    let sandbox = Sandbox::open(SandboxOptions {
        world,
        ..SandboxOptions::default()
    })
    .expect("a made-up world opens");
    let seconds = started.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!(
        "100,000 accounts made up and loaded: {seconds:.2} s (goal 5), peak of the process {} \
         (goal 1 GiB)",
        peak.map_or("not known", str::trim)
    );
    drop(sandbox);
}

fn say(what: &str, load: &Load, goal: f64) {
    let rate = load.rate();
    let verdict = if rate >= goal { "reached" } else { "missed" };
    println!(
        "{what}: {rate:.0}/s, {} bytes a response (goal {goal:.0}: {verdict})",
        load.bytes_each()
    );
}
