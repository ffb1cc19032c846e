//! Reading costs the lower bound, and one account that fails stops no other.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has to end"
)]

use gangplank_cyclr::{Client, Config, Sensitive};
use gangplank_live::{ReadError, Scope, read};
use gangplank_model::testing::{account, connector, desired, sourced, template};
use gangplank_model::{
    AccountId, AccountSpec, CycleStatus, Live, MappingSpec, Presence, StepSpec, Value, by_name,
};
use gangplank_sandbox::{FaultEffect, FaultRule, Listening, Sandbox, SandboxOptions, World};

const WORLD: &str = r#"
Partner:
  ServiceDomain: demo-h.cyclr.test
  Credentials: [{ ClientId: demo, ClientSecret: demo-secret }]
StandardLibrary: false
Connectors:
  - { Id: 51, Name: Alpha, Version: "1.0", Status: Approved,
      Authentication: [{ Id: 12abc345-1a2b-123a-1ab2-1234ab5c6d7e, AuthName: API Key, AuthType: ApiKey }],
      Parameters: [{ Id: 7, Name: Subdomain, TargetName: Subdomain, IsAccountConnectorProperty: true, IsOptional: true }],
      Methods: [{ Id: 36666, MethodUniqueIdentifier: 9afbeecc-6019-49c6-ade9-721874d81c5a, Name: List, Category: All }] }
Templates:
  - { Id: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8, Name: "Alpha Sync", Tags: [crm], Published: true,
      Connectors: [{ Name: Alpha, Version: "1.0", Installation: Existing }],
      Variables: [{ DisplayName: Region, Value: eu, MappingType: StaticValue }],
      Steps: [{ Name: Get, ActionType: Action, Connector: Alpha, Method: List,
                Parameters: [{ Id: 16017, Name: List ID, IsOptional: true }],
                Fields: [{ Id: 283792, Name: Email, IsOptional: true }] }] }
Accounts:
"#;

struct Scene {
    sandbox: Sandbox,
    listening: Listening,
    client: Client,
}

async fn scene(accounts: &str, variants: &[&str]) -> Scene {
    let world = World::from_yaml(&format!("{WORLD}{accounts}")).unwrap();
    let variants = variants
        .iter()
        .map(|text| gangplank_sandbox::Variants::parse(text).unwrap())
        .collect();
    let sandbox = Sandbox::open(SandboxOptions {
        world,
        variants,
        ..SandboxOptions::default()
    })
    .unwrap();
    let listening = sandbox.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let secret = Sensitive::new("demo-secret".into());
    let client = Client::new(Config::new(&listening.url(), "demo".into(), secret)).unwrap();
    Scene {
        sandbox,
        listening,
        client,
    }
}

impl Scene {
    async fn read(self, specs: Vec<AccountSpec>) -> (Result<Live, ReadError>, String) {
        let scope = Scope::of(&desired(specs));
        let live = read(&self.client, &scope, &|_| {}).await;
        let counts = self.sandbox.ledger().counts;
        let counts: Vec<String> = counts
            .iter()
            .map(|(route, count)| format!("{count} {}", route.trim_start_matches("GET ")))
            .collect();
        self.listening.shutdown().await;
        (live, counts.join(", "))
    }
}

fn empty_accounts(count: usize) -> String {
    let rows = (0..count).map(|n| format!("  - {{ Id: a{n:04}, Name: A }}"));
    rows.collect::<Vec<_>>().join("\n")
}

fn specs(ids: impl IntoIterator<Item = usize>) -> Vec<AccountSpec> {
    ids.into_iter()
        .map(|n| account(&format!("a{n:04}")))
        .collect()
}

const INSTALLED: &str = r"
  - { Id: full, Name: Full,
      Connectors: [{ Id: 9, Name: Alpha, Connector: { Name: Alpha, Version: '1.0' }, AuthValue: topsecret,
                     Properties: [{ Name: Subdomain, Value: acme }] }],
      Cycles: [{ Id: cf636e9c-13dd-47ea-b0e8-88a5bf7f7b00, TemplateId: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8, Name: Alpha Sync, Status: Paused },
               { Id: cf636e9c-13dd-47ea-b0e8-88a5bf7f7b01, TemplateId: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8, Name: Gone, Status: DeleteScheduled }] }
";

fn full() -> AccountSpec {
    let mut spec = account("full");
    let mut alpha = connector("Alpha", None);
    alpha
        .properties
        .insert("Subdomain".into(), sourced(Value::Text("acme".into())));
    spec.connectors.push(alpha.into());
    let mut sync = template("Alpha Sync");
    sync.variables
        .insert("Region".into(), sourced("eu".to_owned()));
    sync.steps.insert(
        "Get".into(),
        StepSpec {
            parameters: by_name([("List ID".into(), sourced(MappingSpec::fixed("x")))]),
            fields: by_name([("Email".into(), sourced(MappingSpec::fixed("y")))]),
        },
    );
    spec.templates.push(sync.into());
    spec
}

