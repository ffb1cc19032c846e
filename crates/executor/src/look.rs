//! What an operation has to read before or after its write, and what follows from it.

use crate::credential::sends_value;
use crate::explain::{is_throttled, plainly};
use crate::lane::{LaneMachine, Next};
use crate::learned::Binding;
use gangplank_cyclr::{Certainty, Error, Request, Response, Urgency};
use gangplank_live::{Facts, Finding, Missing, Question, Reread, Taken};
use gangplank_model::{CycleStatus, LiveStep, OperationKind, Outcome, Schedule};

/// A read that an operation needs, and what for.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub(crate) reread: Reread,
    pub(crate) why: Why,
    failures: u32,
}

/// What a read is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Ids of a new cycle's steps, parameters and fields.
    Steps,
    /// Which account connectors a new cycle was bound to.
    Bindings {
        /// Whether the install itself was confirmed by reading back.
        confirmed: bool,
    },
    /// Whether a write whose answer was lost was done.
    Doubt,
    /// Who holds an id or a name that is in use.
    Taken(String),
    /// Whether a rename that was answered with yes took effect.
    Renamed,
    /// Whether an activation that was answered with yes took effect.
    Started,
    /// Whether a cycle still runs, now that nothing late can stop it any more.
    Stays,
    /// Whether a cycle whose activation was refused runs all the same.
    NotStarted(String),
    /// Why a cycle cannot run, or whether a cycle that does not run any more could.
    Prerequisites {
        /// What is wrong.
        message: String,
        /// Whether nothing is wrong when no prerequisite is missing.
        may_be_through: bool,
    },
    /// Whether somebody else installed the same templates at the same time.
    Rivals,
    /// What the steps are called that lack something.
    Names {
        /// What is wrong.
        message: String,
        /// What they lack.
        reasons: Vec<Missing>,
    },
}

impl Look {
    pub(crate) fn new(question: Question, why: Why) -> Self {
        Self {
            reread: Reread::new(question),
            why,
            failures: 0,
        }
    }

    /// The next request. One that would not be made if nothing had failed is paid for, and one that finds
    /// out what became of a write goes before others.
    pub(crate) fn request(&self) -> Request {
        let mut request = self.reread.request();
        let (urgency, again) = match self.why {
            Why::Doubt | Why::Taken(_) => (Urgency::ReadBack, true),
            Why::Bindings { .. }
            | Why::Rivals
            | Why::Renamed
            | Why::Started
            | Why::Stays
            | Why::NotStarted(_) => (Urgency::ReadBack, false),
            Why::Steps | Why::Prerequisites { .. } | Why::Names { .. } => {
                (Urgency::Ordinary, false)
            }
        };
        request.urgency = urgency;
        request.again = again || self.failures > 0;
        request
    }
}

impl LaneMachine {
    /// What must be known before the current operation can be sent.
    pub(crate) fn prepare(&mut self) -> Next {
        let operation = self.operation();
        if let Some(look) = self.contest() {
            return Next::Look(look);
        }
        let (OperationKind::SetParameter { ids: None, .. }
        | OperationKind::SetField { ids: None, .. }) = &operation.kind
        else {
            return Next::Write;
        };
        match self.learned.cycle_id(operation) {
            Some(id) if self.learned.steps(&id).is_none() => {
                let account = operation.address.account.clone();
                Next::Look(Look::new(Question::Steps(account, id), Why::Steps))
            }
            // An unknown cycle is explained where the request is made.
            Some(_) | None => Next::Write,
        }
    }

    /// A read was answered, or failed.
    pub(crate) fn looked(&mut self, mut look: Look, result: Result<Response, Error>) -> Next {
        let error = match result {
            Ok(response) => match look.reread.take(&response) {
                Ok(Taken::More) => return Next::Look(look),
                Ok(Taken::All(facts)) => return self.learned_facts(look.why, facts),
                Err(why) => (why, false, None),
            },
            Err(error) if error.is_not_found() => {
                return self.learned_facts(look.why, Facts::Missing);
            }
            Err(error) if error.is_not_tried() => return self.look_not_tried(&look, &error),
            Err(error) => {
                let permanent = error.certainty() == Certainty::Refused && !is_throttled(&error);
                (plainly(&error), permanent, error.retry_after())
            }
        };
        let (why, permanent, asked) = error;
        look.failures += 1;
        if permanent || look.failures >= self.context.settings.attempts {
            return self.look_failed(&look, &why);
        }
        let delay = self.pace.delay(look.failures, asked);
        Next::LookAfter(look, delay, why)
    }

