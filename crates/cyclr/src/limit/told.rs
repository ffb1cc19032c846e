//! `Told`: what headers tell of a limit, in the forms that are about.
//!
//! The vendor's form is not known (cyclr-api.md 1.7), so the usual ones are read: `X-RateLimit-Limit`,
//! `-Remaining` and `-Reset`, the same without `X-` and with another hyphen, and both forms of the
//! drafts' `RateLimit` and `RateLimit-Policy`.

use super::bucket::Bucket;
use super::pause::LONGEST;
use reqwest::header::HeaderMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// Numbers from here on are no seconds from now, but seconds since 1970 (March 1973).
const EPOCH_SECONDS: f64 = 1e8;
/// And from here on milliseconds.
const EPOCH_MILLISECONDS: f64 = 1e11;
/// No window is longer: what is asked beyond is met by pauses.
const LONGEST_WINDOW: f64 = 86_400.0;
/// Calls a second; no pace that is told is lower: a call a minute.
const LEAST: f64 = 1.0 / 60.0;
/// So often in a row it may say that nothing is left although it answers, before it is no longer heard.
const CRIES: u32 = 3;

/// What an answer's headers tell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Told {
    /// Calls a second, as a rule.
    quota: Option<f64>,
    /// How many calls are left, and for how many seconds; more than 0.
    left: Option<(f64, f64)>,
}

impl Told {
    /// Reads them; `None` where they tell nothing that can be believed.
    pub(crate) fn of(headers: &HeaderMap, now: SystemTime) -> Option<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let mut told = Self::default();
        if let Some(policy) = text("ratelimit-policy") {
            told.quota = policy.split(',').filter_map(quota).reduce(f64::min);
        }
        let mut state = State::default();
        if let Some(one) = text("ratelimit") {
            state.read(one);
        }
        for prefix in ["x-ratelimit-", "ratelimit-", "x-rate-limit-"] {
            let field = |name: &str| text(&format!("{prefix}{name}"));
            state.limit = state.limit.or(field("limit").and_then(number));
            state.remaining = state.remaining.or(field("remaining").and_then(number));
            state.reset = state
                .reset
                .or(field("reset").and_then(|text| reset(text, now)));
            let windowed = field("limit").into_iter().flat_map(|it| it.split(','));
            told.quota = told.quota.or(windowed.filter_map(quota).reduce(f64::min));
        }
        if let (Some(remaining), Some(reset)) = (state.remaining, state.reset)
            && reset > 0.0
        {
            // More is left than there ever is: no such thing.
            let is_sound = state.limit.is_none_or(|limit| remaining <= limit);
            told.left = is_sound.then_some((remaining, reset.min(LONGEST_WINDOW)));
        }
        (told != Self::default()).then_some(told)
    }
}

/// The fields of one state of a limit.
#[derive(Debug, Default)]
struct State {
    limit: Option<f64>,
    remaining: Option<f64>,
    reset: Option<f64>,
}

impl State {
    /// `"default";r=50;t=30`, or `limit=100, remaining=50, reset=30`; of several the scarcest.
    fn read(&mut self, text: &str) {
        let share = |text: &str| {
            let (left, seconds) = (parameter(text, "r")?, parameter(text, "t")?);
            (seconds > 0.0).then_some((left, seconds))
        };
        let scarcest = text.split(',').filter_map(share);
        let scarcest = scarcest.reduce(|a, b| if b.0 * a.1 < a.0 * b.1 { b } else { a });
        if let Some((left, seconds)) = scarcest {
            (self.remaining, self.reset) = (Some(left), Some(seconds));
            return;
        }
        let flat = text.replace(',', ";");
        self.limit = parameter(&flat, "limit");
        self.remaining = parameter(&flat, "remaining");
        self.reset = parameter(&flat, "reset");
    }
}

/// `"default";q=100;w=60` or `100;w=60` as calls a second.
fn quota(text: &str) -> Option<f64> {
    let seconds = parameter(text, "w").filter(|seconds| *seconds > 0.0)?;
    let calls = parameter(text, "q").or_else(|| number(text.split(';').next()?))?;
    (calls > 0.0).then_some(calls / seconds.min(LONGEST_WINDOW))
}

fn parameter(text: &str, name: &str) -> Option<f64> {
    let mut pairs = text.split(';').filter_map(|part| part.split_once('='));
    let found = pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
    number(found.1)
}

