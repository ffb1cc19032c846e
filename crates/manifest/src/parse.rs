//! YAML text to nodes with their places, an item at a time.
//!
//! With `document` the only module that knows the YAML parser. What the language does without (tags,
//! merge keys, several documents, keys that are no text) is refused with its remedy.

use crate::anchors::{Anchors, MOST_LEVELS, too_deep, too_much};
use crate::keys::Keys;
use crate::node::{Key, Kind, Node, plain};
use crate::source::SourceFile;
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin, Problems};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};
use std::borrow::Cow;

/// A problem that ends the reading of a file: already told.
#[derive(Debug)]
pub(crate) struct Broken;

/// Reads one file's events and builds nodes of them on demand.
pub(crate) struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    file: &'a SourceFile,
    anchors: Anchors,
    /// Values in the tree that is being built, and how many it may have.
    pub(crate) values: usize,
    pub(crate) most_values: usize,
}

/// Values in one tree: an account, a row or a section. The largest honest one has some thousands.
pub(crate) const MOST_VALUES: usize = 1_000_000;

/// What the top-level map holds at a key.
#[derive(Debug)]
pub(crate) enum Item {
    /// One item of a list that is read item by item.
    One(Node),
    /// The whole value.
    Whole(Node),
}

/// What comes next in the stream.
pub(crate) type Next<'a> = (Event<'a>, Span);

impl<'a> Reader<'a> {
    pub(crate) fn new(file: &'a SourceFile) -> Self {
        Self {
            parser: Parser::new_from_str(&file.text),
            file,
            anchors: Anchors::of(file.text.len()),
            values: 0,
            most_values: MOST_VALUES,
        }
    }

    /// Goes through the top-level map of the one document. `item` is called for each entry: with
    /// the whole value, or, for the keys in `streamed`, once for each item of their list.
    pub(crate) fn document(
        mut self,
        streamed: &[&str],
        problems: &mut Problems,
        mut item: impl FnMut(&Key, Item, &mut Problems),
    ) -> Result<(), Broken> {
        self.check_ends(problems)?;
        let (event, span) = loop {
            match self.next(problems)? {
                (Event::StreamStart | Event::DocumentStart(_), _) => {}
                other => break other,
            }
        };
        match event {
            Event::StreamEnd => {
                let origin = self.origin(span);
                problems.push(
                    Diagnostic::error(code::EMPTY_FILE, "the file says nothing")
                        .at(&origin, "")
                        .hint("a manifest starts with `version: 1`"),
                );
                return Err(Broken);
            }
            Event::MappingStart(..) => {}
            _ => {
                let node = self.node((event, span), 0, problems)?;
                // Whatever it is, it may be the file of a secret.
                let problem = wrong(&node, "a map", "a manifest starts with `version: 1`");
                problems.push(hidden(problem));
                return Err(Broken);
            }
        }
        let mut seen = Keys::default();
        while let Some((key, fresh)) = self.key(&seen, problems)? {
            let next = self.next(problems)?;
            if !fresh {
                self.node(next, 1, problems)?;
                continue;
            }
            let streams = streamed.contains(&&*key.text);
            if streams && matches!(next.0, Event::SequenceStart(0, None)) {
                loop {
                    match self.next(problems)? {
                        (Event::SequenceEnd, _) => break,
                        other => {
                            self.values = 0;
                            let node = self.value(other, &key, 2, problems)?;
                            item(&key, Item::One(node), problems);
                        }
                    }
                }
            } else {
                self.values = 0;
                let node = self.value(next, &key, 1, problems)?;
                item(&key, Item::Whole(node), problems);
            }
            seen.add(key);
        }
        self.end(problems)
    }

    pub(crate) fn check_ends(&self, problems: &mut Problems) -> Result<(), Broken> {
        let lone = crate::syntax::lone_return(self.file);
        lone.map_or(Ok(()), |problem| Err(told(problem, problems)))
    }

