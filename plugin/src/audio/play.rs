//! The answer that plays and the one that waits for its beat.

use std::sync::atomic::Ordering;

use melody::Ticks;

use super::clock::{Clock, Span};
use crate::crossing::{Answer, Entry, MAX_NOTES, Scheduled, Signals, Start};

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
    looped: bool,
}

/// How far the waiting answer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// There is none.
    Empty,
    /// Its notes arrive; `stale` ones are thrown away.
    Arriving {
        stale: bool,
        entry: Entry,
        /// The place of the one that waited before, which it may take.
        queued: Option<Place>,
    },
    /// It is complete and waits for its place.
    Ready(Place),
}

/// Where an answer comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// When it begins to sound.
    begins: Ticks,
    /// When its first bar line was or will be: before `begins` for one that takes over.
    origin: Ticks,
}

impl Place {
    fn at(begins: Ticks) -> Place {
        Place { begins, origin: begins }
    }
}

impl Part {
    fn new() -> Part {
        Part { notes: Vec::with_capacity(MAX_NOTES), played: 0, length: Ticks(1), looped: false }
    }

    fn clear(&mut self) {
        self.notes.clear();
        self.played = 0;
        self.looped = false;
    }

    /// The next note, and its time from the start of the pass that `played` counts.
    fn next(&self) -> Option<(Scheduled, Ticks)> {
        match self.notes.get(self.played) {
            Some(note) => Some((*note, note.onset)),
            None if self.looped => self.notes.first().map(|note| (*note, self.length + note.onset)),
            None => None,
        }
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

    /// Whether an answer has begun and is not over at this time. `[audio-thread]`
    pub fn sounds_at(&self, at: Ticks) -> bool {
        self.began.is_some_and(|began| self.current.looped || at < began + self.current.length)
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
            Answer::Begin { generation, entry, looped } => {
                let queued = match self.stage {
                    Stage::Ready(place) => Some(place),
                    Stage::Arriving { queued, .. } => queued,
                    Stage::Empty => None,
                };
                self.waiting.clear();
                self.waiting.looped = looped;
                let newest = signals.generation.load(Ordering::Acquire);
                self.stage = Stage::Arriving { stale: generation != newest, entry, queued };
            }
            Answer::Note(note) if matches!(self.stage, Stage::Arriving { stale: false, .. }) => {
                if self.waiting.notes.len() < MAX_NOTES {
                    self.waiting.notes.push(note);
                }
            }
            Answer::Note(_) => {}
            Answer::End { length } => {
                self.waiting.length = length.max(Ticks(1));
                self.stage = match self.stage {
                    Stage::Arriving { stale: false, entry, queued } => {
                        self.place(entry, queued, clock, start, ready).map_or(Stage::Empty, Stage::Ready)
                    }
                    _ => Stage::Empty,
                };
            }
            Answer::Silence | Answer::Forget => {
                self.stop();
                return true;
            }
        }
        false
    }

    /// Where the answer that has arrived comes in; `None` for one that was to take over from nothing.
    fn place(
        &self,
        entry: Entry,
        queued: Option<Place>,
        clock: &Clock,
        start: Start,
        ready: f64,
    ) -> Option<Place> {
        match (entry, queued, self.began) {
            (Entry::ByRule, ..) | (Entry::SwapOrBegin, None, None) => {
                Some(Place::at(clock.begin(start, ready)))
            }
            // The one that waits is newer than the one that sounds: it is the one that is meant.
            (Entry::Swap | Entry::SwapOrBegin, Some(queued), _) => Some(queued),
            (Entry::Swap | Entry::SwapOrBegin, None, Some(began)) => {
                let begins = clock.begin(Start::NextBeat, ready);
                // Another length has other bars: it begins with its first.
                let alike = self.current.length == self.waiting.length;
                Some(Place { begins, origin: if alike { began } else { begins } })
            }
            (Entry::Swap, None, None) => None,
        }
    }

    /// Ends the current answer and drops the waiting one. The sounding notes are the ledger's. `[audio-thread]`
    pub fn stop(&mut self) {
        self.end_current();
        self.stage = match self.stage {
            Stage::Arriving { entry, .. } => Stage::Arriving { stale: true, entry, queued: None },
            Stage::Empty | Stage::Ready(_) => Stage::Empty,
        };
        self.waiting.clear();
    }

    /// Ends the current answer; a waiting one begins by its rule, counted from this time (in ticks).
    /// `[audio-thread]`
    pub fn restart(&mut self, clock: &Clock, start: Start, now: f64) {
        self.end_current();
        match &mut self.stage {
            Stage::Ready(place) => *place = Place::at(clock.begin(start, now)),
            Stage::Arriving { stale, .. } => *stale = true,
            Stage::Empty => {}
        }
    }

    /// Follows a loop from its end to its start, which lies `by` ticks away: what is left of the current answer goes on
    /// there, and a waiting one begins by its rule. `[audio-thread]`
    pub fn wrap(&mut self, by: Ticks, clock: &Clock, start: Start, now: f64) {
        self.began = self.began.map(|began| began + by);
        let place = match &mut self.stage {
            Stage::Ready(place) | Stage::Arriving { queued: Some(place), .. } => place,
            Stage::Empty | Stage::Arriving { queued: None, .. } => return,
        };
        *place = if place.origin == place.begins {
            Place::at(clock.begin(start, now))
        } else {
            Place { begins: clock.begin(Start::NextBeat, now), origin: place.origin + by }
        };
    }

