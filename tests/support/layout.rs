//! The same customers written down in ever other ways: a seed says where each value stands and in what
//! order everything comes.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What is wanted of one customer.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// With connectors and a template, or without.
    pub(crate) full: bool,
    pub(crate) timezone: &'static str,
    pub(crate) hours: u32,
    pub(crate) note: &'static str,
    pub(crate) currency: &'static str,
}

/// Files with their texts; those in `rows/` are rosters.
pub(crate) type Files = Vec<(String, String)>;

/// Random numbers from a seed (`SplitMix64`).
#[derive(Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }

    fn flip(&mut self) -> bool {
        self.below(2) == 0
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// Where the values of a key stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    Account,
    Profile,
    Defaults,
    /// The default of an argument, or of one that the defaults give.
    Argument,
    GivenArgument,
}

const HOMES: [Home; 5] = [
    Home::Account,
    Home::Profile,
    Home::Defaults,
    Home::Argument,
    Home::GivenArgument,
];

/// What stands in the customers' own entries, be these accounts or rows.
#[derive(Debug, Default)]
struct Own {
    keys: Map<String, Value>,
    arguments: Map<String, Value>,
    labels: Map<String, Value>,
}

/// A manifest that is being put together.
#[derive(Debug)]
pub(crate) struct Layout<'a> {
    random: &'a mut Random,
    customers: &'a [Customer],
    own: Vec<Own>,
    /// `full` and `lean`.
    profiles: [Map<String, Value>; 2],
    base: Map<String, Value>,
    defaults: Map<String, Value>,
    /// What full customers have, and where it stands.
    parts: Map<String, Value>,
    rosters: Vec<Value>,
    rows: Files,
}

fn sub<'m>(map: &'m mut Map<String, Value>, key: &str) -> &'m mut Map<String, Value> {
    let entry = map.entry(key).or_insert_with(|| json!({}));
    entry.as_object_mut().unwrap()
}

impl<'a> Layout<'a> {
    /// Writes the customers down in one of very many ways.
    pub(crate) fn write(customers: &'a [Customer], random: &'a mut Random) -> Files {
        let own = customers.iter().map(|_| Own::default()).collect();
        let mut layout = Self {
            random,
            customers,
            own,
            profiles: [Map::new(), Map::new()],
            base: Map::new(),
            defaults: Map::new(),
            parts: Map::new(),
            rosters: Vec::new(),
            rows: Vec::new(),
        };
        layout.scalar("timezone", |it| json!(it.timezone));
        layout.scalar("step_data_success_retention_hours", |it| json!(it.hours));
        layout.scalar("description", |it| json!(it.note));
        layout.full();
        layout.files()
    }

    /// A key that both profiles may have.
    fn scalar(&mut self, key: &str, value: fn(&Customer) -> Value) {
        let home = HOMES[self.random.below(HOMES.len())];
        let common = value(&self.customers[self.random.below(self.customers.len())]);
        match home {
            Home::Account => {}
            Home::Defaults => {
                self.defaults.insert(key.to_owned(), common.clone());
            }
            Home::Profile => {
                for profile in &mut self.profiles {
                    profile.insert(key.to_owned(), common.clone());
                }
            }
            Home::Argument | Home::GivenArgument => {
                let given = home == Home::GivenArgument;
                let kind = if common.is_number() { "number" } else { "text" };
                let form = match (given, self.random.flip()) {
                    (true, _) => json!({ "type": kind }),
                    (false, true) => common.clone(),
                    (false, false) => json!({ "default": common.clone(), "description": "x" }),
                };
                for profile in &mut self.profiles {
                    sub(profile, "arguments").insert(key.to_owned(), form.clone());
                    let read = format!("{{{{ argument.{key} }}}}");
                    profile.insert(key.to_owned(), json!(read));
                }
                if given {
                    sub(&mut self.defaults, "arguments").insert(key.to_owned(), common.clone());
                }
            }
        }
        for (own, customer) in self.own.iter_mut().zip(self.customers) {
            let value = value(customer);
            // What lies under it may be said again.
            if home == Home::Account || value != common || self.random.below(4) == 0 {
                let map = match home {
                    Home::Argument | Home::GivenArgument => &mut own.arguments,
                    Home::Account | Home::Profile | Home::Defaults => &mut own.keys,
                };
                map.insert(key.to_owned(), value);
            }
        }
    }

