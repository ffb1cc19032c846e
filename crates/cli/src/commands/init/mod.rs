//! `gangplank init`: asks, looks, and writes a first manifest and a CI workflow.

mod answers;
mod ci;
mod files;
mod manifest;
mod profile;

use crate::args::{InitArgs, LimitArgs, TargetArgs};
use crate::credentials;
use crate::exit::Exit;
use crate::flow;
use crate::printer::{self, Printer};
use crate::settings::{self, Connection};
use answers::Answers;
use files::Planned;
use gangplank_live::offer::{self, Survey};
use gangplank_manifest::{LoadedFile, MemorySources};
use gangplank_model::plan::grouped;
use gangplank_model::{AccountId, Diagnostics, Severity};
use gangplank_planner::{Context, Limits};
use manifest::{Detail, LEAST, Text};
use std::collections::BTreeSet;
use std::path::Path;

const MANIFEST: &str = "gangplank.yaml";

pub(super) async fn run(args: &InitArgs, printer: Printer) -> Exit {
    match init(args, printer).await {
        Ok(()) => Exit::Done,
        Err(exit) => exit,
    }
}

async fn init(args: &InitArgs, printer: Printer) -> Result<(), Exit> {
    let manifest = folder(args).join(MANIFEST);
    refuse_to_replace(args, [manifest.as_path()], printer)?;
    let answers = answers::answers(args, printer)?;
    let workflow = ci::workflow(&answers).map(|(path, text)| (folder(args).join(path), text));
    let paths = workflow.iter().map(|(path, _)| path.as_path());
    refuse_to_replace(args, paths.chain([manifest.as_path()]), printer)?;
    let survey = look(args, &answers, printer).await?;
    let text = compose(&answers, &survey, printer)?;
    let mut planned = vec![Planned {
        path: manifest,
        text: laid_out(&text.written),
        extends: false,
    }];
    planned.extend(workflow.map(|(path, text)| Planned {
        path,
        text,
        extends: false,
    }));
    let ignored = files::ignoring(&folder(args).join(".gitignore"));
    planned.extend(
        ignored.map_err(|error| cannot(&folder(args).join(".gitignore"), &error, printer))?,
    );
    files::write(&planned, args.force).map_err(|(path, error)| cannot(&path, &error, printer))?;
    tell(args, &survey, &text, &planned);
    Ok(())
}

fn cannot(path: &Path, error: &std::io::Error, printer: Printer) -> Exit {
    printer.error(&format!("{} cannot be written: {error}", path.display()));
    printer::hint("nothing was changed");
    Exit::Failed
}

fn refuse_to_replace<'a>(
    args: &InitArgs,
    paths: impl IntoIterator<Item = &'a Path>,
    printer: Printer,
) -> Result<(), Exit> {
    let there = files::in_the_way(paths);
    if args.force || there.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = there
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    printer.error(&format!("already there: {}", names.join(", ")));
    printer::hint("nothing was written; --force writes over it");
    Err(Exit::Refused)
}

/// The folder to write to; the working directory is not named.
fn folder(args: &InitArgs) -> &Path {
    args.dir.strip_prefix(".").unwrap_or(&args.dir)
}

/// Where the manifest will lie, as its reader is told.
fn file_name(args: &InitArgs) -> String {
    folder(args).join(MANIFEST).to_string_lossy().into_owned()
}

/// Checks the answers against the instance, and reads what stands there.
async fn look(args: &InitArgs, answers: &Answers, printer: Printer) -> Result<Survey, Exit> {
    let name = file_name(args);
    // What is wrong with a region or a reference is said by those who read manifests.
    let head = manifest::head(answers);
    let sources = MemorySources::default().with(&name, head);
    let (manifest, mut problems) = gangplank_manifest::load(&sources, std::slice::from_ref(&name));
    let (desired, more) = manifest.desired(None);
    problems.extend(more);
    flow::tell(&problems, &manifest, printer)?;
    let target = TargetArgs {
        sandbox: args.sandbox.clone(),
        limits: LimitArgs {
            rate: args.rate,
            concurrency: None,
        },
        ..TargetArgs::of(&name)
    };
    let references = settings::instance_secrets(&target, &desired);
    let references = references.into_iter().collect();
    let secrets = credentials::resolve((&target, &desired, &manifest), references, printer).await?;
    let Connection {
        client, embedded, ..
    } = settings::connect(&target, &desired, &secrets, printer).await?;
    let survey = offer::survey(&client, args.max_accounts).await;
    if let Some(embedded) = embedded {
        embedded.stop().await;
    }
    survey.map_err(|error| flow::unreadable(&error, printer))
}

