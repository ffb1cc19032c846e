//! A plan to be kept: with what has to hold when it is applied.

use crate::args::SaveArgs;
use crate::clock;
use crate::flow::Prepared;
use crate::plan_file::{self, Refusal};
use crate::printer;
use gangplank_model::file::{PlanFile, Validity};
use gangplank_model::{Access, Desired, InstanceSpec, SavedPlan};
use gangplank_report as report;

/// The version that makes plans, and applies those that it made.
pub(crate) const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// As whom the instance is asked: nobody in particular where it is the embedded sandbox.
pub(crate) fn access(desired: &Desired, embedded: bool) -> Access {
    let instance = desired.instance.as_ref().filter(|_| !embedded);
    let client = |it: &InstanceSpec| (it.client_id.clone(), it.client_secret.clone());
    Access {
        client: instance.map(client),
        marks_key: instance.and_then(|it| it.marks_key.clone()),
        secrets: desired.secrets.clone(),
    }
}

/// Writes a plan to its file. Nobody is asked when it is applied, so that what needs a word needs it now.
pub(crate) fn save(
    args: &SaveArgs,
    (prepared, saved): (&Prepared, &SavedPlan),
) -> Result<(), Refusal> {
    let Some(path) = &args.out else {
        return Ok(());
    };
    if prepared.is_refused() {
        return Err(Refusal::unsafe_to(
            format!(
                "the plan is not saved to {}, since it would be refused",
                path.display()
            ),
            match saved.plan.summary.remove {
                0 => "mend what is told above, then plan again".to_owned(),
                removals => format!(
                    "mend what is told above; removals are approved when a plan is saved: \
                     --max-removals {removals}"
                ),
            },
        ));
    }
    let (created, expires) = clock::from_now(args.valid_for.0);
    let validity = Validity {
        created,
        expires,
        approved_removals: saved.plan.summary.remove,
    };
    plan_file::save(path, &PlanFile::write(saved, &validity))?;
    let digest = report::digest(saved);
    let sandbox = match &prepared.connection.embedded {
        Some(_) => " --sandbox",
        None => "",
    };
    printer::message(&format!(
        "\nSaved to {}, valid until {}.\nDigest: {digest}\nApply exactly this plan with:\n  \
         gangplank apply{sandbox} --plan {} --approve-digest {digest}\n",
        path.display(),
        validity.expires,
        quoted(&path.display().to_string()),
    ));
    Ok(())
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._/-+=:@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
