//! `Departure`: whether a request has left, so that one that still waits for its turn can be taken back.

use std::sync::atomic::{AtomicBool, Ordering};

/// Tells whether a request was handed to the transport. A call that is dropped before that (it waits for
/// a token, or for its turn in the limiter) was never sent; one that is dropped afterwards may be done.
#[derive(Debug, Default)]
pub struct Departure(AtomicBool);

impl Departure {
    /// Whether the request may be on its way.
    pub fn is_gone(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    pub(crate) fn leaves(&self) {
        self.0.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Client, Config, Exchange, Incoming, Method, Outgoing, Request, Sensitive, Transport,
    };
    use reqwest::header::HeaderMap;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::time::timeout;

    /// Answers the token, and nothing else, ever; remembers what arrived.
    #[derive(Clone, Debug, Default)]
    struct Silent(Arc<std::sync::Mutex<Vec<String>>>);

    impl Transport for Silent {
        fn exchange(&self, outgoing: Outgoing) -> Exchange<'_> {
            Box::pin(async move {
                self.0.lock().unwrap().push(outgoing.url.clone());
                if !outgoing.url.ends_with("/token") {
                    std::future::pending::<()>().await;
                }
                Ok(Incoming {
                    status: 200,
                    headers: HeaderMap::new(),
                    body: r#"{"access_token":"t","expires_in":3600}"#.into(),
                })
            })
        }
    }

    /// A call that waits for its turn can be taken back; one that has left cannot.
    #[tokio::test(start_paused = true)]
    async fn a_request_is_gone_once_the_transport_has_it() {
        let wire = Silent::default();
        let secret = Sensitive::new("secret".into());
        let mut config = Config::new("http://localhost", "id".into(), secret);
        config.concurrency = 1;
        let client = Client::over(config, Box::new(wire.clone()));
        let request = |id| Request::new(Method::Put, "/accounts/{id}", &[id]);
        let (first, second) = (Departure::default(), Departure::default());
        let (one, two) = (request("one"), request("two"));
        let mut sending = Box::pin(client.send_observed(&one, &first));
        let second = timeout(Duration::from_secs(1), async {
            tokio::select! {
                biased;
                _ = &mut sending => {}
                _ = client.send_observed(&two, &second) => {}
            }
        })
        .await
        .map_or(second, |()| panic!("neither is answered"));
        assert!(first.is_gone());
        assert!(!second.is_gone());
        let arrived = wire.0.lock().unwrap().clone();
        assert_eq!(arrived.len(), 2, "{arrived:?}");
        assert!(arrived[1].ends_with("/accounts/one"), "{arrived:?}");
    }
}
