//! Secrets from files below the manifest's folder.

use crate::SecretError;
use gangplank_model::Secret;
use rustix::fs::OFlags;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path, PathBuf};
use zeroize::Zeroizing;

/// No secret is larger than this.
const LIMIT: u64 = 64 * 1024;

/// Reads a file; one trailing newline is cut, as editors and `echo` add one.
pub(crate) fn read(folder: &str, path: &str) -> Result<Secret, SecretError> {
    let bytes = read_bytes(folder, path, LIMIT)?;
    let text =
        std::str::from_utf8(&bytes).map_err(|_| SecretError::FileNotUnicode(path.to_owned()))?;
    let text = without_newline(text);
    if text.is_empty() {
        return Err(SecretError::FileEmpty(path.to_owned()));
    }
    Ok(Secret::new(text.to_owned()))
}

/// A text without one newline at its end.
pub(crate) fn without_newline(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// Reads a regular file below the folder, of so many bytes at most.
pub(crate) fn read_bytes(
    folder: &str,
    path: &str,
    limit: u64,
) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    let real = locate(Path::new(folder), path)?;
    let unreadable = |source| SecretError::FileUnreadable {
        path: path.to_owned(),
        source,
    };
    // Looked at before it is opened: opening a device may do something. Where it becomes a pipe or a
    // link meanwhile, nobody waits and nobody follows.
    if !real.metadata().map_err(unreadable)?.is_file() {
        return Err(SecretError::FileKind(path.to_owned()));
    }
    let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
    let file = File::options()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(&real)
        .map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(SecretError::FileKind(path.to_owned()));
    }
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(SecretError::FileTooLarge(path.to_owned(), limit));
    }
    Ok(bytes)
}

/// Reads what the environment names, wherever it lies and whatever it is: so many bytes at most.
pub(crate) fn read_named(path: &str, limit: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Finds the real file and makes sure that neither `..` nor a symbolic link leads out.
fn locate(folder: &Path, path: &str) -> Result<PathBuf, SecretError> {
    let relative = Path::new(path);
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !relative.components().all(plain) {
        return Err(SecretError::FileOutside(path.to_owned()));
    }
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let real = |path: &Path| -> io::Result<PathBuf> { path.canonicalize() };
    let unreadable = |source| SecretError::FileUnreadable {
        path: path.to_owned(),
        source,
    };
    let root = real(folder).map_err(unreadable)?;
    let file = real(&root.join(relative)).map_err(unreadable)?;
    if file.starts_with(&root) {
        Ok(file)
    } else {
        Err(SecretError::FileOutside(path.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn outcome(folder: &Path, path: &str) -> String {
        match read(folder.to_str().unwrap(), path) {
            Ok(secret) => secret.expose().to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn files_are_read_below_the_folder_only() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("key"), "outside").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("sub")).unwrap();
        fs::write(root.join("sub/key"), "s3cret\r\n").unwrap();
        fs::write(root.join("two"), "a\n\n").unwrap();
        fs::write(root.join("empty"), "\n").unwrap();
        fs::write(root.join("binary"), [0xff]).unwrap();
        fs::write(root.join("large"), vec![b'x'; 70_000]).unwrap();
        std::os::unix::fs::symlink(outside.path().join("key"), root.join("link")).unwrap();
        std::os::unix::fs::symlink("sub/key", root.join("inner")).unwrap();
        std::os::unix::fs::symlink(outside.path(), root.join("way")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", root.join("device")).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(root.join("pipe"))
            .status();
        assert!(made.unwrap().success());
        let socket = std::os::unix::net::UnixListener::bind(root.join("socket")).unwrap();
        let absolute = root.join("sub/key");
        for (path, expected) in [
            ("sub/key", "s3cret"),
            ("./sub/key", "s3cret"),
            ("inner", "s3cret"),
            ("two", "a\n"),
            ("empty", "file empty is empty; write the secret into it"),
            ("binary", "file binary is not valid UTF-8"),
            (
                "large",
                "file large is larger than 65536 bytes; is it the right file?",
            ),
            (
                "way/key",
                "file way/key lies outside the manifest's folder; give a relative path below it",
            ),
            (
                "device",
                "file device lies outside the manifest's folder; give a relative path below it",
            ),
            ("socket", "file socket is not a regular file"),
            ("pipe", "file pipe is not a regular file"),
            ("two\0", "file two\0 cannot be read"),
            ("sub", "file sub is not a regular file"),
            ("none", "file none cannot be read"),
            (
                "link",
                "file link lies outside the manifest's folder; give a relative path below it",
            ),
        ] {
            assert_eq!(outcome(root, path), expected, "{path}");
        }
        for path in ["../key", "sub/../../key", absolute.to_str().unwrap()] {
            assert!(outcome(root, path).contains("outside"), "{path}");
        }
        drop(socket);
    }
}
