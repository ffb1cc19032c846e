//! `Operation`: what the document says of one operation, written beside its handler.

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::parameter::Parameter;
use crate::variant::Switch;
use crate::view::RefusalView;

/// Makes the schema of a type, and puts it among the components.
pub(crate) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// Whether a body has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Without one, or with `null`, the call is refused.
    Required,
    /// None and `null` count as an object without fields.
    Optional,
}

/// A body that an operation reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Body {
    pub(crate) media_type: &'static str,
    pub(crate) schema: SchemaOf,
    pub(crate) need: Need,
    /// JSON, or nothing.
    pub(crate) example: &'static str,
}

/// What an operation answers when it does what it is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answers {
    pub(crate) status: u16,
    pub(crate) description: &'static str,
    /// None: there is no body.
    pub(crate) schema: Option<SchemaOf>,
    /// Whether `Total-Pages` says how many pages there are.
    pub(crate) is_paged: bool,
}

/// An answer that only one position of a switch gives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct When {
    pub(crate) switch: Switch,
    pub(crate) position: &'static str,
    pub(crate) effect: Effect,
}

/// What a position of a switch changes about the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The call may be refused with this status.
    Refuses(u16, &'static str),
    /// The answer may be without a body.
    Empty,
}

/// One operation of the document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    /// Method and path, as the document shows them; below `/v1.0` unless it begins with `/oauth`.
    pub(crate) name: &'static str,
    /// The routes it describes; none when there is one that is called as the operation is. A document
    /// cannot tell `/{id}` from `/{name}`, which the vendor's routes do.
    pub(crate) routes: &'static [&'static str],
    pub(crate) id: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    /// Section of cyclr-api.md.
    pub(crate) section: &'static str,
    pub(crate) path: &'static [Parameter],
    pub(crate) query: &'static [&'static [Parameter]],
    pub(crate) body: Option<Body>,
    pub(crate) answers: Answers,
    /// Beside 401, 404, 429, and the 400 of malformed ids.
    pub(crate) refusals: &'static [(u16, &'static str)],
    pub(crate) switched: &'static [When],
    /// The body of its refusals.
    refused: SchemaOf,
}

impl Operation {
    /// An operation that reads and answers nothing; the rest is said with the methods below.
    pub(crate) const fn new(
        name: &'static str,
        id: &'static str,
        summary: &'static str,
        section: &'static str,
    ) -> Self {
        Self {
            name,
            routes: &[],
            id,
            summary,
            description: "",
            section,
            path: &[],
            query: &[],
            body: None,
            answers: Answers {
                status: 200,
                description: "Done.",
                schema: None,
                is_paged: false,
            },
            refusals: &[],
            switched: &[],
            refused: SchemaGenerator::subschema_for::<RefusalView>,
        }
    }

    /// The schema of its refusals.
    pub(crate) fn refused_with(&self) -> SchemaOf {
        self.refused
    }

    pub(crate) const fn routes(mut self, routes: &'static [&'static str]) -> Self {
        self.routes = routes;
        self
    }

    /// Says more than the summary, in whole sentences.
    pub(crate) const fn says(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    pub(crate) const fn path(mut self, path: &'static [Parameter]) -> Self {
        self.path = path;
        self
    }

    pub(crate) const fn query(mut self, query: &'static [&'static [Parameter]]) -> Self {
        self.query = query;
        self
    }

    /// Reads a JSON body.
    pub(crate) const fn reads<T: JsonSchema>(mut self, need: Need, example: &'static str) -> Self {
        self.body = Some(Body {
            media_type: "application/json",
            schema: SchemaGenerator::subschema_for::<T>,
            need,
            example,
        });
        self
    }

    /// Reads a form.
    pub(crate) const fn reads_form<T: JsonSchema>(mut self) -> Self {
        self.body = Some(Body {
            media_type: "application/x-www-form-urlencoded",
            schema: SchemaGenerator::subschema_for::<T>,
            need: Need::Required,
            example: "",
        });
        self
    }

    /// Reads any text.
    pub(crate) const fn reads_text<T: JsonSchema>(mut self) -> Self {
        self.body = Some(Body {
            media_type: "text/plain",
            schema: SchemaGenerator::subschema_for::<T>,
            need: Need::Optional,
            example: "",
        });
        self
    }

    /// Answers a JSON body.
    pub(crate) const fn answers<T: JsonSchema>(mut self, description: &'static str) -> Self {
        self.answers.schema = Some(SchemaGenerator::subschema_for::<T>);
        self.answers.description = description;
        self
    }

    /// Answers a page of a list.
    pub(crate) const fn lists<T: JsonSchema>(mut self, description: &'static str) -> Self {
        self.answers.is_paged = true;
        self.answers::<Vec<T>>(description)
    }

    /// Answers with another status than 200.
    pub(crate) const fn status(mut self, status: u16) -> Self {
        self.answers.status = status;
        self
    }

    pub(crate) const fn refuses(mut self, refusals: &'static [(u16, &'static str)]) -> Self {
        self.refusals = refusals;
        self
    }

    /// Refuses with a body of its own.
    pub(crate) const fn refuses_as<T: JsonSchema>(
        mut self,
        refusals: &'static [(u16, &'static str)],
    ) -> Self {
        self.refused = SchemaGenerator::subschema_for::<T>;
        self.refuses(refusals)
    }

    pub(crate) const fn switched(mut self, switched: &'static [When]) -> Self {
        self.switched = switched;
        self
    }
}

impl When {
    /// A position of a switch that refuses with a status.
    pub(crate) const fn refuses(
        switch: Switch,
        position: &'static str,
        status: u16,
        reason: &'static str,
    ) -> Self {
        Self {
            switch,
            position,
            effect: Effect::Refuses(status, reason),
        }
    }

    /// A position of a switch that answers without a body.
    pub(crate) const fn empty(switch: Switch, position: &'static str) -> Self {
        Self {
            switch,
            position,
            effect: Effect::Empty,
        }
    }
}
