//! What the instance does not offer, without a plan.

use crate::support::{diagnostics, key, shop};
use gangplank_model::testing::{account, connector, desired, parameter, template};
use gangplank_model::{
    AccountId, AccountSpec, ConnectorParameter, CycleInside, Inside, MappingSpec, Offer, StepShape,
    TemplateChoice, TemplateShape,
};
use gangplank_planner::offered;

/// The shop's offer; nothing is known of what is inside of its templates.
fn offer() -> Offer {
    let live = shop();
    Offer {
        connectors: live.connectors,
        templates: live.templates,
        ..Offer::default()
    }
}

#[track_caller]
fn check(what: &str, wants: Vec<AccountSpec>, offer: &Offer, expected: &str) {
    let found = offered(&desired(wants), offer);
    let text = diagnostics(&found.diagnostics);
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(text, expected.join("\n"), "\n{what}; found:\n{text}\n");
}

fn detail(wants: Vec<AccountSpec>, offer: &Offer) -> String {
    let found = offered(&desired(wants), offer);
    let details: Vec<&str> = found.diagnostics.iter().map(|it| &*it.detail).collect();
    details.join("\n")
}

#[test]
fn the_rules_are_those_of_a_plan() {
    let wants = |name: &str| vec![account("a").connector(connector(name, key()))];
    check("it is there", wants("Crm"), &offer(), "");
    check(
        "no such connector",
        wants("Crn"),
        &offer(),
        "error unknown-connector at 1 (did you mean 'Crm'?)",
    );
    check(
        "another kind of credential",
        wants("Mail"),
        &offer(),
        "error unfit-authentication at 1",
    );
    let unread = Offer::default();
    check("what was not read is not judged", wants("Crn"), &unread, "");
    let gone = vec![account("a").absent().connector(connector("Crn", key()))];
    check("what is to go is not looked for", gone, &offer(), "");
}

#[test]
fn a_display_name_is_recognised() {
    let mut offer = offer();
    let shown = ConnectorParameter {
        name: "Sub domain".into(),
        ..parameter("Subdomain")
    };
    offer.connectors.as_mut().unwrap()[0] =
        gangplank_model::testing::library_connector(1, "Crm", gangplank_model::AuthKind::ApiKey)
            .parameter(shown);
    let wants = connector("Crm", key()).text("Sub domain", "x");
    check(
        "the key is offered",
        vec![account("a").connector(wants)],
        &offer,
        "error unknown-property at 1 ('Sub domain' is its display name; write 'Subdomain')",
    );
}

#[test]
fn a_problem_of_many_is_told_once() {
    let wants = |count: usize| {
        let ids = (0..count).map(|number| format!("a{number}"));
        let accounts = ids.map(|id| account(&id).connector(connector("Crn", key())));
        accounts.collect::<Vec<_>>()
    };
    let once = "error unknown-connector at 1 (did you mean 'Crm'?)";
    check("ten thousand", wants(10_000), &offer(), once);
    let told = detail(wants(10_000), &offer());
    assert!(
        told.ends_with("In 10,000 accounts: a0, a1, a2 and others."),
        "{told}"
    );
    let told = detail(wants(1), &offer());
    assert!(told.ends_with("In account a0."), "{told}");
    // Values of each account's own make one message each; the rest of them are counted.
    let ids = (0..10).map(|number| format!("a{number}"));
    let own = ids.map(|id| account(&id).connector(connector(&format!("No {id}"), key())));
    let own: Vec<_> = own.collect();
    assert_eq!(
        offered(&desired(own.clone()), &offer())
            .diagnostics
            .iter()
            .count(),
        3
    );
    assert!(detail(own, &offer()).contains("7 more accounts"));
}

#[test]
fn what_matters_to_new_ones_alone() {
    let wants = |ids: &[&str]| {
        let accounts = ids
            .iter()
            .map(|id| account(id).connector(connector("Crn", key())));
        accounts.collect::<Vec<_>>()
    };
    let found = offered(&desired(wants(&["a", "b"])), &offer());
    assert_eq!(found.look_into, [AccountId::new("a")].into());
    let looked = |installed: &[&str]| {
        let mut offer = offer();
        let names = installed.iter().map(|name| (*name).to_owned()).collect();
        offer.installed.insert(AccountId::new("a"), names);
        offer
    };
    let near = "(did you mean 'Crm'?)";
    check(
        "it is installed in one of them",
        wants(&["a", "b"]),
        &looked(&["Crn"]),
        &format!("warning only-if-new at 1 {near}"),
    );
    check(
        "it is installed in the only one",
        wants(&["a"]),
        &looked(&["Crn"]),
        "",
    );
    check(
        "it is not installed",
        wants(&["a"]),
        &looked(&["Crm"]),
        &format!("error unknown-connector at 1 {near}"),
    );
}