    fn learned_facts(&mut self, why: Why, facts: Facts) -> Next {
        match (why, facts) {
            (Why::Steps, Facts::Steps(steps)) => {
                if let Some(cycle) = self.learned.cycle_id(self.operation()) {
                    self.learned.keep_steps(cycle, steps);
                }
                Next::Write
            }
            (Why::Bindings { confirmed }, Facts::Connectors(connectors)) => {
                self.learned.listing(&connectors);
                self.check_binding(confirmed)
            }
            (Why::Rivals, Facts::Cycles(cycles)) => self.rivals(&cycles),
            (Why::Doubt, facts) => self.resolve(&facts),
            (Why::Taken(message), facts) => self.taken(&message, &facts),
            (Why::Renamed, Facts::Connector(live)) => self.renamed(&live),
            (Why::Started, Facts::Cycle(cycle)) => {
                if let Finding::Satisfied = self.judge(&Facts::Cycle(cycle.clone())) {
                    return self.started(cycle.id, Outcome::Done);
                }
                let may_be_through = self.runs_once() && cycle.has_run;
                let message = "the instance answered yes, but the cycle does not run".to_owned();
                self.prerequisites(message, may_be_through)
            }
            (Why::Stays, Facts::Cycle(cycle)) => {
                let runs = cycle.status == CycleStatus::Active;
                if runs || (self.runs_once() && cycle.has_run) {
                    Next::End(Outcome::Done, Some(cycle.id))
                } else if self.runs_once() {
                    self.unknown()
                } else {
                    Next::Write
                }
            }
            (Why::NotStarted(message), Facts::Cycle(cycle))
                if cycle.status == CycleStatus::Active && self.may_be_older_than_stop() =>
            {
                let account = self.operation().address.account.clone();
                let look = Look::new(Question::Cycle(account, cycle.id), Why::NotStarted(message));
                let why = "what was read may be older than the stop".to_owned();
                Next::LookAfter(look, self.context.settings.settle, why)
            }
            (Why::NotStarted(message), Facts::Cycle(cycle)) => {
                if cycle.status == CycleStatus::Active {
                    return self.started(cycle.id, Outcome::Confirmed);
                }
                self.prerequisites(message, false)
            }
            (Why::Prerequisites { may_be_through, .. }, Facts::Prerequisites(reasons))
                if may_be_through && reasons.is_empty() =>
            {
                Next::End(Outcome::Done, self.learned.cycle_id(self.operation()))
            }
            (Why::Prerequisites { message, .. }, Facts::Prerequisites(reasons)) => {
                self.named(message, reasons)
            }
            (Why::Names { message, reasons }, Facts::Steps(steps)) => {
                self.not_ready(&message, &reasons, &steps)
            }
            (why, Facts::Missing) => {
                let look = why.explained();
                Next::End(
                    Outcome::Diverged(format!("{look}: it is not there any more; plan again")),
                    None,
                )
            }
            (why, _) => {
                let look = why.explained();
                Next::End(
                    Outcome::Unknown(format!("{look}: the instance answered something else")),
                    None,
                )
            }
        }
    }

    /// Finds out what the steps are called that lack something: a person knows them by no id.
    fn named(&mut self, message: String, reasons: Vec<Missing>) -> Next {
        let operation = self.operation();
        let cycle = self.learned.cycle_id(operation);
        let Some(cycle) = cycle.filter(|_| reasons.iter().any(|it| it.step.is_some())) else {
            return self.not_ready(&message, &reasons, &[]);
        };
        if let Some(steps) = self.learned.steps(&cycle) {
            return self.not_ready(&message, &reasons, steps);
        }
        let question = Question::Steps(operation.address.account.clone(), cycle);
        Next::Look(Look::new(question, Why::Names { message, reasons }))
    }

    /// Ends an activation that was refused. Where all that it lacks are connectors that were sent
    /// their credential just now and still say "not authenticated", a person has to look at them.
    fn not_ready(&self, message: &str, reasons: &[Missing], steps: &[LiveStep]) -> Next {
        if reasons.is_empty() {
            let why = format!("{message}; the instance lists no prerequisite that is not met");
            return Next::End(Outcome::Refused(why), None);
        }
        let words: Vec<String> = reasons.iter().map(|reason| reason.words(steps)).collect();
        let why = format!("{message}; it still needs: {}", words.join("; "));
        let sent = |missing: &Missing| {
            missing
                .connector
                .is_some_and(|id| self.learned.is_unconfirmed(id))
        };
        if reasons.iter().all(sent) {
            let why = format!(
                "{why}. The declared credentials were set, and the instance says `not \
                 authenticated` until they are used or corrected: check them there, then apply again"
            );
            return Next::End(Outcome::Waiting(why), None);
        }
        let why = if reasons.iter().any(|it| it.step.is_some()) {
            format!(
                "{why}. What a step lacks is said under `parameters:` and `mappings:` of the template's entry"
            )
        } else {
            why
        };
        Next::End(Outcome::Refused(why), None)
    }

