//! What `init` has to know: each question has a flag, and nobody is asked where nobody can answer.

use crate::args::{Ci, InitArgs};
use crate::exit::Exit;
use crate::printer::{self, Printer};

/// Where the instance is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Region(String),
    Url(String),
}

/// Where a secret is kept; never the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    Env(String),
    File(String),
}

/// What `init` has to know.
#[derive(Clone, Debug)]
pub(super) struct Answers {
    pub(super) instance: String,
    pub(super) place: Place,
    pub(super) client_id: Reference,
    pub(super) client_secret: Reference,
    pub(super) ci: Ci,
}

const CLIENT_ID: &str = "env:CYCLR_CLIENT_ID";
const CLIENT_SECRET: &str = "env:CYCLR_CLIENT_SECRET";

/// Takes the flags, and asks for what they leave open.
pub(super) fn answers(args: &InitArgs, printer: Printer) -> Result<Answers, Exit> {
    let asked = if args.sandbox.is_some() {
        // The sandbox has its own place and credentials; these are for the day after it.
        Asked::Nobody
    } else if !args.no_input && printer::can_ask() {
        Asked::Person
    } else {
        let missing = missing(args);
        if !missing.is_empty() {
            printer.error(&format!(
                "nobody can be asked, and these are not given: {}",
                missing.join(", ")
            ));
            printer::hint("a secret is given by its place: --client-secret env:NAME or file:PATH");
            return Err(Exit::Invalid);
        }
        Asked::Nobody
    };
    let place = match (&args.region, &args.api_url) {
        (Some(region), _) => Place::Region(region.clone()),
        (None, Some(url)) => Place::Url(url.clone()),
        (None, None) => {
            let answer =
                asked.or_default("Region (us, us2, uk, eu, apac) or URL of the API", "eu")?;
            if answer.contains("://") {
                Place::Url(answer)
            } else {
                Place::Region(answer)
            }
        }
    };
    let reference = |given: &Option<String>, what: &str, default: &str| {
        let said = match given {
            Some(given) => given.clone(),
            None => asked.or_default(
                &format!("Where is the {what}: env:NAME or file:PATH"),
                default,
            )?,
        };
        parse(&said).ok_or_else(|| {
            printer.error(&format!(
                "the {what} is given by its place, env:NAME or file:PATH; what was given is not \
                 shown, since it may be the secret itself"
            ));
            Exit::Invalid
        })
    };
    let client_id = reference(&args.client_id, "client id", CLIENT_ID)?;
    let client_secret = reference(&args.client_secret, "client secret", CLIENT_SECRET)?;
    let ci = match args.ci {
        Some(ci) => ci,
        None => match asked
            .or_default("CI workflow: github, gitlab or none", "none")?
            .as_str()
        {
            "github" => Ci::Github,
            "gitlab" => Ci::Gitlab,
            "none" => Ci::None,
            _ => {
                printer.error("the CI workflow is one of github, gitlab and none");
                return Err(Exit::Invalid);
            }
        },
    };
    Ok(Answers {
        instance: args.instance.clone(),
        place,
        client_id,
        client_secret,
        ci,
    })
}

/// The flags that are not given, and that a person would be asked for.
fn missing(args: &InitArgs) -> Vec<&'static str> {
    let questions = [
        (
            args.region.is_some() || args.api_url.is_some(),
            "--region or --api-url",
        ),
        (args.client_id.is_some(), "--client-id"),
        (args.client_secret.is_some(), "--client-secret"),
        (args.ci.is_some(), "--ci"),
    ];
    let missing = questions.into_iter().filter(|(given, _)| !given);
    missing.map(|(_, flag)| flag).collect()
}

/// Who answers.
#[derive(Clone, Copy)]
enum Asked {
    Person,
    Nobody,
}

impl Asked {
    /// The person's answer, or what is meant by none.
    fn or_default(self, question: &str, default: &str) -> Result<String, Exit> {
        let answer = match self {
            Self::Person => {
                printer::ask(&format!("{question} [{default}]: ")).map_err(|_| Exit::Failed)?
            }
            Self::Nobody => String::new(),
        };
        Ok(if answer.is_empty() {
            default.to_owned()
        } else {
            answer
        })
    }
}

fn parse(said: &str) -> Option<Reference> {
    let reference = match said.split_once(':')? {
        ("env", name) => Reference::Env(name.to_owned()),
        ("file", path) => Reference::File(path.to_owned()),
        _ => return None,
    };
    Some(reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_given_by_its_place() {
        for (said, expected) in [
            ("env:A", Some(Reference::Env("A".into()))),
            ("file:secrets/a", Some(Reference::File("secrets/a".into()))),
            ("A", None),
            ("vault:a", None),
            ("s3cr3t", None),
        ] {
            assert_eq!(parse(said), expected, "{said}");
        }
    }
}
