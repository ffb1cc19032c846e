//! A plan on disk to the plan that it was made of.

use crate::address::{AccountId, Address};
use crate::change::{Action, Change, Exclusive, Reason};
use crate::compare::{FieldChange, Shown};
use crate::file::plan_problem::PlanProblem;
use crate::file::plan_secret::References;
use crate::file::plan_v1::{
    ChangeV1, ExclusiveV1, FieldV1, LaneV1, OperationV1, OriginV1, PlanV1, ReasonV1, RolloutV1,
    ShownV1, SummaryV1,
};
use crate::operation::{Operation, OperationKind};
use crate::origin::Origin;
use crate::plan::{InstanceRef, Lane, Plan, Summary};
use crate::precondition::Preconditions;
use crate::rollout::Rollout;
use crate::saved::SavedPlan;
use std::time::Duration;

impl References<'_> {
    /// Everything that a file holds of a plan.
    pub(super) fn plan(self, view: &PlanV1) -> Result<SavedPlan, PlanProblem> {
        let lanes = view.lanes.iter().map(|lane| self.lane(lane));
        let plan = Plan {
            instance: InstanceRef {
                name: view.instance.name.clone(),
                api_url: view.instance.api_url.clone(),
            },
            manifest_digest: view.manifest_digest.clone(),
            lanes: lanes.collect::<Result<_, _>>()?,
            summary: (&view.summary).into(),
            notes: view.notes.clone(),
            rollout: view.rollout.as_ref().map(Rollout::from).unwrap_or_default(),
        };
        let access = view.access.as_ref().ok_or(PlanProblem::Missing("access"))?;
        Ok(SavedPlan {
            engine_version: view
                .engine_version
                .clone()
                .ok_or(PlanProblem::Missing("engine version"))?,
            preconditions: preconditions(view, &plan)?,
            plan,
            access: self.access(access)?,
            unread: view.unread.iter().map(AccountId::new).collect(),
            unplanned: view.unplanned,
        })
    }

    fn lane(self, lane: &LaneV1) -> Result<Lane, PlanProblem> {
        let changes = lane.changes.iter().map(change);
        let operations = lane.operations.iter().map(|it| self.operation(it));
        Ok(Lane {
            account: AccountId::new(&lane.account),
            after: lane.after.as_ref().map(AccountId::new),
            changes: changes.collect::<Result<_, _>>()?,
            operations: operations.collect::<Result<_, _>>()?,
            wave: match lane.wave {
                Some(wave) => Some(wave.checked_sub(1).ok_or(PlanProblem::Unknown("wave"))?),
                None => None,
            },
        })
    }

    fn operation(self, operation: &OperationV1) -> Result<Operation, PlanProblem> {
        let call = operation.call.as_ref();
        Ok(Operation {
            address: address(&operation.address)?,
            kind: self.call(call.ok_or(PlanProblem::Missing("contents of calls"))?)?,
            depends_on: operation.depends_on.clone(),
        })
    }
}

/// What has to hold of each account that is written to and not made.
fn preconditions(view: &PlanV1, plan: &Plan) -> Result<Preconditions, PlanProblem> {
    let mut all = Preconditions::new();
    for (lane, view) in plan.lanes.iter().zip(&view.lanes) {
        let first = lane.operations.first().map(|operation| &operation.kind);
        let made = matches!(first, Some(OperationKind::CreateAccount { .. }));
        match (&view.precondition, first) {
            (Some(precondition), Some(_)) if !made => {
                all.insert(lane.account.clone(), precondition.into());
            }
            (None, Some(_)) if made => {}
            (None, None) => {}
            (Some(_), _) | (None, Some(_)) => {
                return Err(PlanProblem::Unsound(format!(
                    "account {} has a precondition where none belongs, or lacks one",
                    lane.account
                )));
            }
        }
    }
    Ok(all)
}

fn address(text: &str) -> Result<Address, PlanProblem> {
    text.parse().map_err(|_| PlanProblem::Unknown("address"))
}

fn change(view: &ChangeV1) -> Result<Change, PlanProblem> {
    let actions = [
        Action::Create,
        Action::Update,
        Action::Remove,
        Action::Adopt,
        Action::Move,
        Action::Wait,
        Action::Block,
    ];
    let action = actions.into_iter().find(|it| it.word() == view.action);
    let reasons = view.reasons.iter().map(reason);
    Ok(Change {
        address: address(&view.address)?,
        action: action.ok_or(PlanProblem::Unknown("action"))?,
        title: view.title.clone(),
        reasons: reasons.collect::<Result<_, _>>()?,
        fields: view.fields.iter().map(field).collect(),
        origin: view.origin.as_ref().map(Origin::from),
    })
}

fn reason(view: &ReasonV1) -> Result<Reason, PlanProblem> {
    let text = || view.text.clone();
    Ok(match view.code.as_str() {
        "missing" => Reason::Missing,
        "differs" => Reason::Differs,
        "unmarked" => Reason::Unmarked,
        "not-authenticated" => Reason::NotAuthenticated,
        "not-marked" => Reason::NotMarked,
        "secret-changed" => Reason::SecretChanged,
        "mark-key-changed" => Reason::MarkKeyChanged,
        "not-running" => Reason::NotRunning,
        "running" => Reason::Running,
        "absent" => Reason::Absent,
        "with-account" => Reason::WithAccount,
        "cut-off" => Reason::CutOff,
        "interrupts" => Reason::Interrupts,
        "waiting" => Reason::Waiting(text()),
        "blocked" => Reason::Blocked(text()),
        "stops" => Reason::Stops(text()),
        "moved" => Reason::Moved(view.name.clone().ok_or(PlanProblem::Unknown("name"))?),
        "undeclared" => Reason::Undeclared(match &view.exclusive {
            Some(ExclusiveV1::Account(at)) => Exclusive::Account(at.into()),
            Some(ExclusiveV1::Instance(at)) => Exclusive::Instance(at.into()),
            None => return Err(PlanProblem::Unknown("scope")),
        }),
        _ => return Err(PlanProblem::Unknown("reason")),
    })
}

fn field(view: &FieldV1) -> FieldChange {
    FieldChange {
        field: view.field.clone(),
        before: (&view.before).into(),
        after: (&view.after).into(),
        origin: view.origin.as_ref().map(Origin::from),
    }
}

impl From<&ShownV1> for Shown {
    fn from(view: &ShownV1) -> Self {
        match view {
            ShownV1::Absent => Self::Absent,
            ShownV1::Unknown => Self::Unknown,
            ShownV1::Text(text) => Self::Text(text.clone()),
            ShownV1::Secret(reference) => Self::Secret(reference.clone()),
        }
    }
}

impl From<&OriginV1> for Origin {
    fn from(view: &OriginV1) -> Self {
        Self {
            file: view.file.as_str().into(),
            line: view.line,
            column: view.column,
            length: view.length,
        }
    }
}

impl From<&RolloutV1> for Rollout {
    fn from(view: &RolloutV1) -> Self {
        Self {
            waves: view.waves.clone(),
            soak: Duration::from_millis(view.soak_milliseconds),
        }
    }
}

impl From<&SummaryV1> for Summary {
    fn from(view: &SummaryV1) -> Self {
        let SummaryV1 {
            add,
            change,
            remove,
            adopt,
            moved,
            waiting,
            blocked,
            unchanged,
            accounts,
        } = view.clone();
        Self {
            add,
            change,
            remove,
            adopt,
            moved,
            waiting,
            blocked,
            unchanged,
            accounts,
        }
    }
}
