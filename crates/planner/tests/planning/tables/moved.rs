//! Entries that were moved: renamed in the right order, and compared like any other.

use crate::support::{Case, MADE_KEY, audit, check, key, mark};
use gangplank_model::testing::{
    account, connector, live_account, live_connector, live_cycle, template,
};
use gangplank_model::{AccountMark, AccountSpec, ConnectorChoice, LiveAccount};

/// An entry of Open, which needs no credential, under another name.
fn open(name: &str) -> gangplank_model::ConnectorSpec {
    connector(name, None).of(ConnectorChoice::Name {
        name: "Open".into(),
        version: None,
    })
}

fn held(names: &[(i64, &str)]) -> LiveAccount {
    let all = names.iter();
    all.fold(live_account("a"), |held, (id, name)| {
        held.connector(live_connector(*id, "Open").named(name))
    })
}

#[test]
fn a_connector_is_renamed_in_the_call_that_changes_it() {
    let wants = || account("a").connector(open("New").moved(&["Older", "Old"]).described("d"));
    check(
        "under its former name",
        Case::held(wants(), held(&[(51, "Old")])),
        "
        lane a
        > connector New [moved differs] description: - > d
        0 connector New: rename 51 to New description=d
        1 moved 1 unchanged of 1",
    );
    check(
        "both are there: it is done, and the old one is not ours",
        Case::held(
            account("a").connector(open("New").moved(&["Old"])),
            held(&[(51, "Old"), (52, "New")]),
        ),
        "2 unchanged of 1",
    );
    check(
        "under neither",
        Case::held(wants(), held(&[])),
        "
        lane a
        + connector New [missing] description: - > d
        0 connector New: install 7 Open 1.0 as New description=d
        1 add 1 unchanged of 1",
    );
    check(
        "under several",
        Case::held(wants(), held(&[(51, "Old"), (52, "Older")])),
        "
        lane a
        ! connector New [blocked]
        1 blocked 1 unchanged of 1",
    );
    check(
        "another connector",
        Case::held(
            account("a").connector(connector("Crm", key()).moved(&["Old"])),
            held(&[(51, "Old")]),
        ),
        "
        lane a
        ! connector Crm [blocked]
        1 blocked 1 unchanged of 1",
    );
    check(
        "to be removed, whatever its name",
        Case::held(
            account("a").connector(open("New").moved(&["Old"]).absent()),
            held(&[(51, "Old")]),
        ),
        "
        lane a
        - connector New [absent moved]
        0 connector New: delete 51
        1 remove 1 unchanged of 1",
    );
}

#[test]
fn fingerprints_move_along() {
    let wants = || {
        account("a").connector(
            connector("Crm", key())
                .named("New")
                .of(ConnectorChoice::Name {
                    name: "Crm".into(),
                    version: None,
                })
                .moved(&["Old"]),
        )
    };
    let live = |name: &str, marked: &str| {
        live_account("a")
            .connector(live_connector(51, "Crm").named(name))
            .audit(audit(MADE_KEY, [(marked, mark("old name"))]))
    };
    let case = |held| {
        let mut case = Case::held(wants(), held).made("New", mark("new name"));
        let address =
            gangplank_model::Address::connector(&gangplank_model::AccountId::new("a"), "New");
        let made = case.context.made_marks.get_or_insert_default();
        let former = made.former.entry(address).or_default();
        former.insert("Old".into(), mark("old name"));
        case
    };
    check(
        "the same secret is not sent again",
        case(live("Old", "Old")),
        "
        lane a
        > connector New [moved]
        0 connector New: rename 51 to New
        1 account: update audit=owner: ann (kept New under today) (made New) <- 0
        1 moved 1 unchanged of 1",
    );
    check(
        "a run was cut off before it could remember the new name",
        case(live("New", "Old")),
        "
        lane a
        ~ connector New [differs] mark: Old > New
        0 account: update audit=owner: ann (kept New under today) (made New)
        1 change 1 unchanged of 1",
    );
    check(
        "another secret is",
        case(live("Old", "Old").audit(audit(MADE_KEY, [("Old", mark("rotated"))]))),
        "
        lane a
        > connector New [moved secret-changed] auth: ? > (env KEY)
        0 connector New: rename 51 to New auth=(env KEY)
        1 account: update audit=owner: ann (made New) <- 0
        1 moved 1 unchanged of 1",
    );
}

#[test]
fn no_name_is_taken_twice() {
    let chain = || {
        account("a")
            .connector(open("B").moved(&["A"]))
            .connector(open("C").moved(&["B"]))
    };
    check(
        "a chain",
        Case::held(chain(), held(&[(51, "A"), (52, "B")])),
        "
        lane a
        > connector B [moved]
        > connector C [moved]
        0 connector C: rename 52 to C
        1 connector B: rename 51 to B <- 0
        2 moved 1 unchanged of 1",
    );
    check(
        "what was never there comes first, too",
        Case::held(chain(), held(&[(51, "A")])),
        "
        lane a
        > connector B [moved]
        + connector C [missing]
        0 connector C: install 7 Open 1.0 as C
        1 connector B: rename 51 to B <- 0
        1 add 1 moved 1 unchanged of 1",
    );
    check(
        "whoever is held up holds up others",
        Case::held(
            account("a").connector(open("B").moved(&["A"])).connector(
                connector("C", key())
                    .of(ConnectorChoice::Id(1))
                    .moved(&["B"]),
            ),
            held(&[(51, "A"), (52, "B")]),
        ),
        "
        lane a
        ! connector B [blocked]
        ! connector C [blocked]
        2 blocked 1 unchanged of 1",
    );
}

