//! Reading from a real server.

use crate::bao::{Bao, vault};
use crate::listener::listen;
use crate::outcome;
use gangplank_model::{Secret, VaultEngine};
use gangplank_secrets::{Options, Secrets};

#[tokio::test]
async fn both_versions_are_read_and_found_out() {
    let Some(bao) = Bao::start(false).await else {
        return;
    };
    bao.run(&["secrets", "enable", "-path=old", "-version=1", "kv"]);
    bao.run(&["secrets", "enable", "-path=team/kv", "-version=2", "kv"]);
    bao.run(&["kv", "put", "old/acme/hubspot", "password=one", "empty="]);
    bao.run(&[
        "kv",
        "put",
        "secret/acme/hubspot",
        "password=two",
        "user=ann",
    ]);
    bao.run(&["kv", "put", "team/kv/acme", "password=three"]);
    bao.run(&["kv", "put", "secret/gone", "password=four"]);
    bao.run(&["kv", "delete", "secret/gone"]);
    let options = bao.options("root");
    let (one, two) = (Some(VaultEngine::Kv1), Some(VaultEngine::Kv2));
    for (path, field, engine, expected) in [
        ("old/acme/hubspot", "password", None, "one"),
        ("old/acme/hubspot", "password", one, "one"),
        ("secret/acme/hubspot", "password", None, "two"),
        ("secret/acme/hubspot", "password", two, "two"),
        ("team/kv/acme", "password", None, "three"),
        ("old/acme/hubspot", "empty", None, "the field is empty"),
        (
            "secret/acme/hubspot",
            "pasword",
            None,
            "the vault's secret has no such field; it has password, user",
        ),
        (
            "secret/gone",
            "password",
            None,
            "the vault has nothing at this path, or it was deleted",
        ),
        (
            "secret/none",
            "password",
            None,
            "the vault has nothing at this path, or it was deleted",
        ),
        (
            "sys/policy",
            "x",
            None,
            "the mount is no key-value engine; only those are read",
        ),
    ] {
        let reference = vault(path, field, engine);
        assert_eq!(outcome(&reference, &options).await, expected, "{reference}");
    }
    let wrong = bao.options("s.q7RzKx2mVw9LbT4n");
    let refused = outcome(&vault("secret/acme/hubspot", "password", two), &wrong).await;
    assert!(refused.contains("refuses (403)"), "{refused}");
    bao.run(&["operator", "seal"]);
    let sealed = outcome(&vault("secret/acme/hubspot", "password", two), &options).await;
    assert_eq!(sealed, "the vault is sealed or not ready (503); unseal it");
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_when_it_is_named() {
    let Some(bao) = Bao::start(true).await else {
        return;
    };
    bao.run(&["kv", "put", "secret/acme", "password=two"]);
    let mut options = bao.options("root");
    let reference = vault("secret/acme", "password", None);
    let untrusted = outcome(&reference, &options).await;
    assert!(
        untrusted.contains("certificate is not trusted"),
        "{untrusted}"
    );
    let folder = bao.folder.path().to_str().unwrap().to_owned();
    options.spec.vault.ca_file = Some((folder.clone(), bao.authority()));
    assert_eq!(outcome(&reference, &options).await, "two");
    options.spec.vault.ca_file = Some((folder, "token".to_owned()));
    let no_pem = outcome(&reference, &options).await;
    assert!(no_pem.contains("no PEM certificates"), "{no_pem}");
}

#[tokio::test]
async fn a_namespace_is_where_its_secrets_are() {
    let Some(bao) = Bao::start(false).await else {
        return;
    };
    bao.run(&["namespace", "create", "team"]);
    bao.run(&[
        "secrets",
        "enable",
        "-namespace=team",
        "-path=kv",
        "-version=2",
        "kv",
    ]);
    bao.run(&["kv", "put", "-namespace=team", "kv/acme", "password=inner"]);
    let mut options = bao.options("root");
    let reference = vault("kv/acme", "password", None);
    let outside = outcome(&reference, &options).await;
    assert!(outside.contains("the vault refuses (403)"), "{outside}");
    options.spec.vault.namespace = Some("team".to_owned());
    assert_eq!(outcome(&reference, &options).await, "inner");
}

/// Against a listener and not a vault: no vault redirects on demand, nor counts what it is asked.
#[tokio::test]
async fn a_path_is_read_once_failures_twice_and_redirects_never() {
    let body = r#"{"data":{"data":{"a":"one","b":"two","c":{}}}}"#;
    let (address, seen) = listen(vec![("500 X", String::new()), ("200 OK", body.to_owned())]).await;
    let mut options = Options::default();
    options.spec.vault.address = Some(address);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "t0ken").unwrap();
    let token = gangplank_model::SecretRef::File {
        folder: folder.path().to_str().unwrap().to_owned(),
        path: "token".to_owned(),
    };
    options.spec.vault.auth = Some(gangplank_model::VaultAuth::Token(token));
    let engine = Some(VaultEngine::Kv2);
    let (a, b) = (vault("kv/x y", "a", engine), vault("kv/x y", "b", engine));
    let secrets = Secrets::resolve_all([&a, &b, &a], &options).await.unwrap();
    assert_eq!(secrets.get(&b).map(Secret::expose), Some("two"));
    let requests = seen.lock().unwrap().clone();
    assert_eq!(requests.len(), 2, "{requests:?}");
    assert!(
        requests[0].starts_with("GET /v1/kv/data/x%20y HTTP/1.1"),
        "{requests:?}"
    );
    assert!(requests[0].contains("x-vault-token: t0ken"), "{requests:?}");

    let (elsewhere, reached) = listen(vec![("200 OK", body.to_owned())]).await;
    let moved = format!("302 Found\r\nLocation: {elsewhere}/v1/kv/data/x");
    let moved: &'static str = Box::leak(moved.into_boxed_str());
    let (address, _) = listen(vec![(moved, String::new())]).await;
    options.spec.vault.address = Some(address);
    let redirected = outcome(&a, &options).await;
    assert!(redirected.contains("which is not followed"), "{redirected}");
    assert!(reached.lock().unwrap().is_empty());
}

