//! `/cycles/{id}/edges` (cyclr-api.md 2.0): the vendor's body is in no source.

use super::cycle;
use crate::body::NewEdge;
use crate::call::Call;
use crate::input::Input;
use crate::ledger::Action;
use crate::openapi::{Need, Operation, Parameter};
use crate::reply::{Outcome, Refusal, Reply};
use crate::variant::Switch;
use crate::view::EdgeView;
use crate::world::{Cycle, Edge};

/// Names that a body may give the earlier step, the first being ours.
const FROM: &[&str] = &[
    "FromStepId",
    "SourceStepId",
    "ParentStepId",
    "From",
    "Source",
];
/// Names that a body may give the later step.
const TO: &[&str] = &["ToStepId", "TargetStepId", "ChildStepId", "To", "Target"];

const CYCLE: Parameter = Parameter::guid("id", "The cycle's id.");
const EDGE: Parameter = Parameter::guid("edgeId", "The edge's id.");

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /cycles/{id}/edges",
        "listEdges",
        "Lists which step of a cycle follows which.",
        "2.8",
    )
    .path(&[CYCLE])
    .answers::<Vec<EdgeView<'_>>>("The edges."),
    Operation::new(
        "POST /cycles/{id}/edges",
        "createEdge",
        "Has one step of a paused cycle follow another.",
        "2.8",
    )
    .path(&[CYCLE])
    .reads::<NewEdge>(Need::Required, "")
    .answers::<EdgeView<'_>>("The edge.")
    .refuses(&[
        (
            400,
            "They are no two steps of the cycle, or are connected already.",
        ),
        (409, "The cycle runs."),
    ]),
    Operation::new(
        "GET /cycles/{id}/edges/{edgeId}",
        "getEdge",
        "Shows an edge.",
        "2.8",
    )
    .path(&[CYCLE, EDGE])
    .answers::<EdgeView<'_>>("The edge."),
    Operation::new(
        "DELETE /cycles/{id}/edges/{edgeId}",
        "deleteEdge",
        "Disconnects two steps of a paused cycle.",
        "2.8",
    )
    .path(&[CYCLE, EDGE])
    .answers::<EdgeView<'_>>("The edge that is gone.")
    .refuses(&[(409, "The cycle runs.")]),
];

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    let cycle = cycle::find(call)?;
    let edges = cycle.edges.iter().flatten();
    let views: Vec<_> = edges.map(|edge| EdgeView::new(cycle, edge)).collect();
    Ok(Reply::json(&views))
}

pub(crate) fn get(call: &mut Call<'_>) -> Outcome {
    let cycle = cycle::find(call)?;
    let edges = cycle.edges.as_deref().unwrap_or_default();
    let edge = edges.get(position(call, cycle)?);
    let edge = edge.ok_or_else(|| Refusal::missing("Edge"))?;
    Ok(Reply::json(&EdgeView::new(cycle, edge)))
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    let mut changed = find_writable(call)?;
    let input = Input::parse_or_empty(call.body)?;
    let mut edge = Edge {
        id: String::new(),
        from_step_id: end(&changed, &input, FROM, 0)?,
        to_step_id: end(&changed, &input, TO, 1)?,
    };
    if edge.from_step_id == edge.to_step_id {
        return Err(Refusal::bad_request("A step cannot follow itself."));
    }
    let is_same = |one: &Edge| {
        one.from_step_id.eq_ignore_ascii_case(&edge.from_step_id)
            && one.to_step_id.eq_ignore_ascii_case(&edge.to_step_id)
    };
    if changed.edges.iter().flatten().any(is_same) {
        return Err(Refusal::bad_request("The steps are connected already."));
    }
    edge.id = call.instance.next_guid("edge");
    let reply = Reply::json(&EdgeView::new(&changed, &edge));
    changed.edges.get_or_insert_default().push(edge.clone());
    store(call, changed, Action::Created, &edge)?;
    Ok(reply)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    let mut changed = find_writable(call)?;
    let index = position(call, &changed)?;
    let edge = changed.edges.get_or_insert_default().remove(index);
    let reply = Reply::json(&EdgeView::new(&changed, &edge));
    store(call, changed, Action::Deleted, &edge)?;
    Ok(reply)
}

fn find_writable(call: &Call<'_>) -> Result<Cycle, Refusal> {
    if call.instance.variants.is(Switch::StepWrites, "200") {
        return cycle::find(call).cloned();
    }
    cycle::find_paused(call).cloned()
}

fn position(call: &Call<'_>, cycle: &Cycle) -> Result<usize, Refusal> {
    let id = call.guid(1)?;
    let mut edges = cycle.edges.iter().flatten();
    let found = edges.position(|edge| edge.id.eq_ignore_ascii_case(id));
    found.ok_or_else(|| Refusal::missing("Edge"))
}

/// One end of an edge: the id of a step of the cycle. Since no source names the fields, a body that
/// has none of the names is read by place: its first step's id, then its second.
fn end(cycle: &Cycle, input: &Input, names: &[&str], place: usize) -> Result<String, Refusal> {
    let field = names.first().copied().unwrap_or_default();
    let step = |id: &str| {
        let mut steps = cycle.steps.iter();
        steps.find(|step| step.id.eq_ignore_ascii_case(id))
    };
    for name in names {
        if let Some(id) = input.text(name)?.value() {
            let missing = || Refusal::invalid(field, format!("The value '{id}' is no step."));
            return Ok(step(&id).ok_or_else(missing)?.id.clone());
        }
    }
    let texts = input.fields().values().filter_map(|value| value.as_str());
    let by_place = texts.filter_map(step).nth(place);
    let missing = || Refusal::invalid(field, "A step was expected.");
    Ok(by_place.ok_or_else(missing)?.id.clone())
}

fn store(call: &mut Call<'_>, changed: Cycle, action: Action, edge: &Edge) -> Result<(), Refusal> {
    let key = format!("{}/{}", changed.name, edge.id);
    cycle::put_back(call, changed)?;
    call.record(action, "edge", &key, &edge.id);
    Ok(())
}