/// A number that is not below 0; `100, 100;w=60` is 100.
fn number(text: &str) -> Option<f64> {
    let first = text.split([',', ';']).next()?.trim().trim_matches('"');
    let number: f64 = first.parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// Seconds until a limit begins anew: told as such, as a time since 1970, or as a date.
fn reset(text: &str, now: SystemTime) -> Option<f64> {
    if let Ok(date) = httpdate::parse_http_date(text.trim()) {
        return Some(date.duration_since(now).unwrap_or_default().as_secs_f64());
    }
    let number = number(text)?;
    let since_epoch = |seconds: f64| {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        (seconds - now.as_secs_f64()).max(0.0)
    };
    Some(if number >= EPOCH_MILLISECONDS {
        since_epoch(number / 1000.0)
    } else if number >= EPOCH_SECONDS {
        since_epoch(number)
    } else {
        number
    })
}

/// The pace that headers ask for, as long as they do.
#[derive(Debug, Default)]
pub(crate) struct ToldPace {
    bucket: Option<Bucket>,
    ends: Option<Instant>,
    /// How often in a row nothing was left.
    cries: u32,
}

impl ToldPace {
    /// Takes what an answer told while so many calls were under way, of which it does not know. Gives
    /// the pause until there is something left.
    pub(crate) fn hear(&mut self, told: Told, under_way: usize, now: Instant) -> Option<Duration> {
        if self.cries >= CRIES {
            return None;
        }
        let under_way = f64::from(u32::try_from(under_way).unwrap_or(u32::MAX));
        let (pace, lasts) = match (told.left, told.quota) {
            (Some((left, seconds)), _) if left <= under_way => {
                self.cries += u32::from(left == 0.0);
                self.bucket = None;
                return Some(Duration::from_secs_f64(seconds).min(LONGEST));
            }
            (Some((left, seconds)), _) => ((left - under_way) / seconds, seconds),
            (None, Some(quota)) => (quota, LONGEST.as_secs_f64()),
            (None, None) => return None,
        };
        self.cries = 0;
        let pace = pace.max(LEAST);
        match &mut self.bucket {
            Some(bucket) => bucket.set(pace, now),
            None => self.bucket = Some(Bucket::new(pace, now)),
        }
        self.ends = Some(now + Duration::from_secs_f64(lasts).min(LONGEST));
        None
    }

    /// The bucket, as long as it counts.
    pub(crate) fn bucket(&mut self, now: Instant) -> Option<&mut Bucket> {
        if self.ends.is_some_and(|ends| ends <= now) {
            self.bucket = None;
        }
        self.bucket.as_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn told(lines: &[(&str, &str)]) -> Option<Told> {
        let pairs = lines.iter().map(|(name, value)| {
            let name: HeaderName = name.parse().unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        });
        let now = httpdate::parse_http_date("Thu, 16 Feb 2023 03:03:24 GMT").unwrap();
        Told::of(&pairs.collect(), now)
    }

    #[test]
    fn every_form_is_read() {
        let left = |calls, seconds| {
            Some(Told {
                quota: None,
                left: Some((calls, seconds)),
            })
        };
        let quota = |quota| {
            Some(Told {
                quota: Some(quota),
                left: None,
            })
        };
        let x = |reset| {
            told(&[
                ("X-RateLimit-Limit", "100"),
                ("X-RateLimit-Remaining", "42"),
                ("X-RateLimit-Reset", reset),
            ])
        };
        assert_eq!(x("30"), left(42.0, 30.0));
        assert_eq!(x("1676516614"), left(42.0, 10.0));
        assert_eq!(x("1676516614000"), left(42.0, 10.0));
        assert_eq!(x("Thu, 16 Feb 2023 03:03:34 GMT"), left(42.0, 10.0));
        assert_eq!(x("1"), left(42.0, 1.0));
        for (lines, expected) in [
            (
                vec![("RateLimit-Remaining", "5"), ("RateLimit-Reset", "2")],
                left(5.0, 2.0),
            ),
            (
                vec![("X-Rate-Limit-Remaining", "5"), ("X-Rate-Limit-Reset", "2")],
                left(5.0, 2.0),
            ),
            (
                vec![("RateLimit", "limit=100, remaining=50, reset=5")],
                left(50.0, 5.0),
            ),
            (
                vec![("RateLimit", "\"a\";r=50;t=30, \"b\";r=3;t=30")],
                left(3.0, 30.0),
            ),
            (
                vec![("RateLimit-Policy", "\"a\";q=100;w=60, \"b\";q=1;w=1")],
                quota(1.0),
            ),
            (vec![("RateLimit-Limit", "100, 100;w=50")], quota(2.0)),
        ] {
            assert_eq!(told(&lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn what_cannot_be_believed_is_not() {
        for (remaining, reset) in [
            ("-1", "10"),
            ("NaN", "10"),
            ("inf", "10"),
            ("soon", "10"),
            ("200", "10"),
            ("5", "-10"),
            ("5", "NaN"),
            ("5", "0"),
            ("5", ""),
            ("5", "1000000000"),
        ] {
            let lines = [
                ("X-RateLimit-Limit", "100"),
                ("X-RateLimit-Remaining", remaining),
                ("X-RateLimit-Reset", reset),
            ];
            assert_eq!(told(&lines), None, "{remaining} {reset}");
        }
        for text in ["", ";;;", "=", "w=", "q=0;w=0", "1;w=0", "\u{7f}"] {
            let Ok(value) = HeaderValue::from_str(text) else {
                continue;
            };
            let headers = HeaderMap::from_iter([
                (HeaderName::from_static("ratelimit"), value.clone()),
                (HeaderName::from_static("ratelimit-policy"), value.clone()),
                (HeaderName::from_static("ratelimit-limit"), value),
            ]);
            assert_eq!(Told::of(&headers, SystemTime::UNIX_EPOCH), None, "{text:?}");
        }
    }

    #[test]
    fn a_pace_ends_and_who_always_says_that_nothing_is_left_is_not_heard() {
        let mut now = Instant::now();
        let mut pace = ToldPace::default();
        let some = told(&[("RateLimit", "limit=100, remaining=50, reset=5")]).unwrap();
        assert_eq!(pace.hear(some, 10, now), None);
        assert!((pace.bucket(now).unwrap().per_second() - 8.0).abs() < 1e-9);
        assert_eq!(pace.hear(some, 50, now), Some(Duration::from_secs(5)));
        assert!(pace.hear(some, 0, now).is_none());
        now += Duration::from_secs(5);
        assert!(pace.bucket(now).is_none(), "the window is over");
        let hostile = told(&[("RateLimit", "remaining=0, reset=1e9")]).unwrap();
        for _ in 0..CRIES {
            assert_eq!(pace.hear(hostile, 0, now), Some(LONGEST));
        }
        assert_eq!(pace.hear(hostile, 0, now), None);
    }
}
