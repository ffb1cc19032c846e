//! Lists whose entries many accounts have in common.

use crate::decode::{Decode, Keyed, Layer, List};
use crate::node::Node;
use gangplank_model::{Problems, Sourced};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// An entry that becomes a part of an account.
pub(crate) trait Part: Keyed + Clone + std::fmt::Debug {
    /// What it becomes.
    type Spec: std::fmt::Debug;
}

/// Connectors or templates. A copy of the list shares its entries.
#[derive(Debug)]
pub(crate) struct Parts<T: Part>(Vec<Arc<Item<T>>>);

/// An entry of a list.
#[derive(Debug)]
pub(crate) struct Item<T: Part> {
    pub(crate) entry: Sourced<T>,
    /// What became of it, once that is known to be the same for every account that has it; `None`
    /// where one account alone has it.
    pub(crate) lowered: Option<OnceLock<Arc<T::Spec>>>,
}

impl<T: Part> Clone for Parts<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Part> Parts<T> {
    pub(crate) fn items(&self) -> &[Arc<Item<T>>] {
        &self.0
    }

    /// Says that many accounts have these very entries.
    pub(crate) fn share(&mut self) {
        for item in &mut self.0 {
            if item.lowered.is_none() {
                let entry = item.entry.clone();
                let lowered = Some(OnceLock::new());
                *item = Arc::new(Item { entry, lowered });
            }
        }
    }

    fn own(entry: Sourced<T>) -> Arc<Item<T>> {
        let lowered = None;
        Arc::new(Item { entry, lowered })
    }
}

impl<T: Decode + Part> Decode for Parts<T> {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        let list = List::decode(node, problems)?;
        Some(Self(list.0.into_iter().map(Self::own).collect()))
    }
}

/// Entries of one name are merged in the place of the base's entry; new ones follow. An entry that
/// stands twice in the upper list stays twice, to be told of when the account is put together.
impl<T: Layer + Part> Layer for Parts<T> {
    fn over(self, base: Self) -> Self {
        let mut all = base.0;
        let mut taken = vec![false; all.len()];
        for mine in self.0 {
            let key = mine.entry.value.key();
            let same = all
                .iter()
                .zip(&taken)
                .position(|(known, taken)| !taken && known.entry.value.key() == key);
            if let Some(at) = same.filter(|_| key.is_some()) {
                let Sourced { value, origin } = mine.entry.clone();
                let value = value.over(all[at].entry.value.clone());
                all[at] = Self::own(Sourced::new(value, origin));
                taken[at] = true;
            } else {
                all.push(mine);
                taken.push(true);
            }
        }
        Self(all)
    }
}

impl<T: Part + JsonSchema> JsonSchema for Parts<T>
where
    List<T>: JsonSchema,
{
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        List::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        List::<T>::json_schema(generator)
    }
}
