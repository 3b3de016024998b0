//! Melodies as the house model hears them: at each note what the network is told, and what was right.

use generator::house::input::{self, Genre, Input};
use melody::memory::{Memory, Testimony, WITNESSES};
use melody::steps::{Aspect, Step, Word};
use melody::{Meter, Prompt, Ticks};

use crate::corpus::{Melody, Source};
use crate::dataset::Part;

/// The logarithm that stands for odds of zero.
pub const NEVER: f32 = -30.0;

/// One note of a melody, with what is known before it.
#[derive(Debug, Clone)]
pub struct Moment {
    /// What the body is told, without conditions.
    pub body: Input,
    /// What each head is told.
    pub heads: [Input; 3],
    /// What was right.
    pub word: Word,
    /// The logarithms of the odds that each witness gave to it.
    pub odds: [[f32; WITNESSES]; 3],
    /// Which witnesses had nothing to say, a bit for each.
    pub silent: [u16; 3],
    /// Bars after this one until the phrase ends.
    pub bars_to_go: u8,
    /// The bar that the note starts in, from 0.
    pub bar: u32,
    /// The bar that the note before ends in.
    pub bar_before: u32,
    /// How thick the notes of this bar and the next three are.
    pub density: u8,
}

/// A melody.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The collection that holds it.
    pub source: Source,
    /// The part of the data that its song belongs to.
    pub part: Part,
    /// Its notes.
    pub moments: Vec<Moment>,
}

impl Piece {
    /// Hears a melody; none where it has fewer than two notes.
    pub fn of(melody: &Melody) -> Option<Piece> {
        let steps = Step::of_prompt(&Prompt::of(&melody.phrase));
        let meter = melody.phrase.meter;
        let start = steps.first().filter(|_| steps.len() > 1)?.onset.floor_to(meter.bar());
        let ends = phrase_ends(&steps, meter);
        let mut memory = Memory::new(meter);
        let mut moments = Vec::with_capacity(steps.len());
        let bar_of = |time: Ticks| ((time - start).0 / meter.bar().0).max(0) as u32;
        for (place, step) in steps.iter().enumerate() {
            let body = input::body(memory.steps(), start, meter);
            let before = memory.steps().last().copied();
            let now = before.map_or(start, |before| before.end);
            let told = memory.hear(*step);
            let head = |aspect: Aspect| {
                input::head(aspect, &told[aspect as usize], before.as_ref(), &step.word, step.onset, meter)
            };
            // In the bar where a phrase ended nobody knows yet that it did: the next may come late.
            let ended = place.checked_sub(1).map(|before| ends[before].ceil_to(meter.bar()));
            let end = ended.filter(|ended| now < *ended).unwrap_or(ends[place].ceil_to(meter.bar()));
            let to_go = (end - now.floor_to(meter.bar())).0 / meter.bar().0 - 1;
            moments.push(Moment {
                body,
                heads: Aspect::ALL.map(head),
                word: step.word,
                odds: Aspect::ALL
                    .map(|aspect| logarithms(&told[aspect as usize], step.word[aspect as usize])),
                silent: std::array::from_fn(|aspect| silent(&told[aspect])),
                bars_to_go: to_go.clamp(0, 255) as u8,
                bar: bar_of(step.onset),
                bar_before: bar_of(now),
                density: density(&steps, now.floor_to(meter.bar()), meter),
            });
        }
        Some(Piece { source: melody.source, part: Part::of(&melody.song), moments })
    }

    /// Hears all melodies on so many threads, in their order.
    pub fn all(melodies: &[Melody], workers: usize) -> Vec<Piece> {
        let next = std::sync::atomic::AtomicUsize::new(0);
        let work = || {
            let mut heard = Vec::new();
            loop {
                let place = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(melody) = melodies.get(place) else { return heard };
                heard.extend(Piece::of(melody).map(|piece| (place, piece)));
            }
        };
        let mut all: Vec<(usize, Piece)> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..workers.max(1)).map(|_| scope.spawn(work)).collect();
            let join = |worker: std::thread::ScopedJoinHandle<'_, Vec<(usize, Piece)>>| match worker.join() {
                Ok(heard) => heard,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            workers.into_iter().flat_map(join).collect()
        });
        all.sort_by_key(|(place, _)| *place);
        all.into_iter().map(|(_, piece)| piece).collect()
    }

    /// The kind of music that its collection holds.
    pub fn genre(&self) -> Option<Genre> {
        genre(self.source)
    }
}

