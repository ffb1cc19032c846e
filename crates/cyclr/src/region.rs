//! The vendor's regions and their API hosts (cyclr-api.md 1.1).

/// One of the vendor's public regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// my.cyclr.com
    Us,
    /// us2.cyclr.com
    Us2,
    /// my.cyclr.uk
    Uk,
    /// eu.cyclr.com
    Eu,
    /// apac.cyclr.com
    Apac,
}

impl Region {
    /// The base URL of the API, without `/v1.0`.
    pub fn api_url(self) -> &'static str {
        match self {
            Self::Us => "https://api.cyclr.com",
            Self::Us2 => "https://api.us2.cyclr.com",
            Self::Uk => "https://api.cyclr.uk",
            Self::Eu => "https://api.eu.cyclr.com",
            Self::Apac => "https://api.apac.cyclr.com",
        }
    }
}
