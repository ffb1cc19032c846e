//! What a manifest means, looked up in what the instance offers.

use crate::support::{Case, basic, check, fields, key, oauth2_client, tokens};
use gangplank_model::testing::{
    account, connector, library_connector, library_template, live_account, template,
};
use gangplank_model::{
    AuthKind, AuthSpec, ConnectorChoice, ConnectorSpec, LibraryConnector, LibraryTemplate,
    TemplateChoice, TemplateSpec,
};

fn connectors(what: &str, spec: ConnectorSpec, more: LibraryConnector, expected: &str) {
    let case = Case::held(account("a").connector(spec), live_account("a"));
    let case = case.live(|live| live.connectors.get_or_insert_default().push(more));
    check(what, case, expected);
}

fn templates(what: &str, spec: TemplateSpec, more: LibraryTemplate, expected: &str) {
    let case = Case::held(account("a").template(spec), live_account("a"));
    let case = case.live(|live| live.templates.get_or_insert_default().push(more));
    check(what, case, expected);
}

#[test]
fn which_release_is_meant() {
    let two = || library_connector(11, "Crm", AuthKind::ApiKey).version("2.0");
    let draft = || LibraryConnector {
        status: "Draft".into(),
        ..library_connector(12, "New", AuthKind::ApiKey)
    };
    let other = || library_connector(13, "Other", AuthKind::ApiKey);
    connectors(
        "by name",
        connector("Crm", key()),
        other(),
        "
        lane a
        + connector Crm [missing] auth: - > (env KEY)
        0 connector Crm: install 1 Crm 1.0 as Crm auth=(env KEY)
        1 account: update audit= (made Crm) <- 0
        1 add 1 unchanged of 1",
    );
    connectors(
        "by version",
        connector("Crm", key()).version("2.0"),
        two(),
        "
        lane a
        + connector Crm [missing] auth: - > (env KEY)
        0 connector Crm: install 11 Crm 2.0 as Crm auth=(env KEY)
        1 account: update audit= (made Crm) <- 0
        1 add 1 unchanged of 1",
    );
    connectors(
        "no such name",
        connector("Crn", key()),
        other(),
        "
        1 unchanged of 1
        error unknown-connector at 1 (did you mean 'Crm'?)",
    );
    connectors(
        "no such version",
        connector("Crm", key()).version("3.0"),
        two(),
        "
        1 unchanged of 1
        error unknown-version at 1",
    );
    connectors(
        "several versions",
        connector("Crm", key()),
        two(),
        "
        1 unchanged of 1
        error ambiguous-connector at 1 (say `version:`)",
    );
    connectors(
        "no such id",
        connector("Crm", key()).of(ConnectorChoice::Id(99)),
        other(),
        "
        1 unchanged of 1
        error unknown-connector at 1 (name the connector instead)",
    );
    connectors(
        "a draft",
        connector("New", key()),
        draft(),
        "
        1 unchanged of 1
        error draft-connector at 1",
    );
    connectors(
        "a draft by its id",
        connector("New", key()).of(ConnectorChoice::Id(12)),
        draft(),
        "
        1 unchanged of 1
        error draft-connector at 1",
    );
}

