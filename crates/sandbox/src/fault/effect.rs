//! `FaultEffect`: what happens to a request that a rule meets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::latency::Latency;
use super::paging::{PageShift, TotalPages};
use super::rate_limit::RateLimit;
use super::span::Span;

/// How a connection ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Close {
    /// It is closed (FIN).
    #[default]
    Finish,
    /// It is reset (RST).
    Reset,
    /// It stays open, and nothing more is written until the client goes.
    Silent,
}

/// Which tokens are no longer valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Revoked {
    /// Every token.
    All,
    /// The token of the request.
    This,
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultEffect {
    /// An error instead of doing it.
    StatusBefore {
        /// Status, from 400 to 599.
        code: u16,
        /// `Retry-After`: as it is to be written, or `date+30s`, `date-30s`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<String>,
    },
    /// It is done, and an error is answered.
    StatusAfter {
        /// Status, from 400 to 599.
        code: u16,
        /// `Retry-After`: as it is to be written, or `date+30s`, `date-30s`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<String>,
    },
    /// An error instead of doing it, whose message repeats what was sent: its `Authorization` and its
    /// body, after a text of the rule's own.
    Echo {
        /// Status, from 400 to 599.
        code: u16,
        /// How the message begins.
        #[serde(default)]
        text: String,
    },
    /// The connection is closed without a response, and nothing is done.
    DropBefore,
    /// It is done, and the connection is closed without a response.
    DropAfter,
    /// The connection is reset without a response, and nothing is done.
    ResetBefore,
    /// It is done, and the connection is reset without a response.
    ResetAfter,
    /// Nothing is done, and nothing is answered until the client goes.
    SilenceBefore,
    /// It is done, and nothing is answered until the client goes.
    SilenceAfter,
    /// It is done, and the response is held back.
    Delay {
        /// How long.
        milliseconds: u64,
    },
    /// It is done, and the response is held back: `20ms`, or log-normal as `20ms..p99=200ms`.
    Latency(#[schemars(with = "String")] Latency),
    /// Refused when the rule's bucket is empty: `50/s`, `50/s,burst=100,retry-after=date,code=503`.
    RateLimit(#[schemars(with = "String")] RateLimit),
    /// Tokens are no longer valid, from this request on.
    RevokeTokens(Revoked),
    /// A write is answered now, and done when the clock has moved on.
    LateCommit {
        /// By how much.
        #[schemars(with = "String")]
        by: Span,
        /// Status of the answer now; left out: the connection is closed without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u16>,
    },
    /// A read does not see what was written lately.
    StaleReads {
        /// How long writes stay unseen.
        #[schemars(with = "String")]
        by: Span,
    },
    /// The pages of a list do not fit together.
    Pages {
        /// What happened between the pages.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shift: Option<PageShift>,
        /// What `Total-Pages` says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        total_pages: Option<TotalPages>,
    },
    /// It is done, and the response ends within its head.
    CutHead {
        /// After so many bytes.
        bytes: u64,
        /// How the connection ends.
        #[serde(default)]
        close: Close,
    },
    /// It is done, and the response ends within its body.
    CutBody {
        /// After so many bytes of the body; left out: after half of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<u64>,
        /// How the connection ends.
        #[serde(default)]
        close: Close,
    },
    /// The connection ends after a whole response that did not announce it.
    HangUp {
        /// How the connection ends.
        #[serde(default)]
        close: Close,
    },
    /// The body comes slowly.
    SlowBody {
        /// So many bytes a second.
        bytes_per_second: u64,
    },
    /// The body does not end: spaces, until the client goes.
    EndlessBody,
    /// So many MiB of spaces come before the body.
    HugeBody {
        /// How many.
        mebibytes: u64,
    },
    /// A small body (`Content-Encoding: gzip`) that is so many MiB of spaces when it is unpacked.
    GzipBomb {
        /// How many.
        mebibytes: u64,
    },
    /// A page such as a proxy shows, instead of the body.
    HtmlPage {
        /// Status; 200 when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u16>,
    },
    /// Another `Content-Type`.
    ContentType(String),
    /// The body lacks its end, and its length fits what is there.
    Truncated {
        /// How many bytes are left; half when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<usize>,
    },
    /// The first key of the first object comes twice, first with `null`.
    DuplicateKeys,
    /// The body has arrays in arrays in arrays.
    DeepNesting {
        /// How many; at most a million.
        depth: usize,
    },
    /// The body begins with a byte order mark.
    ByteOrderMark,
    /// The last text of the body holds bytes that are not UTF-8.
    BadUtf8,
    /// The body is empty.
    Empty,
    /// 204, and no body.
    NoContent,
    /// A redirect instead of doing it.
    Redirect {
        /// Status, such as 301, 302, 307 or 308.
        code: u16,
        /// Where to; left out: to the request's own address, again and again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
}

impl FaultEffect {
    /// How the ledger names it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::StatusBefore { code, .. } => format!("status_before {code}"),
            Self::StatusAfter { code, .. } => format!("status_after {code}"),
            Self::Echo { code, .. } => format!("echo {code}"),
            Self::Delay { milliseconds } => format!("delay {milliseconds}"),
            Self::LateCommit { by, .. } => format!("late_commit {by}"),
            Self::StaleReads { by } => format!("stale_reads {by}"),
            Self::HugeBody { mebibytes } => format!("huge_body {mebibytes}"),
            Self::GzipBomb { mebibytes } => format!("gzip_bomb {mebibytes}"),
            Self::Redirect { code, .. } => format!("redirect {code}"),
            other => other.plain_name().to_owned(),
        }
    }

    /// The key that a file names it with.
    fn plain_name(&self) -> &'static str {
        match self {
            Self::StatusBefore { .. } => "status_before",
            Self::StatusAfter { .. } => "status_after",
            Self::Echo { .. } => "echo",
            Self::DropBefore => "drop_before",
            Self::DropAfter => "drop_after",
            Self::ResetBefore => "reset_before",
            Self::ResetAfter => "reset_after",
            Self::SilenceBefore => "silence_before",
            Self::SilenceAfter => "silence_after",
            Self::Delay { .. } => "delay",
            Self::Latency(_) => "latency",
            Self::RateLimit(_) => "rate_limit",
            Self::RevokeTokens(_) => "revoke_tokens",
            Self::LateCommit { .. } => "late_commit",
            Self::StaleReads { .. } => "stale_reads",
            Self::Pages { .. } => "pages",
            Self::CutHead { .. } => "cut_head",
            Self::CutBody { .. } => "cut_body",
            Self::HangUp { .. } => "hang_up",
            Self::SlowBody { .. } => "slow_body",
            Self::EndlessBody => "endless_body",
            Self::HugeBody { .. } => "huge_body",
            Self::GzipBomb { .. } => "gzip_bomb",
            Self::HtmlPage { .. } => "html_page",
            Self::ContentType(_) => "content_type",
            Self::Truncated { .. } => "truncated",
            Self::DuplicateKeys => "duplicate_keys",
            Self::DeepNesting { .. } => "deep_nesting",
            Self::ByteOrderMark => "byte_order_mark",
            Self::BadUtf8 => "bad_utf8",
            Self::Empty => "empty",
            Self::NoContent => "no_content",
            Self::Redirect { .. } => "redirect",
        }
    }

    /// Whether it keeps the request from being handled.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::StatusBefore { .. }
                | Self::Echo { .. }
                | Self::DropBefore
                | Self::ResetBefore
                | Self::SilenceBefore
                | Self::RateLimit(_)
                | Self::Redirect { .. }
        )
    }

    /// What is wrong with it, if anything is.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let code_is = |code: u16, least: u16| (least..least + 200).contains(&code);
        let is_good = match self {
            Self::StatusBefore { code, .. }
            | Self::StatusAfter { code, .. }
            | Self::Echo { code, .. }
            | Self::LateCommit {
                code: Some(code), ..
            } => {
                if !code_is(*code, 400) {
                    return Some("a status is from 400 to 599");
                }
                true
            }
            Self::Redirect { code, .. } => (300..400).contains(code),
            Self::HtmlPage { code: Some(code) } => (200..600).contains(code),
            Self::SlowBody { bytes_per_second } => *bytes_per_second > 0,
            Self::HugeBody { mebibytes } | Self::GzipBomb { mebibytes } => *mebibytes <= 1 << 30,
            Self::DeepNesting { depth } => *depth <= 1_000_000,
            _ => true,
        };
        (!is_good).then_some("a number of the effect is out of its range")
    }
}
