//! Joins the rooms: manifests to desired state, instance to live state, both to a plan.

use crate::args::TargetArgs;
use crate::credentials;
use crate::exit::Exit;
use crate::folders;
use crate::lock::{Held, Lock};
use crate::printer::{self, Printer};
use crate::receipts;
use crate::rollout;
use crate::saving;
use crate::settings::{self, Connection};
use crate::signal::unless_stopped;
use crate::sources::Disk;
use gangplank_live::{ReadError, Scope};
use gangplank_manifest::Manifest;
use gangplank_model::code;
use gangplank_model::{
    AccountId, Address, Desired, Diagnostic, Diagnostics, Live, Plan, Preconditions, SavedPlan,
    SecretRef, Severity,
};
use gangplank_planner::{Context, Limits, MadeMarks, wanted};
use gangplank_report as report;
use gangplank_secrets::Secrets;
use std::collections::BTreeSet;

/// Everything that an apply needs.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// What is to be done.
    pub(crate) plan: Plan,
    /// The values, when they were read.
    pub(crate) secrets: Secrets,
    /// The instance.
    pub(crate) connection: Connection,
    /// Accounts that could not be read.
    pub(crate) unread: BTreeSet<AccountId>,
    /// Whether connectors and templates could not be planned, since the instance shows its library
    /// to accounts only (cyclr-api.md 1.3) and there is none yet.
    pub(crate) unplanned: bool,
    /// What has to hold of each account that is written to, when the plan is applied later.
    preconditions: Preconditions,
    /// Whether the plan was made before, so that accounts are looked at once more.
    pub(crate) is_saved: bool,
    /// The lease that all of it stands under.
    pub(crate) lease: Held,
    /// Why nothing of the plan may be sent, although it can be shown.
    refusals: Diagnostics,
    desired: Desired,
    manifest: Manifest,
    with_secrets: bool,
}

impl Prepared {
    /// Reads the instance anew and plans again, after something was applied.
    pub(crate) async fn again(&mut self, args: &TargetArgs, printer: Printer) -> Result<(), Exit> {
        let sides = Sides {
            args,
            desired: &self.desired,
            manifest: &self.manifest,
            connection: &self.connection,
            secrets: self.with_secrets.then_some(&self.secrets),
        };
        let planned = unless_stopped(printer, Box::pin(plan(sides, printer))).await?;
        self.plan = planned.plan;
        self.unread.extend(planned.unread);
        self.preconditions = planned.preconditions;
        self.unplanned = planned.unplanned;
        self.refusals = planned.refusals;
        Ok(())
    }

    /// A plan that was made before, with what it needs.
    pub(crate) fn of(
        saved: SavedPlan,
        side: (Desired, Manifest),
        secrets: Secrets,
        connection: Connection,
    ) -> Self {
        let (desired, manifest) = side;
        Self {
            plan: saved.plan,
            secrets,
            connection,
            unread: saved.unread,
            unplanned: saved.unplanned,
            preconditions: saved.preconditions,
            is_saved: true,
            lease: Held::default(),
            refusals: Diagnostics::default(),
            desired,
            manifest,
            with_secrets: true,
        }
    }

    /// The plan as it can be kept.
    pub(crate) fn saved(&self) -> SavedPlan {
        SavedPlan {
            engine_version: saving::ENGINE.to_owned(),
            plan: self.plan.clone(),
            access: saving::access(&self.desired, self.connection.embedded.is_some()),
            preconditions: self.preconditions.clone(),
            unread: self.unread.clone(),
            unplanned: self.unplanned,
        }
    }

    /// What has to hold of each account before it is written to. A plan that was made just now has been
    /// looked at enough.
    pub(crate) fn to_check(&self) -> Preconditions {
        if self.is_saved {
            self.preconditions.clone()
        } else {
            Preconditions::new()
        }
    }

    /// Whether something forbids to apply the plan.
    pub(crate) fn is_refused(&self) -> bool {
        self.refusals.has_errors()
    }

    /// Tells what forbids to apply the plan; an `Err` says that something does.
    pub(crate) fn refuse(&self, printer: Printer) -> Result<(), Exit> {
        tell(&self.refusals, &self.manifest, printer)
    }

