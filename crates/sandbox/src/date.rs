//! Dates as the vendor's stack writes them (cyclr-api.md 1.7).

use jiff::Timestamp;

/// "Never", without a zone (cyclr-api.md 1.7).
pub(crate) const NEVER: &str = "0001-01-01T00:00:00";

/// Round-trip form of .NET: up to seven digits of a second, trailing zeros left out.
pub(crate) fn round_trip(time: Timestamp) -> String {
    let mut text = time.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let fraction = format!(".{:07}", time.subsec_nanosecond() / 100);
    text.push_str(fraction.trim_end_matches('0').trim_end_matches('.'));
    text.push('Z');
    text
}

/// The same without a fraction of a second.
pub(crate) fn whole_second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// RFC 1123, as the token endpoint writes its times (cyclr-api.md 1.2).
pub(crate) fn rfc1123(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The day of a date in a query: `2020-01-01`, with or without a time, or `MM/DD/YYYY`
/// (cyclr-api.md 1.7).
pub(crate) fn day(text: &str) -> Option<jiff::civil::Date> {
    let text = text.trim();
    if let Some((month, rest)) = text.split_once('/') {
        let (day, year) = rest.split_once('/')?;
        let year = year.split([' ', 'T']).next()?;
        return jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
            .ok();
    }
    text.split([' ', 'T']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{rfc1123, round_trip};

    #[test]
    fn dates_look_like_the_vendors() {
        let check = |nanoseconds: i128, expected: &str| {
            let time = jiff::Timestamp::from_nanosecond(nanoseconds).unwrap();
            assert_eq!(round_trip(time), expected);
        };
        check(1_512_575_646_644_035_200, "2017-12-06T15:54:06.6440352Z");
        check(1_512_575_646_640_000_000, "2017-12-06T15:54:06.64Z");
        check(1_512_575_646_000_000_000, "2017-12-06T15:54:06Z");
        let issued = jiff::Timestamp::from_second(1_676_516_604).unwrap();
        assert_eq!(rfc1123(issued), "Thu, 16 Feb 2023 03:03:24 GMT");
    }
}
