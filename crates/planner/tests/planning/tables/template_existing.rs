//! Cycles that exist: what differs, and whether they are interrupted for it.

use crate::support::{Case, check};
use gangplank_model::testing::{
    account, connector, live_account, live_connector, live_cycle, live_step, template,
};
use gangplank_model::{LiveCycle, MappingSpec, Run, TemplateChoice, TemplateSpec};

fn exists(what: &str, spec: TemplateSpec, cycle: LiveCycle, expected: &str) {
    let wants = account("a")
        .connector(connector("Crm", None))
        .template(spec);
    let held = live_account("a").connector(live_connector(51, "Crm"));
    check(what, Case::held(wants, held.cycle(cycle)), expected);
}

fn marked() -> LiveCycle {
    live_cycle("c1", "Sync", "T-1")
        .tags(&["gangplank:Sync"])
        .bound("Crm", 51, true)
}

#[test]
fn a_paused_cycle_is_changed_in_place() {
    let full = template("Sync")
        .variable("region", "eu")
        .parameter("Add", "List", MappingSpec::fixed("l"))
        .field("Add", "Email", MappingSpec::fixed("e"));
    let step = || {
        live_step("Add")
            .parameter(1, "List", None)
            .field(2, "Email", None)
    };
    exists("it tallies", template("Sync"), marked(), "3 unchanged of 1");
    exists("everything differs", full, marked().step(step()), "
        lane a
        ~ template Sync [differs] variables.region: - > eu, parameters.Add.List: - > l, mappings.Add.Email: - > e
        0 template Sync: variables c1 region=eu
        1 template Sync: parameter c1 Add.List (Add/1) StaticValue=l <- 0
        2 template Sync: field c1 Add.Email (Add/2) StaticValue=e <- 0
        1 change 2 unchanged of 1");
    let own = template("Own").of(TemplateChoice::Name("Sync".into()));
    exists(
        "adopted under another name",
        own,
        live_cycle("c1", "Sync", "T-1"),
        "
        lane a
        ~ template Own [differs] name: Sync > Own
        0 template Own: name c1 name=Own marks=gangplank:Own tags=gangplank:Own
        1 change 2 unchanged of 1",
    );
    exists(
        "a stale mark",
        template("Sync").run(Run::Paused),
        marked().tags(&["gangplank:run=60"]),
        "
        lane a
        ~ template Sync [differs] run: every 1h > paused
        0 template Sync: name c1 marks=gangplank:Sync tags=gangplank:Sync
        1 change 2 unchanged of 1",
    );
    exists(
        "a mark that nobody asks about stays",
        template("Sync"),
        marked().tags(&["gangplank:run=60"]),
        "3 unchanged of 1",
    );
    exists(
        "tags in another order",
        template("Sync").run(Run::Paused),
        live_cycle("c1", "Sync", "T-1").tags(&["z", "gangplank:Sync", "b"]),
        "3 unchanged of 1",
    );
    exists(
        "adopted and filled in",
        template("Sync").variable("region", "eu"),
        live_cycle("c1", "Sync", "T-1"),
        "
        lane a
        ~ template Sync [differs] variables.region: - > eu
        0 template Sync: name c1 marks=gangplank:Sync tags=gangplank:Sync
        1 template Sync: variables c1 region=eu <- 0
        1 change 2 unchanged of 1",
    );
}

#[test]
fn a_running_cycle_is_stopped_for_a_change() {
    let hourly = || marked().active().tags(&["gangplank:run=60"]);
    let region = || template("Sync").variable("region", "eu");
    exists(
        "and restarted as declared",
        region().every(60),
        hourly(),
        "
        lane a
        ~ template Sync [differs interrupts] variables.region: - > eu
        0 template Sync: stop c1
        1 template Sync: variables c1 region=eu <- 0
        2 template Sync: activate c1 60 <- 0
        1 change 2 unchanged of 1",
    );
    exists(
        "not when nothing says that it is to be started again",
        region(),
        hourly(),
        "
        lane a
        ! template Sync [blocked]
        1 blocked 2 unchanged of 1",
    );
    exists(
        "and left paused",
        region().run(Run::Paused),
        hourly(),
        "
        lane a
        ~ template Sync [running] variables.region: - > eu, run: every 1h > paused
        0 template Sync: stop c1
        1 template Sync: name c1 marks=gangplank:Sync tags=gangplank:Sync <- 0
        2 template Sync: variables c1 region=eu <- 0
        1 change 2 unchanged of 1",
    );
    exists(
        "not when its schedule is not known",
        region(),
        marked().active(),
        "
        lane a
        ! template Sync [blocked]
        1 blocked 2 unchanged of 1",
    );
    exists(
        "a declared schedule makes it known",
        region().every(60),
        marked().active(),
        "
        lane a
        ~ template Sync [differs interrupts] variables.region: - > eu
        0 template Sync: stop c1
        1 template Sync: name c1 marks=gangplank:Sync|gangplank:run=60 tags=gangplank:Sync|gangplank:run=60 <- 0
        2 template Sync: variables c1 region=eu <- 0
        3 template Sync: activate c1 60 <- 0
        1 change 2 unchanged of 1
        note 1 cycle runs on a schedule that Gangplank did not set and the API does not tell",
    );
    exists(
        "its mark goes along",
        region().every(60),
        live_cycle("c1", "Sync", "T-1").active(),
        "
        lane a
        ~ template Sync [differs interrupts] variables.region: - > eu
        0 template Sync: stop c1
        1 template Sync: name c1 marks=gangplank:Sync|gangplank:run=60 tags=gangplank:Sync|gangplank:run=60 <- 0
        2 template Sync: variables c1 region=eu <- 0
        3 template Sync: activate c1 60 <- 0
        1 change 2 unchanged of 1
        note 1 cycle runs on a schedule that Gangplank did not set and the API does not tell",
    );
    let own = template("Sync")
        .named("Own")
        .of(TemplateChoice::Name("Sync".into()));
    exists(
        "its name is a change",
        own.every(60),
        LiveCycle {
            tags: vec!["gangplank:Own".into(), "gangplank:run=60".into()],
            ..hourly()
        },
        "
        lane a
        ~ template Own [differs interrupts] name: Sync > Own
        0 template Own: stop c1
        1 template Own: name c1 name=Own marks= <- 0
        2 template Own: activate c1 60 <- 0
        1 change 2 unchanged of 1",
    );
}

#[test]
fn marks_off() {
    let wants = |spec: TemplateSpec| account("a").template(spec);
    let held = |cycle: LiveCycle| live_account("a").cycle(cycle);
    let plain = || live_cycle("c1", "Sync", "T-1");
    check(
        "nothing is tagged",
        Case::held(wants(template("Sync")), held(plain())).unmarked(),
        "2 unchanged of 1",
    );
    let own = template("Own").of(TemplateChoice::Name("Sync".into()));
    check(
        "a name is written",
        Case::held(wants(own), held(plain())).unmarked(),
        "
        lane a
        ~ template Own [differs] name: Sync > Own
        0 template Own: name c1 name=Own marks=
        1 change 1 unchanged of 1",
    );
}

#[test]
fn a_cycle_bound_to_another_connector_is_not_touched() {
    let bound = |id: Option<i64>| {
        live_cycle("c1", "Sync", "T-1")
            .tags(&["gangplank:Sync"])
            .bound("Crm", id, true)
    };
    let spec = || template("Sync").variable("region", "eu");
    exists(
        "to another one",
        spec(),
        bound(Some(77)),
        "
        lane a
        ! template Sync [blocked]
        1 blocked 2 unchanged of 1",
    );
    exists(
        "to none",
        spec(),
        bound(None),
        "
        lane a
        ~ template Sync [differs] variables.region: - > eu
        0 template Sync: variables c1 region=eu
        1 change 2 unchanged of 1",
    );
    let undeclared = account("a").template(spec());
    let held = live_account("a")
        .connector(live_connector(51, "Crm"))
        .cycle(bound(Some(77)));
    check(
        "where none is declared",
        Case::held(undeclared, held),
        "
        lane a
        ~ template Sync [differs] variables.region: - > eu
        0 template Sync: variables c1 region=eu
        1 change 1 unchanged of 1",
    );
}
