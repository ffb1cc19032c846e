//! The connectors of an account, held against the library.

use super::gather::Gather;
use crate::diff::property;
use crate::library::{self, Library};
use gangplank_model::{AccountSpec, Presence, Problems};

/// Tells what would be wrong with the install of each.
pub(super) fn check(library: &Library<'_>, account: &AccountSpec, gather: &mut Gather<'_>) {
    let present = Presence::Present;
    for spec in account
        .connectors
        .iter()
        .filter(|it| it.presence == present)
    {
        let mut problems = Problems::default();
        if let Some(release) = library.release(spec, &mut problems) {
            let properties = spec.all_properties();
            property::check(&mut problems, spec, &properties, release, true);
            // What is wrong with it has been told.
            library::method(spec, release, &mut problems).ok();
        }
        gather.connector(account, &spec.name, problems.finish());
    }
}
