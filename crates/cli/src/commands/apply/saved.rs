//! A plan from a file: checked as what a stranger may have written, before anything is asked or sent.

use super::approval;
use crate::args::{ApplyArgs, TargetArgs};
use crate::clock;
use crate::credentials;
use crate::exit::Exit;
use crate::flow::{self, Prepared};
use crate::folders;
use crate::lock::Lock;
use crate::plan_file::{self, Refusal};
use crate::printer::Printer;
use crate::saving::{self, ENGINE};
use crate::settings;
use crate::signal::unless_stopped;
use crate::sources::Disk;
use gangplank_manifest::Manifest;
use gangplank_model::file::{PlanFile, PlanProblem};
use gangplank_model::{
    AuthSpec, Desired, InstanceSpec, Origin, SavedPlan, SecretRef, Value, VaultAuth,
};
use std::collections::BTreeSet;
use std::path::Path;

/// Reads the plan, and everything that it needs of secrets; an `Err` says how to end. A lease that is
/// asked for is taken before any account is looked at once more.
pub(super) async fn prepare(
    args: &ApplyArgs,
    file: &Path,
    lock: &mut Lock,
    printer: Printer,
) -> Result<Prepared, Exit> {
    let whole = Box::pin(async {
        let mut prepared = prepare_whole(args, file, printer).await?;
        if let Err(exit) = lock.take(&prepared.connection.client, printer).await {
            lock.leave().await;
            prepared.close().await;
            return Err(exit);
        }
        prepared.lease = lock.held();
        Ok(prepared)
    });
    unless_stopped(printer, whole).await
}

async fn prepare_whole(args: &ApplyArgs, file: &Path, printer: Printer) -> Result<Prepared, Exit> {
    let told = |refusal: Refusal| refusal.tell(printer);
    let read = open(args, file).map_err(told)?;
    let manifests = manifests(&args.target, read.instance(), printer)?;
    let commands = manifests.as_ref().map(|(desired, _)| commands(desired));
    let saved = read
        .plan(&commands.unwrap_or_default())
        .map_err(|problem| told(explain(file, &problem)))?;
    sound(file, &saved).map_err(told)?;
    belongs(args, file, &saved, manifests.as_ref().map(|it| &it.0)).map_err(told)?;
    let side = manifests.unwrap_or_else(|| (desired(&saved), Manifest::default()));
    let references = saved.call_secrets().into_iter().cloned();
    let instance = settings::instance_secrets(&args.target, &side.0);
    let references: BTreeSet<SecretRef> = references.chain(instance).collect();
    let secrets =
        credentials::resolve((&args.target, &side.0, &side.1), references, printer).await?;
    let connection = settings::connect(&args.target, &side.0, &secrets, printer).await?;
    Ok(Prepared::of(saved, side, secrets, connection))
}

/// The file as it was written, not too old, and the one that was approved.
fn open(args: &ApplyArgs, file: &Path) -> Result<PlanFile, Refusal> {
    let name = file.display();
    let bytes = plan_file::load(file)?;
    let read = PlanFile::read(&bytes, ENGINE).map_err(|problem| explain(file, &problem))?;
    let validity = read.validity();
    if clock::is_over(&validity.expires) {
        return Err(Refusal::unsafe_to(
            format!(
                "the plan {name} was valid until {}; it was made at {}",
                validity.expires, validity.created
            ),
            "plan again; --valid-for says for how long a plan is valid",
        ));
    }
    match &args.approved.approve_digest {
        Some(approved) if approved != read.digest() => {
            let refusal = Refusal::unsafe_to(
                format!("{name} is not the plan that was approved, so nothing was sent"),
                "apply the file that was reviewed, or have this plan approved",
            );
            let size = read.shown().map(|it| approval::size(&it.plan));
            Err(refusal
                .detail(format!("approved  {approved}"))
                .detail(format!("file      {}", read.digest()))
                .detail(format!("          {}", size.unwrap_or_default())))
        }
        Some(_) | None => Ok(read),
    }
}

/// What is wrong with the file, and what helps.
fn explain(file: &Path, problem: &PlanProblem) -> Refusal {
    let why = format!("the plan {} is refused: {problem}", file.display());
    match problem {
        PlanProblem::Form(_) | PlanProblem::Missing(_) => {
            Refusal::invalid(why, "name a file that `gangplank plan --out FILE` wrote")
        }
        PlanProblem::Format(_) => Refusal::invalid(why, "plan again with this version"),
        PlanProblem::Command(_) => Refusal::invalid(
            why,
            "name the manifests too: `gangplank apply --plan FILE PATH --allow-commands`",
        ),
        PlanProblem::Engine { .. } => Refusal::unsafe_to(
            why,
            "plan again with this version, or apply with the one that made it",
        ),
        PlanProblem::Changed | PlanProblem::Unknown(_) | PlanProblem::Unsound(_) => {
            Refusal::unsafe_to(why, "plan again, and find out who changed the file")
        }
    }
}

