//! `-W`, `-E` and `-A`: what is said of lints, in the order in which it stands on the command line.

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use gangplank_model::code::Level;
use gangplank_model::{Chosen, Levels};
use std::ffi::OsStr;

/// The options, with what they do to a lint.
const OPTIONS: [(&str, char, Level, &str); 3] = [
    (
        "warn",
        'W',
        Level::Warn,
        "Tell of a lint, but do not stop: its code, `all` or `warnings`; of -W, -E and -A the last one wins",
    ),
    ("error", 'E', Level::Error, "Make an error of a lint"),
    ("allow", 'A', Level::Allow, "Do not tell of a lint"),
];

/// What is said of lints.
#[derive(Clone, Debug, Default)]
pub(crate) struct LintArgs {
    /// In the order in which it was said.
    pub(crate) levels: Levels,
}

impl Args for LintArgs {
    fn augment_args(command: Command) -> Command {
        OPTIONS
            .iter()
            .fold(command, |command, (name, short, _, help)| {
                command.arg(
                    Arg::new(*name)
                        .short(*short)
                        .long(*name)
                        .value_name("CODE")
                        .action(ArgAction::Append)
                        .value_parser(Names)
                        .hide_possible_values(true)
                        .help(*help),
                )
            })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LintArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut said: Vec<(usize, Chosen, Level)> = Vec::new();
        for (name, _, level, _) in OPTIONS {
            let indices = matches.indices_of(name).into_iter().flatten();
            let values = matches.get_many::<Chosen>(name).into_iter().flatten();
            said.extend(indices.zip(values).map(|(index, it)| (index, *it, level)));
        }
        said.sort_by_key(|(index, ..)| *index);
        let said = said.into_iter().map(|(_, chosen, level)| (chosen, level));
        Ok(Self {
            levels: Levels::new(said.collect()),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Reads the name of a lint or of a group; completions of a shell list them.
#[derive(Clone)]
struct Names;

impl TypedValueParser for Names {
    type Value = Chosen;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Chosen, clap::Error> {
        let value = value.to_string_lossy();
        Chosen::parse(&value).map_err(|problem| {
            let argument = argument.map_or_else(String::new, ToString::to_string);
            let message = format!("invalid value {value:?} for '{argument}': {problem}\n");
            clap::Error::raw(ErrorKind::InvalidValue, message).with_cmd(command)
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Chosen::names().map(PossibleValue::new)))
    }
}
