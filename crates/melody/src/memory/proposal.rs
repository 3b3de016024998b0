//! What one witness proposes for one aspect of the next note, and how much speaks for it.

/// Figures that say how much speaks for a proposal, each from 0 to 1.
pub const FEATURES: usize = 6;

/// Odds of values, with what speaks for them.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    odds: Vec<(u8, f32)>,
    features: [f32; FEATURES],
}

impl Proposal {
    /// Of somebody who has nothing to say.
    pub fn silent() -> Proposal {
        Proposal { odds: Vec::new(), features: [0.0; FEATURES] }
    }

    /// Of somebody who points at one value, after `run` notes alike, `back` notes ago.
    pub fn pointing(value: u8, run: u8, back: usize) -> Proposal {
        let features = [logarithm(run.into()), logarithm(1), 1.0, near(back), 0.0, 0.0];
        Proposal { odds: vec![(value, 1.0)], features }
    }

    /// Of somebody who has seen `count` places with likenesses of `order` notes (of at most `orders`), `distinct` values among
    /// them.
    pub fn blended(odds: Vec<(u8, f32)>, order: usize, orders: usize, count: u32, distinct: u32) -> Proposal {
        let lead = odds.iter().map(|(_, odds)| *odds).fold(0.0, f32::max);
        let spread = distinct as f32 / count.max(1) as f32;
        let features = [order as f32 / orders as f32, logarithm(count), lead, spread, 0.0, 0.0];
        Proposal { odds, features }
    }

    /// Whether there is nothing proposed.
    pub fn is_silent(&self) -> bool {
        self.odds.is_empty()
    }

    /// The values with their odds, which sum to 1; values that are not named have none.
    pub fn odds(&self) -> &[(u8, f32)] {
        &self.odds
    }

    /// The odds of a value.
    pub fn odds_of(&self, value: u8) -> f32 {
        self.odds.iter().find(|(other, _)| *other == value).map_or(0.0, |(_, odds)| *odds)
    }

    /// The likeliest value; of equals the lowest.
    pub fn choice(&self) -> Option<u8> {
        let best = self.odds.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        best.map(|(value, _)| *value)
    }

    /// How long the likeness is, how often it occurred, how sure the choice is, how near (for a pointer) or how divided (for a
    /// blend), how well the witness did of late, and whether it agrees with the longest likeness.
    pub fn features(&self) -> &[f32; FEATURES] {
        &self.features
    }

    pub(super) fn judge(&mut self, success: f32, first: Option<u8>) {
        if !self.is_silent() {
            self.features[4] = success;
            self.features[5] = f32::from(u8::from(first.is_some() && self.choice() == first));
        }
    }
}

/// 0 for nothing, 1 for 32 and more.
fn logarithm(count: u32) -> f32 {
    ((count.min(32) as f32).ln_1p() / 33.0_f32.ln()).min(1.0)
}

/// 1 for the note before, less the farther.
fn near(back: usize) -> f32 {
    1.0 / (1.0 + (back as f32 / 8.0).ln_1p())
}
