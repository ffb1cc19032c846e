//! The keys of a map that is being read.

use crate::node::Key;
use std::collections::HashMap;

/// The keys of a map so far; an index of them once there are many.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(crate) list: Vec<Key>,
    index: HashMap<String, usize>,
}

impl Keys {
    const FEW: usize = 16;

    pub(crate) fn add(&mut self, key: Key) {
        self.list.push(key);
        if self.list.len() > Self::FEW {
            for (at, key) in self.list.iter().enumerate().skip(self.index.len()) {
                self.index.insert(key.text.clone(), at);
            }
        }
    }

    pub(crate) fn find(&self, text: &str) -> Option<&Key> {
        if self.index.is_empty() {
            self.list.iter().find(|key| key.text == text)
        } else {
            self.index.get(text).map(|at| &self.list[*at])
        }
    }
}
