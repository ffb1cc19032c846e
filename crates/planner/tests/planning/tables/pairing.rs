//! Which cycle is an entry's: by its mark, by name, or left behind by an install.

use crate::support::{Case, check};
use gangplank_model::testing::{
    account, connector, live_account, live_connector, live_cycle, template,
};
use gangplank_model::{AccountSpec, CycleStatus, LiveCycle, TemplateChoice};

fn pairs<const N: usize>(what: &str, wants: AccountSpec, cycles: [LiveCycle; N], expected: &str) {
    let wants = wants.connector(connector("Crm", None));
    let held = live_account("a").connector(live_connector(51, "Crm"));
    let held = cycles
        .into_iter()
        .fold(held, gangplank_model::LiveAccount::cycle);
    check(what, Case::held(wants, held), expected);
}

fn sync() -> AccountSpec {
    account("a").template(template("Sync"))
}

/// A cycle of template `Sync`.
fn cycle(id: &str, name: &str) -> LiveCycle {
    live_cycle(id, name, "T-1")
}

#[test]
fn by_its_mark() {
    let marked = |id: &str, name: &str| cycle(id, name).tags(&["crm", "gangplank:Sync"]);
    pairs(
        "the marked one",
        sync(),
        [marked("c1", "Sync"), cycle("c2", "Sync").ran()],
        "3 unchanged of 1",
    );
    pairs(
        "beside a copy that an install may have left behind",
        sync(),
        [marked("c1", "Sync"), cycle("c2", "Sync")],
        "
        lane a
        ! template Sync [waiting]
        1 waiting 2 unchanged of 1",
    );
    pairs(
        "it is renamed",
        sync(),
        [marked("c1", "Somehow")],
        "
        lane a
        ~ template Sync [differs] name: Somehow > Sync
        0 template Sync: name c1 name=Sync marks=
        1 change 2 unchanged of 1",
    );
    pairs(
        "ids are compared in any case",
        sync(),
        [LiveCycle {
            template_id: Some("t-1".into()),
            ..marked("c1", "Sync")
        }],
        "3 unchanged of 1",
    );
    pairs(
        "of another template",
        sync(),
        [LiveCycle {
            template_id: Some("T-2".into()),
            ..marked("c1", "Sync")
        }],
        "
        lane a
        ! template Sync [blocked]
        1 blocked 2 unchanged of 1",
    );
    pairs(
        "two are marked",
        sync(),
        [marked("c1", "Sync"), marked("c2", "Sync")],
        "
        lane a
        ! template Sync [blocked]
        1 blocked 2 unchanged of 1",
    );
    pairs(
        "marked for somebody else",
        sync(),
        [cycle("c1", "Sync").tags(&["gangplank:Else"])],
        "
        lane a
        + template Sync [missing]
        0 template Sync: install T-1 Crm=Crm beside c1
        1 template Sync: name new name=Sync marks=gangplank:Sync <- 0
        1 add 2 unchanged of 1",
    );
}

#[test]
fn by_template_and_name() {
    pairs(
        "it is adopted",
        sync(),
        [cycle("c1", "Sync")],
        "
        lane a
        = template Sync [unmarked]
        0 template Sync: name c1 marks=gangplank:Sync tags=gangplank:Sync
        1 adopt 2 unchanged of 1",
    );
    pairs(
        "its own tags stay",
        sync(),
        [cycle("c1", "Sync").tags(&["crm"])],
        "
        lane a
        = template Sync [unmarked]
        0 template Sync: name c1 marks=gangplank:Sync tags=crm|gangplank:Sync
        1 adopt 2 unchanged of 1",
    );
    pairs(
        "of another template",
        sync(),
        [live_cycle("c1", "Sync", "T-2")],
        "
        lane a
        + template Sync [missing]
        0 template Sync: install T-1 Crm=Crm
        1 template Sync: name new name=Sync marks=gangplank:Sync <- 0
        1 add 2 unchanged of 1",
    );
    pairs(
        "two fit",
        sync(),
        [cycle("c1", "Sync"), cycle("c2", "Sync")],
        "
        lane a
        ! template Sync [blocked]
        1 blocked 2 unchanged of 1",
    );
    pairs(
        "one that runs is matched and not marked",
        sync(),
        [cycle("c1", "Sync").active()],
        "3 unchanged of 1",
    );
    pairs(
        "of an unknown state",
        sync(),
        [LiveCycle {
            status: CycleStatus::Other("Odd".into()),
            ..cycle("c1", "Sync")
        }],
        "
        lane a
        ! template Sync [blocked]
        1 blocked 2 unchanged of 1",
    );
}

