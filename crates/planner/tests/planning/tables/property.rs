//! Properties, checked against what the connector has.

use crate::support::{Case, check, oauth2_client};
use gangplank_model::testing::{
    account, connector, library_connector, live_account, live_connector, parameter,
};
use gangplank_model::{AuthKind, ConnectorParameter, ConnectorSpec, LibraryConnector};

/// A connector with a property of each sort.
fn library() -> LibraryConnector {
    library_connector(9, "Box", AuthKind::None)
        .parameter(ConnectorParameter {
            is_optional: false,
            ..parameter("Host")
        })
        .parameter(ConnectorParameter {
            is_sensitive: true,
            is_optional: false,
            ..parameter("Token")
        })
        .parameter(ConnectorParameter {
            is_account_connector_property: false,
            is_optional: false,
            ..parameter("Fixed")
        })
        .parameter(ConnectorParameter {
            values: vec!["red".into(), "blue".into()],
            ..parameter("Colour")
        })
}

fn found(what: &str, spec: ConnectorSpec, there: bool, expected: &str) {
    let held = live_account("a");
    let held = if there {
        held.connector(live_connector(51, "Box"))
    } else {
        held
    };
    let case = Case::held(account("a").connector(spec), held);
    let case = case.live(|live| live.connectors.get_or_insert_default().push(library()));
    check(what, case, expected);
}

#[test]
fn properties_are_checked_before_anything_is_sent() {
    let whole = || {
        connector("Box", None)
            .text("Host", "h")
            .hidden("Token", "T")
    };
    found("all is well", whole().text("Colour", "red"), false, "
        lane a
        + connector Box [missing] properties.Colour: - > red, properties.Host: - > h, properties.Token: - > (env T)
        0 connector Box: install 9 Box 1.0 as Box Colour=red, Host=h, Token=(env T)
        1 account: update audit= (made Box) <- 0
        1 add 1 unchanged of 1");
    found(
        "required ones are missing",
        connector("Box", None),
        false,
        "
        lane a
        + connector Box [missing]
        0 connector Box: install 9 Box 1.0 as Box
        1 add 1 unchanged of 1
        error missing-property at 1 (write `properties: { Host: ... }`)
        error missing-property at 1 (write `properties: { Token: { env: NAME } }`)",
    );
    found(
        "required ones stay where they are",
        connector("Box", None),
        true,
        "2 unchanged of 1",
    );
    found("unknown", whole().text("Colou", "red"), false, "
        lane a
        + connector Box [missing] properties.Colou: - > red, properties.Host: - > h, properties.Token: - > (env T)
        0 connector Box: install 9 Box 1.0 as Box Colou=red, Host=h, Token=(env T)
        1 account: update audit= (made Box) <- 0
        1 add 1 unchanged of 1
        error unknown-property at 1 (did you mean 'Colour'?)");
    found(
        "unknown and far from any",
        whole().text("Something", "x"),
        true,
        "
        lane a
        ~ connector Box [differs] properties.Host: - > h, properties.Something: - > x, properties.Token: - > (env T)
        0 connector Box: update 51 Host=h, Something=x, Token=(env T)
        1 account: update audit= (made Box) <- 0
        1 change 1 unchanged of 1
        note 1 credential was not compared; --with-secrets compares them
        error unknown-property at 1",
    );
    found(
        "not of an account",
        whole().text("Fixed", "x"),
        false,
        "
        lane a
        + connector Box [missing] properties.Fixed: - > x, properties.Host: - > h, properties.Token: - > (env T)
        0 connector Box: install 9 Box 1.0 as Box Fixed=x, Host=h, Token=(env T)
        1 account: update audit= (made Box) <- 0
        1 add 1 unchanged of 1
        error not-an-account-property at 1",
    );
    found(
        "a secret in plain text",
        connector("Box", None).text("Token", "t").text("Host", "h"),
        false,
        "
        lane a
        + connector Box [missing] properties.Host: - > h, properties.Token: - > t
        0 connector Box: install 9 Box 1.0 as Box Host=h, Token=t
        1 add 1 unchanged of 1
        error literal-secret at 1 (write `{ env: NAME }` or `{ file: PATH }`)",
    );
    found(
        "a value that is not allowed",
        whole().text("Colour", "rad"),
        false,
        "
        lane a
        + connector Box [missing] properties.Colour: - > rad, properties.Host: - > h, properties.Token: - > (env T)
        0 connector Box: install 9 Box 1.0 as Box Colour=rad, Host=h, Token=(env T)
        1 account: update audit= (made Box) <- 0
        1 add 1 unchanged of 1
        error value-not-allowed at 1 (did you mean 'red'?)",
    );
    found(
        "a reference may hold any value",
        whole().hidden("Colour", "C"),
        false,
        "
        lane a
        + connector Box [missing] properties.Colour: - > (env C), properties.Host: - > h, properties.Token: - > (env T)
        0 connector Box: install 9 Box 1.0 as Box Colour=(env C), Host=h, Token=(env T)
        1 account: update audit= (made Box) <- 0
        1 add 1 unchanged of 1",
    );
}

#[test]
fn a_client_id_is_taken_though_it_is_not_listed() {
    let wants = account("a").connector(connector("Erp", oauth2_client()));
    check(
        "client id and secret",
        Case::held(wants, live_account("a")),
        "
        lane a
        + connector Erp [missing] auth: - > (env CLIENT), properties.ClientId: - > id, properties.ClientSecret: - > (env CLIENT)
        0 connector Erp: install 5 Erp 1.0 as Erp auth=(env CLIENT), ClientId=id, ClientSecret=(env CLIENT)
        1 account: update audit= (made Erp) <- 0
        1 add 1 unchanged of 1",
    );
}
