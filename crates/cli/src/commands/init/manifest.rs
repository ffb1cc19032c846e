//! The text of a first manifest.

use super::answers::{Answers, Place, Reference};
use super::profile;
use gangplank_live::offer::Survey;
use gangplank_model::mark::entry_of;
use gangplank_model::{AccountId, CycleStatus, LibraryTemplate, LiveAccount, LiveCycle};
use serde_yaml::{Mapping, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How much of an account is written down. What cannot be said in a manifest, or would not tally, is
/// left out step by step.
pub(super) const LEAST: u8 = 3;

/// A manifest, and which of its lines speak of which account.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) written: String,
    pub(super) lines: BTreeMap<AccountId, Range<u32>>,
    pub(super) profile: Range<u32>,
    /// Accounts that are not written down, but as a comment.
    pub(super) left_out: usize,
}

impl Text {
    fn line(&self) -> u32 {
        u32::try_from(self.written.lines().count()).unwrap_or(u32::MAX) + 1
    }

    fn comment(&mut self, indent: &str, text: &str) {
        for line in text.lines() {
            self.written
                .push_str(format!("{indent}# {line}").trim_end());
            self.written.push('\n');
        }
    }

    fn yaml(&mut self, indent: &str, value: &Value) {
        for line in yaml(value).lines() {
            self.written.push_str(indent);
            self.written.push_str(line);
            self.written.push('\n');
        }
    }
}

/// How much is written down, which is less where it would not tally.
#[derive(Clone, Debug, Default)]
pub(super) struct Detail {
    pub(super) accounts: BTreeMap<AccountId, u8>,
    pub(super) profile: u8,
}

/// A value as YAML: a list of one entry, or a map. No text in it has a line break.
fn yaml(value: &Value) -> String {
    serde_yaml::to_string(value).unwrap_or_default()
}

pub(super) fn map<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    let pairs = pairs.into_iter();
    Value::Mapping(pairs.map(|(key, value)| (key.into(), value)).collect())
}

/// Text that means itself: the marker of an expression is written as an expression of its own.
pub(super) fn literal(text: &str) -> Value {
    Value::String(text.replace("{{", "{{ \"{{\" }}"))
}

/// Whether a manifest can say it.
pub(super) fn can_be_said(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control)
}

/// The top of the manifest: how to reach the instance.
pub(super) fn head(answers: &Answers) -> String {
    let reference = |reference: &Reference| match reference {
        Reference::Env(name) => map([("env", name.as_str().into())]),
        Reference::File(path) => map([("file", path.as_str().into())]),
    };
    let place = match &answers.place {
        Place::Region(region) => ("region", region.as_str().into()),
        Place::Url(url) => ("api_url", url.as_str().into()),
    };
    let instance = map([
        place,
        ("client_id", reference(&answers.client_id)),
        ("client_secret", reference(&answers.client_secret)),
    ]);
    let instances = map([(answers.instance.as_str(), instance)]);
    let version = yaml(&map([("version", 1.into())]));
    format!("{version}\n{}", yaml(&map([("instances", instances)])))
}

/// The whole manifest of what was found.
pub(super) fn text(answers: &Answers, survey: &Survey, detail: &Detail) -> Text {
    let mut text = Text::default();
    text.comment(
        "",
        "What Gangplank keeps in tally at Cyclr. Written by `gangplank init`; from here on it is yours.\n\
         \n    gangplank validate FILE      every problem at once, without a network\n    \
         gangplank plan FILE          how the instance differs; writes nothing\n    \
         gangplank apply FILE         makes it tally, after you have said yes\n\
         \nFor completion in your editor: `gangplank schema manifest > manifest.schema.json`, and as line 1\n    \
         yaml-language-server: $schema=manifest.schema.json",
    );
    text.written.push('\n');
    let head = head(answers).replacen(
        "\ninstances:",
        "\n# Secrets are never written here, only where they are kept: env, file, vault, sops or command.\n\
         instances:",
        1,
    );
    text.written.push_str(&head);
    profiles(&mut text, survey, detail.profile);
    accounts(&mut text, survey, detail);
    text
}

fn profiles(text: &mut Text, survey: &Survey, level: u8) {
    let start = text.line();
    if let Some(profile) = profile::profile(&survey.live, level) {
        text.written.push('\n');
        text.comment(
            "",
            "A shape that accounts can take on with `profile: standard`; nothing uses it yet. The API does\n\
             not tell which connectors are your own: this has those that are flagged as the partner's in\n\
             an account, or else the one that most templates use. `{{ account.id }}` is each account's own.\n\
             Keep the templates that you want, and say what they need: `parameters:`, `mappings:`, `run:`.",
        );
        let profiles = map([("profiles", map([("standard", profile)]))]);
        text.yaml("", &profiles);
    }
    text.profile = start..text.line();
}

