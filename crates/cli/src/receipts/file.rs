//! A file of receipts: new when it is written, and nobody else's when it is read.

use rustix::fs::OFlags;
use rustix::process::geteuid;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{
    DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _,
    PermissionsExt as _,
};
use std::path::{Path, PathBuf};

/// Where receipts go, unless told otherwise.
pub(super) const FOLDER: &str = ".gangplank/receipts";

/// Names that are tried for one moment and process: containers may share a folder, and all be process 1.
const MOST_NAMES: u32 = 100;

/// Why a file is neither made nor read.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It would not be safe, or would write over something.
    Unsafe {
        /// What is wrong.
        why: String,
        /// What helps.
        remedy: String,
    },
    /// The system says no.
    Failed(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

fn refused(why: String, remedy: impl Into<String>) -> Refused {
    Refused::Unsafe {
        why,
        remedy: remedy.into(),
    }
}

/// Makes a file, and sees to it that its name is durable. One that is there already is never written over.
pub(super) fn create(asked: Option<&Path>, now: &str) -> Result<(PathBuf, File), Refused> {
    let Some(path) = asked else {
        return create_in_folder(now);
    };
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    };
    check_folder(folder)?;
    let file = create_new(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => taken(path),
        _ => error.into(),
    })?;
    sync_folder(folder)?;
    Ok((path.to_owned(), file))
}

fn create_in_folder(now: &str) -> Result<(PathBuf, File), Refused> {
    let folder = Path::new(FOLDER);
    let is_new = !folder.exists();
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    check_folder(folder)?;
    let stem = format!("{}-{}", now.replace(':', ""), std::process::id());
    for number in 1..=MOST_NAMES {
        let name = match number {
            1 => format!("{stem}.jsonl"),
            _ => format!("{stem}-{number}.jsonl"),
        };
        let path = folder.join(name);
        match create_new(&path) {
            Ok(file) => {
                sync_folder(folder)?;
                if is_new {
                    sync_folder(Path::new(".gangplank"))?;
                    sync_folder(Path::new("."))?;
                }
                return Ok((path, file));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists).into())
}

fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .custom_flags(flags(OFlags::NOFOLLOW))
        .open(path)
}

fn flags(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}

/// What is there already.
fn taken(path: &Path) -> Refused {
    let shown = path.display();
    let what = match fs::symlink_metadata(path).map(|it| it.file_type()) {
        Ok(kind) if kind.is_symlink() => format!("{shown} is a symbolic link"),
        Ok(kind) if kind.is_dir() => format!("{shown} is a directory"),
        Ok(kind) if kind.is_fifo() => format!("{shown} is a pipe"),
        Ok(kind) if !kind.is_file() => format!("{shown} is no file"),
        Ok(_) | Err(_) => format!("{shown} is there already"),
    };
    refused(
        format!("{what}, and receipts are written to new files only"),
        "name a file that does not exist yet, or leave --receipts out",
    )
}

/// Whoever else may rename files in a folder could put another in the place of ours.
fn check_folder(folder: &Path) -> Result<(), Refused> {
    let shown = folder.display();
    let found = match fs::metadata(folder) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(refused(
                format!("there is no directory {shown}"),
                format!("make it first: `mkdir -p -m 700 {shown}`"),
            ));
        }
        Err(error) => return Err(error.into()),
    };
    let remedy = "name a file in a directory of your own with --receipts";
    if !found.is_dir() {
        return Err(refused(format!("{shown} is no directory"), remedy));
    }
    if found.uid() != 0 && !is_ours(&found) {
        let owner = found.uid();
        return Err(refused(
            format!("the directory {shown} belongs to another user ({owner})"),
            remedy,
        ));
    }
    let mode = found.permissions().mode();
    if mode & 0o002 != 0 && mode & 0o1000 == 0 {
        return Err(refused(
            format!("anybody may rename and remove files in the directory {shown}"),
            format!("`chmod o-w {shown}`, or {remedy}"),
        ));
    }
    Ok(())
}

fn is_ours(found: &Metadata) -> bool {
    found.uid() == geteuid().as_raw()
}

/// Makes the names in a folder durable. Not every file system can.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Err(error)
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Opens a file of receipts to read it: a file of our own that nobody else may write to.
pub(crate) fn open(path: &Path) -> Result<File, Refused> {
    let shown = path.display();
    let remedy = "name a file that an apply of yours has written";
    let asked = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags(asked))
        .open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(refused(format!("there is no file {shown}"), remedy));
        }
        Err(error) => {
            let found = fs::symlink_metadata(path);
            return Err(if found.is_ok_and(|it| it.file_type().is_symlink()) {
                refused(
                    format!("{shown} is a symbolic link, which is not followed"),
                    remedy,
                )
            } else {
                error.into()
            });
        }
    };
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(refused(format!("{shown} is no file"), remedy));
    }
    if !is_ours(&found) {
        let owner = found.uid();
        return Err(refused(
            format!("{shown} belongs to another user ({owner})"),
            remedy,
        ));
    }
    if found.permissions().mode() & 0o022 != 0 {
        return Err(refused(
            format!("others may write to {shown}"),
            format!("if you trust what it says: `chmod 600 {shown}`"),
        ));
    }
    Ok(file)
}
