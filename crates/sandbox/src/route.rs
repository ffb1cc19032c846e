//! The routes: method, pattern, who may call, and the handler.

use std::borrow::Cow;

use axum::http::Method;

use crate::api;
use crate::call::Call;
use crate::reply::Outcome;

/// Whose call it is (cyclr-api.md 2.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// The partner's; the account header is tolerated.
    Partner,
    /// The partner's, with a token that is not restricted to an account (cyclr-api.md 1.2).
    Unrestricted,
    /// An account's; the header is needed.
    Account,
    /// The library's; the header may be needed (`LIBRARY_HEADER`).
    Library,
}

/// One route.
pub(crate) struct Route {
    /// Method and pattern, as the ledger names it.
    pub(crate) name: &'static str,
    pub(crate) level: Level,
    pub(crate) handler: fn(&mut Call<'_>) -> Outcome,
}

impl Route {
    /// Whether it is meant to change something.
    pub(crate) fn is_write(&self) -> bool {
        !self.name.starts_with("GET ")
    }

    /// The placeholders' values, if the route fits.
    fn fit<'a>(&self, method: &Method, segments: &[Cow<'a, str>]) -> Option<Vec<Cow<'a, str>>> {
        let pattern = self
            .name
            .strip_prefix(method.as_str())?
            .strip_prefix(" /")?;
        let numbered = pattern.starts_with("connectors/{id}");
        let mut values = Vec::new();
        let mut given = segments.iter();
        for wanted in pattern.split('/') {
            let segment = given.next()?;
            if wanted.starts_with('{') {
                let is_number = segment.bytes().all(|byte| byte.is_ascii_digit());
                if segment.is_empty() || (numbered && !is_number) {
                    return None;
                }
                values.push(segment.clone());
            } else if !wanted.eq_ignore_ascii_case(segment) {
                return None;
            }
        }
        given.next().is_none().then_some(values)
    }
}

/// Finds the route of a path below `/v1.0`.
pub(crate) fn find<'a>(
    method: &Method,
    segments: &[Cow<'a, str>],
) -> Option<(&'static Route, Vec<Cow<'a, str>>)> {
    ROUTES
        .iter()
        .find_map(|route| Some((route, route.fit(method, segments)?)))
}

/// The methods that a path below `/v1.0` is served for. Of patterns that fit it, the most concrete count.
pub(crate) fn methods(segments: &[Cow<'_, str>]) -> Vec<&'static str> {
    let fitting: Vec<_> = ROUTES
        .iter()
        .filter_map(|route| {
            let (name, _) = route.name.split_once(' ')?;
            let method = Method::from_bytes(name.as_bytes()).ok()?;
            let values = route.fit(&method, segments)?;
            Some((values.len(), name))
        })
        .collect();
    let fewest = fitting.iter().map(|(placeholders, _)| *placeholders).min();
    let concrete = fitting
        .into_iter()
        .filter(|(placeholders, _)| Some(*placeholders) == fewest);
    let mut methods: Vec<_> = concrete.map(|(_, name)| name).collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}

/// The route of a name, such as `GET /accounts`.
pub(crate) fn named(name: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.name == name)
}

/// The names of all routes.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().map(|route| route.name)
}

macro_rules! routes {
    ($($level:ident $name:literal $handler:path;)+) => {
        /// All routes; where two fit, the first wins.
        static ROUTES: &[Route] =
            &[$(Route { name: $name, level: Level::$level, handler: $handler }),+];
    };
}

