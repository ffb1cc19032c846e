//! Manifests from the disk and from standard input.

use gangplank_manifest::{LoadedFile, SourceError, Sources};
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

/// The disk, as seen from the working directory.
#[derive(Debug)]
pub(crate) struct Disk;

impl Sources for Disk {
    fn read(&self, path: &str) -> Result<Vec<LoadedFile>, SourceError> {
        if path == "-" {
            let mut bytes = Vec::new();
            io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .map_err(|source| error(path, &source))?;
            return Ok(vec![LoadedFile {
                name: path.to_owned(),
                folder: String::new(),
                bytes,
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
    let bytes = fs::read(path).map_err(|source| error(&name, &source))?;
    Ok(LoadedFile {
        name,
        folder: folder.unwrap_or_default(),
        bytes,
    })
}

fn error(path: &str, source: &io::Error) -> SourceError {
    SourceError::new(path, source.to_string())
}
