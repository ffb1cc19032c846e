//! Mischief on the wire, byte for byte, as a plain socket sees it.

use std::io::ErrorKind;
use std::time::Duration;

use gangplank_sandbox::{FaultRule, Listening, Sandbox, SandboxOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::world;

const PATIENCE: Duration = Duration::from_millis(300);

/// A sandbox that listens.
async fn served() -> (Sandbox, Listening) {
    let sandbox = Sandbox::open(SandboxOptions {
        world: world(),
        ..SandboxOptions::default()
    });
    let sandbox = sandbox.unwrap();
    let listening = sandbox.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    (sandbox, listening)
}

/// How a connection ended after what was read from it.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Finish,
    Reset,
    Silent,
}

/// Sends one request that is refused with 401, and reads until the connection ends or is silent.
async fn read(listening: &Listening, rule: &str) -> (Vec<u8>, End) {
    let mut socket = TcpStream::connect(listening.address()).await.unwrap();
    let request = b"GET /v1.0/accounts HTTP/1.1\r\nHost: x\r\n\r\n";
    socket.write_all(request).await.unwrap();
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4_096];
        match timeout(PATIENCE, socket.read(&mut buffer)).await {
            Err(_) => return (bytes, End::Silent),
            Ok(Ok(0)) => return (bytes, End::Finish),
            Ok(Ok(count)) => bytes.extend(&buffer[..count]),
            Ok(Err(error)) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{rule}");
                return (bytes, End::Reset);
            }
        }
    }
}

#[tokio::test]
async fn responses_are_cut_to_the_byte() {
    let (sandbox, listening) = served().await;
    let (whole, end) = read(&listening, "").await;
    assert_eq!(
        end,
        End::Silent,
        "a whole response leaves the connection open"
    );
    let head = whole
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap()
        + 4;
    let body = whole.len() - head;
    let check = async |effect: &str, length: usize, expected: End| {
        sandbox.set_faults(FaultRule::list(&format!("- effect: {effect}")).unwrap());
        let (bytes, end) = read(&listening, effect).await;
        assert_eq!((bytes.len(), end), (length, expected), "{effect}");
        // The date may differ.
        assert_eq!(
            bytes.get(..17),
            whole.get(..length.min(17)).or(bytes.get(..17)),
            "{effect}"
        );
    };
    check("{ cut_head: { bytes: 17 } }", 17, End::Finish).await;
    check("{ cut_head: { bytes: 40, close: reset } }", 40, End::Reset).await;
    check(
        "{ cut_head: { bytes: 40, close: silent } }",
        40,
        End::Silent,
    )
    .await;
    check("{ cut_body: {} }", head + body / 2, End::Finish).await;
    check(
        "{ cut_body: { bytes: 5, close: reset } }",
        head + 5,
        End::Reset,
    )
    .await;
    check(
        "{ cut_body: { bytes: 0, close: silent } }",
        head,
        End::Silent,
    )
    .await;
    check("{ hang_up: {} }", whole.len(), End::Finish).await;
    check("{ hang_up: { close: reset } }", whole.len(), End::Reset).await;
    listening.shutdown().await;
}

#[tokio::test]
async fn connections_are_reset_closed_or_silent() {
    let (sandbox, listening) = served().await;
    let check = async |effect: &str, expected: End| {
        sandbox.set_faults(FaultRule::list(&format!("- effect: {effect}")).unwrap());
        let (bytes, end) = read(&listening, effect).await;
        assert_eq!((bytes, end), (Vec::new(), expected), "{effect}");
    };
    for when in ["before", "after"] {
        check(&format!("drop_{when}"), End::Finish).await;
        check(&format!("reset_{when}"), End::Reset).await;
        check(&format!("silence_{when}"), End::Silent).await;
    }
    // A silence that is still held does not keep the server from ending.
    let mut socket = TcpStream::connect(listening.address()).await.unwrap();
    socket
        .write_all(b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    assert!(timeout(PATIENCE, socket.read_u8()).await.is_err());
    timeout(Duration::from_secs(1), listening.shutdown())
        .await
        .unwrap();
    let read = timeout(Duration::from_secs(1), socket.read_u8()).await;
    assert!(read.unwrap().is_err());
}

/// Reads the body of an answer to `GET` until it ends, or so many bytes have come.
async fn body(listening: &Listening, most: usize) -> (Vec<u8>, Duration) {
    let begun = std::time::Instant::now();
    // As it is on the wire, whatever other rooms let the client unpack.
    let client = reqwest::Client::builder().no_proxy().no_gzip();
    let client = client.build().unwrap();
    let answer = client.get(format!("{}/v1.0/accounts", listening.url()));
    let mut answer = answer.send().await.unwrap();
    let mut bytes = Vec::new();
    while bytes.len() < most
        && let Some(chunk) = answer.chunk().await.unwrap()
    {
        bytes.extend(&chunk);
    }
    (bytes, begun.elapsed())
}

#[tokio::test]
async fn long_bodies_are_streamed() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let (sandbox, listening) = served().await;
    let put = |effect: &str| {
        sandbox.set_faults(FaultRule::list(&format!("- effect: {effect}")).unwrap());
    };
    let (plain, _) = body(&listening, usize::MAX).await;
    put("endless_body");
    assert!(body(&listening, 3 << 20).await.0.len() >= 3 << 20);
    put("{ huge_body: { mebibytes: 4 } }");
    let (huge, _) = body(&listening, usize::MAX).await;
    assert_eq!(huge.len(), (4 << 20) + plain.len());
    assert_eq!(huge.trim_ascii_start(), plain);
    put("{ slow_body: { bytes_per_second: 200 } }");
    let (slow, took) = body(&listening, usize::MAX).await;
    assert_eq!(slow, plain);
    let least = Duration::from_millis(u64::try_from(plain.len()).unwrap() * 5 * 3 / 4);
    assert!(took >= least, "{took:?}");
    listening.shutdown().await;
}

#[tokio::test]
async fn a_gzip_bomb_unpacks_to_what_it_says() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let (sandbox, listening) = served().await;
    let bomb = "- effect: { gzip_bomb: { mebibytes: 3 } }";
    sandbox.set_faults(FaultRule::list(bomb).unwrap());
    let (packed, _) = body(&listening, usize::MAX).await;
    assert!(packed.len() < 50_000);
    let mut unpacked = Vec::new();
    let mut reader = flate2::read::GzDecoder::new(&packed[..]);
    // The decoder checks length and checksum as well.
    std::io::Read::read_to_end(&mut reader, &mut unpacked).unwrap();
    assert!(unpacked.len() >= 3 << 20 && unpacked.iter().all(|byte| *byte == b' '));
    listening.shutdown().await;
}

#[tokio::test]
async fn bodies_that_cannot_be_taken_are_refused() {
    let (_sandbox, listening) = served().await;
    for (head, rest, status) in [
        ("Transfer-Encoding: chunked", "ZZ\r\n", "400"),
        ("Content-Length: 99999999999", "", "413"),
    ] {
        let mut socket = TcpStream::connect(listening.address()).await.unwrap();
        let request = format!("POST /v1.0/accounts HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n{rest}");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = [0; 512];
        let read = timeout(PATIENCE, socket.read(&mut answer)).await;
        let length = read.expect("answered").unwrap();
        let text = String::from_utf8_lossy(&answer[..length]);
        assert!(text.starts_with(&format!("HTTP/1.1 {status}")), "{text}");
        assert!(text.contains("x-content-type-options: nosniff"), "{text}");
    }
    listening.shutdown().await;
}