    /// Whether the cycle is to run once, and pauses again after that.
    fn runs_once(&self) -> bool {
        matches!(
            self.operation().kind,
            OperationKind::Activate {
                schedule: Schedule::Once,
                ..
            }
        )
    }

    fn prerequisites(&mut self, message: String, may_be_through: bool) -> Next {
        let operation = self.operation();
        match self.learned.cycle_id(operation) {
            Some(id) => {
                let account = operation.address.account.clone();
                Next::Look(Look::new(
                    Question::Prerequisites(account, id),
                    Why::Prerequisites {
                        message,
                        may_be_through,
                    },
                ))
            }
            None => Next::End(Outcome::Refused(message), None),
        }
    }

    /// An id or a name is in use: by what was wanted, or by something else?
    fn taken(&mut self, message: &str, facts: &Facts) -> Next {
        match self.judge(facts) {
            Finding::Satisfied => {
                let id = self.operation().address.account.to_string();
                Next::End(Outcome::Confirmed, Some(id))
            }
            Finding::Connector(connector) => {
                self.learned
                    .connector(&connector, sends_value(self.operation()));
                Next::End(Outcome::Confirmed, Some(connector.id.to_string()))
            }
            Finding::Absent => self.unseen(message),
            Finding::Different(what) => {
                self.stale(format!("someone else made it: {what}; apply again"))
            }
            Finding::Cycle(_) | Finding::Several(_) | Finding::Unclear => {
                self.stale(format!("{message}; apply again"))
            }
        }
    }

    /// Ends the install of a template once its bindings are known to be right.
    pub(crate) fn check_binding(&mut self, confirmed: bool) -> Next {
        let operation = self.operation();
        let id = self.learned.cycle(operation).map(|cycle| cycle.id.clone());
        match self.learned.binding(operation) {
            Binding::Right if confirmed => Next::End(Outcome::Confirmed, id),
            Binding::Right => Next::End(Outcome::Done, id),
            Binding::Wrong(why) => Next::End(Outcome::Diverged(why), id),
            Binding::NeedsList => {
                let account = operation.address.account.clone();
                Next::Look(Look::new(
                    Question::Connectors(account),
                    Why::Bindings { confirmed },
                ))
            }
        }
    }

    /// A read was not even tried, and it is of no use to wait for another.
    fn look_not_tried(&mut self, look: &Look, error: &Error) -> Next {
        match look.why {
            Why::Doubt if !self.stopped => self.unknown(),
            Why::Doubt
            | Why::Steps
            | Why::Bindings { .. }
            | Why::Taken(_)
            | Why::Renamed
            | Why::Started
            | Why::Stays
            | Why::NotStarted(_)
            | Why::Prerequisites { .. }
            | Why::Rivals
            | Why::Names { .. } => self.look_failed(look, &plainly(error)),
        }
    }

    /// A read that an operation needs cannot be had.
    pub(crate) fn look_failed(&mut self, look: &Look, why: &str) -> Next {
        let what = look.why.explained();
        match &look.why {
            Why::Rivals if self.stopped || !self.may_begin() => self.contest_over(),
            Why::Steps if self.stopped => Next::End(Outcome::Skipped, None),
            Why::Rivals if !self.current.contested.is_empty() => self.contest_over(),
            Why::Steps | Why::Rivals => Next::End(Outcome::Refused(format!("{what}: {why}")), None),
            Why::Doubt if self.stopped => self.stopped_end(),
            // A read that fails tells nothing: it counts as not seen yet.
            Why::Doubt => self.unclear(),
            Why::Bindings { .. } | Why::Taken(_) | Why::Renamed | Why::Started | Why::Stays => {
                Next::End(Outcome::Unknown(format!("{what}: {why}")), None)
            }
            Why::NotStarted(message) | Why::Prerequisites { message, .. } => {
                Next::End(Outcome::Refused(message.clone()), None)
            }
            // Then they go by their ids.
            Why::Names { message, reasons } => self.not_ready(message, reasons, &[]),
        }
    }
}

impl Why {
    fn explained(&self) -> &'static str {
        match self {
            Self::Steps => "the cycle's steps could not be read",
            Self::Rivals => {
                "whether somebody else installed the same at the same time could not be read"
            }
            Self::Bindings { .. } => "which connectors the new cycle uses could not be read",
            Self::Doubt => "whether it was done could not be read",
            Self::Taken(_) => "who holds it could not be read",
            Self::Renamed => "which name the connector bears could not be read",
            Self::Started | Self::Stays | Self::NotStarted(_) => {
                "whether the cycle runs could not be read"
            }
            Self::Prerequisites { .. } | Self::Names { .. } => {
                "why the cycle does not run could not be read"
            }
        }
    }
}