#[test]
fn left_behind_by_an_install() {
    let named = |name: &str| {
        template("Sync")
            .named(name)
            .of(TemplateChoice::Name("Sync".into()))
    };
    let hourly = || account("a").template(named("Hourly"));
    pairs(
        "under the vendor's name",
        hourly(),
        [cycle("c1", "Sync")],
        "
        lane a
        ~ template Hourly [differs] name: Sync > Hourly
        0 template Hourly: name c1 name=Hourly marks=gangplank:Hourly tags=gangplank:Hourly
        1 change 2 unchanged of 1",
    );
    pairs(
        "with a number behind it",
        hourly(),
        [cycle("c1", "Sync 2")],
        "
        lane a
        ~ template Hourly [differs] name: Sync 2 > Hourly
        0 template Hourly: name c1 name=Hourly marks=gangplank:Hourly tags=gangplank:Hourly
        1 change 2 unchanged of 1",
    );
    pairs(
        "not one with a name of its own",
        hourly(),
        [cycle("c1", "Sync of Ann")],
        "
        lane a
        + template Hourly [missing waiting]
        0 template Hourly: install T-1 Crm=Crm beside c1
        1 template Hourly: name new name=Hourly marks=gangplank:Hourly <- 0
        1 add 1 waiting 2 unchanged of 1",
    );
    pairs(
        "not one that ran",
        hourly(),
        [cycle("c1", "Sync").ran()],
        "
        lane a
        + template Hourly [missing waiting]
        0 template Hourly: install T-1 Crm=Crm beside c1
        1 template Hourly: name new name=Hourly marks=gangplank:Hourly <- 0
        1 add 1 waiting 2 unchanged of 1",
    );
    pairs(
        "not one that runs",
        hourly(),
        [cycle("c1", "Sync").active()],
        "
        lane a
        + template Hourly [missing waiting]
        0 template Hourly: install T-1 Crm=Crm beside c1
        1 template Hourly: name new name=Hourly marks=gangplank:Hourly <- 0
        1 add 1 waiting 2 unchanged of 1",
    );
    pairs(
        "not one of two",
        hourly(),
        [cycle("c1", "Sync"), cycle("c2", "Sync 2")],
        "
        lane a
        ! template Hourly [blocked]
        1 blocked 2 unchanged of 1",
    );
}

#[test]
fn left_behind_for_one_of_two_entries() {
    let named = |name: &str| {
        template("Sync")
            .named(name)
            .of(TemplateChoice::Name("Sync".into()))
    };
    let two = || {
        account("a")
            .template(named("Hourly"))
            .template(named("Daily"))
    };
    pairs(
        "the first of two entries takes it",
        two(),
        [cycle("c1", "Sync")],
        "
        lane a
        ~ template Hourly [differs] name: Sync > Hourly
        + template Daily [missing]
        0 template Hourly: name c1 name=Hourly marks=gangplank:Hourly tags=gangplank:Hourly
        1 template Daily: install T-1 Crm=Crm beside c1
        2 template Daily: name new name=Daily marks=gangplank:Daily <- 1
        1 add 1 change 2 unchanged of 1",
    );
    pairs(
        "the other one has its own",
        two(),
        [cycle("c1", "Sync"), cycle("c2", "Daily")],
        "
        lane a
        ~ template Hourly [differs] name: Sync > Hourly
        = template Daily [unmarked]
        0 template Hourly: name c1 name=Hourly marks=gangplank:Hourly tags=gangplank:Hourly
        1 template Daily: name c2 marks=gangplank:Daily tags=gangplank:Daily
        1 change 1 adopt 2 unchanged of 1",
    );
    pairs(
        "the other one's name",
        sync().template(named("Hourly")),
        [cycle("c1", "Sync")],
        "
        lane a
        = template Sync [unmarked]
        + template Hourly [missing]
        0 template Sync: name c1 marks=gangplank:Sync tags=gangplank:Sync
        1 template Hourly: install T-1 Crm=Crm beside c1
        2 template Hourly: name new name=Hourly marks=gangplank:Hourly <- 1
        1 add 1 adopt 2 unchanged of 1",
    );
}

/// Two entries that choose one template by name and by id both took the cycle that was left behind.
#[test]
fn one_template_chosen_in_two_ways_is_one_template() {
    let by_id = template("Daily").of(TemplateChoice::Id("t-1".into()));
    let by_name = template("Hourly").of(TemplateChoice::Name("Sync".into()));
    pairs(
        "the first takes it",
        account("a").template(by_id).template(by_name),
        [cycle("c1", "Sync")],
        "
        lane a
        ~ template Daily [differs] name: Sync > Daily
        + template Hourly [missing]
        0 template Daily: name c1 name=Daily marks=gangplank:Daily tags=gangplank:Daily
        1 template Hourly: install T-1 Crm=Crm beside c1
        2 template Hourly: name new name=Hourly marks=gangplank:Hourly <- 1
        1 add 1 change 2 unchanged of 1",
    );
}

/// An absent entry took, and removed, the cycle that an install of another entry had left behind.
#[test]
fn an_absent_entry_has_left_nothing_behind() {
    let gone = template("Gone")
        .of(TemplateChoice::Name("Sync".into()))
        .absent();
    let here = template("Here").of(TemplateChoice::Name("Sync".into()));
    pairs(
        "nor where another template's cycle has its name",
        account("a").template(gone.clone()).template(here.clone()),
        [live_cycle("c0", "Gone", "T-2"), cycle("c1", "Sync 2")],
        "
        lane a
        ~ template Here [differs] name: Sync 2 > Here
        0 template Here: name c1 name=Here marks=gangplank:Here tags=gangplank:Here
        1 change 2 unchanged of 1",
    );
    pairs(
        "only the other one takes it",
        account("a").template(gone.clone()).template(here),
        [cycle("c1", "Sync 2")],
        "
        lane a
        ~ template Here [differs] name: Sync 2 > Here
        0 template Here: name c1 name=Here marks=gangplank:Here tags=gangplank:Here
        1 change 2 unchanged of 1",
    );
    pairs(
        "alone",
        account("a").template(gone),
        [cycle("c1", "Sync 2")],
        "2 unchanged of 1",
    );
}