/// Writes the manifest down, and proves it: it is valid, and a plan of it has nothing to do. What
/// stands in the way of that is written with less detail.
fn compose(answers: &Answers, survey: &Survey, printer: Printer) -> Result<Text, Exit> {
    let mut detail = Detail::default();
    loop {
        let text = manifest::text(answers, survey, &detail);
        let sources = MemorySources::default().with(MANIFEST, text.written.as_str());
        let (manifest, mut problems) = gangplank_manifest::load(&sources, &[MANIFEST.to_owned()]);
        let (desired, more) = manifest.desired(None);
        problems.extend(more);
        let mut wrong = BTreeSet::new();
        if !problems.has_errors() {
            let (plan, more) = gangplank_planner::plan(&desired, &survey.live, &context(answers));
            problems.extend(more);
            wrong.extend(plan.lanes.into_iter().map(|lane| lane.account));
        }
        if !problems.has_errors() && wrong.is_empty() {
            return Ok(text);
        }
        let elsewhere = blame(&problems, &text, &mut wrong);
        let mut less = false;
        for account in wrong {
            let level = detail.accounts.entry(account).or_default();
            less |= *level < LEAST;
            *level = LEAST.min(*level + 1);
        }
        if elsewhere && detail.profile < 2 {
            detail.profile += 1;
            less = true;
        }
        if !less {
            printer.error("the manifest of what stands there does not hold; nothing was written");
            flow::tell(&problems, &manifest, printer)?;
            return Err(Exit::Failed);
        }
    }
}

/// As `fmt` would lay it out, so that its check has nothing to say of a first manifest.
fn laid_out(text: &str) -> String {
    let file = LoadedFile {
        name: MANIFEST.to_owned(),
        folder: String::new(),
        bytes: text.as_bytes().to_vec(),
    };
    let formatted = gangplank_manifest::format(file).text;
    formatted.unwrap_or_else(|_| text.to_owned())
}

fn context(answers: &Answers) -> Context {
    Context {
        instance: gangplank_model::InstanceRef {
            name: answers.instance.clone(),
            api_url: String::new(),
        },
        marks: true,
        made_marks: None,
        limits: Limits::default(),
    }
}

/// Whose entries the problems are in; also says whether one is in the profile, or in no account.
fn blame(problems: &Diagnostics, text: &Text, wrong: &mut BTreeSet<AccountId>) -> bool {
    let mut elsewhere = false;
    for problem in problems.iter().filter(|it| it.severity == Severity::Error) {
        let lines: Vec<u32> = problem
            .labels
            .iter()
            .map(|label| label.origin.line)
            .collect();
        let mut known = false;
        for (account, place) in &text.lines {
            if lines.iter().any(|line| place.contains(line)) {
                wrong.insert(account.clone());
                known = true;
            }
        }
        elsewhere |= !known;
    }
    elsewhere
}

fn tell(args: &InitArgs, survey: &Survey, text: &Text, planned: &[Planned]) {
    let mut told: Vec<String> = planned
        .iter()
        .map(|file| {
            let verb = if file.extends { "Extended" } else { "Wrote" };
            format!("{verb} {}", file.path.display())
        })
        .collect();
    let accounts = text.lines.len();
    let s = if accounts == 1 { "" } else { "s" };
    let count = grouped(accounts);
    told.push(format!(
        "\n{count} account{s} as they are: a plan has nothing to do."
    ));
    if text.left_out > 0 {
        let count = grouped(text.left_out);
        told.push(format!(
            "{count} more cannot be taken over as they are: see the comments."
        ));
    }
    if survey.more {
        told.push("There are more accounts than were looked into: --max-accounts.".to_owned());
    }
    let name = file_name(args);
    let sandbox = match &args.sandbox {
        None => String::new(),
        Some(path) if path == Path::new(crate::embedded::DEFAULT_DATABASE) => " --sandbox".into(),
        Some(path) => format!(" --sandbox={}", path.display()),
    };
    told.push("\nNext:".to_owned());
    for command in ["validate --online", "plan"] {
        told.push(format!("    gangplank {command}{sandbox} {name}"));
    }
    printer::result(&told.join("\n"));
}
