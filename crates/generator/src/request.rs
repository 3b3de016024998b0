//! What is asked of a model: a task, a prompt and the knobs.

use std::fmt;
use std::str::FromStr;

use melody::{Chord, Key, Phrase, Pitch, Progression, Style};
use serde::{Deserialize, Serialize};

/// Something that a model can be asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// What comes next.
    Continue,
    /// Similar phrases.
    Vary,
    /// The way between two phrases.
    Morph,
    /// A melody from nothing, or from a chord.
    Fresh,
    /// Ranked next notes.
    Next,
    /// What stands in a gap.
    Fill,
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Task::Continue => "continue",
            Task::Vary => "vary",
            Task::Morph => "morph",
            Task::Fresh => "fresh",
            Task::Next => "next",
            Task::Fill => "fill",
        })
    }
}

/// A control that a model may honour; a card lists those that it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Knob {
    /// [`Request::temperature`].
    Temperature,
    /// [`Request::top_p`].
    TopP,
    /// [`Request::chord`].
    Chord,
    /// [`Request::key_lock`].
    KeyLock,
    /// [`Request::neighbourhood`].
    Neighbourhood,
    /// [`Request::style`].
    Style,
    /// [`Request::progression`].
    Progression,
    /// [`Request::density`].
    Density,
    /// [`Request::range`].
    Range,
    /// [`Request::kept_beats`].
    KeptBeats,
}

/// Which scale the answer must keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyLock {
    /// Any pitch may come.
    #[default]
    Off,
    /// The key heard in the prompt.
    Heard,
    /// This key.
    Fixed(Key),
}

/// Reads `off`, `heard` or a key such as `F# minor`.
impl FromStr for KeyLock {
    type Err = melody::key::ParseKeyError;

    fn from_str(text: &str) -> Result<KeyLock, Self::Err> {
        match text.trim().to_ascii_lowercase().as_str() {
            "off" => Ok(KeyLock::Off),
            "heard" => Ok(KeyLock::Heard),
            _ => text.parse().map(KeyLock::Fixed),
        }
    }
}

impl fmt::Display for KeyLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyLock::Off => f.write_str("off"),
            KeyLock::Heard => f.write_str("heard"),
            KeyLock::Fixed(key) => key.fmt(f),
        }
    }
}

/// One question to a model. The same request to the same model gives the same bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// What to do.
    pub task: Task,
    /// What was played; the answer starts at the bar line at or after its end.
    pub prompt: Phrase,
    /// The phrase that [`Task::Morph`] leads to, or what stands after the gap that [`Task::Fill`] fills, from the gap's
    /// end on; other tasks leave it aside.
    pub goal: Option<Phrase>,
    /// How far from the prompt [`Task::Vary`] looks: 0 gives what is nearest, 1 strays as far as phrases that have
    /// little in common. 0 to 1.
    pub neighbourhood: f32,
    /// Where [`Task::Vary`] looks on the map of a model that has one, counted from where the prompt lies; coordinates as in
    /// [`crate::vae::Vae::map`].
    pub shift: Option<[f32; 2]>,
    /// Beats from the start that [`Task::Vary`] leaves as they are.
    pub kept_beats: u32,
    /// Length of the answer in bars of the prompt's meter, 1 to 64.
    pub bars: u32,
    /// How daring: 0 always takes the likeliest note, 1 trusts the network's odds, 2 flattens them. 0 to 2.
    pub temperature: f32,
    /// Draw only from the likeliest notes that together have this probability. Above 0, up to 1.
    pub top_p: f32,
    /// The chord seed: the first bar leans towards this chord.
    pub chord: Option<Chord>,
    /// The chords of the answer bar by bar, as played, from its first bar line on; they begin again where the answer
    /// is longer. In the first bar [`Request::chord`] goes before it.
    pub progression: Option<Progression>,
    /// How much chord notes gain where a model is leaned towards a chord or a progression: 0 leaves it alone, 1 lets no
    /// other note begin on a beat. 0 to 1.
    pub chord_strength: f32,
    /// The style to play in, for models that know several; without it the model's own choice.
    pub style: Option<Style>,
    /// The scale to keep to.
    pub key_lock: KeyLock,
    /// How many notes a bar there are, in proportion to the prompt's: 1 as many, 2 twice as many; without it as many as
    /// the model likes. [`Request::DENSITIES`].
    pub density: Option<f32>,
    /// The lowest and the highest pitch that may come, as played.
    pub range: Option<(Pitch, Pitch)>,
    /// Where the dice start.
    pub seed: u64,
    /// How many candidates, 1 to 64.
    pub count: u32,
}

impl Request {
    /// The most bars that one answer may have.
    pub const MAX_BARS: u32 = 64;
    /// The most candidates of one request.
    pub const MAX_COUNT: u32 = 64;

    /// The sparsest and the densest that can be asked for, in proportion to the prompt.
    pub const DENSITIES: std::ops::RangeInclusive<f32> = 0.25..=4.0;

    /// The strength of chords where nobody chose another.
    pub const CHORD_STRENGTH: f32 = 0.5;

    /// A request to continue with all knobs where a newcomer finds them: 8 bars, temperature 0.9, top-p 0.95.
    pub fn to_continue(prompt: Phrase) -> Request {
        Request {
            task: Task::Continue,
            prompt,
            goal: None,
            neighbourhood: 0.0,
            shift: None,
            kept_beats: 0,
            bars: 8,
            temperature: 0.9,
            top_p: 0.95,
            chord: None,
            progression: None,
            chord_strength: Self::CHORD_STRENGTH,
            style: None,
            key_lock: KeyLock::Off,
            density: None,
            range: None,
            seed: 0,
            count: 1,
        }
    }

