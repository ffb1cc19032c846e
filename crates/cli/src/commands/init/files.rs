//! Writes files all or not at all, and none over another without a word.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A file to write.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// Whether it may replace one: it holds what that one held.
    pub(super) extends: bool,
}

/// The files that are there and would be written over.
pub(super) fn in_the_way<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Vec<&'a Path> {
    let paths = paths.into_iter();
    paths
        .filter(|path| path.symlink_metadata().is_ok())
        .collect()
}

/// Writes all of them. Where one fails, those before it are as they were.
pub(super) fn write(files: &[Planned], force: bool) -> Result<(), (PathBuf, io::Error)> {
    let mut staged = Vec::new();
    let mut made = Vec::new();
    let result = stage(files, &mut staged, &mut made).and_then(|()| settle(files, &staged, force));
    for path in &staged {
        // Where all went well they have been moved away.
        fs::remove_file(path).ok();
    }
    if result.is_err() {
        for folder in made.iter().rev() {
            fs::remove_dir(folder).ok();
        }
    }
    result
}

/// Writes each beside its place.
fn stage(
    files: &[Planned],
    staged: &mut Vec<PathBuf>,
    made: &mut Vec<PathBuf>,
) -> Result<(), (PathBuf, io::Error)> {
    for file in files {
        let told = |error| (file.path.clone(), error);
        if let Some(folder) = file.path.parent() {
            let missing = folder
                .ancestors()
                .take_while(|it| !it.as_os_str().is_empty() && !it.exists());
            let missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
            for folder in missing.into_iter().rev() {
                fs::create_dir(&folder).map_err(told)?;
                made.push(folder);
            }
        }
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        let beside = format!(".{name}.{}.new", std::process::id());
        let beside = file.path.with_file_name(beside);
        let mut options = fs::OpenOptions::new();
        let mut opened = options
            .write(true)
            .create_new(true)
            .open(&beside)
            .map_err(told)?;
        staged.push(beside);
        opened.write_all(file.text.as_bytes()).map_err(told)?;
        opened.sync_all().map_err(told)?;
    }
    Ok(())
}

/// Moves each to its place; a failure moves those before it back.
fn settle(files: &[Planned], staged: &[PathBuf], force: bool) -> Result<(), (PathBuf, io::Error)> {
    let mut done: Vec<(&Path, Option<Vec<u8>>)> = Vec::new();
    for (file, beside) in files.iter().zip(staged) {
        let before = fs::read(&file.path).ok();
        let moved = if force || file.extends {
            fs::rename(beside, &file.path)
        } else {
            place(beside, &file.path)
        };
        if let Err(error) = moved {
            for (path, before) in done.into_iter().rev() {
                match before {
                    Some(bytes) => drop(fs::write(path, bytes)),
                    None => drop(fs::remove_file(path)),
                }
            }
            return Err((file.path.clone(), error));
        }
        done.push((&file.path, before));
    }
    Ok(())
}

/// Unlike a rename, a link is refused where a file has come up meanwhile.
fn place(beside: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(beside, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
            // Not every file system has links.
            fs::rename(beside, path)
        }
        linked => linked,
    }
}

/// `.gitignore` with the folder in which Gangplank keeps receipts and the sandbox; `None` where it has
/// it already.
pub(super) fn ignoring(path: &Path) -> io::Result<Option<Planned>> {
    const LINE: &str = "/.gangplank/";
    let held = match fs::read_to_string(path) {
        Ok(held) => held,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let names_it = |line: &str| line.trim().trim_matches('/') == ".gangplank";
    if held.lines().any(names_it) {
        return Ok(None);
    }
    let mut text = held;
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(LINE);
    text.push('\n');
    Ok(Some(Planned {
        path: path.to_owned(),
        text,
        extends: true,
    }))
}
