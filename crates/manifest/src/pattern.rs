//! Patterns of the JSON Schema: what a text may be before its expressions are expanded.
//!
//! Each stands for a check of the loader, which says so with more words; a test holds both to the
//! same verdicts. The syntax is what ECMAScript, Python and Rust have in common.

/// Anything with an expression in it: only the loader can tell what comes out.
macro_rules! or_expression {
    ($pattern:literal) => {
        concat!("^(?:", $pattern, r"|[\s\S]*\{\{[\s\S]*)$")
    };
}

/// A name: not empty, no control characters, no blanks around it; the rarer blanks are for the loader.
pub(crate) const NAME: &str =
    or_expression!(r"[^\x00-\x20\x7f-\xa0](?:[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0])?");
/// The same for a template's own name, which stands in a mark.
pub(crate) const TEMPLATE_NAME: &str = or_expression!(
    r"(?!run=|moved=)[^\x00-\x20\x7f-\xa0](?:[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0])?"
);
/// An account's id: a name without an expression that is a segment of a path and a header's value.
pub(crate) const ACCOUNT_ID: &str =
    r"^(?!\.{1,2}$)(?!.*\{\{)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$";
/// The same for a roster's accounts, whose id is an expression, unless the roster has one row.
pub(crate) const ROSTER_ID: &str =
    or_expression!(r"(?!\.{1,2}$)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?");
/// Nothing but an expression.
pub(crate) const EXPRESSION: &str = r"^\{\{[\s\S]*\}\}$";
/// The path of a roster, which does not lead out of its folder.
pub(crate) const ROSTER: &str = r"^(?![/~])(?!.:)(?!(?:[\s\S]*/)?\.\.(?:/|$))(?![\s\S]*\*\*)(?:[^\x00-\x1f\x7f-\x9f\\]*/)?(?!\.$)[^\x00-\x1f\x7f-\x9f\\/]+$";
/// A point in time; whether the day exists is for the loader.
pub(crate) const TIME: &str = or_expression!(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9][0-9:.]{4,}Z?)?");
/// A URL, perhaps without its scheme.
pub(crate) const URL: &str = or_expression!(r"[^\x00-\x20\x7f-\xa0]+");
/// The address of an API: over https, or on this machine.
pub(crate) const API_URL: &str = r"^(?:https://[A-Za-z0-9._~:\[\]%-][A-Za-z0-9._~:\[\]/%-]*|http://(?:(?:localhost|127(?:\.[0-9]{1,3}){3})(?::[A-Za-z0-9._~:\[\]%-]*)?|\[::1\][A-Za-z0-9._~:\[\]%-]*)(?:/[A-Za-z0-9._~:\[\]/%-]*)?)$";
/// The name of an environment variable; that it is no key itself is for the loader.
pub(crate) const VARIABLE: &str = or_expression!(r"[A-Za-z_][A-Za-z0-9_]*");
/// A path that does not lead out of its folder; that it is no key itself is for the loader.
pub(crate) const PATH: &str =
    or_expression!(r"(?![/\\~])(?!.:)(?!(?:[\s\S]*[/\\])?\.\.(?:[/\\]|$))[^\x00-\x1f\x7f-\x9f]+");
/// Mount and path of a vault's secret; that it is no key itself is for the loader.
pub(crate) const VAULT_PATH: &str = or_expression!(
    r"(?!(?:[\s\S]*/)?\.{0,2}(?:/|$))[^\x00-\x20\x7f-\x9f/]+(?:/[^\x00-\x20\x7f-\x9f/]+)+"
);
/// The name of a field or a key: not empty, no control characters.
pub(crate) const WORD: &str = or_expression!(r"[^\x00-\x1f\x7f-\x9f]+");
/// A program of a command; that it is no key itself is for the loader.
pub(crate) const PROGRAM: &str = or_expression!(r"[^\x00]+");
/// A word of a command after the program; that it is no key itself is for the loader.
pub(crate) const ARGUMENT: &str = or_expression!(r"[^\x00]*");
/// Where a method is mounted: segments of a path.
pub(crate) const MOUNT: &str = r"^[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*$";

/// The name of an argument, such that `argument.NAME` reads it.
pub(crate) fn argument() -> serde_json::Value {
    serde_json::json!({ "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" })
}
