//! A roll-out: a plan's accounts in waves, each of which is looked at before the next one begins.

use crate::desired::AccountSpec;
use crate::percent::Percent;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The waves of a plan, in their order. Without any, all accounts are worked on at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rollout {
    /// What each wave takes, as a person wrote it: `wave=canary`, `10%`.
    pub waves: Vec<String>,
    /// How long nothing is written after each wave but the last.
    pub soak: Duration,
}

impl Rollout {
    /// Whether the plan has waves.
    pub fn is_some(&self) -> bool {
        !self.waves.is_empty()
    }
}

/// Which accounts a wave takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Those with this label: its key, or any key where it is written `label=VALUE`, and its value.
    Label(Option<String>, String),
    /// A share of all, the same ones on every run; a smaller share lies within a greater one.
    Share(Percent),
}

impl Choice {
    /// Whether an account has the label. A share goes by no account alone.
    pub fn labels(&self, account: &AccountSpec) -> bool {
        match self {
            Self::Label(key, value) => account
                .labels
                .iter()
                .any(|(name, label)| label == value && key.as_ref().is_none_or(|key| key == name)),
            Self::Share(_) => false,
        }
    }
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some(("label", value)) if !value.is_empty() => Ok(Self::Label(None, value.to_owned())),
            Some((key, value)) if !key.is_empty() && !value.is_empty() => {
                Ok(Self::Label(Some(key.to_owned()), value.to_owned()))
            }
            Some(_) => Err(format!(
                "expected a label such as wave=canary, not `{text}`"
            )),
            None if text.ends_with('%') => text.parse().map(Self::Share),
            None => Err(format!(
                "expected a label such as wave=canary, or a share such as 10%, not `{text}`"
            )),
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Label(key, value) => {
                write!(f, "{}={value}", key.as_deref().unwrap_or("label"))
            }
            Self::Share(percent) => percent.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_a_label_or_a_share() {
        let label = |key: Option<&str>| Choice::Label(key.map(str::to_owned), "canary".into());
        for (text, expected) in [
            ("wave=canary", Some(label(Some("wave")))),
            ("label=canary", Some(label(None))),
            ("10%", Some(Choice::Share("10%".parse().unwrap()))),
            ("a=10%", Some(Choice::Label(Some("a".into()), "10%".into()))),
            ("", None),
            ("canary", None),
            ("=canary", None),
            ("wave=", None),
            ("label=", None),
            ("0%", None),
        ] {
            let read = text.parse::<Choice>();
            assert_eq!(read.as_ref().ok(), expected.as_ref(), "{text}");
            if let Ok(choice) = read {
                assert_eq!(choice.to_string(), text);
            }
        }
    }
}
