//! Secrets that cannot be read back: what the marks remember, against what they are now.

use crate::support::{Case, MADE_KEY, audit, check, fields, key, mark, oauth2_client};
use gangplank_model::testing::{account, connector, live_account, live_connector};
use gangplank_model::{AuthSpec, ConnectorMark, ConnectorSpec, Fingerprint, LiveConnector};

/// A connector whose mark is `remembered` under a key, while the secrets of the day make `now`.
fn remembers(
    spec: ConnectorSpec,
    remembered: Option<(&str, ConnectorMark)>,
    now: ConnectorMark,
) -> Case {
    let name = spec.name.clone();
    let held = live_account("a").connector(with_properties(live_connector(51, &name)));
    let held = match remembered {
        Some((key, mark)) => held.audit(audit(key, [(&*name, mark), ("Other", self::mark("o"))])),
        None => held,
    };
    Case::held(account("a").connector(spec), held).made(&name, now)
}

fn with_properties(held: LiveConnector) -> LiveConnector {
    held.property("Host", Some("h")).property("Token", None)
}

fn compare(
    what: &str,
    spec: ConnectorSpec,
    remembered: Option<(&str, ConnectorMark)>,
    now: ConnectorMark,
    expected: &str,
) {
    check(what, remembers(spec, remembered, now), expected);
}

fn method(name: &str) -> ConnectorMark {
    ConnectorMark {
        method: Some(name.into()),
        ..mark("x")
    }
}

fn token(print: &str) -> ConnectorMark {
    ConnectorMark {
        properties: [("Token".to_owned(), Fingerprint::new(print))].into(),
        ..ConnectorMark::default()
    }
}

#[test]
fn a_credential_is_compared_by_its_mark() {
    let crm = || connector("Crm", key());
    compare(
        "the same",
        crm(),
        Some((MADE_KEY, mark("x"))),
        mark("x"),
        "2 unchanged of 1",
    );
    compare(
        "a new secret",
        crm(),
        Some((MADE_KEY, mark("w"))),
        mark("x"),
        "
        lane a
        ~ connector Crm [secret-changed] auth: ? > (env KEY)
        0 connector Crm: update 51 auth=(env KEY)
        1 account: update audit=owner: ann (kept Other under today) (made Crm) <- 0
        1 change 1 unchanged of 1",
    );
    compare(
        "never set by us",
        crm(),
        None,
        mark("x"),
        "
        lane a
        ~ connector Crm [not-marked] auth: ? > (env KEY)
        0 connector Crm: update 51 auth=(env KEY)
        1 account: update audit= (made Crm) <- 0
        1 change 1 unchanged of 1",
    );
    compare(
        "made under another key",
        crm(),
        Some(("k1", mark("x"))),
        mark("x"),
        "
        lane a
        ~ connector Crm [mark-key-changed] auth: ? > (env KEY)
        0 connector Crm: update 51 auth=(env KEY)
        1 account: update audit=owner: ann (made Crm) <- 0
        1 change 1 unchanged of 1",
    );
    let shop = connector("Shop", key()).method("Default");
    compare(
        "another method",
        shop.clone(),
        Some((MADE_KEY, method("Login"))),
        method("Default"),
        "
        lane a
        ~ connector Shop [differs] auth: ? > (env KEY)
        0 connector Shop: update 51 method=Default, method_id=auth-3, auth=(env KEY)
        1 account: update audit=owner: ann (kept Other under today) (made Shop) <- 0
        1 change 1 unchanged of 1",
    );
    compare(
        "the same method",
        shop,
        Some((MADE_KEY, method("Default"))),
        method("Default"),
        "2 unchanged of 1",
    );
    compare(
        "the customer's own sign-in",
        connector("Mail", Some(AuthSpec::SignInOAuth2)),
        None,
        ConnectorMark::default(),
        "2 unchanged of 1",
    );
}

