//! Worlds made up: as many customers as are asked for, the same for the same seed.

use std::fmt;
use std::str::FromStr;

use super::{Account, AccountConnector, ConnectorReference, Cycle, Template, World};

/// How large a made-up world is: `accounts=100000,connectors=3,templates=2,seed=1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generate {
    /// Customers.
    pub accounts: usize,
    /// Installed connectors of each; more where its templates need more.
    pub connectors: usize,
    /// Installed templates of each.
    pub templates: usize,
    /// What everything is drawn from.
    pub seed: u64,
}

/// Why a size could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not understood; write accounts=N,connectors=N,templates=N,seed=N, each at most \
     {LARGEST}"
)]
pub struct GenerateError {
    /// The part that is not understood.
    pub text: String,
}

/// The most of anything.
const LARGEST: u64 = 10_000_000;

impl Default for Generate {
    fn default() -> Self {
        Self {
            accounts: 100,
            connectors: 3,
            templates: 2,
            seed: 1,
        }
    }
}

impl FromStr for Generate {
    type Err = GenerateError;

    fn from_str(text: &str) -> Result<Self, GenerateError> {
        let mut size = Self::default();
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let wrong = || GenerateError {
                text: part.trim().to_owned(),
            };
            let (name, value) = part.split_once('=').ok_or_else(wrong)?;
            let number: u64 = value.trim().parse().map_err(|_| wrong())?;
            let count = usize::try_from(number.min(LARGEST)).map_err(|_| wrong())?;
            match name.trim() {
                "seed" => size.seed = number,
                _ if number > LARGEST => return Err(wrong()),
                "accounts" => size.accounts = count,
                "connectors" => size.connectors = count,
                "templates" => size.templates = count,
                _ => return Err(wrong()),
            }
        }
        Ok(size)
    }
}

impl fmt::Display for Generate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "accounts={},connectors={},templates={},seed={}",
            self.accounts, self.connectors, self.templates, self.seed
        )
    }
}

const FIRST: [&str; 24] = [
    "Harbour", "Cedar", "Solstice", "Bright", "Northern", "Copper", "Juniper", "Granite", "Willow",
    "Summit", "Amber", "Meridian", "Falcon", "Orchard", "Silver", "Maple", "Beacon", "Prairie",
    "Coral", "Lantern", "Atlas", "Clover", "Ridge", "Velvet",
];
const SECOND: [&str; 16] = [
    "Lane", "Water", "Field", "Bridge", "Point", "Grove", "Stone", "Valley", "Street", "Park",
    "Coast", "Hill", "Square", "Wood", "Bay", "Gate",
];
const TRADE: [&str; 16] = [
    "Dental",
    "Books",
    "Outdoor",
    "Logistics",
    "Studios",
    "Bakery",
    "Legal",
    "Fitness",
    "Travel",
    "Interiors",
    "Energy",
    "Foods",
    "Motors",
    "Media",
    "Clinics",
    "Robotics",
];
const TIMEZONES: [&str; 6] = [
    "Europe/London",
    "America/Denver",
    "Europe/Berlin",
    "Australia/Sydney",
    "America/New_York",
    "Asia/Singapore",
];

/// Numbers from a seed: `SplitMix64`.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of so many; zero of none.
    fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % count).unwrap_or(0)
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }
}

impl World {
    /// Makes up a world over the shipped catalogue: customers with authenticated connectors and
    /// paused cycles. Cycles say which template they are of; what they take from it is filled in
    /// when somebody asks for it.
    pub fn generate(size: Generate) -> Self {
        let connectors: Vec<ConnectorReference> = crate::library::connectors()
            .into_iter()
            .filter(|one| one.status == super::ConnectorStatus::Approved)
            .map(|one| ConnectorReference {
                custom_id: None,
                name: one.name,
                version: one.version,
            })
            .collect();
        let templates: Vec<Template> = crate::library::templates()
            .into_iter()
            .filter(|one| one.published)
            .collect();
        let mut draw = Draw(size.seed);
        let accounts = (1..=size.accounts)
            .map(|number| account(size, number, &mut draw, (&connectors, &templates)))
            .collect();
        Self {
            accounts,
            ..Self::demo()
        }
    }
}

