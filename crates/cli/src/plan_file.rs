//! Files of plans on the disk: written for their owner alone, and read as what a stranger may have
//! written.

use crate::exit::Exit;
use crate::printer::{self, Printer};
use gangplank_report::escape;
use rustix::fs::OFlags;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use tempfile::NamedTempFile;

/// How many bytes are read: a hundred thousand new accounts take a third of it.
const MOST: u64 = 1 << 30;

/// Why something is refused, what helps, and how the command ends. Nothing was sent.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) exit: Exit,
    pub(crate) why: String,
    /// What belongs to it, on lines of their own.
    pub(crate) details: Vec<String>,
    pub(crate) remedy: String,
}

impl Refusal {
    /// A safety rule speaks.
    pub(crate) fn unsafe_to(why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            exit: Exit::Refused,
            why: why.into(),
            details: Vec::new(),
            remedy: remedy.into(),
        }
    }

    /// It is not what it should be.
    pub(crate) fn invalid(why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            exit: Exit::Invalid,
            ..Self::unsafe_to(why, remedy)
        }
    }

    /// Adds a line.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// Tells it.
    pub(crate) fn tell(self, printer: Printer) -> Exit {
        printer.error(&self.why);
        for detail in &self.details {
            printer::message(&format!("  {}\n", escape::line(detail)));
        }
        printer::hint(&self.remedy);
        self.exit
    }
}

/// Refuses early what could not be written in the end.
pub(crate) fn expect_free(path: &Path) -> Result<(), Refusal> {
    if path.symlink_metadata().is_ok() {
        return Err(taken(path));
    }
    Ok(())
}

fn taken(path: &Path) -> Refusal {
    Refusal::invalid(
        format!(
            "{} is there already, and a plan is never written over anything",
            path.display()
        ),
        "remove it, or choose another name",
    )
}

/// Writes a new file, readable by its owner alone. It is there whole or not at all, and what is there
/// already, be it a link, stays.
pub(crate) fn save(path: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let written = || -> io::Result<()> {
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()
    };
    written().map_err(|error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return taken(path);
        }
        Refusal {
            exit: Exit::Failed,
            ..Refusal::invalid(
                format!("the plan cannot be saved to {}: {error}", path.display()),
                "choose a folder that is there and can be written to, with room on its disk",
            )
        }
    })
}

/// Reads a file that only its owner and those whom he lets can have written.
pub(crate) fn load(path: &Path) -> Result<Vec<u8>, Refusal> {
    let name = path.display();
    // A named pipe without a writer is not waited for, and a link is not followed.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC).bits();
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags.cast_signed())
        .open(path);
    let file = opened.map_err(|error| {
        if path.is_symlink() {
            return Refusal::unsafe_to(
                format!("{name} is a symbolic link, and a plan is not read through one"),
                "name the file itself",
            );
        }
        Refusal::invalid(
            format!("the plan {name} cannot be read: {error}"),
            "name a file that `gangplank plan --out FILE` wrote",
        )
    })?;
    let unreadable = |error: io::Error| {
        Refusal::invalid(
            format!("the plan {name} cannot be read: {error}"),
            "save the plan anew with `gangplank plan --out FILE`",
        )
    };
    trusted(path, &file.metadata().map_err(unreadable)?)?;
    let mut bytes = Vec::new();
    // It may grow while it is read.
    let read = file.take(MOST + 1).read_to_end(&mut bytes);
    if read.map_err(unreadable)? as u64 > MOST {
        return Err(too_long(path));
    }
    Ok(bytes)
}

fn trusted(path: &Path, metadata: &Metadata) -> Result<(), Refusal> {
    let name = path.display();
    if !metadata.is_file() {
        return Err(Refusal::invalid(
            format!("{name} is no plain file"),
            "name a file that `gangplank plan --out FILE` wrote",
        ));
    }
    let own = rustix::process::geteuid().as_raw();
    if metadata.uid() != own {
        return Err(Refusal::unsafe_to(
            format!(
                "{name} belongs to another user ({}), who may change it at any time",
                metadata.uid()
            ),
            "copy it, compare its digest with the approved one, and apply the copy",
        ));
    }
    if metadata.mode() & 0o002 != 0 {
        return Err(Refusal::unsafe_to(
            format!("anybody on this machine may write to {name}"),
            format!(
                "run `chmod o-w {name}`, and compare its digest with the approved one (--approve-digest)"
            ),
        ));
    }
    if metadata.len() > MOST {
        return Err(too_long(path));
    }
    Ok(())
}

fn too_long(path: &Path) -> Refusal {
    Refusal::invalid(
        format!(
            "{} is longer than a plan may be ({} MiB)",
            path.display(),
            MOST >> 20
        ),
        "save the plan anew with `gangplank plan --out FILE`, for fewer accounts if need be",
    )
}
