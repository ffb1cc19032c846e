//! `gangplank explain`: more of what a message, or a plan, says.

mod address;
mod code;
pub(super) mod pages;

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::printer::{self, Printer};

/// What is to be explained.
#[derive(Debug, PartialEq, Eq)]
enum Subject<'a> {
    /// All that there is.
    List,
    /// The code of a message: `unknown-key`.
    Code(&'a str),
    /// What stands at an address: `account["acme"].name`.
    Address(&'a str),
    /// Neither: what has paths after it was meant as an address.
    Neither(&'a str),
}

impl<'a> Subject<'a> {
    /// An address begins with `account[`; no code does.
    fn of(args: &'a ExplainArgs) -> Self {
        match args.subject.as_deref() {
            _ if args.list => Self::List,
            None => Self::List,
            Some(address) if address.starts_with("account[") => Self::Address(address),
            Some(word) if !args.paths.is_empty() || !is_code(word) => Self::Neither(word),
            Some(code) => Self::Code(code),
        }
    }
}

/// Whether it is written as codes are, alone or as in `error[unknown-key]`.
fn is_code(word: &str) -> bool {
    let plain = |text: &str| {
        text.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | ':'))
    };
    let inside = word.split_once('[').map_or(word, |(_, inside)| inside);
    plain(inside.trim_end_matches([']', ':']))
}

/// Says what an address looks like.
fn neither(word: &str, printer: Printer) -> Exit {
    printer.error(&format!("{word:?} is neither an address nor a code"));
    let name: String = word.chars().filter(|c| !"[]\"'\\".contains(*c)).collect();
    let of_account = name.strip_prefix("account.").unwrap_or(&name);
    let is_name = name == word || of_account != name;
    let example = if is_name && !of_account.is_empty() {
        format!("did you mean account[\"{of_account}\"]?")
    } else {
        "an address looks like account[\"acme\"];".to_owned()
    };
    printer::hint(&format!(
        "{example} `gangplank explain --list` lists the codes"
    ));
    Exit::Invalid
}

pub(super) fn run(args: &ExplainArgs, printer: Printer) -> Exit {
    match Subject::of(args) {
        Subject::List => {
            printer::result(&code::list(printer.width));
            Exit::Done
        }
        Subject::Code(code) => code::run(code, printer),
        Subject::Neither(word) => neither(word, printer),
        Subject::Address(subject) => address::run(subject, args, printer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Format;

    #[test]
    fn addresses_and_codes_are_told_apart() {
        for word in ["instance[\"x\"]", "acme.name"] {
            assert!(!is_code(word), "{word}");
        }
        for (subject, list, expected) in [
            (
                Some("error[unknown-key]:"),
                false,
                Subject::Code("error[unknown-key]:"),
            ),
            (
                Some("instance[\"x\"]"),
                false,
                Subject::Neither("instance[\"x\"]"),
            ),
            (None, false, Subject::List),
            (Some("unknown-key"), true, Subject::List),
            (Some("unknown-key"), false, Subject::Code("unknown-key")),
            (Some("account-case"), false, Subject::Code("account-case")),
            (
                Some("account[\"a\"].name"),
                false,
                Subject::Address("account[\"a\"].name"),
            ),
        ] {
            let subject = subject.map(str::to_owned);
            let args = ExplainArgs {
                subject,
                list,
                paths: Vec::new(),
                instance: None,
                format: Format::Text,
            };
            assert_eq!(Subject::of(&args), expected);
        }
    }
}
