//! The pages of browsers, without one: statuses, headers, who is let in (cyclr-api.md 2.6).

use std::time::Duration;

use gangplank_sandbox::Answer;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::support::Twin;

/// A value for a query string.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A sandbox with a browser that follows links by hand.
struct Customer(Twin);

impl Customer {
    fn new() -> Self {
        Self(Twin::new())
    }

    /// Installs a connector, and says its id.
    fn install(&self, name: &str, body: Value) -> u64 {
        let name = name.replace(' ', "%20");
        let installed = self.0.ok(&format!("POST /connectors/{name}/install"), body);
        installed["Id"].as_u64().unwrap()
    }

    fn token(&self, account: &str) -> String {
        let call = format!("POST /accounts/{account}/signintoken");
        let token = self.0.ok(&call, json!({ "Username": "ann" }));
        encode(token["Token"].as_str().unwrap())
    }

    /// The sign-in link of a connector.
    fn link(&self, id: u64, more: &str) -> String {
        let token = self.token("acme-001");
        format!("/connectorauth/updateaccountconnectoroauth?id={id}&token={token}{more}")
    }

    fn open(&self, path: &str) -> Answer {
        self.0.raw("GET", path, &[], "")
    }

    fn status(&self, path: &str) -> u16 {
        self.open(path).status.as_u16()
    }

    fn connector(&self, id: u64) -> Value {
        self.0.get(&format!("/account/connectors/{id}"))
    }
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status.as_u16(), 302, "{}", text(answer));
    answer.headers["location"].to_str().unwrap()
}

/// The link under a button of a page.
fn choice(answer: &Answer, label: &str) -> String {
    let text = text(answer);
    let before = text.split(&format!("\">{label}</a>")).next().unwrap();
    let (_, href) = before.rsplit_once("href=\"").unwrap();
    href.replace("&amp;", "&")
}

const TARGET: &str = "&targetOrigin=https%3A%2F%2Fapp.example%2Fdone%3Fa%3D1";

#[test]
fn allowing_stores_tokens_and_redirects() {
    let customer = Customer::new();
    let check = |connector: &str, fields: &[&str]| {
        let id = customer.install(connector, json!({}));
        assert_eq!(customer.connector(id)["Authenticated"], false);
        let sent = customer.open(&customer.link(id, TARGET));
        let consent = customer.open(location(&sent));
        assert_eq!(consent.status.as_u16(), 200);
        assert!(text(&consent).contains(connector));
        let allow = choice(&consent, "Allow");
        let back = customer.open(&allow);
        assert_eq!(location(&back), "https://app.example/done?a=1");
        let installed = customer.connector(id);
        assert_eq!(installed["Authenticated"], true, "{connector}");
        // Kept as JSON in a string (cyclr-api.md 2.6).
        let tokens: Value = serde_json::from_str(installed["AuthValue"].as_str().unwrap()).unwrap();
        let names: Vec<_> = tokens.as_object().unwrap().keys().collect();
        assert_eq!(names, fields, "{connector}");
        assert_eq!(customer.status(&allow), 403, "an answer counts once");
        let ledger = customer.0.sandbox.ledger();
        let routes: Vec<_> = ledger.requests.iter().map(|one| &one.route).collect();
        assert!(routes.contains(&&"GET /connector/callback".to_owned()));
        let commit = ledger.commits.last().unwrap();
        assert_eq!(commit.key, format!("acme-001/{connector}"));
        let ledger = serde_json::to_string(&ledger).unwrap();
        assert!(!ledger.contains(tokens["AccessToken"].as_str().unwrap()));
    };
    let fields = ["AccessToken", "RefreshToken", "Expires", "RefreshExpires"];
    check("Mailchimp", &fields);
    check("Trello", &["AccessToken", "AccessTokenSecret"]);
}

