//! Variants: what the vendor might do where no source says what it does.

/// One switch: an unknown of cyclr-api.md 4, and the positions it can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// Name, such as `U2`.
    pub id: &'static str,
    /// What it decides.
    pub meaning: &'static str,
    /// What it can be set to; the first is the default.
    pub positions: &'static [&'static str],
}

impl Variant {
    /// The position it has unless it is set.
    pub fn default_position(&self) -> &'static str {
        self.positions.first().copied().unwrap_or_default()
    }
}

macro_rules! switches {
    ($($name:ident $id:literal $meaning:literal [$($position:literal)+];)+) => {
        /// The switches, in the order of the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Switch {
            $($name),+
        }

        /// All switches.
        const TABLE: &[Variant] = &[
            $(Variant { id: $id, meaning: $meaning, positions: &[$($position),+] }),+
        ];
    };
}

switches! {
    U1 "U1" "unknown account in X-Cyclr-Account, or a token of another account" ["401" "404" "403"];
    U2 "U2" "AuthValue when it is read back" ["plain" "opaque" "masked" "null"];
    U3 "U3" "which of several installed connectors a template install binds"
        ["oldest" "newest" "authenticated" "error" "fresh"];
    U3Parent "U3_PARENT" "a template install in a sub-account where only an account above has the connector"
        ["parent" "fresh" "error"];
    U4 "U4" "deleting an installed connector that a cycle uses" ["unbind" "refuse" "409" "cascade"];
    U5 "U5" "Interval, StartTime and RunOnce on a cycle that is read" ["absent" "present" "active"];
    U6 "U6" "activation with unmet prerequisites" ["400" "409" "paused" "200"];
    U6Interval "U6_INTERVAL" "activation with an interval that is not one of the list"
        ["400" "409" "paused" "default"];
    U6Active "U6_ACTIVE" "activation of a cycle that runs" ["200" "409" "400"];
    U7 "U7" "a wrongly typed number on PUT account" ["kept" "null"];
    U8 "U8" "the error for an installed connector's name that is taken" ["quoted" "plain" "409"];
    U9 "U9" "POST of a property whose name exists" ["second" "400" "overwrite"];
    U10 "U10" "POST or PUT of a property the connector does not have" ["anything" "400" "drop"];
    U11 "U11" "deleting an account that has cycles or sub-accounts"
        ["cascade" "400" "409" "delayed"];
    U12 "U12" "deleting a running cycle" ["stop" "409" "400"];
    U13 "U13" "page size: default and largest, as D or D-M" ["100" "20-50" "100-100"];
    U14 "U14" "bodies of 401, 404 and 409" ["message" "empty" "html"];
    U15 "U15" "mapping writes on a running cycle" ["409" "200"];
    U16 "U16" "Name and AuthenticationId in PUT of an installed connector"
        ["works" "ignored" "400"];
    U17 "U17" "Authenticated after a credential is written: at once, after the first call, or \
        tested (one that contains `wrong` is refused)" ["trusting" "lazy" "tested"];
    U18 "U18" "an invalid time zone" ["400" "ignored" "stored"];
    U19 "U19" "GET of a connector name that does not exist" ["404" "empty"];
    U20 "U20" "elements of an account's list of users" ["string" "object" "email"];
    U21 "U21" "name of a second cycle of one template" ["same" "suffixed"];
    U22 "U22" "mappings given with an install or an import of a template"
        ["ignored" "honoured" "400"];
    U23 "U23" "comparison of account ids" ["insensitive" "sensitive"];
    U24 "U24" "Status of a cycle that finishes its transactions before it stops"
        ["active" "paused" "stopping"];
    U25 "U25" "throttling of calls: none, or of more than a hundred a second"
        ["none" "429" "503"];
    LibraryHeader "LIBRARY_HEADER" "X-Cyclr-Account on GET /connectors" ["optional" "required"];
    WrongMethod "WRONG_METHOD" "a path that exists, with a method that does not" ["405" "404"];
    NullBody "NULL_BODY" "installing a connector with a null body" ["400" "500"];
    IpRestriction "IP_RESTRICTION" "calls of methods of connectors that are not the partner's own"
        ["open" "403" "401"];
    CallUnauthenticated "CALL_UNAUTHENTICATED" "calls through a connector that is not authenticated"
        ["400" "401" "200"];
    CustomListed "CUSTOM_LISTED" "includeCustomConnectors on GET /connectors when it is left out"
        ["false" "true"];
    CustomAgain "CUSTOM_AGAIN" "POST of a custom connector whose UniqueIdentifier exists"
        ["second" "400" "overwrite"];
    FieldAgain "FIELD_AGAIN" "POST of a custom field whose key exists" ["second" "400" "overwrite"];
    ActivateBody "ACTIVATE_BODY" "body of activate and deactivate" ["cycle" "empty"];
    UnknownUser "UNKNOWN_USER" "PUT /users for a name that nobody has" ["created" "404"];
    ExpiresAt "EXPIRES_AT" "ExpiresAtUtc of a sign-in token: fractions of a second, or whole ones"
        ["fraction" "whole"];
    LaunchUrl "LAUNCH_URL" "returnUrl inside the URLs of LAUNCH, Marketplace and ORBIT"
        ["plain" "encoded"];
    LaunchConnector "LAUNCH_CONNECTOR"
        "a connector in ConnectorAuthentications that the library lacks" ["ignored" "400"];
    StepWrites "STEP_WRITES" "new steps, and edges, on a running cycle" ["409" "200"];
    CyclePrerequisites "CYCLE_PREREQUISITES" "prerequisites of a cycle's steps: their own codes, or \
        30 to 33 of the step as a whole" ["detailed" "summary"];
    BadToken "BAD_TOKEN" "status of a call without a token, or with one that is not valid"
        ["401" "403"];
    TokenErrors "TOKEN_ERRORS" "status of the token endpoint's errors" ["400" "401"];
    BindingErrors "BINDING_ERRORS" "bodies of 400 for what could not be read: with ModelState, or \
        without" ["model_state" "message"];
    DeleteBody "DELETE_BODY" "body of a DELETE that was done" ["object" "empty" "null"];
    NameQuery "NAME_QUERY" "what query on GET /connectors matches: a part of the name, or its start"
        ["part" "start"];
    InstallByVersion "INSTALL_BY_VERSION" "the route that installs a connector by name and version"
        ["served" "404"];
    DefaultName "DEFAULT_NAME" "name of an installed connector that is given none: the connector's, \
        or that with a number where it is taken" ["connector" "numbered"];
    PutProperties "PUT_PROPERTIES" "Properties in PUT of an installed connector: by name beside those \
        that are there, or instead of them" ["upsert" "replace"];
    StepConnector "STEP_CONNECTOR" "PUT of a step with another installed connector"
        ["works" "ignored" "400"];
    BillDate "BILL_DATE" "NextBillDateUtc in the body of an account" ["stored" "ignored"];
    AuditTexts "AUDIT_TEXTS" "AuditInfo and TaskAuditInfo when they are read back"
        ["stored" "ignored" "masked"];
    UserAgain "USER_AGAIN" "PUT of a user whom the account has" ["200" "400"];
    DeauthenticateAgain "DEAUTHENTICATE_AGAIN" "deauthentication of what is not authenticated"
        ["200" "400"];
    DefaultInterval "DEFAULT_INTERVAL" "minutes between the runs of a cycle that is given no interval"
        ["60" "1440" "1"];
    UnsetVariable "UNSET_VARIABLE" "code of the prerequisite for a variable without a value"
        ["30" "0" "none"];
}

