//! Files of a directory that lie beside its manifests: rosters that one of them names, and SOPS files.

use crate::merge::Merge;
use crate::roster::RosterPath;
use crate::source::{LoadedFile, SourceMap};

/// How many there are; they are no manifests, and are not read as such.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Lists that a manifest names as a roster.
    pub rosters: usize,
    /// Files that SOPS has encrypted.
    pub sops: usize,
}

/// Whether SOPS has encrypted a YAML file: it ends with a section of its own, which is signed.
pub fn is_sops(bytes: &[u8]) -> bool {
    let mut inside = false;
    for line in bytes.split(|byte| *byte == b'\n') {
        let is_key = line.first().is_some_and(|byte| !b" \t\r#-".contains(byte));
        if is_key {
            inside = line.trim_ascii_end() == b"sops:";
        } else if inside && line.trim_ascii_start().starts_with(b"mac: ENC[") {
            return true;
        }
    }
    false
}

/// Whether a YAML text is a list, which no manifest is.
pub(crate) fn is_list(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut said = lines.filter(|line| {
        !line.is_empty() && !line.starts_with(b"#") && !line.starts_with(b"%") && *line != b"---"
    });
    let first = said.next().unwrap_or_default();
    first == b"-" || first.starts_with(b"- ") || first.starts_with(b"[")
}

/// Whether a manifest names the file as a roster.
pub(crate) fn is_named(file: &LoadedFile, merge: &Merge, map: &SourceMap) -> bool {
    merge.rosters().any(|from| {
        let folder = map.file(&from.origin.file).map(|it| it.folder.as_str());
        let folder = folder.unwrap_or_default();
        let below = match folder {
            "" => Some(file.name.as_str()),
            _ => file
                .name
                .strip_prefix(folder)
                .map(|it| it.trim_start_matches('/')),
        };
        let path = RosterPath::parse(&from.value);
        below.is_some_and(|below| path.is_ok_and(|path| path.fits_path(below)))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_list, is_sops};

    #[test]
    fn lists_and_sops_files_are_told_from_manifests() {
        for (text, list, sops) in [
            ("version: 1\naccounts:\n  - id: a\n", false, false),
            ("# rows\n---\n- id: a\n", true, false),
            ("\u{feff}[{ id: a }]\n", true, false),
            (
                "key: ENC[x]\nsops:\n    age: []\n    mac: ENC[y]\n",
                false,
                true,
            ),
            (
                "version: 1\nsops:\n    x: 1\naccounts:\n  mac: ENC[y]\n",
                false,
                false,
            ),
            ("", false, false),
        ] {
            assert_eq!(is_list(text.as_bytes()), list, "{text}");
            assert_eq!(is_sops(text.as_bytes()), sops, "{text}");
        }
    }
}
