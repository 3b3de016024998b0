//! The transport on the audio thread: where the song is, and where its beats fall in a block.

use melody::{Meter, Ticks};

use super::board::Board;
use crate::audio::clock::Reported;
use crate::panel::Place;

/// A hair, in samples, so that a beat which falls on a sample is not pushed to the next by rounding.
const HAIR: f64 = 1e-6;

/// The song's clock.
#[derive(Debug, Default)]
pub struct Transport {
    running: bool,
    /// Where the next block begins, in quarters from the song's start.
    position: f64,
    /// Where the bar began that runs, in quarters.
    bar_line: f64,
    /// Its number, from 0; -1 for one that is counted in before the song's start.
    bar: i64,
    /// Where the song begins again after what is counted in.
    start: f64,
    returns: u64,
    /// The part of the song that the last block covered.
    block: Option<Block>,
}

/// The part of the song that one block covers.
#[derive(Debug, Clone, Copy)]
struct Block {
    start: f64,
    per_sample: f64,
    frames: u32,
    bar_line: f64,
    meter: Meter,
    counting: bool,
}

/// A beat in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// The sample that it falls on.
    pub sample: u32,
    /// Whether it is the first of its bar.
    pub first: bool,
    /// Whether it belongs to a bar that is counted in.
    pub counted: bool,
}

impl Transport {
    /// Moves to the next block and says what time it is, at so many samples a second. `[audio-thread]`
    pub fn advance(&mut self, board: &Board, rate: f64, frames: u32) -> Reported {
        let (tempo, meter) = (board.tempo(), board.meter());
        let per_sample = tempo / (60.0 * rate.max(1.0));
        let bar = quarters(meter.bar());
        self.pass_bar_lines(bar, HAIR * per_sample);
        self.follow(board, bar);
        let reported = Reported {
            sample_rate: rate,
            playing: self.running,
            tempo: Some(tempo),
            position: self.running.then_some(self.position),
            bar_start: self.running.then_some(self.bar_line),
            meter: Some((i32::from(meter.numerator()), i32::from(meter.denominator()))),
            loop_start: None,
        };
        let counting = self.running && self.position + HAIR * per_sample < self.start;
        board.set_place(self.place(meter, per_sample, counting));
        let block =
            Block { start: self.position, per_sample, frames, bar_line: self.bar_line, meter, counting };
        self.block = self.running.then_some(block);
        if self.running {
            self.position += f64::from(frames) * per_sample;
        }
        reported
    }

    /// Does what the user asked for since the last block.
    fn follow(&mut self, board: &Board, bar: f64) {
        let returns = board.returns();
        if returns != self.returns {
            self.returns = returns;
            (self.position, self.bar_line, self.bar, self.start) = (0.0, 0.0, 0, 0.0);
        }
        match (self.running, board.playing()) {
            (false, true) => {
                self.start = self.position;
                if board.metronome().count_in {
                    self.position -= bar;
                    self.bar_line -= bar;
                    self.bar -= 1;
                }
                self.running = true;
            }
            (true, false) => {
                // It begins again at a bar line, so that there is one to count towards.
                if self.position < self.start {
                    self.bar += 1;
                    self.bar_line = self.start;
                }
                self.position = self.bar_line;
                self.running = false;
            }
            _ => {}
        }
    }

    fn pass_bar_lines(&mut self, bar: f64, hair: f64) {
        while self.position + hair >= self.bar_line + bar {
            self.bar_line += bar;
            self.bar += 1;
        }
    }

    fn place(&self, meter: Meter, per_sample: f64, counting: bool) -> Option<Place> {
        let into = (self.position - self.bar_line + HAIR * per_sample).max(0.0);
        let beat = (into / quarters(meter.beat())) as u32 + 1;
        if counting {
            return Some(Place::CountIn { beat });
        }
        let bar = u32::try_from(self.bar + 1).unwrap_or(1);
        (self.running || bar > 1 || beat > 1).then_some(Place::Song { bar, beat })
    }

    /// The beats that fall into the last block, in order. `[audio-thread]`
    pub fn beats(&self) -> impl Iterator<Item = Beat> + use<> {
        self.block.into_iter().flat_map(Block::beats)
    }
}

impl Block {
    fn beats(self) -> impl Iterator<Item = Beat> {
        let (beat, bar) = (quarters(self.meter.beat()), quarters(self.meter.bar()));
        let of_bar = (bar / beat).round().max(1.0) as i64;
        let number = ((self.start - self.bar_line) / beat).floor() as i64;
        (number..)
            .map(move |number| {
                let at = self.bar_line + beat * number as f64;
                let sample = ((at - self.start) / self.per_sample - HAIR).ceil();
                // After a change of meter the beat may lie behind the bar's own end; bars are counted anew from there.
                (sample, number.rem_euclid(of_bar) == 0)
            })
            .skip_while(|(sample, _)| *sample < 0.0)
            .take_while(move |(sample, _)| *sample < f64::from(self.frames))
            .map(move |(sample, first)| Beat { sample: sample as u32, first, counted: self.counting })
    }
}

fn quarters(ticks: Ticks) -> f64 {
    ticks.0 as f64 / Ticks::PER_QUARTER as f64
}

#[cfg(test)]
mod tests;