/// A token that may read one path is refused at another, and one that the server would not take is
/// not sent.
#[tokio::test]
async fn what_the_token_may_not_read_is_refused() {
    let Some(bao) = Bao::start(false).await else {
        return;
    };
    let policy = bao.folder.path().join("policy.hcl");
    std::fs::write(
        &policy,
        "path \"secret/data/acme\" { capabilities = [\"read\"] }",
    )
    .unwrap();
    bao.run(&["policy", "write", "reader", policy.to_str().unwrap()]);
    bao.run(&["kv", "put", "secret/acme", "password=two"]);
    bao.run(&["kv", "put", "secret/bolt", "password=q7RzKx2mVw9LbT4n"]);
    let token = bao.run(&["token", "create", "-policy=reader", "-field=token"]);
    let options = bao.options(&token);
    let two = Some(VaultEngine::Kv2);
    for (path, engine, expected) in [
        ("secret/acme", two, "two"),
        ("secret/acme", None, "two"),
        (
            "secret/bolt",
            two,
            "the vault refuses (403); the token is wrong, has expired or may not read this path",
        ),
        (
            "none/bolt",
            None,
            "the vault refuses (403); the token is wrong, has expired or may not read this mount",
        ),
        (
            "secret/acme",
            Some(VaultEngine::Kv1),
            "the vault refuses (403); the token is wrong, has expired or may not read this path",
        ),
    ] {
        let told = outcome(&vault(path, "password", engine), &options).await;
        assert_eq!(told, expected, "{path} {engine:?}");
    }
    let broken = bao.options("two\nlines");
    let told = outcome(&vault("secret/acme", "password", two), &broken).await;
    assert_eq!(
        told,
        "the vault's token holds characters that no header may have"
    );
}

#[tokio::test]
async fn odd_answers_are_refused_and_bounded() {
    let token = tempfile::tempdir().unwrap();
    std::fs::write(token.path().join("token"), "t0ken").unwrap();
    let mut options = Options::default();
    options.spec.vault.auth = Some(gangplank_model::VaultAuth::Token(
        gangplank_model::SecretRef::File {
            folder: token.path().to_str().unwrap().to_owned(),
            path: "token".to_owned(),
        },
    ));
    let reference = vault("kv/x", "a", Some(VaultEngine::Kv2));
    let huge = format!(
        r#"{{"data":{{"data":{{"a":"{}"}}}}}}"#,
        "x".repeat(2_000_000)
    );
    for (status, body, expected) in [
        ("200 OK", huge.as_str(), "larger than 1048576 bytes"),
        ("200 OK", "<html>", "cannot be understood"),
        ("200 OK", "", "cannot be understood"),
        ("200 OK", "{}", "nothing at this path"),
        ("200 OK", r#"{"data":{"data":[]}}"#, "cannot be understood"),
        ("200 OK", r#"{"data":{"data":{"a":null}}}"#, "no text"),
        ("429 Too Many Requests", "q7RzKx2m", "status 429"),
        ("473 Standby", "", "status 473"),
        ("307 Temporary Redirect", "", "which is not followed"),
    ] {
        let (address, seen) = listen(vec![(status, body.to_owned())]).await;
        options.spec.vault.address = Some(address);
        let told = outcome(&reference, &options).await;
        assert!(told.contains(expected), "{status}: {told}");
        assert!(!told.contains("q7RzKx2m"), "{told}");
        assert_eq!(seen.lock().unwrap().len(), 1, "{status}");
    }
    // Nobody answers; it is not tried a second time.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    options.spec.vault.address = Some(address.clone());
    let told = outcome(&reference, &options).await;
    assert_eq!(told, "the vault does not answer: it took longer than 10 s");
    drop(silent);
    let told = outcome(&reference, &options).await;
    assert_eq!(
        told,
        "the vault does not answer: no connection; check its address"
    );
}
