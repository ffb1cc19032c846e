//! What the instance offers, looked up by what the manifest says.

use gangplank_model::Problems;
use gangplank_model::code;
use gangplank_model::suggest::{listed, nearest};
use gangplank_model::{
    AuthKind, AuthMethod, AuthSpec, ConnectorChoice, ConnectorSpec, Diagnostic, LibraryConnector,
    LibraryTemplate, Live, LiveConnector, Sourced, TemplateChoice, TemplateSpec,
};
use std::collections::{BTreeMap, BTreeSet};

/// The library by name.
#[derive(Debug)]
pub(crate) struct Library<'a> {
    connectors: BTreeMap<&'a str, Vec<&'a LibraryConnector>>,
    templates: Vec<&'a LibraryTemplate>,
}

impl<'a> Library<'a> {
    pub(crate) fn of(live: &'a Live) -> Self {
        Self::new(live.connectors.as_deref(), live.templates.as_deref())
    }

    pub(crate) fn new(
        library: Option<&'a [LibraryConnector]>,
        templates: Option<&'a [LibraryTemplate]>,
    ) -> Self {
        let mut connectors: BTreeMap<&str, Vec<&LibraryConnector>> = BTreeMap::new();
        for connector in library.into_iter().flatten() {
            connectors
                .entry(&connector.name)
                .or_default()
                .push(connector);
        }
        Self {
            connectors,
            templates: templates.into_iter().flatten().collect(),
        }
    }

    pub(crate) fn by_id(&self, id: i64) -> Option<&'a LibraryConnector> {
        self.connectors
            .values()
            .flatten()
            .find(|connector| connector.id == id)
            .copied()
    }

    /// A release by name and version, where there is just one.
    pub(crate) fn exact(&self, name: &str, version: Option<&str>) -> Option<&'a LibraryConnector> {
        let releases = self.connectors.get(name)?;
        let found = releases
            .iter()
            .find(|release| release.version.as_deref() == version);
        found.copied().or(match releases.as_slice() {
            [only] => Some(*only),
            _ => None,
        })
    }

    /// The release that an installed connector stands on, if the library still has it.
    pub(crate) fn installed(&self, live: &LiveConnector) -> Option<&'a LibraryConnector> {
        let by_id = live.release_id.and_then(|id| self.by_id(id));
        by_id.or_else(|| self.exact(&live.connector_name, live.connector_version.as_deref()))
    }

    /// The release to install; what is wrong with the choice is told.
    pub(crate) fn release(
        &self,
        spec: &ConnectorSpec,
        problems: &mut Problems,
    ) -> Option<&'a LibraryConnector> {
        let origin = &spec.connector.origin;
        let (name, version) = match &spec.connector.value {
            ConnectorChoice::Id(id) => {
                let found = self.by_id(*id);
                if found.is_none() {
                    problems.push(
                        Diagnostic::error(
                            code::UNKNOWN_CONNECTOR,
                            format!("no connector with id {id}"),
                        )
                        .at(origin, "not in this instance's library")
                        .detail("Ids differ per console and change with releases.")
                        .hint("name the connector instead"),
                    );
                }
                return found.filter(|found| installable(found, spec, problems));
            }
            ConnectorChoice::Name { name, version } => (name, version),
        };
        let Some(releases) = self.connectors.get(name.as_str()) else {
            let mut problem = Diagnostic::error(
                code::UNKNOWN_CONNECTOR,
                format!("no connector named {name:?}"),
            )
            .at(origin, "not in this instance's library")
            .detail(format!(
                "The library has {}.",
                listed(self.connectors.keys().copied())
            ));
            if let Some(near) = nearest(name, self.connectors.keys().copied()) {
                problem = problem.hint(format!("did you mean {near:?}?"));
            }
            problems.push(problem);
            return None;
        };
        let versions = || {
            listed(
                releases
                    .iter()
                    .map(|it| it.version.as_deref().unwrap_or("null")),
            )
        };
        let found = match (version, releases.as_slice()) {
            (None, [only]) => only,
            (None, _) => {
                problems.push(
                    Diagnostic::error(
                        code::AMBIGUOUS_CONNECTOR,
                        format!("connector {name:?} has several versions"),
                    )
                    .at(origin, "which version?")
                    .detail(format!("The library has versions {}.", versions()))
                    .hint("say `version:`"),
                );
                return None;
            }
            (Some(version), _) => {
                let wanted = |release: &&&LibraryConnector| {
                    release.version.as_deref() == Some(version.as_str())
                };
                let Some(found) = releases.iter().find(wanted) else {
                    problems.push(
                        Diagnostic::error(
                            code::UNKNOWN_VERSION,
                            format!("connector {name:?} has no version {version:?}"),
                        )
                        .at(origin, "not in this instance's library")
                        .detail(format!("The library has {}.", versions())),
                    );
                    return None;
                };
                found
            }
        };
        Some(*found).filter(|found| installable(found, spec, problems))
    }

    /// The template that an entry means; what is wrong with the choice is told.
    pub(crate) fn template(
        &self,
        spec: &TemplateSpec,
        problems: &mut Problems,
    ) -> Option<&'a LibraryTemplate> {
        let fits = |template: &&LibraryTemplate| spec.template.value.means(template);
        let found: Vec<&LibraryTemplate> = self.templates.iter().copied().filter(fits).collect();
        let origin = &spec.template.origin;
        match found.as_slice() {
            [only] => return Some(only),
            [] => {
                let what = match &spec.template.value {
                    TemplateChoice::Name(name) => format!("no published template named {name:?}"),
                    TemplateChoice::Tag(tag) => format!("no published template has tag {tag:?}"),
                    TemplateChoice::Id(id) => format!("no published template has id {id}"),
                };
                let mut problem = Diagnostic::error(code::UNKNOWN_TEMPLATE, what)
                    .at(origin, "not among this instance's published templates")
                    .detail(self.published(&spec.template.value));
                if let Some(near) = self.near(&spec.template.value) {
                    problem = problem.hint(format!("did you mean {near:?}?"));
                }
                problems.push(problem);
            }
            several => problems.push(
                Diagnostic::error(
                    code::AMBIGUOUS_TEMPLATE,
                    format!("several templates fit {}", spec.template.value),
                )
                .at(origin, "which one?")
                .detail(format!("They are {}.", with_ids(several)))
                .hint("choose by a name or a tag that only one of them has"),
            ),
        }
        None
    }

    /// What there is instead of a template that is not there.
    fn published(&self, choice: &TemplateChoice) -> String {
        let templates = || self.templates.iter();
        let there = match choice {
            TemplateChoice::Name(_) => listed(templates().map(|it| &*it.name)),
            TemplateChoice::Tag(_) => format!("templates with the tags {}", listed(self.tags())),
            TemplateChoice::Id(_) => with_ids(&self.templates),
        };
        format!(
            "Published are {there}. One that is not published, or only as a draft, does not show."
        )
    }

    fn tags(&self) -> BTreeSet<&'a str> {
        let tags = self.templates.iter().flat_map(|it| it.tags.iter());
        tags.map(String::as_str).collect()
    }

    fn near(&self, choice: &TemplateChoice) -> Option<&'a str> {
        match choice {
            TemplateChoice::Name(name) => nearest(name, self.templates.iter().map(|it| &*it.name)),
            TemplateChoice::Tag(tag) => nearest(tag, self.tags()),
            TemplateChoice::Id(_) => None,
        }
    }
}

