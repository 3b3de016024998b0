//! ABC's symbols turned into bars: lengths, tuplets, accidentals that hold to the bar line.

use std::collections::HashMap;

use melody::{Meter, Pitch, Ticks};

use super::symbol::{Head, Length, Symbol};
use crate::corpus::score::{Bar, Written};
use crate::corpus::signature::Signature;

/// Semitones above C of the scale's steps.
const NATURALS: [i64; 7] = [0, 2, 4, 5, 7, 9, 11];
/// Steps in the order in which sharps are added to a signature; flats come in the reverse order.
const SHARPS: [i64; 7] = [3, 0, 4, 1, 5, 2, 6];

/// Collects one voice's bars.
#[derive(Default)]
pub struct Writer {
    bars: Vec<Bar>,
    meter: Option<Meter>,
    signature: Option<Signature>,
    unit: Option<Ticks>,
    notes: Vec<Written>,
    time: Ticks,
    /// Semitones by step, from accidentals written in this bar.
    accidentals: HashMap<i64, i64>,
    /// The step and semitones of a note that is tied to the next.
    held: Option<(i64, i64)>,
    /// What the next note's length is multiplied by, from `>` or `<`.
    broken: Option<Length>,
    /// What the lengths of the next so many notes are multiplied by.
    tuplet: Option<(Length, i64)>,
    /// The step and semitones of the last note.
    last: Option<(i64, i64)>,
    overlaid: bool,
}

impl Writer {
    /// Sets the key from here on.
    pub fn set_key(&mut self, signature: Option<Signature>) {
        self.signature = signature;
    }

    /// Sets the meter from here on; `None` for free meter.
    pub fn set_meter(&mut self, meter: Option<Meter>) {
        self.meter = meter;
    }

    /// Sets the length of a note without a number.
    pub fn set_unit(&mut self, unit: Ticks) {
        self.unit = Some(unit);
    }

    /// Takes the next symbol of the voice; fields are no business of this.
    pub fn take(&mut self, symbol: Symbol) {
        match symbol {
            Symbol::Line { closes } => self.end_bar(closes),
            _ if self.overlaid => {}
            Symbol::Overlay => self.overlaid = true,
            Symbol::Notes(heads, length) => self.take_notes(&heads, length),
            Symbol::Rest(length) => {
                let length = self.ticks(length);
                self.time += length;
            }
            Symbol::BarRest(bars) => {
                for _ in 0..bars {
                    self.time = self.meter.unwrap_or_default().bar();
                    self.end_bar(false);
                }
            }
            Symbol::Tie => {
                if let Some(note) = self.notes.last_mut() {
                    note.tied = true;
                    self.held = self.last;
                }
            }
            Symbol::Broken(count) => self.take_broken(count),
            Symbol::Tuplet { notes, time, count } => {
                let time = time.unwrap_or_else(|| self.usual_time(notes));
                self.tuplet = Some(((time, notes), count));
            }
            Symbol::Field(..) => {}
        }
    }

    /// The bars, the last one included even if no line ends it.
    pub fn finish(mut self) -> Vec<Bar> {
        self.end_bar(true);
        self.bars
    }

    fn end_bar(&mut self, closes: bool) {
        if self.time > Ticks::ZERO {
            self.bars.push(Bar {
                meter: self.meter,
                signature: self.signature,
                length: self.time,
                closes,
                notes: std::mem::take(&mut self.notes),
            });
        } else if let Some(bar) = self.bars.last_mut() {
            bar.closes |= closes;
        }
        self.time = Ticks::ZERO;
        self.accidentals.clear();
        self.overlaid = false;
    }

