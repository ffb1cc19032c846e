//! F19: a journal that was cut, flipped or put together in another order never passes for a right one.

use super::line;
use super::{JournalReader, UnreadableJournal};
use gangplank_model::file::receipts_v1::{OutcomeV1, RecordV1, VERSION};

fn records() -> Vec<RecordV1> {
    let mut records = vec![RecordV1::Header {
        number: 0,
        version: VERSION,
        run: "2026-01-01T00:00:00Z-7".into(),
        started: "2026-01-01T00:00:00Z".into(),
        instance: "https://api.cyclr.test".into(),
        manifest_digest: "0".repeat(64),
    }];
    // Two lanes in turn, in which the third call of the second is sent twice and never ends.
    for index in 0..3 {
        for account in ["acme", "bolt"] {
            let address = format!("account[{account:?}].template[\"a > b\"]");
            let attempts = if (account, index) == ("bolt", 2) {
                2
            } else {
                1
            };
            for attempt in 1..=attempts {
                records.push(RecordV1::Intent {
                    number: records.len() as u64,
                    address: address.clone(),
                    index,
                    verb: "install template".into(),
                    route: "POST /templates/{id}/install".into(),
                    attempt,
                    milliseconds: 10,
                });
            }
            if attempts == 1 {
                records.push(RecordV1::Outcome {
                    number: records.len() as u64,
                    address,
                    index,
                    outcome: OutcomeV1::Done,
                    explanation: None,
                    id: Some("c1".into()),
                    attempts,
                    milliseconds: 12,
                });
            }
        }
    }
    records
}

fn lines(records: &[RecordV1]) -> Vec<Vec<u8>> {
    records.iter().map(line::write).collect()
}

/// Reads to the end or the first error: the records, what was torn, and the error.
fn read(bytes: &[u8]) -> (Vec<RecordV1>, u64, Option<UnreadableJournal>) {
    let mut reader = JournalReader::new(bytes);
    let mut records = Vec::new();
    let mut error = None;
    for record in reader.by_ref() {
        match record {
            Ok(record) => records.push(record),
            Err(why) => error = Some(why),
        }
    }
    (records, reader.torn(), error)
}

#[track_caller]
fn expect_seen(bytes: &[u8], whole: &[RecordV1], case: &str) {
    let (records, torn, error) = read(bytes);
    // Without the end of the last line it looks torn, and says so.
    let seen = error.is_some() || (torn > 0 && !bytes.ends_with(b"\n"));
    assert!(seen, "{case}: taken for right");
    assert!(records.len() < whole.len() || error.is_some(), "{case}");
    assert!(whole.starts_with(&records), "{case}: {records:?}");
}

#[test]
fn f19_cut_at_every_byte_all_whole_lines_are_read_and_the_rest_is_told() {
    let whole = records();
    let bytes = lines(&whole).concat();
    for end in 0..=bytes.len() {
        let cut = &bytes[..end];
        let count = cut.split(|byte| *byte == b'\n').count() - 1;
        let (records, torn, error) = read(cut);
        assert_eq!(records, whole[..count], "cut at {end}");
        match error {
            Some(UnreadableJournal::Empty) => assert_eq!(count, 0),
            Some(other) => panic!("cut at {end}: {other}"),
            None => {
                let last = cut.iter().rposition(|byte| *byte == b'\n').unwrap();
                assert_eq!(torn, (end - last - 1) as u64);
            }
        }
    }
}