#[tokio::test]
async fn accounts_are_found_in_the_fewest_requests() {
    for (live, declared, expected) in [
        (3, vec![0], "1 /accounts/{id}"),
        (3, vec![7], "1 /accounts/{id}"),
        (3, vec![0, 1], "1 /accounts"),
        (3, vec![0, 8], "1 /accounts"),
        (0, vec![0, 1], "1 /accounts"),
        // Two pages are left, and three ids: the pages. One id: itself.
        // The pages may have shifted, so that what is missing is asked for by its id.
        (250, vec![0, 150, 210, 999], "3 /accounts, 1 /accounts/{id}"),
        (250, vec![0, 150, 210], "3 /accounts"),
        // Never more than one above min(ceil(L/P), A): that one tells how many pages there are.
        (350, vec![340, 341], "1 /accounts, 2 /accounts/{id}"),
        (250, vec![0, 150], "1 /accounts, 1 /accounts/{id}"),
        (250, vec![0, 999], "1 /accounts, 1 /accounts/{id}"),
    ] {
        let scene = scene(&empty_accounts(live), &[]).await;
        let (result, counts) = scene.read(specs(declared.clone())).await;
        let found: Vec<String> = result
            .unwrap()
            .accounts
            .keys()
            .map(ToString::to_string)
            .collect();
        let there = declared.iter().filter(|n| **n < live);
        let there: Vec<String> = there.map(|n| format!("a{n:04}")).collect();
        assert_eq!(found, there, "{declared:?} of {live}");
        assert_eq!(counts, format!("{expected}, 1 POST /oauth/token"));
    }
}

/// Shifting pages skip a row, and the skipped account looked missing (F15).
#[tokio::test]
async fn pages_that_shift_make_no_account_missing() {
    use gangplank_sandbox::{PageShift, TotalPages};
    let pages = |shift, total_pages| FaultEffect::Pages { shift, total_pages };
    let shifts = [
        PageShift::Insert,
        PageShift::Delete,
        PageShift::Reorder,
        PageShift::Repeat,
        PageShift::FullLast,
    ];
    let totals = [TotalPages::Absent, TotalPages::OneMore, TotalPages::OneLess];
    let shifts = shifts.map(|shift| (Some(shift), None));
    let totals = totals.map(|total| (None, Some(total)));
    for (shift, total) in shifts.into_iter().chain(totals) {
        let what = format!("{shift:?} {total:?}");
        let fault = pages(shift, total);
        let scene = scene(&empty_accounts(250), &[]).await;
        let rule = FaultRule::new(fault).on("GET /accounts");
        scene.sandbox.set_faults(vec![rule]);
        let (live, counts) = scene.read(specs((0..250).step_by(3))).await;
        let live = live.unwrap();
        let found = live.accounts.len();
        assert_eq!(found, 84, "{what}: {counts}");
        assert!(live.failed.is_empty(), "{what}");
    }
}

/// An account in other letters was created again, which the instance refused for ever (U23).
#[tokio::test]
async fn ids_in_other_letters_are_found_where_letters_do_not_count() {
    let accounts = "  - { Id: acme, Name: A }\n  - { Id: bolt, Name: B }";
    for (variant, declared, expected) in [
        ("U23=insensitive", vec!["ACME"], "ACME is acme"),
        ("U23=insensitive", vec!["ACME", "bolt"], "ACME is acme"),
        ("U23=insensitive", vec!["ACME", "acme"], "ACME failed"),
        ("U23=sensitive", vec!["ACME", "bolt"], ""),
    ] {
        let scene = scene(accounts, &[variant]).await;
        let specs = declared.iter().map(|id| account(id)).collect();
        let live = scene.read(specs).await.0.unwrap();
        let spelled = live
            .spelled
            .iter()
            .map(|(id, live)| format!("{id} is {live}"));
        let failed = live.failed.keys().map(|id| format!("{id} failed"));
        let told: Vec<String> = spelled.chain(failed).collect();
        assert_eq!(told.join(", "), expected, "{variant} {declared:?}");
        let missing = declared.len() - live.accounts.len() - live.failed.len();
        assert_eq!(missing, usize::from(expected.is_empty()), "{declared:?}");
    }
}