/// Templates by name, each with its id: names may be alike.
fn with_ids(templates: &[&LibraryTemplate]) -> String {
    let told = |it: &&LibraryTemplate| format!("{} (id {})", it.name, it.id);
    let told: Vec<String> = templates.iter().map(told).collect();
    listed(told.iter().map(String::as_str))
}

/// Whether a connector works without any credential.
pub(crate) fn needs_none(release: &LibraryConnector) -> bool {
    let none = |method: &AuthMethod| method.kind == AuthKind::None;
    release.is_system || release.methods.iter().all(none)
}

fn installable(
    connector: &LibraryConnector,
    spec: &ConnectorSpec,
    problems: &mut Problems,
) -> bool {
    // cyclr-api.md 2.4: `Connector <id> is a draft and cannot be installed.`
    let draft = connector.status.eq_ignore_ascii_case("draft");
    if draft {
        problems.push(
            Diagnostic::error(
                code::DRAFT_CONNECTOR,
                format!("connector {:?} is a draft", connector.name),
            )
            .at(&spec.connector.origin, "cannot be installed")
            .detail("Release it in the Console first, or choose another version."),
        );
    }
    !draft
}

/// How a form of `auth` is called in a message.
fn form(auth: &AuthSpec) -> &'static str {
    match auth {
        AuthSpec::None => "none",
        AuthSpec::SignInOAuth2 | AuthSpec::OAuth2Tokens { .. } => "oauth2",
        AuthSpec::SignInOAuth1 => "oauth1",
        AuthSpec::ApiKey(_) => "api_key",
        AuthSpec::Basic { .. } => "basic",
        AuthSpec::OAuth2Client { .. } => "oauth2_client",
        AuthSpec::Fields(_) => "fields",
    }
}