#[test]
fn denying_leads_back_and_leaves_it_unauthenticated() {
    let customer = Customer::new();
    let id = customer.install("Mailchimp", json!({}));
    let sent = customer.open(&customer.link(id, TARGET));
    let consent = location(&sent).to_owned();
    let page = customer.open(&consent);
    let (allow, deny) = (choice(&page, "Allow"), choice(&page, "Deny"));
    assert_eq!(
        location(&customer.open(&deny)),
        "https://app.example/done?a=1"
    );
    assert_eq!(customer.status(&allow), 403, "the customer has decided");
    assert_eq!(customer.status(&consent), 403);
    let installed = customer.connector(id);
    assert_eq!(installed["Authenticated"], false);
    assert_eq!(installed["AuthValue"], Value::Null);
    // A code that the third party did not give is worth nothing.
    let sent = customer.open(&customer.link(id, TARGET));
    let (_, state) = location(&sent).split_once('?').unwrap();
    let forged = format!("/connector/callback?{state}&code=guess");
    assert_eq!(customer.status(&forged), 403);
    assert_eq!(customer.connector(id)["Authenticated"], false);
}

#[test]
fn links_work_once_for_five_minutes_and_for_their_account_alone() {
    let customer = Customer::new();
    let id = customer.install("Mailchimp", json!({}));
    let link = customer.link(id, TARGET);
    assert_eq!(customer.status(&link), 302);
    let used = customer.open(&link);
    assert_eq!(used.status.as_u16(), 403);
    assert!(text(&used).contains("403 – Forbidden: Access is denied."));
    assert_eq!(used.headers["content-type"], "text/html; charset=utf-8");
    let link = customer.link(id, TARGET);
    customer.0.clock.advance(Duration::from_secs(299));
    assert_eq!(customer.status(&link), 302);
    let link = customer.link(id, TARGET);
    customer.0.clock.advance(Duration::from_mins(5));
    assert_eq!(customer.status(&link), 403);
    // A token of an account that does not have the connector.
    customer
        .0
        .ok("POST /accounts", json!({ "Id": "two", "Name": "Two" }));
    let path = |account: &str, id: &str| {
        let token = customer.token(account);
        format!("/connectorauth/updateaccountconnectoroauth?id={id}&token={token}{TARGET}")
    };
    let check = |account: &str, id: &str, expected: u16| {
        assert_eq!(
            customer.status(&path(account, id)),
            expected,
            "{account} {id}"
        );
    };
    check("acme-001", &id.to_string(), 302);
    check("two", &id.to_string(), 403);
    check("acme-001", "99999", 403);
    check("acme-001", "acme-001", 403);
    check("acme-001", "", 403);
    // A token that is not encoded for its URL is another token.
    let call = "POST /accounts/acme-001/signintoken";
    let raw = customer.0.ok(call, json!({ "Username": "ann" }))["Token"].clone();
    let raw = raw.as_str().unwrap();
    let start = format!("/connectorauth/updateaccountconnectoroauth?id={id}{TARGET}&token=");
    assert_eq!(customer.status(&format!("{start}{raw}")), 403);
    assert_eq!(customer.status(&format!("{start}{}", encode(raw))), 302);
    assert_eq!(customer.status(&start), 403);
    customer.0.ok("DELETE /accounts/two", json!({}));
}

#[test]
fn only_web_addresses_are_led_back_to() {
    let customer = Customer::new();
    let id = customer.install("Mailchimp", json!({}));
    let link = customer.link(id, "");
    for wrong in [
        "",
        "&targetOrigin=javascript:alert(1)",
        "&targetOrigin=data:text/html,hello",
        "&targetOrigin=app.example",
        "&targetOrigin=%2F%2Fapp.example",
    ] {
        let answer = customer.open(&format!("{link}{wrong}"));
        assert_eq!(answer.status.as_u16(), 400, "{wrong}");
        assert!(answer.headers.get("location").is_none());
    }
    // None of these has used the token up.
    let answer = customer.open(&format!("{link}{TARGET}"));
    assert_eq!(answer.status.as_u16(), 302);
}

