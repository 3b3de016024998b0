//! The Biaxial LSTM at play (Johnson, 2015; paper B): sixteenth by sixteenth, key by key, each played, struck or silent.
//!
//! Two graphs. Along time, for all 78 keys with the same weights: `seen [78, 82]` ([`keys::features`]) and the states
//! `h0`, `c0`, `h1`, `c1` (`[78, 64]`) to `gates [78, 128]` and the next states. Along pitch, one key after another from
//! the lowest: `gates [1, 128]`, `below [1, 2]` (whether the key below is played, and struck), `h0`, `c0` (`[1, 32]`) and
//! `h1`, `c1` (`[1, 16]`) to `scores [1, 2]` (log odds of being played, and of being struck if it is played) and the next
//! states.
//!
//! The second graph is so small that tract takes longer to run it than the sums take: where it is built as the trainer
//! builds it, it is worked out in place ([`pitch`]), after both ways have been seen to agree.
//!
//! The original gives no velocities: notes are struck as the player accents the bar, and by the meter where nothing was
//! played.

use melody::roll::{Roll, Step};
use melody::{Home, Pitch, Prompt, Ticks, Token, grid};

use crate::inference::{Holds, Input, Network};
use crate::pack::{self, Card, Pack, PackError};
use crate::request::{Request, Task};
use crate::sampling::Dice;
use crate::{Cancel, Candidate, GenerateError, Generator, tonality};

pub mod keys;
mod pitch;
mod walk;
mod wishes;

use keys::{BAR, FEATURES, Harmony, KEYS};
use pitch::Layers;
use walk::{Odds, Walk};
use wishes::Wishes;

/// Width of the states of both layers along time.
pub const TIME: usize = 64;
/// Widths of the states of the two layers along pitch.
pub const PITCH: [usize; 2] = [32, 16];
/// The most sixteenths of a prompt that are heard, the latest ones: eight bars.
const HEARD: usize = 8 * BAR;
/// The temperature at which keys sound as often as was taught: where the knob stands when nobody has touched it.
const TAUGHT: f32 = 0.9;
/// How near what is worked out must come to what the graph says, in nats.
const NEAR: f32 = 1e-3;
/// The longest answer that a canary may have, in keys.
const LONGEST_CANARY: usize = 16;

/// A model of keys, ready to answer.
pub struct Biaxial {
    card: Card,
    along_time: Network,
    along_pitch: Network,
    /// The graph along pitch, worked out in place where it can be.
    worked: Option<Layers>,
}

