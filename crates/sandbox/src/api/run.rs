//! Incidents and transactions of cycles (cyclr-api.md 2.0).

use super::cycle;
use crate::call::Call;
use crate::date;
use crate::ledger::Action;
use crate::openapi::{Operation, PAGED, Parameter};
use crate::page::page;
use crate::reply::{Outcome, Refusal, Reply};
use crate::request::Query;
use crate::view::{IncidentView, TransactionView};
use crate::world::{Cycle, CycleStatus, Incident, IncidentLevel, Transaction};

/// Names that a query may give the first day; which one the vendor's has is in no source.
const FIRST: &[&str] = &[
    "startDate",
    "fromDate",
    "dateFrom",
    "startTime",
    "from",
    "start",
];
/// Names that a query may give the last day.
const LAST: &[&str] = &["endDate", "toDate", "dateTo", "endTime", "to", "end"];

const CYCLE: Parameter = Parameter::guid("id", "The cycle's id.");
const TRANSACTION: Parameter = Parameter::guid("txId", "The transaction's id.");
const DATED: &[Parameter] = &[
    Parameter::text("startDate", "The first day: `2020-01-01` or `MM/DD/YYYY`."),
    Parameter::text("endDate", "The last day, which is included."),
    Parameter::switch("sortOrderAsc", "`false` shows the newest first."),
];

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /cycles/incidents/error",
        "listErrors",
        "Lists the errors of all cycles.",
        "2.8",
    )
    .query(&[PAGED, DATED])
    .lists::<IncidentView<'_>>("A page of errors."),
    Operation::new(
        "GET /cycles/incidents/warning",
        "listWarnings",
        "Lists the warnings of all cycles.",
        "2.8",
    )
    .query(&[PAGED, DATED])
    .lists::<IncidentView<'_>>("A page of warnings."),
    Operation::new(
        "GET /cycles/{id}/incidents",
        "listIncidents",
        "Lists the errors and warnings of a cycle.",
        "2.8",
    )
    .path(&[CYCLE])
    .query(&[PAGED, DATED])
    .lists::<IncidentView<'_>>("A page of incidents."),
    Operation::new(
        "DELETE /cycles/{id}/incidents",
        "deleteIncidents",
        "Forgets the errors and warnings of a cycle.",
        "2.8",
    )
    .path(&[CYCLE])
    .answers::<Vec<IncidentView<'_>>>("What is forgotten."),
    Operation::new(
        "GET /cycles/transactions",
        "listTransactions",
        "Lists the transactions of all cycles.",
        "2.8",
    )
    .query(&[PAGED, DATED])
    .lists::<TransactionView<'_>>("A page of transactions."),
    Operation::new(
        "GET /cycles/{id}/transactions",
        "listTransactionsOfCycle",
        "Lists the transactions of a cycle.",
        "2.8",
    )
    .path(&[CYCLE])
    .query(&[PAGED, DATED])
    .lists::<TransactionView<'_>>("A page of transactions."),
    Operation::new(
        "GET /cycles/{id}/transactions/{txId}",
        "getTransaction",
        "Shows a transaction.",
        "2.8",
    )
    .path(&[CYCLE, TRANSACTION])
    .answers::<TransactionView<'_>>("The transaction."),
];

pub(crate) fn errors(call: &mut Call<'_>) -> Outcome {
    of_level(call, IncidentLevel::Error)
}

pub(crate) fn warnings(call: &mut Call<'_>) -> Outcome {
    of_level(call, IncidentLevel::Warning)
}

fn of_level(call: &Call<'_>, level: IncidentLevel) -> Outcome {
    let account = call.account()?;
    let rows = live(&account.cycles).flat_map(|cycle| {
        let incidents = cycle.incidents.iter();
        incidents.map(move |one| (cycle, one))
    });
    let fits = |row: &(&Cycle, &Incident)| row.1.incident_level == level;
    incidents(call, rows.filter(fits).collect())
}