fn account(
    size: Generate,
    number: usize,
    draw: &mut Draw,
    (connectors, templates): (&[ConnectorReference], &[Template]),
) -> Account {
    let name = format!(
        "{} {} {}",
        draw.one(&FIRST),
        draw.one(&SECOND),
        draw.one(&TRADE)
    );
    let chosen = templates_of(size, draw, templates);
    let mut wanted: Vec<ConnectorReference> = Vec::new();
    for needed in chosen.iter().flat_map(|template| &template.connectors) {
        if wanted.iter().all(|one| one.name != needed.name) {
            wanted.push(ConnectorReference {
                custom_id: None,
                name: needed.name.clone(),
                version: needed.version.clone(),
            });
        }
    }
    let mut tries = 0;
    while wanted.len() < size.connectors && tries < 64 * size.connectors {
        tries += 1;
        if let Some(one) = connectors.get(draw.below(connectors.len()))
            && wanted.iter().all(|known| known.name != one.name)
        {
            wanted.push(one.clone());
        }
    }
    let timezone = draw.one(&TIMEZONES).to_owned();
    let installed = wanted.into_iter().map(|connector| AccountConnector {
        name: connector.name.clone(),
        connector,
        auth_value: Some(format!("key-{:016x}", draw.next()).into()),
        ..AccountConnector::default()
    });
    Account {
        id: format!("customer-{number:07}"),
        name,
        timezone,
        connectors: installed.collect(),
        cycles: cycles(&chosen),
        ..Account::default()
    }
}

/// As many templates as asked for, whose connectors fit the number asked for where that is possible.
fn templates_of<'a>(
    size: Generate,
    draw: &mut Draw,
    templates: &'a [Template],
) -> Vec<&'a Template> {
    let mut chosen: Vec<&Template> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for _ in 0..size.templates {
        let start = draw.below(templates.len());
        let turned = || templates.iter().cycle().skip(start).take(templates.len());
        let more = |template: &Template| {
            let needed = template.connectors.iter();
            needed
                .filter(|one| !names.contains(&one.name.as_str()))
                .count()
        };
        let is_new = |template: &Template| chosen.iter().all(|one| one.id != template.id);
        let fitting =
            turned().find(|one| is_new(one) && names.len() + more(one) <= size.connectors);
        let again = || chosen.first().copied();
        let Some(template) = fitting.or_else(again).or_else(|| turned().next()) else {
            break;
        };
        for needed in &template.connectors {
            if !names.contains(&needed.name.as_str()) {
                names.push(&needed.name);
            }
        }
        chosen.push(template);
    }
    chosen
}

/// A cycle of each; the second of one template is named apart.
fn cycles(chosen: &[&Template]) -> Vec<Cycle> {
    let mut cycles: Vec<Cycle> = Vec::with_capacity(chosen.len());
    for (index, template) in chosen.iter().enumerate() {
        let before = chosen.iter().take(index);
        let name = match before.filter(|one| one.id == template.id).count() {
            0 => String::new(),
            several => format!("{} {}", template.name, several + 1),
        };
        cycles.push(Cycle {
            template_id: Some(template.id.clone()),
            name,
            ..Cycle::default()
        });
    }
    cycles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown() {
        let check = |text: &str, expected: &str| {
            let read = text.parse::<Generate>();
            let shown = read.map_or_else(|error| error.text, |size| size.to_string());
            assert_eq!(shown, expected, "{text}");
        };
        check("", "accounts=100,connectors=3,templates=2,seed=1");
        check(
            "accounts=5, seed=7",
            "accounts=5,connectors=3,templates=2,seed=7",
        );
        check("accounts=many", "accounts=many");
        check("people=3", "people=3");
        check("accounts=99999999999", "accounts=99999999999");
        check("accounts", "accounts");
    }

    #[test]
    fn worlds_come_from_the_seed() {
        let size = |seed| Generate {
            accounts: 30,
            seed,
            ..Generate::default()
        };
        let world = World::generate(size(1));
        assert_eq!(world, World::generate(size(1)));
        assert_ne!(world, World::generate(size(2)));
        for account in &world.accounts {
            assert_eq!((account.connectors.len(), account.cycles.len()), (3, 2));
        }
    }
}
