//! `Identity`: ids made up from a seed, the same in every run.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Makes ids from a seed and from what they are for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity {
    seed: u64,
}

impl Identity {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    pub(crate) fn seed(self) -> u64 {
        self.seed
    }

    /// A number between 1,000 and ten million.
    pub(crate) fn number(self, parts: &[&str]) -> u64 {
        1_000 + self.mix(0, parts) % 9_999_000
    }

    /// A GUID of version 4's shape.
    pub(crate) fn guid(self, parts: &[&str]) -> String {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.mix(1, parts).to_be_bytes());
        bytes[8..].copy_from_slice(&self.mix(2, parts).to_be_bytes());
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
    }

    /// 64 hexadecimal digits.
    pub(crate) fn token(self, number: u64) -> String {
        let number = number.to_string();
        let mix = |salt| self.mix(salt, &["token", &number]);
        format!(
            "{:016x}{:016x}{:016x}{:016x}",
            mix(3),
            mix(4),
            mix(5),
            mix(6)
        )
    }

    /// 44 characters of base64, always with `+`, `/` and `=`, so that a client that does not encode
    /// a token for its URL is found out (cyclr-api.md 2.2).
    pub(crate) fn sign_in_token(self, number: u64) -> String {
        let number = number.to_string();
        let mut bytes = [0; 32];
        for (salt, part) in (7..).zip(bytes.chunks_exact_mut(8)) {
            part.copy_from_slice(&self.mix(salt, &["sign-in", &number]).to_be_bytes());
        }
        let mut text = STANDARD.encode(bytes);
        let place = usize::from(bytes[0]) % 40;
        text.replace_range(place..place + 2, "+/");
        text
    }

    /// FNV-1a over the parts, finished as in `SplitMix64`.
    fn mix(self, salt: u64, parts: &[&str]) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325 ^ self.seed ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for part in parts {
            for byte in part.bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^ (hash >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::Identity;

    #[test]
    fn sign_in_tokens_have_to_be_encoded_and_differ() {
        let tokens: std::collections::BTreeSet<_> = (0..300)
            .map(|number| Identity::new(7).sign_in_token(number))
            .collect();
        assert_eq!(tokens.len(), 300);
        for token in &tokens {
            assert_eq!(token.len(), 44);
            assert!(token.contains("+/") && token.ends_with('='), "{token}");
        }
    }
}
