//! An unknown outcome: read back, then confirmed, sent again, or diverged.

use crate::audit::audit_info;
use crate::credential::sends_value;
use crate::lane::{Doubt, LaneMachine, Next};
use crate::look::{Look, Why};
use gangplank_live::{Facts, Finding, Question, satisfies};
use gangplank_model::{Operation, OperationKind, Outcome, RetryClass};
use std::time::Duration;

impl LaneMachine {
    /// A write's answer is missing or unreadable: it may have been done.
    pub(crate) fn doubtful(&mut self, why: String) -> Next {
        let until = self.now.saturating_add(self.context.settings.settle);
        self.current.doubted = true;
        if let OperationKind::Deactivate { id } = &self.lane.operations[self.current.index].kind {
            self.learned.late_stops.insert(id.clone(), until);
        }
        self.current.doubt = Some(Doubt {
            until,
            why: why.clone(),
            looks: 0,
            answered: false,
            inherited: false,
        });
        match self.operation().retry_class() {
            RetryClass::ResolveFirst => self.look_back(),
            RetryClass::Idempotent => self.again(why, None),
        }
    }

    /// The instance, or something before it, refused in a way that may come after the deed: a create
    /// is looked for before it is sent again.
    pub(crate) fn refused_in_doubt(&mut self, why: String, asked: Option<Duration>) -> Next {
        if self.operation().retry_class() == RetryClass::Idempotent {
            return self.again(why, asked);
        }
        let delay = self.pace.delay(self.current.tries, asked);
        self.current.doubt = Some(Doubt {
            until: self.now.saturating_add(self.context.settings.settle),
            why: why.clone(),
            looks: 1,
            answered: true,
            inherited: false,
        });
        match self.question() {
            Some(question) => Next::LookAfter(Look::new(question, Why::Doubt), delay, why),
            None => self.unknown(),
        }
    }

    /// Sends the write again after a while, as often as the bound allows.
    pub(crate) fn again(&mut self, why: String, asked: Option<Duration>) -> Next {
        let tries = self.current.tries;
        if tries < self.context.settings.attempts {
            let delay = self.pace.delay(tries, asked);
            return Next::WriteAfter(delay, why);
        }
        if self.current.doubt.is_some() {
            return self.look_back();
        }
        Next::End(
            Outcome::Refused(format!("{why}; given up after {tries} attempts")),
            None,
        )
    }

    /// Where an earlier run may have sent the current call a while ago, it is looked for until that can
    /// no longer be done, and sent then.
    pub(crate) fn inherit(&mut self) -> Option<Next> {
        let until = self.inherited.remove(&self.current.index)?;
        if until <= self.now {
            return None;
        }
        self.question()?;
        self.current.doubt = Some(Doubt {
            until,
            why: "an earlier run may have sent it just before it ended".to_owned(),
            looks: 0,
            answered: false,
            inherited: true,
        });
        Some(self.look_back())
    }

    /// Whether it is an earlier run that may have sent the current call, and not this one.
    fn is_inherited(&self) -> bool {
        let doubt = self.current.doubt.as_ref();
        doubt.is_some_and(|doubt| doubt.inherited) && !self.stopped
    }

    /// Reads back by the operation's natural key, after a moment: what was cut off on its way may be done
    /// just now.
    fn look_back(&mut self) -> Next {
        let Some(question) = self.question() else {
            return self.unknown();
        };
        let look = Look::new(question, Why::Doubt);
        let Some(doubt) = &mut self.current.doubt else {
            return Next::Look(look);
        };
        doubt.looks += 1;
        let why = format!("{}; looking whether it was done", doubt.why);
        if self.stopped || doubt.inherited {
            return Next::Look(look);
        }
        let delay = self.pace.look(1);
        Next::LookAfter(look, delay, why)
    }

    fn question(&self) -> Option<Question> {
        Question::resolving(self.operation(), self.cycle().as_deref())
    }

    /// The cycle that the operation works on, if it is known by now.
    fn cycle(&self) -> Option<String> {
        self.learned.cycle_id(self.operation())
    }

