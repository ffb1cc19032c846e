//! A plan for people, at any width, with and without colour.

use crate::layout::{columns, pad, shorten, wrap};
use crate::options::{TextOptions, Tone};
use crate::view::{AccountView, FieldView, ObjectView, View};
use gangplank_model::Plan;

/// Draws a plan. Its last line is always `Plan: ...`.
pub fn text(plan: &Plan, options: &TextOptions) -> String {
    let view = View::of(plan, options.width);
    let mut page = Page {
        lines: Vec::new(),
        options: *options,
    };
    for account in &view.accounts {
        page.account(account);
    }
    for line in &view.waves {
        page.line(Tone::Plain, line);
    }
    if !view.waves.is_empty() {
        page.blank();
    }
    if view.empty {
        let nothing = if view.accounts.is_empty() {
            "No changes: the instance matches the manifests."
        } else {
            "Nothing to apply: what is shown waits for a person, and the rest matches."
        };
        page.line(Tone::Good, nothing);
        page.blank();
    }
    for note in &view.notes {
        page.paragraph("note: ", Tone::Faint, note);
    }
    if !view.notes.is_empty() {
        page.blank();
    }
    // Not wrapped, whatever the width: scripts read it.
    page.line(Tone::Heading, &view.summary);
    page.lines.join("\n") + "\n"
}

struct Page {
    lines: Vec<String>,
    options: TextOptions,
}

impl Page {
    fn blank(&mut self) {
        self.lines.push(String::new());
    }

    fn line(&mut self, tone: Tone, text: &str) {
        self.lines.push(self.options.paint(tone, text));
    }

    /// A text that wraps below its own start.
    fn paragraph(&mut self, start: &str, tone: Tone, text: &str) {
        let indent = columns(start);
        let width = self.options.width.saturating_sub(indent).max(20);
        for (index, line) in wrap(text, width).into_iter().enumerate() {
            let start = if index == 0 {
                start.to_owned()
            } else {
                " ".repeat(indent)
            };
            self.line(tone, &(start + &line));
        }
    }

    fn account(&mut self, account: &AccountView) {
        let calls = match account.calls {
            0 => "nothing to call".to_owned(),
            1 => "1 call".to_owned(),
            calls => format!("{calls} calls"),
        };
        let calls = match account.wave {
            Some(wave) => format!("{calls}, wave {wave}"),
            None => calls,
        };
        let name = if account.name.is_empty() || account.name == account.id {
            String::new()
        } else {
            format!(" ({})", account.name)
        };
        let heading = shorten(
            &format!("{}{name}", account.id),
            self.options.width.saturating_sub(20),
        );
        let heading = self.options.paint(Tone::Heading, &heading);
        self.lines.push(format!(
            "{heading}  {}",
            self.options.paint(Tone::Faint, &calls)
        ));
        for object in &account.objects {
            self.object(object);
        }
        self.blank();
    }

    fn object(&mut self, object: &ObjectView) {
        let mut words = Vec::new();
        if object.kind != "account" && !object.title.is_empty() {
            words.push(object.title.clone());
        }
        words.extend(object.reasons.iter().cloned());
        let name = match object.kind {
            "account" => "account".to_owned(),
            kind => format!("{kind} \"{}\"", object.name),
        };
        let start = format!("  {} {name}", object.symbol);
        let words = words.join("; ");
        let room = self.options.width.saturating_sub(columns(&start) + 2);
        if words.is_empty() || columns(&words) > room {
            self.line(object.tone, &start);
            if !words.is_empty() {
                self.paragraph("      ", Tone::Faint, &words);
            }
        } else {
            let start = self.options.paint(object.tone, &start);
            self.lines.push(format!(
                "{start}  {}",
                self.options.paint(Tone::Faint, &words)
            ));
        }
        let names = object
            .fields
            .iter()
            .map(|field| columns(&field.name))
            .max()
            .unwrap_or(0);
        let names = names.min(self.options.width / 2);
        for field in &object.fields {
            self.field(field, names);
        }
        for (symbol, tone, text) in &object.warnings {
            self.paragraph(&format!("      {symbol} "), *tone, text);
        }
    }

    /// `name  before -> after`, on two lines where one is too narrow.
    fn field(&mut self, field: &FieldView, names: usize) {
        const INDENT: &str = "      ";
        let name = pad(&shorten(&field.name, names), names);
        let room = self
            .options
            .width
            .saturating_sub(INDENT.len() + names + 2)
            .max(20);
        let Some(before) = &field.before else {
            let after = shorten(&field.after, room);
            self.line(Tone::Plain, format!("{INDENT}{name}  {after}").trim_end());
            return;
        };
        if columns(before) + 4 + columns(&field.after) <= room {
            self.line(
                Tone::Plain,
                &format!("{INDENT}{name}  {before} -> {}", field.after),
            );
        } else {
            let before = shorten(before, room);
            self.line(Tone::Plain, &format!("{INDENT}{name}  {before}"));
            let after = shorten(&field.after, room.saturating_sub(3));
            self.line(
                Tone::Plain,
                &format!("{INDENT}{}  -> {after}", " ".repeat(names)),
            );
        }
    }
}
