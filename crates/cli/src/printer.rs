//! The only place that prints: results to standard output, everything else to standard error.

use crate::args::ColorChoice;
use gangplank_report::{TextOptions, escape};
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

/// How wide a result is when nobody says.
const DEFAULT_WIDTH: usize = 100;

/// Knows the two streams and what they can show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    /// Colour on standard output.
    pub(crate) color_out: bool,
    /// Colour on standard error.
    pub(crate) color_err: bool,
    /// Whether progress may redraw lines.
    pub(crate) interactive: bool,
    /// Columns of a result.
    pub(crate) width: usize,
}

impl Printer {
    /// Looks at the streams and the environment.
    pub(crate) fn new(color: ColorChoice) -> Self {
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let ci = flag("CI");
        let plain = flag("NO_COLOR");
        let dumb = variable("TERM").is_some_and(|term| term == "dumb");
        let colored = |terminal: bool| match color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !plain && !ci && !dumb,
        };
        let columns = variable("COLUMNS").and_then(|columns| columns.parse().ok());
        let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self {
            color_out: colored(out),
            color_err: colored(err),
            interactive: err && !ci && !dumb,
            width: columns
                .or_else(measured)
                .unwrap_or(DEFAULT_WIDTH)
                .clamp(40, 200),
        }
    }

    /// How text on standard output is drawn.
    pub(crate) fn text_options(self) -> TextOptions {
        TextOptions {
            color: self.color_out,
            width: self.width,
        }
    }

    /// Prints `error: ...`; what a server or a file has to say in it is foreign.
    pub(crate) fn error(self, text: &str) {
        let label = if self.color_err {
            "\u{1b}[1;31merror\u{1b}[0m"
        } else {
            "error"
        };
        message(&format!("{label}: {}\n", escape::line(text)));
    }
}

/// Prints `hint: ...` below an error.
pub(crate) fn hint(text: &str) {
    message(&format!("hint: {text}\n"));
}

/// Whether a result did not arrive where it was to go.
static LOST: AtomicBool = AtomicBool::new(false);

/// Prints a result.
pub(crate) fn result(text: &str) {
    match print(io::stdout().lock(), text) {
        Ok(()) => {}
        // Whoever listened has heard enough: `gangplank plan | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => {
            LOST.store(true, Ordering::Relaxed);
            message(&format!("error: the result cannot be written: {error}\n"));
        }
    }
}

/// Prints the last result of what cannot be done again; when nobody listens, it becomes a message.
pub(crate) fn last_result(text: &str) {
    match print(io::stdout().lock(), text) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => message(text),
        Ok(()) => {}
        Err(error) => {
            LOST.store(true, Ordering::Relaxed);
            message(&format!(
                "{text}error: the result cannot be written: {error}\n"
            ));
        }
    }
}

/// Whether a result was lost, which is a failure whatever else was done.
pub(crate) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Prints a message. There is nobody to tell when that fails.
pub(crate) fn message(text: &str) {
    drop(print(io::stderr().lock(), text));
}

fn print(mut stream: impl io::Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        stream.write_all(b"\n")?;
    }
    stream.flush()
}

/// Reads an answer to a question that was asked on standard error.
pub(crate) fn ask(question: &str) -> io::Result<String> {
    // Not locked while it waits: a stop has something to say meanwhile.
    {
        let mut error = io::stderr().lock();
        error.write_all(question.as_bytes())?;
        error.flush()?;
    }
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

/// Whether somebody can be asked.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal() && !flag("CI")
}

fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "what the terminal can show is said by the environment"
    )]
    std::env::var(name).ok()
}

/// A variable that is set and not empty.
fn flag(name: &str) -> bool {
    variable(name).is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}