pub(crate) fn of_cycle(call: &mut Call<'_>) -> Outcome {
    let cycle = cycle::find(call)?;
    let rows = cycle.incidents.iter().map(|one| (cycle, one));
    incidents(call, rows.collect())
}

fn incidents(call: &Call<'_>, mut rows: Vec<(&Cycle, &Incident)>) -> Outcome {
    let days = Days::of(&call.query);
    rows.retain(|(_, one)| days.hold(&one.timestamp));
    rows.sort_by(|(_, one), (_, other)| {
        (&one.timestamp, &one.id).cmp(&(&other.timestamp, &other.id))
    });
    let account = call.account()?;
    let render = |(cycle, one)| IncidentView::new(account, cycle, one);
    Ok(page(&call.query, &call.instance.variants, rows, render))
}

/// Forgets the incidents of a cycle, running or not, and shows what is gone.
pub(crate) fn clear(call: &mut Call<'_>) -> Outcome {
    let cycle = cycle::find(call)?;
    let account = call.account()?;
    let views = cycle.incidents.iter();
    let views: Vec<_> = views
        .map(|one| IncidentView::new(account, cycle, one))
        .collect();
    let reply = Reply::json(&views);
    let mut changed = cycle.clone();
    let (id, name) = (changed.id.clone(), changed.name.clone());
    changed.incidents.clear();
    (changed.error_count, changed.warning_count) = (0, 0);
    cycle::put_back(call, changed)?;
    call.record(Action::Deleted, "incidents", &name, &id);
    Ok(reply)
}

pub(crate) fn transactions(call: &mut Call<'_>) -> Outcome {
    let account = call.account()?;
    let rows = live(&account.cycles).flat_map(|cycle| {
        let transactions = cycle.transactions.iter();
        transactions.map(move |one| (cycle, one))
    });
    list(call, rows.collect())
}

pub(crate) fn transactions_of_cycle(call: &mut Call<'_>) -> Outcome {
    let cycle = cycle::find(call)?;
    let rows = cycle.transactions.iter().map(|one| (cycle, one));
    list(call, rows.collect())
}

fn list(call: &Call<'_>, mut rows: Vec<(&Cycle, &Transaction)>) -> Outcome {
    let days = Days::of(&call.query);
    rows.retain(|(_, one)| days.hold(&one.start_time));
    rows.sort_by(|(_, one), (_, other)| {
        (&one.start_time, &one.id).cmp(&(&other.start_time, &other.id))
    });
    let render = |(cycle, one)| TransactionView::new(cycle, one);
    Ok(page(&call.query, &call.instance.variants, rows, render))
}

pub(crate) fn transaction(call: &mut Call<'_>) -> Outcome {
    let cycle = cycle::find(call)?;
    let id = call.guid(1)?;
    let mut transactions = cycle.transactions.iter();
    let found = transactions.find(|one| one.id.eq_ignore_ascii_case(id));
    let found = found.ok_or_else(|| Refusal::missing("Transaction"))?;
    Ok(Reply::json(&TransactionView::new(cycle, found)))
}

fn live(cycles: &[Cycle]) -> impl Iterator<Item = &Cycle> {
    let is_live = |cycle: &&Cycle| cycle.status != CycleStatus::DeleteScheduled;
    cycles.iter().filter(is_live)
}

/// The days that a query asks for, both included.
struct Days {
    first: Option<jiff::civil::Date>,
    last: Option<jiff::civil::Date>,
}

impl Days {
    /// What is no date counts as absent, as wrong types do (cyclr-api.md 1.4).
    fn of(query: &Query<'_>) -> Self {
        let day = |names: &[&str]| {
            let mut given = names.iter().filter_map(|name| query.get(name));
            given.find_map(date::day)
        };
        Self {
            first: day(FIRST),
            last: day(LAST),
        }
    }

    fn hold(&self, time: &str) -> bool {
        let Some(day) = date::day(time) else {
            return true;
        };
        self.first.is_none_or(|first| first <= day) && self.last.is_none_or(|last| day <= last)
    }
}
