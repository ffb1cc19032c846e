//! Connectors that are not there.

use crate::support::{Case, basic, check, fields, key, oauth2_client, tokens};
use gangplank_model::testing::{account, connector, live_account};
use gangplank_model::{AuthSpec, ConnectorSpec};

fn installs(what: &str, spec: ConnectorSpec, expected: &str) {
    check(
        what,
        Case::held(account("a").connector(spec), live_account("a")),
        expected,
    );
}

#[test]
fn a_connector_is_installed_in_one_call() {
    let all = connector("Form", fields()).described("d").partner(true);
    installs(
        "an api key",
        connector("Crm", key()),
        "
        lane a
        + connector Crm [missing] auth: - > (env KEY)
        0 connector Crm: install 1 Crm 1.0 as Crm auth=(env KEY)
        1 account: update audit= (made Crm) <- 0
        1 add 1 unchanged of 1",
    );
    installs("fields become properties", all, "
        lane a
        + connector Form [missing] description: - > d, partner: - > true, auth: - > (env TOKEN), properties.Host: - > h, properties.Token: - > (env TOKEN)
        0 connector Form: install 6 Form 1.0 as Form description=d, auth=(env TOKEN), partner=true, Host=h, Token=(env TOKEN)
        1 account: update audit= (made Form) <- 0
        1 add 1 unchanged of 1");
    installs(
        "tokens of an OAuth 2 sign-in",
        connector("Mail", tokens()),
        "
        lane a
        + connector Mail [missing] auth: - > (env ACCESS, env REFRESH)
        0 connector Mail: install 2 Mail 1.0 as Mail auth=(env ACCESS|env REFRESH)
        1 account: update audit= (made Mail) <- 0
        1 add 1 unchanged of 1",
    );
    installs(
        "an OAuth 2 client",
        connector("Erp", oauth2_client()),
        "
        lane a
        + connector Erp [missing] auth: - > (env CLIENT), properties.ClientId: - > id, properties.ClientSecret: - > (env CLIENT)
        0 connector Erp: install 5 Erp 1.0 as Erp auth=(env CLIENT), ClientId=id, ClientSecret=(env CLIENT)
        1 account: update audit= (made Erp) <- 0
        1 add 1 unchanged of 1",
    );
    installs(
        "the method that fits",
        connector("Shop", basic()),
        "
        lane a
        + connector Shop [missing] auth: - > (env PASSWORD)
        0 connector Shop: install 3 Shop 1.0 as Shop method_id=Login, auth=(env PASSWORD)
        1 account: update audit= (made Shop) <- 0
        1 add 1 unchanged of 1",
    );
    installs(
        "the method that is named",
        connector("Shop", basic()).method("Login"),
        "
        lane a
        + connector Shop [missing] authentication: - > Login, auth: - > (env PASSWORD)
        0 connector Shop: install 3 Shop 1.0 as Shop method=Login, method_id=Login, auth=(env PASSWORD)
        1 account: update audit= (made Shop) <- 0
        1 add 1 unchanged of 1",
    );
    installs(
        "its own name",
        connector("Crm", key())
            .named("Crm (sales)")
            .of(gangplank_model::ConnectorChoice::Id(1)),
        "
        lane a
        + connector Crm (sales) [missing] auth: - > (env KEY)
        0 connector Crm (sales): install 1 Crm 1.0 as Crm (sales) auth=(env KEY)
        1 account: update audit= (made Crm (sales)) <- 0
        1 add 1 unchanged of 1",
    );
}

#[test]
fn a_new_connector_may_wait() {
    let sign_in = |name: &str, auth: AuthSpec| connector(name, Some(auth));
    installs(
        "for an OAuth 2 sign-in",
        sign_in("Mail", AuthSpec::SignInOAuth2),
        "
        lane a
        + connector Mail [missing waiting] auth: - > oauth2
        0 connector Mail: install 2 Mail 1.0 as Mail auth=SignInOAuth2
        1 add 1 waiting 1 unchanged of 1",
    );
    installs(
        "for an OAuth 1 sign-in",
        sign_in("Old", AuthSpec::SignInOAuth1),
        "
        lane a
        + connector Old [missing waiting] auth: - > oauth1
        0 connector Old: install 8 Old 1.0 as Old auth=SignInOAuth1
        1 add 1 waiting 1 unchanged of 1",
    );
    installs(
        "a key that is not declared is somebody's later move",
        connector("Crm", None),
        "
        lane a
        + connector Crm [missing]
        0 connector Crm: install 1 Crm 1.0 as Crm
        1 add 1 unchanged of 1",
    );
    installs(
        "nothing to authenticate",
        sign_in("Open", AuthSpec::None),
        "
        lane a
        + connector Open [missing] auth: - > none
        0 connector Open: install 7 Open 1.0 as Open auth=None
        1 add 1 unchanged of 1",
    );
    installs(
        "a utility",
        connector("Util", None),
        "
        lane a
        + connector Util [missing]
        0 connector Util: install 4 Util 1.0 as Util
        1 add 1 unchanged of 1",
    );
}

#[test]
fn a_new_account_is_made_with_its_marks() {
    let wants = account("a")
        .connector(connector("Crm", key()))
        .connector(connector("Open", None));
    check(
        "marked at creation",
        Case::new(wants.clone()),
        "
        lane a
        + account [missing] name: - > a Ltd
        + connector Crm [missing] auth: - > (env KEY)
        + connector Open [missing]
        0 account: create name=a Ltd, audit= (made Crm)
        1 connector Crm: install 1 Crm 1.0 as Crm auth=(env KEY) <- 0
        2 connector Open: install 7 Open 1.0 as Open <- 0
        3 add of 1",
    );
    check(
        "marks: off",
        Case::new(wants).unmarked(),
        "
        lane a
        + account [missing] name: - > a Ltd
        + connector Crm [missing] auth: - > (env KEY)
        + connector Open [missing]
        0 account: create name=a Ltd
        1 connector Crm: install 1 Crm 1.0 as Crm auth=(env KEY) <- 0
        2 connector Open: install 7 Open 1.0 as Open <- 0
        3 add of 1",
    );
}

#[test]
fn what_is_not_there_is_not_removed() {
    installs(
        "absent",
        connector("Crm", None).absent(),
        "1 unchanged of 1",
    );
}
