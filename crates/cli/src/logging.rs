//! What `-v` says, on standard error.

use gangplank_report::escape;
use std::io::{self, Write};
use tracing_subscriber::filter::EnvFilter;

/// Starts the log at the asked level. Only our own rooms say more than warnings.
pub(crate) fn start(verbose: u8) {
    // Never the transport's own traces: at their lowest level they print headers.
    let filter = match verbose {
        0 => "off",
        1 => "warn,gangplank=info,gangplank_cyclr=debug",
        2 => "info,gangplank=debug",
        _ => "info,gangplank=trace",
    };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(|| Lines)
        // Colours could not be told from what a server sends to colour its own words.
        .with_ansi(false)
        .with_target(verbose > 1)
        .init();
}

/// Standard error, one event a line: no foreign text makes a second one. A log that nobody hears is no
/// reason to stop.
struct Lines;

impl Write for Lines {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = escape::line(text.strip_suffix('\n').unwrap_or(&text));
        drop(writeln!(io::stderr().lock(), "{line}"));
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
