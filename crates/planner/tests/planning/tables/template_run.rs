//! Whether a cycle runs: started, stopped, rescheduled, waiting.

use crate::support::{Case, check, key};
use gangplank_model::testing::{
    account, connector, live_account, live_connector, live_cycle, template,
};
use gangplank_model::{
    AuthSpec, ConnectorSpec, LiveConnector, LiveCycle, Run, Schedule, TemplateSpec,
};

fn runs(what: &str, spec: TemplateSpec, cycle: LiveCycle, expected: &str) {
    serves(
        what,
        spec,
        cycle,
        (connector("Crm", None), live_connector(51, "Crm")),
        expected,
    );
}

/// A cycle whose connector is wanted and held so.
fn serves(
    what: &str,
    spec: TemplateSpec,
    cycle: LiveCycle,
    connector: (ConnectorSpec, LiveConnector),
    expected: &str,
) {
    let wants = account("a").connector(connector.0).template(spec);
    let held = live_account("a").connector(connector.1);
    check(what, Case::held(wants, held.cycle(cycle)), expected);
}

fn marked(run: &[&str]) -> LiveCycle {
    live_cycle("c1", "Sync", "T-1")
        .tags(&["gangplank:Sync"])
        .tags(run)
        .bound("Crm", 51, true)
}

fn once() -> TemplateSpec {
    template("Sync").run(Run::Active(Schedule::Once))
}

#[test]
fn as_it_should() {
    let hourly = &["gangplank:run=60"];
    let every = |minutes: u32| template("Sync").every(minutes);
    runs(
        "paused, as wanted",
        template("Sync").run(Run::Paused),
        marked(&[]),
        "3 unchanged of 1",
    );
    runs(
        "paused, and should run",
        every(60),
        marked(hourly),
        "
        lane a
        ~ template Sync [not-running] run: paused > every 1h
        0 template Sync: activate c1 60
        1 change 2 unchanged of 1",
    );
    runs(
        "paused, unmarked, and should run",
        every(60),
        live_cycle("c1", "Sync", "T-1"),
        "
        lane a
        ~ template Sync [not-running] run: paused > every 1h
        0 template Sync: name c1 marks=gangplank:Sync|gangplank:run=60 tags=gangplank:Sync|gangplank:run=60
        1 template Sync: activate c1 60 <- 0
        1 change 2 unchanged of 1",
    );
    runs(
        "paused, and was to run otherwise",
        every(5),
        marked(hourly),
        "
        lane a
        ~ template Sync [not-running] run: paused > every 5m
        0 template Sync: name c1 marks=gangplank:Sync|gangplank:run=5 tags=gangplank:Sync|gangplank:run=5
        1 template Sync: activate c1 5 <- 0
        1 change 2 unchanged of 1",
    );
    runs(
        "running, as wanted",
        every(60),
        marked(hourly).active(),
        "3 unchanged of 1",
    );
    runs(
        "running, on another schedule",
        every(5),
        marked(hourly).active(),
        "
        lane a
        ~ template Sync [differs interrupts] run: every 1h > every 5m
        0 template Sync: stop c1
        1 template Sync: name c1 marks=gangplank:Sync|gangplank:run=5 tags=gangplank:Sync|gangplank:run=5 <- 0
        2 template Sync: activate c1 5 <- 0
        1 change 2 unchanged of 1",
    );
    runs(
        "running, and nobody knows how",
        every(60),
        marked(&[]).active(),
        "
        3 unchanged of 1
        note 1 cycle runs on a schedule that Gangplank did not set and the API does not tell",
    );
    runs(
        "running, and should be paused",
        template("Sync").run(Run::Paused),
        marked(hourly).active(),
        "
        lane a
        ~ template Sync [running] run: every 1h > paused
        0 template Sync: stop c1
        1 template Sync: name c1 marks=gangplank:Sync tags=gangplank:Sync <- 0
        1 change 2 unchanged of 1",
    );
    runs(
        "running, and nothing is said",
        template("Sync"),
        marked(hourly).active(),
        "3 unchanged of 1",
    );
}

#[test]
fn once_is_once() {
    let once_tag = &["gangplank:run=once"];
    runs(
        "it did not run yet",
        once(),
        marked(once_tag),
        "
        lane a
        ~ template Sync [not-running] run: paused > once
        0 template Sync: activate c1 once
        1 change 2 unchanged of 1",
    );
    runs(
        "it ran its one time",
        once(),
        marked(once_tag).ran(),
        "3 unchanged of 1",
    );
    runs(
        "it runs its one time",
        once(),
        marked(once_tag).active(),
        "3 unchanged of 1",
    );
    runs(
        "it ran before, every hour",
        once(),
        marked(&["gangplank:run=60"]).ran(),
        "
        lane a
        ~ template Sync [not-running] run: paused > once
        0 template Sync: name c1 marks=gangplank:Sync|gangplank:run=once tags=gangplank:Sync|gangplank:run=once
        1 template Sync: activate c1 once <- 0
        1 change 2 unchanged of 1",
    );
    runs(
        "it should run every hour now",
        template("Sync").every(60),
        marked(once_tag).ran(),
        "
        lane a
        ~ template Sync [not-running] run: paused > every 1h
        0 template Sync: name c1 marks=gangplank:Sync|gangplank:run=60 tags=gangplank:Sync|gangplank:run=60
        1 template Sync: activate c1 60 <- 0
        1 change 2 unchanged of 1",
    );
}

