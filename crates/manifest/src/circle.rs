//! Circles in chains of which each link names at most one other.

use std::collections::HashMap;

/// Every circle once, each from the first of its names in order on. Takes time in proportion to the
/// number of names, however long the chains are.
pub(crate) fn circles<'a>(
    names: impl Iterator<Item = &'a str>,
    next: impl Fn(&str) -> Option<&'a str>,
) -> Vec<Vec<&'a str>> {
    let mut circles = Vec::new();
    // The walk on which each name was met.
    let mut met: HashMap<&str, usize> = HashMap::new();
    for (walk, start) in names.enumerate() {
        let mut path = Vec::new();
        let mut name = Some(start);
        while let Some(here) = name {
            match met.get(here) {
                Some(earlier) if *earlier != walk => break,
                Some(_) => {
                    let at = path.iter().position(|known| *known == here).unwrap_or(0);
                    let mut circle: Vec<&str> = path.split_off(at);
                    let smallest = (0..circle.len()).min_by_key(|index| circle[*index]);
                    circle.rotate_left(smallest.unwrap_or(0));
                    circles.push(circle);
                    break;
                }
                None => {
                    met.insert(here, walk);
                    path.push(here);
                    name = next(here);
                }
            }
        }
    }
    circles.sort();
    circles
}

/// A circle for a message; the middle of a long one is left out.
pub(crate) fn told(circle: &[&str]) -> String {
    const SHOWN: usize = 10;
    let mut names: Vec<&str> = circle.iter().copied().take(SHOWN).collect();
    if circle.len() > SHOWN {
        names.push("...");
    }
    names.extend(circle.first());
    names.join(" -> ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn each_circle_is_found_once() {
        let links = BTreeMap::from([
            ("a", "c"),
            ("b", "c"),
            ("c", "d"),
            ("d", "b"),
            ("e", "e"),
            ("f", "none"),
        ]);
        let found = circles(links.keys().copied(), |name| links.get(name).copied());
        assert_eq!(found, [vec!["b", "c", "d"], vec!["e"]]);
        assert_eq!(told(&found[0]), "b -> c -> d -> b");
    }
}
