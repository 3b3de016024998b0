//! The answer that plays and the one that waits for its beat.

use std::sync::atomic::Ordering;

use melody::Ticks;

use super::clock::{Clock, Span};
use crate::crossing::{Answer, MAX_NOTES, Scheduled, Signals, Start};

/// The answers of one instance: one sounds, one waits.
#[derive(Debug)]
pub struct Player {
    current: Part,
    /// When the current answer began, in ticks; `None` when none plays.
    began: Option<Ticks>,
    waiting: Part,
    stage: Stage,
}

/// The notes of an answer and how far they have been played.
#[derive(Debug)]
struct Part {
    notes: Vec<Scheduled>,
    played: usize,
    length: Ticks,
}

/// How far the waiting answer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// There is none.
    Empty,
    /// Its notes arrive; `stale` ones are thrown away.
    Arriving { stale: bool },
    /// It is complete and will begin at this time.
    Ready { begins: Ticks },
}

impl Part {
    fn new() -> Part {
        Part { notes: Vec::with_capacity(MAX_NOTES), played: 0, length: Ticks::ZERO }
    }

    fn clear(&mut self) {
        self.notes.clear();
        self.played = 0;
    }
}

/// A player with nothing to play, which will never allocate again. `[main-thread]`
impl Default for Player {
    fn default() -> Player {
        Player { current: Part::new(), began: None, waiting: Part::new(), stage: Stage::Empty }
    }
}

impl Player {
    /// Whether an answer plays or waits. `[audio-thread]`
    pub fn is_busy(&self) -> bool {
        self.began.is_some() || self.stage != Stage::Empty
    }

    /// When the current answer began. `[audio-thread]`
    pub fn began(&self) -> Option<Ticks> {
        self.began
    }

    /// Takes one message from the worker; an answer that is complete begins at `start` from the time `ready` (in
    /// ticks) on. Returns whether what sounds must end. `[audio-thread]`
    pub fn receive(
        &mut self,
        message: Answer,
        signals: &Signals,
        clock: &Clock,
        start: Start,
        ready: f64,
    ) -> bool {
        match message {
            Answer::Begin { generation } => {
                self.waiting.clear();
                let newest = signals.generation.load(Ordering::Acquire);
                self.stage = Stage::Arriving { stale: generation != newest };
            }
            Answer::Note(note) if self.stage == (Stage::Arriving { stale: false }) => {
                if self.waiting.notes.len() < MAX_NOTES {
                    self.waiting.notes.push(note);
                }
            }
            Answer::Note(_) => {}
            Answer::End { length } if self.stage == (Stage::Arriving { stale: false }) => {
                self.waiting.length = length;
                self.stage = Stage::Ready { begins: clock.begin(start, ready) };
            }
            Answer::End { .. } => self.stage = Stage::Empty,
            Answer::Silence | Answer::Forget => {
                self.stop();
                return true;
            }
        }
        false
    }

    /// Ends the current answer and drops the waiting one. The sounding notes are the ledger's. `[audio-thread]`
    pub fn stop(&mut self) {
        self.end_current();
        self.stage = match self.stage {
            Stage::Arriving { .. } => Stage::Arriving { stale: true },
            Stage::Empty | Stage::Ready { .. } => Stage::Empty,
        };
        self.waiting.clear();
    }

    /// Ends the current answer; a waiting one begins by its rule, counted from this time (in ticks).
    /// `[audio-thread]`
    pub fn restart(&mut self, clock: &Clock, start: Start, now: f64) {
        self.end_current();
        match &mut self.stage {
            Stage::Ready { begins } => *begins = clock.begin(start, now),
            Stage::Arriving { stale } => *stale = true,
            Stage::Empty => {}
        }
    }

    /// Follows a loop from its end to its start, which lies `by` ticks away: what is left of the current answer goes on
    /// there, and a waiting one begins by its rule. `[audio-thread]`
    pub fn wrap(&mut self, by: Ticks, clock: &Clock, start: Start, now: f64) {
        self.began = self.began.map(|began| began + by);
        if let Stage::Ready { begins } = &mut self.stage {
            *begins = clock.begin(start, now);
        }
    }

    fn end_current(&mut self) {
        self.current.clear();
        self.began = None;
    }

    /// The sample of this block at which the waiting answer begins. `[audio-thread]`
    pub fn next_change(&self, span: &Span) -> Option<u32> {
        match self.stage {
            Stage::Ready { begins } => Some(span.sample_of(begins)),
            Stage::Empty | Stage::Arriving { .. } => None,
        }
    }

    /// Makes the waiting answer the current one. `[audio-thread]`
    pub fn change(&mut self) {
        if let Stage::Ready { begins } = self.stage {
            std::mem::swap(&mut self.current, &mut self.waiting);
            self.waiting.clear();
            self.began = Some(begins);
            self.stage = Stage::Empty;
        }
    }

