//! Chance that is the same in every run: it depends on the seed and on what is counted alone.

/// Where the dice of one rule and one match come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chance(u64);

impl Chance {
    /// For the so manieth match of the so manieth rule.
    pub(crate) fn new(seed: u64, rule: u64, matched: u64) -> Self {
        let rule = mix(rule.wrapping_add(0x9e37_79b9_7f4a_7c15));
        Self(mix(seed ^ mix(rule ^ matched)))
    }

    /// A number from 0 up to, but not, 1; the same for the same throw.
    pub(crate) fn throw(self, throw: u64) -> f64 {
        let bits = mix(self
            .0
            .wrapping_add(throw.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            >> 32;
        let bits = u32::try_from(bits).unwrap_or(u32::MAX);
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }

    /// A number of the standard normal distribution.
    pub(crate) fn normal(self) -> f64 {
        let radius = (-2.0 * (1.0 - self.throw(1)).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.throw(2)).cos()
    }
}

/// The end of `SplitMix64`.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn throws_are_even_and_repeatable() {
        let throws = || (0..10_000).map(|number| Chance::new(7, 1, number).throw(0));
        assert!(throws().eq(throws()));
        assert!(throws().all(|one| (0.0..1.0).contains(&one)));
        let low = throws().filter(|one| *one < 0.25).count();
        assert!((2_300..2_700).contains(&low), "{low}");
    }
}
