//! The audio thread of one instance: hears, passes through and plays, in fixed memory, without waiting for anyone.
//!
//! One block's way: the [`clock`] says what time it covers and whether time leapt; [`trigger`]s and the player's
//! notes go to the worker through [`listen`]; answers arrive in [`play`]; what sounds stands in the [`ledger`];
//! [`merge`] sends it all in order.

mod asking;
pub mod clock;
pub mod ledger;
pub mod listen;
pub mod merge;
pub mod play;
pub mod response;
#[cfg(test)]
pub(crate) mod script;
pub mod trigger;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use melody::Ticks;
use nice_plug::midi::{Channel, Key, NoteEvent, VoiceID, control_change};

use self::clock::{Clock, Reported, Span, Turn};
use self::ledger::Ledger;
use self::listen::{Ear, Held};
use self::merge::{Outbox, Port};
use self::play::Player;
use self::response::Response;
use self::trigger::{Taken, Trigger};
use crate::crossing::{Answer, AudioEnds, Heard, Mix, Reading, Ruler, Signals, Start, Stroke};

/// The controls that matter on the audio thread, as they stand in one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Controls {
    /// Play nothing, hear nothing, only pass on.
    pub bypass: bool,
    /// When answers begin.
    pub start: Start,
    /// The MIDI key that asks for an answer.
    pub trigger_key: Option<u8>,
    /// The MIDI controller that asks for an answer.
    pub trigger_cc: Option<u8>,
    /// What goes on to the next device.
    pub mix: Mix,
    /// Whether each pause of the player is answered.
    pub responds: bool,
}

/// Everything that one instance's audio thread owns.
pub struct Audio {
    clock: Clock,
    ear: Ear,
    trigger: Trigger,
    response: Response,
    held: Held,
    /// The player's keys that are down and were not passed on.
    muted: Held,
    mix: Mix,
    player: Player,
    ledger: Ledger,
    outbox: Outbox,
    answers: rtrb::Consumer<Answer>,
    strokes: rtrb::Consumer<Stroke>,
    signals: Arc<Signals>,
    bypassed: bool,
    offline: bool,
    /// Before this time, in ticks, the answer that was asked for last does not begin at any line.
    earliest: f64,
    /// The loads of a project that the worker was told of.
    loads: u64,
    /// The sample of this block up to which events were sent: nothing of ours goes before it any more.
    reached: u32,
    /// The keys that sound have changed since they were last made known.
    keys_changed: bool,
    /// The ruler that others were last shown.
    shown: Option<Ruler>,
}

/// One block: its time and its controls.
#[derive(Clone, Copy)]
struct Block {
    span: Span,
    controls: Controls,
}

impl Audio {
    /// The audio thread's part of an instance; it allocates here and never again. `[main-thread]`
    pub fn new(ends: AudioEnds, signals: Arc<Signals>) -> Audio {
        Audio {
            clock: Clock::default(),
            ear: Ear::new(ends.heard, signals.clone()),
            trigger: Trigger::default(),
            response: Response::default(),
            held: Held::NONE,
            muted: Held::NONE,
            mix: Mix::default(),
            player: Player::default(),
            ledger: Ledger::default(),
            outbox: Outbox::new(signals.clone()),
            answers: ends.answers,
            strokes: ends.strokes,
            signals,
            bypassed: false,
            offline: false,
            earliest: f64::NEG_INFINITY,
            loads: 0,
            reached: 0,
            keys_changed: false,
            shown: None,
        }
    }

    /// Says whether the host renders faster than time: then a trigger waits for its answer. `[main-thread]`
    pub fn set_offline(&mut self, offline: bool) {
        self.offline = offline;
    }

    /// Whether notes are still to be sent or owed. `[audio-thread]`
    pub fn is_busy(&self) -> bool {
        self.player.is_busy() || !self.ledger.is_empty()
    }

    /// Forgets the past: pending answers are stale, and what sounds is owed its offs in the next block. Wait-free.
    /// `[audio-thread]`
    pub fn reset(&mut self) {
        self.silence(Heard::Break { at: Ticks(self.signals.reading.now.load(Ordering::Relaxed)) });
        self.signals.resets.fetch_add(1, Ordering::Relaxed);
        self.forget_held();
        self.clock.reset();
    }

