//! The account that keeps two applies apart: its id is reserved.

/// The id of the account that holds the lease of `apply --lock`. No manifest may declare it.
pub const LEASE_ACCOUNT: &str = "gangplank-lease";

/// The name of that account.
pub const LEASE_NAME: &str = "Gangplank lease (leave this account alone)";

/// Whether an id is that of the lease. An instance may not mind letters (cyclr-api.md 4, U23).
pub fn is_lease(id: &str) -> bool {
    id.eq_ignore_ascii_case(LEASE_ACCOUNT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_do_not_count() {
        for (id, expected) in [
            ("gangplank-lease", true),
            ("Gangplank-LEASE", true),
            ("gangplank-lease-2", false),
            ("acme", false),
        ] {
            assert_eq!(is_lease(id), expected, "{id}");
        }
    }
}
