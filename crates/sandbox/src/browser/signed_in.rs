//! `/account/signinwithtoken`: who is signed in, and what would open (cyclr-api.md 2.2, 2.10).

use axum::http::{HeaderValue, header};

use super::page::{Look, Page, forbidden};
use super::place::{Place, PlaceKind};
use super::visit::{COOKIE, Visit};
use crate::reply::Reply;
use crate::state::{Instance, SignIn};
use crate::world::{Account, CycleStatus, Template};

/// Uses the token up and begins a session.
pub(super) fn open(visit: &mut Visit<'_>) -> Reply {
    let call = &mut visit.call;
    let token = call.query.get("token").unwrap_or_default();
    let Some(sign_in) = call.instance.people.redeem(token, call.now) else {
        return forbidden();
    };
    let place = Place::of_query(visit.raw_query);
    let mut reply = show(visit, &sign_in, &place);
    if reply.status.is_success() {
        let session = visit.visits.begin(sign_in, visit.call.now);
        let cookie = format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax");
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            reply.headers.insert(header::SET_COOKIE, cookie);
        }
    }
    reply
}

/// Shows a place again to a browser whose session lasts.
pub(super) fn resume(visit: &mut Visit<'_>) -> Reply {
    let session = visit.visits.session(visit.cookies, visit.call.now);
    match session.cloned() {
        Some(sign_in) => {
            let place = Place::of_path(visit.path, visit.raw_query);
            show(visit, &sign_in, &place)
        }
        None => forbidden(),
    }
}

fn show(visit: &mut Visit<'_>, sign_in: &SignIn, place: &Place) -> Reply {
    let (instance, now) = (&mut *visit.call.instance, visit.call.now);
    instance.open(&sign_in.account);
    instance.settle(&sign_in.account, now);
    let instance = &*instance;
    let Some(account) = instance.accounts.get(&sign_in.account) else {
        return forbidden();
    };
    let heading = match &place.kind {
        PlaceKind::Launch => "LAUNCH",
        PlaceKind::Marketplace(_) => "Marketplace",
        PlaceKind::Orbit => "ORBIT",
        PlaceKind::Home => "You are signed in",
    };
    let page = Page::new(heading).heading(heading).facts(&[
        ("User", sign_in.user.as_str()),
        ("Account", account.name.as_str()),
        ("Account id", account.id.as_str()),
    ]);
    let page = match &place.kind {
        PlaceKind::Launch => launch(page, instance, account, place),
        PlaceKind::Marketplace(id) => marketplace(page, instance, account, *id),
        PlaceKind::Orbit | PlaceKind::Home => installed(page, account),
    };
    match place.path() {
        Some(path) => page.choices(&[("Open again", path, Look::Plain)]).reply(),
        None => page.reply(),
    }
}

/// What LAUNCH would offer, and what it would do with the choice.
fn launch(page: Page, instance: &Instance, account: &Account, place: &Place) -> Page {
    let options = place.options();
    let tags = options.get("tags").unwrap_or_default();
    let tags: Vec<&str> = tags.split(',').filter(|tag| !tag.is_empty()).collect();
    let is_on = |name| options.boolean(name) == Some(true);
    let is_single = is_on("single");
    let offered: Vec<&Template> = instance
        .library
        .templates()
        .filter(|one| one.published && has_tag(one, &tags))
        .filter(|one| !is_single || !is_installed(account, one))
        .collect();
    if offered.is_empty() {
        return page.paragraph("No published template has these tags, or all are installed.");
    }
    let chooses = if offered.len() == 1 && options.boolean("auto") != Some(false) {
        "The one template would be installed at once."
    } else {
        "The customer would choose one of these templates."
    };
    let runs = match (options.boolean("start") != Some(false), is_on("once")) {
        (false, _) => "It would stay paused.",
        (true, true) => "It would run once.",
        (true, false) => "It would be started.",
    };
    let maps = if is_on("wizard") {
        "Its mappings would be asked for step by step."
    } else {
        "Its mappings would be asked for in one form."
    };
    let rows: Vec<_> = offered
        .iter()
        .map(|template| row(account, template, is_on("descriptions")))
        .collect();
    let signs_in = if options.boolean("inline") == Some(false) {
        "Sign-in pages would open in a window of their own."
    } else {
        "Sign-in pages would open in this window."
    };
    page.paragraph(&format!("{chooses} {runs} {maps} {signs_in}"))
        .section("Templates")
        .list(&rows)
}

fn marketplace(page: Page, instance: &Instance, account: &Account, id: u64) -> Page {
    let known = instance.marketplaces.iter().find(|one| one.id == id);
    let name = known.map_or("", |one| one.name.as_str());
    let name = if name.is_empty() {
        format!("Marketplace {id}")
    } else {
        name.to_owned()
    };
    let tags = known.map(|one| one.tags.iter().map(String::as_str).collect());
    let tags: Vec<&str> = tags.unwrap_or_default();
    let offered = instance.library.templates();
    let rows: Vec<_> = offered
        .filter(|one| one.published && has_tag(one, &tags))
        .map(|template| row(account, template, true))
        .collect();
    page.section(&name).list(&rows)
}

/// The account's cycles, which ORBIT lets its customer start, stop and delete.
fn installed(page: Page, account: &Account) -> Page {
    let live = account
        .cycles
        .iter()
        .filter(|one| one.status != CycleStatus::DeleteScheduled);
    let rows: Vec<_> = live
        .map(|cycle| (cycle.name.clone(), format!("{:?}", cycle.status)))
        .collect();
    if rows.is_empty() {
        return page.paragraph("Nothing is installed in this account.");
    }
    page.section("Installed integrations").list(&rows)
}

/// Tags are told apart by case (cyclr-api.md 2.7); one in common is enough.
fn has_tag(template: &Template, tags: &[&str]) -> bool {
    tags.is_empty() || template.tags.iter().any(|tag| tags.contains(&tag.as_str()))
}

fn is_installed(account: &Account, template: &Template) -> bool {
    account.cycles.iter().any(|cycle| {
        cycle.status != CycleStatus::DeleteScheduled
            && cycle.template_id.as_deref() == Some(template.id.as_str())
    })
}

/// A template, with what is still to be signed in to.
fn row(account: &Account, template: &Template, with_description: bool) -> (String, String) {
    let missing: Vec<&str> = template
        .connectors
        .iter()
        .filter(|wanted| {
            !account.connectors.iter().any(|one| {
                one.authenticated == Some(true)
                    && one.connector.name.eq_ignore_ascii_case(&wanted.name)
            })
        })
        .map(|wanted| wanted.name.as_str())
        .collect();
    let ready = if missing.is_empty() {
        "All connectors are signed in.".to_owned()
    } else {
        format!("To sign in to: {}.", missing.join(", "))
    };
    let note = if with_description && !template.description.is_empty() {
        format!("{} {ready}", template.description)
    } else {
        ready
    };
    (template.name.clone(), note)
}
