//! `gangplank explain CODE`: the page of a code, or the list of them.

use super::pages;
use crate::exit::Exit;
use crate::printer::{self, Printer};
use gangplank_model::code::{ALL, Known, Level};
use gangplank_model::suggest::did_you_mean;
use gangplank_report as report;

pub(super) fn run(written: &str, printer: Printer) -> Exit {
    // As it stands in a message: `error[unknown-key]`.
    let code = written.rsplit_once('[').map_or(written, |(_, code)| code);
    let code = code.trim_end_matches([']', ':']).trim().to_lowercase();
    if let Some(page) = pages::of(&code) {
        printer::result(&report::page(page, &printer.text_options()));
        return Exit::Done;
    }
    printer.error(&format!("no message has the code {written:?}"));
    match did_you_mean(&code, ALL.iter().map(|known| known.name)) {
        Some(hint) => printer::hint(&hint),
        None => printer::hint(
            "`gangplank explain --list` lists the codes; an address looks like account[\"acme\"]",
        ),
    }
    Exit::Invalid
}

/// Every code with what it says, by area.
pub(super) fn list(width: usize) -> String {
    let longest = ALL.iter().map(|known| known.name.len()).max();
    let beside = longest.unwrap_or_default() + 2;
    let mut lines = Vec::new();
    let mut area = None;
    for known in ALL {
        if area != Some(known.area) {
            lines.extend(area.is_some().then(String::new));
            lines.push(known.area.title().to_owned());
            area = Some(known.area);
        }
        let said = said(known);
        if 2 + beside + said.chars().count() <= width {
            lines.push(format!("  {:beside$}{said}", known.name));
        } else {
            lines.push(format!("  {}", known.name));
            lines.push(format!("      {said}"));
        }
    }
    lines.join("\n") + "\n"
}

fn said(known: &Known) -> String {
    let level = match known.default {
        None => "",
        Some(Level::Allow) => " (allowed)",
        Some(Level::Warn) => " (warning)",
        Some(Level::Error) => " (error)",
    };
    format!("{}{level}", known.summary)
}
