//! Responses that are not what they should be: pages of proxies, broken JSON, bodies without end.

use axum::http::{HeaderValue, StatusCode, header};
use bytes::Bytes;

use super::bomb::bomb;
use crate::fault::FaultEffect;
use crate::request::{Answer, Cut, Filler};

/// A piece of padding.
static SPACES: [u8; 8_192] = [b' '; 8_192];

/// Pieces of padding in a mebibyte.
const PIECES: u64 = 128;

/// What a proxy shows.
const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Service update</title></head>\
    <body><h1>We will be back soon</h1></body></html>\n";

/// Does to a response what an effect asks for; those that are not about its body change nothing.
pub(super) fn spoil(answer: &mut Answer, effect: &FaultEffect) {
    match effect {
        FaultEffect::CutBody { bytes, close } => {
            let bytes = bytes.or(answer.length().map(|length| length / 2));
            answer.cut.get_or_insert(Cut {
                is_in_body: true,
                bytes: bytes.unwrap_or(0),
                close: *close,
            });
        }
        FaultEffect::HangUp { close } => {
            if let Some(bytes) = answer.length() {
                answer.cut.get_or_insert(Cut {
                    is_in_body: true,
                    bytes,
                    close: *close,
                });
            }
        }
        FaultEffect::SlowBody { bytes_per_second } => {
            answer.pace.get_or_insert((*bytes_per_second).max(1));
        }
        FaultEffect::EndlessBody => answer.filler = Some(spaces(None)),
        FaultEffect::HugeBody { mebibytes } => {
            answer.filler = Some(spaces(Some(mebibytes.saturating_mul(PIECES))));
        }
        FaultEffect::GzipBomb { mebibytes } => {
            let (filler, end) = bomb(*mebibytes);
            answer.filler = Some(filler);
            answer.body = end;
            let gzip = HeaderValue::from_static("gzip");
            answer.headers.insert(header::CONTENT_ENCODING, gzip);
        }
        FaultEffect::HtmlPage { code } => {
            let code = code.and_then(|code| StatusCode::from_u16(code).ok());
            answer.status = code.unwrap_or(StatusCode::OK);
            answer.body = Bytes::from_static(PAGE.as_bytes());
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            answer.headers.insert(header::CONTENT_TYPE, html);
        }
        FaultEffect::ContentType(value) => {
            if let Ok(value) = HeaderValue::try_from(value.as_str()) {
                answer.headers.insert(header::CONTENT_TYPE, value);
            }
        }
        FaultEffect::Empty => empty(answer),
        FaultEffect::NoContent => {
            answer.status = StatusCode::NO_CONTENT;
            empty(answer);
        }
        effect => spoil_text(answer, effect),
    }
}

fn spaces(times: Option<u64>) -> Filler {
    Filler {
        first: Bytes::new(),
        piece: Bytes::from_static(&SPACES),
        times,
    }
}

fn empty(answer: &mut Answer) {
    answer.body = Bytes::new();
    answer.filler = None;
    answer.headers.remove(header::CONTENT_TYPE);
}

/// Those that change the text of the body.
fn spoil_text(answer: &mut Answer, effect: &FaultEffect) {
    let body = &answer.body;
    let changed = match effect {
        FaultEffect::Truncated { bytes } => {
            let bytes = bytes.unwrap_or(body.len() / 2).min(body.len());
            body.slice(..bytes)
        }
        FaultEffect::DuplicateKeys => match first_key(body) {
            Some((at, key)) => insert(body, at, &[key, b":null,"].concat()),
            None => return,
        },
        FaultEffect::DeepNesting { depth } => {
            let depth = (*depth).min(1_000_000);
            let nested = [b"[".repeat(depth), b"]".repeat(depth)].concat();
            match body.trim_ascii_start().first() {
                Some(b'{') => {
                    let comma = if first_key(body).is_some() { "," } else { "" };
                    let more = [b"\"Nested\":", &*nested, comma.as_bytes()].concat();
                    insert(body, after_first(body, b'{'), &more)
                }
                Some(b'[') => {
                    let rest = &body[after_first(body, b'[')..];
                    let is_empty = rest.trim_ascii_start().starts_with(b"]");
                    let comma: &[u8] = if is_empty { b"" } else { b"," };
                    insert(body, after_first(body, b'['), &[&*nested, comma].concat())
                }
                _ => nested.into(),
            }
        }
        FaultEffect::ByteOrderMark => insert(body, 0, b"\xef\xbb\xbf"),
        FaultEffect::BadUtf8 => {
            let at = body.iter().rposition(|byte| *byte == b'"');
            insert(body, at.unwrap_or(body.len()), b"\xc3\x28\xff")
        }
        _ => return,
    };
    answer.body = changed;
}

fn insert(body: &[u8], at: usize, more: &[u8]) -> Bytes {
    let (before, after) = body.split_at(at.min(body.len()));
    [before, more, after].concat().into()
}

fn after_first(body: &[u8], byte: u8) -> usize {
    let at = body.iter().position(|one| *one == byte);
    at.map_or(0, |at| at + 1)
}

/// Where the first key of the first object stands, with its quotes.
fn first_key(body: &[u8]) -> Option<(usize, &[u8])> {
    let at = after_first(body, b'{');
    let is_first = body
        .get(..at)?
        .iter()
        .all(|byte| b"{[ \r\n\t".contains(byte));
    if at == 0 || !is_first || body.get(at) != Some(&b'"') {
        return None;
    }
    let mut end = at + 1;
    while *body.get(end)? != b'"' {
        end += if body.get(end) == Some(&b'\\') { 2 } else { 1 };
    }
    Some((at, body.get(at..=end)?))
}
