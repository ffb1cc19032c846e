//! `Curve`: how a bound that was cut grows back.

/// Steep at first, flat around the bound where trouble began, then steeper and steeper (the idea of CUBIC,
/// RFC 9438): it soon makes good what a cut took away, stays long where it is good, and finds out in a
/// while when there is room for much more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Curve {
    low: f64,
    top: f64,
    /// Seconds from the cut until it is flat, more than 0.
    flat_at: f64,
}

impl Curve {
    pub(crate) fn new(low: f64, top: f64, flat_at: f64) -> Self {
        Self {
            low,
            top: top.max(low * 1.001),
            flat_at: flat_at.max(0.001),
        }
    }

    /// The bound so many seconds after the cut.
    pub(crate) fn at(self, seconds: f64) -> f64 {
        let x = (seconds - self.flat_at) / self.flat_at;
        self.top + (self.top - self.low) * x.powi(3)
    }

    /// Seconds until it is flat.
    pub(crate) fn flat_at(self) -> f64 {
        self.flat_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_low_rests_at_the_top_and_goes_on() {
        let curve = Curve::new(80.0, 100.0, 10.0);
        for (seconds, least, most) in [
            (0.0, 79.9, 80.1),
            (5.0, 97.0, 98.0),
            (10.0, 99.9, 100.1),
            (20.0, 119.0, 121.0),
            (40.0, 600.0, 700.0),
        ] {
            let at = curve.at(seconds);
            assert!(least < at && at < most, "{seconds}: {at}");
        }
    }
}
