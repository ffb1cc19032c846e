//! Foreign text without the secrets of the run.

use crate::Sensitive;
use crate::disguise::{self, View};
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

/// No so many characters of a secret in a row get through.
const PIECE: usize = 8;
/// The same where they are disguised as base64 or hex: eight characters of base64 are six bytes.
const DISGUISED_PIECE: usize = 6;
/// A secret of a character or two would blot out every message and is none.
const SHORTEST: usize = 3;
/// So much of a text is shown at most.
const LONGEST: usize = 64 * 1024;
/// So much more of it is looked at, so that a secret across the border is seen.
const AHEAD: usize = 4 * 1024;
/// What stands for a secret.
const BLOT: &str = "[secret]";

/// Takes every secret of a run out of foreign text, whole or in pieces, as it is, escaped or encoded.
/// Clones share what they know. It keeps keyed hashes of pieces, not the secrets themselves.
#[derive(Clone, Default)]
pub struct Scrubber {
    known: Arc<RwLock<Known>>,
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[scrubber]")
    }
}

impl Scrubber {
    /// Knows these secrets and no others.
    pub(crate) fn of(secrets: &[Sensitive]) -> Self {
        let scrubber = Self::default();
        for secret in secrets {
            scrubber.learn(secret.expose());
        }
        scrubber
    }

    /// Learns a secret, and what a server may make of it by decoding it.
    pub fn learn(&self, secret: &str) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let raw = disguise::raw(secret.as_bytes());
        let plain = disguise::unescape(&raw);
        let decoded = disguise::whole_base64(secret);
        known.learn(&raw);
        if plain.len() != raw.len() {
            known.learn(&plain);
        }
        if let Some(decoded) = decoded {
            known.learn(&disguise::raw(decoded.as_bytes()));
        }
    }

    /// Gives a text without any secret; of a very long one no more than its beginning.
    pub fn clean(&self, text: &str) -> String {
        let text = &text[..text.floor_char_boundary(LONGEST + AHEAD)];
        let shown = text.floor_char_boundary(LONGEST);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if known.pieces.is_empty() {
            return text[..shown].to_owned();
        }
        let mut blots = vec![false; text.len()];
        let mut view = disguise::raw(text.as_bytes());
        // An escape may be escaped again: JSON within JSON within a URL.
        for _ in 0..4 {
            known.mark(&view, &known.pieces, &mut blots);
            for run in disguise::runs(&view) {
                for decoded in run.decoded {
                    let plain = disguise::unescape(&decoded);
                    if known.is_in(&decoded) || known.is_in(&plain) {
                        blots[run.start..run.end].fill(true);
                    }
                }
            }
            let plain = disguise::unescape(&view);
            if plain.len() == view.len() {
                break;
            }
            view = plain;
        }
        drop(known);
        blotted(&text[..shown], &blots)
    }
}

/// Hashes of pieces, by how many bytes the pieces have.
#[derive(Default)]
struct Known {
    hasher: RandomState,
    pieces: BTreeMap<usize, HashSet<u64>>,
    disguised: BTreeMap<usize, HashSet<u64>>,
}

impl Known {
    fn learn(&mut self, secret: &View) {
        let bytes = lowered(secret);
        if bytes.len() < SHORTEST {
            return;
        }
        for (sets, longest) in [
            (&mut self.pieces, PIECE),
            (&mut self.disguised, DISGUISED_PIECE),
        ] {
            let length = bytes.len().min(longest);
            let set = sets.entry(length).or_default();
            set.extend(
                bytes
                    .windows(length)
                    .map(|piece| self.hasher.hash_one(piece)),
            );
        }
    }

    /// Marks the bytes of the text from which known pieces in a view come.
    fn mark(&self, view: &View, sets: &BTreeMap<usize, HashSet<u64>>, blots: &mut [bool]) {
        let bytes = lowered(view);
        for (length, set) in sets {
            for (at, piece) in bytes.windows(*length).enumerate() {
                if set.contains(&self.hasher.hash_one(piece)) {
                    let range = view[at].start..view[at + length - 1].end;
                    blots[range].fill(true);
                }
            }
        }
    }

    /// Whether a decoded view holds a piece of a secret.
    fn is_in(&self, view: &View) -> bool {
        let bytes = lowered(view);
        self.disguised.iter().any(|(length, set)| {
            let mut pieces = bytes.windows(*length);
            pieces.any(|piece| set.contains(&self.hasher.hash_one(piece)))
        })
    }
}

/// Upper and lower case are the same, since some servers shout.
fn lowered(view: &View) -> Vec<u8> {
    let bytes = view.iter().map(|byte| byte.value.to_ascii_lowercase());
    bytes.collect()
}

/// Writes a text with a blot for every run of marked characters.
fn blotted(text: &str, blots: &[bool]) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut was_blot = false;
    for (at, c) in text.char_indices() {
        let is_blot = blots[at..at + c.len_utf8()].contains(&true);
        if !is_blot {
            clean.push(c);
        } else if !was_blot {
            clean.push_str(BLOT);
        }
        was_blot = is_blot;
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "q7RzKx2m\"Vw9LbT/nYc8HdJ3sGf6%aE5u";

    #[track_caller]
    fn check(secret: &str, text: &str, expected: &str) {
        let scrubber = Scrubber::default();
        scrubber.learn("another-secret-of-the-run");
        scrubber.learn(secret);
        assert_eq!(scrubber.clean(text), expected);
    }

    #[test]
    fn every_disguise_is_seen_through() {
        let base64 = "ZGVzazpxN1J6S3gybSJWdzlMYlQvblljOEhkSjNzR2Y2JWFFNXU=";
        let hex = SECRET
            .bytes()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        let url = SECRET
            .replace('%', "%25")
            .replace('"', "%22")
            .replace('/', "%2f");
        let json = SECRET.replace('"', "\\\"").replace('/', "\\/");
        let html = SECRET.replace('"', "&quot;").replace('/', "&#x2F;");
        let unicode = SECRET.chars().fold(String::new(), |all, c| {
            all + &format!("\\u{:04X}", u32::from(c))
        });
        let twice = json.replace('\\', "\\\\").replace('"', "\\\"");
        for disguise in [
            SECRET,
            &SECRET.to_uppercase(),
            base64,
            &hex,
            &hex.to_uppercase(),
            &url,
            &json,
            &html,
            &unicode,
            &twice,
            &base64[2..40],
            &base64[5..17],
            &SECRET[9..17],
        ] {
            check(SECRET, &format!("no {disguise}, ü"), "no [secret], ü");
        }
    }

    #[test]
    fn what_a_server_decodes_is_known() {
        check(
            "YW5uOnMzY3JldC1rZXk=",
            "not ann:s3cret-key!",
            "not [secret]!",
        );
        check("a%20long%2Fsecret", "not 'a long/secret'", "not '[secret]'");
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in ["", "Account connector name 'X' is in use.", "q7RzKx2", "ab"] {
            check(SECRET, text, text);
        }
        check("ab", "about", "about");
        check("hunter2", "is hunter2 it? hunter", "is [secret] it? hunter");
    }

    #[test]
    fn no_border_shows_a_piece() {
        let scrubber = Scrubber::default();
        scrubber.learn(SECRET);
        for before in (LONGEST - SECRET.len()..=LONGEST).step_by(6) {
            let clean = scrubber.clean(&format!("{}{SECRET}", ".".repeat(before)));
            assert!(
                clean
                    .trim_start_matches('.')
                    .chars()
                    .all(|c| "[secret]".contains(c))
            );
        }
    }
}