    pub(crate) fn unknown(&mut self) -> Next {
        let why = match &self.current.doubt {
            Some(doubt) => doubt.why.as_str(),
            None => "the answer could not be read",
        };
        let late = if is_guarded(self.operation()) {
            ""
        } else {
            ", and it may still be done late, so it is not sent again"
        };
        let why = format!(
            "{why}; whether it was done could not be found out{late}; look at the account, then \
             apply again"
        );
        Next::End(Outcome::Unknown(why), None)
    }

    /// Judges what was read back of a write in doubt.
    pub(crate) fn resolve(&mut self, facts: &Facts) -> Next {
        let finding = self.judge(facts);
        match finding {
            // What is read may be older than the stop before: then it shows the cycle as it ran until then.
            Finding::Satisfied if self.may_be_older_than_stop() => self.unclear(),
            Finding::Satisfied => match (&self.operation().kind, self.cycle()) {
                (OperationKind::Activate { .. }, Some(id)) => self.started(id, Outcome::Confirmed),
                _ => Next::End(Outcome::Confirmed, None),
            },
            Finding::Connector(connector) => {
                self.learned
                    .connector(&connector, sends_value(self.operation()));
                Next::End(Outcome::Confirmed, Some(connector.id.to_string()))
            }
            Finding::Cycle(cycle) => {
                let operation = self.operation().clone();
                self.learned
                    .installed((self.current.index, &operation), *cycle, false);
                self.check_binding(true)
            }
            Finding::Absent => self.absent(),
            Finding::Different(what) => match self.operation().retry_class() {
                RetryClass::ResolveFirst => self.stale(format!("{what}; apply again")),
                RetryClass::Idempotent => self.unknown(),
            },
            // What an earlier run may have done cannot be told from what was there before: then it is done
            // as the plan says, once nothing of that run is under way any more.
            Finding::Unclear if self.is_inherited() => self.absent(),
            // Somebody else is at work on theirs: it will be gone, or bear a mark, before long.
            Finding::Several(what) => match self.look_again(Why::Doubt) {
                Some(next) => next,
                None if self.stopped => self.stopped_end(),
                None => self.stale(format!("{what}; apply again")),
            },
            Finding::Unclear => self.unclear(),
        }
    }

    pub(crate) fn judge(&self, facts: &Facts) -> Finding {
        let mut operation = self.operation().clone();
        let audit_info = audit_info(&operation, &self.learned, &self.context);
        // A cycle that another entry of this lane made is not the one that is looked for.
        if let OperationKind::InstallTemplate { known_cycles, .. } = &mut operation.kind {
            known_cycles.extend(self.learned.installed_ids());
        }
        satisfies(&operation, audit_info.as_deref(), facts)
    }

    /// Nothing stands there yet. A create may still be committed late, so it is looked for through
    /// the settle window (`reliability.md` 1.1). Past it, one that the instance guards against a
    /// second is sent once more; any other is left to a person.
    pub(crate) fn absent(&mut self) -> Next {
        if let Some(doubt) = self.current.doubt.take_if(|doubt| doubt.answered) {
            // Nothing is under way any more, and nothing was done: the refusal is believed.
            return if self.current.tries < self.context.settings.attempts {
                Next::Write
            } else {
                self.again(doubt.why, None)
            };
        }
        match self.look_again(Why::Doubt) {
            Some(next) => next,
            None if self.is_inherited() => {
                self.current.doubt = None;
                Next::Write
            }
            None if self.may_resend() => {
                self.current.resent = true;
                self.current.doubt = None;
                Next::Write
            }
            None => self.unknown(),
        }
    }

    /// What was read, or could not be read, does not tell.
    pub(crate) fn unclear(&mut self) -> Next {
        match self.look_again(Why::Doubt) {
            Some(next) => next,
            None => self.unknown(),
        }
    }

