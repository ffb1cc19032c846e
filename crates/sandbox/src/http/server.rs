//! The server: axum takes requests off the wire, the core answers them.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderValue, Request as WireRequest, Response, StatusCode, Version, header};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::body::wire_body;
use super::socket::{CuttableListener, Cutter};
use super::stop::Stop;
use crate::error::SandboxError;
use crate::request::{Cut, Request};
use crate::sandbox::Sandbox;

/// The largest body that is read.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 8_192;

/// How long a shutdown waits for responses under way.
const PATIENCE: Duration = Duration::from_secs(2);

/// A sandbox that is being served.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    sandbox: Sandbox,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Listening {
    /// Base URL, such as `http://127.0.0.1:8070`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address that is listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more requests, lets those under way end, and stores what is left to store.
    pub async fn shutdown(mut self) {
        let _ = self.stop.send(true);
        let end = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, end).await.is_err() {
            self.tasks.shutdown().await;
        }
        if let Err(error) = self.sandbox.flush() {
            tracing::error!(%error, "the ledger could not be stored");
        }
    }
}

/// Serves a sandbox at an address.
pub(crate) async fn listen(
    sandbox: Sandbox,
    address: SocketAddr,
) -> Result<Listening, SandboxError> {
    let failed = |source| SandboxError::Listen { address, source };
    let listener = bind(address).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let (stop, stopped) = watch::channel(false);
    let stopped = Stop::new(stopped);
    let router = Router::new()
        .fallback(dispatch)
        .with_state((sandbox.clone(), stopped.clone()));
    let service = router.into_make_service_with_connect_info::<Cutter>();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let listener = CuttableListener::new(listener, stopped.clone());
        let serve = axum::serve(listener, service);
        if let Err(error) = serve.with_graceful_shutdown(stopped.wait()).await {
            tracing::error!(%error, "the sandbox stopped serving");
        }
    });
    Ok(Listening {
        address,
        sandbox,
        stop,
        tasks,
    })
}

/// Listens at an address, with room for a crowd that comes at once.
fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Refuses a request that the core never sees.
fn refusal(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let nosniff = HeaderValue::from_static("nosniff");
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

/// Hands a request to the core, and does to the connection what the answer asks for.
async fn dispatch(
    State((sandbox, stop)): State<(Sandbox, Stop)>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: WireRequest<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let announced = http_body::Body::size_hint(&body).lower();
    if announced > LARGEST_BODY as u64 {
        return refusal(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let body = match to_bytes(body, LARGEST_BODY).await {
        Ok(body) => body,
        Err(error) if error.to_string().contains("length limit") => {
            return refusal(StatusCode::PAYLOAD_TOO_LARGE);
        }
        Err(_) => return refusal(StatusCode::BAD_REQUEST),
    };
    let is_http_2 = parts.version == Version::HTTP_2;
    let request = Request {
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        body,
    };
    let mut answer = sandbox.answer(&request).await;
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    if let Some(cut) = answer.cut {
        // Frames of HTTP/2 have no place that a byte of a head or body could be counted to.
        cutter.cut(if is_http_2 {
            Cut::at_once(cut.close)
        } else {
            cut
        });
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status;
    *response.headers_mut() = std::mem::take(&mut answer.headers);
    *response.body_mut() = wire_body(answer, stop);
    response
}
