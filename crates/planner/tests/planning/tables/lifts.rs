//! The plan as a whole: parents first, the brake, the notes, accounts that could not be read.

use crate::support::{Case, check};
use gangplank_model::AccountId;
use gangplank_model::testing::{
    account, connector, live_account, live_connector, live_cycle, template,
};

/// A parent that goes first would take its sub-accounts along, or be refused (cyclr-api.md 4, U11).
#[test]
fn sub_accounts_are_removed_first() {
    check(
        "a family",
        Case::held(account("a").absent(), live_account("a"))
            .and(account("b").below("a").absent())
            .and_held("b", live_account("b"))
            .and(account("c").below("b").absent())
            .and_held("c", live_account("c"))
            .and(account("d").below("a").absent())
            .and_held("d", live_account("d")),
        "
        lane a after b
        - account [absent]
        0 account: delete
        lane b after d
        - account [absent]
        0 account: delete
        lane c
        - account [absent]
        0 account: delete
        lane d after c
        - account [absent]
        0 account: delete
        4 remove of 4",
    );
}

#[test]
fn parents_come_first() {
    let child = || account("b").below("a");
    check(
        "both are new",
        Case::new(child()).and(account("a")),
        "
        lane b after a
        + account [missing] name: - > b Ltd
        0 account: create below a name=b Ltd
        lane a
        + account [missing] name: - > a Ltd
        0 account: create name=a Ltd
        2 add of 2",
    );
    check(
        "a grandchild",
        Case::new(account("c").below("b"))
            .and(child())
            .and(account("a")),
        "
        lane c after b
        + account [missing] name: - > c Ltd
        0 account: create below b name=c Ltd
        lane b after a
        + account [missing] name: - > b Ltd
        0 account: create below a name=b Ltd
        lane a
        + account [missing] name: - > a Ltd
        0 account: create name=a Ltd
        3 add of 3",
    );
    check(
        "the parent is there",
        Case::new(child())
            .and(account("a"))
            .and_held("a", live_account("a")),
        "
        lane b
        + account [missing] name: - > b Ltd
        0 account: create below a name=b Ltd
        1 add 1 unchanged of 2",
    );
    let there = child()
        .fields(|fields| fields.timezone = Some(gangplank_model::testing::sourced("UTC".into())));
    check(
        "the child is there",
        Case::new(there)
            .and(account("a"))
            .and_held("b", live_account("b")),
        "
        lane b
        ~ account [differs] timezone: - > UTC
        0 account: update timezone=UTC
        lane a
        + account [missing] name: - > a Ltd
        0 account: create name=a Ltd
        1 add 1 change of 2",
    );
    let gone = live_account("a");
    check(
        "the parent only changes",
        Case::new(child())
            .and(account("a").fields(|fields| {
                fields.timezone = Some(gangplank_model::testing::sourced("UTC".into()));
            }))
            .and_held("a", gone),
        "
        lane b
        + account [missing] name: - > b Ltd
        0 account: create below a name=b Ltd
        lane a
        ~ account [differs] timezone: - > UTC
        0 account: update timezone=UTC
        1 add 1 change of 2",
    );
}

#[test]
fn the_brake() {
    let two = |removals: Option<usize>| {
        let wants = account("a").connector(connector("Crm", None).absent());
        let held = live_account("a").connector(live_connector(51, "Crm"));
        Case::held(wants, held)
            .and(account("b").absent())
            .and_held("b", live_account("b"))
            .removals(removals)
    };
    check(
        "none unless said",
        two(None),
        "
        lane a
        - connector Crm [absent]
        0 connector Crm: delete 51
        lane b
        - account [absent]
        0 account: delete
        2 remove 1 unchanged of 2
        error too-many-removals at 2 (allow it with --max-removals 2)",
    );
    check(
        "not more than said",
        two(Some(1)),
        "
        lane a
        - connector Crm [absent]
        0 connector Crm: delete 51
        lane b
        - account [absent]
        0 account: delete
        2 remove 1 unchanged of 2
        error too-many-removals at 2 (allow it with --max-removals 2)",
    );
    check(
        "as many as said",
        two(Some(2)),
        "
        lane a
        - connector Crm [absent]
        0 connector Crm: delete 51
        lane b
        - account [absent]
        0 account: delete
        2 remove 1 unchanged of 2",
    );
    let nothing = Case::held(account("a"), live_account("a")).removals(None);
    check("nothing to remove", nothing, "1 unchanged of 1");
}

#[test]
fn notes() {
    let running = || live_cycle("c1", "Sync", "T-1").active();
    let wants = |id: &str| account(id).template(template("Sync").every(60));
    check(
        "one unknown schedule",
        Case::held(wants("a"), live_account("a").cycle(running())),
        "
        2 unchanged of 1
        note 1 cycle runs on a schedule that Gangplank did not set and the API does not tell",
    );
    let two = Case::held(wants("a"), live_account("a").cycle(running()))
        .and(wants("b"))
        .and_held("b", live_account("b").cycle(running()));
    check(
        "two unknown schedules",
        two,
        "
        4 unchanged of 2
        note 2 cycles run on a schedule that Gangplank did not set and the API does not tell",
    );
}

#[test]
fn an_account_that_could_not_be_read_is_left_out() {
    let case = Case::new(account("a").connector(connector("Crm", None))).and(account("b"));
    let case = case.live(|live| {
        live.failed.insert(AccountId::new("a"), "time-out".into());
    });
    check(
        "not planned, not missing",
        case,
        "
        lane b
        + account [missing] name: - > b Ltd
        0 account: create name=b Ltd
        1 add of 2
        note account a could not be read and is left out",
    );
}
