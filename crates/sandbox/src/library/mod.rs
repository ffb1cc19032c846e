//! The standard library: the connectors and templates that every sandbox has unless its world says otherwise.
//!
//! The data is text beside the code: `catalogue.csv`, `categories.csv` and `templates.yaml`. Ids are made from the place of
//! a line and from names, so that they are the same in every run and in every release.

mod authentication;
mod catalogue;
mod connector;
mod identifier;
mod template;

pub(crate) use self::connector::connectors;
pub(crate) use self::template::templates;
