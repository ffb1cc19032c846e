//! Some applies go by way of a file: the plan is written, some time passes in which somebody may meddle,
//! and what is applied is what is read again.

use crate::life::Errand;
use crate::scene::CANARY;
use fastrand::Rng;
use gangplank_executor::Runtime;
use gangplank_live::Recheck;
use gangplank_model::file::{PlanFile, Validity};
use gangplank_model::{Access, Live, Plan, SavedPlan};
use gangplank_sandbox::Ledger;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const ENGINE: &str = "simulated";

/// A life that applies by way of a file.
#[derive(Debug)]
pub(crate) struct Saving {
    /// Which life of its seed it is.
    life: usize,
    random: Mutex<Rng>,
    may_drift: bool,
    happened: Mutex<Happened>,
}

#[derive(Debug, Default)]
struct Happened {
    /// The account that somebody changed in between.
    drifted: Option<String>,
    /// Requests that it takes to look at all accounts once more.
    rechecks: u64,
    /// What is wrong with the file.
    wrong: Option<String>,
}

impl Saving {
    /// Where what is read lags behind what was written, nobody meddles: it could not be seen.
    pub(crate) fn new(seed: u64, life: usize, may_drift: bool) -> Self {
        Self {
            life,
            random: Mutex::new(Rng::with_seed(seed)),
            may_drift,
            happened: Mutex::default(),
        }
    }

    /// Requests beyond those of a life that applies at once.
    pub(crate) fn rechecks(&self) -> u64 {
        self.happened().rechecks
    }

    /// F14: the account that somebody changed was left alone, and the file was as it should be.
    pub(crate) fn left_alone(&self, ledger: &Ledger) -> Result<(), String> {
        let happened = self.happened();
        if let Some(wrong) = &happened.wrong {
            return Err(format!("the saved plan: {wrong}"));
        }
        let Some(drifted) = &happened.drifted else {
            return Ok(());
        };
        let of_it = |key: &str| key.split('/').next() == Some(drifted);
        let written = ledger.commits.iter().find(|commit| of_it(&commit.key));
        written.map_or(Ok(()), |commit| {
            Err(format!(
                "F14 {drifted} was written to although somebody had changed it: {commit:?}"
            ))
        })
    }

    fn happened(&self) -> MutexGuard<'_, Happened> {
        self.happened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self) -> Duration {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        Duration::from_millis(random.u64(0..600_000))
    }

    /// Draws whom somebody meddles with, if anybody.
    fn drift(&self, saved: &SavedPlan) -> Option<String> {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts: Vec<_> = saved.preconditions.keys().collect();
        let meddles = self.may_drift && random.bool();
        let account = random.choice(&accounts).filter(|_| meddles)?;
        Some(account.to_string())
    }
}

/// Writes a plan, lets time pass, and reads it again, with what has to hold of the accounts.
pub(crate) async fn by_file(
    errand: &Errand<'_>,
    runtime: &mut Runtime,
    (plan, live): (Plan, &Live),
) -> Plan {
    let Some(saving) = errand.saving else {
        return plan;
    };
    let saved = SavedPlan {
        engine_version: ENGINE.into(),
        access: Access::default(),
        preconditions: gangplank_live::preconditions(&errand.wanted.desired, live, &plan),
        plan,
        unread: BTreeSet::new(),
        unplanned: false,
    };
    let read = match read_again(&saved) {
        Ok(read) => read,
        Err(wrong) => {
            saving.happened().wrong = Some(wrong);
            saved.clone()
        }
    };
    tokio::time::sleep(saving.wait()).await;
    if let Some(account) = saving.drift(&read) {
        // Never a name that it was given before.
        let name = format!("Meddled with in life {}", saving.life);
        errand.instance.meddle(&account, &name);
        saving.happened().drifted = Some(account);
    }
    let preconditions = read.preconditions.iter();
    let requests = preconditions.map(|(id, it)| Recheck::new(id.clone(), it.clone()).requests());
    saving.happened().rechecks = requests.sum::<usize>() as u64;
    if let Some(context) = std::sync::Arc::get_mut(&mut runtime.context) {
        context.preconditions = read.preconditions;
    } else {
        saving.happened().wrong = Some("the context is shared already".into());
    }
    read.plan
}

fn read_again(saved: &SavedPlan) -> Result<SavedPlan, String> {
    let validity = Validity {
        created: "2026-01-01T00:00:00Z".into(),
        expires: "2026-01-02T00:00:00Z".into(),
        approved_removals: saved.plan.summary.remove,
    };
    let bytes = PlanFile::write(saved, &validity);
    if String::from_utf8_lossy(&bytes).contains(CANARY) {
        return Err("it holds a secret".into());
    }
    let read = PlanFile::read(&bytes, ENGINE).map_err(|problem| problem.to_string())?;
    let again = read
        .plan(&BTreeSet::new())
        .map_err(|problem| problem.to_string())?;
    if again == *saved {
        Ok(again)
    } else {
        Err("what is read is not what was written".into())
    }
}
