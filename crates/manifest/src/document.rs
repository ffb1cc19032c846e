//! The one document of a file, whole or a row at a time.

use crate::node::Node;
use crate::parse::{Broken, Reader, hidden, wrong};
use gangplank_model::{Diagnostic, Problems};
use saphyr_parser::Event;

impl Reader<'_> {
    /// Goes through the list that is the one document, a row at a time. A problem that ends the
    /// reading comes last.
    pub(crate) fn rows(mut self, each: &mut dyn FnMut(Result<Node, Diagnostic>)) {
        let mut problems = Problems::default();
        let read = self.each_row(&mut problems, each);
        // Both ends of it have been told.
        drop(read);
        for problem in problems.finish().iter() {
            each(Err(problem.clone()));
        }
    }

    fn each_row(
        &mut self,
        problems: &mut Problems,
        each: &mut dyn FnMut(Result<Node, Diagnostic>),
    ) -> Result<(), Broken> {
        self.check_ends(problems)?;
        loop {
            match self.next(problems)? {
                (Event::StreamStart | Event::DocumentStart(_), _) => {}
                (Event::StreamEnd, _) => return Ok(()),
                (Event::SequenceStart(..), _) => break,
                other => {
                    let node = self.node(other, 0, problems)?;
                    let problem = wrong(&node, "a list", "start each row with `- `");
                    problems.push(hidden(problem));
                    return Err(Broken);
                }
            }
        }
        loop {
            match self.next(problems)? {
                (Event::SequenceEnd, _) => return self.end(problems),
                other => {
                    self.values = 0;
                    each(Ok(self.node(other, 1, problems)?));
                }
            }
        }
    }

    /// The one document, whatever it is; `None` where there is none. All its accounts are one tree.
    pub(crate) fn tree(mut self, problems: &mut Problems) -> Result<Option<Node>, Broken> {
        self.check_ends(problems)?;
        self.most_values = usize::MAX;
        loop {
            match self.next(problems)? {
                (Event::StreamStart | Event::DocumentStart(_), _) => {}
                (Event::StreamEnd, _) => return Ok(None),
                other => {
                    let node = self.node(other, 0, problems)?;
                    return self.end(problems).map(|()| Some(node));
                }
            }
        }
    }
}