#[test]
fn a_message_is_posted_to_the_origin_alone() {
    let customer = Customer::new();
    let id = customer.install("Mailchimp", json!({}));
    let hostile = "</script><script>alert(1)</script>\"'`";
    let more = format!("{TARGET}&callbackMessage={}", encode(hostile));
    let sent = customer.open(&customer.link(id, &more));
    let allow = choice(&customer.open(location(&sent)), "Allow");
    let page = customer.open(&allow);
    assert_eq!(page.status.as_u16(), 200);
    let text = text(&page);
    let data = "data-message=\"&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&#96;\" \
                data-origin=\"https://app.example\"";
    assert!(text.contains(data), "{text}");
    assert_eq!(text.matches("<script").count(), 1);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    let (_, nonce) = text.split_once("<script nonce=\"").unwrap();
    let nonce = nonce.split('"').next().unwrap();
    assert!(
        policy.contains(&format!("script-src 'nonce-{nonce}'")),
        "{policy}"
    );
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");
}

#[test]
fn grants_without_a_customer_take_their_properties() {
    let customer = Customer::new();
    let check = |connector: &str, properties: Value, expected: bool| {
        let id = customer.install(
            connector,
            json!({ "Name": format!("{connector} {expected}"), "Properties": properties }),
        );
        let back = customer.open(&customer.link(id, TARGET));
        assert_eq!(location(&back), "https://app.example/done?a=1");
        let found = customer.connector(id)["Authenticated"].clone();
        assert_eq!(found, expected, "{connector}");
    };
    let property = |name: &str| json!({ "Name": name, "Value": "x" });
    let needed = ["Domain", "Username", "Password"].map(property);
    check("SugarCRM", json!(needed), true);
    check("SugarCRM", json!(needed[..2]), false);
    let needed = ["ClientId", "ClientSecret", "Environment"].map(property);
    check("Amadeus", json!(needed[..2]), true);
    check("Amadeus", json!([]), false);
    // A key has nothing to sign in to.
    check("Shopify", json!([]), false);
}

#[test]
fn signing_in_shows_what_would_open() {
    let customer = Customer::new();
    let twin = &customer.0;
    let launch = |body: Value| {
        let answer = twin.ok("POST /accounts/acme-001/launch", body);
        let url = answer["LaunchUrl"].as_str().unwrap().to_owned();
        url.strip_prefix("https://demo-h.cyclr.test")
            .unwrap()
            .to_owned()
    };
    let path = launch(json!({ "Tags": ["crm-test"], "Start": false, "Wizard": true }));
    let page = customer.open(&path);
    assert_eq!(page.status.as_u16(), 200);
    let shown = text(&page);
    for wanted in [
        "API User",
        "Acme Ltd",
        "Pipedrive &gt; MailChimp",
        "stay paused",
        "step by step",
    ] {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
    assert!(!shown.contains("Fresh one") && shown.contains("installed at once"));
    assert_eq!(customer.status(&path), 403);
    // The session goes on without a token.
    let cookie = page.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly"));
    let cookie = cookie.split(';').next().unwrap();
    let again = twin.raw("GET", "/launch?tags=crm-test", &[("cookie", cookie)], "");
    assert!(text(&again).contains("Pipedrive &gt; MailChimp"));
    assert_eq!(customer.status("/launch?tags=crm-test"), 403);
    assert_eq!(customer.status("/orbit"), 403);
    // A template that is installed is not offered again to those who want one alone.
    let single = launch(json!({ "Tags": ["crm-test"], "SingleInstall": true }));
    assert!(!text(&customer.open(&single)).contains("MailChimp"));
    let token = customer.token("acme-001");
    let path = format!("/account/signinwithtoken?token={token}&returnUrl=//evil.example");
    let home = text(&customer.open(&path));
    assert!(home.contains("You are signed in") && home.contains("<dd>ann</dd>"));
    assert!(home.contains("Paused") && !home.contains("evil"));
    let market = twin.ok(
        "POST /accounts/acme-001/marketplace",
        json!({ "MarketplaceId": 3 }),
    );
    let market = market["MarketplaceUrl"]
        .as_str()
        .unwrap()
        .replace("https://demo-h.cyclr.test", "");
    assert!(text(&customer.open(&market)).contains("Marketplace 3"));
    let token = customer.token("acme-001");
    twin.clock.advance(Duration::from_mins(5));
    let late = format!("/account/signinwithtoken?token={token}");
    assert_eq!(customer.status(&late), 403);
}
