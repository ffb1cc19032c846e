//! F9, F20, F21 and F22 over real sockets: answers that end too early, that are no answers, that lead elsewhere.

use crate::scene::{Scene, fresh, hourly};
use gangplank_sandbox::{Close, FaultEffect, FaultRule};
use std::net::TcpListener;

const ROUTES: [&str; 8] = [
    "POST /accounts",
    "POST /connectors/{id}/install",
    "POST /templates/{id}/install",
    "GET /cycles",
    "PUT /cycles/{id}",
    "GET /cycles/{id}/steps",
    "PUT /steps/{id}/parameters/{parameterId}",
    "PUT /cycles/{id}/activate",
];

/// Meets each route with a fault once. Whatever comes of it, nothing is there twice, no write is sent again that
/// must not be, and what is called done is as it would be without the fault.
async fn survive(faults: Vec<(&str, FaultEffect)>) {
    let mut calm = Scene::open(&[]).await;
    assert!(calm.apply(vec![fresh(hourly())]).await.is_good());
    for (fault, effect) in faults {
        for route in ROUTES {
            let mut scene = Scene::open(&[]).await;
            scene.fault(FaultRule::new(effect.clone()).on(route).nth(1));
            let report = scene.apply(vec![fresh(hourly())]).await;
            let ledger = scene.sandbox.ledger();
            let receipts = &report.lanes[0].receipts;
            let met = ledger.requests.iter().filter(|it| it.fault.is_some());
            assert_eq!(met.count(), 1, "{fault} on {route}");
            assert!(ledger.duplicates.is_empty(), "{fault} on {route}");
            assert!(report.is_good(), "{fault} on {route}: {receipts:#?}");
            assert_eq!(scene.holdings(), calm.holdings(), "{fault} on {route}");
            let installs = ledger
                .requests
                .iter()
                .filter(|it| it.committed && it.method == "POST" && it.path.ends_with("/install"));
            assert_eq!(installs.count(), 2, "{fault} on {route}: each install once");
        }
    }
}

#[tokio::test]
async fn f09_answers_that_end_too_early() {
    let ends = [("a reset", Close::Reset), ("an end", Close::Finish)];
    for (end, close) in ends {
        survive(vec![
            (end, FaultEffect::CutHead { bytes: 20, close }),
            (end, FaultEffect::CutBody { bytes: None, close }),
            (end, FaultEffect::HangUp { close }),
        ])
        .await;
    }
}

#[tokio::test]
async fn f20_bodies_that_no_honest_instance_sends() {
    survive(vec![
        ("40 MiB", FaultEffect::HugeBody { mebibytes: 40 }),
        ("a gzip bomb", FaultEffect::GzipBomb { mebibytes: 200 }),
        ("nesting", FaultEffect::DeepNesting { depth: 100_000 }),
        ("keys given twice", FaultEffect::DuplicateKeys),
        ("a byte order mark", FaultEffect::ByteOrderMark),
        ("bytes that are not UTF-8", FaultEffect::BadUtf8),
        ("half a body", FaultEffect::Truncated { bytes: None }),
        ("nothing", FaultEffect::Empty),
    ])
    .await;
}

#[tokio::test]
async fn f21_answers_that_are_none() {
    survive(vec![
        ("a login page", FaultEffect::HtmlPage { code: None }),
        ("a proxy's page", FaultEffect::HtmlPage { code: Some(502) }),
        (
            "another type",
            FaultEffect::ContentType("text/plain".into()),
        ),
        ("no content", FaultEffect::NoContent),
    ])
    .await;
}

/// Nobody ever connects to where a redirect leads, least of all with a credential.
#[tokio::test]
async fn f22_redirects_lead_nowhere() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let address = elsewhere.local_addr().unwrap();
    for code in [301, 302, 303, 307, 308] {
        for to in [Some(format!("http://{address}/")), None] {
            for route in ROUTES {
                let mut scene = Scene::open(&[]).await;
                let effect = FaultEffect::Redirect {
                    code,
                    to: to.clone(),
                };
                scene.fault(FaultRule::new(effect).on(route).nth(1));
                let report = scene.apply(vec![fresh(hourly())]).await;
                let ledger = scene.sandbox.ledger();
                assert!(ledger.duplicates.is_empty(), "{code} on {route}");
                let met = ledger.requests.iter().filter(|it| it.fault.is_some());
                assert_eq!(met.count(), 1, "{code} on {route}");
                let receipts = report.receipts();
                assert_eq!(receipts.count(), report.lanes[0].receipts.len());
                let connected = elsewhere.accept();
                assert!(connected.is_err(), "{code} on {route} was followed");
            }
        }
    }
}
