//! Users and their one-time sign-in tokens (cyclr-api.md 2.2).

use std::time::Duration;

use gangplank_sandbox::{Action, SandboxOptions, World};
use serde_json::{Value, json};

use crate::support::{Twin, world};

const USERS: &str = "/accounts/acme-001/users";

/// The test world with a second account, and a password.
fn two_accounts() -> World {
    let mut world = world();
    let more = World::from_yaml(
        "Users: [{ UserName: Bob, Email: bob@example.com, Password: hunter2 }]\n\
         Accounts: [{ Id: other, Name: Other, Users: [{ UserName: bob }] }]",
    )
    .unwrap();
    world.users = more.users;
    world.accounts.extend(more.accounts);
    world
}

#[test]
fn users_are_added_and_lose_their_access() {
    let twin = Twin::new();
    assert_eq!(twin.get(USERS), json!(["ann"]));
    let ben = json!({ "UserName": "ben@example.com", "Password": "p-4471" });
    for _ in 0..2 {
        let body = twin.ok(&format!("PUT {USERS}"), ben.clone());
        assert!(!body.to_string().contains("p-4471"));
    }
    assert_eq!(twin.get(USERS), json!(["ann", "ben@example.com"]));
    // DELETE takes a body (cyclr-api.md 2.2); names are compared without regard to case.
    let gone = json!({ "userName": "BEN@example.com" });
    assert_eq!(twin.status(&format!("DELETE {USERS}"), gone.clone()), 200);
    assert_eq!(twin.status(&format!("DELETE {USERS}"), gone), 404);
    assert_eq!(twin.get(USERS), json!(["ann"]));
    let reset = json!({ "UserName": "ben@example.com", "Password": "p-4472" });
    assert_eq!(twin.status("PUT /users", reset), 200);
    let ledger = serde_json::to_string(&twin.sandbox.ledger()).unwrap();
    assert!(!ledger.contains("p-447"), "{ledger}");
    let actions: Vec<_> = twin.sandbox.ledger().commits;
    let actions: Vec<_> = actions.iter().map(|one| one.action).collect();
    let expected = [
        Action::Created,
        Action::Updated,
        Action::Deleted,
        Action::Updated,
    ];
    assert_eq!(actions, expected);
}

#[test]
fn users_are_refused_without_a_name_or_an_account() {
    let twin = Twin::new();
    for body in [
        json!({}),
        Value::Null,
        json!({ "UserName": " ", "Password": "x" }),
        json!({ "UserName": null }),
    ] {
        for call in [
            "PUT /accounts/acme-001/users",
            "DELETE /accounts/acme-001/users",
            "PUT /users",
            "POST /accounts/acme-001/signintoken",
        ] {
            twin.refuses(call, body.clone(), 400, "UserName is required");
        }
    }
    let ann = json!({ "UserName": "ann", "Password": "x" });
    for call in ["GET", "PUT", "DELETE"] {
        let call = format!("{call} /accounts/nobody/users");
        assert_eq!(twin.status(&call, ann.clone()), 404, "{call}");
    }
    let call = "POST /accounts/nobody/signintoken";
    assert_eq!(twin.status(call, ann), 404);
    twin.refuses(
        "PUT /users",
        json!({ "UserName": "ann" }),
        400,
        "Password is required",
    );
}

#[test]
fn a_user_is_the_partners_and_enters_several_accounts() {
    let twin = Twin::open(SandboxOptions {
        world: two_accounts(),
        ..SandboxOptions::default()
    });
    let bob = json!({ "UserName": "BOB", "Password": "changed" });
    twin.ok(&format!("PUT {USERS}"), bob);
    twin.ok("DELETE /accounts/other/users", json!({ "UserName": "bob" }));
    assert_eq!(twin.get("/accounts/other/users"), json!([]));
    assert_eq!(twin.get(USERS), json!(["ann", "BOB"]));
    let world = twin.sandbox.world();
    let known: Vec<_> = world.users.iter().map(|one| &one.user_name).collect();
    assert_eq!(known, ["ann", "Bob"]);
    let password = world.users[1].password.as_ref().unwrap();
    assert_eq!(password.reveal(), "changed");
    assert!(!format!("{world:?}").contains("changed"));
    // All of it comes out of a dump as it went in.
    let again = Twin::open(SandboxOptions {
        world: world.clone(),
        ..SandboxOptions::default()
    });
    assert_eq!(
        again.sandbox.world().to_yaml().unwrap(),
        world.to_yaml().unwrap()
    );
    let mut twice = two_accounts();
    twice.users.push(twice.users[0].clone());
    let options = SandboxOptions {
        world: twice,
        ..SandboxOptions::default()
    };
    assert!(gangplank_sandbox::Sandbox::open(options).is_err());
}