fn fits(auth: &AuthSpec, kind: &AuthKind) -> bool {
    match (kind, auth) {
        (AuthKind::Other(_), _)
        | (AuthKind::ApiKey, AuthSpec::ApiKey(_))
        | (AuthKind::Basic, AuthSpec::Basic { .. })
        | (AuthKind::OAuth1, AuthSpec::SignInOAuth1)
        | (AuthKind::OAuth2(_), AuthSpec::SignInOAuth2 | AuthSpec::OAuth2Tokens { .. })
        | (AuthKind::None, AuthSpec::None)
        | (AuthKind::AuthFields, AuthSpec::Fields(_)) => true,
        (AuthKind::OAuth2(flow), AuthSpec::OAuth2Client { .. }) => {
            flow.as_deref() != Some("AuthorisationCode")
        }
        (
            AuthKind::ApiKey
            | AuthKind::Basic
            | AuthKind::OAuth1
            | AuthKind::OAuth2(_)
            | AuthKind::None
            | AuthKind::AuthFields,
            _,
        ) => false,
    }
}

/// The form that fits a kind, as a manifest would say it.
fn said(kind: &AuthKind) -> &str {
    match kind {
        AuthKind::ApiKey => "api_key",
        AuthKind::Basic => "basic",
        AuthKind::OAuth1 => "oauth1",
        AuthKind::OAuth2(Some(flow)) if flow == "ClientCredentials" => "oauth2_client",
        AuthKind::OAuth2(_) => "oauth2",
        AuthKind::None => "none",
        AuthKind::AuthFields => "fields",
        AuthKind::Other(word) => word,
    }
}

/// The authentication method that an entry means. `Err` when something is wrong with it, which is
/// told; `Ok(None)` when nothing is to be chosen.
pub(crate) fn method<'a>(
    spec: &ConnectorSpec,
    release: &'a LibraryConnector,
    problems: &mut Problems,
) -> Result<Option<&'a AuthMethod>, ()> {
    let offers = || {
        listed(
            release
                .methods
                .iter()
                .map(|method| format!("{} ({})", method.name, said(&method.kind)))
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str),
        )
    };
    let name = &release.name;
    if let Some(Sourced { value, origin }) = &spec.authentication {
        let Some(method) = release.methods.iter().find(|method| method.name == *value) else {
            let summary = format!("connector {name:?} has no authentication method {value:?}");
            let problem = Diagnostic::error(code::UNKNOWN_AUTHENTICATION, summary)
                .at(origin, "not among its methods")
                .detail(format!("It offers {}.", offers()));
            let names = release.methods.iter().map(|method| &*method.name);
            problems.push(match nearest(value, names) {
                Some(near) => problem.hint(format!("did you mean {near:?}?")),
                None => problem,
            });
            return Err(());
        };
        return match &spec.auth {
            Some(auth) if !fits(&auth.value, &method.kind) => {
                let summary = format!("method {value:?} does not take `{}`", form(&auth.value));
                problems.push(
                    Diagnostic::error(code::UNFIT_AUTHENTICATION, summary)
                        .at_hidden(&auth.origin, "does not fit the method")
                        .detail(format!("It takes `{}`.", said(&method.kind))),
                );
                Err(())
            }
            Some(_) | None => Ok(Some(method)),
        };
    }
    let Some(Sourced {
        value: auth,
        origin,
    }) = &spec.auth
    else {
        return Ok(None);
    };
    let fitting: Vec<&AuthMethod> = release
        .methods
        .iter()
        .filter(|method| fits(auth, &method.kind))
        .collect();
    match fitting.as_slice() {
        [only] => Ok(Some(only)),
        [] if release.methods.is_empty() => Ok(None),
        [] => {
            let summary = format!("connector {name:?} does not take `{}`", form(auth));
            problems.push(
                Diagnostic::error(code::UNFIT_AUTHENTICATION, summary)
                    .at_hidden(origin, "not among its methods")
                    .detail(format!("It offers {}.", offers())),
            );
            Err(())
        }
        _ => {
            let summary = format!("connector {name:?} has several methods that fit");
            problems.push(
                Diagnostic::error(code::AMBIGUOUS_AUTHENTICATION, summary)
                    .at_hidden(origin, "which method?")
                    .detail(format!("It offers {}.", offers()))
                    .hint("say `authentication:` with the method's name"),
            );
            Err(())
        }
    }
}