    /// Tells it below a plan that is only shown: a number that `apply` needs is no failure of it.
    pub(crate) fn warn(&self, printer: Printer) -> Result<(), Exit> {
        let mut told = Diagnostics::default();
        for mut refusal in self.refusals.clone() {
            if refusal.code == code::TOO_MANY_REMOVALS.name() {
                refusal.severity = Severity::Warning;
                let needed = self.plan.summary.remove;
                refusal.hints = vec![format!("`apply` needs --max-removals {needed}")];
            }
            told.push(refusal);
        }
        tell(&told, &self.manifest, printer)
    }

    /// Lets go of the embedded sandbox, if there is one.
    pub(crate) async fn close(self) {
        if let Some(embedded) = self.connection.embedded {
            embedded.stop().await;
        }
    }
}

/// Reads manifests, reads the instance, plans. Messages are printed; an `Err` says how to end.
///
/// A lease that is asked for is taken before the instance is read, so that the plan is not stale when it
/// is had.
pub(crate) async fn prepare(
    args: &TargetArgs,
    with_secrets: bool,
    lock: &mut Lock,
    printer: Printer,
) -> Result<Prepared, Exit> {
    let whole = Box::pin(prepare_whole(args, with_secrets, lock, printer));
    unless_stopped(printer, whole).await
}

async fn prepare_whole(
    args: &TargetArgs,
    with_secrets: bool,
    lock: &mut Lock,
    printer: Printer,
) -> Result<Prepared, Exit> {
    let (manifest, loaded) = gangplank_manifest::load(&Disk, &args.paths);
    let (mut desired, lowered) = manifest.desired(args.instance.as_deref());
    let mut diagnostics = loaded;
    diagnostics.extend(lowered);
    diagnostics.extend(manifest.lints(&args.lints.levels));
    let diagnostics = args.lints.levels.settle(diagnostics);
    tell(&diagnostics, &manifest, printer)?;
    folders::tell_unread(&args.paths);
    rollout::check(args, &desired, printer)?;
    receipts::narrow(args, &mut desired, printer)?;
    let references = references(args, &desired, with_secrets);
    let secrets = credentials::resolve((args, &desired, &manifest), references, printer).await?;
    let connection = settings::connect(args, &desired, &secrets, printer).await?;
    let sides = Sides {
        args,
        desired: &desired,
        manifest: &manifest,
        connection: &connection,
        secrets: with_secrets.then_some(&secrets),
    };
    let planned = match lock.take(&connection.client, printer).await {
        Ok(()) => plan(sides, printer).await,
        Err(exit) => Err(exit),
    };
    match planned {
        Ok(planned) => Ok(Prepared {
            plan: planned.plan,
            secrets,
            connection,
            unread: planned.unread,
            unplanned: planned.unplanned,
            preconditions: planned.preconditions,
            is_saved: false,
            lease: lock.held(),
            refusals: planned.refusals,
            desired,
            manifest,
            with_secrets,
        }),
        Err(exit) => {
            lock.leave().await;
            if let Some(embedded) = connection.embedded {
                embedded.stop().await;
            }
            Err(exit)
        }
    }
}

/// What a plan is made of.
#[derive(Clone, Copy)]
struct Sides<'a> {
    args: &'a TargetArgs,
    desired: &'a Desired,
    manifest: &'a Manifest,
    connection: &'a Connection,
    /// Set when credentials are to be compared.
    secrets: Option<&'a Secrets>,
}

/// A plan, and what it does not speak of.
struct Planned {
    plan: Plan,
    unread: BTreeSet<AccountId>,
    unplanned: bool,
    preconditions: Preconditions,
    refusals: Diagnostics,
}

async fn plan(sides: Sides<'_>, printer: Printer) -> Result<Planned, Exit> {
    let Sides {
        args,
        desired,
        manifest,
        connection,
        secrets,
    } = sides;
    let scope = Scope::of(desired);
    let live = gangplank_live::read(&connection.client, &scope, &|_| {})
        .await
        .map_err(|error| unreadable(&error, printer))?;
    for (account, why) in &live.failed {
        printer.error(&format!(
            "account {account} could not be read and is left out: {why}"
        ));
    }
    let context = Context {
        instance: connection.instance.clone(),
        marks: connection.marks,
        made_marks: secrets.map(|secrets| made_marks(desired, connection, secrets)),
        limits: Limits {
            removals: args.max_removals,
        },
    };
    let (mut plan, mut diagnostics) = gangplank_planner::plan(desired, &live, &context);
    rollout::lay(&mut plan, desired, args);
    plan.notes.extend(receipts::note(args, desired));
    diagnostics.extend(other_letters(desired, &live));
    let diagnostics = args.lints.levels.settle(diagnostics);
    let (refusals, diagnostics) = shown_first(diagnostics);
    tell(&diagnostics, manifest, printer)?;
    let broken = gangplank_planner::check(&plan);
    if !broken.is_empty() {
        printer.error(&format!(
            "the plan breaks its own rules; please report this: {broken:?}"
        ));
        return Err(Exit::Failed);
    }
    Ok(Planned {
        preconditions: gangplank_live::preconditions(desired, &live, &plan),
        plan,
        unread: live.failed.keys().cloned().collect(),
        unplanned: scope.library && live.connectors.is_none(),
        refusals,
    })
}