    /// The sample of this block at which the next note begins. `[audio-thread]`
    pub fn next_note(&self, span: &Span) -> Option<u32> {
        let note = self.current.notes.get(self.current.played)?;
        Some(span.sample_of(self.began? + note.onset))
    }

    /// Takes the next note, with its start and its end as times on the clock: a 64th note apart at the least.
    /// `[audio-thread]`
    pub fn take_note(&mut self) -> Option<(Scheduled, Ticks, Ticks)> {
        let note = *self.current.notes.get(self.current.played)?;
        let onset = self.began? + note.onset;
        self.current.played += 1;
        Some((note, onset, onset + note.length.max(Ticks::SIXTY_FOURTH)))
    }

    /// Forgets the current answer when its last bar is over. `[audio-thread]`
    pub fn end_block(&mut self, now: f64) {
        let over = |began: Ticks| now >= (began + self.current.length).0 as f64;
        if self.current.played == self.current.notes.len() && self.began.is_some_and(over) {
            self.end_current();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::clock::Reported;

    fn note(onset: i64, key: u8) -> Scheduled {
        Scheduled { onset: Ticks(onset), length: Ticks(0), channel: 0, key, velocity: 90 }
    }

    fn send(player: &mut Player, signals: &Signals, generation: u64) {
        let clock = Clock::default();
        for message in [
            Answer::Begin { generation },
            Answer::Note(note(0, 60)),
            Answer::Note(note(960, 62)),
            Answer::End { length: Ticks(3840) },
        ] {
            assert!(!player.receive(message, signals, &clock, Start::NextBar, 10.0));
        }
    }

    #[test]
    fn an_answer_waits_for_its_bar_then_plays_in_order() {
        let (mut player, signals) = (Player::default(), Signals::default());
        send(&mut player, &signals, 0);
        let span = Span { start: 3800.0, per_sample: 1.0, frames: 100, left: 3800.0 };
        assert_eq!(player.next_change(&span), Some(40));
        assert_eq!(player.next_note(&span), None);
        player.change();
        assert_eq!(player.next_note(&span), Some(40));
        let (first, start, end) = player.take_note().unwrap();
        assert_eq!((first.key, start, end), (60, Ticks(3840), Ticks(3840 + 60)));
        assert_eq!(player.next_note(&span), Some(1000));
        player.end_block(3900.0);
        assert!(player.is_busy());
        player.take_note();
        player.end_block(7680.0);
        assert!(!player.is_busy());
    }

    #[test]
    fn a_stale_answer_is_dropped_whole() {
        let (mut player, signals) = (Player::default(), Signals::default());
        signals.begin_generation();
        send(&mut player, &signals, 0);
        assert!(!player.is_busy());
    }

    #[test]
    fn an_answer_that_is_cut_off_while_it_arrives_is_dropped() {
        let (mut player, signals, clock) = (Player::default(), Signals::default(), Clock::default());
        player.receive(Answer::Begin { generation: 0 }, &signals, &clock, Start::Now, 0.0);
        player.stop();
        player.receive(Answer::Note(note(0, 60)), &signals, &clock, Start::Now, 0.0);
        player.receive(Answer::End { length: Ticks(3840) }, &signals, &clock, Start::Now, 0.0);
        assert!(!player.is_busy());
    }

    #[test]
    fn a_waiting_answer_comes_in_with_the_song() {
        let (mut player, signals) = (Player::default(), Signals::default());
        send(&mut player, &signals, 0);
        let mut clock = Clock::default();
        let started = Reported { playing: true, position: Some(1.0), ..Reported::default() };
        let (span, _) = clock.advance(&started, 64);
        player.restart(&clock, Start::NextBeat, span.start);
        assert_eq!(player.next_change(&span), Some(0));
    }

    #[test]
    fn an_answer_goes_on_through_the_passes_of_a_loop() {
        let (mut player, signals) = (Player::default(), Signals::default());
        send(&mut player, &signals, 0);
        player.change();
        player.take_note();
        // The loop ends at 4000, in the answer's first beat, and begins at 160.
        player.wrap(Ticks(160 - 4000), &Clock::default(), Start::NextBar, 160.0);
        let span = Span { start: 160.0, per_sample: 1.0, frames: 1000, left: 4000.0 };
        assert_eq!(player.began(), Some(Ticks(0)));
        assert_eq!(player.next_note(&span), Some(800));
    }

    #[test]
    fn silence_ends_what_plays_and_what_waits() {
        let (mut player, signals, clock) = (Player::default(), Signals::default(), Clock::default());
        send(&mut player, &signals, 0);
        player.change();
        send(&mut player, &signals, 0);
        assert!(player.receive(Answer::Silence, &signals, &clock, Start::Now, 0.0));
        assert!(!player.is_busy());
    }
}
