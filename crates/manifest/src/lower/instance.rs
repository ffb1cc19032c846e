//! The instance that was chosen.

use super::Lowering;
use crate::entry::InstanceEntry;
use crate::merge::Merged;
use crate::node::Key;
use gangplank_model::code;
use gangplank_model::suggest::{did_you_mean, listed};
use gangplank_model::{Diagnostic, InstanceSpec, Problems, Sourced};
use std::net::Ipv4Addr;

/// An instance as it was written, with its key.
pub(crate) type Named<'a> = (&'a Key, &'a Sourced<InstanceEntry>);

/// The instance that is named, or the default one, or the only one; `Err` after telling why none.
pub(crate) fn choose<'a>(
    merged: &'a Merged,
    name: Option<&str>,
    problems: &mut Problems,
) -> Result<Option<Named<'a>>, ()> {
    let all = || merged.instances.iter().map(|(key, entry)| (key, entry));
    let names = || listed(all().map(|(key, _)| key.text.as_str()));
    let is_default = |entry: &Sourced<InstanceEntry>| entry.value.default.get() == Some(&true);
    let mut defaults = all().filter(|(_, entry)| is_default(entry));
    let (default, second) = (defaults.next(), defaults.next());
    if let (Some((first, _)), Some((second, _))) = (default, second) {
        problems.push(
            Diagnostic::error(code::TWO_DEFAULTS, "two instances say `default: true`")
                .at(&second.origin, "again here")
                .at(&first.origin, "first here")
                .hint("keep it on the one that is used without --instance"),
        );
        return Err(());
    }
    if let Some(name) = name {
        if let Some(chosen) = all().find(|(key, _)| key.text == name) {
            return Ok(Some(chosen));
        }
        let problem = Diagnostic::error(code::UNKNOWN_INSTANCE, "no instance of this name").detail(
            format!("\"{name}\" was asked for; the instances are {}.", names()),
        );
        problems.push(
            match did_you_mean(name, all().map(|(key, _)| key.text.as_str())) {
                Some(hint) => problem.hint(hint),
                None => problem,
            },
        );
        return Err(());
    }
    match (default, all().next(), all().nth(1)) {
        (Some(default), _, _) => Ok(Some(default)),
        (None, only, None) => Ok(only),
        (None, Some((first, _)), Some((second, _))) => {
            problems.push(
                Diagnostic::error(
                    code::WHICH_INSTANCE,
                    "several instances, and none is chosen",
                )
                .at(&first.origin, "")
                .at(&second.origin, "")
                .detail(format!("The instances are {}.", names()))
                .hint("choose one with --instance, or give one `default: true`"),
            );
            Err(())
        }
        (None, None, Some(_)) => Ok(None),
    }
}

/// The chosen instance, checked; `None` after telling what is wrong with it.
pub(crate) fn instance(named: Named<'_>, lowering: &mut Lowering<'_>) -> Option<InstanceSpec> {
    let (key, entry) = named;
    let api_url =
        match (&entry.value.region.0, &entry.value.api_url.0) {
            (Some(region), None) => Some(region.value.url.to_owned()),
            (None, Some(url)) => lowering.api_url(url),
            (Some(region), Some(url)) => {
                lowering.problems.push(
                    Diagnostic::error(
                        code::REGION_AND_URL,
                        "an instance has a region or a URL, not both",
                    )
                    .at(&url.origin, "")
                    .at(&region.origin, "")
                    .hint("take one of the two away"),
                );
                None
            }
            (None, None) => {
                if lowering.complete {
                    let problem =
                        Diagnostic::error(code::NO_REGION, "an instance needs a region or a URL");
                    lowering.problems.push(problem.at(&key.origin, "").hint(
                        "add `region: eu`, or `api_url: https://...` for a private instance",
                    ));
                }
                None
            }
        };
    let entry = &entry.value;
    let client_id = entry
        .client_id
        .0
        .as_ref()
        .and_then(|value| lowering.value(value));
    let client_secret = entry
        .client_secret
        .get()
        .and_then(|secret| lowering.secret(secret));
    let marks_key = match entry.marks_key.get() {
        Some(secret) => Some(lowering.secret(secret)?),
        None => None,
    };
    let exclusive = entry.exclusive.0.as_ref().filter(|it| it.value);
    Some(InstanceSpec {
        name: key.text.clone(),
        api_url: api_url?,
        service_domain: entry.service_domain.get().cloned(),
        client_id: client_id?,
        client_secret: client_secret?,
        marks_key,
        marks: entry.marks.get().is_none_or(|marks| marks.0),
        exclusive: exclusive.map(|it| it.origin.clone()),
        origin: key.origin.clone(),
    })
}

impl Lowering<'_> {
    /// `https://host`, or `http://` on this machine only: a secret goes over this wire.
    pub(super) fn api_url(&mut self, url: &Sourced<String>) -> Option<String> {
        match api_base(&url.value) {
            Ok(base) => Some(base),
            Err(reason) => {
                let problem =
                    Diagnostic::error(code::BAD_API_URL, "an API address that cannot be used");
                let problem = problem.at_hidden(&url.origin, reason);
                self.problems
                    .push(problem.hint("write it as `https://host`"));
                None
            }
        }
    }
}

fn api_base(url: &str) -> Result<String, &'static str> {
    const EXPECTED: &str = "expected https://host, without a query";
    let base = url.trim_end_matches('/');
    let base = base
        .strip_suffix("/v1.0")
        .unwrap_or(base)
        .trim_end_matches('/');
    let (scheme, rest) = base.split_once("://").ok_or(EXPECTED)?;
    let host = rest.split('/').next().unwrap_or_default();
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_~:[]/%".contains(c);
    if host.is_empty() || !rest.chars().all(allowed) {
        return Err(EXPECTED);
    }
    match scheme {
        "https" => Ok(base.to_owned()),
        "http" if is_loopback(host) => Ok(base.to_owned()),
        "http" => Err("http:// would send secrets in the clear; use https://"),
        _ => Err(EXPECTED),
    }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => return rest.split(']').next() == Some("::1"),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost"
        || name
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_over_https_or_stay_on_the_machine() {
        for (url, expected) in [
            ("https://api.example.test", Some("https://api.example.test")),
            (
                "https://api.example.test/base/v1.0/",
                Some("https://api.example.test/base"),
            ),
            ("http://127.0.0.1:8070/", Some("http://127.0.0.1:8070")),
            ("http://localhost:1", Some("http://localhost:1")),
            ("http://[::1]:1", Some("http://[::1]:1")),
            ("http://api.example.test", None),
            ("http://127.0.0.1.example.test", None),
            ("http://localhost.example.test", None),
            ("https://user:pass@host", None),
            ("https://host?x=1", None),
            ("https://", None),
            ("ftp://host", None),
            ("api.example.test", None),
        ] {
            assert_eq!(api_base(url).ok().as_deref(), expected, "{url}");
        }
    }
}