    /// After the document nothing may follow.
    pub(crate) fn end(&mut self, problems: &mut Problems) -> Result<(), Broken> {
        loop {
            match self.next(problems)? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(_), span) => {
                    let origin = self.origin(span);
                    problems.push(
                        Diagnostic::error(code::SEVERAL_DOCUMENTS, "a second document in one file")
                            .at_hidden(&origin, "starts here")
                            .hint("put each document into a file of its own"),
                    );
                    return Err(Broken);
                }
                _ => {}
            }
        }
    }

    pub(crate) fn next(&mut self, problems: &mut Problems) -> Result<Next<'a>, Broken> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let marker = error.marker();
                problems.push(crate::syntax::diagnose(
                    self.file,
                    (marker.line(), marker.col()),
                    error.info(),
                ));
                Err(Broken)
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn origin(&self, span: Span) -> Origin {
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let (start, end) = (span.start, span.end);
        let same_line = end.line() == start.line() && end.col() > start.col();
        Origin {
            file: self.file.name.clone(),
            line: number(start.line().max(1)),
            column: number(start.col() + 1),
            length: if same_line {
                number(end.col() - start.col())
            } else {
                1
            },
        }
    }

    /// The next key of a map, and whether it is the first of its name; `None` at the map's end.
    fn key(&mut self, seen: &Keys, problems: &mut Problems) -> Result<Option<(Key, bool)>, Broken> {
        let (event, span) = self.next(problems)?;
        let origin = self.origin(span);
        let text = match event {
            Event::MappingEnd => return Ok(None),
            Event::Scalar(text, style, anchor, tag)
                if !text.is_empty() || style != ScalarStyle::Plain =>
            {
                no_tag(tag.as_ref(), &origin, problems);
                if anchor != 0 {
                    let kind = Kind::Text(text.clone().into_owned());
                    let node = Node {
                        origin: origin.clone(),
                        kind,
                    };
                    let kept = self.anchors.keep(anchor, &node);
                    kept.map_err(|problem| told(problem, problems))?;
                }
                text.into_owned()
            }
            other => {
                let hint = match other {
                    Event::Scalar(..) => "write the key before the colon, or \"\" for an empty one",
                    Event::Alias(_) => "write out the key that the alias stands for",
                    Event::SequenceStart(..) => "write one key, as text",
                    _ => "put quotes around an expression: \"{{ account.id }}\"",
                };
                problems.push(
                    Diagnostic::error(code::KEY_NOT_TEXT, "a key that is no text")
                        .at_hidden(&origin, "")
                        .hint(hint),
                );
                return Err(Broken);
            }
        };
        let first = seen.find(&text);
        if text == "<<" {
            problems.push(
                Diagnostic::error(code::MERGE_KEY, "merge keys are not part of the language")
                    .at_hidden(&origin, "")
                    .hint("say it once in a profile, and name the profile"),
            );
        } else if let Some(first) = first {
            problems.push(self.duplicate(&text, &origin, &first.origin));
        }
        let fresh = first.is_none();
        Ok(Some((Key { origin, text }, fresh)))
    }

    /// Tells of a key that is given twice. The second value is read by nobody, so that nobody can
    /// tell whether it is a secret: near words that announce one, the lines are not shown.
    fn duplicate(&self, key: &str, again: &Origin, first: &Origin) -> Diagnostic {
        let hidden = |origin: &Origin| {
            let line = usize::try_from(origin.line).unwrap_or(0);
            crate::syntax::may_hold_secret_behind(key, self.file, line)
        };
        let diagnostic = Diagnostic::error(code::DUPLICATE_KEY, "a key is given twice")
            .detail("A key can have one value only.")
            .hint("take one of the two away");
        if hidden(again) || hidden(first) {
            return diagnostic
                .at_hidden(again, "again here")
                .at_hidden(first, "first here");
        }
        diagnostic.at(again, "again here").at(first, "first here")
    }

    /// Builds a key's value. Nothing has no place of its own: it is told of at its key.
    fn value(
        &mut self,
        next: Next<'a>,
        key: &Key,
        level: usize,
        problems: &mut Problems,
    ) -> Result<Node, Broken> {
        let nowhere = next.1.start.index() == next.1.end.index();
        let mut node = self.node(next, level, problems)?;
        if nowhere && matches!(node.kind, Kind::Null) {
            node.origin = key.origin.clone();
        }
        Ok(node)
    }

    /// Counts a value of the tree that is being built, before there is room for it.
    fn count(&mut self, origin: &Origin, problems: &mut Problems) -> Result<(), Broken> {
        self.values = self.values.saturating_add(1);
        if self.values <= self.most_values {
            return Ok(());
        }
        let most = gangplank_model::plan::grouped(self.most_values);
        let problem = Diagnostic::error(code::TOO_LARGE, "one part of the file is too large")
            .at(origin, "here it becomes too large")
            .detail(format!("An account, a row or a section has at most {most} values."))
            .hint("customers belong into `accounts:` or into a roster, whose entries are read one by one");
        Err(told(problem, problems))
    }

    /// Builds the node that starts with this event.
    pub(crate) fn node(
        &mut self,
        (event, span): Next<'a>,
        level: usize,
        problems: &mut Problems,
    ) -> Result<Node, Broken> {
        let origin = self.origin(span);
        if level > MOST_LEVELS {
            problems.push(too_deep(&origin, ""));
            return Err(Broken);
        }
        self.count(&origin, problems)?;
        let (kind, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                no_tag(tag.as_ref(), &origin, problems);
                let kind = if style == ScalarStyle::Plain {
                    plain(&text)
                } else {
                    Kind::Text(text.into_owned())
                };
                (kind, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                no_tag(tag.as_ref(), &origin, problems);
                (self.list(&origin, level, problems)?, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                no_tag(tag.as_ref(), &origin, problems);
                (self.map(level, problems)?, anchor)
            }
            Event::Alias(anchor) => {
                let weight = self.anchors.weight_of(anchor);
                self.values = self.values.saturating_add(weight);
                if self.values > self.most_values {
                    return Err(told(too_much(self.most_values, &origin), problems));
                }
                let copy = self.anchors.copy_of(anchor, level, &origin);
                return copy.map_err(|problem| told(problem, problems));
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => (Kind::Null, 0),
        };
        let node = Node { origin, kind };
        if anchor != 0 {
            let kept = self.anchors.keep(anchor, &node);
            kept.map_err(|problem| told(problem, problems))?;
        }
        Ok(node)
    }

    fn list(
        &mut self,
        start: &Origin,
        level: usize,
        problems: &mut Problems,
    ) -> Result<Kind, Broken> {
        let mut items = Vec::new();
        loop {
            match self.next(problems)? {
                (Event::SequenceEnd | Event::StreamEnd, _) => return Ok(Kind::List(items)),
                next => {
                    let nowhere = next.1.start.index() == next.1.end.index();
                    let mut node = self.node(next, level + 1, problems)?;
                    if nowhere && matches!(node.kind, Kind::Null) {
                        node.origin = start.clone();
                    }
                    items.push(node);
                }
            }
        }
    }

    fn map(&mut self, level: usize, problems: &mut Problems) -> Result<Kind, Broken> {
        let mut keys = Keys::default();
        let mut values: Vec<Node> = Vec::new();
        while let Some((key, fresh)) = self.key(&keys, problems)? {
            let next = self.next(problems)?;
            let value = self.value(next, &key, level + 1, problems)?;
            if fresh {
                keys.add(key);
                values.push(value);
            }
        }
        Ok(Kind::Map(keys.list.into_iter().zip(values).collect()))
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("file", &self.file.name)
            .finish_non_exhaustive()
    }
}

fn told(problem: Diagnostic, problems: &mut Problems) -> Broken {
    problems.push(problem);
    Broken
}

/// Shows no line of a file that is not what it should be.
pub(crate) fn hidden(mut problem: Diagnostic) -> Diagnostic {
    for label in &mut problem.labels {
        label.show_line = false;
    }
    problem
}

fn no_tag(tag: Option<&Cow<'_, Tag>>, origin: &Origin, problems: &mut Problems) {
    if tag.is_some() {
        problems.push(
            Diagnostic::error(code::TAG, "tags are not part of the language")
                .at_hidden(origin, "")
                .hint("leave the tag out; a number that is text, or a text that starts with `!`, is put in quotes"),
        );
    }
}

/// A value of the wrong type.
pub(crate) fn wrong(node: &Node, expected: &str, hint: &str) -> Diagnostic {
    let found = node.described();
    let label = match node.kind {
        Kind::Null => "nothing is written here".to_owned(),
        _ => format!("this is {found}"),
    };
    Diagnostic::error(
        code::WRONG_TYPE,
        format!("expected {expected}, found {found}"),
    )
    .at(&node.origin, label)
    .hint(hint)
}
