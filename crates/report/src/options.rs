//! How a text is to look.

use anstyle::{AnsiColor, Style};

/// Width and colour of a text.
#[derive(Clone, Copy, Debug)]
pub struct TextOptions {
    /// Columns.
    pub width: usize,
    /// Whether to use colour; the meaning is carried by symbols and words.
    pub color: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self {
            width: 100,
            color: false,
        }
    }
}

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Heading,
    Faint,
    Good,
    Change,
    Bad,
    Wait,
}

impl TextOptions {
    /// Dresses a text.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        let color = |color: AnsiColor| color.on_default();
        let style = match tone {
            Tone::Plain => Style::new(),
            Tone::Heading => Style::new().bold(),
            Tone::Faint => Style::new().dimmed(),
            Tone::Good => color(AnsiColor::Green),
            Tone::Change => color(AnsiColor::Yellow),
            Tone::Bad => color(AnsiColor::Red),
            Tone::Wait => color(AnsiColor::Cyan),
        };
        if self.color && tone != Tone::Plain {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}
