//! Templates that are not installed.

use crate::support::{Case, check, key};
use gangplank_model::testing::{
    account, connector, live_account, live_connector, live_cycle, template,
};
use gangplank_model::{
    AuthSpec, ConnectorChoice, LiveAccount, LiveConnector, LiveCycle, MappingSpec, Run, Schedule,
    TemplateChoice, TemplateSpec,
};

fn crm() -> LiveAccount {
    live_account("a").connector(live_connector(51, "Crm"))
}

fn installs(what: &str, spec: TemplateSpec, expected: &str) {
    let wants = account("a")
        .connector(connector("Crm", None))
        .template(spec);
    check(what, Case::held(wants, crm()), expected);
}

#[test]
fn a_template_is_installed_named_filled_in_and_started() {
    let fixed = MappingSpec::fixed;
    let full = template("Sync")
        .variable("region", "eu")
        .field("Add", "Email", fixed("e"))
        .parameter("Add", "List", fixed("l"))
        .parameter(
            "Zip",
            "Code",
            MappingSpec {
                mapping_type: "Ignore".into(),
                value: None,
            },
        )
        .field(
            "Zip",
            "City",
            MappingSpec {
                mapping_type: "ValueList".into(),
                value: Some("c".into()),
            },
        )
        .every(60);
    installs(
        "as it is",
        template("Sync"),
        "
        lane a
        + template Sync [missing]
        0 template Sync: install T-1 Crm=Crm
        1 template Sync: name new name=Sync marks=gangplank:Sync <- 0
        1 add 2 unchanged of 1",
    );
    installs("in full", full, "
        lane a
        + template Sync [missing] variables.region: - > eu, parameters.Add.List: - > l, parameters.Zip.Code: - > Ignore, mappings.Add.Email: - > e, mappings.Zip.City: - > ValueList: c, run: - > every 1h
        0 template Sync: install T-1 Crm=Crm
        1 template Sync: name new name=Sync marks=gangplank:Sync|gangplank:run=60 <- 0
        2 template Sync: variables new region=eu <- 0
        3 template Sync: parameter new Add.List StaticValue=l <- 0
        4 template Sync: parameter new Zip.Code Ignore <- 0
        5 template Sync: field new Add.Email StaticValue=e <- 0
        6 template Sync: field new Zip.City ValueList=c <- 0
        7 template Sync: activate new 60 <- 0 1 2 3 4 5 6
        1 add 2 unchanged of 1");
    installs(
        "paused",
        template("Sync").run(Run::Paused),
        "
        lane a
        + template Sync [missing] run: - > paused
        0 template Sync: install T-1 Crm=Crm
        1 template Sync: name new name=Sync marks=gangplank:Sync <- 0
        1 add 2 unchanged of 1",
    );
    installs(
        "once",
        template("Sync").run(Run::Active(Schedule::Once)),
        "
        lane a
        + template Sync [missing] run: - > once
        0 template Sync: install T-1 Crm=Crm
        1 template Sync: name new name=Sync marks=gangplank:Sync|gangplank:run=once <- 0
        2 template Sync: activate new once <- 0 1
        1 add 2 unchanged of 1",
    );
    let start = Some("2026-01-01T00:00:00Z".to_owned());
    let daily = Schedule::Every {
        minutes: 1440,
        start,
    };
    installs(
        "with a start",
        template("Sync").run(Run::Active(daily)),
        "
        lane a
        + template Sync [missing] run: - > every 1d from 2026-01-01T00:00:00Z
        0 template Sync: install T-1 Crm=Crm
        1 template Sync: name new name=Sync marks=gangplank:Sync|gangplank:run=1440@2026-01-01T00:00:00Z <- 0
        2 template Sync: activate new 1440@2026-01-01T00:00:00Z <- 0 1
        1 add 2 unchanged of 1",
    );
    installs(
        "every five minutes",
        template("Sync").every(5),
        "
        lane a
        + template Sync [missing] run: - > every 5m
        0 template Sync: install T-1 Crm=Crm
        1 template Sync: name new name=Sync marks=gangplank:Sync|gangplank:run=5 <- 0
        2 template Sync: activate new 5 <- 0 1
        1 add 2 unchanged of 1",
    );
}

#[test]
fn without_marks_only_a_name_of_its_own_is_written() {
    let wants = |spec: TemplateSpec| {
        account("a")
            .connector(connector("Crm", None))
            .template(spec)
    };
    check(
        "the template's name",
        Case::held(wants(template("Sync")), crm()).unmarked(),
        "
        lane a
        + template Sync [missing]
        0 template Sync: install T-1 Crm=Crm
        1 add 2 unchanged of 1",
    );
    let own = template("Own").of(TemplateChoice::Name("Sync".into()));
    check(
        "its own name",
        Case::held(wants(own), crm()).unmarked(),
        "
        lane a
        + template Own [missing]
        0 template Own: install T-1 Crm=Crm
        1 template Own: name new name=Own marks= <- 0
        1 add 2 unchanged of 1",
    );
    let there = crm().cycle(live_cycle("c1", "Sync", "T-2"));
    check(
        "a name that the vendor may number",
        Case::held(wants(template("Sync")), there).unmarked(),
        "
        lane a
        + template Sync [missing]
        0 template Sync: install T-1 Crm=Crm
        1 template Sync: name new name=Sync marks= <- 0
        1 add 2 unchanged of 1",
    );
}

#[test]
fn a_new_cycle_may_wait_or_be_in_the_way_of_nothing() {
    let mails = || template("Mails").every(60);
    let wants = || {
        account("a")
            .connector(connector("Crm", key()))
            .template(mails())
    };
    let sign_in = || connector("Mail", Some(AuthSpec::SignInOAuth2));
    check(
        "for a sign-in",
        Case::held(wants().connector(sign_in()), live_account("a")),
        "
        lane a
        + connector Crm [missing] auth: - > (env KEY)
        + connector Mail [missing waiting] auth: - > oauth2
        + template Mails [missing waiting] run: - > every 1h
        0 connector Crm: install 1 Crm 1.0 as Crm auth=(env KEY)
        1 connector Mail: install 2 Mail 1.0 as Mail auth=SignInOAuth2
        2 account: update audit= (made Crm) <- 0 1
        3 template Mails: install T-2 Crm=Crm Mail=Mail <- 0 1
        4 template Mails: name new name=Mails marks=gangplank:Mails|gangplank:run=60 <- 3
        3 add 2 waiting 1 unchanged of 1",
    );
    let paused = account("a")
        .connector(sign_in())
        .template(template("Mails").run(Run::Paused));
    check(
        "paused waits for nobody",
        Case::held(paused, crm()),
        "
        lane a
        + connector Mail [missing waiting] auth: - > oauth2
        + template Mails [missing] run: - > paused
        0 connector Mail: install 2 Mail 1.0 as Mail auth=SignInOAuth2
        1 template Mails: install T-2 Mail=Mail <- 0
        2 template Mails: name new name=Mails marks=gangplank:Mails <- 1
        2 add 1 waiting 1 unchanged of 1",
    );
    check(
        "for one that is not declared",
        Case::held(wants(), crm()),
        "
        lane a
        + template Mails [missing waiting] run: - > every 1h
        0 template Mails: install T-2 Crm=Crm
        1 template Mails: name new name=Mails marks=gangplank:Mails|gangplank:run=60 <- 0
        1 add 1 waiting 2 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
    let there = crm().connector(live_connector(52, "Mail"));
    check(
        "one that is there undeclared",
        Case::held(wants(), there),
        "
        lane a
        + template Mails [missing] run: - > every 1h
        0 template Mails: install T-2 Crm=Crm
        1 template Mails: name new name=Mails marks=gangplank:Mails|gangplank:run=60 <- 0
        2 template Mails: activate new 60 <- 0 1
        1 add 2 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
    let out = crm().connector(live_connector(52, "Mail").signed_out());
    check(
        "one that is there signed out",
        Case::held(wants(), out),
        "
        lane a
        + template Mails [missing waiting] run: - > every 1h
        0 template Mails: install T-2 Crm=Crm
        1 template Mails: name new name=Mails marks=gangplank:Mails|gangplank:run=60 <- 0
        1 add 1 waiting 2 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
    check(
        "a utility is always ready",
        Case::held(
            account("a").template(template("Clock").every(60)),
            live_account("a"),
        ),
        "
        lane a
        + template Clock [missing] run: - > every 1h
        0 template Clock: install T-3
        1 template Clock: name new name=Clock marks=gangplank:Clock|gangplank:run=60 <- 0
        2 template Clock: activate new 60 <- 0 1
        1 add 1 unchanged of 1",
    );
    let twice = crm().connector(live_connector(52, "Crm"));
    check(
        "a connector is blocked",
        Case::held(wants(), twice),
        "
        lane a
        ! connector Crm [blocked]
        ! template Mails [blocked]
        2 blocked 1 unchanged of 1",
    );
}

#[test]
fn which_cycle_is_the_new_one() {
    let known = crm()
        .cycle(live_cycle("c2", "Hers", "T-1").ran())
        .cycle(
            LiveCycle {
                template_id: Some("t-1".into()),
                ..live_cycle("c1", "Mine", "")
            }
            .ran(),
        )
        .cycle(live_cycle("c3", "Else", "T-2"));
    let two = account("a")
        .connector(connector("Crm", None))
        .connector(
            connector("Crm", key())
                .named("Crm 2")
                .of(ConnectorChoice::Id(1)),
        )
        .template(template("Sync"));
    check(
        "none of those that are there",
        Case::held(two, known),
        "
        lane a
        + connector Crm 2 [missing] auth: - > (env KEY)
        + template Sync [missing waiting waiting]
        0 connector Crm 2: install 1 Crm 1.0 as Crm 2 auth=(env KEY)
        1 account: update audit= (made Crm 2) <- 0
        2 template Sync: install T-1 Crm=Crm|Crm 2 beside c1 c2 <- 0
        3 template Sync: name new name=Sync marks=gangplank:Sync <- 2
        2 add 1 waiting 2 unchanged of 1",
    );
}

/// A template was installed all the same where another connector stood under the name of the one it
/// needs, or where that one was chosen by its id and stood there twice.
#[test]
fn a_blocked_connector_blocks_the_templates_that_need_it() {
    let blocked = "
        lane a
        ! connector Crm [blocked]
        ! template Sync [blocked]
        2 blocked 1 unchanged of 1";
    let other = LiveConnector {
        connector_name: "Else".into(),
        ..live_connector(51, "Crm")
    };
    let wants = |choice: ConnectorChoice| {
        account("a")
            .connector(connector("Crm", None).of(choice))
            .template(template("Sync"))
    };
    let by_name = || ConnectorChoice::Name {
        name: "Crm".into(),
        version: None,
    };
    let other = || live_account("a").connector(other.clone());
    check(
        "another one, by name",
        Case::held(wants(by_name()), other()),
        blocked,
    );
    check(
        "another one, by id",
        Case::held(wants(ConnectorChoice::Id(1)), other()),
        blocked,
    );
    let twice = || crm().connector(live_connector(52, "Crm"));
    check(
        "two, by name",
        Case::held(wants(by_name()), twice()),
        blocked,
    );
    check(
        "two, by id",
        Case::held(wants(ConnectorChoice::Id(1)), twice()),
        blocked,
    );
}

/// A utility that the instance says is not authenticated made its templates wait for ever.
#[test]
fn a_utility_that_is_there_is_ready() {
    let wants = account("a")
        .connector(connector("Util", None))
        .template(template("Clock").every(60));
    let held = live_account("a").connector(live_connector(51, "Util").signed_out());
    check(
        "declared and signed out",
        Case::held(wants, held),
        "
        lane a
        + template Clock [missing] run: - > every 1h
        0 template Clock: install T-3 Util=Util
        1 template Clock: name new name=Clock marks=gangplank:Clock|gangplank:run=60 <- 0
        2 template Clock: activate new 60 <- 0 1
        1 add 2 unchanged of 1",
    );
}
