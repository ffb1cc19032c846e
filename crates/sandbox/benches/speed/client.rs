//! The other side: connections that send one request after another, and count what comes back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

/// What a run of requests came to.
#[derive(Debug)]
pub(crate) struct Load {
    responses: u32,
    bytes: usize,
    took: Duration,
}

impl Load {
    /// Responses a second.
    pub(crate) fn rate(&self) -> f64 {
        f64::from(self.responses) / self.took.as_secs_f64()
    }

    /// The size of a body, on average.
    pub(crate) fn bytes_each(&self) -> usize {
        self.bytes / usize::try_from(self.responses).unwrap_or(1).max(1)
    }

    /// Sends requests over so many connections for a while; `request` makes each, by its number.
    /// Every response has to be a 200.
    pub(crate) fn run(
        address: SocketAddr,
        connections: usize,
        time: Duration,
        request: impl Fn(usize) -> String + Send + Sync + 'static,
    ) -> Self {
        let next = Arc::new(AtomicUsize::new(0));
        let request = Arc::new(request);
        let started = Instant::now();
        let (responses, bytes) = runtime().block_on(async {
            let mut running = JoinSet::new();
            for _ in 0..connections {
                let (next, request) = (Arc::clone(&next), Arc::clone(&request));
                running.spawn(async move {
                    let mut connection = Connection::open(address).await;
                    let (mut responses, mut bytes) = (0_u32, 0);
                    while started.elapsed() < time {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        bytes += connection.call(&request(number)).await.len();
                        responses += 1;
                    }
                    (responses, bytes)
                });
            }
            let all = running.join_all().await;
            all.iter()
                .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
        });
        Self {
            responses,
            bytes,
            took: started.elapsed(),
        }
    }
}

/// Asks for a token with the demo credentials.
pub(crate) fn token(address: SocketAddr) -> String {
    let form = "grant_type=client_credentials&client_id=demo&client_secret=demo-secret";
    let request = format!(
        "POST /oauth/token HTTP/1.1\r\nHost: {address}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let body = runtime().block_on(async {
        let mut connection = Connection::open(address).await;
        connection.call(&request).await.to_vec()
    });
    let body: serde_json::Value = serde_json::from_slice(&body).expect("a token is JSON");
    body["access_token"]
        .as_str()
        .expect("there is a token")
        .to_owned()
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made")
}

/// A connection that is kept alive.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address)
            .await
            .expect("the server listens");
        stream.set_nodelay(true).expect("the socket is open");
        Self {
            stream,
            buffer: vec![0; 256 * 1024],
        }
    }

    /// Sends a request and reads the whole response, which has to be a 200 with a length.
    async fn call(&mut self, request: &str) -> &[u8] {
        let written = self.stream.write_all(request.as_bytes()).await;
        written.expect("the server reads");
        let mut read = 0;
        loop {
            let more = self.stream.read(&mut self.buffer[read..]).await;
            let more = more.expect("the server writes");
            assert_ne!(more, 0, "the server closed the connection");
            read += more;
            if let Some((start, length)) = head(&self.buffer[..read])
                && read >= start + length
            {
                return &self.buffer[start..start + length];
            }
        }
    }
}

/// Where the body starts and how long it is, once the head is there.
fn head(read: &[u8]) -> Option<(usize, usize)> {
    let end = read.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&read[..end]).expect("a head is text");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.eq_ignore_ascii_case("content-length");
        is_it.then(|| value.trim().parse().expect("a length is a number"))
    });
    Some((end + 4, length.expect("the response says its length")))
}
