//! The values of SOPS files: `ENC[AES256_GCM,data:...,iv:...,tag:...,type:str]`.

use crate::error::SopsError;
use aes_gcm::aead::consts::U32;
use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// What a value was before it was encrypted; its text is the same for all but flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, a number, a time or bytes.
    Plain,
    /// `True` or `False`, as SOPS writes them.
    Flag,
    /// A comment, which SOPS keeps as an item where it stands in a list, and outside of the MAC.
    Comment,
}

/// Whether a text is an encrypted value.
pub(super) fn is_encrypted(text: &str) -> bool {
    text.starts_with("ENC[AES256_GCM,") && text.ends_with(']')
}

/// Decrypts a value that stands at a path; elsewhere it does not decrypt.
pub(super) fn decrypt(
    text: &str,
    key: &[u8],
    place: &str,
) -> Result<(Zeroizing<Vec<u8>>, Kind), SopsError> {
    let inner = text
        .strip_prefix("ENC[AES256_GCM,")
        .and_then(|text| text.strip_suffix(']'))
        .ok_or(SopsError::Damaged)?;
    let part = |name: &str| {
        let mut parts = inner.split(',').filter_map(|part| part.split_once(':'));
        parts.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let bytes = |name: &str| {
        let text = part(name).ok_or(SopsError::Damaged)?;
        STANDARD.decode(text).map_err(|_| SopsError::Damaged)
    };
    let mut message = bytes("data")?;
    message.extend(bytes("tag")?);
    let nonce = Nonce::<U32>::try_from(bytes("iv")?.as_slice()).map_err(|_| SopsError::Damaged)?;
    let cipher = AesGcm::<Aes256, U32>::new_from_slice(key).map_err(|_| SopsError::Damaged)?;
    let payload = Payload {
        msg: &message,
        aad: place.as_bytes(),
    };
    let plain = cipher
        .decrypt(&nonce, payload)
        .map_err(|_| SopsError::Damaged)?;
    let kind = match part("type") {
        Some("bool") => Kind::Flag,
        Some("comment") => Kind::Comment,
        Some(_) | None => Kind::Plain,
    };
    Ok((Zeroizing::new(plain), kind))
}
