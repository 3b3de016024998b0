//! Playing with a network that speaks in words: pitch by pitch, each with its length, velocity and gap.

use melody::tones::Tone;
use melody::{Style, Ticks, Token};

use super::stage::Stage;
use super::walk::Walk;
use super::wishes::Wishes;
use super::words::{self, GAPS, LENGTHS, Told, VELOCITIES, Word};
use super::{Answer, NOISE, Performer};
use crate::Cancel;
use crate::sampling::{self, Dice};

/// The most notes that start together, those of a chord that was asked for not counted.
const MOST_AT_ONCE: usize = 8;
/// The noise in its middle.
const CALM: [f32; NOISE] = [0.5; NOISE];
/// The shortest length of the notes of a chord that an answer starts from, in ticks.
const SHORTEST_OF_CHORD: i64 = 480;

/// Plays an answer.
///
/// # Errors
/// What tract says where the network does not run.
pub(super) fn play(
    performer: &Performer,
    stage: &Stage<'_>,
    seed: u64,
    cancel: &Cancel,
) -> Result<Answer, String> {
    let mut player = Player::seated(performer, stage, seed)?;
    player.hear()?;
    while player.onset < stage.length {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        player.note()?;
    }
    Ok(Some((player.played, player.probabilities)))
}

/// An answer under way.
struct Player<'a> {
    walk: Walk<'a>,
    stage: &'a Stage<'a>,
    wishes: Wishes<'a>,
    /// The noise's, and those of the choices: apart, so that no knob changes the noise.
    dice: (Dice, Dice),
    order: Vec<(f32, usize)>,
    before: Option<Word>,
    gap: usize,
    /// Where the next note starts, in ticks from the answer's first bar line.
    onset: Ticks,
    /// Notes at the latest onset.
    at_once: usize,
    /// The length of the chord's notes, when its first has been played.
    chord_length: Option<usize>,
    played: Vec<(Ticks, Tone)>,
    probabilities: Vec<f32>,
}

