//! The answer to a write: done, refused, or in doubt.

use crate::credential::sends_value;
use crate::explain::{is_throttled, plainly};
use crate::lane::{LaneMachine, Next};
use crate::look::{Look, Why};
use gangplank_cyclr::{Certainty, Error, Response};
use gangplank_live::{Question, wire};
use gangplank_model::{
    ConnectorWrite, CycleStatus, LiveConnector, Operation, OperationKind, Outcome,
};

impl LaneMachine {
    /// The instance said yes: what it said is checked, and learned from.
    pub(crate) fn written(&mut self, response: &Response) -> Next {
        let operation = self.operation().clone();
        let account = operation.address.account.clone();
        match &operation.kind {
            OperationKind::CreateAccount { .. } => match wire::account(response) {
                Ok((id, _)) if id == operation.address.account => done(Some(id.to_string())),
                Ok((id, _)) => Next::End(
                    Outcome::Diverged(format!(
                        "the instance made an account with another id, {id:?}; remove it or \
                         declare it, then apply again"
                    )),
                    Some(id.to_string()),
                ),
                Err(why) => self.doubtful(why),
            },
            OperationKind::InstallConnector {
                connector, write, ..
            } => match wire::connector(response) {
                Ok(live) => self.connector_written(&live, Some((connector, &write.name)), write),
                Err(why) => self.doubtful(why),
            },
            OperationKind::UpdateConnector { write, id, rename } => {
                match (wire::connector(response), rename) {
                    (Ok(live), Some(name)) if live.name != *name => self.renamed(&live),
                    (Ok(live), _) => self.connector_written(&live, None, write),
                    (Err(_), None) if wire::is_silent(response) => done(Some(id.to_string())),
                    // Whether it took the name is looked up.
                    (Err(_), Some(_)) if wire::is_silent(response) => {
                        let question = Question::Connector(account, *id);
                        Next::Look(Look::new(question, Why::Renamed))
                    }
                    (Err(why), _) => self.doubtful(why),
                }
            }
            OperationKind::InstallTemplate { .. } => match wire::cycle(response) {
                Ok(cycle) => {
                    self.learned
                        .installed((self.current.index, &operation), cycle, true);
                    self.check_binding(false)
                }
                Err(why) => self.doubtful(why),
            },
            OperationKind::Activate { .. } => {
                let Some(id) = self.learned.cycle_id(&operation) else {
                    return done(None);
                };
                let active = wire::cycle(response).is_ok_and(|cycle| {
                    cycle.status == CycleStatus::Active && cycle.id.eq_ignore_ascii_case(&id)
                });
                if active {
                    return self.started(id, Outcome::Done);
                }
                Next::Look(Look::new(Question::Cycle(account, id), Why::Started))
            }
            OperationKind::Deactivate { id } => {
                self.learned.stopped.insert(id.clone(), self.now);
                done(Some(id.clone()))
            }
            OperationKind::UpdateAccount { .. }
            | OperationKind::UpdateCycle { .. }
            | OperationKind::SetVariables { .. }
            | OperationKind::SetParameter { .. }
            | OperationKind::SetField { .. }
            | OperationKind::DeleteAccount
            | OperationKind::DeleteConnector { .. }
            | OperationKind::DeleteCycle { .. } => done(None),
        }
    }

    /// A cycle runs. A stop before, whose answer was lost, may still be done, and stop it again: then it
    /// is looked at once more when that can no longer be.
    pub(crate) fn started(&mut self, id: String, outcome: Outcome) -> Next {
        let late = self.learned.late_stops.remove(&id);
        // What is read may be old by half a settle window.
        let lag = self.context.settings.settle / 2;
        let Some(left) = late.and_then(|until| (until + lag).checked_sub(self.now)) else {
            return Next::End(outcome, Some(id));
        };
        let why = "a stop whose answer was lost may still be done";
        if self.stopped {
            let why = format!("{why}, and stop the cycle; apply again to find out");
            return Next::End(Outcome::Unknown(why), Some(id));
        }
        let account = self.operation().address.account.clone();
        let look = Look::new(Question::Cycle(account, id), Why::Stays);
        Next::LookAfter(look, left, why.to_owned())
    }