    fn end_current(&mut self) {
        self.current.clear();
        self.began = None;
    }

    /// The sample of this block at which the waiting answer begins. `[audio-thread]`
    pub fn next_change(&self, span: &Span) -> Option<u32> {
        match self.stage {
            Stage::Ready(place) => Some(span.sample_of(place.begins)),
            Stage::Empty | Stage::Arriving { .. } => None,
        }
    }

    /// Makes the waiting answer the current one; one that takes over goes on where the other was. `[audio-thread]`
    pub fn change(&mut self) {
        let Stage::Ready(place) = self.stage else { return };
        std::mem::swap(&mut self.current, &mut self.waiting);
        self.waiting.clear();
        self.stage = Stage::Empty;
        let length = self.current.length;
        let passes =
            if self.current.looped { (place.begins - place.origin).0.div_euclid(length.0) } else { 0 };
        let began = place.origin + length * passes;
        let reached = place.begins - began;
        self.current.played = self.current.notes.partition_point(|note| note.onset < reached);
        self.began = Some(began);
    }

    /// The sample of this block at which the next note begins. `[audio-thread]`
    pub fn next_note(&self, span: &Span) -> Option<u32> {
        let (_, time) = self.current.next()?;
        Some(span.sample_of(self.began? + time))
    }

    /// Takes the next note, with its start and its end as times on the clock: a 64th note apart at the least.
    /// `[audio-thread]`
    pub fn take_note(&mut self) -> Option<(Scheduled, Ticks, Ticks)> {
        let (note, time) = self.current.next()?;
        let onset = self.began? + time;
        if self.current.played == self.current.notes.len() {
            self.begin_pass();
        }
        self.current.played += 1;
        Some((note, onset, onset + note.length.max(Ticks::SIXTY_FOURTH)))
    }

    fn begin_pass(&mut self) {
        self.current.played = 0;
        self.began = self.began.map(|began| began + self.current.length);
    }

    /// Forgets the current answer when its last bar is over, or lets it begin again. `[audio-thread]`
    pub fn end_block(&mut self, now: f64) {
        let Some(began) = self.began.filter(|_| self.current.played == self.current.notes.len()) else {
            return;
        };
        let over = now - (began + self.current.length).0 as f64;
        if over < 0.0 {
            return;
        }
        if self.current.looped && !self.current.notes.is_empty() {
            self.begin_pass();
        } else {
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
        send_as(player, signals, generation, Entry::ByRule, false);
    }

    fn send_as(player: &mut Player, signals: &Signals, generation: u64, entry: Entry, looped: bool) {
        let clock = Clock::default();
        for message in [
            Answer::Begin { generation, entry, looped },
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
        let begin = Answer::Begin { generation: 0, entry: Entry::ByRule, looped: false };
        player.receive(begin, &signals, &clock, Start::Now, 0.0);
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
    fn a_loop_begins_again_on_its_bar_line() {
        let (mut player, signals) = (Player::default(), Signals::default());
        send_as(&mut player, &signals, 0, Entry::ByRule, true);
        player.change();
        let span = Span { start: 0.0, per_sample: 1.0, frames: 9000, left: 0.0 };
        let onsets: Vec<i64> =
            (0..5).map(|_| (player.next_note(&span), player.take_note().unwrap().1).1.0).collect();
        assert_eq!(onsets, [3840, 4800, 7680, 8640, 11520]);
        assert_eq!(player.began(), Some(Ticks(11520)));
    }

    #[test]
    fn what_takes_over_goes_on_where_the_other_was() {
        for looped in [false, true] {
            let (mut player, signals) = (Player::default(), Signals::default());
            send_as(&mut player, &signals, 0, Entry::ByRule, looped);
            player.change();
            player.take_note();
            // In its first beat, at 3900: the other comes in with its second note, on the second beat.
            let clock = Clock::default();
            for message in [
                Answer::Begin { generation: 0, entry: Entry::Swap, looped },
                Answer::Note(note(0, 70)),
                Answer::Note(note(960, 72)),
                Answer::End { length: Ticks(3840) },
            ] {
                player.receive(message, &signals, &clock, Start::NextBar, 3900.0);
            }
            let span = Span { start: 3900.0, per_sample: 1.0, frames: 2000, left: 3900.0 };
            assert_eq!(player.next_change(&span), Some(900));
            player.change();
            let (taken, onset, _) = player.take_note().unwrap();
            assert_eq!((taken.key, onset, player.began()), (72, Ticks(4800), Some(Ticks(3840))));
        }
    }

    #[test]
    fn what_would_take_over_from_nothing_is_not_played_unless_it_may_begin() {
        for (entry, plays) in [(Entry::Swap, false), (Entry::SwapOrBegin, true)] {
            let (mut player, signals) = (Player::default(), Signals::default());
            send_as(&mut player, &signals, 0, entry, false);
            assert_eq!(player.is_busy(), plays);
        }
    }

    #[test]
    fn what_takes_over_from_one_that_waits_takes_its_place() {
        let (mut player, signals) = (Player::default(), Signals::default());
        send(&mut player, &signals, 0);
        send_as(&mut player, &signals, 0, Entry::Swap, false);
        let span = Span { start: 3800.0, per_sample: 1.0, frames: 100, left: 3800.0 };
        assert_eq!(player.next_change(&span), Some(40), "at the bar line that was waited for");
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