#[test]
fn whom_a_start_waits_for() {
    let hourly = || template("Sync").every(60);
    let out = || live_connector(51, "Crm").signed_out();
    let cycle = || marked(&["gangplank:run=60"]);
    let unbound = |authenticated: bool| {
        live_cycle("c1", "Sync", "T-1")
            .tags(&["gangplank:Sync", "gangplank:run=60"])
            .bound("Util", 99, authenticated)
    };
    let mail = live_cycle("c1", "Sync", "T-1").tags(&["gangplank:Sync", "gangplank:run=60"]);
    let sign_in = connector("Mail", Some(AuthSpec::SignInOAuth2));
    serves(
        "a sign-in",
        hourly(),
        mail.bound("Mail", 51, false),
        (sign_in, live_connector(51, "Mail").signed_out()),
        "
        lane a
        ! connector Mail [waiting]
        ! template Sync [waiting]
        2 waiting 1 unchanged of 1",
    );
    serves(
        "a connector without auth",
        hourly(),
        cycle(),
        (connector("Crm", None), out()),
        "
        lane a
        ! template Sync [waiting]
        1 waiting 2 unchanged of 1",
    );
    serves(
        "a credential that goes out now",
        hourly(),
        cycle(),
        (connector("Crm", key()), out()),
        "
        lane a
        ~ connector Crm [not-authenticated] auth: ? > (env KEY)
        ~ template Sync [not-running] run: paused > every 1h
        0 connector Crm: update 51 auth=(env KEY)
        1 account: update audit= (made Crm) <- 0
        2 template Sync: activate c1 60 <- 0
        2 change 1 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
    serves(
        "an undeclared one that is ready",
        hourly(),
        unbound(true),
        (connector("Crm", None), live_connector(51, "Crm")),
        "
        lane a
        ~ template Sync [not-running] run: paused > every 1h
        0 template Sync: activate c1 60
        1 change 2 unchanged of 1",
    );
    serves(
        "an undeclared one that is not",
        hourly(),
        unbound(false),
        (connector("Crm", None), live_connector(51, "Crm")),
        "
        lane a
        ! template Sync [waiting]
        1 waiting 2 unchanged of 1",
    );
    serves(
        "and meanwhile the rest goes on",
        hourly().variable("region", "eu"),
        cycle(),
        (connector("Crm", None), out()),
        "
        lane a
        ~ template Sync [differs waiting] variables.region: - > eu
        0 template Sync: variables c1 region=eu
        1 change 1 waiting 2 unchanged of 1",
    );
}

/// A cycle was started in the same plan that removes its connector.
#[test]
fn a_cycle_does_not_count_on_a_connector_that_goes() {
    let gone = || (connector("Crm", None).absent(), live_connector(51, "Crm"));
    serves(
        "one that exists",
        template("Sync").every(60),
        marked(&["gangplank:run=60"]),
        gone(),
        "
        lane a
        - connector Crm [absent]
        ! template Sync [waiting]
        0 connector Crm: delete 51
        1 remove 1 waiting 1 unchanged of 1",
    );
    let wants = account("a")
        .connector(gone().0)
        .template(template("Sync").every(60));
    let held = live_account("a").connector(gone().1);
    check(
        "a new one",
        Case::held(wants, held),
        "
        lane a
        - connector Crm [absent]
        + template Sync [missing waiting] run: - > every 1h
        0 template Sync: install T-1 Crm=Crm
        1 template Sync: name new name=Sync marks=gangplank:Sync|gangplank:run=60 <- 0
        2 connector Crm: delete 51
        1 add 1 remove 1 waiting 1 unchanged of 1",
    );
}

/// Without marks, a cycle with an old tag was stopped and started on every run, and one that was to
/// run once ran on every run.
#[test]
fn without_marks_nothing_is_done_again_and_again() {
    let case = |spec: TemplateSpec, cycle: LiveCycle| {
        let wants = account("a").connector(connector("Crm", None));
        let held = live_account("a").connector(live_connector(51, "Crm"));
        Case::held(wants.template(spec), held.cycle(cycle)).unmarked()
    };
    let hourly = marked(&["gangplank:run=60"]).active();
    check(
        "a tag of former times",
        case(template("Sync").every(5), hourly),
        "
        3 unchanged of 1
        note 1 cycle runs on a schedule that Gangplank did not set and the API does not tell",
    );
    check(
        "once, and it ran",
        case(once(), marked(&[]).ran()),
        "3 unchanged of 1",
    );
    check(
        "once, and it did not run yet",
        case(once(), marked(&[])),
        "
        lane a
        ~ template Sync [not-running] run: paused > once
        0 template Sync: activate c1 once
        1 change 2 unchanged of 1",
    );
}