routes! {
    Partner "GET /accounts" api::account::list;
    Partner "POST /accounts" api::account::create;
    Partner "GET /accounts/{id}" api::account::get;
    Partner "PUT /accounts/{id}" api::account::update;
    Partner "DELETE /accounts/{id}" api::account::delete;
    Partner "GET /accounts/{id}/subaccounts" api::account::subaccounts;
    Partner "GET /accounts/{id}/usage" api::account::usage;
    Partner "GET /accounts/{id}/users" api::user::list;
    Partner "PUT /accounts/{id}/users" api::user::add;
    Partner "DELETE /accounts/{id}/users" api::user::remove;
    Partner "PUT /users" api::user::set_password;
    Partner "POST /accounts/{id}/signintoken" api::sign_in::create;
    Unrestricted "POST /accounts/{id}/launch" api::launch::of_account;
    Unrestricted "POST /accounts/{id}/marketplace" api::launch::marketplace_of_account;
    Unrestricted "POST /accounts/{id}/orbit" api::launch::orbit_of_account;
    Unrestricted "POST /users/launch" api::launch::of_user;
    Unrestricted "POST /users/marketplace" api::launch::marketplace_of_user;
    Unrestricted "POST /users/orbit" api::launch::orbit_of_user;

    Library "GET /connectors" api::library::list;
    Library "GET /connectors/{id}" api::library::by_id;
    Library "GET /connectors/{name}" api::library::by_name;
    Library "GET /connectors/{id}/methods" api::library::methods_by_id;
    Library "GET /connectors/{name}/methods" api::library::methods_by_name;
    Library "GET /connectors/{name}/{version}" api::library::by_version;
    Library "GET /connectors/{name}/{version}/methods" api::library::methods_by_version;
    Library "GET /methods/{id}" api::library::method;
    Account "POST /connectors/{id}/install" api::install::by_id;
    Account "POST /connectors/{name}/install" api::install::by_name;
    Account "POST /connectors/{name}/{version}/install" api::install::by_version;

    Account "GET /account/connectors" api::account_connector::list;
    Account "GET /account/connectors/custom" api::custom_connector::list;
    Account "POST /account/connectors/custom" api::custom_connector::create;
    Account "GET /account/connectors/custom/{id}" api::custom_connector::get;
    Account "PUT /account/connectors/custom/{id}" api::custom_connector::update;
    Account "DELETE /account/connectors/custom/{id}" api::custom_connector::delete;
    Account "GET /account/connectors/{id}" api::account_connector::get;
    Account "PUT /account/connectors/{id}" api::account_connector::update;
    Account "DELETE /account/connectors/{id}" api::account_connector::delete;
    Account "PUT /account/connectors/{id}/deauthenticate" api::account_connector::deauthenticate;
    Account "GET /account/connectors/{id}/properties" api::property::list;
    Account "POST /account/connectors/{id}/properties" api::property::create;
    Account "GET /account/connectors/{id}/properties/{propertyId}" api::property::get;
    Account "PUT /account/connectors/{id}/properties/{propertyId}" api::property::update;
    Account "DELETE /account/connectors/{id}/properties/{propertyId}" api::property::delete;

    Account "GET /account/connectors/{id}/fields" api::custom_field::list;
    Account "POST /account/connectors/{id}/fields" api::custom_field::create;
    Account "GET /account/connectors/{id}/fields/{fieldId}" api::custom_field::get;
    Account "PUT /account/connectors/{id}/fields/{fieldId}" api::custom_field::update;
    Account "DELETE /account/connectors/{id}/fields/{fieldId}" api::custom_field::delete;
    Account "GET /account/connectors/{id}/methods/{methodId}" api::method_call::read;
    Account "POST /account/connectors/{id}/methods/{methodId}" api::method_call::post;
    Account "POST /account/connectors/{id}/methods/{methodId}/body" api::method_call::post_raw;
    Account "GET /account/connectors/{id}/test/{methodId}" api::method_call::read;
    Account "POST /account/connectors/{id}/test/{methodId}" api::method_call::post;
    Account "POST /account/connectors/{id}/triggers/{triggerId}" api::method_call::trigger;

    Library "GET /templates" api::template::list;
    Library "GET /templates/{id}" api::template::get;
    Account "POST /templates/{id}/install" api::template::install;
    Partner "GET /templates/{id}/export" api::template_file::export;
    Partner "POST /templates/import" api::template_file::import;

    Account "GET /cycles" api::cycle::list;
    Account "POST /cycles" api::cycle::create;
    Account "GET /cycles/upgradeable" api::cycle::upgradeable;
    Account "GET /cycles/transactions" api::run::transactions;
    Account "GET /cycles/incidents/error" api::run::errors;
    Account "GET /cycles/incidents/warning" api::run::warnings;
    Account "GET /cycles/{id}" api::cycle::get;
    Account "PUT /cycles/{id}" api::cycle::update;
    Account "DELETE /cycles/{id}" api::cycle::delete;
    Account "PUT /cycles/{id}/activate" api::activation::activate;
    Account "PUT /cycles/{id}/deactivate" api::activation::deactivate;
    Account "GET /cycles/{id}/prerequisites" api::prerequisite::of_cycle;
    Account "GET /cycles/{id}/variables" api::variable::list;
    Account "POST /cycles/{id}/variables" api::variable::create;
    Account "PATCH /cycles/{id}/variables" api::variable::patch;
    Account "GET /cycles/{id}/variables/{systemName}" api::variable::get;
    Account "PUT /cycles/{id}/variables/{systemName}" api::variable::update;
    Account "DELETE /cycles/{id}/variables/{systemName}" api::variable::delete;
    Account "GET /cycles/{id}/steps" api::step::list;
    Account "POST /cycles/{id}/steps" api::step::create;
    Account "GET /cycles/{id}/steps/{stepId}" api::step::get;
    Account "PUT /cycles/{id}/steps/{stepId}" api::step::update;
    Account "DELETE /cycles/{id}/steps/{stepId}" api::step::delete;
    Account "GET /cycles/{id}/edges" api::edge::list;
    Account "POST /cycles/{id}/edges" api::edge::create;
    Account "GET /cycles/{id}/edges/{edgeId}" api::edge::get;
    Account "DELETE /cycles/{id}/edges/{edgeId}" api::edge::delete;
    Account "GET /cycles/{id}/incidents" api::run::of_cycle;
    Account "DELETE /cycles/{id}/incidents" api::run::clear;
    Account "GET /cycles/{id}/transactions" api::run::transactions_of_cycle;
    Account "GET /cycles/{id}/transactions/{txId}" api::run::transaction;

    Account "GET /steps/{id}/prerequisites" api::prerequisite::of_step;
    Account "GET /steps/{id}/fieldsformapping" api::lookup::candidates;
    Account "GET /steps/{id}/parameters" api::mapping::parameters;
    Account "GET /steps/{id}/parameters/{parameterId}" api::mapping::parameter;
    Account "PUT /steps/{id}/parameters/{parameterId}" api::mapping::set_parameter;
    Account "POST /steps/{id}/parameters/{parameterId}/lookup" api::lookup::values;
    Account "POST /steps/{id}/fieldmappings/lookup" api::lookup::discover;
    Account "GET /steps/{id}/fieldmappings" api::mapping::fields;
    Account "GET /steps/{id}/fieldmappings/{fieldId}" api::mapping::field;
    Account "PUT /steps/{id}/fieldmappings/{fieldId}" api::mapping::set_field;
    Account "POST /steps/{id}/fieldmappings/{fieldId}" api::mapping::set_field;
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::find;

    #[test]
    fn paths_find_their_routes() {
        let check = |method: &str, path: &str, expected: &str| {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let segments: Vec<_> = path.split('/').map(Into::into).collect();
            let found = find(&method, &segments).map_or("unmatched", |(route, _)| route.name);
            assert_eq!(found, expected, "{method} {path}");
        };
        check("GET", "Accounts", "GET /accounts");
        check(
            "POST",
            "connectors/5/install",
            "POST /connectors/{id}/install",
        );
        check(
            "POST",
            "connectors/Mail Chimp/install",
            "POST /connectors/{name}/install",
        );
        check(
            "POST",
            "connectors/A/1.0/install",
            "POST /connectors/{name}/{version}/install",
        );
        check(
            "GET",
            "connectors/5/methods",
            "GET /connectors/{id}/methods",
        );
        check(
            "GET",
            "connectors/A/methods",
            "GET /connectors/{name}/methods",
        );
        check(
            "GET",
            "connectors/5/1.0",
            "GET /connectors/{name}/{version}",
        );
        check("GET", "cycles/upgradeable", "GET /cycles/upgradeable");
        check(
            "PUT",
            "account/connectors/custom/5",
            "PUT /account/connectors/custom/{id}",
        );
        check(
            "GET",
            "account/connectors/5/fields",
            "GET /account/connectors/{id}/fields",
        );
        check("GET", "cycles/xyz", "GET /cycles/{id}");
        check(
            "PUT",
            "steps/1/fieldmappings/2",
            "PUT /steps/{id}/fieldmappings/{fieldId}",
        );
        check("PUT", "accounts/a/suspend", "unmatched");
        check("GET", "accounts/", "unmatched");
    }
}