/// Why a switch could not be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VariantError {
    /// The text is not `ID=POSITION`.
    #[error("a variant is written ID=POSITION, such as U2=masked, not `{text}`")]
    Form {
        /// What was written.
        text: String,
    },
    /// There is no such switch.
    #[error("there is no variant `{id}`")]
    Unknown {
        /// What was written.
        id: String,
    },
    /// The switch has no such position.
    #[error("variant {id} can be {}, not `{position}`", positions.join(", "))]
    Position {
        /// The switch.
        id: &'static str,
        /// What was written.
        position: String,
        /// What it can be set to.
        positions: &'static [&'static str],
    },
}

/// The position of every switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variants {
    chosen: [usize; TABLE.len()],
    page_size: usize,
    largest_page: usize,
}

impl Default for Variants {
    fn default() -> Self {
        Self {
            chosen: [0; TABLE.len()],
            page_size: 100,
            largest_page: usize::MAX,
        }
    }
}

impl Variants {
    /// All switches with their meanings and positions.
    pub fn table() -> &'static [Variant] {
        TABLE
    }

    /// Reads `ID=POSITION` and checks it, for an argument such as `--variant U2=masked`.
    pub fn parse(text: &str) -> Result<(String, String), VariantError> {
        let Some((id, position)) = text.split_once('=') else {
            return Err(VariantError::Form {
                text: text.to_owned(),
            });
        };
        Self::default().set(id.trim(), position.trim())?;
        Ok((id.trim().to_owned(), position.trim().to_owned()))
    }

    /// Sets one switch.
    pub fn set(&mut self, id: &str, position: &str) -> Result<(), VariantError> {
        let found = TABLE
            .iter()
            .position(|variant| variant.id.eq_ignore_ascii_case(id));
        let Some((index, variant)) = found.and_then(|index| Some((index, TABLE.get(index)?)))
        else {
            return Err(VariantError::Unknown { id: id.to_owned() });
        };
        if index == Switch::U13 as usize
            && let Some((size, largest)) = page_sizes(position)
        {
            self.page_size = size;
            self.largest_page = largest;
            return Ok(());
        }
        let matches = |known: &str| known.eq_ignore_ascii_case(position);
        let Some(chosen) = variant.positions.iter().position(|known| matches(known)) else {
            return Err(VariantError::Position {
                id: variant.id,
                position: position.to_owned(),
                positions: variant.positions,
            });
        };
        self.chosen[index] = chosen;
        Ok(())
    }

    /// Where a switch stands.
    pub(crate) fn position(&self, switch: Switch) -> &'static str {
        let index = switch as usize;
        TABLE[index].positions[self.chosen[index]]
    }

    /// Whether a switch stands there.
    pub(crate) fn is(&self, switch: Switch, position: &str) -> bool {
        self.position(switch) == position
    }

    /// How many rows a page has, given what was asked for (U13).
    pub(crate) fn page_size(&self, asked: Option<usize>) -> usize {
        asked
            .unwrap_or(self.page_size)
            .min(self.largest_page)
            .max(1)
    }
}

