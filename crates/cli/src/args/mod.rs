//! The command line.

mod apply;
mod budget;
mod limits;
mod lock;
mod plan;
mod rollout;
mod saved;
mod target;

pub(crate) use apply::ApplyArgs;
pub(crate) use budget::BudgetArgs;
pub(crate) use limits::{LimitArgs, MOST};
pub(crate) use lock::LockArgs;
pub(crate) use plan::PlanArgs;
pub(crate) use rollout::RolloutArgs;
pub(crate) use saved::{ApprovedArgs, SaveArgs};
pub(crate) use target::TargetArgs;

use crate::lints::LintArgs;
use clap::{Args, Parser, Subcommand, ValueEnum};
use gangplank_sandbox::{Latency, RateLimit, Span};
use std::path::PathBuf;

/// Declarative onboarding for Cyclr: accounts, connectors and templates from YAML in git.
#[derive(Debug, Parser)]
#[command(
    name = "gangplank",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
#[command(
    after_help = "Exit codes: 0 done or planned, 1 failed, 2 differences (--detailed-exitcode), \
    3 in part, 4 refused by a safety rule, 5 invalid manifest or arguments, 6 authentication, \
    7 an unknown outcome needs a person, 129, 130 and 143 stopped by a signal."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command; they may stand before or after its name.
#[derive(Clone, Debug, Args)]
pub(crate) struct GlobalArgs {
    /// Say more on standard error: -v calls, -vv details, -vvv everything. Never a secret or a body.
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    /// When to use colour; `NO_COLOR` is honoured.
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: ColorChoice,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The form of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For tools.
    Json,
}

/// The form of the problems of manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProblemFormat {
    /// For people; problems on standard error.
    Text,
    /// For tools: `gangplank schema problems` describes it.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// A `JUnit` report: a suite a file, a failed case an error.
    Junit,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a first manifest and a CI workflow from what stands in an instance
    Init(InitArgs),
    /// Check manifests, without a network unless --online: every problem at once
    Validate(ValidateArgs),
    /// Lay out manifests and YAML rosters in the one way; comments, order and meaning stay
    Fmt(FmtArgs),
    /// Show how the instance differs from the manifests; writes nothing
    Plan(PlanArgs),
    /// Bring the instance to tally with the manifests
    Apply(ApplyArgs),
    /// Say more of the code of a message, with an example and the remedy
    Explain(ExplainArgs),
    /// Print a JSON Schema
    Schema(SchemaArgs),
    /// Serve a twin of the vendor's API over HTTP, for trying things out
    Sandbox(SandboxArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Manifests: files, directories (all *.yaml and *.yml) or `-`
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// The instance to check for; without it all declared ones
    #[arg(long, value_name = "NAME")]
    pub(crate) instance: Option<String>,
    /// Also check against what the instance offers; only reads, and needs its credentials alone
    #[arg(long)]
    pub(crate) online: bool,
    /// With --online: an embedded sandbox instead of the instance; what it holds is kept in FILE
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true,
        default_missing_value = crate::embedded::DEFAULT_DATABASE, requires = "online")]
    pub(crate) sandbox: Option<PathBuf>,
    /// Run the programs behind `{ command: ... }` where the instance's credentials are read
    #[arg(long, requires = "online")]
    pub(crate) allow_commands: bool,
    /// With --online: how many calls may be made in a time: 50 or 50/s, 300/m, 10000/h; default: learned
    #[arg(long, value_name = "N/s", requires = "online")]
    pub(crate) rate: Option<gangplank_cyclr::Rate>,
    /// The form of the result; all but text are on standard output, problems and all
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ProblemFormat,
    #[command(flatten)]
    pub(crate) lints: LintArgs,
}

impl ValidateArgs {
    /// Where to read, as other commands say it.
    pub(crate) fn target(&self) -> TargetArgs {
        TargetArgs {
            paths: self.paths.clone(),
            instance: self.instance.clone(),
            sandbox: self.sandbox.clone(),
            allow_commands: self.allow_commands,
            limits: LimitArgs {
                rate: self.rate,
                concurrency: None,
            },
            lints: self.lints.clone(),
            ..TargetArgs::of("")
        }
    }
}

