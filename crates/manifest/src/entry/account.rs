//! An account, and the shapes of one: profiles and defaults.

use crate::decode::{Decode, Field, Keyed, Map};
use crate::entry::{
    ArgumentEntry, ConnectorEntry, GivenArguments, RetentionEntry, Scalar, TemplateEntry, Typed,
    entry, replaces,
};
use crate::node::{Key, Kind, Node};
use crate::parse::wrong;
use crate::shared::Parts;
use gangplank_model::suggest::did_you_mean;
use gangplank_model::{Problems, Sourced};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

entry! {
    /// What an account, a profile and the defaults can say.
    #[schemars(rename = "body")]
    BodyEntry ("an account") {
        /// The account's name; a new account needs one.
        #[schemars(extend("pattern" = crate::pattern::NAME))]
        #[schemars(extend("examples" = ["Acme Ltd"]))]
        name: String,
        /// A description for people.
        #[schemars(extend("examples" = ["First customer of the north"]))]
        description: String,
        /// The account's time zone, an IANA name such as Europe/London.
        #[schemars(extend("examples" = ["Europe/London"]))]
        timezone: String,
        /// Free text about the account. Gangplank keeps its marks behind it, unless marks are off.
        #[schemars(extend("examples" = ["contract 4711"]))]
        audit_info: String,
        /// Free text that the vendor shows beside the account's task usage.
        #[schemars(extend("examples" = ["cost centre 12"]))]
        task_audit_info: String,
        /// The next billing date, ISO 8601 in UTC.
        #[schemars(extend("pattern" = crate::pattern::TIME))]
        #[schemars(extend("examples" = ["2026-12-01T00:00:00Z"]))]
        next_bill_date_utc: String,
        /// Hours for which data of successful steps is kept, 0 to 744; `null` for the console's setting.
        #[schemars(extend("examples" = [168]))]
        step_data_success_retention_hours: Typed<RetentionEntry>,
        /// Hours for which data of failed steps is kept, 0 to 744; `null` for the console's setting.
        #[schemars(extend("examples" = [744]))]
        step_data_errored_retention_hours: Typed<RetentionEntry>,
        /// Whether transaction errors are posted to a webhook; needs its URL.
        transaction_error_webhook_enabled: Typed<bool>,
        /// Where transaction errors are posted.
        #[schemars(extend("pattern" = crate::pattern::URL))]
        #[schemars(extend("examples" = ["https://hooks.acme.example/cyclr"]))]
        transaction_error_webhook_url: String,
        /// Whether warnings are posted too.
        transaction_error_webhook_include_warnings: Typed<bool>,
        /// Ours, for selection and expressions; never sent.
        #[schemars(extend("examples" = [{"tier": "gold", "wave": "canary"}]))]
        labels: Map<Scalar>,
        /// `true` refuses every removal of the account, also after this line is gone; `false` lifts that.
        protect: Typed<bool>,
        /// `true` removes the account's connectors and cycles that no entry names.
        exclusive: Typed<bool>,
        /// Connectors to install. Entries of one name in a profile and an account are merged.
        connectors: Typed<Parts<ConnectorEntry>>,
        /// Templates to install. Entries of one name in a profile and an account are merged.
        templates: Typed<Parts<TemplateEntry>>,
    }
}

impl BodyEntry {
    /// Says that many accounts have the entries of these lists.
    pub(crate) fn share(&mut self) {
        if let Some(Sourced {
            value: Typed::Given(list),
            ..
        }) = &mut self.connectors.0
        {
            list.share();
        }
        if let Some(Sourced {
            value: Typed::Given(list),
            ..
        }) = &mut self.templates.0
        {
            list.share();
        }
    }
}

entry! {
    /// A customer's account.
    #[schemars(rename = "account")]
    AccountEntry ("an account") requires ["id"] with body: BodyEntry {
        /// The vendor-side account id, chosen by us: the natural key.
        #[schemars(extend("pattern" = crate::pattern::ACCOUNT_ID))]
        #[schemars(extend("examples" = ["acme-001"]))]
        id: String,
        /// The profile under this account.
        #[schemars(extend("examples" = ["standard"]))]
        profile: String,
        /// Values for the arguments of the profile.
        arguments: GivenArguments,
        /// The id of the parent account; only used when a sub-account is created.
        #[schemars(extend("examples" = ["acme-group"]))]
        parent: String,
        /// `absent` deletes the account, its connectors and its cycles.
        #[schemars(extend("x-default" = "present"))]
        state: Typed<StateEntry>,
    }
}

impl AccountEntry {
    /// An account that says nothing but its profile.
    pub(crate) fn of_profile(profile: &Key) -> Self {
        let field = |text: &str| Field(Some(Sourced::new(text.to_owned(), profile.origin.clone())));
        Self {
            id: field("profile"),
            profile: field(&profile.text),
            ..Self::default()
        }
    }
}

impl Keyed for AccountEntry {
    fn key(&self) -> Option<&str> {
        self.id.get().map(String::as_str)
    }
}

entry! {
    /// A reusable shape of an account.
    #[schemars(rename = "profile")]
    ProfileEntry ("a profile") with body: BodyEntry {
        /// The profile under this one.
        #[schemars(extend("examples" = ["base"]))]
        extends: String,
        /// What accounts give to the profile, by name: `{{ argument.tier }}`. A default alone, or a
        /// map with `type`, `default`, `one_of`, `required` and `description`.
        #[schemars(extend("propertyNames" = crate::pattern::argument()))]
        arguments: Map<ArgumentEntry>,
    }
}

entry! {
    /// What goes under every account, unless it or its profile says otherwise.
    #[schemars(rename = "defaults")]
    DefaultsEntry ("the defaults") with body: BodyEntry {
        /// The profile of accounts that name none.
        #[schemars(extend("examples" = ["standard"]))]
        profile: String,
        /// Values for the arguments of profiles that declare them, where an account gives none.
        arguments: GivenArguments,
    }
}

const STATE: &str = "write `absent` to have it removed; leave the key out to keep it";

/// Whether an object is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StateEntry {
    Present,
    Absent,
}

replaces!(StateEntry);

impl Decode for StateEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        match &node.kind {
            Kind::Text(text) if text == "present" => return Some(Self::Present),
            Kind::Text(text) if text == "absent" => return Some(Self::Absent),
            Kind::Text(text) => {
                let meant = did_you_mean(text, ["present", "absent"]);
                let hint = meant.unwrap_or_else(|| STATE.to_owned());
                problems.push(wrong(&node, "`present` or `absent`", &hint));
            }
            _ => problems.push(wrong(&node, "`present` or `absent`", STATE)),
        }
        None
    }
}

impl JsonSchema for StateEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "state".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "enum": ["present", "absent"],
            "markdownEnumDescriptions": ["It should exist.", "It is to be removed."],
        })
    }
}
