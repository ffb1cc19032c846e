//! The order of the calls in one account.

use crate::support::{Case, MADE_KEY, audit, check, key, mark};
use gangplank_model::testing::{
    account, connector, live_account, live_connector, live_cycle, template,
};
use gangplank_model::{AccountSpec, LiveAccount};

/// Everything at once: fields, connectors to install and to update, templates.
fn wants() -> AccountSpec {
    account("a")
        .fields(|fields| fields.timezone = Some(gangplank_model::testing::sourced("UTC".into())))
        .connector(connector("Crm", key()).described("d"))
        .connector(connector("Open", None))
        .template(template("Sync").every(60).variable("region", "eu"))
        .template(template("Clock"))
}

fn held() -> LiveAccount {
    live_account("a")
        .connector(live_connector(51, "Crm"))
        .cycle(
            live_cycle("c1", "Sync", "T-1")
                .active()
                .tags(&["gangplank:Sync", "gangplank:run=60"]),
        )
}

#[test]
fn account_then_connectors_then_templates() {
    check(
        "a new account",
        Case::new(wants()),
        "
        lane a
        + account [missing] name: - > a Ltd, timezone: - > UTC
        + connector Crm [missing] description: - > d, auth: - > (env KEY)
        + connector Open [missing]
        + template Sync [missing] variables.region: - > eu, run: - > every 1h
        + template Clock [missing]
        0 account: create name=a Ltd, timezone=UTC, audit= (made Crm)
        1 connector Crm: install 1 Crm 1.0 as Crm description=d, auth=(env KEY) <- 0
        2 connector Open: install 7 Open 1.0 as Open <- 0
        3 template Sync: install T-1 Crm=Crm <- 0 1 2
        4 template Sync: name new name=Sync marks=gangplank:Sync|gangplank:run=60 <- 0 3
        5 template Sync: variables new region=eu <- 0 3
        6 template Sync: activate new 60 <- 0 1 2 3 4 5
        7 template Clock: install T-3 <- 0 1 2
        8 template Clock: name new name=Clock marks=gangplank:Clock <- 0 7
        5 add of 1",
    );
    check(
        "installs come before updates",
        Case::held(wants(), held()),
        "
        lane a
        ~ account [differs] timezone: - > UTC
        ~ connector Crm [differs] description: - > d
        + connector Open [missing]
        ~ template Sync [differs interrupts] variables.region: - > eu
        + template Clock [missing]
        0 account: update timezone=UTC
        1 connector Open: install 7 Open 1.0 as Open
        2 connector Crm: update 51 description=d
        3 template Sync: stop c1
        4 template Sync: variables c1 region=eu <- 3
        5 template Sync: activate c1 60 <- 3
        6 template Clock: install T-3 <- 1 2
        7 template Clock: name new name=Clock marks=gangplank:Clock <- 6
        2 add 3 change of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
}

#[test]
fn a_mark_comes_after_what_it_speaks_of() {
    let remembered = held().audit(audit(MADE_KEY, [("Crm", mark("w")), ("Else", mark("e"))]));
    check(
        "a new secret",
        Case::held(wants(), remembered).made("Crm", mark("x")),
        "
        lane a
        ~ account [differs] timezone: - > UTC
        ~ connector Crm [secret-changed] description: - > d, auth: ? > (env KEY)
        + connector Open [missing]
        ~ template Sync [differs interrupts] variables.region: - > eu
        + template Clock [missing]
        0 connector Open: install 7 Open 1.0 as Open
        1 connector Crm: update 51 description=d, auth=(env KEY)
        2 account: update timezone=UTC, audit=owner: ann (kept Else under today) (made Crm) <- 0 1
        3 template Sync: stop c1
        4 template Sync: variables c1 region=eu <- 3
        5 template Sync: activate c1 60 <- 3
        6 template Clock: install T-3 <- 0 1
        7 template Clock: name new name=Clock marks=gangplank:Clock <- 6
        2 add 3 change of 1",
    );
}