    /// Sends the offs of what sounds, after a failure that leaves nothing else to be trusted. `[audio-thread]`
    pub fn abandon(&mut self, port: &mut impl Port) {
        self.outbox.begin_block(port);
        self.player.stop();
        self.end_ours(None, None, 0, port);
    }

    /// Whatever was held has come up, and its offs need not come any more. `[audio-thread]`
    fn forget_held(&mut self) {
        (self.held, self.muted) = (Held::NONE, Held::NONE);
        self.response.clear();
        self.trigger.release_all();
    }

    /// Runs one block. `[audio-thread]`
    pub fn process(&mut self, host: &Reported, frames: u32, controls: Controls, port: &mut impl Port) {
        let (span, turn) = self.clock.advance(host, frames);
        let block = Block { span, controls };
        self.reached = 0;
        self.mix = controls.mix;
        if !controls.responds || controls.bypass {
            // What was played before nobody waited for it is no call.
            self.response.clear();
        }
        self.follow(turn, &block);
        self.outbox.begin_block(port);
        if self.trigger.pressed(self.signals.presses.load(Ordering::Relaxed)) {
            self.ask(0, &block);
        }
        self.fetch(0, &block);
        self.play(&span, port, 0, 0);
        while let Ok(stroke) = self.strokes.pop() {
            self.take(stroke.into(), &block, port);
        }
        while let Some(event) = port.next() {
            self.take(event, &block, port);
        }
        self.respond(frames.saturating_sub(1), &block);
        self.play(&span, port, frames, frames.saturating_sub(1));
        self.finish(&span);
    }

    /// Does what a leap of time or a switch to bypass asks for. `[audio-thread]`
    fn follow(&mut self, turn: Turn, block: &Block) {
        let loads = self.signals.loads.load(Ordering::Acquire);
        if loads != self.loads && self.silence(Heard::Loaded { loads }) {
            self.loads = loads;
        }
        let left = || Ticks(block.span.left.round() as i64);
        match turn {
            Turn::Steady => {}
            Turn::Started => {
                // An answer that waits was asked for by a player whose song stood still: it comes in with the song.
                self.player.restart(&self.clock, block.controls.start, block.span.start);
                self.leap(Heard::Break { at: left() });
            }
            Turn::Stopped | Turn::Jumped => {
                self.silence(Heard::Break { at: left() });
            }
            Turn::Wrapped { late } => {
                // A host that does not cut its block at the loop's end is `late` ticks into the next pass: what began in
                // these belongs to it already.
                let by = block.span.time_of(0) - left();
                let end = left() - Ticks(late.round() as i64);
                self.ledger.wrap(end, by);
                self.player.wrap(by, &self.clock, block.controls.start, block.span.start);
                self.earliest += block.span.start - block.span.left;
                self.response.wrap(by.0 as f64);
                self.ear.hear(Heard::Wrapped { from: end, to: end + by }, self.clock.ruler());
            }
        }
        if block.controls.bypass && !self.bypassed {
            self.silence(Heard::Break { at: block.span.time_of(0) });
        }
        self.bypassed = block.controls.bypass;
    }

    /// Ends what plays, makes what is pending stale, and tells the worker why; `false` when its ring has no room.
    /// `[audio-thread]`
    fn silence(&mut self, why: Heard) -> bool {
        self.player.stop();
        self.leap(why)
    }

    /// Ends what sounds, makes what has not arrived stale, and tells the worker why; `false` when its ring has no
    /// room. `[audio-thread]`
    fn leap(&mut self, why: Heard) -> bool {
        // The worker numbers its answer first and looks at the leaps afterwards: it misses neither.
        self.signals.leaps.fetch_add(1, Ordering::AcqRel);
        self.signals.begin_generation();
        self.earliest = f64::NEG_INFINITY;
        self.response.clear();
        self.ledger.close(None, None);
        self.ear.hear(why, self.clock.ruler())
    }

    /// Takes the worker's messages; an answer that is complete may begin from this sample on. `[audio-thread]`
    fn fetch(&mut self, sample: u32, block: &Block) {
        let ready = block.span.start + f64::from(sample) * block.span.per_sample;
        while let Ok(message) = self.answers.pop() {
            if message == Answer::Forget {
                self.ear.forget();
                self.response.clear();
            }
            let ready = if block.controls.start == Start::Now { ready } else { ready.max(self.earliest) };
            if self.player.receive(message, &self.signals, &self.clock, block.controls.start, ready) {
                self.ledger.close(None, None);
            }
        }
        if self.bypassed {
            self.player.stop();
        }
    }