#[test]
fn the_list_of_users_follows_u20() {
    let check = |position: &str, expected: Value| {
        let twin = Twin::open(SandboxOptions {
            world: two_accounts(),
            variants: vec![("U20".to_owned(), position.to_owned())],
            ..SandboxOptions::default()
        });
        assert_eq!(twin.get("/accounts/other/users"), expected, "{position}");
    };
    check("string", json!(["bob"]));
    check("object", json!([{ "UserName": "bob" }]));
    check("email", json!(["bob@example.com"]));
    let password = json!({ "UserName": "new", "Password": "x" });
    let check = |position: &str, status: u16| {
        let twin = Twin::with(&[("UNKNOWN_USER", position)]);
        assert_eq!(twin.status("PUT /users", password.clone()), status);
    };
    check("created", 200);
    check("404", 404);
}

#[test]
fn sign_in_tokens_are_given_to_anybody() {
    let twin = Twin::new();
    twin.clock.advance(Duration::from_millis(138));
    let call = "POST /accounts/acme-001/signintoken";
    let given = twin.ok(call, json!({ "Username": "New Person" }));
    assert_eq!(given["ExpiresAtUtc"], "2026-01-01T00:05:00.138Z");
    let token = given["Token"].as_str().unwrap();
    for one in ['+', '/', '='] {
        assert!(token.contains(one), "{token}");
    }
    // The unknown user is there now (cyclr-api.md 2.2).
    assert_eq!(twin.get(USERS), json!(["ann", "New Person"]));
    let other = twin.ok(call, json!({ "Username": "ann" }));
    assert_ne!(other["Token"], given["Token"]);
    assert!(
        !serde_json::to_string(&twin.sandbox.ledger())
            .unwrap()
            .contains(token)
    );
    assert!(!format!("{:?}", twin.sandbox).contains(token));
    let whole = Twin::with(&[("EXPIRES_AT", "whole")]);
    whole.clock.advance(Duration::from_millis(138));
    let given = whole.ok(call, json!({ "Username": "ann" }));
    assert_eq!(given["ExpiresAtUtc"], "2026-01-01T00:05:00Z");
}

#[test]
fn users_and_sign_in_tokens_survive_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let options = || SandboxOptions {
        world: two_accounts(),
        database: Some(directory.path().join("people.db")),
        ..SandboxOptions::default()
    };
    let page = |twin: &Twin, token: &Value| {
        let token = crate::pages::encode(token.as_str().unwrap());
        let path = format!("/account/signinwithtoken?token={token}");
        twin.raw("GET", &path, &[], "").status.as_u16()
    };
    let twin = Twin::open(options());
    twin.ok(
        &format!("PUT {USERS}"),
        json!({ "UserName": "cy", "Password": "kept" }),
    );
    let give = || {
        let call = "POST /accounts/acme-001/signintoken";
        twin.ok(call, json!({ "Username": "cy" }))["Token"].clone()
    };
    let (used, fresh) = (give(), give());
    assert_eq!(page(&twin, &used), 200);
    let before = twin.sandbox.world();
    drop(twin);
    let twin = Twin::open(options());
    assert_eq!(twin.sandbox.world(), before);
    let cy = before.users.iter().find(|one| one.user_name == "cy");
    let password = cy.unwrap().password.as_ref().unwrap();
    assert_eq!(password.reveal(), "kept");
    assert_eq!(page(&twin, &used), 403);
    assert_eq!(page(&twin, &fresh), 200);
    assert_eq!(page(&twin, &fresh), 403);
}
