//! A plan that was saved is applied as it is, or an account of it is left out, or all of it is refused.

mod approval;
mod cost;
mod drift;
mod files;
mod refusals;
mod rounds;

use crate::support::{Bench, Ended, scene};
use gangplank_sandbox::Request;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The scene, applied once, with a manifest that changes both of its accounts: the one in all kinds of
/// objects, the other in its own fields.
fn changed() -> Bench {
    let bench = scene::bench();
    bench.apply().expect(0);
    let mut text = scene::MANIFEST.to_owned();
    for (from, to) in [
        ("timezone: Europe/London", "timezone: Europe/Paris"),
        ("Region: eu, Subdomain: acme", "Region: us, Subdomain: acme"),
        ("Pipeline: New business", "Pipeline: Old business"),
        ("Title: Deal", "Title: Opportunity"),
        ("currency: GBP", "currency: SEK"),
    ] {
        assert!(text.contains(from), "the scene has no {from:?}");
        text = text.replacen(from, to, 1);
    }
    bench.manifest(&text);
    bench.sandbox.reset_ledger();
    bench
}

/// Saves a plan of `manifest.yaml` to `plan.json`; gives what was said, and the digest.
#[track_caller]
fn save(bench: &Bench, more: &[&str]) -> String {
    drop(std::fs::remove_file(file(bench)));
    let args = ["plan", "--with-secrets", "--out", "plan.json"];
    let ended = bench
        .run(&[&args, more, &["manifest.yaml"]].concat())
        .expect(0);
    let digest = ended
        .stderr
        .lines()
        .find_map(|it| it.strip_prefix("Digest: "));
    let digest = digest.expect("the digest is told").to_owned();
    assert_eq!(saved(bench)["digest"], *digest);
    bench.sandbox.reset_ledger();
    digest
}

fn file(bench: &Bench) -> PathBuf {
    bench.folder.path().join("plan.json")
}

fn saved(bench: &Bench) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file(bench)).unwrap()).unwrap()
}

/// Applies `plan.json`.
fn apply_saved(bench: &Bench, more: &[&str]) -> Ended {
    let args = ["apply", "--settle", "1", "--plan", "plan.json"];
    bench.run(&[&args, more].concat())
}

/// Routes of the planned calls, by account.
fn planned(plan: &Value) -> BTreeMap<String, Vec<String>> {
    let lanes = plan["lanes"].as_array().unwrap().iter();
    let routes = lanes.map(|lane| {
        let operations = lane["operations"].as_array().unwrap().iter();
        let text = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
        let route = |it: &Value| format!("{} {}", text(it, "method"), text(it, "route"));
        (text(lane, "account"), operations.map(route).collect())
    });
    routes
        .filter(|(_, routes): &(_, Vec<_>)| !routes.is_empty())
        .collect()
}

/// Routes of the writes that the server saw, by account.
fn seen(bench: &Bench) -> BTreeMap<String, Vec<String>> {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (account, route) in bench.writes() {
        seen.entry(account).or_default().push(route);
    }
    seen
}

/// Somebody else calls the API; nothing of it is left in the ledger.
#[track_caller]
fn meddle(bench: &Bench, call: &str, body: &Value) -> Value {
    meddle_in(bench, None, call, body)
}

/// The same in the name of an account.
#[track_caller]
fn meddle_in(bench: &Bench, account: Option<&str>, call: &str, body: &Value) -> Value {
    let (id, secret) = bench.sandbox.credentials();
    let send = |call: &str, token: Option<&str>, kind: &str, body: String| {
        let (method, uri) = call.split_once(' ').unwrap();
        let mut request = Request {
            method: method.parse().unwrap(),
            uri: uri.parse().unwrap(),
            body: body.into(),
            ..Request::default()
        };
        request
            .headers
            .insert("Content-Type", kind.parse().unwrap());
        if let Some(token) = token {
            let bearer = format!("Bearer {token}");
            request
                .headers
                .insert("Authorization", bearer.parse().unwrap());
            if let Some(account) = account {
                let account = account.parse().unwrap();
                request.headers.insert("X-Cyclr-Account", account);
            }
        }
        let answer = bench.sandbox.handle(&request);
        assert!(answer.status.is_success(), "{call}: {answer:?}");
        serde_json::from_slice::<Value>(&answer.body).unwrap_or_default()
    };
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let token = send(
        "POST /oauth/token",
        None,
        "application/x-www-form-urlencoded",
        form,
    );
    let token = token["access_token"].as_str();
    let answer = send(call, token, "application/json", body.to_string());
    bench.sandbox.reset_ledger();
    answer
}

#[test]
fn a_saved_plan_sends_exactly_its_calls() {
    // Of a fresh instance, and of one that holds everything.
    let fresh = scene::bench();
    for bench in [&fresh, &changed()] {
        save(bench, &[]);
        let plan = saved(bench);
        assert!(planned(&plan).values().map(Vec::len).sum::<usize>() > 6);
        apply_saved(bench, &[]).expect(0);
        assert_eq!(seen(bench), planned(&plan));
        bench.expect_converged();
        scene::expect_complete(bench);
    }
}

/// The manifests need not be there; if they are named, they have to be those that were planned.
#[test]
fn manifests_are_not_needed_and_are_compared_where_they_are_named() {
    let bench = changed();
    save(&bench, &[]);
    let manifest = bench.folder.path().join("manifest.yaml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, format!("{text}\n# later\n")).unwrap();
    let told = apply_saved(&bench, &["manifest.yaml"]).expect(4);
    assert!(
        told.stderr
            .contains("the manifests are not those that the plan plan.json was made of"),
        "{}",
        told.stderr
    );
    assert_eq!(bench.ledger().requests.len(), 0);
    std::fs::write(&manifest, &text).unwrap();
    apply_saved(&bench, &["manifest.yaml"]).expect(0);
    bench.expect_converged();
    let again = changed();
    save(&again, &[]);
    std::fs::remove_file(again.folder.path().join("manifest.yaml")).unwrap();
    apply_saved(&again, &[]).expect(0);
    scene::expect_complete(&again);
}

#[test]
fn the_file_conforms_to_its_schema_and_is_what_standard_output_shows() {
    let bench = changed();
    let digest = save(&bench, &[]);
    let schema = bench.run(&["schema", "plan"]).expect(0).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut file = saved(&bench);
    let errors: Vec<_> = validator
        .iter_errors(&file)
        .map(|it| it.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    let args = [
        "plan",
        "--with-secrets",
        "--format",
        "json",
        "manifest.yaml",
    ];
    let shown = bench.run(&args).expect(0).json();
    assert_eq!(shown["digest"], *digest);
    file.as_object_mut().unwrap().remove("saved").unwrap();
    assert_eq!(shown, file);
}

/// Nothing is planned: the file is there all the same, so that a CI job need not ask.
#[test]
fn an_empty_plan_is_saved_and_applied_too() {
    let bench = scene::bench();
    bench.apply().expect(0);
    save(&bench, &[]);
    let ended = apply_saved(&bench, &[]).expect(0);
    assert!(ended.last_line().starts_with("Plan: 0 to add, 0 to change"));
    assert_eq!(bench.ledger().requests.len(), 0);
}
