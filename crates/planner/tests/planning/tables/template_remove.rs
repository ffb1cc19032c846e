//! Cycles and accounts that go.

use crate::support::{Case, check};
use gangplank_model::testing::{
    account, connector, live_account, live_connector, live_cycle, template,
};
use gangplank_model::{CycleStatus, LiveCycle, TemplateChoice, TemplateSpec};

fn removes<const N: usize>(what: &str, spec: TemplateSpec, cycles: [LiveCycle; N], expected: &str) {
    let held = cycles
        .into_iter()
        .fold(live_account("a"), gangplank_model::LiveAccount::cycle);
    check(
        what,
        Case::held(account("a").template(spec.absent()), held),
        expected,
    );
}

fn cycle(id: &str) -> LiveCycle {
    live_cycle(id, "Sync", "T-1")
}

#[test]
fn a_cycle_goes() {
    let marked = |id: &str| cycle(id).tags(&["gangplank:Sync"]);
    removes(
        "it is gone already",
        template("Sync"),
        [],
        "1 unchanged of 1",
    );
    removes(
        "by its mark",
        template("Sync"),
        [marked("c1"), cycle("c2")],
        "
        lane a
        - template Sync [absent]
        0 template Sync: delete c1
        1 remove 1 unchanged of 1",
    );
    removes(
        "by its name",
        template("Sync"),
        [cycle("c1")],
        "
        lane a
        - template Sync [absent]
        0 template Sync: delete c1
        1 remove 1 unchanged of 1",
    );
    removes(
        "a running one is stopped first",
        template("Sync"),
        [marked("c1").active()],
        "
        lane a
        - template Sync [absent]
        0 template Sync: stop c1
        1 template Sync: delete c1 <- 0
        1 remove 1 unchanged of 1",
    );
    removes(
        "an odd one as well",
        template("Sync"),
        [LiveCycle {
            status: CycleStatus::Other("Odd".into()),
            ..marked("c1")
        }],
        "
        lane a
        - template Sync [absent]
        0 template Sync: stop c1
        1 template Sync: delete c1 <- 0
        1 remove 1 unchanged of 1",
    );
    removes(
        "two are marked",
        template("Sync"),
        [marked("c1"), marked("c2")],
        "
        lane a
        ! template Sync [blocked]
        1 blocked 1 unchanged of 1",
    );
    removes(
        "two have its name",
        template("Sync"),
        [cycle("c1"), cycle("c2")],
        "
        lane a
        ! template Sync [blocked]
        1 blocked 1 unchanged of 1",
    );
    removes(
        "somebody else's stays",
        template("Sync"),
        [cycle("c1").tags(&["gangplank:Else"])],
        "1 unchanged of 1",
    );
    let new = Case::new(account("a").template(template("Sync").absent()));
    check(
        "of an account that is new",
        new,
        "
        lane a
        + account [missing] name: - > a Ltd
        0 account: create name=a Ltd
        1 add of 1",
    );
}

/// The removal of a template that is published no more was an error on every run after it was done.
#[test]
fn a_template_that_is_published_no_more() {
    let old = || template("Old Sync");
    let cycle = |id: &str| live_cycle(id, "Old Sync", "T-0");
    removes(
        "goes by its mark",
        old(),
        [cycle("c1").tags(&["gangplank:Old Sync"])],
        "
        lane a
        - template Old Sync [absent]
        0 template Old Sync: delete c1
        1 remove 1 unchanged of 1",
    );
    removes("is gone already", old(), [], "1 unchanged of 1");
    removes(
        "cannot be told by its name alone",
        old(),
        [cycle("c1")],
        "
        1 unchanged of 1
        error unknown-template at 1",
    );
}

/// A cycle of the same name that somebody made by hand was in the way of the removal.
#[test]
fn a_mark_counts_more_than_a_name() {
    let by_id = template("Sync").of(TemplateChoice::Id("T-1".into()));
    removes(
        "by id",
        by_id,
        [cycle("c1").tags(&["gangplank:Sync"]), cycle("c2")],
        "
        lane a
        - template Sync [absent]
        0 template Sync: delete c1
        1 remove 1 unchanged of 1",
    );
}

#[test]
fn an_account_goes_from_the_inside_out() {
    let held = live_account("a")
        .connector(live_connector(51, "Crm"))
        .cycle(cycle("c1").active())
        .cycle(cycle("c2"));
    check(
        "with all that is in it",
        Case::held(account("a").absent(), held),
        "
        lane a
        - account [absent]
        - connector Crm [with-account]
        - template Sync [with-account]
        - template Sync [with-account]
        0 template Sync: stop c1
        1 template Sync: delete c1 <- 0
        2 template Sync: delete c2 <- 0 1
        3 connector Crm: delete 51 <- 0 1 2
        4 account: delete <- 0 1 2 3
        4 remove of 1",
    );
    check(
        "it is gone already",
        Case::new(account("a").absent()),
        "1 unchanged of 1",
    );
}

#[test]
fn cycles_go_before_connectors_and_after_all_else() {
    let wants = account("a")
        .connector(connector("Crm", None).absent())
        .connector(connector("Open", None))
        .template(template("Sync").absent())
        .template(template("Clock"));
    let held = live_account("a")
        .connector(live_connector(51, "Crm"))
        .cycle(cycle("c1").active());
    check(
        "one lane",
        Case::held(wants, held),
        "
        lane a
        - connector Crm [absent]
        + connector Open [missing]
        - template Sync [absent]
        + template Clock [missing]
        0 connector Open: install 7 Open 1.0 as Open
        1 template Clock: install T-3 <- 0
        2 template Clock: name new name=Clock marks=gangplank:Clock <- 1
        3 template Sync: stop c1
        4 template Sync: delete c1 <- 3
        5 connector Crm: delete 51 <- 3 4
        2 add 2 remove 1 unchanged of 1",
    );
}

#[test]
fn an_account_does_not_take_sub_accounts_along() {
    let held = || {
        live_account("a")
            .connector(live_connector(51, "Crm"))
            .sub_account("kid")
    };
    check(
        "nobody spoke of the sub-account",
        Case::held(account("a").absent(), held()),
        "
        lane a
        ! account [blocked]
        1 blocked of 1",
    );
}
