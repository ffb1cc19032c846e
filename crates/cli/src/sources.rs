//! Manifests from the disk and from standard input.

use gangplank_manifest::{LoadedFile, RosterPath, SourceError, Sources};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// How many bytes of one file are read: a hundred thousand accounts take a tenth of it.
const MOST: u64 = 256 << 20;
/// How many bytes are read of all the files that one path names.
const MOST_TOGETHER: u64 = 1 << 30;
/// How many files one path names: a directory with more was not meant.
const MOST_FILES: usize = 10_000;

/// The disk, as seen from the working directory.
#[derive(Debug)]
pub(crate) struct Disk;

impl Sources for Disk {
    fn read(&self, path: &str) -> Result<Vec<LoadedFile>, SourceError> {
        if path == "-" {
            return Ok(vec![LoadedFile {
                name: path.to_owned(),
                folder: String::new(),
                bytes: bounded(path, io::stdin().lock(), 0)?,
            }]);
        }
        let place = Path::new(path);
        if !place.is_dir() {
            readable(place)?;
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
                few(path, &found)?;
            }
        }
        if found.is_empty() {
            return Err(SourceError::new(
                path,
                "the directory holds no *.yaml or *.yml file",
            ));
        }
        found.sort();
        together(path, &found, file)
    }

    fn roster(&self, folder: &str, path: &RosterPath) -> Result<Vec<LoadedFile>, SourceError> {
        let mut found = vec![PathBuf::from(folder)];
        for part in path.parts() {
            let mut next = Vec::new();
            for place in &found {
                if RosterPath::is_pattern(part) {
                    fitting(place, part, &mut next)?;
                } else {
                    next.push(place.join(part));
                }
            }
            found = next;
        }
        // A folder that a pattern fits is none of the files that were meant.
        let pattern = path.parts().any(RosterPath::is_pattern);
        found.retain(|place| !pattern || place.is_file());
        found.sort();
        together(
            &path.parts().collect::<Vec<_>>().join("/"),
            &found,
            |place| {
                inside(folder, place, &place.to_string_lossy())?;
                let loaded = file(place)?;
                Ok(LoadedFile {
                    folder: folder.to_owned(),
                    ..loaded
                })
            },
        )
    }
}

/// Reads files, unless they are too much together.
fn together(
    path: &str,
    places: &[PathBuf],
    read: impl Fn(&Path) -> Result<LoadedFile, SourceError>,
) -> Result<Vec<LoadedFile>, SourceError> {
    let mut files = Vec::with_capacity(places.len());
    let mut bytes = 0;
    for place in places {
        let file = read(place)?;
        bytes += file.bytes.len() as u64;
        if bytes > MOST_TOGETHER {
            let gibibytes = MOST_TOGETHER >> 30;
            let why = format!("its files are longer than {gibibytes} GiB together");
            return Err(SourceError::new(path, why));
        }
        files.push(file);
    }
    Ok(files)
}

fn few(path: &str, found: &[PathBuf]) -> Result<(), SourceError> {
    if found.len() <= MOST_FILES {
        return Ok(());
    }
    let why = format!("it stands for more than {MOST_FILES} files");
    Err(SourceError::new(path, why))
}

/// Refuses what is no file: a device has no end, and a named pipe nobody may ever write to. What the
/// shell hands over (`/dev/stdin`, `/dev/fd/63`) is read like standard input.
fn readable(place: &Path) -> Result<(), SourceError> {
    let handed = ["/dev/stdin", "/dev/fd", "/proc/self/fd", "/dev/null"];
    let is_odd = fs::metadata(place).is_ok_and(|found| !found.is_file());
    if is_odd && !handed.iter().any(|it| place.starts_with(it)) {
        let why = "it is a device or a named pipe; write `-` and hand it over on standard input";
        return Err(SourceError::new(place.to_string_lossy(), why));
    }
    Ok(())
}

/// Adds what a pattern fits in a folder; a place that is no folder holds nothing.
fn fitting(folder: &Path, part: &str, into: &mut Vec<PathBuf>) -> Result<(), SourceError> {
    let read = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    if !read.is_dir() {
        return Ok(());
    }
    let told = |source: &io::Error| error(&read.to_string_lossy(), source);
    for entry in fs::read_dir(read).map_err(|source| told(&source))? {
        let name = entry.map_err(|source| told(&source))?.file_name();
        if RosterPath::fits(part, &name.to_string_lossy()) {
            into.push(folder.join(name));
            few(&folder.join(part).to_string_lossy(), into)?;
        }
    }
    Ok(())
}

/// Refuses a roster that is no plain file, or that a link leads to from outside of the folder.
fn inside(folder: &str, place: &Path, name: &str) -> Result<(), SourceError> {
    let folder = if folder.is_empty() { "." } else { folder };
    let real = |path: &Path| fs::canonicalize(path).map_err(|source| error(name, &source));
    let (folder, place) = (real(Path::new(folder))?, real(place)?);
    if !place.starts_with(&folder) {
        let why = "a link leads out of the manifest's folder; put the file itself there";
        return Err(SourceError::new(name, why));
    }
    if !place.is_file() {
        return Err(SourceError::new(name, "it is no file"));
    }
    Ok(())
}

fn file(path: &Path) -> Result<LoadedFile, SourceError> {
    let name = path.to_string_lossy().into_owned();
    let folder = path
        .parent()
        .map(|parent| parent.to_string_lossy().into_owned());
    let opened = fs::File::open(path).map_err(|source| error(&name, &source))?;
    // What the system says saves growing; it need not be right.
    let length = opened.metadata().map_or(0, |metadata| metadata.len() + 1);
    if length > MOST + 1 {
        return Err(too_long(&name));
    }
    Ok(LoadedFile {
        bytes: bounded(&name, opened, length)?,
        name,
        folder: folder.unwrap_or_default(),
    })
}

/// Reads all of it, unless it is endless; `length` is about how long it is.
fn bounded(name: &str, source: impl io::Read, length: u64) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::with_capacity(usize::try_from(length.min(MOST)).unwrap_or(0));
    source
        .take(MOST + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| error(name, &source))?;
    if bytes.len() as u64 > MOST {
        return Err(too_long(name));
    }
    Ok(bytes)
}

fn too_long(name: &str) -> SourceError {
    let mebibytes = MOST >> 20;
    let why = format!("it is longer than {mebibytes} MiB; split it, a directory is read whole");
    SourceError::new(name, why)
}

fn error(path: &str, source: &io::Error) -> SourceError {
    let told = source.to_string();
    // `(os error 2)` says nothing to anybody.
    let reason = told.split(" (os error").next().unwrap_or_default();
    SourceError::new(path, reason)
}