fn accounts(text: &mut Text, survey: &Survey, detail: &Detail) {
    text.written.push('\n');
    text.comment(
        "",
        "The accounts as they are. Leaving one out removes nothing; `state: absent` would. Connectors\n\
         without `auth:` keep the credential that they have.",
    );
    let level = |id: &AccountId| detail.accounts.get(id).copied().unwrap_or(0);
    let written = survey.order.iter().filter(|id| level(id) < LEAST).count();
    text.written.push_str(if written == 0 {
        "accounts: []\n"
    } else {
        "accounts:\n"
    });
    for id in &survey.order {
        let Some(account) = survey.live.accounts.get(id) else {
            continue;
        };
        let level = level(id);
        if level >= LEAST {
            text.left_out += 1;
            text.comment(
                "  ",
                "An account that a manifest cannot name, or that needs a look first:",
            );
            let entry = yaml(&Value::Sequence(vec![map([("id", id.as_str().into())])]));
            text.comment("  ", &entry);
            continue;
        }
        let start = text.line();
        let (entry, rest) = entry(id, account, survey, level);
        text.yaml("  ", &Value::Sequence(vec![entry]));
        if !rest.is_empty() {
            text.comment(
                "    ",
                "Installed templates that are paused, or cannot be told apart. To take one over, make it\n\
                 an entry under `templates:`; the plan then shows it as `=`, and `apply` marks it:",
            );
            text.comment("    ", &yaml(&Value::Sequence(rest)));
        }
        let end = text.line();
        text.lines.insert(id.clone(), start..end);
    }
    if survey.more {
        text.comment(
            "",
            "There are more accounts; --max-accounts looks into more of them. Accounts of one shape are\n\
             best written as the rows of a roster.",
        );
    }
}

/// An account's entry, and the cycles that are better left to a person.
fn entry(id: &AccountId, account: &LiveAccount, survey: &Survey, level: u8) -> (Value, Vec<Value>) {
    let mut entry = Mapping::new();
    entry.insert("id".into(), id.as_str().into());
    if can_be_said(&account.name) {
        entry.insert("name".into(), literal(&account.name));
    }
    if level < 2 {
        let connectors = connectors(account);
        if !connectors.is_empty() {
            entry.insert("connectors".into(), Value::Sequence(connectors));
        }
    }
    let published = survey.live.templates.as_deref().unwrap_or_default();
    let (mut templates, mut rest) = templates(account, published);
    if level >= 1 {
        rest.append(&mut templates);
    }
    if !templates.is_empty() {
        entry.insert("templates".into(), Value::Sequence(templates));
    }
    (Value::Mapping(entry), rest)
}

fn connectors(account: &LiveAccount) -> Vec<Value> {
    let held = account.connectors.as_deref().unwrap_or_default();
    let mut held: Vec<_> = held
        .iter()
        .filter(|it| can_be_said(&it.name) && can_be_said(&it.connector_name))
        .filter(|it| held.iter().filter(|other| other.name == it.name).count() == 1)
        .collect();
    held.sort_by_key(|it| &it.name);
    let entries = held.into_iter().map(|it| {
        let mut entry = Mapping::new();
        entry.insert("connector".into(), literal(&it.connector_name));
        if let Some(version) = it.connector_version.as_ref().filter(|it| can_be_said(it)) {
            entry.insert("version".into(), literal(version));
        }
        if it.name != it.connector_name {
            entry.insert("name".into(), literal(&it.name));
        }
        if it.partner {
            entry.insert("partner".into(), true.into());
        }
        Value::Mapping(entry)
    });
    entries.collect()
}

/// The cycles of published templates: those that can be declared without a change, and the others.
fn templates(account: &LiveAccount, published: &[LibraryTemplate]) -> (Vec<Value>, Vec<Value>) {
    let mut cycles: Vec<&LiveCycle> = account.cycles.iter().flatten().collect();
    cycles.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    let mut names = BTreeSet::new();
    let (mut safe, mut rest) = (Vec::new(), Vec::new());
    for cycle in cycles {
        let id = cycle.template_id.as_deref().unwrap_or_default();
        let template = published.iter().find(|it| it.id.eq_ignore_ascii_case(id));
        let Some(template) = template.filter(|it| can_be_said(&it.name)) else {
            continue;
        };
        let name = entry_of(&cycle.tags).unwrap_or(&cycle.name);
        if !can_be_said(name) {
            continue;
        }
        let alike = published
            .iter()
            .filter(|it| it.name == template.name)
            .count();
        let chosen = if alike == 1 {
            literal(&template.name)
        } else {
            map([("id", template.id.as_str().into())])
        };
        let mut entry = Mapping::new();
        entry.insert("template".into(), chosen);
        if alike > 1 || name != template.name {
            entry.insert("name".into(), literal(name));
        }
        let entry = Value::Mapping(entry);
        let settled = cycle.status == CycleStatus::Active || entry_of(&cycle.tags).is_some();
        if settled && cycle.name == name && names.insert(name.to_owned()) {
            safe.push(entry);
        } else {
            rest.push(entry);
        }
    }
    (safe, rest)
}