#[test]
fn f19_any_bit_of_a_kibibyte_flipped_is_seen() {
    let whole = records();
    let mut bytes = lines(&whole).concat();
    assert!(bytes.len() > 1024 + 200);
    for bit in 0..1024 * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        expect_seen(&bytes, &whole, &format!("bit {bit}"));
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    let begin = bytes.len() - 128;
    for bit in begin * 8..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        expect_seen(&bytes, &whole, &format!("bit {bit} of the last line"));
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn f19_lines_in_another_order_twice_or_missing_are_seen() {
    let whole = records();
    let lines = lines(&whole);
    for first in 0..lines.len() {
        for second in 0..lines.len() {
            let mut other = lines.clone();
            let moved = other.remove(first);
            other.insert(second, moved);
            if other != lines {
                expect_seen(&other.concat(), &whole, &format!("{first} to {second}"));
            }
            let mut other = lines.clone();
            other.insert(second, lines[first].clone());
            expect_seen(&other.concat(), &whole, &format!("{first} twice"));
        }
        if first + 1 < lines.len() {
            let mut other = lines.clone();
            other.remove(first);
            expect_seen(&other.concat(), &whole, &format!("without {first}"));
        }
    }
}

#[test]
fn f19_blocks_in_another_order_or_lost_are_seen() {
    let whole = records();
    let bytes = lines(&whole).concat();
    for size in [16, 64, 128, 512] {
        let blocks: Vec<&[u8]> = bytes.chunks_exact(size).collect();
        let rest = bytes.chunks_exact(size).remainder();
        for first in 0..blocks.len() {
            for second in first + 1..blocks.len() {
                let mut other = blocks.clone();
                other.swap(first, second);
                let other = [&other.concat(), rest].concat();
                if other != bytes {
                    expect_seen(&other, &whole, &format!("{size}: {first} and {second}"));
                }
            }
            let zeros = vec![0; size];
            let mut other = blocks.clone();
            other[first] = &zeros;
            let other = [&other.concat(), rest].concat();
            expect_seen(&other, &whole, &format!("{size}: zeros for {first}"));
        }
    }
}

/// What is well-formed and checks out, and makes no sense.
#[test]
fn f19_records_that_contradict_each_other_are_refused() {
    let good = records();
    let check = |record: RecordV1, place: usize, expected: &str| {
        let mut records = good[..place].to_vec();
        records.push(record);
        let (_, _, error) = read(&lines(&records).concat());
        let error = error.expect(expected).to_string();
        assert!(error.contains(expected), "{error}");
    };
    let intent = |number, attempt| RecordV1::Intent {
        number,
        address: "account[\"acme\"]".into(),
        index: 7,
        verb: "x".into(),
        route: "x".into(),
        attempt,
        milliseconds: 0,
    };
    let outcome = |number, attempts| RecordV1::Outcome {
        number,
        address: "account[\"acme\"]".into(),
        index: 7,
        outcome: OutcomeV1::Done,
        explanation: None,
        id: None,
        attempts,
        milliseconds: 0,
    };
    check(intent(0, 1), 0, "the first line is no header");
    check(intent(1, 2), 1, "the attempt before it is missing");
    check(intent(1, 0), 1, "the attempt before it is missing");
    check(outcome(1, 1), 1, "it ends a call that was not sent");
    check(intent(u64::MAX, 1), 1, "not at the place");
    let nobody = RecordV1::Intent {
        number: 1,
        address: "\u{1b}[2J".into(),
        index: 0,
        verb: String::new(),
        route: String::new(),
        attempt: 1,
        milliseconds: 0,
    };
    check(nobody, 1, "it names no object");
    let header = |version| RecordV1::Header {
        number: 0,
        version,
        run: String::new(),
        started: String::new(),
        instance: String::new(),
        manifest_digest: String::new(),
    };
    check(header(2), 0, "it is of version 2");
    // What was not sent may end, since it was refused or skipped.
    let records = [good[0].clone(), outcome(1, 0)];
    assert!(read(&lines(&records).concat()).2.is_none());
}

#[test]
fn f19_another_version_is_told_whatever_its_lines_look_like() {
    let bytes = b"{\"record\":{\"type\":\"header\",\"version\":7,\"shape\":\"new\"},\"sum\":1}\n";
    let (_, _, error) = read(bytes);
    assert!(
        matches!(error, Some(UnreadableJournal::Version(7))),
        "{error:?}"
    );
}

/// A line without an end is not read into memory.
#[test]
fn f19_an_endless_line_is_refused() {
    struct Endless(u64);
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(b'{');
            self.0 += buffer.len() as u64;
            assert!(self.0 < 1 << 20, "read on and on");
            Ok(buffer.len())
        }
    }
    let mut reader = JournalReader::new(Endless(0));
    assert!(matches!(
        reader.next(),
        Some(Err(UnreadableJournal::Damaged { .. }))
    ));
    assert!(reader.next().is_none());
}
