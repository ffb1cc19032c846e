//! Whose turn it is, where entries take over names from each other.

use gangplank_model::moves::Names;

/// One entry, as far as the order goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn<'a> {
    pub(super) names: Names<'a>,
    /// Whether a call gives its name to an object.
    pub(super) takes_name: bool,
    /// Whether that object bears another name now.
    pub(super) renames: bool,
    /// Whether that is a temporary one, which is in nobody's way.
    pub(super) is_aside: bool,
}

/// An order in which no name is taken twice.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Turns {
    /// These give way first, by a temporary name: others wait for them and they for others.
    pub(super) aside: Vec<usize>,
    /// All of them, in their order as far as that goes.
    pub(super) all: Vec<usize>,
}

/// Whether one entry has to have its name before another one may have its own: the other one's name is
/// a former one of it. Where what stands there moves on, it has to be gone; where it was never there,
/// a run that is cut off in between must not take the other one's object for its own.
pub(super) fn precedes(one: &Turn<'_>, other: &Turn<'_>) -> bool {
    one.takes_name && other.takes_name && one.names.was(other.names.name)
}

/// Orders entries.
pub(super) fn turns(entries: &[Turn<'_>]) -> Turns {
    let mut turns = Turns::default();
    let mut open: Vec<usize> = (0..entries.len()).collect();
    while !open.is_empty() {
        let waits = |index: &usize| {
            open.iter().any(|other| {
                let is_away = entries[*other].is_aside || turns.aside.contains(other);
                !is_away && precedes(&entries[*other], &entries[*index])
            })
        };
        let next = open.iter().position(|index| !waits(index));
        if let Some(place) = next {
            turns.all.push(open.remove(place));
            continue;
        }
        // Each that is left waits for another one, so that some of them go round in a circle.
        let circle = circle(entries, &open);
        let gives_way = circle.iter().find(|index| entries[**index].renames);
        if let Some(index) = gives_way {
            turns.aside.push(*index);
        } else {
            // Nothing of theirs is there yet: any order will do.
            let first = circle.first().copied().unwrap_or(open[0]);
            open.retain(|index| *index != first);
            turns.all.push(first);
        }
    }
    turns
}

/// Some that wait for each other, in the order in which they are listed.
fn circle(entries: &[Turn<'_>], open: &[usize]) -> Vec<usize> {
    let before = |index: usize| {
        let mut others = open.iter().copied();
        others.find(|other| precedes(&entries[*other], &entries[index]))
    };
    let mut path = vec![open[0]];
    while let Some(next) = path.last().and_then(|last| before(*last)) {
        if let Some(start) = path.iter().position(|index| *index == next) {
            let mut circle = path.split_off(start);
            circle.sort_unstable();
            return circle;
        }
        path.push(next);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use gangplank_model::testing::sourced;

    /// `B<A` is renamed, `B+A` is installed though it may have been moved from A, `B*A` stands aside.
    fn check(entries: &str, aside: &str, all: &str) {
        let parsed: Vec<(&str, char, Vec<_>)> = entries
            .split(", ")
            .map(|entry| {
                let at = entry.find(['<', '+', '*', '.']).unwrap();
                let from = entry[at + 1..].split_whitespace();
                let from: Vec<_> = from.map(|name| sourced(name.to_owned())).collect();
                (&entry[..at], entry[at..].chars().next().unwrap(), from)
            })
            .collect();
        let items: Vec<Turn<'_>> = parsed
            .iter()
            .map(|(name, how, from)| Turn {
                names: Names { name, from },
                takes_name: *how != '.',
                renames: matches!(how, '<' | '*'),
                is_aside: *how == '*',
            })
            .collect();
        let turns = turns(&items);
        let said = |list: &[usize]| list.iter().map(|it| parsed[*it].0).collect::<String>();
        assert_eq!(
            (&*said(&turns.aside), &*said(&turns.all)),
            (aside, all),
            "{entries}"
        );
    }

    #[test]
    fn whoever_is_in_the_way_goes_first() {
        check("B<A", "", "B");
        check("B<A, C<B", "", "CB");
        check("C<B, B<A", "", "CB");
        check("X+, D<C, B<A, C<B", "", "XDCB");
        // What takes a name that was never there goes first as well.
        check("B<A, C+B", "", "CB");
        check("A+Z, B<A", "", "BA");
        // Nothing is done with what stands already.
        check("B<A, C.B", "", "BC");
    }

    #[test]
    fn in_a_circle_one_gives_way() {
        check("A<B, B<A", "A", "BA");
        check("A<B, B*A", "", "AB");
        check("A+B, B<A", "B", "AB");
        check("A+B, B+A", "", "AB");
        check("A<C, B<A, C<B", "A", "CBA");
        check("A<B, B<A, X+, C<D, D<C", "AC", "XBADC");
    }
}
