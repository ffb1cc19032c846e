//! Connectors that are there: what differs, who has to act, what is in the way.

use crate::support::{Case, check, fields, key};
use gangplank_model::testing::{account, connector, live_account, live_connector};
use gangplank_model::{AuthSpec, ConnectorChoice, ConnectorSpec, LiveConnector};

fn updates(what: &str, spec: ConnectorSpec, held: LiveConnector, expected: &str) {
    let held = live_account("a").connector(held);
    check(
        what,
        Case::held(account("a").connector(spec), held),
        expected,
    );
}

#[test]
fn texts() {
    let crm = || live_connector(51, "Crm");
    updates(
        "it tallies",
        connector("Crm", None),
        crm(),
        "2 unchanged of 1",
    );
    updates(
        "description",
        connector("Crm", None).described("d"),
        crm(),
        "
        lane a
        ~ connector Crm [differs] description: - > d
        0 connector Crm: update 51 description=d
        1 change 1 unchanged of 1",
    );
    updates(
        "partner flag",
        connector("Crm", None).partner(true),
        crm(),
        "
        lane a
        ~ connector Crm [differs] partner: false > true
        0 connector Crm: update 51 partner=true
        1 change 1 unchanged of 1",
    );
    updates(
        "partner flag tallies",
        connector("Crm", None).partner(false),
        crm(),
        "2 unchanged of 1",
    );
}