/// The rules that every plan keeps.
fn sound(file: &Path, saved: &SavedPlan) -> Result<(), Refusal> {
    let broken = gangplank_planner::check(&saved.plan);
    let Some(first) = broken.into_iter().next() else {
        return Ok(());
    };
    Err(explain(file, &PlanProblem::Unsound(first)))
}

/// The manifests, where they are named, for the instance of the plan.
fn manifests(
    args: &TargetArgs,
    instance: &str,
    printer: Printer,
) -> Result<Option<(Desired, Manifest)>, Exit> {
    if args.paths.is_empty() {
        return Ok(None);
    }
    let (manifest, loaded) = gangplank_manifest::load(&Disk, &args.paths);
    let meant = args.sandbox.is_none().then_some(instance);
    let (desired, lowered) = manifest.desired(args.instance.as_deref().or(meant));
    let mut diagnostics = loaded;
    diagnostics.extend(lowered);
    flow::tell(&diagnostics, &manifest, printer)?;
    folders::tell_unread(&args.paths);
    Ok(Some((desired, manifest)))
}

/// The commands of manifests.
fn commands(desired: &Desired) -> BTreeSet<SecretRef> {
    let mut all = BTreeSet::new();
    for (_, connector) in gangplank_planner::wanted(desired) {
        let auth = connector.auth.iter();
        all.extend(
            auth.flat_map(|auth| AuthSpec::secrets(&auth.value))
                .cloned(),
        );
        let properties = connector.properties.values();
        all.extend(properties.filter_map(|it| it.value.secret()).cloned());
    }
    if let Some(instance) = &desired.instance {
        all.extend(instance.client_id.secret().cloned());
        all.insert(instance.client_secret.clone());
        all.extend(instance.marks_key.clone());
    }
    let login = desired.secrets.vault.auth.iter();
    all.extend(login.flat_map(VaultAuth::secrets).cloned());
    all.retain(|it| matches!(it, SecretRef::Command { .. }));
    all
}

/// Whether the plan is of these manifests, and for this instance.
fn belongs(
    args: &ApplyArgs,
    file: &Path,
    saved: &SavedPlan,
    manifests: Option<&Desired>,
) -> Result<(), Refusal> {
    let name = file.display();
    let made_for = &saved.plan.instance;
    let other = |here: &str| {
        Refusal::unsafe_to(
            format!(
                "the plan {name} was made for the instance {:?} at {}, and not for {here}",
                made_for.name, made_for.api_url
            ),
            "plan for the instance that is meant",
        )
    };
    match (args.target.sandbox.is_some(), saved.access.client.is_none()) {
        (true, false) => return Err(other("the embedded sandbox (--sandbox)")),
        (false, true) => {
            return Err(Refusal::unsafe_to(
                format!("the plan {name} was made for the embedded sandbox"),
                "add --sandbox, or plan for the instance that is meant",
            ));
        }
        (true, true) | (false, false) => {}
    }
    if let Some(chosen) = &args.target.instance
        && *chosen != made_for.name
        && args.target.sandbox.is_none()
    {
        return Err(other(&format!("{chosen:?} (--instance)")));
    }
    let Some(desired) = manifests else {
        return Ok(());
    };
    if let Some(declared) = desired
        .instance
        .as_ref()
        .filter(|_| args.target.sandbox.is_none())
        && (declared.name != made_for.name || declared.api_url != made_for.api_url)
    {
        return Err(other(&format!(
            "{:?} at {}, as the manifests say",
            declared.name, declared.api_url
        )));
    }
    let is_same = saving::access(desired, args.target.sandbox.is_some()) == saved.access;
    if desired.digest != saved.plan.manifest_digest || !is_same {
        return Err(Refusal::unsafe_to(
            format!("the manifests are not those that the plan {name} was made of"),
            "check out the revision that was planned, or plan again",
        ));
    }
    Ok(())
}

/// What a plan alone says of where and as whom.
fn desired(saved: &SavedPlan) -> Desired {
    let instance = saved.access.client.clone().map(|client| {
        let (client_id, client_secret): (Value, SecretRef) = client;
        InstanceSpec {
            name: saved.plan.instance.name.clone(),
            api_url: saved.plan.instance.api_url.clone(),
            service_domain: None,
            client_id,
            client_secret,
            marks_key: saved.access.marks_key.clone(),
            marks: true,
            exclusive: None,
            origin: Origin {
                file: "".into(),
                line: 1,
                column: 1,
                length: 1,
            },
        }
    });
    Desired {
        instance,
        secrets: saved.access.secrets.clone(),
        digest: saved.plan.manifest_digest.clone(),
        ..Desired::default()
    }
}