fn swap() -> AccountSpec {
    account("a")
        .connector(open("A").moved(&["B"]))
        .connector(open("B").moved(&["A"]))
}

#[test]
fn names_are_exchanged_by_way_of_a_third() {
    check(
        "both are there",
        Case::held(swap(), held(&[(51, "A"), (52, "B")])),
        "
        lane a
        > connector A [moved]
        > connector B [moved]
        0 connector A: rename 52 to A (gangplank: moving)
        1 account: update audit= (kept  under ) (A was B) (B was A) <- 0
        2 connector B: rename 51 to B <- 0 1
        3 connector A: rename 52 to A <- 0 1 2
        2 moved 1 unchanged of 1",
    );
    let mut done = AccountMark::default();
    for (name, from) in [("A", "B"), ("B", "A")] {
        done.moved.insert(name.into(), from.into());
    }
    check(
        "it is done",
        Case::held(swap(), held(&[(51, "B"), (52, "A")]).audit(done.render(""))),
        "3 unchanged of 1",
    );
    check(
        "cut off after the first call",
        Case::held(swap(), held(&[(51, "A"), (52, "A (gangplank: moving)")])),
        "
        lane a
        > connector A [moved cut-off]
        > connector B [moved]
        0 account: update audit= (kept  under ) (A was B) (B was A)
        1 connector B: rename 51 to B <- 0
        2 connector A: rename 52 to A <- 0 1
        2 moved 1 unchanged of 1",
    );
    check(
        "a new account remembers it from the start",
        Case::new(swap()),
        "
        lane a
        + account [missing] name: - > a Ltd
        + connector A [missing]
        + connector B [missing]
        0 account: create name=a Ltd, audit= (kept  under ) (A was B) (B was A)
        1 connector A: install 7 Open 1.0 as A <- 0
        2 connector B: install 7 Open 1.0 as B <- 0 1
        3 add of 1",
    );
    check(
        "nothing would remember it",
        Case::held(swap(), held(&[])).unmarked(),
        "
        lane a
        + connector A [missing]
        + connector B [missing]
        0 connector A: install 7 Open 1.0 as A
        1 connector B: install 7 Open 1.0 as B <- 0
        2 add 1 unchanged of 1
        error swap-unmarked at 1 (leave marks on, or rename them in the Console)",
    );
}

#[test]
fn cycles_are_renamed_by_their_tags() {
    let cycle = |id: &str, name: &str| {
        let entry = format!("gangplank:{name}");
        live_cycle(id, name, "T-3")
            .bound("Util", 54, true)
            .tags(&["crm", &entry])
    };
    let entry = |name: &str, from: &str| {
        let choice = gangplank_model::TemplateChoice::Name("Clock".into());
        template(name).of(choice).moved(&[from])
    };
    let util = || live_account("a").connector(live_connector(54, "Util"));
    check(
        "a paused one",
        Case::held(
            account("a").template(entry("New", "Old")),
            util().cycle(cycle("c1", "Old")),
        ),
        "
        lane a
        > template New [moved]
        0 template New: name c1 name=New marks=gangplank:New tags=crm|gangplank:New
        1 moved 1 unchanged of 1",
    );
    check(
        "a running one, of which nobody says how it is started again",
        Case::held(
            account("a").template(entry("New", "Old")),
            util().cycle(cycle("c1", "Old").active()),
        ),
        "
        lane a
        ! template New [blocked]
        1 blocked 1 unchanged of 1",
    );
    check(
        "an unmarked one, by its name",
        Case::held(
            account("a").template(entry("New", "Old")),
            util().cycle(live_cycle("c1", "Old", "T-3").bound("Util", 54, true)),
        ),
        "
        lane a
        > template New [moved]
        0 template New: name c1 name=New marks=gangplank:New tags=gangplank:New
        1 moved 1 unchanged of 1",
    );
    check(
        "two that exchange names",
        Case::held(
            account("a").template(entry("A", "B").every(60)).template(entry("B", "A")),
            util().cycle(cycle("c1", "A")).cycle(cycle("c2", "B").active()),
        ),
        "
        lane a
        > template A [moved interrupts]
        > template B [moved]
        0 template A: stop c2
        1 template A: name c2 name=A (gangplank: moving) marks=gangplank:A (gangplank: moving) tags=crm|gangplank:A (gangplank: moving) <- 0
        2 template B: name c1 name=B marks=gangplank:B|gangplank:moved=A tags=crm|gangplank:B|gangplank:moved=A <- 1
        3 template A: name c2 name=A marks=gangplank:A|gangplank:moved=B|gangplank:run=60 tags=crm|gangplank:A|gangplank:moved=B|gangplank:run=60 <- 0 1 2
        4 template A: activate c2 60 <- 0
        2 moved 1 unchanged of 1
        note 1 cycle runs on a schedule that Gangplank did not set and the API does not tell",
    );
}