    /// Reads back once more after a while, as long as the settle window of a create lasts.
    pub(crate) fn look_again(&mut self, purpose: Why) -> Option<Next> {
        let operation = self.operation();
        if operation.retry_class() == RetryClass::Idempotent || self.stopped {
            return None;
        }
        let is_guarded = is_guarded(operation);
        let question = self.question()?;
        let doubt = self.current.doubt.as_mut()?;
        let left = doubt.until.checked_sub(self.now);
        let left = left.filter(|left| !left.is_zero())?;
        // What is late by little is seen soon, and all else at the end: looks in between would cost more
        // than the wait that they may save. What the instance guards is sent again then in any case.
        let is_early = doubt.looks == 1 && !is_guarded;
        let delay = if is_early {
            self.pace.early(self.context.settings.settle)
        } else {
            left
        };
        let delay = delay.min(left);
        doubt.looks += 1;
        let why = format!("{}; looking whether it was done", doubt.why);
        Some(Next::LookAfter(Look::new(question, purpose), delay, why))
    }

    /// What is in the way may be our own, done late, and only not to be seen yet: nothing else can be
    /// told of it than that.
    pub(crate) fn unseen(&mut self, message: &str) -> Next {
        let until = self.now.saturating_add(self.context.settings.settle);
        self.current.doubt.get_or_insert_with(|| Doubt {
            until,
            why: message.to_owned(),
            looks: 1,
            answered: false,
            inherited: false,
        });
        match self.look_again(Why::Taken(message.to_owned())) {
            Some(next) => next,
            None => Next::End(
                Outcome::Unknown(format!(
                    "{message}, yet it cannot be seen; it may be hidden, or done by a call of this \
                     run whose answer was lost; look at the account, then apply again"
                )),
                None,
            ),
        }
    }

    /// Whether what is read of the operation's cycle may be from before this lane stopped it.
    pub(crate) fn may_be_older_than_stop(&self) -> bool {
        let starts = matches!(self.operation().kind, OperationKind::Activate { .. });
        let cycle = self.cycle();
        let stopped = cycle.and_then(|id| self.learned.stopped.get(&id).copied());
        let settle = self.context.settings.settle;
        starts && stopped.is_some_and(|at| self.now.saturating_sub(at) < settle)
    }

    fn may_resend(&self) -> bool {
        let again = self.current.doubt.is_some() && !self.current.resent && !self.stopped;
        let left = self.current.tries < self.context.settings.attempts;
        again && left && is_guarded(self.operation())
    }
}

/// Whether a second call does no harm: the instance refuses a second account with an id and a second
/// account connector with a name, and most other calls may be sent twice anyway. But a template can be
/// installed any number of times, and what is to run once would run twice.
fn is_guarded(operation: &Operation) -> bool {
    let is_unique = matches!(
        operation.kind,
        OperationKind::CreateAccount { .. } | OperationKind::InstallConnector { .. }
    );
    is_unique || operation.retry_class() == RetryClass::Idempotent
}

#[cfg(test)]
mod tests {
    use crate::lane::{Context, Input, LaneMachine, Step};
    use crate::settings::Settings;
    use gangplank_cyclr::{Error, Request, Response};
    use gangplank_model::{
        AccountId, AccountWrite, Address, Lane, Operation, OperationKind, Outcome,
    };
    use gangplank_secrets::{MarkKey, Secrets};
    use std::sync::Arc;
    use std::time::Duration;

    fn machine() -> LaneMachine {
        let account = AccountId::new("a");
        let write = AccountWrite {
            name: Some("A".into()),
            ..AccountWrite::default()
        };
        let operation = Operation {
            address: Address::account(&account),
            kind: OperationKind::CreateAccount {
                write,
                parent: None,
            },
            depends_on: Vec::new(),
        };
        let lane = Lane {
            account,
            after: None,
            changes: Vec::new(),
            operations: vec![operation],
            wave: None,
        };
        let context = Context {
            secrets: Secrets::default(),
            mark_key: MarkKey::derive(&gangplank_model::Secret::new("k".into())),
            settings: Settings::default(),
            preconditions: gangplank_model::Preconditions::new(),
            earlier: crate::earlier::Earlier::default(),
        };
        LaneMachine::new(lane, Arc::new(context), 1)
    }