/// The kind of music that a collection holds, where it is of one kind.
pub fn genre(source: Source) -> Option<Genre> {
    match source {
        Source::Pop909 => Some(Genre::Pop),
        Source::Rs200 => Some(Genre::Rock),
        Source::WJazzD => Some(Genre::Jazz),
        Source::OpenEwld => Some(Genre::Standard),
        Source::Freedoom => Some(Genre::Game),
        Source::Lieder | Source::Quartets | Source::PianoMidi | Source::GiantMidi => Some(Genre::Classical),
        Source::OpenHymnal => Some(Genre::Hymn),
        Source::CreIrish | Source::RyansMammoth | Source::ONeills => Some(Genre::Folk),
        Source::Folder => None,
    }
}

/// For each note where its phrase ends: at the end of the melody, before half a bar of rest, or where the next note comes a bar
/// later or more.
fn phrase_ends(steps: &[Step], meter: Meter) -> Vec<Ticks> {
    let mut ends = vec![Ticks::ZERO; steps.len()];
    let mut end = Ticks::ZERO;
    for place in (0..steps.len()).rev() {
        let step = &steps[place];
        let closes = steps.get(place + 1).is_none_or(|next| {
            (next.onset - step.end) * 2 >= meter.bar() || next.onset - step.onset >= meter.bar()
        });
        if closes {
            // A note that is held over many bars closes where it starts.
            end = step.end.min(step.onset.ceil_to(meter.bar()) + meter.bar());
        }
        ends[place] = end;
    }
    ends
}

/// How thick the notes are in four bars from a bar line on, or in as many as there are.
fn density(steps: &[Step], from: Ticks, meter: Meter) -> u8 {
    let last = steps.last().map_or(from, |last| last.end.ceil_to(meter.bar()));
    let to = (from + meter.bar() * 4).min(last);
    let place = |time: Ticks| steps.partition_point(|step| step.onset < time);
    let quarters = (to - from).0 as f32 / Ticks::QUARTER.0 as f32;
    input::density((place(to) - place(from)) as f32 / quarters.max(1.0))
}

fn logarithms(testimony: &Testimony, value: u8) -> [f32; WITNESSES] {
    std::array::from_fn(|witness| testimony[witness].odds_of(value).ln().max(NEVER))
}

fn silent(testimony: &Testimony) -> u16 {
    let said = testimony.iter().enumerate().filter(|(_, said)| said.is_silent());
    said.fold(0, |bits, (witness, _)| bits | 1 << witness)
}

#[cfg(test)]
mod tests {
    use melody::{Phrase, Tempo, Token, tokens};

    use super::*;

    #[test]
    fn a_phrase_ends_before_a_breath_and_at_the_end() {
        let text = "C4:1.0 D4:1.0 E4:2.0 C4:1.0 R:3.0 G4:2.0 E4:2.0 C4:4.0";
        let tokens: Vec<Token> = text.split(' ').map(|token| token.parse().unwrap()).collect();
        let phrase = Phrase::new(tokens::decode(&tokens, Ticks::ZERO, |_| 80), Meter::COMMON, Tempo::DEFAULT);
        let melody = Melody { source: Source::OpenHymnal, song: "x".to_owned(), phrase, key: None };
        let piece = Piece::of(&melody).unwrap();
        let to_go: Vec<u8> = piece.moments.iter().map(|moment| moment.bars_to_go).collect();
        assert_eq!(to_go, [1, 1, 1, 0, 0, 1, 0]);
        assert_eq!(piece.moments.iter().map(|moment| moment.bar).collect::<Vec<_>>(), [0, 0, 0, 1, 2, 2, 3]);
        assert_eq!(piece.genre(), Some(Genre::Hymn));
    }
}
