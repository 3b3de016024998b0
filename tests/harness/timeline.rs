//! A transport that moves over a plugin block by block, plays cues into it and writes down what comes out.

use std::thread;
use std::time::{Duration, Instant};

use melody::Phrase;
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use crate::host::{Block, Event, Host, Kind, Transport, Voice};

/// Something at a sample, counted from the timeline's start; the count goes on when the song stops or jumps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timed {
    /// The sample.
    pub sample: u64,
    /// What happens.
    pub kind: Kind,
}

/// How a host cuts time into blocks.
#[derive(Debug, Clone)]
pub enum Blocks {
    /// All of one size in samples.
    Even(u32),
    /// Any size from 1 to the second, by a seeded draw.
    Random(Box<ChaCha8Rng>, u32),
}

impl Blocks {
    /// Sizes from 1 to `most`, the same for the same seed.
    pub fn random(seed: u64, most: u32) -> Blocks {
        Blocks::Random(Box::new(ChaCha8Rng::seed_from_u64(seed)), most)
    }

    fn next(&mut self) -> u32 {
        match self {
            Blocks::Even(frames) => *frames,
            Blocks::Random(draw, most) => 1 + draw.next_u32() % *most,
        }
    }
}

/// When a cue is due.
#[derive(Debug, Clone, Copy, PartialEq)]
enum When {
    Beat(f64),
    Sample(u64),
}

/// A host's song position over one plugin, and what it is to play.
#[derive(Debug, Clone)]
pub struct Timeline {
    sample_rate: f64,
    tempo: f64,
    meter: (u16, u16),
    cycle: Option<(f64, f64)>,
    cuts: bool,
    playing: bool,
    blocks: Blocks,
    now: u64,
    // The song was at these quarters at this sample; it moves on evenly from there while it plays.
    origin: (u64, f64),
    cues: Vec<(When, Kind)>,
    sent: Vec<Timed>,
}

impl Timeline {
    /// A stopped song in 4/4 at its start, `tempo` in quarters a minute.
    pub fn new(sample_rate: f64, tempo: f64, blocks: Blocks) -> Timeline {
        Timeline {
            sample_rate,
            tempo,
            meter: (4, 4),
            cycle: None,
            cuts: true,
            playing: false,
            blocks,
            now: 0,
            origin: (0, 0.0),
            cues: Vec::new(),
            sent: Vec::new(),
        }
    }

    /// The sample that comes next.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Where the song is, in quarters.
    pub fn beat(&self) -> f64 {
        self.beat_at(self.now)
    }

    /// Where the song is at a sample, in quarters, if nothing stops it or makes it jump.
    pub fn beat_at(&self, sample: u64) -> f64 {
        if !self.playing {
            return self.origin.1;
        }
        let passed = sample as f64 - self.origin.0 as f64;
        self.origin.1 + passed * self.tempo / (60.0 * self.sample_rate)
    }

    /// The sample nearest to a place in the moving song, in quarters.
    pub fn sample_at(&self, beat: f64) -> u64 {
        let passed = (beat - self.origin.1) * 60.0 * self.sample_rate / self.tempo;
        (self.origin.0 as f64 + passed).round().max(0.0) as u64
    }

    /// All that was sent so far.
    pub fn sent(&self) -> &[Timed] {
        &self.sent
    }

    /// Starts the song where it is.
    pub fn play(&mut self) {
        self.settle_origin();
        self.playing = true;
    }

    /// Stops the song where it is.
    pub fn stop(&mut self) {
        self.settle_origin();
        self.playing = false;
    }

    /// Puts the song at a place in quarters.
    pub fn jump(&mut self, beat: f64) {
        self.origin = (self.now, beat);
    }

    /// Changes the tempo from here on, in quarters a minute.
    pub fn set_tempo(&mut self, tempo: f64) {
        self.settle_origin();
        self.tempo = tempo;
    }

    /// Changes the time signature; bars are counted from the song's start.
    pub fn set_meter(&mut self, numerator: u16, denominator: u16) {
        self.meter = (numerator, denominator);
    }

    /// Loops between two places in quarters, or no more. A block ends where the loop does, unless the cuts are off.
    pub fn set_cycle(&mut self, cycle: Option<(f64, f64)>) {
        self.cycle = cycle;
    }

    /// Whether a block ends where the loop does; otherwise the next block begins as far into the loop as the one
    /// before ran over its end, as in Ardour.
    pub fn set_cuts(&mut self, cuts: bool) {
        self.cuts = cuts;
    }

    /// Cuts time differently from here on.
    pub fn set_blocks(&mut self, blocks: Blocks) {
        self.blocks = blocks;
    }

    /// Sends `kind` when the song comes to a place in quarters.
    pub fn cue(&mut self, beat: f64, kind: Kind) {
        self.cues.push((When::Beat(beat), kind));
    }

    /// Sends `kind` at a sample, whether the song plays or not.
    pub fn cue_sample(&mut self, sample: u64, kind: Kind) {
        self.cues.push((When::Sample(sample), kind));
    }

    /// Sends the notes of a phrase when the song comes to them; the phrase begins at a place in quarters.
    pub fn cue_phrase(&mut self, phrase: &Phrase, from: f64) {
        for (start, end, voice, velocity) in voices(phrase) {
            self.cue(from + start, Kind::On(voice, velocity));
            self.cue(from + end, Kind::Off(voice, 0.0));
        }
    }