    /// Takes one of the player's events: ours up to it are sent, it is heard and passed on. `[audio-thread]`
    fn take(&mut self, event: NoteEvent<()>, block: &Block, port: &mut impl Port) {
        let sample = event.timing().min(block.span.frames);
        self.respond(sample, block);
        self.play(&block.span, port, sample, sample);
        self.reached = self.reached.max(sample);
        let chosen = block.controls.trigger_key.filter(|_| !self.bypassed);
        let controller = block.controls.trigger_cc.filter(|_| !self.bypassed);
        match self.trigger.take(&event, chosen, controller) {
            Taken::No => {}
            Taken::Fires => return self.ask(sample, block),
            Taken::Swallowed => return,
        }
        match event {
            NoteEvent::NoteOn {
                channel: Channel::Number(channel), key: Key::Number(key), velocity, ..
            } => {
                self.interrupt(block);
                let at = block.span.time_of(sample);
                // A key that was passed on and is still down is passed on again: its offs find it whatever their order.
                if self.is_muted(at) && !self.held.holds(channel, key) {
                    self.muted.press(channel, key);
                    return self.hear_note(at, channel, key, velocity);
                }
                self.end_ours(Some(channel), Some(key), sample, port);
                self.muted.release(Some(channel), Some(key));
                self.held.press(channel, key);
                self.hear_note(at, channel, key, velocity);
            }
            NoteEvent::NoteOff { channel, key, .. } | NoteEvent::Choke { channel, key, .. } => {
                let (channel, key) = (channel.number(), key.number());
                if channel.is_none() || key.is_none() || matches!(event, NoteEvent::Choke { .. }) {
                    self.end_ours(channel, key, sample, port);
                }
                let at = block.span.time_of(sample);
                self.hear(Heard::NoteOff { at, channel, key });
                if self.let_go(channel, key, at) {
                    return;
                }
            }
            NoteEvent::MidiCC {
                cc: control_change::ALL_SOUND_OFF | control_change::ALL_NOTES_OFF, ..
            } => {
                self.silence(Heard::Break { at: block.span.time_of(sample) });
                self.end_ours(None, None, sample, port);
                self.forget_held();
            }
            _ => {}
        }
        self.keys_changed = true;
        self.outbox.pass(port, event);
    }

    /// Whether what is played at this time is heard alone, as an answer sounds in its place. `[audio-thread]`
    fn is_muted(&self, at: Ticks) -> bool {
        self.mix == Mix::Instead && !self.bypassed && self.player.sounds_at(at)
    }

    /// A key has come up; whether it was one that was not passed on, nor is its off then. `[audio-thread]`
    fn let_go(&mut self, channel: Option<u8>, key: Option<u8>, at: Ticks) -> bool {
        let was_muted = matches!((channel, key), (Some(channel), Some(key))
            if self.muted.holds(channel, key) && !self.held.holds(channel, key));
        self.held.release(channel, key);
        self.muted.release(channel, key);
        if self.held.keys() == [0, 0] && self.muted.keys() == [0, 0] {
            self.response.rest(at);
        }
        was_muted
    }

    fn hear_note(&mut self, at: Ticks, channel: u8, key: u8, velocity: f32) {
        // In CLAP a velocity of zero is a soft note, not a note-off.
        let velocity = (velocity * 127.0).round().clamp(1.0, 127.0) as u8;
        if !self.bypassed && !self.player.is_busy() && self.ear.is_fresh(at, &self.clock.ruler()) {
            self.clock.begin_bar(at);
        }
        self.response.press();
        self.hear(Heard::NoteOn { at, channel, key, velocity });
    }

    fn hear(&mut self, event: Heard) {
        if !self.bypassed {
            self.ear.hear(event, self.clock.ruler());
        }
    }

    /// Ends matching notes of ours at this sample, before the player's event there; `None` matches all.
    /// `[audio-thread]`
    fn end_ours(&mut self, channel: Option<u8>, key: Option<u8>, sample: u32, port: &mut impl Port) {
        self.ledger.close(channel, key);
        let matches = |note: &ledger::Sounding| {
            channel.is_none_or(|channel| channel == note.channel) && key.is_none_or(|key| key == note.key)
        };
        while let Some(place) = self.ledger.sounding().iter().position(matches) {
            let note = self.ledger.sounding()[place];
            if !self.outbox.end_note(port, sample, note.channel, note.key) {
                return;
            }
            self.ledger.strike(place);
        }
        self.keys_changed = true;
    }

