//! What every table needs: a case, and a plan as a few lines of text.

mod case;
mod operation;
mod shop;
mod text;

pub(crate) use case::{Case, check};
pub(crate) use operation::operation;
pub(crate) use shop::{
    MADE_KEY, audit, basic, context, fields, key, made, mark, oauth2_client, shop, tokens,
};
pub(crate) use text::{diagnostics, text};