    /// Refuses what no model can answer.
    ///
    /// # Errors
    /// [`RequestError`] names the control and its range.
    pub fn check(&self) -> Result<(), RequestError> {
        if !(1..=Self::MAX_BARS).contains(&self.bars) {
            return Err(RequestError::Bars(self.bars));
        }
        if !(1..=Self::MAX_COUNT).contains(&self.count) {
            return Err(RequestError::Count(self.count));
        }
        if !(0.0..=2.0).contains(&self.temperature) {
            return Err(RequestError::Temperature(self.temperature));
        }
        if !(self.top_p > 0.0 && self.top_p <= 1.0) {
            return Err(RequestError::TopP(self.top_p));
        }
        if !(0.0..=1.0).contains(&self.neighbourhood) {
            return Err(RequestError::Neighbourhood(self.neighbourhood));
        }
        if let Some(shift) = self.shift.filter(|shift| shift.iter().any(|part| !(-2.0..=2.0).contains(part)))
        {
            return Err(RequestError::Shift(shift));
        }
        if !(0.0..=1.0).contains(&self.chord_strength) {
            return Err(RequestError::ChordStrength(self.chord_strength));
        }
        if let Some(density) = self.density.filter(|density| !Self::DENSITIES.contains(density)) {
            return Err(RequestError::Density(density));
        }
        if let Some((lowest, highest)) = self.range.filter(|(lowest, highest)| lowest > highest) {
            return Err(RequestError::Range(lowest, highest));
        }
        Ok(())
    }
}

/// A request that no model can answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RequestError {
    /// Too few or too many bars.
    #[error("bars is {0}; choose from 1 to {max}", max = Request::MAX_BARS)]
    Bars(u32),
    /// Too few or too many candidates.
    #[error("count is {0}; choose from 1 to {max}", max = Request::MAX_COUNT)]
    Count(u32),
    /// No usable temperature.
    #[error("temperature is {0}; choose from 0 (always the likeliest note) to 2 (wild)")]
    Temperature(f32),
    /// No usable share.
    #[error("top-p is {0}; choose above 0 and up to 1 (all notes)")]
    TopP(f32),
    /// No usable distance.
    #[error("neighbourhood is {0}; choose from 0 (the nearest phrases) to 1 (far ones)")]
    Neighbourhood(f32),
    /// A place off the map.
    #[error("the place on the map lies {0:?} from what was played; choose one on the map")]
    Shift([f32; 2]),
    /// No usable strength.
    #[error(
        "chord strength is {0}; choose from 0 (chords are left aside) to 1 (nothing but chord notes on the beats)"
    )]
    ChordStrength(f32),
    /// No usable density.
    #[error(
        "density is {0}; choose from {min} (a quarter as many notes as were played) to {max}",
        min = Request::DENSITIES.start(),
        max = Request::DENSITIES.end()
    )]
    Density(f32),
    /// A range that holds nothing.
    #[error("the range goes from {0} down to {1}; choose the lower pitch first")]
    Range(Pitch, Pitch),
    /// A gap has two sides.
    #[error("nothing stands after the gap; choose what follows it, or continue instead")]
    NothingAfter,
    /// A way needs two ends.
    #[error("there is only one phrase; a morph leads from one to another: choose a second one")]
    NoGoal,
    /// Silence has no relatives.
    #[error("there is no note in the phrase: play something, or choose a file with notes")]
    EmptyPrompt,
    /// The model needs more to go on.
    #[error(
        "the prompt has {}, and this model needs at least {needed}: play a little more, then continue",
        if *heard == 1 { "1 note".to_owned() } else { format!("{heard} notes") }
    )]
    ShortPrompt {
        /// Notes in the prompt.
        heard: usize,
        /// Notes that the model looks at.
        needed: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senseless_knobs_are_refused_by_name() {
        let good = Request::to_continue(Phrase::default());
        assert_eq!(good.check(), Ok(()));
        for (bad, name) in [
            (Request { bars: 0, ..good.clone() }, "bars"),
            (Request { bars: 65, ..good.clone() }, "bars"),
            (Request { count: 0, ..good.clone() }, "count"),
            (Request { temperature: f32::NAN, ..good.clone() }, "temperature"),
            (Request { temperature: -0.1, ..good.clone() }, "temperature"),
            (Request { top_p: 0.0, ..good.clone() }, "top-p"),
            (Request { top_p: 1.1, ..good.clone() }, "top-p"),
            (Request { neighbourhood: 1.1, ..good.clone() }, "neighbourhood"),
            (Request { shift: Some([0.0, f32::NAN]), ..good.clone() }, "the place"),
            (Request { chord_strength: -0.1, ..good.clone() }, "chord strength"),
            (Request { chord_strength: f32::NAN, ..good.clone() }, "chord strength"),
            (Request { density: Some(0.0), ..good.clone() }, "density"),
            (Request { range: Some((Pitch::MIDDLE_C, Pitch::folded(59))), ..good.clone() }, "the range"),
        ] {
            assert!(bad.check().unwrap_err().to_string().starts_with(name));
        }
    }

    #[test]
    fn key_locks_are_read_as_they_are_written() {
        for text in ["off", "heard", "F# minor", "C major"] {
            assert_eq!(text.parse::<KeyLock>().unwrap().to_string(), text);
        }
        assert!("sideways".parse::<KeyLock>().is_err());
    }
}
