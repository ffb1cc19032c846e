//! Manifests from the disk and from standard input.

use gangplank_manifest::{LoadedFile, SourceError, Sources};
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

/// How many bytes of one file are read: a hundred thousand accounts take a tenth of it.
const MOST: u64 = 256 << 20;

/// The disk, as seen from the working directory.
#[derive(Debug)]
pub(crate) struct Disk;

impl Sources for Disk {
    fn read(&self, path: &str) -> Result<Vec<LoadedFile>, SourceError> {
        if path == "-" {
            return Ok(vec![LoadedFile {
                name: path.to_owned(),
                folder: String::new(),
                bytes: bounded(path, io::stdin().lock())?,
            }]);
        }
        let place = Path::new(path);
        if !place.is_dir() {
            return Ok(vec![file(place)?]);
        }
        let mut found = Vec::new();
        for entry in fs::read_dir(place).map_err(|source| error(path, &source))? {
            let entry = entry.map_err(|source| error(path, &source))?.path();
            let manifest = entry
                .extension()
                .is_some_and(|end| end == "yaml" || end == "yml");
            if manifest && entry.is_file() {
                found.push(entry);
            }
        }
        if found.is_empty() {
            return Err(SourceError::new(
                path,
                "the directory holds no *.yaml or *.yml file",
            ));
        }
        found.sort();
        found.iter().map(|path| file(path)).collect()
    }
}

fn file(path: &Path) -> Result<LoadedFile, SourceError> {
    let name = path.to_string_lossy().into_owned();
    let folder = path
        .parent()
        .map(|parent| parent.to_string_lossy().into_owned());
    let opened = fs::File::open(path).map_err(|source| error(&name, &source))?;
    Ok(LoadedFile {
        bytes: bounded(&name, opened)?,
        name,
        folder: folder.unwrap_or_default(),
    })
}

/// Reads all of it, unless it is endless.
fn bounded(name: &str, source: impl io::Read) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    source
        .take(MOST + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| error(name, &source))?;
    if bytes.len() as u64 > MOST {
        let mebibytes = MOST >> 20;
        let why = format!("it is longer than {mebibytes} MiB; split it, a directory is read whole");
        return Err(SourceError::new(name, why));
    }
    Ok(bytes)
}

fn error(path: &str, source: &io::Error) -> SourceError {
    SourceError::new(path, source.to_string())
}
