//! `gangplank fmt`: manifests and YAML rosters in the one layout.

use crate::args::FmtArgs;
use crate::exit::Exit;
use crate::printer::{self, Printer};
use crate::sources::Disk;
use gangplank_manifest::{Formatted, LoadedFile, Sources as _, format, is_sops};
use gangplank_report::{self as report, escape};
use std::collections::HashSet;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, fchown};
use std::panic;
use std::path::Path;

pub(super) fn run(args: &FmtArgs, printer: Printer) -> Exit {
    let mut exit = Exit::Done;
    let mut seen = HashSet::new();
    for path in &args.paths {
        let files = match Disk.read(path) {
            Ok(files) => files,
            Err(error) => {
                printer.error(&error.to_string());
                exit = Exit::Invalid;
                continue;
            }
        };
        for file in files {
            if is_sops(&file.bytes) {
                if file.name == *path {
                    printer::hint(&format!("{path} is encrypted by SOPS, and stays as it is"));
                }
                if path == "-" {
                    // What goes through a pipe comes out of it.
                    printer::result(&String::from_utf8_lossy(&file.bytes));
                }
                continue;
            }
            let known = fs::canonicalize(&file.name).unwrap_or_else(|_| file.name.clone().into());
            if seen.insert(known) {
                exit = worse(exit, one(file, args.check, printer));
            }
        }
    }
    if args.check && exit == Exit::Failed {
        printer::hint("gangplank fmt, without --check, lays them out");
    }
    exit
}

/// A broken file says more than one that is only laid out otherwise.
fn worse(one: Exit, other: Exit) -> Exit {
    match (one, other) {
        (Exit::Invalid, _) | (_, Exit::Invalid) => Exit::Invalid,
        (Exit::Failed, _) | (_, Exit::Failed) => Exit::Failed,
        _ => Exit::Done,
    }
}

fn one(file: LoadedFile, check: bool, printer: Printer) -> Exit {
    let name = file.name.clone();
    let bytes = file.bytes.clone();
    let Formatted {
        text,
        unchanged,
        sources,
    } = quietly(|| format(file));
    let text = match text {
        Ok(text) => text,
        Err(diagnostics) => {
            let options = report::TextOptions {
                color: printer.color_err,
                ..printer.text_options()
            };
            printer::message(&report::diagnostics(&diagnostics, &sources, &options));
            return Exit::Invalid;
        }
    };
    match (name.as_str(), check) {
        ("-", false) => printer::result(&text),
        _ if unchanged => {}
        (_, true) => {
            printer::result(&escape::line(&name));
            return Exit::Failed;
        }
        (_, false) => {
            if let Err(error) = replace(Path::new(&name), &bytes, &text) {
                printer.error(&format!("{name} is left as it was: {error}"));
                return Exit::Failed;
            }
            printer::result(&escape::line(&name));
        }
    }
    Exit::Done
}

/// Works without a word about panics: the layout catches them, and what they say may hold what
/// stands in the file.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = work();
    panic::set_hook(hook);
    result
}

/// Puts a new file in the place of the old one, whole or not at all. Where a link leads is written,
/// and the link stays; owner and permissions stay too.
fn replace(path: &Path, before: &[u8], text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let old = fs::metadata(&path)?;
    if old.permissions().readonly() {
        return Err(io::Error::other("it is read-only"));
    }
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut new = tempfile::Builder::new()
        .prefix(".gangplank-fmt-")
        .tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    let made = new.as_file().metadata()?;
    if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
        fchown(new.as_file(), Some(old.uid()), Some(old.gid()))?;
    }
    new.as_file().set_permissions(old.permissions())?;
    new.as_file().sync_all()?;
    if fs::read(&path)? != before {
        return Err(io::Error::other("it changed meanwhile; run it again"));
    }
    new.persist(&path)?;
    Ok(())
}
