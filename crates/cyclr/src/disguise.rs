//! What a text may hide: escapes undone, base64 and hex decoded, and where in the text it stands.

/// A byte of what a text says, and the bytes of the text that say it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Byte {
    pub(crate) value: u8,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A reading of a text.
pub(crate) type View = Vec<Byte>;

/// A run of characters of base64 or hex in a text, and what it may mean.
pub(crate) struct Run {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) decoded: Vec<View>,
}

/// The text as it stands.
pub(crate) fn raw(text: &[u8]) -> View {
    let bytes = text.iter().enumerate();
    bytes
        .map(|(at, value)| Byte {
            value: *value,
            start: at,
            end: at + 1,
        })
        .collect()
}

/// Undoes one layer of the escapes of URLs, JSON and HTML.
pub(crate) fn unescape(view: &View) -> View {
    let mut plain = View::with_capacity(view.len());
    let mut at = 0;
    while at < view.len() {
        let Some((text, length)) = escape_at(&view[at..]) else {
            plain.push(view[at]);
            at += 1;
            continue;
        };
        let (start, end) = (view[at].start, view[at + length - 1].end);
        plain.extend(text.into_iter().map(|value| Byte { value, start, end }));
        at += length;
    }
    plain
}

/// The escape at the beginning of a view: what it means, and how many bytes it takes.
fn escape_at(view: &[Byte]) -> Option<(Vec<u8>, usize)> {
    let at = |index: usize| view.get(index).map(|byte| byte.value);
    match view.first()?.value {
        b'%' => Some((vec![u8::try_from(digits(view, 1..3, 16)?).ok()?], 3)),
        b'\\' => match at(1)? {
            b'u' => {
                let unit = digits(view, 2..6, 16)?;
                if let Some(c) = char::from_u32(unit) {
                    return Some((c.to_string().into_bytes(), 6));
                }
                let low =
                    (at(6)? == b'\\' && at(7)? == b'u').then(|| digits(view, 8..12, 16))??;
                let pair = [u16::try_from(unit).ok()?, u16::try_from(low).ok()?];
                Some((String::from_utf16(&pair).ok()?.into_bytes(), 12))
            }
            b'x' => Some((vec![u8::try_from(digits(view, 2..4, 16)?).ok()?], 4)),
            b'n' => Some((b"\n".to_vec(), 2)),
            b'r' => Some((b"\r".to_vec(), 2)),
            b't' => Some((b"\t".to_vec(), 2)),
            c @ (b'"' | b'\'' | b'\\' | b'/') => Some((vec![c], 2)),
            _ => None,
        },
        b'&' => {
            let end = view.iter().take(10).position(|byte| byte.value == b';')?;
            let name: Vec<u8> = view[1..end].iter().map(|byte| byte.value).collect();
            let code = match &*name {
                b"amp" => u32::from('&'),
                b"lt" => u32::from('<'),
                b"gt" => u32::from('>'),
                b"quot" => u32::from('"'),
                b"apos" => u32::from('\''),
                [b'#', b'x' | b'X', ..] => digits(view, 3..end, 16)?,
                [b'#', ..] => digits(view, 2..end, 10)?,
                _ => return None,
            };
            Some((char::from_u32(code)?.to_string().into_bytes(), end + 1))
        }
        _ => None,
    }
}

/// Reads a number.
fn digits(view: &[Byte], range: std::ops::Range<usize>, base: u32) -> Option<u32> {
    let digits = view.get(range)?;
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, byte| {
        let digit = char::from(byte.value).to_digit(base)?;
        number.checked_mul(base)?.checked_add(digit)
    })
}

/// Finds what may be base64 or hex. Where it began is not known, so every alignment is read.
pub(crate) fn runs(view: &View) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut rest = &view[..];
    while let Some(start) = rest.iter().position(|byte| sextet(byte.value).is_some()) {
        rest = &rest[start..];
        let length = rest
            .iter()
            .position(|byte| sextet(byte.value).is_none())
            .unwrap_or(rest.len());
        let (run, after) = rest.split_at(length);
        rest = after;
        let decoded: Vec<View> = (0..4)
            .map(|skipped| decode(run, skipped, 6, sextet))
            .chain((0..2).map(|skipped| decode(run, skipped, 4, nibble)))
            .filter(|decoded| decoded.len() >= 3)
            .collect();
        if !decoded.is_empty() {
            let padding = rest.iter().take_while(|byte| byte.value == b'=').last();
            runs.push(Run {
                start: run[0].start,
                end: padding.unwrap_or(&run[run.len() - 1]).end,
                decoded,
            });
        }
    }
    runs
}

/// Gathers bytes from digits of so many bits, as far as there are such digits.
fn decode(run: &[Byte], skipped: usize, bits: u32, digit: fn(u8) -> Option<u32>) -> View {
    let mut decoded = View::new();
    let (mut held, mut count) = (0_u32, 0);
    for byte in run.iter().skip(skipped) {
        let Some(digit) = digit(byte.value) else {
            // A run of hex may stand within words; what was read before it is something else.
            decoded.push(Byte { value: 0, ..*byte });
            (held, count) = (0, 0);
            continue;
        };
        held = (held << bits) | digit;
        count += bits;
        if count >= 8 {
            count -= 8;
            let value = u8::try_from((held >> count) & 0xff).unwrap_or_default();
            held &= (1 << count) - 1;
            decoded.push(Byte { value, ..*byte });
        }
    }
    decoded
}

/// The text that a whole text is the base64 of, if it is that.
pub(crate) fn whole_base64(text: &str) -> Option<String> {
    let digits = text.trim_end_matches('=');
    if digits.len() < 8 || !digits.bytes().all(|byte| sextet(byte).is_some()) {
        return None;
    }
    let decoded = decode(&raw(digits.as_bytes()), 0, 6, sextet);
    let bytes = decoded.into_iter().map(|byte| byte.value).collect();
    String::from_utf8(bytes).ok()
}

fn sextet(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

fn nibble(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(16)
}