/// Sets apart what is told below the plan that it speaks of. With any other error that plan is not
/// whole: then everything is told at once, and nothing shown.
fn shown_first(diagnostics: Diagnostics) -> (Diagnostics, Diagnostics) {
    let is_error = |it: &Diagnostic| it.severity == Severity::Error;
    if diagnostics.iter().any(|it| is_error(it) && !is_refusal(it)) {
        return (Diagnostics::default(), diagnostics);
    }
    let mut refusals = Diagnostics::default();
    let mut others = Diagnostics::default();
    for diagnostic in diagnostics {
        if is_refusal(&diagnostic) {
            refusals.push(diagnostic);
        } else {
            others.push(diagnostic);
        }
    }
    (refusals, others)
}

/// Whether it is a safety rule that speaks.
fn is_refusal(diagnostic: &Diagnostic) -> bool {
    let refusals = [
        code::EXCLUSIVE_EMPTY,
        code::PROTECTED,
        code::TOO_MANY_REMOVALS,
    ];
    refusals.iter().any(|it| diagnostic.code == it.name())
}

/// Tells of accounts that the instance knows by an id in other letters.
fn other_letters(desired: &Desired, live: &Live) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for account in &desired.accounts {
        let Some(id) = live.spelled.get(&account.id) else {
            continue;
        };
        let declared = account.address();
        let there = Address::account(id);
        diagnostics.push(
            Diagnostic::warning(
                code::ID_IN_OTHER_LETTERS,
                format!("{declared} is {there} on the instance"),
            )
            .detail(
                "The instance does not tell upper from lower case in ids of accounts: it is the \
                 same account, and no other is created.",
            )
            .at(&account.origin, "declared here")
            .hint(format!("write `id: {id}`, as the instance does")),
        );
    }
    diagnostics
}

/// Tells that the instance cannot be read, and why.
pub(crate) fn unreadable(error: &ReadError, printer: Printer) -> Exit {
    printer.error(&settings::flat(error));
    if error.is_auth() {
        printer::hint("check client_id, client_secret and the region of the instance");
        Exit::Auth
    } else {
        Exit::Failed
    }
}

/// Prints diagnostics; an error among them ends the command.
pub(crate) fn tell(
    diagnostics: &Diagnostics,
    manifest: &Manifest,
    printer: Printer,
) -> Result<(), Exit> {
    if diagnostics.is_empty() {
        return Ok(());
    }
    let options = report::TextOptions {
        color: printer.color_err,
        ..printer.text_options()
    };
    printer::message(&report::diagnostics(
        diagnostics,
        manifest.sources(),
        &options,
    ));
    if !diagnostics.has_errors() {
        return Ok(());
    }
    Err(if diagnostics.iter().any(is_refusal) {
        Exit::Refused
    } else {
        Exit::Invalid
    })
}

/// The references that this run needs: those of the instance, and with secrets all of its accounts.
fn references(args: &TargetArgs, desired: &Desired, with_secrets: bool) -> BTreeSet<SecretRef> {
    let mut references: BTreeSet<SecretRef> = settings::instance_secrets(args, desired)
        .into_iter()
        .collect();
    if with_secrets {
        for (_, connector) in wanted(desired) {
            let auth = connector.auth.iter().flat_map(|auth| auth.value.secrets());
            let properties = connector.properties.values();
            let properties = properties.filter_map(|value| value.value.secret());
            references.extend(auth.chain(properties).cloned());
        }
    }
    references
}

/// What the marks would say of the secrets as they are now.
fn made_marks(desired: &Desired, connection: &Connection, secrets: &Secrets) -> MadeMarks {
    let key = &connection.mark_key;
    MadeMarks::make(desired, key.id(), |account, write| {
        key.connector_mark(account, write, secrets)
    })
}

/// The plan for people.
pub(crate) fn show(plan: &Plan, printer: Printer) -> String {
    report::text(plan, &printer.text_options())
}
