//! `ReturnTo`: where a customer is led once the third party has answered (cyclr-api.md 2.6).

use url::Url;

use super::page::{self, Page};
use crate::reply::Reply;
use crate::request::Query;

/// The page of the partner's that waits for the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReturnTo {
    target: Url,
    /// What is posted to the window that opened this one; without it the browser is redirected.
    message: Option<String>,
}

impl ReturnTo {
    /// Reads `targetOrigin` and `callbackMessage`; only web addresses are taken.
    pub(super) fn of(query: &Query<'_>) -> Result<Self, &'static str> {
        let Some(target) = query.get("targetOrigin") else {
            return Err("The address has no targetOrigin.");
        };
        let target = Url::parse(target).ok();
        let target = target.filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(target) = target.filter(Url::has_host) else {
            return Err("The targetOrigin has to be an http or https URL.");
        };
        Ok(Self {
            target,
            message: query.get("callbackMessage").map(str::to_owned),
        })
    }

    /// Leads the customer back.
    pub(super) fn reply(&self) -> Reply {
        match &self.message {
            None => page::redirect(self.target.as_str()),
            Some(message) => Page::new("Back to the application")
                .heading("You can close this window")
                .paragraph("The application has been told, and goes on by itself.")
                .posting(message, &self.target.origin().ascii_serialization())
                .reply(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ReturnTo;
    use crate::request::Query;

    #[test]
    fn only_web_addresses_are_taken() {
        let check = |query: &str, expected: Option<&str>| {
            let found = ReturnTo::of(&Query::parse(query)).ok();
            let found = found.as_ref().map(|one| one.target.as_str());
            assert_eq!(found, expected, "{query}");
        };
        let encoded = "targetOrigin=https%3A%2F%2Fapp.example%2Fdone%3Fa%3D1%26b%3D2";
        check(encoded, Some("https://app.example/done?a=1&b=2"));
        check(
            "targetorigin=http://127.0.0.1:9",
            Some("http://127.0.0.1:9/"),
        );
        for wrong in [
            "",
            "targetOrigin=",
            "targetOrigin=app.example",
            "targetOrigin=javascript:alert(1)",
            "targetOrigin=data:text/html,x",
            "targetOrigin=//app.example",
            "targetOrigin=https://",
            "targetOrigin=/launch",
        ] {
            check(wrong, None);
        }
    }
}
