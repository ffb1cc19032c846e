//! Customers with a real browser: consent, redirect, message, and how it looks.

use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::response::Html;
use gangplank_sandbox::{Listening, SandboxOptions};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::chromium::Chromium;
use crate::chromium::Document::{Frame, Top};
use crate::pages::encode;
use crate::support::{Twin, world};

/// The partner's application: one page at every path.
const APPLICATION: &str = include_str!("application.html");

/// A served sandbox, the partner's application, and a browser.
struct Stage {
    twin: Twin,
    listening: Listening,
    application: String,
    browser: Chromium,
    _serving: JoinSet<()>,
}

impl Stage {
    async fn set() -> Option<Self> {
        let browser = Chromium::start()?;
        let mut world = world();
        let hostile = "<img src=x onerror=\"document.title='taken'\">";
        hostile.clone_into(&mut world.accounts[0].name);
        let twin = Twin::open(SandboxOptions {
            world,
            ..SandboxOptions::default()
        });
        let listening = twin
            .sandbox
            .listen(([127, 0, 0, 1], 0).into())
            .await
            .unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let application = format!("http://{}", listener.local_addr().unwrap());
        let page = Router::new().fallback(|| async { Html(APPLICATION) });
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, page).await.unwrap() });
        Some(Self {
            twin,
            listening,
            application,
            browser,
            _serving: serving,
        })
    }

    fn install(&self, name: &str) -> u64 {
        let call = format!("POST /connectors/{name}/install");
        self.twin.ok(&call, json!({}))["Id"].as_u64().unwrap()
    }

    fn link(&self, id: u64, target: &str, message: Option<&str>) -> String {
        let call = "POST /accounts/acme-001/signintoken";
        let token = self.twin.ok(call, json!({ "Username": "ann" }));
        let token = encode(token["Token"].as_str().unwrap());
        let message = message.map(|text| format!("&callbackMessage={}", encode(text)));
        format!(
            "{}/connectorauth/updateaccountconnectoroauth?id={id}&token={token}&targetOrigin={}{}",
            self.listening.url(),
            encode(target),
            message.unwrap_or_default()
        )
    }

    fn is_authenticated(&self, id: u64) -> bool {
        let installed = self.twin.get(&format!("/account/connectors/{id}"));
        installed["Authenticated"] == true
    }

    fn heading(&mut self) -> Value {
        self.browser
            .wait(Top, "document.querySelector('h1')?.textContent")
    }
}