    /// Checks the connector that the instance answered with: it may have ignored a field (U16).
    fn connector_written(
        &mut self,
        live: &LiveConnector,
        installed: Option<(&String, &String)>,
        write: &ConnectorWrite,
    ) -> Next {
        let sent_value = sends_value(self.operation());
        self.learned.connector(live, sent_value);
        let id = Some(live.id.to_string());
        let ignored = [
            installed
                .filter(|(_, name)| live.name != **name)
                .map(|_| format!("the instance named it {:?}", live.name)),
            installed
                .filter(|(name, _)| {
                    !live.connector_name.is_empty() && live.connector_name != **name
                })
                .map(|_| format!("the instance installed {:?}", live.connector_name)),
            write
                .partner
                .filter(|wanted| *wanted != live.partner)
                .map(|_| {
                    "the instance kept IsPartnerIntegrationConnector as it was; remove the \
                     connector, or leave `partner` out, then plan again"
                        .to_owned()
                }),
        ];
        match ignored.into_iter().flatten().next() {
            Some(why) => Next::End(Outcome::Diverged(why), id),
            None => Next::End(Outcome::Done, id),
        }
    }

    /// The instance said no, or its answer did not come.
    pub(crate) fn not_written(&mut self, error: &Error) -> Next {
        let why = plainly(error);
        match error.certainty() {
            _ if error.is_not_tried() => self.not_tried(why),
            Certainty::NotSent => self.again(why, error.retry_after()),
            Certainty::Unknown if matches!(error.status(), Some(401 | 429)) => {
                self.refused_in_doubt(why, error.retry_after())
            }
            Certainty::Unknown => self.doubtful(why),
            Certainty::Refused if is_throttled(error) => self.again(why, error.retry_after()),
            Certainty::Refused => self.refused(error, why),
        }
    }

    fn refused(&mut self, error: &Error, why: String) -> Next {
        let operation = self.operation().clone();
        let account = operation.address.account.clone();
        if error.status() == Some(409)
            && let Some(next) = self.drain(&operation, &why)
        {
            return next;
        }
        let is_gone = error.is_not_found();
        match &operation.kind {
            // cyclr-api.md 3.1: the id is a guard against a second account.
            OperationKind::CreateAccount { .. } if error.says("ID already in use") => {
                self.held(Question::Account(account), why)
            }
            // U8: quotes and status vary.
            OperationKind::InstallConnector { .. }
                if error.says("Account connector name") && error.says("in use") =>
            {
                self.held(Question::Connectors(account), why)
            }
            OperationKind::UpdateConnector {
                rename: Some(name),
                id,
                ..
            } if !is_gone && !matches!(error.status(), Some(401 | 403)) => {
                self.rename_refused(name, *id, error, &why)
            }
            OperationKind::DeleteAccount
            | OperationKind::DeleteConnector { .. }
            | OperationKind::DeleteCycle { .. }
                if is_gone =>
            {
                done(None)
            }
            // U6: already active, or prerequisites that are not met.
            OperationKind::Activate { .. } if matches!(error.status(), Some(400 | 409)) => {
                match self.learned.cycle_id(&operation) {
                    Some(id) => {
                        let question = Question::Cycle(account, id);
                        Next::Look(Look::new(question, Why::NotStarted(why)))
                    }
                    None => Next::End(Outcome::Refused(why), None),
                }
            }
            OperationKind::UpdateCycle { .. }
            | OperationKind::SetVariables { .. }
            | OperationKind::SetParameter { .. }
            | OperationKind::SetField { .. }
                if error.status() == Some(409) =>
            {
                Next::End(
                    Outcome::Refused(format!(
                        "{why}; the cycle seems to run; plan again, so that it is stopped first"
                    )),
                    None,
                )
            }
            OperationKind::CreateAccount { .. }
            | OperationKind::UpdateAccount { .. }
            | OperationKind::DeleteAccount
            | OperationKind::InstallConnector { .. }
            | OperationKind::UpdateConnector { .. }
            | OperationKind::DeleteConnector { .. }
            | OperationKind::InstallTemplate { .. }
            | OperationKind::UpdateCycle { .. }
            | OperationKind::DeleteCycle { .. }
            | OperationKind::SetVariables { .. }
            | OperationKind::SetParameter { .. }
            | OperationKind::SetField { .. }
            | OperationKind::Deactivate { .. }
            | OperationKind::Activate { .. } => Next::End(
                if is_gone {
                    Outcome::Diverged(format!("{why}; it is not there any more; plan again"))
                } else {
                    Outcome::Refused(why)
                },
                None,
            ),
        }
    }