impl Biaxial {
    /// Loads the model of a pack and asks it the card's canary: the keys that are likeliest to sound a beat after the
    /// chord of the canary's prompt.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn open(pack: &Pack) -> Result<Biaxial, PackError> {
        let model = Biaxial::load(pack)?;
        model.ask_canary()?;
        Ok(model)
    }

    /// Loads the model of a pack that has no canary yet, to find one.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn load(pack: &Pack) -> Result<Biaxial, PackError> {
        let card = pack.card.clone();
        let refuse = |file: &str| {
            let (id, file) = (card.id.clone(), file.to_owned());
            move |reason| PackError::Network { id, file, reason }
        };
        let along_time: [Input<'_>; 5] = [
            ("seen", Holds::Numbers, &[KEYS, FEATURES]),
            ("h0", Holds::Numbers, &[KEYS, TIME]),
            ("c0", Holds::Numbers, &[KEYS, TIME]),
            ("h1", Holds::Numbers, &[KEYS, TIME]),
            ("c1", Holds::Numbers, &[KEYS, TIME]),
        ];
        let along_pitch: [Input<'_>; 6] = [
            ("gates", Holds::Numbers, &[1, 4 * PITCH[0]]),
            ("below", Holds::Numbers, &[1, 2]),
            ("h0", Holds::Numbers, &[1, PITCH[0]]),
            ("c0", Holds::Numbers, &[1, PITCH[0]]),
            ("h1", Holds::Numbers, &[1, PITCH[1]]),
            ("c1", Holds::Numbers, &[1, PITCH[1]]),
        ];
        let along_time =
            Network::load(pack.file(pack::ENCODER)?, &along_time).map_err(refuse(pack::ENCODER))?;
        let along_pitch =
            Network::load(pack.file(pack::DECODER)?, &along_pitch).map_err(refuse(pack::DECODER))?;
        let mut model = Biaxial { card: card.clone(), along_time, along_pitch, worked: None };
        let graphs = model.probe(None).map_err(refuse(pack::DECODER))?;
        if let Some(pitch) = Layers::of(pack.file(pack::DECODER)?) {
            let worked = model.probe(Some(&pitch)).map_err(refuse(pack::DECODER))?;
            let near = graphs.iter().zip(&worked).all(|(graph, worked)| (graph - worked).abs() < NEAR);
            model.worked = near.then_some(pitch);
        }
        Ok(model)
    }

    /// What the layers along pitch say of all keys after a chord, by the graph or worked out in place.
    fn probe(&self, pitch: Option<&Layers>) -> Result<Vec<f32>, String> {
        let mut walk = Walk::with(self, pitch)?;
        let mut said = Vec::with_capacity(4 * KEYS);
        for place in 0..2 {
            walk.play(place, None, &mut |pitch, odds| {
                said.extend([odds.played, odds.struck]);
                [60, 64, 67].contains(&pitch.number()).then_some(place == 0)
            })?;
        }
        Ok(said)
    }

    /// The keys by how likely they are to sound a beat after a chord was struck and held, the likeliest first, each with
    /// its lead over the next in nats. Pitches are at home, in C major or A minor.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn likeliest(&self, chord: &[Token]) -> Result<Vec<(Token, f32)>, String> {
        let mut walk = Walk::begin(self)?;
        let (mut struck, mut held) = (Step::default(), Step::default());
        chord.iter().filter_map(|token| token.pitch).for_each(|pitch| {
            struck.strike(pitch);
            held.hold(pitch);
        });
        for (place, step) in [struck, held, held, held].into_iter().enumerate() {
            walk.hear(keys::folded(&step), place, None)?;
        }
        let mut odds = Vec::with_capacity(KEYS);
        walk.play(4, None, &mut |pitch, said| {
            odds.push((said.played, pitch));
            None
        })?;
        odds.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let token = |pair: &[(f32, Pitch)]| (Token::note(pair[0].1, Ticks::SIXTEENTH), pair[0].0 - pair[1].0);
        Ok(odds.windows(2).map(token).collect())
    }

    /// The log odds of each key at each step of a roll at home, given the steps before and the keys below: of being
    /// played, and of being struck if it is. `chords` are those of the steps.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn teacher_forced(&self, roll: &Roll, chords: &[Option<Harmony>]) -> Result<Vec<[f32; 2]>, String> {
        let mut walk = Walk::begin(self)?;
        let mut all = Vec::new();
        for (place, step) in roll.steps().iter().enumerate() {
            let chord = chords.get(place).copied().flatten();
            walk.play(place, chord, &mut |pitch, said| {
                all.push([said.played, said.struck]);
                step.sounds(pitch).then(|| step.strikes(pitch))
            })?;
        }
        Ok(all)
    }

    fn ask_canary(&self) -> Result<(), PackError> {
        let id = || self.card.id.clone();
        let sane = |canary: &&pack::Canary| (1..=LONGEST_CANARY).contains(&canary.answer.len());
        let Some(canary) = self.card.canary.as_ref().filter(sane) else {
            let reason =
                "its canary is not 1 to 16 keys after a chord, so nobody can tell whether the model works";
            return Err(PackError::Card(reason.to_owned()));
        };
        let refuse = |reason| PackError::Network { id: id(), file: pack::DECODER.to_owned(), reason };
        let found = self.likeliest(&canary.prompt).map_err(refuse)?;
        canary.hear(&self.card.id, found.into_iter().map(|(token, _)| token))
    }

    fn candidate(
        &self,
        request: &Request,
        prompt: &Prompt,
        seed: u64,
        cancel: &Cancel,
    ) -> Result<Candidate, GenerateError> {
        let fail = |reason| GenerateError::Network { model: self.card.name.clone(), reason };
        let home = nearest(&prompt.home);
        let mut walk = Walk::begin(self).map_err(fail)?;
        if request.task == Task::Continue {
            walk.hear_all(&heard(request, &home), cancel).map_err(fail)?;
        }
        let mut dice = Dice::new(seed);
        let bar = prompt.meter.bar();
        let length = bar * i64::from(request.bars);
        let (mut steps, mut probabilities) = (Vec::new(), Vec::new());
        let mut wishes = Wishes::of(request, home);
        while Step::LENGTH * (steps.len() as i64) < length {
            if cancel.is_cancelled() {
                return Err(GenerateError::Cancelled);
            }
            let time = Step::LENGTH * steps.len() as i64;
            let place = usize::try_from(time.0 % bar.0 / Step::LENGTH.0).unwrap_or(0);
            let chord = wishes.chord(time);
            let forced = wishes.opening(time);
            wishes.prepare(time, chord);
            let step = loop {
                let kept = probabilities.len();
                let before = walk.before();
                let step = walk
                    .play(place, chord, &mut |pitch, odds| {
                        let own = odds.probability(before.sounds(pitch));
                        let struck = match &forced {
                            Some(opening) => opening.strikes(pitch).then_some(true),
                            None => draw(wishes.lean(pitch, odds), request, before.sounds(pitch), &mut dice),
                        };
                        probabilities.extend((struck == Some(true)).then_some(own));
                        struck
                    })
                    .map_err(fail)?;
                if !wishes.asks_again(&step, time) {
                    break step;
                }
                probabilities.truncate(kept);
                walk.back();
            };
            wishes.note(&step);
            steps.push(step);
        }
        let accents = tonality::accents(request, prompt);
        let mut notes = Roll::new(steps).notes(|onset| accents.velocity_at(onset));
        notes.iter_mut().for_each(|note| note.length = note.length.min(length - note.onset));
        let phrase = tonality::played(notes, prompt, &home).lasting(length);
        Ok(Candidate { phrase, seed, probabilities, ..Candidate::default() })
    }
}