#[test]
fn secret_properties_are_compared_by_their_marks() {
    let form = || connector("Form", fields());
    compare(
        "the same",
        form(),
        Some((MADE_KEY, token("x"))),
        token("x"),
        "2 unchanged of 1",
    );
    compare(
        "a new secret",
        form(),
        Some((MADE_KEY, token("w"))),
        token("x"),
        "
        lane a
        ~ connector Form [secret-changed] properties.Token: ? > (env TOKEN)
        0 connector Form: update 51 Host=h, Token=(env TOKEN)
        1 account: update audit=owner: ann (kept Other under today) (made Form) <- 0
        1 change 1 unchanged of 1",
    );
    compare(
        "never set by us",
        form(),
        None,
        token("x"),
        "
        lane a
        ~ connector Form [differs] properties.Token: ? > (env TOKEN)
        0 connector Form: update 51 Host=h, Token=(env TOKEN)
        1 account: update audit= (made Form) <- 0
        1 change 1 unchanged of 1",
    );
    let hidden = connector("Form", None).hidden("Token", "T");
    compare(
        "without any auth",
        hidden,
        Some((MADE_KEY, token("w"))),
        token("x"),
        "
        lane a
        ~ connector Form [differs] properties.Token: ? > (env T)
        0 connector Form: update 51 Token=(env T)
        1 account: update audit=owner: ann (kept Other under today) (made Form) <- 0
        1 change 1 unchanged of 1",
    );
    let both = ConnectorMark {
        auth: Some(Fingerprint::new("x")),
        ..token("x")
    };
    let client = connector("Form", key()).hidden("Token", "T");
    let old = ConnectorMark {
        auth: Some(Fingerprint::new("x")),
        ..token("w")
    };
    let case = remembers(client, Some((MADE_KEY, old)), both).live(|live| {
        live.connectors
            .iter_mut()
            .flatten()
            .for_each(|it| it.methods.clear());
    });
    check(
        "with its credential",
        case,
        "
        lane a
        ~ connector Form [secret-changed] auth: ? > (env KEY), properties.Token: ? > (env T)
        0 connector Form: update 51 auth=(env KEY), Token=(env T)
        1 account: update audit=owner: ann (kept Other under today) (made Form) <- 0
        1 change 1 unchanged of 1",
    );
}

#[test]
fn without_the_secrets_nothing_is_compared() {
    let wants = || account("a").connector(connector("Crm", key()));
    let held = |held: LiveConnector| live_account("a").connector(held);
    let crm = || live_connector(51, "Crm");
    check(
        "one credential",
        Case::held(wants(), held(crm())),
        "
        2 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
    let two = wants().connector(connector("Form", None).hidden("Token", "T"));
    let form = live_connector(52, "Form").property("Token", None);
    check(
        "two credentials",
        Case::held(two, held(crm()).connector(form)),
        "
        3 unchanged of 1
        note 2 credentials were not compared; --with-secrets compares them",
    );
    check(
        "marks: off",
        Case::held(wants(), held(crm())).unmarked(),
        "
        2 unchanged of 1
        note 1 credential was not compared, since `marks: off` leaves nothing to compare with",
    );
    let unread = Case::held(wants(), held(crm()))
        .made("Crm", mark("x"))
        .unmarked();
    check(
        "marks: off, though the secrets were read",
        unread,
        "
        2 unchanged of 1
        note 1 credential was not compared, since `marks: off` leaves nothing to compare with",
    );
    let out = Case::held(wants(), held(crm().signed_out())).made("Crm", mark("x"));
    check(
        "not authenticated and not marked",
        out,
        "
        lane a
        ~ connector Crm [not-authenticated] auth: ? > (env KEY)
        0 connector Crm: update 51 auth=(env KEY)
        1 account: update audit= (made Crm) <- 0
        1 change 1 unchanged of 1",
    );
}

#[test]
fn a_credential_is_not_sent_again_and_again() {
    let held = |name: &str, mark: ConnectorMark| {
        live_account("a")
            .connector(
                live_connector(51, name)
                    .signed_out()
                    .property("ClientId", Some("id"))
                    .property("ClientSecret", None),
            )
            .audit(audit(MADE_KEY, [(name, mark)]))
    };
    let unconfirmed = ConnectorMark {
        unconfirmed: true,
        ..mark("x")
    };
    let wants = account("a").connector(connector("Crm", key()));
    check(
        "not confirmed",
        Case::held(wants.clone(), held("Crm", unconfirmed.clone())),
        "
        lane a
        ! connector Crm [waiting]
        1 waiting 1 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
    let changed = Case::held(wants.clone(), held("Crm", unconfirmed)).made("Crm", mark("y"));
    check(
        "not confirmed, and another one now",
        changed,
        "
        lane a
        ~ connector Crm [secret-changed] auth: ? > (env KEY)
        0 connector Crm: update 51 auth=(env KEY)
        1 account: update audit=owner: ann (made Crm) <- 0
        1 change 1 unchanged of 1",
    );
    check(
        "lost again",
        Case::held(wants, held("Crm", mark("x"))),
        "
        lane a
        ~ connector Crm [not-authenticated] auth: ? > (env KEY)
        0 connector Crm: update 51 auth=(env KEY)
        1 account: update audit=owner: ann (made Crm) <- 0
        1 change 1 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
    let client = account("a").connector(connector("Erp", oauth2_client()));
    check(
        "a client authenticates at its first call",
        Case::held(client.clone(), held("Erp", mark("x"))),
        "
        2 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
    let never = live_account("a").connector(live_connector(51, "Erp").signed_out());
    check(
        "a client that was never set",
        Case::held(client, never),
        "
        lane a
        ~ connector Erp [not-authenticated] auth: ? > (env CLIENT), properties.ClientId: - > id, properties.ClientSecret: - > (env CLIENT)
        0 connector Erp: update 51 auth=(env CLIENT), ClientId=id, ClientSecret=(env CLIENT)
        1 account: update audit= (made Erp) <- 0
        1 change 1 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them",
    );
}
