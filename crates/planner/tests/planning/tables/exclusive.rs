//! What nobody declares, where that is exclusive; and what is protected from it.

use crate::support::{Case, check, key};
use gangplank_model::testing::{
    account, connector, live_account, live_connector, live_cycle, template,
};
use gangplank_model::{AccountMark, LiveAccount, Protection};

fn protected(account: bool, connectors: &[&str], templates: &[&str]) -> String {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let mark = AccountMark {
        protected: Protection {
            account,
            connectors: names(connectors),
            templates: names(templates),
        },
        ..AccountMark::default()
    };
    mark.render("owner: ann")
}

fn held() -> LiveAccount {
    live_account("a")
        .connector(live_connector(51, "Crm"))
        .connector(live_connector(52, "Mail"))
        .connector(live_connector(53, "Util"))
        .cycle(
            live_cycle("c1", "Sync", "T-1")
                .bound("Crm", 51, true)
                .tags(&["gangplank:Sync"]),
        )
        .cycle(
            live_cycle("c2", "Hand-made", "T-2")
                .bound("Mail", 52, true)
                .active(),
        )
}

#[test]
fn cycles_go_before_connectors() {
    check(
        "what its entries name stays",
        Case::held(
            account("a")
                .connector(connector("Crm", key()))
                .template(template("Sync"))
                .exclusive(),
            held(),
        ),
        "
        lane a
        - template Hand-made [undeclared]
        - connector Mail [undeclared]
        - connector Util [undeclared]
        0 template Hand-made: stop c2
        1 template Hand-made: delete c2 <- 0
        2 connector Mail: delete 52 <- 0 1
        3 connector Util: delete 53 <- 0 1 2
        3 remove 3 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them
        note account a is exclusive: connectors and cycles that no entry names are removed",
    );
    check(
        "and so does what its cycles need",
        Case::held(
            account("a")
                .template(template("Sync"))
                .template(template("Clock"))
                .exclusive(),
            held(),
        ),
        "
        lane a
        + template Clock [missing]
        - template Hand-made [undeclared]
        - connector Mail [undeclared]
        0 template Clock: install T-3
        1 template Clock: name new name=Clock marks=gangplank:Clock <- 0
        2 template Hand-made: stop c2
        3 template Hand-made: delete c2 <- 2
        4 connector Mail: delete 52 <- 2 3
        1 add 2 remove 2 unchanged of 1
        note account a is exclusive: connectors and cycles that no entry names are removed",
    );
    check(
        "what is ambiguous stays",
        Case::held(
            account("a")
                .connector(connector("Crm", key()))
                .template(template("Sync"))
                .exclusive(),
            live_account("a")
                .connector(live_connector(51, "Crm"))
                .connector(live_connector(52, "Crm"))
                .cycle(live_cycle("c1", "Sync", "T-1"))
                .cycle(live_cycle("c2", "Sync", "T-1")),
        ),
        "
        lane a
        ! connector Crm [blocked]
        ! template Sync [blocked]
        2 blocked 1 unchanged of 1
        note account a is exclusive: connectors and cycles that no entry names are removed",
    );
    check(
        "a former name is ours while it moves, and nobody's afterwards",
        Case::held(
            account("a")
                .connector(connector("Crm", key()).moved(&["Old"]))
                .exclusive(),
            live_account("a")
                .connector(live_connector(51, "Crm"))
                .connector(live_connector(52, "Crm").named("Old")),
        ),
        "
        lane a
        - connector Old [undeclared]
        0 connector Old: delete 52
        1 remove 2 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them
        note account a is exclusive: connectors and cycles that no entry names are removed",
    );
}

#[test]
fn what_is_protected_is_refused() {
    check(
        "by the mark",
        Case::held(
            account("a").exclusive(),
            held().audit(protected(true, &["Mail"], &["Hand-made"])),
        ),
        "
        lane a
        - template Sync [undeclared]
        - template Hand-made [undeclared]
        - connector Crm [undeclared]
        - connector Mail [undeclared]
        - connector Util [undeclared]
        0 template Sync: delete c1
        1 template Hand-made: stop c2 <- 0
        2 template Hand-made: delete c2 <- 0 1
        3 connector Crm: delete 51 <- 0 1 2
        4 connector Mail: delete 52 <- 0 1 2 3
        5 connector Util: delete 53 <- 0 1 2 3 4
        5 remove 1 unchanged of 1
        note account a is exclusive: connectors and cycles that no entry names are removed
        error protected at 9 (lift it first: declare account['a'].template['Hand-made'] with `protect: false`)
        error protected at 9 (lift it first: declare account['a'].connector['Mail'] with `protect: false`)",
    );
    check(
        "with its account",
        Case::held(
            account("a")
                .absent()
                .template(template("Sync").protect(true)),
            live_account("a").cycle(live_cycle("c1", "Sync", "T-1").tags(&["gangplank:Sync"])),
        ),
        "
        lane a
        - account [absent]
        - template Sync [with-account]
        0 template Sync: delete c1
        1 account: delete <- 0
        2 remove of 1
        error protected at 1 (lift it first, with `protect: false` on that entry)",
    );
    check(
        "along with a connector",
        Case::held(
            account("a").connector(connector("Crm", key()).absent()),
            held().audit(protected(false, &[], &["Sync"])),
        ),
        "
        lane a
        - connector Crm [absent]
        0 connector Crm: delete 51
        1 remove 1 unchanged of 1
        error protected at 2 (lift it first: declare account['a'].template['Sync'] with `protect: false`)",
    );
    check(
        "unless that is lifted",
        Case::held(
            account("a").connector(connector("Mail", None).absent().protect(false)),
            live_account("a")
                .connector(live_connector(52, "Mail"))
                .audit(protected(false, &["Crm", "Mail"], &[])),
        ),
        "
        lane a
        - connector Mail [absent] protect: true > false
        0 account: update audit=owner: ann (kept  under ) (protected Crm)
        1 connector Mail: delete 52
        1 remove 1 unchanged of 1",
    );
}

#[test]
fn protection_is_kept_in_the_mark() {
    let wants = || {
        account("a")
            .protect(true)
            .connector(connector("Open", None).protect(true))
            .template(template("Clock").protect(true))
    };
    let live = || {
        live_account("a")
            .connector(live_connector(57, "Open"))
            .connector(live_connector(54, "Util"))
            .cycle(
                live_cycle("c1", "Clock", "T-3")
                    .bound("Util", 54, true)
                    .tags(&["gangplank:Clock"]),
            )
    };
    check(
        "all of it in one call",
        Case::held(wants(), live()),
        "
        lane a
        ~ account [differs] protect: false > true
        ~ connector Open [differs] protect: false > true
        ~ template Clock [differs] protect: false > true
        0 account: update audit= (kept  under ) (protected account|Open|Clock)
        3 change of 1",
    );
    check(
        "it is there",
        Case::held(
            wants(),
            live().audit(protected(true, &["Open"], &["Clock"])),
        ),
        "3 unchanged of 1",
    );
    check(
        "nothing is said of it",
        Case::held(
            account("a"),
            live().audit(protected(true, &["Open"], &["Clock"])),
        ),
        "1 unchanged of 1",
    );
    check(
        "nothing keeps it",
        Case::held(wants(), live()).unmarked(),
        "
        3 unchanged of 1
        note with `marks: off`, `protect: true` is not kept in the instance: it holds as long as its line stands",
    );
}