const SAID: &str = "document.getElementById('said')?.textContent";
const FORBIDDEN: &str = "403 – Forbidden: Access is denied.";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_allows_or_denies_and_is_led_back() {
    let Some(mut stage) = Stage::set().await else {
        return;
    };
    let done = format!("{}/done?from=vendor", stage.application);
    for (connector, choice) in [("Mailchimp", "Allow"), ("Trello", "Deny")] {
        let id = stage.install(connector);
        let link = stage.link(id, &done, None);
        stage.browser.open(&link);
        let expected = format!("Allow access to {connector}?");
        let script = format!("document.querySelector('h1')?.textContent === {expected:?}");
        stage.browser.wait(Top, &script);
        assert!(!stage.is_authenticated(id));
        stage.browser.click(Top, choice);
        let path = "document.getElementById('path')?.textContent";
        assert_eq!(stage.browser.wait(Top, path), "/done?from=vendor");
        assert_eq!(stage.is_authenticated(id), choice == "Allow", "{connector}");
        // The same link again, as a mail scanner's click would leave it.
        stage.browser.open(&link);
        assert_eq!(stage.heading(), FORBIDDEN);
        let late = stage.link(id, &done, None);
        stage.twin.clock.advance(Duration::from_secs(301));
        stage.browser.open("about:blank");
        stage.browser.open(&late);
        assert_eq!(stage.heading(), FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_reaches_the_window_that_waits() {
    let Some(mut stage) = Stage::set().await else {
        return;
    };
    let application = stage.application.clone();
    let expected = format!("{} it's <done>", stage.listening.url());
    let message = Some("it's <done>");
    // In a frame.
    let id = stage.install("Mailchimp");
    let link = stage.link(id, &format!("{application}/any/path"), message);
    stage.browser.resize(900, 900);
    stage
        .browser
        .open(&format!("{application}/frame#{}", encode(&link)));
    stage.browser.click(Frame, "Allow");
    assert_eq!(stage.browser.wait(Top, SAID), expected);
    assert!(stage.is_authenticated(id));
    // In a window of its own; the customer denies, and the application is told likewise.
    let id = stage.install("Trello");
    let link = stage.link(id, &application, message);
    stage
        .browser
        .open(&format!("{application}/window#{}", encode(&link)));
    stage.browser.click(Top, "Connect");
    let opener = stage.browser.take_popup();
    stage.browser.click(Top, "Deny");
    assert_eq!(stage.heading(), "You can close this window");
    stage.browser.take(opener);
    assert_eq!(stage.browser.wait(Top, SAID), expected);
    assert!(!stage.is_authenticated(id));
    // For another origin: it does not arrive.
    let id = stage.install("Squareup");
    let link = stage.link(id, "https://other.example", message);
    stage.browser.open("about:blank");
    stage
        .browser
        .open(&format!("{application}/frame#{}", encode(&link)));
    stage.browser.click(Frame, "Allow");
    let script = "document.querySelector('h1')?.textContent === 'You can close this window'";
    stage.browser.wait(Frame, script);
    assert_eq!(stage.browser.run(Top, SAID), Some(json!("")));
    assert!(stage.is_authenticated(id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_fit_every_screen_and_run_nothing_foreign() {
    let Some(mut stage) = Stage::set().await else {
        return;
    };
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let id = stage.install("Mailchimp");
    let tags = json!({ "DisplayDescriptions": true });
    for (screen, width, height) in [("phone", 360, 740), ("desktop", 1280, 800)] {
        stage.browser.resize(width, height);
        let launch = stage
            .twin
            .ok("POST /accounts/acme-001/launch", tags.clone());
        let url = launch["LaunchUrl"].as_str().unwrap();
        let signed_in = url.replace("https://demo-h.cyclr.test", &stage.listening.url());
        let consent = stage.link(id, &stage.application, None);
        for (name, url, heading) in [
            ("consent", consent.as_str(), "Allow access to Mailchimp?"),
            ("forbidden", consent.as_str(), FORBIDDEN),
            ("signed-in", signed_in.as_str(), "LAUNCH"),
        ] {
            stage.browser.open("about:blank");
            stage.browser.open(url);
            assert_eq!(stage.heading(), heading);
            let is_wide = "document.readyState === 'complete' && \
                           [document.documentElement.scrollWidth, innerWidth]";
            let widths = stage.browser.wait(Top, is_wide);
            assert!(
                widths[0].as_u64() <= widths[1].as_u64(),
                "{name}, {screen}: {widths}"
            );
            // The style is the page's own, and was let through by the policy.
            let style = "getComputedStyle(document.querySelector('main')).borderRadius";
            assert_eq!(stage.browser.wait(Top, style), "12px", "{name}");
            let picture = format!("{name}-{screen}.png");
            stage.browser.photograph(&pictures.join(picture));
            if name != "forbidden" {
                let shown = "[...document.querySelectorAll('dd')].map(one => one.textContent)";
                let shown = stage.browser.wait(Top, shown).to_string();
                assert!(shown.contains("onerror"), "{name}: {shown}");
            }
            let title = stage.browser.wait(Top, "document.title");
            assert_eq!(title, heading, "{name}");
            assert_eq!(
                stage.browser.run(Top, "document.images.length"),
                Some(json!(0))
            );
        }
    }
}
