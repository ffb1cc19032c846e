//! Reads one object again: requests and answers as values, for a caller that does the sending.

use crate::wire;
use gangplank_cyclr::{Pager, Request, Response};
use gangplank_model::{
    AccountId, LiveAccount, LiveConnector, LiveCycle, LiveStep, Operation, OperationKind,
};

/// One question to the instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// An account by its id.
    Account(AccountId),
    /// All connectors of an account.
    Connectors(AccountId),
    /// One connector of an account, by its id.
    Connector(AccountId, i64),
    /// All cycles of an account.
    Cycles(AccountId),
    /// One cycle of an account, by its id.
    Cycle(AccountId, String),
    /// A cycle's steps with the ids of their parameters and fields, but without values.
    Steps(AccountId, String),
    /// What a cycle still needs before it can run.
    Prerequisites(AccountId, String),
}

/// What was read.
#[derive(Clone, Debug)]
pub enum Facts {
    /// The instance says that it is not there.
    Missing,
    /// An account.
    Account(Box<LiveAccount>),
    /// All connectors, without the values of their properties.
    Connectors(Vec<LiveConnector>),
    /// One connector, without the values of its properties.
    Connector(Box<LiveConnector>),
    /// All cycles that are not deleted.
    Cycles(Vec<LiveCycle>),
    /// One cycle.
    Cycle(Box<LiveCycle>),
    /// Steps.
    Steps(Vec<LiveStep>),
    /// What is missing; empty when nothing is.
    Prerequisites(Vec<Missing>),
}

/// What a cycle still needs before it can run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is missing, in words.
    pub reason: String,
    /// The kind and the id of what it is about; empty where it does not say.
    pub object: String,
    /// The account connector that it is about, if it is about one.
    pub connector: Option<i64>,
    /// The id of the step that it is about, if it is about one.
    pub step: Option<String>,
}

impl Missing {
    /// In words; a step is named where it is among these.
    pub fn words(&self, steps: &[LiveStep]) -> String {
        let named = self.step.as_ref().and_then(|id| {
            let step = steps.iter().find(|it| it.id.eq_ignore_ascii_case(id))?;
            Some(format!("step {:?}", step.name))
        });
        match named.as_deref().unwrap_or(&self.object) {
            "" => self.reason.clone(),
            object => format!("{} ({object})", self.reason),
        }
    }
}

/// A question being answered; lists take more requests than one when they are long.
#[derive(Clone, Debug)]
pub struct Reread {
    question: Question,
    pager: Pager,
    connectors: Vec<LiveConnector>,
    cycles: Vec<LiveCycle>,
}

/// What an answer brought.
#[derive(Clone, Debug)]
pub enum Taken {
    /// There is a further page: ask [`Reread::request`] again.
    More,
    /// Everything.
    All(Facts),
}

impl Question {
    /// The question whose answer tells whether an operation was done, by its natural key; `None`
    /// where the API has no such answer. `cycle` is the id of the cycle it works on.
    pub fn resolving(operation: &Operation, cycle: Option<&str>) -> Option<Self> {
        let account = operation.address.account.clone();
        let one_cycle = |id: &str| Self::Cycle(account.clone(), id.to_owned());
        match &operation.kind {
            OperationKind::CreateAccount { .. }
            | OperationKind::UpdateAccount { .. }
            | OperationKind::DeleteAccount => Some(Self::Account(account.clone())),
            OperationKind::InstallConnector { .. } => Some(Self::Connectors(account.clone())),
            OperationKind::UpdateConnector { id, .. } | OperationKind::DeleteConnector { id } => {
                Some(Self::Connector(account.clone(), *id))
            }
            OperationKind::InstallTemplate { .. } => Some(Self::Cycles(account.clone())),
            OperationKind::DeleteCycle { id } | OperationKind::Deactivate { id } => {
                Some(one_cycle(id))
            }
            OperationKind::UpdateCycle { .. } | OperationKind::Activate { .. } => {
                cycle.map(one_cycle)
            }
            OperationKind::SetVariables { .. }
            | OperationKind::SetParameter { .. }
            | OperationKind::SetField { .. } => None,
        }
    }
}

impl Reread {
    /// Begins with the first page.
    pub fn new(question: Question) -> Self {
        Self {
            question,
            pager: Pager::new(),
            connectors: Vec::new(),
            cycles: Vec::new(),
        }
    }

    /// The request to send now.
    pub fn request(&self) -> Request {
        wire::request(&self.question, self.pager.next())
    }

    /// Takes an answer. `Err` says why it cannot be read, without repeating any of it.
    pub fn take(&mut self, response: &Response) -> Result<Taken, String> {
        let facts = match &self.question {
            Question::Account(_) => Facts::Account(Box::new(wire::account(response)?.1)),
            Question::Connectors(_) => {
                let mut page = wire::connectors(response)?;
                let last = self.pager.take(&mut page, |row| row.id.to_string())?;
                self.connectors.extend(page.items);
                if !last {
                    return Ok(Taken::More);
                }
                Facts::Connectors(std::mem::take(&mut self.connectors))
            }
            Question::Connector(..) => Facts::Connector(Box::new(wire::connector(response)?)),
            Question::Cycles(_) => {
                let mut page = wire::cycles(response)?;
                let last = self.pager.take(&mut page, |row| row.id.clone())?;
                self.cycles.extend(page.items);
                if !last {
                    return Ok(Taken::More);
                }
                let mut cycles = std::mem::take(&mut self.cycles);
                cycles.retain(|cycle| !wire::is_deleted(cycle));
                Facts::Cycles(cycles)
            }
            Question::Cycle(..) => {
                let cycle = wire::cycle(response)?;
                if wire::is_deleted(&cycle) {
                    Facts::Missing
                } else {
                    Facts::Cycle(Box::new(cycle))
                }
            }
            Question::Steps(..) => Facts::Steps(wire::steps(response)?),
            Question::Prerequisites(..) => Facts::Prerequisites(wire::prerequisites(response)?),
        };
        Ok(Taken::All(facts))
    }
}
