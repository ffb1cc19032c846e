//! What the end of an apply says of accounts that were not begun, of waves, and of what helps next.

use crate::escape;
use crate::layout::{columns, pad, shorten, wrap};
use crate::options::{TextOptions, Tone};
use crate::receipts::Applied;
use gangplank_model::plan::grouped;
use gangplank_model::{AccountEnd, AccountId, WaveEnd};
use std::time::Duration;

/// So many accounts are named in a list; all of them are in the receipts and in the JSON.
const MOST_NAMED: usize = 24;

/// Draws the groups of accounts that were left out, the waves, and the commands that go on.
pub(crate) fn draw(applied: &Applied<'_>, options: &TextOptions) -> String {
    let mut lines = Vec::new();
    not_begun(applied, options, &mut lines);
    waves(applied, options, &mut lines);
    next(applied, options, &mut lines);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Accounts that were not begun, together where the reason is the same.
fn not_begun(applied: &Applied<'_>, options: &TextOptions, lines: &mut Vec<String>) {
    let mut groups: Vec<(&str, Vec<&AccountId>)> = Vec::new();
    for account in applied
        .accounts
        .iter()
        .filter(|it| it.end == AccountEnd::NotBegun)
    {
        let why = account.why.as_deref().unwrap_or("not begun");
        match groups.iter_mut().find(|(known, _)| *known == why) {
            Some((_, accounts)) => accounts.push(&account.account),
            None => groups.push((why, vec![&account.account])),
        }
    }
    for (why, accounts) in groups {
        let head = format!("! {}, {}", counted(accounts.len()), escape::line(why));
        lines.extend(paragraph(&head, options).map(|line| options.paint(Tone::Bad, &line)));
        lines.extend(names(&accounts, options));
    }
}

/// The names of accounts, indented; not all of a great many.
fn names(accounts: &[&AccountId], options: &TextOptions) -> Vec<String> {
    let named = accounts.iter().take(MOST_NAMED);
    let named: Vec<String> = named.map(|it| escape::line(it.as_str())).collect();
    let mut text = named.join(", ");
    if accounts.len() > MOST_NAMED {
        let more = grouped(accounts.len() - MOST_NAMED);
        text = format!("{text} and {more} more");
    }
    let lines = wrap(&text, options.width.saturating_sub(4).max(20));
    lines
        .into_iter()
        .map(|line| format!("    {line}"))
        .collect()
}

fn paragraph(text: &str, options: &TextOptions) -> impl Iterator<Item = String> + use<> {
    wrap(text, options.width.max(20)).into_iter()
}

fn waves(applied: &Applied<'_>, options: &TextOptions, lines: &mut Vec<String>) {
    let takes = &applied.plan.rollout.waves;
    if applied.waves.is_empty() {
        return;
    }
    let wide = takes.iter().map(|it| columns(it)).max().unwrap_or(0);
    let wide = wide.min(options.width / 3);
    for (index, (takes, wave)) in takes.iter().zip(applied.waves).enumerate() {
        let (word, tone) = said(&wave.end);
        let takes = pad(
            &format!("({})", shorten(&escape::line(takes), wide)),
            wide + 2,
        );
        let count = counted(wave.accounts);
        let line = format!("wave {} {takes}  {count}: {word}", index + 1);
        lines.push(options.paint(tone, &line));
        if let WaveEnd::Held(why) = &wave.end {
            for why in why.iter().take(MOST_NAMED) {
                let width = options.width.saturating_sub(4).max(20);
                let why = wrap(&escape::line(why), width);
                lines.extend(why.into_iter().map(|line| format!("    {line}")));
            }
            if why.len() > MOST_NAMED {
                lines.push(format!("    and {} more", why.len() - MOST_NAMED));
            }
        }
    }
}

fn said(end: &WaveEnd) -> (String, Tone) {
    let (word, tone) = match end {
        WaveEnd::Nothing => ("nothing to do", Tone::Faint),
        WaveEnd::NotBegun => ("not begun", Tone::Bad),
        WaveEnd::BrokenOff => ("broken off", Tone::Bad),
        WaveEnd::Held(_) => ("not passed", Tone::Bad),
        WaveEnd::Soaking(left) => {
            let text = format!("stopped before the next wave, with {} left", spelled(*left));
            return (text, Tone::Bad);
        }
        WaveEnd::Passed => ("passed", Tone::Good),
        WaveEnd::Last => ("worked off", Tone::Plain),
    };
    (word.to_owned(), tone)
}

/// A time as a person writes it.
pub fn spelled(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

pub(crate) fn counted(accounts: usize) -> String {
    let s = if accounts == 1 { "" } else { "s" };
    format!("{} account{s}", grouped(accounts))
}

/// The accounts that went wrong, and the commands. Those are not wrapped, so that they can be copied.
fn next(applied: &Applied<'_>, options: &TextOptions, lines: &mut Vec<String>) {
    let failed = applied.accounts.iter().filter(|it| it.end.is_failure());
    let failed: Vec<&AccountId> = failed.map(|it| &it.account).collect();
    if !failed.is_empty() {
        let head = format!("Quarantined, {} that went wrong:", counted(failed.len()));
        lines.push(options.paint(Tone::Heading, &head));
        lines.extend(names(&failed, options));
        if let Some(command) = &applied.next.only_failed {
            lines.push("  to work on these alone, once they are mended:".to_owned());
            lines.push(format!("    {}", escape::line(command)));
        }
    }
    if let Some(command) = &applied.next.go_on {
        lines.push("To go on from here:".to_owned());
        lines.push(format!("    {}", escape::line(command)));
    }
}
