//! The token: fetched once, kept until shortly before its end, fetched anew when it is refused.

use crate::Sensitive;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A token is renewed so long before its end.
const MARGIN: Duration = Duration::from_mins(1);
/// The vendor's lifetime, when the answer does not tell (cyclr-api.md 1.2).
const LIFETIME: Duration = Duration::from_secs(1_209_599);

/// The token endpoint's answer; the dotted fields are not needed.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: Sensitive,
    pub(crate) expires_in: Option<u64>,
}

/// A token and its place in the row of tokens that were had.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: Arc<Sensitive>,
    pub(crate) generation: u64,
    ends: Instant,
}

/// Keeps the token. Whoever needs one while it is being fetched waits for that one.
#[derive(Debug, Default)]
pub(crate) struct TokenCache {
    current: Mutex<Option<Token>>,
}

impl TokenCache {
    /// Lets go of a refused token, unless there is a newer one already.
    pub(crate) async fn forget(&self, refused: u64) {
        let mut current = self.current.lock().await;
        if let Some(token) = &mut *current
            && token.generation == refused
        {
            token.ends = Instant::now();
        }
    }

    /// Gives the token, fetching it when there is none, it ends, or it is the refused one.
    pub(crate) async fn get<E>(
        &self,
        refused: Option<u64>,
        fetch: impl Future<Output = Result<TokenAnswer, E>>,
    ) -> Result<Token, E> {
        let mut current = self.current.lock().await;
        let generation = current.as_ref().map_or(0, |token| token.generation + 1);
        if let Some(token) = &*current
            && refused != Some(token.generation)
            && token.ends > Instant::now()
        {
            return Ok(token.clone());
        }
        let answer = fetch.await?;
        let lifetime = answer
            .expires_in
            .map_or(LIFETIME, Duration::from_secs)
            .min(LIFETIME);
        let token = Token {
            text: Arc::new(answer.access_token),
            generation,
            ends: Instant::now() + lifetime.saturating_sub(MARGIN),
        };
        *current = Some(token.clone());
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};

    async fn get(cache: &TokenCache, fetched: &AtomicU32, refused: Option<u64>) -> Token {
        let fetch = async {
            fetched.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(10)).await;
            let access_token = Sensitive::new("t".into());
            Ok::<_, Infallible>(TokenAnswer {
                access_token,
                expires_in: Some(100),
            })
        };
        cache.get(refused, fetch).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn one_flight_and_one_renewal() {
        let (cache, fetched) = (TokenCache::default(), AtomicU32::new(0));
        let (first, second) =
            tokio::join!(get(&cache, &fetched, None), get(&cache, &fetched, None));
        assert_eq!(
            (
                first.generation,
                second.generation,
                fetched.load(Ordering::SeqCst)
            ),
            (0, 0, 1)
        );
        // Two calls that were refused with the same token fetch one new token.
        let (first, second) = tokio::join!(
            get(&cache, &fetched, Some(0)),
            get(&cache, &fetched, Some(0))
        );
        assert_eq!(
            (
                first.generation,
                second.generation,
                fetched.load(Ordering::SeqCst)
            ),
            (1, 1, 2)
        );
        tokio::time::advance(Duration::from_secs(41)).await;
        assert_eq!(get(&cache, &fetched, None).await.generation, 2);
    }
}