    /// Sends what is ours: offs up to and including the sample `through`, ons before the sample `before`; of one
    /// sample, offs first. `[audio-thread]`
    fn play(&mut self, span: &Span, port: &mut impl Port, before: u32, through: u32) {
        loop {
            let reached = self.reached;
            let change = self.player.next_change(span).map(|sample| sample.max(reached));
            let change = change.filter(|sample| *sample <= through.min(before));
            let off = self.ledger.next(span).map(|(place, sample)| (place, sample.max(reached)));
            let off = off.filter(|(_, sample)| *sample <= through && !self.outbox.is_full());
            let on = self.player.next_note(span).map(|sample| sample.max(reached));
            let on = on.filter(|sample| *sample < before);
            let offs_at = off.map_or(u32::MAX, |(_, sample)| sample);
            let ons_at = on.unwrap_or(u32::MAX);
            match (change, off, on) {
                (Some(sample), ..) if sample <= offs_at && sample <= ons_at && sample < span.frames => {
                    self.player.change();
                    self.ledger.close(None, None);
                    self.reached = sample;
                }
                (_, Some((place, sample)), _) if sample <= ons_at => self.end_note(place, sample, port),
                (_, _, Some(sample)) => self.begin_note(sample, port),
                _ => return,
            }
            self.keys_changed = true;
        }
    }

    fn end_note(&mut self, place: usize, sample: u32, port: &mut impl Port) {
        let note = self.ledger.sounding()[place];
        if self.outbox.end_note(port, sample, note.channel, note.key) {
            self.ledger.strike(place);
        }
    }

    /// Begins our next note, unless the player holds that key, or it began on this very sample: each key of a channel
    /// has one owner. `[audio-thread]`
    fn begin_note(&mut self, sample: u32, port: &mut impl Port) {
        let Some((note, onset, end)) = self.player.take_note() else { return };
        if self.mix == Mix::Through {
            return;
        }
        let doubled = self.ledger.began_at(note.channel, note.key, sample);
        if doubled || self.held.holds(note.channel, note.key) {
            return;
        }
        self.end_ours(Some(note.channel), Some(note.key), sample, port);
        if self.outbox.begin_note(port, sample, note.channel, note.key, note.velocity) {
            self.ledger.enter(note.channel, note.key, sample, onset, end);
        }
    }

    /// Ends the block and makes its outcome known. `[audio-thread]`
    fn finish(&mut self, span: &Span) {
        let end = span.time_of(span.frames);
        self.player.end_block(end.0 as f64);
        self.ledger.end_block(span.frames);
        let reading = &self.signals.reading;
        let ruler = self.clock.ruler();
        if self.shown != Some(ruler) {
            reading.set_ruler(&ruler);
            self.shown = Some(ruler);
        }
        reading.now.store(end.0, Ordering::Relaxed);
        reading
            .answer_start
            .store(self.player.began().map_or(Reading::NEVER, |began| began.0), Ordering::Relaxed);
        if std::mem::take(&mut self.keys_changed) {
            let mut keys = self.held.keys();
            for note in self.ledger.sounding() {
                keys[usize::from(note.key / 64) & 1] |= 1 << (note.key % 64);
            }
            for (shown, keys) in reading.keys.iter().zip(keys) {
                shown.store(keys, Ordering::Relaxed);
            }
        }
    }
}

/// A key of the panel is played on the first channel, at the start of the block.
impl From<Stroke> for NoteEvent<()> {
    fn from(stroke: Stroke) -> NoteEvent<()> {
        let (timing, voice_id) = (0, VoiceID::Wildcard);
        let (channel, key) = (Channel::Number(0), Key::Number(stroke.key));
        match stroke.velocity {
            Some(velocity) => {
                let velocity = f32::from(velocity) / 127.0;
                NoteEvent::NoteOn { timing, voice_id, channel, key, velocity }
            }
            None => NoteEvent::NoteOff { timing, voice_id, channel, key, velocity: 0.0 },
        }
    }
}

#[cfg(test)]
mod tests;