    /// Runs a machine against an instance that answers every create with silence, and on which the
    /// account is there from some moment on. Gives the outcome, when each create was sent, and when
    /// the lane ended.
    fn run(there_from: Duration) -> (Outcome, Vec<Duration>, Duration) {
        let mut machine = machine();
        let (mut now, mut creates, mut outcome) = (Duration::ZERO, Vec::new(), None);
        let mut input = Input::Begin;
        for _ in 0..1000 {
            input = match machine.next(now, input) {
                Step::Send { request, intent } => {
                    now += Duration::from_millis(20);
                    assert_eq!(intent.is_some(), !request.is_read());
                    if intent.is_some() {
                        creates.push(now);
                    }
                    Input::Answered(answer(&request, now >= there_from))
                }
                Step::Wait { delay, .. } => {
                    now += delay;
                    Input::Elapsed
                }
                Step::Ended(receipt) => {
                    outcome = Some(receipt.outcome);
                    Input::Begin
                }
                Step::Done { .. } => return (outcome.unwrap(), creates, now),
            };
        }
        panic!("the machine does not end");
    }

    fn answer(request: &Request, there: bool) -> Result<Response, Error> {
        match (request.is_read(), there) {
            (false, _) => Err(Error::cut_off(request, "reset")),
            (true, true) => Ok(Response::new(200, r#"{"Id":"a","Name":"A"}"#)),
            (true, false) => Err(Error::status_of(request, 404, b"", None)),
        }
    }

    #[test]
    fn a_late_commit_within_the_window_is_confirmed_without_another_create() {
        for seconds in [0, 1, 30, 119] {
            let (outcome, creates, _) = run(Duration::from_secs(seconds));
            assert_eq!(
                (outcome, creates.len()),
                (Outcome::Confirmed, 1),
                "{seconds} s"
            );
        }
    }

    #[test]
    fn past_the_window_it_is_sent_once_more_and_then_left_to_a_person() {
        let (outcome, creates, end) = run(Duration::MAX);
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        assert_eq!(creates.len(), 2);
        let window = Duration::from_mins(2);
        assert!(
            creates[1].saturating_sub(creates[0]) >= window,
            "{creates:?}"
        );
        assert!(end < window * 2 + Duration::from_secs(5), "{end:?}");
    }

    /// The instance shows the account only after the second create was refused by its own guard.
    #[test]
    fn an_id_in_use_is_our_own_where_our_create_may_have_been_late() {
        let mut machine = machine();
        let (mut now, mut creates, mut input) = (Duration::ZERO, 0, Input::Begin);
        let receipt = loop {
            input = match machine.next(now, input) {
                Step::Send { request, intent } => {
                    creates += u32::from(intent.is_some());
                    Input::Answered(match (intent.is_some(), creates) {
                        (true, 2) => {
                            let body = br#"{"Message":"ID already in use"}"#;
                            Err(Error::status_of(&request, 400, body, None))
                        }
                        _ => answer(&request, creates == 2),
                    })
                }
                Step::Wait { delay, .. } => {
                    now += delay;
                    Input::Elapsed
                }
                Step::Ended(receipt) => break receipt,
                Step::Done { .. } => panic!("a receipt comes first"),
            };
        };
        assert_eq!((receipt.outcome, creates), (Outcome::Confirmed, 2));
    }

    #[test]
    fn a_stop_leaves_a_doubt_as_a_doubt() {
        let mut machine = machine();
        let Step::Send { request, .. } = machine.next(Duration::ZERO, Input::Begin) else {
            panic!("a create comes first");
        };
        machine.stop();
        let lost = Input::Answered(answer(&request, false));
        let Step::Send { request, intent } = machine.next(Duration::ZERO, lost) else {
            panic!("a read-back comes next");
        };
        assert_eq!(intent, None);
        let absent = Input::Answered(answer(&request, false));
        let Step::Ended(receipt) = machine.next(Duration::ZERO, absent) else {
            panic!("no waiting after a stop");
        };
        assert_eq!(receipt.outcome.word(), "unknown");
    }
}