    /// Sends the notes of a phrase from now on in the song's tempo, whether the song plays or not.
    pub fn cue_phrase_now(&mut self, phrase: &Phrase) {
        let (now, quarter) = (self.now, 60.0 * self.sample_rate / self.tempo);
        let samples = |quarters: f64| (quarters * quarter).round() as u64;
        for (start, end, voice, velocity) in voices(phrase) {
            self.cue_sample(now + samples(start), Kind::On(voice, velocity));
            self.cue_sample(now + samples(end), Kind::Off(voice, 0.0));
        }
    }

    /// Processes up to a place in the song, in quarters, and returns what came out.
    pub fn run_to_beat(&mut self, host: &mut dyn Host, beat: f64) -> Vec<Timed> {
        assert!(self.playing, "a stopped song comes to no place");
        self.run_to(host, self.sample_at(beat))
    }

    /// Processes this many samples and returns what came out.
    pub fn run_for(&mut self, host: &mut dyn Host, samples: u64) -> Vec<Timed> {
        self.run_to(host, self.now + samples)
    }

    /// Processes up to a sample and returns what came out.
    pub fn run_to(&mut self, host: &mut dyn Host, until: u64) -> Vec<Timed> {
        let mut heard = Vec::new();
        while self.now < until {
            let room = self.room().min(until - self.now);
            let frames = self.blocks.next().min(u32::try_from(room).unwrap_or(u32::MAX));
            heard.extend(self.step(host, frames));
        }
        heard
    }

    /// Processes one block of this many samples.
    pub fn step(&mut self, host: &mut dyn Host, frames: u32) -> Vec<Timed> {
        let events = self.take_due(frames);
        let transport = Some(self.transport());
        let out = host.process(&Block { frames, transport, events: &events });
        check_order(&out, frames);
        let start = self.now;
        let timed = |event: &Event| Timed { sample: start + u64::from(event.offset), kind: event.kind };
        self.sent.extend(events.iter().map(timed));
        self.now += u64::from(frames);
        host.idle();
        out.iter().map(timed).collect()
    }

    /// Lets the clock run for a while without a block, as between two clicks of a patient user; the main thread
    /// goes on.
    pub fn rest(&self, host: &mut dyn Host, time: Duration) {
        let start = Instant::now();
        while start.elapsed() < time {
            host.idle();
            thread::sleep(Duration::from_millis(5).min(time));
        }
    }

    /// Samples until the loop ends, after wrapping if it ends here.
    fn room(&mut self) -> u64 {
        let (Some((start, end)), true) = (self.cycle, self.playing) else { return u64::MAX };
        if !self.cuts {
            let over = self.beat() - end;
            if over > -1e-9 {
                self.jump(start + over.max(0.0));
            }
            return u64::MAX;
        }
        if self.sample_at(end) == self.now {
            self.jump(start);
        }
        match self.sample_at(end) {
            edge if edge > self.now => edge - self.now,
            // The song is behind the loop already.
            _ => u64::MAX,
        }
    }

    fn settle_origin(&mut self) {
        self.origin = (self.now, self.beat());
    }

    fn take_due(&mut self, frames: u32) -> Vec<Event> {
        let (from, to) = (self.now, self.now + u64::from(frames));
        let (mut due, mut later) = (Vec::new(), Vec::new());
        for (when, kind) in std::mem::take(&mut self.cues) {
            let sample = match when {
                When::Sample(sample) => Some(sample),
                When::Beat(beat) => self.playing.then(|| self.sample_at(beat)),
            };
            match sample {
                Some(sample) if (from..to).contains(&sample) => {
                    due.push(Event { offset: (sample - from) as u32, kind });
                }
                _ => later.push((when, kind)),
            }
        }
        self.cues = later;
        due.sort_by_key(|event| event.offset);
        due
    }

    fn transport(&self) -> Transport {
        let beat = self.beat();
        let bar = f64::from(self.meter.0) * 4.0 / f64::from(self.meter.1);
        let seconds = beat * 60.0 / self.tempo;
        Transport {
            playing: self.playing,
            tempo: Some(self.tempo),
            meter: Some(self.meter),
            beats: Some(beat),
            seconds,
            samples: (seconds * self.sample_rate).round() as i64,
            bar_start: (beat / bar).floor() * bar,
            bar_number: (beat / bar).floor() as i32,
            cycle: self.cycle,
        }
    }
}

/// Start and end in quarters, voice and force of each note of a phrase.
fn voices(phrase: &Phrase) -> impl Iterator<Item = (f64, f64, Voice, f32)> + '_ {
    phrase.notes().iter().map(|note| {
        let voice = Voice::new(note.channel.into(), note.pitch.number().into());
        (note.onset.as_quarters(), note.end().as_quarters(), voice, f32::from(note.velocity) / 127.0)
    })
}

/// Panics unless the notes come in order of time and inside the block.
fn check_order(out: &[Event], frames: u32) {
    let notes = out.iter().filter(|event| !matches!(event.kind, Kind::Knob(..)));
    let offsets: Vec<u32> = notes.map(|event| event.offset).collect();
    assert!(offsets.is_sorted(), "output events are out of order: {offsets:?}");
    assert!(
        offsets.iter().all(|&offset| offset < frames.max(1)),
        "output beyond the {frames} frames: {offsets:?}"
    );
}
