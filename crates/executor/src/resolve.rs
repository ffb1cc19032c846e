//! An unknown outcome: read back, then confirmed, sent again, or diverged.

use crate::audit::audit_info;
use crate::credential::sends_value;
use crate::lane::{Doubt, LaneMachine, Next};
use crate::look::{Look, Why};
use gangplank_live::{Facts, Finding, Question, satisfies};
use gangplank_model::{Outcome, RetryClass};

impl LaneMachine {
    /// A write's answer is missing or unreadable: it may have been done.
    pub(crate) fn doubtful(&mut self, why: String) -> Next {
        let since = self.now;
        self.current.doubt = Some(Doubt {
            since,
            why: why.clone(),
            looks: 0,
        });
        match self.operation().retry_class() {
            RetryClass::ResolveFirst => self.look_back(),
            RetryClass::Idempotent => self.again(why, None),
        }
    }

    /// Sends the write again after a while, as often as the bound allows.
    pub(crate) fn again(&mut self, why: String, asked: Option<std::time::Duration>) -> Next {
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

    /// Reads back by the operation's natural key.
    fn look_back(&mut self) -> Next {
        match self.question() {
            Some(question) => {
                if let Some(doubt) = &mut self.current.doubt {
                    doubt.looks += 1;
                }
                Next::Look(Look::new(question, Why::Doubt))
            }
            None => self.unknown(),
        }
    }

    fn question(&self) -> Option<Question> {
        let operation = self.operation();
        let cycle = self.learned.cycle_id(operation);
        Question::resolving(operation, cycle.as_deref())
    }

    pub(crate) fn unknown(&mut self) -> Next {
        let why = match &self.current.doubt {
            Some(doubt) => doubt.why.as_str(),
            None => "the answer could not be read",
        };
        let why = format!(
            "{why}; whether it was done could not be found out; look at the account, then apply \
             again"
        );
        Next::End(Outcome::Unknown(why), None)
    }

    /// Judges what was read back of a write in doubt.
    pub(crate) fn resolve(&mut self, facts: &Facts) -> Next {
        let finding = self.judge(facts);
        match finding {
            Finding::Satisfied => Next::End(Outcome::Confirmed, None),
            Finding::Connector(connector) => {
                self.learned
                    .connector(&connector, sends_value(self.operation()));
                Next::End(Outcome::Confirmed, Some(connector.id.to_string()))
            }
            Finding::Cycle(cycle) => {
                let operation = self.operation().clone();
                self.learned.installed(&operation, *cycle);
                self.check_binding(true)
            }
            Finding::Absent => self.absent(),
            Finding::Different(what) => match self.operation().retry_class() {
                RetryClass::ResolveFirst => {
                    Next::End(Outcome::Diverged(format!("{what}; plan again")), None)
                }
                RetryClass::Idempotent => self.unknown(),
            },
            Finding::Unclear => self.unknown(),
        }
    }

    pub(crate) fn judge(&self, facts: &Facts) -> Finding {
        let operation = self.operation();
        let audit_info = audit_info(operation, &self.learned, &self.context);
        satisfies(operation, audit_info.as_deref(), facts)
    }

    /// Nothing stands there yet. A create may still be committed late, so it is looked for through
    /// the settle window before it is sent once more (`reliability.md` 1.1).
    pub(crate) fn absent(&mut self) -> Next {
        let settings = self.context.settings;
        let Some(doubt) = self.current.doubt.clone() else {
            return self.unknown();
        };
        if self.operation().retry_class() == RetryClass::Idempotent || self.stopped {
            return self.unknown();
        }
        let waited = self.now.saturating_sub(doubt.since);
        if let Some(left) = settings.settle.checked_sub(waited).filter(|d| !d.is_zero()) {
            let delay = self.pace.look(doubt.looks).min(left);
            let why = format!("{}; looking whether it was done", doubt.why);
            return match (self.question(), &mut self.current.doubt) {
                (Some(question), Some(doubt)) => {
                    doubt.looks += 1;
                    Next::LookAfter(Look::new(question, Why::Doubt), delay, why)
                }
                _ => self.unknown(),
            };
        }
        if self.current.resent {
            return self.unknown();
        }
        self.current.resent = true;
        self.current.doubt = None;
        Next::Write
    }
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
        };
        let context = Context {
            secrets: Secrets::default(),
            mark_key: MarkKey::derive(&gangplank_model::Secret::new("k".into())),
            settings: Settings::default(),
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
