//! The OpenAPI document of what is served: `GET /_sandbox/openapi.json`.
//!
//! Every file of `api` has a table `OPERATIONS` beside its handlers that says what a route expects and
//! answers, in terms of the types of `body` and `view`. [`document`] makes the document of these tables and
//! of the switches' positions, since some switches decide what is answered. A test holds the tables against
//! `route`, and every answer in every conformance test against the document.

mod assembly;
mod document;
mod operation;
mod parameter;
mod schema;

pub(crate) use assembly::document;
pub(crate) use operation::{Need, Operation, When};
pub(crate) use parameter::{ORDERED, PAGED, Parameter};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Operation;
    use crate::{api, route};

    fn operations() -> impl Iterator<Item = &'static Operation> {
        api::OPERATIONS.iter().copied().flatten()
    }

    fn routes(operation: &Operation) -> Vec<&'static str> {
        match operation.routes {
            [] => vec![operation.name],
            several => several.to_vec(),
        }
    }

    #[test]
    fn every_route_is_documented_once_and_nothing_else_is() {
        let mut documented: Vec<&str> = operations().flat_map(routes).collect();
        documented.sort_unstable();
        let mut served: Vec<&str> = route::names().chain(["POST /oauth/token"]).collect();
        served.sort_unstable();
        assert_eq!(documented, served);
    }

    #[test]
    fn operations_have_ids_summaries_and_all_their_placeholders() {
        let mut ids = BTreeSet::new();
        for operation in operations() {
            let name = operation.name;
            assert!(
                ids.insert(operation.id),
                "{name}: {} is taken",
                operation.id
            );
            assert!(operation.summary.ends_with('.'), "{name}");
            assert!(!operation.section.is_empty(), "{name}");
            let places = name
                .split('/')
                .filter_map(|one| one.strip_prefix('{')?.strip_suffix('}'));
            let described: Vec<&str> = operation.path.iter().map(|one| one.name).collect();
            assert_eq!(described, places.collect::<Vec<_>>(), "{name}");
            if let Some(body) = &operation.body
                && !body.example.is_empty()
            {
                serde_json::from_str::<serde_json::Value>(body.example).expect(name);
            }
        }
    }
}
