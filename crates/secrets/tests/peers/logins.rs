//! Logging in to a real server.

use crate::bao::{Bao, vault};
use crate::listener::listen;
use crate::outcome;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gangplank_model::{SecretRef, Value, VaultAuth};
use gangplank_secrets::Options;
use std::fs;

const POLICY: &str = "path \"secret/data/acme\" { capabilities = [\"read\"] }";

fn prepare(bao: &Bao) {
    let policy = bao.folder.path().join("policy.hcl");
    fs::write(&policy, POLICY).unwrap();
    bao.run(&["policy", "write", "reader", policy.to_str().unwrap()]);
    bao.run(&["kv", "put", "secret/acme", "password=two"]);
}

#[tokio::test]
async fn an_application_logs_in() {
    let Some(bao) = Bao::start(false).await else {
        return;
    };
    prepare(&bao);
    bao.run(&["auth", "enable", "-path=apps", "approle"]);
    bao.run(&["write", "auth/apps/role/ci", "token_policies=reader"]);
    let role_id = bao.run(&["read", "-field=role_id", "auth/apps/role/ci/role-id"]);
    let secret_id = bao.run(&[
        "write",
        "-f",
        "-field=secret_id",
        "auth/apps/role/ci/secret-id",
    ]);
    let mut options = bao.options("unused");
    let write = |text: &str| fs::write(bao.folder.path().join("secret_id"), text).unwrap();
    options.spec.vault.auth = Some(VaultAuth::AppRole {
        mount: "apps".to_owned(),
        role_id: Value::Text(role_id),
        secret_id: Some(bao.file("secret_id")),
    });
    let reference = vault("secret/acme", "password", None);
    write(&secret_id);
    assert_eq!(outcome(&reference, &options).await, "two");
    write("q7RzKx2mVw9LbT4n");
    let refused = outcome(&reference, &options).await;
    assert!(refused.contains("refuses the login (400)"), "{refused}");
}

/// The vault is real and so is its Kubernetes method; the cluster's API, which it asks whether a token
/// is good, is a listener.
#[tokio::test]
async fn a_service_account_logs_in() {
    let Some(bao) = Bao::start(true).await else {
        return;
    };
    prepare(&bao);
    let review = r#"{"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","status":{"authenticated":true,
        "user":{"username":"system:serviceaccount:apps:ci","uid":"u-1","groups":["system:serviceaccounts"]}}}"#;
    let (cluster, seen) = listen(vec![("201 Created", review.to_owned())]).await;
    // Some authority has to be named; the listener does not use it.
    let authority = bao.folder.path().join(bao.authority());
    bao.run(&["auth", "enable", "kubernetes"]);
    bao.run(&[
        "write",
        "auth/kubernetes/config",
        &format!("kubernetes_host={cluster}"),
        "disable_local_ca_jwt=true",
        &format!("kubernetes_ca_cert=@{}", authority.display()),
    ]);
    bao.run(&[
        "write",
        "auth/kubernetes/role/ci",
        "bound_service_account_names=ci",
        "bound_service_account_namespaces=apps",
        "token_policies=reader",
    ]);
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let jwt = format!(
        "{}.{}.{}",
        part(r#"{"alg":"RS256","typ":"JWT"}"#),
        part(
            r#"{"iss":"kubernetes/serviceaccount","exp":4102444800,"iat":1700000000,"nbf":1700000000,
            "sub":"system:serviceaccount:apps:ci","kubernetes.io":{"namespace":"apps",
            "serviceaccount":{"name":"ci","uid":"u-1"}}}"#
        ),
        part("no signature")
    );
    let mut options = bao.options(&jwt);
    let folder = bao.folder.path().to_str().unwrap().to_owned();
    options.spec.vault.ca_file = Some((folder, bao.authority()));
    let mut login = |role: &str| {
        options.spec.vault.auth = Some(VaultAuth::Kubernetes {
            mount: "kubernetes".to_owned(),
            role: role.to_owned(),
            jwt: Some(bao.file("token")),
        });
        options.clone()
    };
    let reference = vault("secret/acme", "password", None);
    assert_eq!(outcome(&reference, &login("ci")).await, "two");
    assert!(
        seen.lock().unwrap()[0].contains(&jwt),
        "the cluster was not asked"
    );
    options_without_token(&mut login("ci"), &reference).await;
    let refused = outcome(&reference, &login("cd")).await;
    assert!(refused.contains("refuses the login"), "{refused}");
}

/// Outside of a pod there is no token of a service account to take.
async fn options_without_token(options: &mut Options, reference: &SecretRef) {
    options.spec.vault.auth = Some(VaultAuth::Kubernetes {
        mount: "kubernetes".to_owned(),
        role: "ci".to_owned(),
        jwt: None,
    });
    let told = outcome(reference, options).await;
    assert!(
        told.starts_with("the login to the vault lacks the service account's token: "),
        "{told}"
    );
}
