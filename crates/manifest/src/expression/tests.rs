//! What expressions give, and what is said of broken ones.

use super::{ExpressionError, Expressions, Scope};
use minijinja::Value;

fn scope() -> Scope {
    let instance = Value::from_pairs([("name", "test"), ("region", "eu")]);
    let mut scope = Scope::new("acme-1", &instance);
    scope.labels(&gangplank_model::by_name([(
        "tier".to_owned(),
        "gold".to_owned(),
    )]));
    scope.name("Acme");
    scope
}

fn expand(text: &str) -> Result<String, ExpressionError> {
    let expanded = Expressions::new().expand(text, &scope());
    expanded.map(|expanded| expanded.value.unwrap())
}

#[test]
fn expressions_are_replaced() {
    for (text, expected) in [
        ("plain } text {", "plain } text {"),
        ("{{ account.id }}", "acme-1"),
        (
            "a {{account.id | upper}} b {{ instance.region }}",
            "a ACME-1 b eu",
        ),
        ("{{ account.labels.tier }}", "gold"),
        ("{{ 'a' if account.labels.tier == 'gold' else 'b' }}", "a"),
        (
            "{{ 'a' if account.id in ['acme-1'] and not 1 > 2 else 'b' }}",
            "a",
        ),
        ("{{ 'a' if '7' | int > 5 else 'b' }}", "a"),
        ("{{ account.labels.owner | default('nobody') }}", "nobody"),
        ("{{ '}}' }}", "}}"),
        ("{{ 1 + 1 }}{{ account.id == 'x' }}", "2false"),
        ("{{ account.id | replace('-', '_') | upper }}", "ACME_1"),
        ("{% if true %}", "{% if true %}"),
        ("{# not a comment #}", "{# not a comment #}"),
    ] {
        assert_eq!(expand(text), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn broken_expressions_say_what_is_wrong() {
    for (text, nth, reason, hint) in [
        ("{{ account.nmae }}", 0, "no `account.nmae`", "account.name"),
        (
            "{{ account.id }} {{ row.id }}",
            1,
            "there is no",
            "a roster only",
        ),
        (
            "{{ account.labels.teir | upper }}",
            0,
            "there is no",
            "account.labels.tier",
        ),
        (
            "{{ 'absent' if account.labels.tier else 'present' }}",
            0,
            "account.labels.tier is text, and text is no condition",
            "account.labels.tier == 'true'",
        ),
        ("{{ not account.labels['tier'] }}", 0, "no condition", ""),
        ("{{ 1 < 2 and account.id | upper }}", 0, "no condition", ""),
        (
            "{{ account.labels.tier > 100 }}",
            0,
            "they do not compare",
            "account.labels.tier | int",
        ),
        ("{{ true == account.id }}", 0, "do not compare", "== 'true'"),
        ("{{ account.id", 0, "no `}}`", ""),
        ("{{ account.id | shout }}", 0, "shout", ""),
        ("{{ 1 + }}", 0, "", ""),
        ("{{ account }}", 0, "map", ""),
        ("{{ none }}", 0, "nothing", ""),
        ("{{ 'x' * 100000000 }}", 0, "", ""),
        ("{{ }}", 0, "empty", "account.id"),
    ] {
        let error = expand(text).unwrap_err();
        assert_eq!(error.nth, nth, "{text}");
        assert!(error.reason.contains(reason), "{text}: {error:?}");
        assert!(error.hint.unwrap_or_default().contains(hint), "{text}");
    }
}

/// The parser under us recurses, and a thread's stack is two megabytes or less.
#[test]
fn no_expression_is_too_deep_for_the_stack() {
    let around = |open: &str, middle: &str, close: &str, times: usize| {
        let (open, close) = (open.repeat(times), close.repeat(times));
        format!("{{{{ {open}{middle}{close} }}}}")
    };
    for times in [50, 120, 200, 250, 50_000] {
        for (open, middle, close) in [
            ("-", "1", ""),
            ("- ", "1", ""),
            ("not ", "true", ""),
            ("(", "1", ")"),
            ("[ ", "1", "] "),
            ("{1:", "1", "} "),
            ("", "1", "+1"),
            ("", "1", "**1"),
            ("", "account", ".id"),
            ("", "account", "[0]"),
            ("", "1", "|upper"),
            ("1 if 1 else ", "1", ""),
            ("'a'~", "'b'", ""),
            ("range(", "1", ")"),
            ("\"\\\"\"~-", "1", ""),
        ] {
            let text = around(open, middle, close, times);
            let result = expand(&text);
            assert!(times < 1000 || result.is_err(), "{open}{middle}{close}");
        }
    }
    let lookup = "{{ {'eu': 'a', 'us': 'b', 'uk': 'c'}[instance.region] }}";
    assert_eq!(expand(lookup), Ok("a".to_owned()));
}