#[test]
fn which_method_is_meant() {
    let auth = |kind: AuthKind| library_connector(20, "X", kind);
    let none = || auth(AuthKind::None);
    let x = |auth: Option<AuthSpec>| connector("X", auth);
    connectors(
        "no such method",
        x(key()).method("Y"),
        auth(AuthKind::ApiKey),
        "
        1 unchanged of 1
        error unknown-authentication at 1",
    );
    connectors(
        "a method that does not fit",
        x(key()).method("Default"),
        auth(AuthKind::Basic),
        "
        1 unchanged of 1
        error unfit-authentication at 1",
    );
    connectors(
        "no method fits",
        x(basic()),
        auth(AuthKind::ApiKey),
        "
        1 unchanged of 1
        error unfit-authentication at 1",
    );
    connectors(
        "several methods fit",
        x(key()),
        auth(AuthKind::ApiKey).method("Two", AuthKind::ApiKey),
        "
        1 unchanged of 1
        error ambiguous-authentication at 1 (say `authentication:` with the method's name)",
    );
    connectors(
        "methods that are not listed",
        x(key()),
        LibraryConnector {
            methods: Vec::new(),
            ..none()
        },
        "
        lane a
        + connector X [missing] auth: - > (env KEY)
        0 connector X: install 20 X 1.0 as X auth=(env KEY)
        1 account: update audit= (made X) <- 0
        1 add 1 unchanged of 1",
    );
    connectors(
        "an unknown kind takes all",
        x(basic()),
        auth(AuthKind::Other("Digest".into())),
        "
        lane a
        + connector X [missing] auth: - > (env PASSWORD)
        0 connector X: install 20 X 1.0 as X auth=(env PASSWORD)
        1 account: update audit= (made X) <- 0
        1 add 1 unchanged of 1",
    );
}

#[test]
fn which_form_fits_which_kind() {
    let auth = |kind: AuthKind| library_connector(20, "X", kind);
    let flow = |flow: &str| AuthKind::OAuth2(Some(flow.to_owned()));
    let x = |auth: Option<AuthSpec>| connector("X", auth);
    connectors(
        "no client where a person signs in",
        x(oauth2_client()),
        auth(flow("AuthorisationCode")),
        "
        1 unchanged of 1
        error unfit-authentication at 1",
    );
    connectors(
        "a client of an unknown flow",
        x(oauth2_client()),
        auth(AuthKind::OAuth2(None)),
        "
        lane a
        + connector X [missing] auth: - > (env CLIENT), properties.ClientId: - > id, properties.ClientSecret: - > (env CLIENT)
        0 connector X: install 20 X 1.0 as X auth=(env CLIENT), ClientId=id, ClientSecret=(env CLIENT)
        1 account: update audit= (made X) <- 0
        1 add 1 unchanged of 1",
    );
    connectors(
        "tokens",
        x(tokens()),
        auth(flow("AuthorisationCode")),
        "
        lane a
        + connector X [missing] auth: - > (env ACCESS, env REFRESH)
        0 connector X: install 20 X 1.0 as X auth=(env ACCESS|env REFRESH)
        1 account: update audit= (made X) <- 0
        1 add 1 unchanged of 1",
    );
    connectors(
        "a sign-in is no OAuth 1",
        x(Some(AuthSpec::SignInOAuth2)),
        auth(AuthKind::OAuth1),
        "
        1 unchanged of 1
        error unfit-authentication at 1",
    );
    connectors(
        "fields are no key",
        x(fields()),
        auth(AuthKind::ApiKey),
        "
        1 unchanged of 1
        error unknown-property at 1
        error unknown-property at 1
        error unfit-authentication at 1",
    );
    connectors(
        "nothing where a key belongs",
        x(Some(AuthSpec::None)),
        auth(AuthKind::ApiKey),
        "
        1 unchanged of 1
        error unfit-authentication at 1",
    );
    connectors(
        "a method without auth",
        x(None).method("Default"),
        auth(AuthKind::ApiKey),
        "
        lane a
        + connector X [missing] authentication: - > Default
        0 connector X: install 20 X 1.0 as X method=Default
        1 account: update audit= (made X) <- 0
        1 add 1 unchanged of 1",
    );
}

#[test]
fn which_template_is_meant() {
    let tagged = || LibraryTemplate {
        tags: vec!["crm".into()],
        ..library_template("T-9", "Nine", &[])
    };
    let by = |choice: TemplateChoice| template("Nine").of(choice);
    let tag = |tag: &str| by(TemplateChoice::Tag(tag.into()));
    let id = |id: &str| by(TemplateChoice::Id(id.into()));
    templates(
        "by name",
        template("Nine"),
        tagged(),
        "
        lane a
        + template Nine [missing]
        0 template Nine: install T-9
        1 template Nine: name new name=Nine marks=gangplank:Nine <- 0
        1 add 1 unchanged of 1",
    );
    templates(
        "by tag",
        tag("crm"),
        tagged(),
        "
        lane a
        + template Nine [missing]
        0 template Nine: install T-9
        1 template Nine: name new name=Nine marks=gangplank:Nine <- 0
        1 add 1 unchanged of 1",
    );
    templates(
        "by id, in any case",
        id("t-9"),
        tagged(),
        "
        lane a
        + template Nine [missing]
        0 template Nine: install T-9
        1 template Nine: name new name=Nine marks=gangplank:Nine <- 0
        1 add 1 unchanged of 1",
    );
    templates(
        "no such name",
        template("Nina"),
        tagged(),
        "
        1 unchanged of 1
        error unknown-template at 1 (did you mean 'Nine'?)",
    );
    templates(
        "no such tag",
        tag("Crm"),
        tagged(),
        "
        1 unchanged of 1
        error unknown-template at 1 (did you mean 'crm'?)",
    );
    templates(
        "no such id",
        id("T-8"),
        tagged(),
        "
        1 unchanged of 1
        error unknown-template at 1",
    );
    templates(
        "several of a name",
        template("Sync"),
        library_template("T-9", "Sync", &[]),
        "
        1 unchanged of 1
        error ambiguous-template at 1 (choose by a name or a tag that only one of them has)",
    );
}

#[test]
fn a_library_that_was_not_read() {
    let wants = || {
        account("a")
            .connector(connector("Crm", key()))
            .template(template("Sync"))
    };
    let unread = |case: Case| case.live(|live| live.connectors = None);
    check(
        "it is shown to accounts only",
        unread(Case::new(wants())),
        "
        lane a
        + account [missing] name: - > a Ltd
        0 account: create name=a Ltd
        1 add of 1
        note the instance shows its connector library to accounts only, and there is none yet: connectors and templates are planned by the next run",
    );
    check(
        "it is told once",
        unread(Case::held(wants(), live_account("a"))),
        "
        1 unchanged of 1
        error library-unreadable",
    );
    let no_templates = |case: Case| case.live(|live| live.templates = None);
    check(
        "templates are told once",
        no_templates(Case::held(wants(), live_account("a"))),
        "
        1 unchanged of 1
        error templates-unreadable",
    );
    let absent = account("a").connector(connector("Crm", None).absent());
    check(
        "a removal does not need it",
        unread(Case::held(absent, live_account("a"))),
        "1 unchanged of 1",
    );
}
