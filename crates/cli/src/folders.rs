//! Folders below a directory of manifests, which are not read with it.

use crate::printer;
use gangplank_manifest::is_sops;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Folders that are named one by one.
const MOST_TOLD: usize = 5;
/// Bytes of a file that are looked at.
const LOOKED_AT: u64 = 64 << 10;

/// Tells of folders with manifests that lie in the directories among the paths and are not named
/// themselves.
pub(crate) fn tell_unread(paths: &[String]) {
    let named: Vec<PathBuf> = paths
        .iter()
        .filter_map(|it| fs::canonicalize(it).ok())
        .collect();
    let mut unread = Vec::new();
    for path in paths.iter().filter(|path| Path::new(path).is_dir()) {
        for folder in files(Path::new(path)).filter(|it| it.is_dir() && holds_manifests(it)) {
            let real = fs::canonicalize(&folder).unwrap_or_else(|_| folder.clone());
            // What is named in a folder was chosen there.
            if !named.iter().any(|named| named.starts_with(&real)) {
                unread.push(folder.to_string_lossy().into_owned());
            }
        }
    }
    unread.sort();
    let more = unread.len().saturating_sub(MOST_TOLD);
    for folder in unread.iter().take(MOST_TOLD) {
        printer::hint(&format!(
            "{folder} is not read, since folders in a directory are not; name it too if it holds manifests"
        ));
    }
    if more > 0 {
        printer::hint(&format!("nor are {more} other folders"));
    }
}

/// Whether a directory is among the paths.
pub(crate) fn is_among(paths: &[String]) -> bool {
    paths.iter().any(|path| Path::new(path).is_dir())
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

/// Whether a file in it begins as manifests do; rosters, SOPS files and other YAML do not.
fn holds_manifests(folder: &Path) -> bool {
    let yaml = |file: &PathBuf| {
        file.extension()
            .is_some_and(|end| end == "yaml" || end == "yml")
    };
    files(folder).filter(yaml).any(|file| is_manifest(&file))
}

fn is_manifest(file: &Path) -> bool {
    let mut bytes = Vec::new();
    // A pipe is not opened: nobody may ever write to it.
    let place = Some(file).filter(|file| file.is_file());
    let opened = place.and_then(|file| fs::File::open(file).ok());
    let read = opened.map(|opened| opened.take(LOOKED_AT).read_to_end(&mut bytes));
    let mut lines = bytes.split(|byte| *byte == b'\n');
    read.is_some_and(|read| read.is_ok())
        && lines.any(|line| line.starts_with(b"version:"))
        && !is_sops(&bytes)
}