    /// Connectors and a template of which one value differs from customer to customer.
    fn full(&mut self) {
        let by_argument = self.random.flip();
        let currency = if by_argument {
            "{{ argument.currency }}"
        } else {
            "{{ account.labels.currency }}"
        };
        for (own, customer) in self.own.iter_mut().zip(self.customers) {
            if !customer.full {
                continue;
            }
            let map = if by_argument {
                &mut own.arguments
            } else {
                &mut own.labels
            };
            map.insert("currency".into(), json!(customer.currency));
        }
        let connectors = json!([
            {
                "connector": "Harbour CRM", "version": "2.1", "partner": true,
                "properties": { "Region": "eu", "Subdomain": "{{ account.id }}" },
                "auth": { "api_key": { "env": "HARBOUR_KEY" } },
            },
            { "connector": "Pipedrive", "auth": { "api_key": { "env": "PIPEDRIVE_KEY" } } },
            { "connector": "Mailchimp", "auth": "oauth2" },
        ]);
        let templates = json!([{
            "template": "Pipedrive > Harbour CRM",
            "parameters": { "Create Opportunity": { "Pipeline": "New business" } },
            "mappings": { "Create Opportunity": { "Title": "Deal for {{ account.name }}" } },
            "variables": { "currency": currency },
            "run": { "every": "1h" },
        }]);
        if by_argument {
            sub(&mut self.profiles[0], "arguments").insert("currency".into(), json!({}));
        }
        for (key, list) in [("connectors", connectors), ("templates", templates)] {
            // What only a template reads has to be declared below it.
            let home = self.random.below(if by_argument { 2 } else { 3 });
            let home = [&mut self.parts, &mut self.profiles[0], &mut self.base]
                .into_iter()
                .nth(home);
            home.unwrap().insert(key.to_owned(), list);
        }
    }

    fn files(mut self) -> Files {
        let mut accounts = Vec::new();
        let mut rows: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
        for at in 0..self.customers.len() {
            if self.random.flip() {
                accounts.push(self.account(at));
            } else {
                rows[usize::from(!self.customers[at].full)].push(at);
            }
        }
        for (shape, members) in rows.iter_mut().enumerate() {
            self.random.shuffle(members);
            if !members.is_empty() {
                self.roster(shape, members);
            }
        }
        let [mut full, lean] = std::mem::take(&mut self.profiles);
        full.insert("extends".into(), json!("base"));
        let mut sections: Vec<(&str, Option<String>, Value)> = vec![
            ("profiles", Some("full".into()), json!(full)),
            ("profiles", Some("lean".into()), json!(lean)),
            ("profiles", Some("base".into()), json!(self.base)),
        ];
        let defaults = std::mem::take(&mut self.defaults);
        sections.extend(
            defaults
                .into_iter()
                .map(|(key, value)| ("defaults", Some(key), value)),
        );
        sections.extend(accounts.into_iter().map(|it| ("accounts", None, it)));
        sections.extend(self.rosters.drain(..).map(|it| ("rosters", None, it)));
        self.random.shuffle(&mut sections);
        let count = 1 + self.random.below(3);
        let mut tops = vec![Map::from_iter([("version".to_owned(), json!(1))]); count];
        for (section, key, mut value) in sections {
            self.rearrange(&mut value);
            let top = &mut tops[self.random.below(count)];
            if let Some(key) = key {
                sub(top, section).insert(key, value);
            } else {
                let list = top.entry(section).or_insert_with(|| json!([]));
                list.as_array_mut().unwrap().push(value);
            }
        }
        let mut files = std::mem::take(&mut self.rows);
        for (at, top) in tops.into_iter().enumerate() {
            let mut top = json!(top);
            self.rearrange(&mut top);
            let text = self.text(&top);
            files.push((format!("{}{at}.yaml", ["b", "a", "c"][at % 3]), text));
        }
        files
    }

    fn text(&mut self, value: &Value) -> String {
        if self.random.flip() {
            serde_yaml::to_string(value).unwrap()
        } else {
            serde_json::to_string_pretty(value).unwrap()
        }
    }