impl<'a> Player<'a> {
    fn seated(performer: &'a Performer, stage: &'a Stage<'a>, seed: u64) -> Result<Player<'a>, String> {
        Ok(Player {
            walk: Walk::begin(performer)?,
            stage,
            wishes: stage.wishes(),
            dice: (Dice::new(seed), Dice::new(!seed)),
            order: Vec::new(),
            before: None,
            gap: 0,
            onset: Ticks::ZERO,
            at_once: 0,
            chord_length: None,
            played: Vec::new(),
            probabilities: Vec::new(),
        })
    }

    /// Tells the network what was played, and finds when the answer's first note comes: at the bar line with a chord,
    /// else within a beat of it.
    fn hear(&mut self) -> Result<(), String> {
        let Some((last, _)) = self.stage.before.last().copied() else { return Ok(()) };
        let stage = self.stage;
        for (onset, tone) in &stage.before {
            let word = Word::of(tone, *onset, stage.bar());
            self.tell(word.gap, word.place)?;
            self.before = Some(word);
        }
        let wait = stage.start - last;
        let fits = |gap: usize| (wait.0..=(wait + stage.beat()).0).contains(&GAPS[gap]);
        if !stage.chord.is_empty() || !(0..GAPS.len()).any(fits) {
            self.gap = words::gap(wait);
            return Ok(());
        }
        let mut scores = Part::Gap.of(&self.given()).to_vec();
        forbid(&mut scores, fits);
        self.gap = self.draw(&scores);
        self.onset = Ticks(GAPS[self.gap]) - wait;
        Ok(())
    }

    /// Plays the next note, and finds when the one after it comes.
    fn note(&mut self) -> Result<(), String> {
        let stage = self.stage;
        self.tell(self.gap, words::place(self.onset, stage.bar()))?;
        let number = self.played.len();
        let asked = stage.chord.get(number).map(|pitch| words::key(*pitch));
        let pitch = match asked {
            Some(key) => key,
            None => self.choose_pitch(),
        };
        let mut odds = self.walk.pitches.clone();
        sampling::softmax(&mut odds);
        let mut word = Word { pitch, length: 0, velocity: 0, gap: self.gap, place: 0 };
        self.before = Some(word);
        let given = self.given();
        let (length, sure) = self.choose_length(&given, asked.is_some());
        (word.length, word.velocity) = (length, self.draw(Part::Velocity.of(&given)));
        self.before = Some(word);
        self.played.push((self.onset, word.tone()));
        self.probabilities.push(odds[pitch] * sure);
        self.at_once += 1;
        self.gap = if number + 1 < stage.chord.len() { 0 } else { self.choose_gap(&given, pitch) };
        if self.gap > 0 {
            self.at_once = 0;
        }
        self.onset += Ticks(GAPS[self.gap]);
        Ok(())
    }

    fn tell(&mut self, gap: usize, place: usize) -> Result<(), String> {
        let noise = std::array::from_fn(|_| self.dice.0.throw() as f32);
        self.walk.tell(&Told { before: self.before, gap, place, style: self.stage.style }, &noise)
    }

    fn choose_pitch(&mut self) -> usize {
        let mut scores = std::mem::take(&mut self.walk.pitches);
        let own = scores.clone();
        let above = self.before.filter(|_| self.at_once > 0).map(|word| word.pitch);
        self.wishes.lean(self.onset, above, &mut scores);
        let pitch = self.draw(&scores);
        self.walk.pitches = own;
        pitch
    }

    /// A length with the probability that the network gives it; the notes of a chord that was asked for end together.
    fn choose_length(&mut self, given: &[f32], of_chord: bool) -> (usize, f32) {
        let mut scores = Part::Length.of(given).to_vec();
        let mut odds = scores.clone();
        sampling::softmax(&mut odds);
        if of_chord {
            forbid(&mut scores, |length| LENGTHS[length] >= SHORTEST_OF_CHORD);
        }
        let length = match self.chord_length.filter(|_| of_chord) {
            Some(length) => length,
            None => self.draw(&scores),
        };
        self.chord_length = self.chord_length.or(of_chord.then_some(length));
        (length, odds[length])
    }

    fn choose_gap(&mut self, given: &[f32], pitch: usize) -> usize {
        let mut scores = Part::Gap.of(given).to_vec();
        let beyond = self.at_once >= MOST_AT_ONCE + self.stage.chord.len();
        if beyond || !self.wishes.has_room_above(self.onset, pitch) {
            forbid(&mut scores, |gap| gap > 0);
        }
        self.draw(&scores)
    }

    /// The scores of what is given the latest pitch.
    fn given(&self) -> Vec<f32> {
        self.walk.given(self.before.map_or(0, |word| word.pitch))
    }

    fn draw(&mut self, scores: &[f32]) -> usize {
        let request = self.stage.request;
        sampling::draw(scores, request.temperature, request.top_p, &mut self.dice.1, &mut self.order)
    }
}

/// What is chosen when the pitch is known.
#[derive(Debug, Clone, Copy)]
enum Part {
    Length,
    Velocity,
    Gap,
}

impl Part {
    fn of(self, given: &[f32]) -> &[f32] {
        match self {
            Part::Length => &given[..LENGTHS.len()],
            Part::Velocity => &given[LENGTHS.len()..][..VELOCITIES],
            Part::Gap => &given[LENGTHS.len() + VELOCITIES..],
        }
    }
}

fn forbid(scores: &mut [f32], allowed: impl Fn(usize) -> bool) {
    for (index, score) in scores.iter_mut().enumerate() {
        if !allowed(index) {
            *score = f32::NEG_INFINITY;
        }
    }
}

/// The likeliest first notes, each with the least lead of its choices.
pub(super) fn likeliest(performer: &Performer, count: usize) -> Result<Vec<(Token, f32)>, String> {
    let mut walk = Walk::begin(performer)?;
    let (mut before, mut gap, mut onset): (Option<Word>, usize, Ticks) = (None, 0, Ticks::ZERO);
    let bar = Ticks::quarters(4);
    let mut notes = Vec::with_capacity(count);
    for _ in 0..count {
        walk.tell(&Told { before, gap, place: words::place(onset, bar), style: Style::Pop }, &CALM)?;
        let mut pitches = walk.pitches.clone();
        if let Some(word) = before.filter(|_| gap == 0) {
            forbid(&mut pitches, |key| key > word.pitch);
        }
        let (pitch, lead) = highest(&pitches);
        let given = walk.given(pitch);
        let [length, velocity, next] =
            [Part::Length, Part::Velocity, Part::Gap].map(|part| highest(part.of(&given)));
        let word = Word { pitch, length: length.0, velocity: velocity.0, gap, place: 0 };
        let tone = word.tone();
        let lead = lead.min(length.1).min(velocity.1).min(next.1);
        notes.push((Token::note(tone.pitch, tone.length), lead));
        before = Some(word);
        // Nothing lies above the highest key.
        gap = if pitch + 1 == words::PITCHES { next.0.max(1) } else { next.0 };
        onset += Ticks(GAPS[gap]);
    }
    Ok(notes)
}

/// The place of the highest score, with its lead over the next; an infinite one where there is no other.
fn highest(scores: &[f32]) -> (usize, f32) {
    let first =
        (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a))).unwrap_or(0);
    let others = scores.iter().enumerate().filter(|(place, _)| *place != first).map(|(_, score)| *score);
    (first, scores.get(first).map_or(0.0, |best| best - others.fold(f32::NEG_INFINITY, f32::max)))
}

/// See [`Performer::teacher_forced`].
pub(super) fn teacher_forced(performer: &Performer, line: &[Word], style: Style) -> Result<Vec<f32>, String> {
    let mut walk = Walk::begin(performer)?;
    let (mut before, mut scores) = (None, Vec::new());
    for word in line {
        walk.tell(&Told { before, gap: word.gap, place: word.place, style }, &CALM)?;
        scores.extend_from_slice(&walk.pitches);
        scores.extend(walk.given(word.pitch));
        before = Some(*word);
    }
    Ok(scores)
}
