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
}

impl<'a> Subject<'a> {
    /// An address begins with `account[`; no code does.
    fn of(args: &'a ExplainArgs) -> Self {
        match args.subject.as_deref() {
            _ if args.list => Self::List,
            None => Self::List,
            Some(address) if address.starts_with("account[") => Self::Address(address),
            Some(code) => Self::Code(code),
        }
    }
}

pub(super) fn run(args: &ExplainArgs, printer: Printer) -> Exit {
    match Subject::of(args) {
        Subject::List => {
            printer::result(&code::list(printer.width));
            Exit::Done
        }
        Subject::Code(code) => code::run(code, printer),
        Subject::Address(subject) => address::run(subject, args, printer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Format;

    #[test]
    fn addresses_and_codes_are_told_apart() {
        for (subject, list, expected) in [
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
