//! Progress while an apply works: a bar on a terminal, plain lines elsewhere.

use crate::escape;
use crate::options::{TextOptions, Tone};
use gangplank_model::{Event, Outcome, Receipt, WaveNews};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Write;

/// How progress is told.
pub struct ProgressOptions {
    /// Whether lines may be redrawn.
    pub interactive: bool,
    /// Whether to use colour.
    pub color: bool,
    /// Where plain lines go.
    pub writer: Box<dyn Write + Send>,
}

impl std::fmt::Debug for ProgressOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProgressOptions")
            .field("interactive", &self.interactive)
            .field("color", &self.color)
            .finish_non_exhaustive()
    }
}

/// Tells events as they come.
#[derive(Debug)]
pub struct Progress {
    options: ProgressOptions,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins; nothing is drawn before the first event.
    pub fn new(options: ProgressOptions) -> Self {
        Self { options, bar: None }
    }

    /// Tells one event.
    pub fn event(&mut self, event: &Event) {
        match event {
            Event::Started {
                lanes: _,
                operations,
            } => self.start(*operations),
            Event::Finished(receipt) => {
                if receipt.outcome != Outcome::Skipped {
                    self.say(&self.receipt(receipt));
                }
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                }
            }
            Event::Waiting {
                address,
                delay,
                why,
            } => {
                let line = format!(
                    "wait  {}  {} ({:.1} s)",
                    escape::line(&address.to_string()),
                    escape::line(why),
                    delay.as_secs_f64()
                );
                self.say(&self.paint(Tone::Wait, &line));
            }
            Event::LaneEnded { .. } => {}
            Event::Wave { wave, news } => self.wave(*wave, news),
        }
    }

    /// Tells of a wave, counted from 1.
    fn wave(&mut self, wave: usize, news: &WaveNews) {
        let (text, tone) = match news {
            WaveNews::Begun(accounts) => {
                let s = if *accounts == 1 { "" } else { "s" };
                (format!("begins, {accounts} account{s}"), Tone::Heading)
            }
            WaveNews::Looking(cycles) => {
                let s = if *cycles == 1 { "" } else { "s" };
                (
                    format!("looking at {cycles} cycle{s} that it started"),
                    Tone::Plain,
                )
            }
            WaveNews::Soaking(left) => {
                let left = left.as_secs_f64();
                (format!("nothing is written for {left:.0} s"), Tone::Wait)
            }
            WaveNews::Passed => ("passed".to_owned(), Tone::Good),
            WaveNews::Held(why) => {
                let why: Vec<String> = why.iter().map(|it| escape::line(it)).collect();
                (format!("not passed: {}", why.join("; ")), Tone::Bad)
            }
        };
        let line = format!("wave {}: {text}", wave + 1);
        self.say(&self.paint(tone, &line));
    }

    /// Takes the bar away.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn start(&mut self, operations: usize) {
        if self.options.interactive {
            let bar = ProgressBar::new(operations as u64);
            bar.set_draw_target(ProgressDrawTarget::stderr());
            let template = "{bar:30} {pos}/{len} calls, {elapsed} gone, about {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            self.bar = Some(bar);
        }
    }

    fn paint(&self, tone: Tone, text: &str) -> String {
        TextOptions {
            color: self.options.color,
            ..TextOptions::default()
        }
        .paint(tone, text)
    }

    fn receipt(&self, receipt: &Receipt) -> String {
        let (word, tone) = match &receipt.outcome {
            Outcome::Done | Outcome::Confirmed => ("ok  ", Tone::Good),
            Outcome::Unknown(_) => ("?   ", Tone::Bad),
            Outcome::Waiting(_) => ("wait", Tone::Good),
            Outcome::Refused(_) | Outcome::Diverged(_) | Outcome::Skipped => ("fail", Tone::Bad),
        };
        let word = self.paint(tone, word);
        let address = escape::line(&receipt.address.to_string());
        let verb = escape::line(&receipt.verb);
        let milliseconds = receipt.elapsed.as_millis();
        let tail = match &receipt.outcome {
            Outcome::Confirmed => ", answer lost, confirmed by reading back".to_owned(),
            outcome => outcome
                .explanation()
                .map(|why| format!(": {}", escape::line(why)))
                .unwrap_or_default(),
        };
        format!("{word}  {address}  {verb} ({milliseconds} ms){tail}")
    }

    /// A line above the bar, or on its own. Progress is no result: when nobody listens, it is lost.
    fn say(&mut self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => {
                writeln!(self.options.writer, "{line}").ok();
            }
        }
    }
}
