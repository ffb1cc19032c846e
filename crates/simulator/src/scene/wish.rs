//! Manifests by chance.

use fastrand::Rng;
use std::collections::BTreeMap;

/// What is wanted of a few accounts.
#[derive(Clone, Debug)]
pub(crate) struct Wishes(Vec<Account>);

#[derive(Clone, Debug)]
struct Account {
    id: String,
    name: String,
    description: Option<String>,
    absent: bool,
    connectors: BTreeMap<&'static str, Connector>,
    templates: BTreeMap<&'static str, Template>,
}

#[derive(Clone, Debug)]
struct Connector {
    /// Which secret: rotated when it changes.
    secret: u32,
    property: Option<u32>,
    absent: bool,
}

#[derive(Clone, Debug)]
struct Template {
    variable: Option<u32>,
    parameter: Option<u32>,
    field: Option<u32>,
    run: Option<&'static str>,
    absent: bool,
}

const RUNS: [&str; 4] = [
    "{ every: 1h }",
    "{ every: 15m }",
    "paused",
    "{ once: true }",
];

impl Wishes {
    pub(crate) fn draw(random: &mut Rng) -> Self {
        let count = random.usize(1..=3);
        let accounts = (0..count).map(|index| Account::draw(index, random));
        Self(accounts.collect())
    }

    /// Wants some of it otherwise.
    pub(crate) fn changed(&self, random: &mut Rng) -> Self {
        let mut accounts = self.0.clone();
        for account in &mut accounts {
            match random.u32(0..10) {
                0 => account.absent = true,
                1..=2 => {}
                _ => account.change(random),
            }
        }
        if random.u32(0..4) == 0 {
            accounts.push(Account::draw(accounts.len(), random));
        }
        Self(accounts)
    }

    /// Wants the same objects and the same said of them, some with other values. But the same secrets: which
    /// of two is set in the end nobody can tell but the two themselves, so that they need a lease.
    pub(crate) fn otherwise(&self, random: &mut Rng) -> Self {
        let mut accounts = self.0.clone();
        for account in accounts.iter_mut().filter(|it| !it.absent) {
            for template in account.templates.values_mut() {
                let parts = [
                    &mut template.variable,
                    &mut template.parameter,
                    &mut template.field,
                ];
                for part in parts.into_iter().flatten() {
                    *part = random.u32(0..9);
                }
            }
        }
        Self(accounts)
    }

    /// As YAML.
    pub(crate) fn text(&self) -> String {
        let mut lines = vec!["version: 1".to_owned(), "accounts:".to_owned()];
        lines.extend(self.0.iter().flat_map(Account::lines));
        lines.join("\n") + "\n"
    }
}

impl Account {
    fn draw(index: usize, random: &mut Rng) -> Self {
        let mut connectors = BTreeMap::new();
        for name in ["Alpha", "Beta", "Gamma"] {
            if random.u32(0..3) > 0 {
                connectors.insert(name, Connector::draw(random));
            }
        }
        let mut templates = BTreeMap::new();
        if connectors.contains_key("Alpha") && random.u32(0..3) > 0 {
            templates.insert("Alpha Sync", Template::draw(random));
        }
        let both = connectors.contains_key("Alpha") && connectors.contains_key("Beta");
        if both && random.bool() {
            templates.insert("Alpha > Beta", Template::draw(random));
        }
        Self {
            id: format!("acct-{index}"),
            name: format!("Account {index}"),
            description: random.bool().then(|| format!("Text {}", random.u32(0..3))),
            absent: false,
            connectors,
            templates,
        }
    }

    fn change(&mut self, random: &mut Rng) {
        if random.u32(0..3) == 0 {
            self.description = Some(format!("Text {}", random.u32(0..9)));
        }
        for connector in self.connectors.values_mut() {
            match random.u32(0..6) {
                0 => connector.secret += 1,
                1 => connector.property = Some(random.u32(0..9)),
                _ => {}
            }
        }
        for template in self.templates.values_mut() {
            match random.u32(0..6) {
                0 => template.absent = true,
                1..=3 => template.change(random),
                _ => {}
            }
        }
        // A connector goes only after everything that runs on it.
        let idle = self.templates.values().all(|template| template.absent);
        if idle && random.u32(0..3) == 0 {
            for connector in self.connectors.values_mut() {
                connector.absent = random.bool();
            }
        }
    }

    fn lines(&self) -> Vec<String> {
        let Self { id, name, .. } = self;
        let mut lines = vec![format!("  - id: {id}"), format!("    name: {name}")];
        if self.absent {
            lines.push("    state: absent".to_owned());
            return lines;
        }
        if let Some(description) = &self.description {
            lines.push(format!("    description: {description}"));
        }
        if !self.connectors.is_empty() {
            lines.push("    connectors:".to_owned());
        }
        for (name, connector) in &self.connectors {
            lines.extend(connector.lines(id, name));
        }
        if !self.templates.is_empty() {
            lines.push("    templates:".to_owned());
        }
        for (name, template) in &self.templates {
            lines.extend(template.lines(name));
        }
        lines
    }
}

impl Connector {
    fn draw(random: &mut Rng) -> Self {
        Self {
            secret: 0,
            property: random.bool().then(|| random.u32(0..9)),
            absent: false,
        }
    }

    fn lines(&self, account: &str, name: &str) -> Vec<String> {
        let mut lines = vec![format!("      - connector: {name}")];
        if self.absent {
            lines.push("        state: absent".to_owned());
            return lines;
        }
        let account = account.replace('-', "_").to_uppercase();
        let secret = format!("{account}_{}_{}", name.to_uppercase(), self.secret);
        lines.push(match name {
            "Alpha" => format!("        auth: {{ api_key: {{ env: {secret} }} }}"),
            "Beta" => format!(
                "        auth: {{ basic: {{ username: ann, password: {{ env: {secret} }} }} }}"
            ),
            _ => "        auth: oauth2".to_owned(),
        });
        if let (Some(property), "Alpha") = (self.property, name) {
            lines.push(format!("        properties: {{ Subdomain: s{property} }}"));
        }
        lines
    }
}

impl Template {
    fn draw(random: &mut Rng) -> Self {
        let some = |random: &mut Rng| random.bool().then(|| random.u32(0..9));
        Self {
            variable: some(random),
            parameter: some(random),
            field: some(random),
            run: random
                .choice(&RUNS)
                .copied()
                .filter(|_| random.u32(0..4) > 0),
            absent: false,
        }
    }

    /// A cycle that may run keeps a word on how it runs: without one it is not stopped for a change.
    fn change(&mut self, random: &mut Rng) {
        let run = self.run;
        *self = Self::draw(random);
        self.run = self.run.or(run);
    }

    fn lines(&self, name: &str) -> Vec<String> {
        let mut lines = vec![format!("      - template: \"{name}\"")];
        if self.absent {
            lines.push("        state: absent".to_owned());
            return lines;
        }
        let is_sync = name == "Alpha Sync";
        let parameter = if is_sync { "List ID" } else { "Filter" };
        if let Some(value) = self.parameter {
            lines.push(format!(
                "        parameters: {{ Get: {{ {parameter}: p{value} }} }}"
            ));
        }
        if let (Some(value), true) = (self.field, is_sync) {
            lines.push(format!(
                "        mappings: {{ Get: {{ Email: m{value} }} }}"
            ));
        }
        if let (Some(value), true) = (self.variable, is_sync) {
            lines.push(format!("        variables: {{ Region: v{value} }}"));
        }
        if let Some(run) = self.run {
            lines.push(format!("        run: {run}"));
        }
        lines
    }
}
