//! Foreign text may repeat a secret that it was sent; nothing of it may reach a person.

use gangplank_secrets::Secrets;

/// Shorter values are not looked for: they would blank out ordinary words.
const SHORTEST: usize = 4;

/// Takes every known secret out of a text.
pub(crate) fn scrub(text: &str, secrets: &Secrets, sent: Option<&str>) -> String {
    let mut text = text.to_owned();
    let known = secrets.values().map(gangplank_model::Secret::expose);
    for value in known.chain(sent) {
        if value.len() >= SHORTEST && text.contains(value) {
            text = text.replace(value, "[secret]");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use gangplank_model::{Secret, SecretRef};

    #[test]
    fn an_echoed_secret_is_blanked() {
        let secrets: Secrets = [
            (SecretRef::Env("A".into()), Secret::new("hunter22".into())),
            (SecretRef::Env("B".into()), Secret::new("no".into())),
        ]
        .into_iter()
        .collect();
        assert_eq!(
            scrub("bad value hunter22, not YQ==", &secrets, Some("YQ==")),
            "bad value [secret], not [secret]"
        );
    }
}
