//! `Budget`: how many calls may be made that an undisturbed run would not make.

/// What there is before the first call.
const RESERVE: f64 = 3.0;
/// What each first attempt earns.
const FOR_TRYING: f64 = 0.1;
/// What it earns once more when it is answered: where nobody answers, there is nothing to win by
/// asking again.
const FOR_AN_ANSWER: f64 = 0.1;
/// What there is besides, for as long as calls are answered: a run of a few calls earns next to nothing.
const WHILE_ANSWERED: u32 = 10;
/// An outage after a long run does not use up more.
const MOST: f64 = 100.0;

/// Attempts again and read-backs, together at most a tenth of the first attempts where nobody answers,
/// and a fifth in all, above a small reserve.
#[derive(Debug)]
pub(crate) struct Budget {
    left: f64,
    while_answered: u32,
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self {
            left: RESERVE,
            while_answered: WHILE_ANSWERED,
        }
    }

    /// A call begins for the first time.
    pub(crate) fn tried(&mut self) {
        self.earn(FOR_TRYING);
    }

    /// A call that was made for the first time was answered.
    pub(crate) fn answered(&mut self) {
        self.earn(FOR_AN_ANSWER);
    }

    /// Pays for a call, if there is enough; `answered` says whether the last call was answered.
    pub(crate) fn pay(&mut self, answered: bool) -> bool {
        // Ten tenths are a little less than one.
        if self.left >= 1.0 - 1e-9 {
            self.left -= 1.0;
            return true;
        }
        let is_enough = answered && self.while_answered > 0;
        self.while_answered -= u32::from(is_enough);
        is_enough
    }

    fn earn(&mut self, amount: f64) {
        self.left = (self.left + amount).min(MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(budget: &mut Budget) -> u32 {
        let mut paid = 0;
        while budget.pay(false) {
            paid += 1;
        }
        paid
    }

    #[test]
    fn it_is_a_tenth_without_answers_a_fifth_with_and_not_saved_up_for_ever() {
        let mut budget = Budget::new();
        assert_eq!(paid(&mut budget), 3);
        (0..100).for_each(|_| budget.tried());
        assert_eq!(paid(&mut budget), 10);
        for _ in 0..100 {
            budget.tried();
            budget.answered();
        }
        assert_eq!(paid(&mut budget), 20);
        (0..100_000).for_each(|_| budget.tried());
        assert_eq!(paid(&mut budget), 100);
        let few = (0..20).filter(|_| budget.pay(true)).count();
        assert_eq!(few, 10);
    }
}
