//! What SOPS needs of the age format (age-encryption.org/v1): armoured files of one chunk, opened with
//! X25519 keys.

use crate::error::SopsError;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
const VERSION: &str = "age-encryption.org/v1";
const LABEL: &[u8] = b"age-encryption.org/v1/X25519";

/// A private key.
pub(super) struct Identity(StaticSecret);

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[age key]")
    }
}

impl Identity {
    /// The keys of a key file; comments, blank lines and kinds that are not known are passed over.
    pub(super) fn all_in(text: &str) -> Vec<Self> {
        text.lines()
            .filter_map(|line| Self::parse(line.trim()))
            .collect()
    }

    fn parse(line: &str) -> Option<Self> {
        let (prefix, bytes) = bech32::decode(line).ok()?;
        if !prefix.as_str().eq_ignore_ascii_case("age-secret-key-") {
            return None;
        }
        let bytes = Zeroizing::new(bytes);
        let key = Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?);
        Some(Self(StaticSecret::from(*key)))
    }
}

/// An age file, taken apart.
struct File<'a> {
    /// Up to and with the three dashes, as the header's MAC covers it.
    header: &'a [u8],
    /// The share and the wrapped key of each X25519 recipient.
    stanzas: Vec<([u8; 32], Vec<u8>)>,
    mac: Vec<u8>,
    payload: &'a [u8],
}

/// Opens an armoured file with the first key that fits.
pub(super) fn open(
    armoured: &str,
    identities: &[Identity],
) -> Result<Zeroizing<Vec<u8>>, SopsError> {
    let binary = dearmour(armoured).ok_or(SopsError::Damaged)?;
    let file = parse(&binary).ok_or(SopsError::Damaged)?;
    let key = identities
        .iter()
        .find_map(|identity| {
            let unwrapped = |(share, body): &([u8; 32], Vec<u8>)| unwrap(identity, share, body);
            file.stanzas.iter().find_map(unwrapped)
        })
        .ok_or(SopsError::WrongKey)?;
    payload(&file, &key).ok_or(SopsError::Damaged)
}

fn dearmour(text: &str) -> Option<Vec<u8>> {
    let inner = text.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let packed: String = inner.split_whitespace().collect();
    STANDARD.decode(packed).ok()
}

fn parse(binary: &[u8]) -> Option<File<'_>> {
    let mut at = 0;
    let mut line = || {
        let rest = binary.get(at..)?;
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let start = at;
        at += end + 1;
        Some((start, at, std::str::from_utf8(&rest[..end]).ok()?))
    };
    if line()?.2 != VERSION {
        return None;
    }
    let mut stanzas = Vec::new();
    loop {
        let (start, after, text) = line()?;
        if let Some(mac) = text.strip_prefix("--- ") {
            return Some(File {
                header: &binary[..start + 3],
                stanzas,
                mac: STANDARD_NO_PAD.decode(mac).ok()?,
                payload: &binary[after..],
            });
        }
        let arguments: Vec<&str> = text.strip_prefix("-> ")?.split(' ').collect();
        let mut body = String::new();
        loop {
            let (_, _, part) = line()?;
            body.push_str(part);
            if part.len() < 64 {
                break;
            }
        }
        if let ["X25519", share] = arguments[..] {
            let share = STANDARD_NO_PAD.decode(share).ok()?;
            let body = STANDARD_NO_PAD.decode(body).ok()?;
            stanzas.push((share.try_into().ok()?, body));
        }
    }
}

/// The file's key, when it was wrapped for this identity.
fn unwrap(identity: &Identity, share: &[u8; 32], body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let shared = identity.0.diffie_hellman(&PublicKey::from(*share));
    if !shared.was_contributory() {
        return None;
    }
    let mut salt = share.to_vec();
    salt.extend_from_slice(PublicKey::from(&identity.0).as_bytes());
    let key = derive(shared.as_bytes(), &salt, LABEL);
    let cipher = ChaCha20Poly1305::new_from_slice(&*key).ok()?;
    let plain = Zeroizing::new(cipher.decrypt(&Nonce::default(), body).ok()?);
    (plain.len() == 16).then_some(plain)
}

/// The content; the header is proved first.
fn payload(file: &File<'_>, key: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut mac = hmac(&*derive(key, &[], b"header"));
    mac.update(file.header);
    mac.verify_slice(&file.mac).ok()?;
    let (salt, chunk) = file.payload.split_at_checked(16)?;
    let key = derive(key, salt, b"payload");
    let cipher = ChaCha20Poly1305::new_from_slice(&*key).ok()?;
    // The first chunk is the last one: a counter of 11 bytes, then a flag.
    let mut nonce = Nonce::default();
    if let Some(last) = nonce.last_mut() {
        *last = 1;
    }
    cipher.decrypt(&nonce, chunk).ok().map(Zeroizing::new)
}

/// HKDF with SHA-256, one block long.
fn derive(secret: &[u8], salt: &[u8], label: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut extract = hmac(salt);
    extract.update(secret);
    let extracted = Zeroizing::new(<[u8; 32]>::from(extract.finalize().into_bytes()));
    let mut expand = hmac(&*extracted);
    expand.update(label);
    expand.update(&[1]);
    Zeroizing::new(expand.finalize().into_bytes().into())
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length")
}