impl Generator for Biaxial {
    fn card(&self) -> &Card {
        &self.card
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        crate::check(&self.card, request, &[Task::Fresh, Task::Continue])?;
        let prompt = tonality::prompt(request);
        let seeds = (0..request.count).map(|number| request.seed.wrapping_add(u64::from(number)));
        seeds.map(|seed| self.candidate(request, &prompt, seed, cancel)).collect()
    }
}

/// The same home without a change of octave: the model knows the keys where they lie.
fn nearest(home: &Home) -> Home {
    Home { shift: (home.shift + 6).rem_euclid(12) - 6, ..*home }
}

/// What was played, all its voices, as the last steps before the answer's bar line.
fn heard(request: &Request, home: &Home) -> Vec<(usize, Step)> {
    let phrase = grid::quantise(&request.prompt);
    let phrase = home.enter(&phrase.clone().lasting(phrase.whole_bars()));
    let bar = usize::try_from(phrase.meter.bar().0 / Step::LENGTH.0).unwrap_or(BAR).max(1);
    let roll = Roll::of(&phrase);
    let from = roll.steps().len().saturating_sub(HEARD);
    roll.steps().iter().enumerate().skip(from).map(|(at, step)| (at % bar, keys::folded(step))).collect()
}

/// Whether a key is played, and then whether it is struck: always two throws, so that one key's luck is not another's.
/// A key that is less probable than top-p lets through is silent: of 78 improbable keys there is always one that sounds.
fn draw(odds: Odds, request: &Request, sounds: bool, dice: &mut Dice) -> Option<bool> {
    let temperature = request.temperature / TAUGHT;
    let improbable = 1.0 - request.top_p;
    let mut happens = |odds: f32, least: f32| {
        let (throw, probability) = (dice.throw(), walk::probability(odds / temperature));
        let possible = probability >= least;
        if temperature > 0.0 { possible && throw < f64::from(probability) } else { odds > 0.0 }
    };
    let (played, struck) = (happens(odds.played, improbable), happens(odds.struck, 0.0));
    played.then_some(struck || !sounds)
}

#[cfg(test)]
mod tests;