    fn profile_of(customer: &Customer) -> &'static str {
        if customer.full { "full" } else { "lean" }
    }

    fn account(&mut self, at: usize) -> Value {
        let customer = &self.customers[at];
        let own = std::mem::take(&mut self.own[at]);
        let mut account = own.keys;
        account.insert("id".into(), json!(customer.id));
        account.insert("name".into(), json!(customer.name));
        account.insert("profile".into(), json!(Self::profile_of(customer)));
        for (key, map) in [("arguments", own.arguments), ("labels", own.labels)] {
            if !map.is_empty() {
                account.insert(key.into(), json!(map));
            }
        }
        if customer.full {
            account.extend(self.parts.clone());
        }
        json!(account)
    }

    /// Customers of one shape as the rows of a file.
    fn roster(&mut self, shape: usize, members: &[usize]) {
        let mut account = Map::new();
        let mut columns =
            BTreeSet::from(["id".to_owned(), "name".to_owned(), "profile".to_owned()]);
        let mut rows = Vec::new();
        for at in members {
            let customer = &self.customers[*at];
            let own = std::mem::take(&mut self.own[*at]);
            let mut row = own.keys.clone();
            row.extend(own.arguments.clone());
            row.extend(own.labels.clone());
            columns.extend(row.keys().cloned());
            for key in own.keys.keys() {
                account.insert(key.clone(), json!(format!("{{{{ row.{key} }}}}")));
            }
            for (section, map) in [("arguments", &own.arguments), ("labels", &own.labels)] {
                for key in map.keys() {
                    let read = json!(format!("{{{{ row['{key}'] }}}}"));
                    sub(&mut account, section).insert(key.clone(), read);
                }
            }
            row.insert("id".into(), json!(customer.id));
            row.insert("name".into(), json!(customer.name));
            row.insert("profile".into(), json!(Self::profile_of(customer)));
            rows.push(row);
        }
        account.insert("id".into(), json!("{{ row.id }}"));
        account.insert("name".into(), json!("{{ row.name }}"));
        let profile = match (self.random.flip(), shape) {
            (true, _) => "{{ row.profile }}",
            (false, 0) => "full",
            (false, _) => "lean",
        };
        account.insert("profile".into(), json!(profile));
        if shape == 0 {
            account.extend(self.parts.clone());
        }
        let mut columns: Vec<String> = columns.into_iter().collect();
        self.random.shuffle(&mut columns);
        let ending = ["csv", "json", "jsonl", "yaml"][self.random.below(4)];
        let name = format!("rows/{shape}.{ending}");
        let text = self.rows_text(ending, &columns, &rows);
        self.rows.push((name.clone(), text));
        self.rosters
            .push(json!({ "from": name, "account": account }));
    }

    fn rows_text(
        &mut self,
        ending: &str,
        columns: &[String],
        rows: &[Map<String, Value>],
    ) -> String {
        if ending == "csv" {
            let mut text = format!("{}\n", columns.join(","));
            for row in rows {
                let cells = columns.iter().map(|column| match row.get(column) {
                    Some(Value::String(cell)) => format!("\"{}\"", cell.replace('"', "\"\"")),
                    Some(cell) => cell.to_string(),
                    None => String::new(),
                });
                writeln!(text, "{}", cells.collect::<Vec<_>>().join(",")).unwrap();
            }
            return text;
        }
        let mut list = Vec::new();
        for row in rows {
            let mut row = json!(row);
            self.rearrange(&mut row);
            list.push(row);
        }
        match ending {
            "json" => serde_json::to_string_pretty(&list).unwrap(),
            "jsonl" => list.iter().map(|row| format!("{row}\n")).collect(),
            _ => serde_yaml::to_string(&list).unwrap(),
        }
    }

    /// Other orders of keys and entries; nothing in here has an order that means something.
    fn rearrange(&mut self, value: &mut Value) {
        match value {
            Value::Array(list) => {
                self.random.shuffle(list);
                for item in list {
                    self.rearrange(item);
                }
            }
            Value::Object(map) => {
                let mut entries: Vec<_> = std::mem::take(map).into_iter().collect();
                self.random.shuffle(&mut entries);
                for (key, mut value) in entries {
                    self.rearrange(&mut value);
                    map.insert(key, value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}
