//! What every target does with an input, and what must never come out of it.

use gangplank_manifest::{Manifest, MemorySources, load};
use gangplank_model::{AccountId, Address, Diagnostics};
use gangplank_report::TextOptions;

/// A secret that stands in inputs and must not come out in a message.
pub const CANARY: &str = "q7RzKx2mVw9LbT4nYc8HdJ3sGf6PaE5u";

/// Reads a manifest, whatever it is.
pub fn parser(bytes: &[u8]) {
    let sources = MemorySources::default().with("m.yaml", bytes);
    let (manifest, problems) = load(&sources, &["m.yaml".to_owned()]);
    render(&manifest, &problems);
}

/// Reads a manifest, makes accounts of it, and tells what is wrong. A secret that takes the place of
/// the word `CANARY` in it is not told.
pub fn lower(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let text = text.replace("CANARY", CANARY);
    let sources = MemorySources::default().with("m.yaml", text.as_bytes());
    let (manifest, mut problems) = load(&sources, &["m.yaml".to_owned()]);
    for instance in [None, Some("production")] {
        let (_, more) = manifest.desired(instance);
        problems.extend(more);
    }
    let told = render(&manifest, &problems);
    // Elsewhere it is text like any other, and may be shown. Where it is a secret it never is.
    let guarded = ["api_key: CANARY", "client_secret: CANARY", "password: CANARY"];
    let whole = guarded.iter().any(|it| bytes.windows(it.len()).any(|part| part == it.as_bytes()));
    assert!(!whole || !told.contains(CANARY), "a secret is told: {told}");
}

/// Reads a roster. The first byte says what it is: one of its kinds of file.
pub fn roster(bytes: &[u8]) {
    let Some((kind, rows)) = bytes.split_first() else {
        return;
    };
    let file = ["r.csv", "r.json", "r.jsonl", "r.yaml"][usize::from(*kind) % 4];
    let manifest = format!(
        "version: 1\nprofiles: {{ a: {{ name: \"{{{{ row.b }}}}\" }} }}\nrosters:\n  - from: {file}\n    where: \"{{{{ row.a != 'x' }}}}\"\n    \
         account: {{ id: \"{{{{ row.a }}}}\", profile: \"{{{{ row.b }}}}\", connectors: \"{{{{ row.c }}}}\", \
         step_data_success_retention_hours: \"{{{{ row['a'] }}}}\", description: \"{{{{ row.b | upper }}}}!\" }}\n"
    );
    let sources = MemorySources::default()
        .with("m.yaml", manifest)
        .with(file, rows);
    check(&sources);
}

/// Evaluates an expression over an account, its row and its instance.
pub fn expression(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let quoted: String = text.chars().flat_map(char::escape_unicode).collect();
    let quoted = escapes(&quoted);
    let manifest = format!(
        "version: 1\ninstances: {{ i: {{ region: eu, client_id: a, client_secret: {{ env: X }} }} }}\nrosters:\n  - from: r.json\n    \
         account: {{ id: \"{{{{ row.id }}}}\", labels: {{ a: b }}, description: \"{quoted}\", \
         step_data_success_retention_hours: \"{quoted}\", connectors: \"{quoted}\" }}\n"
    );
    let row = "[{\"id\": \"a-1\", \"n\": 7, \"t\": \"x\", \"l\": [1, \"y\"], \"m\": {\"k\": true}}]";
    let sources = MemorySources::default()
        .with("m.yaml", manifest)
        .with("r.json", row);
    check(&sources);
}

/// `\u{e9}` of Rust as `\U000000e9` of YAML.
fn escapes(rust: &str) -> String {
    let digits = rust.split("\\u{").filter_map(|it| it.strip_suffix('}'));
    digits.map(|digits| format!("\\U{digits:0>8}")).collect()
}

/// Reads an address; what can be read prints as what is read again.
pub fn address(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(address) = text.parse::<Address>() {
        assert_eq!(address.to_string().parse(), Ok(address));
    }
    let account = AccountId::new(text);
    for address in [
        Address::account(&account),
        Address::connector(&account, text),
        Address::template(&account, text),
    ] {
        assert_eq!(address.to_string().parse(), Ok(address));
    }
}

fn check(sources: &MemorySources) {
    let (manifest, mut problems) = load(sources, &["m.yaml".to_owned()]);
    let (_, more) = manifest.check(None);
    problems.extend(more);
    render(&manifest, &problems);
}

fn render(manifest: &Manifest, problems: &Diagnostics) -> String {
    let options = TextOptions {
        color: false,
        width: 80,
    };
    let told = gangplank_report::diagnostics(problems, manifest.sources(), &options);
    let control = |c: char| c.is_control() && c != '\n' && c != '\t';
    assert!(!told.contains(control), "a control character is told: {told:?}");
    told
}
