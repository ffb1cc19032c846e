//! Variables, parameters and field mappings of a cycle that exists.

use crate::support::{Case, check};
use gangplank_model::testing::{account, live_account, live_cycle, live_step, template};
use gangplank_model::{LiveCycle, LiveStep, MappingSpec, StepSpec, TemplateSpec};

fn maps(
    what: &str,
    spec: TemplateSpec,
    change: impl FnOnce(LiveCycle) -> LiveCycle,
    expected: &str,
) {
    let cycle = change(live_cycle("c1", "Sync", "T-1").tags(&["gangplank:Sync"]));
    check(
        what,
        Case::held(account("a").template(spec), live_account("a").cycle(cycle)),
        expected,
    );
}

fn mapping(kind: &str, value: Option<&str>) -> MappingSpec {
    MappingSpec {
        mapping_type: kind.into(),
        value: value.map(Into::into),
    }
}

#[test]
fn variables() {
    let region = || {
        template("Sync")
            .variable("region", "eu")
            .variable("tier", "gold")
    };
    maps(
        "they tally",
        region(),
        |it| {
            it.variable("region", Some("eu"))
                .variable("tier", Some("gold"))
        },
        "2 unchanged of 1",
    );
    maps(
        "those that differ",
        region(),
        |it| {
            it.variable("region", Some("us"))
                .variable("tier", Some("gold"))
        },
        "
        lane a
        ~ template Sync [differs] variables.region: us > eu
        0 template Sync: variables c1 region=eu
        1 change 1 unchanged of 1",
    );
    maps(
        "those without a value",
        region(),
        |it| it.variable("region", None).variable("tier", None),
        "
        lane a
        ~ template Sync [differs] variables.region: - > eu, variables.tier: - > gold
        0 template Sync: variables c1 region=eu tier=gold
        1 change 1 unchanged of 1",
    );
}

#[test]
fn parameters_and_fields() {
    let list = |mapping: MappingSpec| template("Sync").parameter("Add", "List", mapping);
    let held = |held: Option<(&str, &str)>| live_step("Add").parameter(7, "List", held);
    maps(
        "it tallies",
        list(MappingSpec::fixed("l")),
        |it| it.step(held(Some(("StaticValue", "l")))),
        "2 unchanged of 1",
    );
    maps(
        "its kind in any case",
        list(MappingSpec::fixed("l")),
        |it| it.step(held(Some(("staticvalue", "l")))),
        "2 unchanged of 1",
    );
    maps(
        "another value",
        list(MappingSpec::fixed("l")),
        |it| it.step(held(Some(("StaticValue", "k")))),
        "
        lane a
        ~ template Sync [differs] parameters.Add.List: k > l
        0 template Sync: parameter c1 Add.List (Add/7) StaticValue=l
        1 change 1 unchanged of 1",
    );
    maps(
        "another kind",
        list(mapping("ValueList", Some("l"))),
        |it| it.step(held(Some(("StaticValue", "l")))),
        "
        lane a
        ~ template Sync [differs] parameters.Add.List: l > ValueList: l
        0 template Sync: parameter c1 Add.List (Add/7) ValueList=l
        1 change 1 unchanged of 1",
    );
    maps(
        "nothing and ignored are the same",
        list(mapping("Ignore", None)),
        |it| it.step(held(None)),
        "2 unchanged of 1",
    );
    maps(
        "what is ignored may have any value",
        list(mapping("Ignore", None)),
        |it| it.step(held(Some(("ignore", "l")))),
        "2 unchanged of 1",
    );
    maps(
        "a value is ignored",
        list(mapping("Ignore", None)),
        |it| it.step(held(Some(("StaticValue", "l")))),
        "
        lane a
        ~ template Sync [differs] parameters.Add.List: l > Ignore
        0 template Sync: parameter c1 Add.List (Add/7) Ignore
        1 change 1 unchanged of 1",
    );
    let email = template("Sync")
        .field("Add", "Email", MappingSpec::fixed("e"))
        .parameter("Add", "List", MappingSpec::fixed("l"));
    maps(
        "parameters before fields",
        email,
        |it| it.step(held(None).field(8, "Email", None)),
        "
        lane a
        ~ template Sync [differs] parameters.Add.List: - > l, mappings.Add.Email: - > e
        0 template Sync: parameter c1 Add.List (Add/7) StaticValue=l
        1 template Sync: field c1 Add.Email (Add/8) StaticValue=e <- 0
        1 change 1 unchanged of 1",
    );
}

#[test]
fn what_is_not_there() {
    let list =
        |step: &str, name: &str| template("Sync").parameter(step, name, MappingSpec::fixed("l"));
    let email = |name: &str| template("Sync").field("Add", name, MappingSpec::fixed("e"));
    let add = || {
        live_step("Add")
            .parameter(7, "List", None)
            .field(8, "Email", None)
    };
    maps(
        "no such step",
        list("Ad", "List"),
        |it| it.step(add()),
        "
        lane a
        ! template Sync [blocked]
        1 blocked 1 unchanged of 1
        warning unknown-in-cycle at 1 (did you mean 'Add'?)",
    );
    maps(
        "no such parameter",
        list("Add", "Lost"),
        |it| it.step(add()),
        "
        lane a
        ! template Sync [blocked]
        1 blocked 1 unchanged of 1
        warning unknown-in-cycle at 1 (did you mean 'List'?)",
    );
    maps(
        "no such field",
        email("Emial"),
        |it| it.step(add()),
        "
        lane a
        ! template Sync [blocked]
        1 blocked 1 unchanged of 1
        warning unknown-in-cycle at 1 (did you mean 'Email'?)",
    );
    maps(
        "two steps of a name",
        list("Add", "List"),
        |it| it.step(add()).step(add()),
        "
        lane a
        ! template Sync [blocked]
        1 blocked 1 unchanged of 1",
    );
    maps(
        "two parameters of a name",
        list("Add", "List"),
        |it| it.step(add().parameter(9, "List", None)),
        "
        lane a
        ! template Sync [blocked]
        1 blocked 1 unchanged of 1",
    );
    maps(
        "two fields of a name",
        email("Email"),
        |it| {
            it.step(LiveStep {
                parameters: None,
                ..add().field(9, "Email", None)
            })
        },
        "
        lane a
        ! template Sync [blocked]
        1 blocked 1 unchanged of 1",
    );
}

/// A step under which nothing is mapped is not read, and was said to be missing.
#[test]
fn a_step_without_mappings_asks_for_nothing() {
    let mut spec = template("Sync");
    spec.steps.insert("Add".into(), StepSpec::default());
    maps("nothing", spec, |it| it, "2 unchanged of 1");
}