    /// Judges the name that a connector bears after it was to get another one.
    pub(crate) fn renamed(&mut self, live: &LiveConnector) -> Next {
        if let OperationKind::UpdateConnector {
            rename: Some(name), ..
        } = &self.operation().kind
            && *name != live.name
        {
            return Next::End(Outcome::Refused(not_renamed(&live.name, name)), None);
        }
        done(Some(live.id.to_string()))
    }

    /// The instance does not take the name, or somebody else took it meanwhile (U8, U16).
    fn rename_refused(&mut self, name: &str, id: i64, error: &Error, why: &str) -> Next {
        let in_use = error.says("Account connector name") && error.says("in use");
        if in_use {
            return self.stale(format!(
                "{why}; {name:?} was free when the plan was made; apply again"
            ));
        }
        let way_out = way_out(name);
        let why = why.trim_end_matches('.');
        Next::End(
            Outcome::Refused(format!("{why}; connector {id} keeps its name; {way_out}")),
            None,
        )
    }

    /// An id or a name is in use. Whoever gets a 200 owns the object and goes on with it; whoever
    /// gets this has a stale plan, unless an earlier attempt of this very call may have been done
    /// (`reliability.md` 1.4).
    fn held(&mut self, question: Question, why: String) -> Next {
        if self.current.doubted {
            return Next::Look(Look::new(question, Why::Taken(why)));
        }
        let what = self.operation().address.to_string();
        self.stale(format!(
            "{why}; {what} exists although the plan thought it missing, so someone else made it \
             meanwhile; apply again"
        ))
    }

    /// A cycle that this lane stopped may still be draining (cyclr-api.md 3.7): wait a while.
    fn drain(&mut self, operation: &Operation, why: &str) -> Option<Next> {
        let id = self.learned.cycle_id(operation)?;
        let starts = matches!(operation.kind, OperationKind::Activate { .. });
        if starts || !self.learned.stopped.contains_key(&id) {
            return None;
        }
        let settle = self.context.settings.settle;
        let until = *self
            .current
            .drain_until
            .get_or_insert(self.now.saturating_add(settle));
        let left = until.checked_sub(self.now).filter(|left| !left.is_zero());
        let Some(left) = left else {
            let why = format!(
                "{why}; the cycle was stopped, but it is still finishing its work after {} s; \
                 apply again later",
                settle.as_secs()
            );
            return Some(Next::End(Outcome::Refused(why), None));
        };
        // Draining is no failure of the call, so this attempt does not count against the bound.
        self.current.tries = self.current.tries.saturating_sub(1);
        let delay = self.pace.look(self.current.attempts).min(left);
        Some(Next::WriteAfter(
            delay,
            "the stopped cycle is finishing its work".to_owned(),
        ))
    }
}

/// An instance that answers yes and keeps the name (U16).
fn not_renamed(live: &str, name: &str) -> String {
    let way_out = way_out(name);
    format!(
        "the instance took no notice of the new name: the connector is still {live:?}; {way_out}"
    )
}

fn way_out(name: &str) -> String {
    format!(
        "rename it to {name:?} in the Console, or give the entry its former name back with `name:` and \
         take `moved` away"
    )
}

fn done(id: Option<String>) -> Next {
    Next::End(Outcome::Done, id)
}
