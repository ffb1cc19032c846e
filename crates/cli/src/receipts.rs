//! The file of receipts: new, and readable by its owner alone.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Where receipts go, unless told otherwise.
const FOLDER: &str = ".gangplank/receipts";

/// Makes the file; one that is there already is never written over.
pub(crate) fn create(asked: Option<&Path>, now: &str) -> io::Result<(PathBuf, File)> {
    let path = if let Some(path) = asked {
        path.to_owned()
    } else {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(FOLDER)?;
        let name = format!("{}-{}.jsonl", now.replace(':', ""), std::process::id());
        Path::new(FOLDER).join(name)
    };
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    Ok((path, file))
}