#[test]
fn properties() {
    let form = || live_connector(51, "Form").property("Token", None);
    let host = || connector("Form", None).text("Host", "h");
    updates(
        "a property that is missing",
        host(),
        form(),
        "
        lane a
        ~ connector Form [differs] properties.Host: - > h
        0 connector Form: update 51 Host=h
        1 change 1 unchanged of 1",
    );
    updates(
        "a property that differs",
        host(),
        form().property("Host", Some("g")),
        "
        lane a
        ~ connector Form [differs] properties.Host: g > h
        0 connector Form: update 51 Host=h
        1 change 1 unchanged of 1",
    );
    updates(
        "a property that tallies",
        host(),
        form().property("Host", Some("h")),
        "2 unchanged of 1",
    );
    updates(
        "a property that is null",
        host(),
        form().property("Host", None),
        "
        lane a
        ~ connector Form [differs] properties.Host: - > h
        0 connector Form: update 51 Host=h
        1 change 1 unchanged of 1",
    );
    updates(
        "a property that is there twice",
        host(),
        form()
            .property("Host", Some("h"))
            .property("Host", Some("g")),
        "
        lane a
        ! connector Form [blocked]
        1 blocked 1 unchanged of 1",
    );
    updates(
        "a secret that is missing",
        connector("Form", None).hidden("Token", "T"),
        live_connector(51, "Form"),
        "
        lane a
        ~ connector Form [differs] properties.Token: - > (env T)
        0 connector Form: update 51 Token=(env T)
        1 account: update audit= (made Form) <- 0
        1 change 1 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
    updates(
        "fields of a credential",
        connector("Form", fields()),
        form(),
        "
        lane a
        ~ connector Form [differs] properties.Host: - > h
        0 connector Form: update 51 Host=h, Token=(env TOKEN)
        1 change 1 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
}

#[test]
fn credentials_that_the_instance_does_not_have() {
    let out = |name: &str| live_connector(51, name).signed_out();
    updates(
        "a key is sent",
        connector("Crm", key()),
        out("Crm"),
        "
        lane a
        ~ connector Crm [not-authenticated] auth: ? > (env KEY)
        0 connector Crm: update 51 auth=(env KEY)
        1 account: update audit= (made Crm) <- 0
        1 change 1 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
    updates(
        "no auth is declared",
        connector("Crm", None),
        out("Crm"),
        "2 unchanged of 1",
    );
    updates(
        "the customer has to sign in",
        connector("Mail", Some(AuthSpec::SignInOAuth2)),
        out("Mail"),
        "
        lane a
        ! connector Mail [waiting]
        1 waiting 1 unchanged of 1",
    );
    updates(
        "and meanwhile the rest goes on",
        connector("Mail", Some(AuthSpec::SignInOAuth2)).described("d"),
        out("Mail"),
        "
        lane a
        ~ connector Mail [differs waiting] description: - > d
        0 connector Mail: update 51 description=d
        1 change 1 waiting 1 unchanged of 1",
    );
    updates(
        "auth: none never waits",
        connector("Open", Some(AuthSpec::None)),
        out("Open"),
        "2 unchanged of 1",
    );
    updates(
        "a utility never waits",
        connector("Util", None),
        out("Util"),
        "2 unchanged of 1",
    );
}

#[test]
fn another_connector_stands_under_the_name() {
    let crm = || live_connector(51, "Crm");
    let by_id = |id: i64| connector("Crm", None).of(ConnectorChoice::Id(id));
    let shop = LiveConnector {
        connector_name: "Shop".into(),
        ..crm()
    };
    updates(
        "another one",
        connector("Crm", None),
        shop.clone(),
        "
        lane a
        ! connector Crm [blocked]
        1 blocked 1 unchanged of 1",
    );
    updates(
        "another version",
        connector("Crm", None).version("2.0"),
        crm(),
        "
        lane a
        ! connector Crm [blocked]
        1 blocked 1 unchanged of 1",
    );
    updates(
        "the same version",
        connector("Crm", None).version("1.0"),
        crm(),
        "2 unchanged of 1",
    );
    updates(
        "the same release by its id",
        by_id(1),
        crm(),
        "2 unchanged of 1",
    );
    updates(
        "an older release by its id",
        by_id(9),
        LiveConnector {
            release_id: Some(9),
            ..crm()
        },
        "2 unchanged of 1",
    );
    updates(
        "another release by its id",
        by_id(2),
        crm(),
        "
        lane a
        ! connector Crm [blocked]
        1 blocked 1 unchanged of 1",
    );
    updates(
        "it may still be removed",
        connector("Crm", None).absent(),
        shop,
        "
        lane a
        - connector Crm [absent]
        0 connector Crm: delete 51
        1 remove 1 unchanged of 1",
    );
}

#[test]
fn what_runs_on_a_connector_that_goes_is_told() {
    let held = |cycle: gangplank_model::LiveCycle| {
        live_account("a")
            .connector(live_connector(51, "Crm"))
            .cycle(cycle.bound("Crm", 51, true))
    };
    let wants = || account("a").connector(connector("Crm", None).absent());
    let cycle = || gangplank_model::testing::live_cycle("c1", "By hand", "T-9");
    for (what, cycle, reasons) in [
        ("a running one", cycle().active(), "absent stops"),
        ("a paused one", cycle(), "absent"),
    ] {
        let expected = format!(
            "
        lane a
        - connector Crm [{reasons}]
        0 connector Crm: delete 51
        1 remove 1 unchanged of 1"
        );
        check(what, Case::held(wants(), held(cycle)), &expected);
    }
}

#[test]
fn several_connectors_of_one_name() {
    let held = live_account("a")
        .connector(live_connector(51, "Crm"))
        .connector(live_connector(52, "Crm"));
    let wants = |spec: ConnectorSpec| Case::held(account("a").connector(spec), held.clone());
    check(
        "nothing is touched",
        wants(connector("Crm", key())),
        "
        lane a
        ! connector Crm [blocked]
        1 blocked 1 unchanged of 1",
    );
    check(
        "nothing is removed",
        wants(connector("Crm", key()).absent()),
        "
        lane a
        ! connector Crm [blocked]
        1 blocked 1 unchanged of 1",
    );
    let by_id = connector("Crm", key()).of(ConnectorChoice::Id(1));
    check(
        "by its id as well",
        wants(by_id),
        "
        lane a
        ! connector Crm [blocked]
        1 blocked 1 unchanged of 1",
    );
}