/// Reads `D` or `D-M`.
fn page_sizes(text: &str) -> Option<(usize, usize)> {
    let (size, largest) = match text.split_once('-') {
        Some((size, largest)) => (size.parse().ok()?, largest.parse().ok()?),
        None => (text.parse().ok()?, usize::MAX),
    };
    (size >= 1 && largest >= size).then_some((size, largest))
}

#[cfg(test)]
mod tests {
    use super::{Switch, Variants};

    #[test]
    fn switches_are_read_and_checked() {
        let mut variants = Variants::default();
        assert_eq!(variants.position(Switch::U2), "plain");
        variants.set("u2", "Masked").unwrap();
        assert!(variants.is(Switch::U2, "masked"));
        variants.set("U13", "2-3").unwrap();
        assert_eq!(
            (variants.page_size(None), variants.page_size(Some(9))),
            (2, 3)
        );
        assert_eq!(
            Variants::parse("U2=masked").unwrap(),
            ("U2".into(), "masked".into())
        );
        let check = |text: &str, expected: &str| {
            assert_eq!(Variants::parse(text).unwrap_err().to_string(), expected);
        };
        check(
            "U2",
            "a variant is written ID=POSITION, such as U2=masked, not `U2`",
        );
        check("U99=x", "there is no variant `U99`");
        check(
            "U2=x",
            "variant U2 can be plain, opaque, masked, null, not `x`",
        );
        check("U13=0", "variant U13 can be 100, 20-50, 100-100, not `0`");
    }
}
