//! What `-v` says, on standard error.

use tracing_subscriber::filter::EnvFilter;

/// Starts the log at the asked level. Only our own rooms say more than warnings.
pub(crate) fn start(verbose: u8, color: bool) {
    // Never the transport's own traces: at their lowest level they print headers.
    let filter = match verbose {
        0 => "off",
        1 => "warn,gangplank=info,gangplank_cyclr=debug",
        2 => "info,gangplank=debug",
        _ => "info,gangplank=trace",
    };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .with_ansi(color)
        .with_target(verbose > 1)
        .init();
}