#[tokio::test]
async fn everything_declared_is_read_once() {
    let scene = scene(INSTALLED, &[]).await;
    let (live, counts) = scene.read(vec![full()]).await;
    assert_eq!(
        counts,
        "1 /account/connectors, 1 /accounts/{id}, 1 /connectors, 1 /cycles, \
         1 /cycles/{id}/steps, 1 /cycles/{id}/variables, 1 /steps/{id}/fieldmappings, \
         1 /steps/{id}/parameters, 1 /templates, 1 POST /oauth/token"
    );
    let live = live.unwrap();
    assert_eq!(live.connectors.as_ref().unwrap().len(), 1);
    assert_eq!(live.templates.as_ref().unwrap()[0].name, "Alpha Sync");
    let account = &live.accounts[&AccountId::new("full")];
    let connector = &account.connectors.as_ref().unwrap()[0];
    assert_eq!(
        (connector.id, connector.connector_name.as_str()),
        (9, "Alpha")
    );
    assert_eq!(connector.properties[0].value.as_deref(), Some("acme"));
    let cycles = account.cycles.as_ref().unwrap();
    assert_eq!(cycles.len(), 1, "deleted cycles are dropped");
    assert_eq!(cycles[0].status, CycleStatus::Paused);
    assert_eq!(cycles[0].connectors[0].account_connector_id, Some(9));
    let variables = cycles[0].variables.as_ref().unwrap();
    assert_eq!(variables["Region"].as_deref(), Some("eu"));
    let step = &cycles[0].steps.as_ref().unwrap()[0];
    assert_eq!(step.parameters.as_ref().unwrap()[0].name, "List ID");
    assert_eq!(step.fields.as_ref().unwrap()[0].name, "Email");
    assert!(!format!("{live:?}").contains("topsecret"));
}

#[tokio::test]
async fn a_missing_account_costs_no_further_reads() {
    let scene = scene("", &[]).await;
    let (live, counts) = scene.read(vec![full()]).await;
    assert!(live.unwrap().accounts.is_empty());
    assert_eq!(
        counts,
        "1 /accounts/{id}, 1 /connectors, 1 /templates, 1 POST /oauth/token"
    );
}

#[tokio::test]
async fn an_account_to_remove_is_read_whole() {
    let scene = scene(INSTALLED, &[]).await;
    let mut spec = account("full");
    spec.presence = Presence::Absent;
    let (live, counts) = scene.read(vec![spec]).await;
    let account = &live.unwrap().accounts[&AccountId::new("full")];
    assert!(account.connectors.is_some() && account.cycles.is_some());
    assert_eq!(
        counts,
        "1 /account/connectors, 1 /accounts/{id}, 1 /accounts/{id}/subaccounts, 1 /cycles, \
         1 POST /oauth/token"
    );
}

#[tokio::test]
async fn a_property_that_is_not_declared_as_text_is_not_kept() {
    let scene = scene(INSTALLED, &[]).await;
    let mut spec = full();
    std::sync::Arc::make_mut(&mut spec.connectors[0])
        .properties
        .clear();
    let (live, _) = scene.read(vec![spec]).await;
    let live = live.unwrap();
    let account = &live.accounts[&AccountId::new("full")];
    let property = &account.connectors.as_ref().unwrap()[0].properties[0];
    assert_eq!(
        (property.name.as_str(), property.value.as_deref()),
        ("Subdomain", None)
    );
}

#[tokio::test]
async fn a_library_that_wants_an_account_is_unknown_before_the_first() {
    let strict = ["LIBRARY_HEADER=required"];
    let (live, _) = scene("", &strict).await.read(vec![full()]).await;
    assert!(live.unwrap().connectors.is_none());
    let (live, _) = scene(INSTALLED, &strict).await.read(vec![full()]).await;
    assert_eq!(live.unwrap().connectors.unwrap().len(), 1);
}

#[tokio::test]
async fn one_account_that_fails_stops_no_other() {
    let scene = scene(&empty_accounts(3), &[]).await;
    scene.sandbox.set_faults(vec![
        FaultRule::new(FaultEffect::StatusBefore {
            code: 403,
            retry_after: None,
        })
        .on("GET /account/connectors")
        .of("a0001"),
    ]);
    let mut specs = specs(0..3);
    for spec in &mut specs {
        spec.connectors.push(connector("Alpha", None).into());
    }
    let (live, _) = scene.read(specs).await;
    let live = live.unwrap();
    let found: Vec<&str> = live.accounts.keys().map(AccountId::as_str).collect();
    assert_eq!(found, ["a0000", "a0002"]);
    let failed: Vec<(&str, bool)> = live
        .failed
        .iter()
        .map(|(id, why)| (id.as_str(), why.contains("403")))
        .collect();
    assert_eq!(failed, [("a0001", true)]);
}

#[tokio::test]
async fn wrong_credentials_are_told_apart() {
    let mut scene = scene("", &[]).await;
    let secret = Sensitive::new("wrong".into());
    let config = Config::new(&scene.listening.url(), "demo".into(), secret);
    scene.client = Client::new(config).unwrap();
    let (result, _) = scene.read(specs(0..2)).await;
    assert!(result.unwrap_err().is_auth());
}
