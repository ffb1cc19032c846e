//! A plan as JSON says it.

use crate::change::{Change, Exclusive, Reason};
use crate::compare::{FieldChange, Shown};
use crate::file::plan_v1::{
    ChangeV1, ExclusiveV1, FORMAT_VERSION, FieldV1, InstanceV1, LaneV1, OperationV1, OriginV1,
    PlanV1, ReasonV1, RolloutV1, ShownV1, SummaryV1,
};
use crate::operation::Operation;
use crate::origin::Origin;
use crate::plan::{Lane, Plan, Summary};
use crate::saved::SavedPlan;

impl From<&Plan> for PlanV1 {
    fn from(plan: &Plan) -> Self {
        Self {
            format_version: FORMAT_VERSION.into(),
            engine_version: None,
            digest: None,
            saved: None,
            instance: InstanceV1 {
                name: plan.instance.name.clone(),
                api_url: plan.instance.api_url.clone(),
            },
            manifest_digest: plan.manifest_digest.clone(),
            access: None,
            unread: Vec::new(),
            unplanned: false,
            summary: plan.summary.into(),
            lanes: plan.lanes.iter().map(LaneV1::from).collect(),
            notes: plan.notes.clone(),
            rollout: plan.rollout.is_some().then(|| RolloutV1 {
                waves: plan.rollout.waves.clone(),
                soak_milliseconds: u64::try_from(plan.rollout.soak.as_millis()).unwrap_or(u64::MAX),
            }),
        }
    }
}

/// With its digest, and without what a file has besides.
impl From<&SavedPlan> for PlanV1 {
    fn from(saved: &SavedPlan) -> Self {
        let SavedPlan {
            engine_version,
            plan,
            access,
            preconditions,
            unread,
            unplanned,
        } = saved;
        let mut view = Self {
            engine_version: Some(engine_version.clone()),
            access: Some(access.into()),
            unread: unread.iter().map(ToString::to_string).collect(),
            unplanned: *unplanned,
            ..plan.into()
        };
        for (lane, of) in view.lanes.iter_mut().zip(&plan.lanes) {
            lane.precondition = preconditions.get(&of.account).map(Into::into);
        }
        view.digest = Some(view.content_digest());
        view
    }
}

impl From<Summary> for SummaryV1 {
    fn from(summary: Summary) -> Self {
        let Summary {
            add,
            change,
            remove,
            adopt,
            moved,
            waiting,
            blocked,
            unchanged,
            accounts,
        } = summary;
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

impl From<&Lane> for LaneV1 {
    fn from(lane: &Lane) -> Self {
        Self {
            account: lane.account.to_string(),
            after: lane.after.as_ref().map(ToString::to_string),
            precondition: None,
            changes: lane.changes.iter().map(ChangeV1::from).collect(),
            operations: lane
                .operations
                .iter()
                .enumerate()
                .map(OperationV1::from)
                .collect(),
            wave: lane.wave.map(|wave| wave + 1),
        }
    }
}

impl From<&Change> for ChangeV1 {
    fn from(change: &Change) -> Self {
        Self {
            address: change.address.to_string(),
            action: change.action.word().into(),
            symbol: change.action.symbol().into(),
            moved_from: change.moved_from().map(str::to_owned),
            title: change.title.clone(),
            reasons: change.reasons.iter().map(ReasonV1::from).collect(),
            fields: change.fields.iter().map(FieldV1::from).collect(),
            waits: change.waits(),
            origin: change.origin.as_ref().map(OriginV1::from),
        }
    }
}

impl From<&Reason> for ReasonV1 {
    fn from(reason: &Reason) -> Self {
        Self {
            code: reason.code().into(),
            text: reason.to_string(),
            name: match reason {
                Reason::Moved(from) => Some(from.clone()),
                _ => None,
            },
            exclusive: match reason {
                Reason::Undeclared(Exclusive::Account(at)) => Some(ExclusiveV1::Account(at.into())),
                Reason::Undeclared(Exclusive::Instance(at)) => {
                    Some(ExclusiveV1::Instance(at.into()))
                }
                _ => None,
            },
        }
    }
}

impl From<&FieldChange> for FieldV1 {
    fn from(change: &FieldChange) -> Self {
        Self {
            field: change.field.clone(),
            before: (&change.before).into(),
            after: (&change.after).into(),
            origin: change.origin.as_ref().map(OriginV1::from),
        }
    }
}

impl From<&Shown> for ShownV1 {
    fn from(shown: &Shown) -> Self {
        match shown {
            Shown::Absent => Self::Absent,
            Shown::Unknown => Self::Unknown,
            Shown::Text(text) => Self::Text(text.clone()),
            Shown::Secret(reference) => Self::Secret(reference.clone()),
        }
    }
}

impl From<&Origin> for OriginV1 {
    fn from(origin: &Origin) -> Self {
        Self {
            file: origin.file.to_string(),
            line: origin.line,
            column: origin.column,
            length: origin.length,
        }
    }
}

impl From<(usize, &Operation)> for OperationV1 {
    fn from((index, operation): (usize, &Operation)) -> Self {
        let (method, route) = operation.route().split_once(' ').unwrap_or_default();
        Self {
            index,
            address: operation.address.to_string(),
            verb: operation.verb(),
            method: method.into(),
            route: route.into(),
            retry: operation.retry_class().word().into(),
            depends_on: operation.depends_on.clone(),
            call: Some((&operation.kind).into()),
        }
    }
}
