//! One line of a journal: a record with its length in bytes and its CRC-32.

use gangplank_model::file::receipts_v1::RecordV1;

/// No line is longer, with its end.
pub(super) const LONGEST: usize = 64 << 10;

/// What stands between the parts of a line.
const BEFORE_LENGTH: &[u8] = b"{\"length\":";
const BEFORE_CRC: &[u8] = b",\"crc32\":\"";
const BEFORE_RECORD: &[u8] = b"\",\"record\":";
const END: &[u8] = b"}\n";

/// Writes a line.
pub(super) fn write(record: &RecordV1) -> Vec<u8> {
    let json = serde_json::to_vec(record).expect("a record holds nothing but texts and numbers");
    let length = json.len().to_string();
    let crc = format!("{:08x}", crc32fast::hash(&json));
    let parts = [
        BEFORE_LENGTH,
        length.as_bytes(),
        BEFORE_CRC,
        crc.as_bytes(),
        BEFORE_RECORD,
        &json,
        END,
    ];
    parts.concat()
}

/// Reads a line with its end. Only the very bytes that [`write`] makes of the frame will do, so that no
/// bit of it can be another. `Err` says what is wrong.
pub(super) fn read(line: &[u8]) -> Result<RecordV1, &'static str> {
    let frame = "it does not have the form of a line of receipts";
    let rest = line.strip_prefix(BEFORE_LENGTH).ok_or(frame)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (length, rest) = rest.split_at(digits);
    let rest = rest.strip_prefix(BEFORE_CRC).ok_or(frame)?;
    let (crc, rest) = rest.split_at_checked(8).ok_or(frame)?;
    let rest = rest.strip_prefix(BEFORE_RECORD).ok_or(frame)?;
    let json = rest.strip_suffix(END).ok_or(frame)?;
    if length != json.len().to_string().as_bytes() {
        return Err("its record is not as long as it says");
    }
    if crc != format!("{:08x}", crc32fast::hash(json)).as_bytes() {
        return Err("its record does not have the checksum that it says");
    }
    serde_json::from_slice(json).map_err(|_| "its record is none that this version knows")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> RecordV1 {
        RecordV1::Header {
            number: 0,
            version: 1,
            run: "r".into(),
            started: "2026-01-01T00:00:00Z".into(),
            instance: "https://api.cyclr.test".into(),
            manifest_digest: "0".into(),
        }
    }

    #[test]
    fn a_line_is_json_and_reads_back() {
        let line = write(&record());
        let json: serde_json::Value = serde_json::from_slice(&line).unwrap();
        assert_eq!(json["record"]["type"], "header");
        assert_eq!(read(&line), Ok(record()));
    }

    #[test]
    fn any_other_form_of_the_frame_is_refused() {
        let line = String::from_utf8(write(&record())).unwrap();
        let crc = &line[line.find("crc32").unwrap()..][8..16];
        for other in [
            line.replacen(":1", ":01", 1),
            line.replacen("{\"length\":", "{ \"length\":", 1),
            line.replacen(crc, &crc.to_uppercase(), 1),
            line.trim_end().to_owned(),
            line.replacen("\"run\":\"r\"", "\"run\":\"s\"", 1),
            String::new(),
        ] {
            if other != line {
                assert!(read(other.as_bytes()).is_err(), "{other}");
            }
        }
    }
}