#[test]
fn templates_and_what_they_need() {
    let crm = || account("a").connector(connector("Crm", key()));
    check(
        "it is there",
        vec![crm().template(template("Sync"))],
        &offer(),
        "",
    );
    check(
        "its connector is not declared",
        vec![account("a").template(template("Sync"))],
        &offer(),
        "warning undeclared-connector at 1 (declare it: `- connector: Crm` with its `auth`)",
    );
    check(
        "a connector that needs nothing",
        vec![account("a").template(template("Clock"))],
        &offer(),
        "",
    );
    check(
        "the parent has it",
        vec![crm(), account("b").below("a").template(template("Sync"))],
        &offer(),
        "",
    );
    check(
        "a parent of which nothing is known",
        vec![account("b").below("a").template(template("Sync"))],
        &offer(),
        "",
    );
    let by_id = template("Sync").of(TemplateChoice::Id("T-77".into()));
    let unpublished = Offer {
        unpublished: ["t-77".to_owned()].into(),
        ..offer()
    };
    check(
        "it is not published",
        vec![crm().template(by_id)],
        &unpublished,
        "error unknown-template at 1 (publish it in the Console, or choose another one)",
    );
}

#[test]
fn names_inside_of_templates() {
    let shape = |parameter: &str| TemplateShape {
        steps: Some(vec![StepShape {
            name: "Add".into(),
            parameters: Some([parameter.to_owned()].into()),
            fields: Some(["Email".to_owned()].into()),
        }]),
        variables: Some(["region".to_owned()].into()),
    };
    let cycle = |shape: TemplateShape| CycleInside {
        account: AccountId::new("z"),
        name: "Sync".into(),
        shape,
    };
    let known = |cycle: Option<CycleInside>, export: Option<TemplateShape>| {
        let mut offer = offer();
        offer.insides.insert("T-1".into(), Inside { cycle, export });
        offer
    };
    let wants = |name: &str| {
        let spec = template("Sync").parameter("Add", name, MappingSpec::fixed("l"));
        vec![
            account("a")
                .connector(connector("Crm", key()))
                .template(spec),
        ]
    };
    let near = "(did you mean 'List'?)";
    check(
        "nothing is known",
        wants("List"),
        &known(None, None),
        "warning unchecked-names",
    );
    check(
        "a cycle has it",
        wants("List"),
        &known(Some(cycle(shape("List"))), None),
        "",
    );
    check(
        "a cycle lacks it",
        wants("Lsit"),
        &known(Some(cycle(shape("List"))), None),
        &format!(
            "error unknown-mapping at 1 {near} (this is how cycle 'Sync' of account z has it)"
        ),
    );
    check(
        "the export lacks it",
        wants("Lsit"),
        &known(None, Some(shape("List"))),
        &format!("warning unconfirmed-name at 1 {near}"),
    );
    check(
        "both lack it",
        wants("Lsit"),
        &known(Some(cycle(shape("List"))), Some(shape("List"))),
        &format!(
            "error unknown-mapping at 1 {near} (this is how cycle 'Sync' of account z has it)"
        ),
    );
    check(
        "a later release has it",
        wants("Later"),
        &known(Some(cycle(shape("List"))), Some(shape("Later"))),
        "warning unconfirmed-name at 1 (cycle 'Sync' of account z does not have it, and the \
         template's export does: the cycle may be of an earlier release)",
    );
    check(
        "what an export does not show is not judged",
        wants("List"),
        &known(
            None,
            Some(TemplateShape {
                steps: None,
                variables: None,
            }),
        ),
        "",
    );
    check(
        "a field among the parameters",
        wants("Email"),
        &known(Some(cycle(shape("List"))), None),
        "error unknown-mapping at 1 (it is a field: write it under `mappings:`) (this is how \
         cycle 'Sync' of account z has it)",
    );
}