/// Whose workflow is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ci {
    /// GitHub Actions: .github/workflows/gangplank.yml.
    Github,
    /// GitLab: .gitlab-ci.yml.
    Gitlab,
    /// None.
    None,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The folder to write to
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// The vendor's region: us, us2, uk, eu or apac
    #[arg(long, value_name = "REGION", conflicts_with = "api_url")]
    pub(crate) region: Option<String>,
    /// The base URL of a private instance's API, instead of a region
    #[arg(long, value_name = "URL")]
    pub(crate) api_url: Option<String>,
    /// Where the OAuth client id is kept: `env:NAME`, or `file:PATH` below DIR
    #[arg(long, value_name = "PLACE")]
    pub(crate) client_id: Option<String>,
    /// Where the OAuth client secret is kept: `env:NAME`, or `file:PATH` below DIR
    #[arg(long, value_name = "PLACE")]
    pub(crate) client_secret: Option<String>,
    /// How the manifest calls the instance
    #[arg(long, value_name = "NAME", default_value = "production", value_parser = instance_name)]
    pub(crate) instance: String,
    /// The CI workflow to write
    #[arg(long, value_name = "KIND")]
    pub(crate) ci: Option<Ci>,
    /// How many accounts to look into, two reads each
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) max_accounts: usize,
    /// Ask nothing: what no flag says is an error
    #[arg(long)]
    pub(crate) no_input: bool,
    /// Write over files that are there
    #[arg(long)]
    pub(crate) force: bool,
    /// How many calls may be made in a time: 50 or 50/s, 300/m, 10000/h; default: learned
    #[arg(long, value_name = "N/s")]
    pub(crate) rate: Option<gangplank_cyclr::Rate>,
    /// Look into an embedded sandbox instead of an instance; what it holds is kept in FILE
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true,
        default_missing_value = crate::embedded::DEFAULT_DATABASE)]
    pub(crate) sandbox: Option<PathBuf>,
}

/// A name that can stand in a manifest and in a workflow.
fn instance_name(said: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if said.starts_with(|c: char| c.is_ascii_alphabetic()) && said.chars().all(fits) {
        Ok(said.to_owned())
    } else {
        Err("letters, digits, `-` and `_`, a letter first".to_owned())
    }
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code of a message, such as `unknown-key`, or an address, such as
    /// `account["acme"].connector["HubSpot"].properties.Subdomain`; without it every code is listed
    #[arg(value_name = "CODE|ADDRESS")]
    pub(crate) subject: Option<String>,
    /// With an address: the manifests that its values come from
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// List every code with what it says
    #[arg(long)]
    pub(crate) list: bool,
    /// With an address: the instance, as named in the manifest
    #[arg(long, value_name = "NAME")]
    pub(crate) instance: Option<String>,
    /// With an address: the form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct FmtArgs {
    /// YAML files, directories (all *.yaml and *.yml) or `-`, which is read and written
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// Write nothing: list the files that would change, and exit with 1 when there are any
    #[arg(long)]
    pub(crate) check: bool,
}

/// Which schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// Of manifests.
    Manifest,
    /// Of `plan --format json`.
    Plan,
    /// Of `apply --format json`.
    Apply,
    /// Of `validate --format json`.
    Problems,
    /// Of a line of the receipts that an apply writes.
    Receipts,
    /// Of world files.
    World,
    /// Of files of faults.
    Faults,
    /// Of the sandbox's ledger.
    Ledger,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Which one
    #[arg(default_value = "manifest")]
    pub(crate) name: SchemaName,
}

#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8070")]
    pub(crate) listen: std::net::SocketAddr,
    /// What the instance holds at first (YAML or JSON); default: the vendor's connectors, no account
    #[arg(long, value_name = "FILE")]
    pub(crate) world: Option<PathBuf>,
    /// Make up what the instance holds: accounts=1000,connectors=3,templates=2,seed=1
    #[arg(long, value_name = "SIZE", conflicts_with = "world")]
    pub(crate) generate: Option<gangplank_sandbox::Generate>,
    /// Keep what it holds in FILE, which survives the process
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,
    /// Answer so much later, such as 20ms, or with a long tail: 20ms..p99=200ms
    #[arg(long, value_name = "TIME")]
    pub(crate) latency: Option<Latency>,
    /// Refuse what comes faster, such as 50/s or 50/s,burst=100,retry-after=date,code=503
    #[arg(long, value_name = "N/s")]
    pub(crate) rate_limit: Option<RateLimit>,
    /// Hold the clock at a time, such as 2026-01-01T00:00:00Z; POST /_sandbox/clock moves it
    #[arg(long, value_name = "TIME")]
    pub(crate) clock: Option<jiff::Timestamp>,
    /// Stop after so much time, such as 30s
    #[arg(long = "for", value_name = "TIME")]
    pub(crate) duration: Option<Span>,
    /// Set an unknown of the vendor's API to one of its plausible behaviours, such as U2=masked
    #[arg(long, value_name = "NAME=POSITION")]
    pub(crate) variant: Vec<String>,
    /// List what can be set so, what each means and its default, and stop
    #[arg(long)]
    pub(crate) variants: bool,
    /// Rules for mischief (YAML or JSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sandbox_takes_a_file_only_with_an_equals_sign() {
        for (args, expected) in [
            (
                vec!["plan", "--sandbox", "a.yaml"],
                Some(crate::embedded::DEFAULT_DATABASE),
            ),
            (vec!["plan", "--sandbox=x.db", "a.yaml"], Some("x.db")),
            (vec!["plan", "a.yaml"], None),
        ] {
            let cli = Cli::try_parse_from([&["gangplank"], &args[..]].concat()).unwrap();
            let Command::Plan(plan) = cli.command else {
                panic!("plan was parsed as another")
            };
            assert_eq!(plan.target.sandbox, expected.map(PathBuf::from), "{args:?}");
            assert_eq!(plan.target.paths, ["a.yaml"]);
        }
    }
}