    fn take_notes(&mut self, heads: &[Head], length: Length) {
        let length = self.ticks(length);
        let held = self.held.take();
        let sounding = heads.iter().map(|head| (head.step, self.semitones(head, held)));
        let Some(highest) = sounding.collect::<Vec<_>>().into_iter().max_by_key(|(_, semitones)| *semitones)
        else {
            return;
        };
        let pitch = u8::try_from(60 + highest.1).ok().and_then(Pitch::new);
        if let Some(pitch) = pitch.filter(|_| length > Ticks::ZERO) {
            self.notes.push(Written { onset: self.time, length, pitch, tied: false });
        }
        self.last = Some(highest);
        self.time += length;
    }

    /// Semitones above C4: the accidental written, else one before in the bar, else the tied note's, else the key's.
    fn semitones(&mut self, head: &Head, held: Option<(i64, i64)>) -> i64 {
        let natural = NATURALS[head.step.rem_euclid(7) as usize] + 12 * head.step.div_euclid(7);
        if let Some(accidental) = head.accidental {
            self.accidentals.insert(head.step, accidental);
            return natural + accidental;
        }
        match (self.accidentals.get(&head.step), held) {
            (Some(accidental), _) => natural + accidental,
            (None, Some((step, semitones))) if step == head.step => semitones,
            _ => natural + self.signed(head.step),
        }
    }

    /// Semitones that the key signature adds to a step.
    fn signed(&self, step: i64) -> i64 {
        let fifths = i64::from(self.signature.map_or(0, |signature| signature.fifths));
        let place = SHARPS.iter().position(|sharp| *sharp == step.rem_euclid(7)).unwrap_or(0) as i64;
        // The nth sharp is added once at n fifths and a second time at n + 7; flats count from the other end.
        (fifths + 6 - place).div_euclid(7)
    }

    /// Lengthens the last note by a half, three quarters or seven eighths and shortens the next, or the reverse.
    fn take_broken(&mut self, count: i64) {
        let whole = 1 << count.abs().min(3);
        let (long, short) = ((2 * whole - 1, whole), (1, whole));
        let (first, second) = if count > 0 { (long, short) } else { (short, long) };
        if let Some(note) = self.notes.last_mut().filter(|note| note.onset + note.length == self.time) {
            note.length = scaled(note.length, first);
            self.time = note.onset + note.length;
            self.broken = Some(second);
        }
    }

    fn ticks(&mut self, length: Length) -> Ticks {
        let mut ticks = scaled(self.unit(), length);
        if let Some(broken) = self.broken.take() {
            ticks = scaled(ticks, broken);
        }
        if let Some((ratio, left)) = self.tuplet.take() {
            ticks = scaled(ticks, ratio);
            self.tuplet = (left > 1).then_some((ratio, left - 1));
        }
        ticks
    }

    /// An eighth, or a sixteenth in meters below 3/4, unless the tune says otherwise.
    fn unit(&self) -> Ticks {
        let short = self.meter.is_some_and(|meter| meter.bar() < Ticks::quarters(3));
        self.unit.unwrap_or(if short { Ticks::SIXTEENTH } else { Ticks::ratio(1, 2) })
    }

    fn usual_time(&self, notes: i64) -> i64 {
        let compound = self.meter.is_some_and(|meter| meter.beat().0 * 2 % (3 * Ticks::PER_QUARTER) == 0);
        match notes {
            2 | 4 | 8 => 3,
            3 | 6 => 2,
            _ if compound => 3,
            _ => 2,
        }
    }
}

fn scaled(ticks: Ticks, (over, under): Length) -> Ticks {
    Ticks((ticks.0 * over).div_euclid(under.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_alter_the_steps_that_they_should() {
        let altered = |fifths| {
            let writer = Writer { signature: Some(Signature { fifths, mode: None }), ..Writer::default() };
            (0..7).map(|step| writer.signed(step)).collect::<Vec<_>>()
        };
        assert_eq!(altered(0), [0; 7]);
        assert_eq!(altered(2), [1, 0, 0, 1, 0, 0, 0]);
        assert_eq!(altered(-3), [0, 0, -1, 0, 0, -1, -1]);
        assert_eq!(altered(7), [1; 7]);
        assert_eq!(altered(-7), [-1; 7]);
    }
}
