//! `gangplank sandbox`: a twin of the vendor's API over HTTP.

use crate::args::SandboxArgs;
use crate::exit::Exit;
use crate::printer::{self, Printer};
use crate::signal::Signals;
use gangplank_sandbox::{Clock, FaultRule, Sandbox, SandboxError, SandboxOptions, Variants, World};
use std::error::Error;
use std::fs;
use std::path::Path;

pub(super) async fn run(args: &SandboxArgs, printer: Printer) -> Exit {
    if args.variants {
        printer::result(&super::variants::draw(Variants::table(), printer.width));
        return Exit::Done;
    }
    let options = match options(args) {
        Ok(options) => options,
        Err(problem) => {
            printer.error(&problem);
            return Exit::Invalid;
        }
    };
    match serve(args, options, printer).await {
        Ok(exit) => exit,
        Err(error) => {
            let cause = error
                .source()
                .map(|cause| format!(": {cause}"))
                .unwrap_or_default();
            printer.error(&format!("{error}{cause}"));
            Exit::Failed
        }
    }
}

fn options(args: &SandboxArgs) -> Result<SandboxOptions, String> {
    let mut world = match (&args.world, args.generate) {
        (Some(path), _) => {
            World::from_yaml(&read(path)?).map_err(|e| format!("{}: {e}", path.display()))?
        }
        (None, Some(size)) => World::generate(size),
        (None, None) => World::demo(),
    };
    if world.partner.credentials.is_empty() {
        // Nobody could get a token.
        world.partner.credentials = World::demo().partner.credentials;
    }
    let faults = match &args.faults {
        Some(path) => {
            FaultRule::list(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))?
        }
        None => Vec::new(),
    };
    let variants = args
        .variant
        .iter()
        .map(|text| Variants::parse(text).map_err(|error| format!("--variant {text}: {error}")))
        .collect::<Result<_, _>>()?;
    Ok(SandboxOptions {
        world,
        faults,
        variants,
        database: args.db.clone(),
        latency: args.latency,
        rate_limit: args.rate_limit.clone(),
        clock: args.clock.map_or_else(Clock::default, Clock::held_at),
        ..SandboxOptions::default()
    })
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

async fn serve(
    args: &SandboxArgs,
    options: SandboxOptions,
    printer: Printer,
) -> Result<Exit, SandboxError> {
    let sandbox = Sandbox::open(options)?;
    let listening = sandbox.listen(args.listen).await?;
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            printer.error(&format!("signals cannot be listened to: {error}"));
            return Ok(Exit::Failed);
        }
    };
    printer::result(&listening.url());
    let (id, secret) = sandbox.credentials();
    printer::message(&format!(
        "a sandbox of the Cyclr API; client id {id}, client secret {secret}; Ctrl-C stops it\n"
    ));
    let time_is_up = async {
        match args.duration {
            Some(duration) => tokio::time::sleep(duration.0).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = signals.next() => {}
        () = time_is_up => {}
    }
    listening.shutdown().await;
    // A server that was told to stop, and did, has not failed.
    Ok(Exit::Done)
}
